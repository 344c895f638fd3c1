/* render-report.c - what the forms of a report share: the course over time, numbers and times as people read them, notes.
 *
 * Not here: any of the forms (render-report-text.c, render-report-html.c, render-report-json.c).
 */
#include "render-report.h"

#include <string.h>
#include <time.h>

enum unit { HOUR, DAY, MONTH };

/* The number of an hour's bar, counted in units from some day long ago. */
static gint64 serial(gint64 hour, enum unit unit)
{
	gint64 day = hour / 100 % 100, month = hour / 10000 % 100, year = hour / 1000000;
	GDate date;

	if (unit == MONTH)
		return year * 12 + month - 1;
	g_date_clear(&date, 1);
	g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
	return unit == DAY ? g_date_get_julian(&date) : (gint64)g_date_get_julian(&date) * 24 + hour % 100;
}

static void label(struct report_bucket *bucket, gint64 number, enum unit unit)
{
	GDate date;

	if (unit == MONTH) {
		g_snprintf(bucket->label, sizeof bucket->label, "%04d-%02d", (int)(number / 12), (int)(number % 12 + 1));
		return;
	}
	g_date_clear(&date, 1);
	g_date_set_julian(&date, (guint32)(unit == DAY ? number : number / 24));
	g_snprintf(bucket->label, sizeof bucket->label, "%04d-%02d-%02d", g_date_get_year(&date), g_date_get_month(&date), g_date_get_day(&date));
	if (unit == HOUR)
		g_snprintf(bucket->label + 10, sizeof bucket->label - 10, " %02d:00", (int)(number % 24));
}

static GArray *new_course(gint64 from, gint64 to, enum unit unit)
{
	GArray *course = g_array_sized_new(FALSE, TRUE, sizeof(struct report_bucket), (guint)(to - from + 1));

	for (gint64 number = from; number <= to; number++) {
		struct report_bucket bucket = {.failed = 0};

		label(&bucket, number, unit);
		g_array_append_val(course, bucket);
	}
	return course;
}

GArray *report_course(const struct log_summary *summary, guint max, const char **unit)
{
	static const char *const units[] = {"hour", "day", "month"};
	GArray *hours = log_summary_hours(summary), *course;
	gint64 from = 0, to = 0;
	enum unit chosen = HOUR;

	*unit = units[HOUR];
	if (hours->len == 0)
		return hours;
	for (;; chosen++) {
		from = serial(g_array_index(hours, struct summary_hour, 0).hour, chosen);
		to = serial(g_array_index(hours, struct summary_hour, hours->len - 1).hour, chosen);
		if (to - from < max || chosen == MONTH)
			break;
	}
	from = MAX(from, to - max + 1);
	course = new_course(from, to, chosen);
	*unit = units[chosen];
	for (guint i = 0; i < hours->len; i++) {
		const struct summary_hour *hour = &g_array_index(hours, struct summary_hour, i);
		gint64 number = serial(hour->hour, chosen);
		struct report_bucket *bucket = &g_array_index(course, struct report_bucket, number < from ? 0 : number - from);

		if (number < from)
			g_strlcpy(bucket->label, "before", sizeof bucket->label);
		bucket->failed += hour->failed;
		bucket->delayed += hour->delayed;
	}
	g_array_unref(hours);
	return course;
}

void report_clock(const struct log_summary *summary, struct report_bucket hours[24])
{
	GArray *all = log_summary_hours(summary);

	for (int i = 0; i < 24; i++) {
		hours[i] = (struct report_bucket){.failed = 0};
		g_snprintf(hours[i].label, sizeof hours[i].label, "%02d:00", i);
	}
	for (guint i = 0; i < all->len; i++) {
		const struct summary_hour *hour = &g_array_index(all, struct summary_hour, i);

		hours[hour->hour % 100].failed += hour->failed;
		hours[hour->hour % 100].delayed += hour->delayed;
	}
	g_array_unref(all);
}

guint64 report_rest(const struct top *list, const GPtrArray *rows)
{
	guint64 rest = top_total(list) - top_absent(list);

	for (guint i = 0; i < rows->len; i++)
		rest -= ((const struct top_row *)rows->pdata[i])->count;
	return rest;
}

const char *report_number(guint64 number, char buffer[REPORT_WORD])
{
	char digits[24];
	int length = g_snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT, number);
	char *out = buffer;

	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			*out++ = ',';
		*out++ = digits[i];
	}
	*out = '\0';
	return buffer;
}

const char *report_share(guint64 part, guint64 whole, char buffer[REPORT_WORD])
{
	guint64 thousandths;

	if (whole == 0)
		return "-";
	thousandths = (part * 2000 + whole) / (2 * whole);
	g_snprintf(buffer, REPORT_WORD, "%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT " %%", thousandths / 10, thousandths % 10);
	return buffer;
}

const char *report_time(gint64 time, char buffer[REPORT_WORD])
{
	time_t then = (time_t)time;
	struct tm tm;

	if (time == LOG_NO_TIME || time == G_MAXINT64 || !localtime_r(&then, &tm) || strftime(buffer, REPORT_WORD, "%Y-%m-%d %H:%M", &tm) == 0)
		return "-";
	return buffer;
}

static void note(GPtrArray *notes, guint64 count, const char *what)
{
	char number[REPORT_WORD];

	if (count > 0)
		g_ptr_array_add(notes, g_strconcat(what, ": ", report_number(count, number), ".", NULL));
}

static bool lists_are_exact(const struct log_summary *summary)
{
	for (int i = 0; i < SUMMARY_LISTS; i++)
		if (!top_is_exact(summary->lists[i]))
			return false;
	return top_is_exact(summary->waiting) && top_is_exact(summary->replies);
}

GPtrArray *report_notes(const struct log_summary *summary)
{
	GPtrArray *notes = g_ptr_array_new_with_free_func(g_free);

	note(notes, summary->suppressed, "Events that were not logged one by one because there were too many at a time; they are in none of these numbers");
	note(notes, summary->duplicates, "Lines left out because they tell of an event that was counted already (the same id)");
	note(notes, summary->damaged, "Damaged lines, left out");
	note(notes, summary->no_time, "Events without a time");
	note(notes, summary->hours_lost, "Events in more hours than are kept, missing in the course over time");
	note(notes, summary->undated, "Lines left out because they have no time, and a time was asked for");
	if (!lists_are_exact(summary))
		g_ptr_array_add(notes, g_strdup_printf("There are more than %u different names. A number with \"up to\" may be too high, by no more than is told behind it.",
						       summary->limits.names));
	if (log_summary_may_repeat(summary))
		g_ptr_array_add(notes, g_strdup_printf("There are more than %u events. Two lines about one event that lie further apart than that are counted twice.",
						       summary->limits.ids / 2));
	return notes;
}
