/* when.c - reads --since and --until.
 *
 * GDateTime knows the calendar and the zones; here is only which words are taken. Not here: times of log lines (log-head.c), which come by the million.
 */
#include "when.h"

#include <string.h>

G_DEFINE_QUARK(smtp-explain-when-error-quark, when_error)

static GDateTime *start_of_day(GDateTime *time)
{
	return g_date_time_new_local(g_date_time_get_year(time), g_date_time_get_month(time), g_date_time_get_day_of_month(time), 0, 0, 0);
}

/* "7 days ago", "1 hour ago", "90 minutes". NULL where text is no such thing. */
static GDateTime *read_ago(const char *text, GDateTime *now)
{
	char *word;
	guint64 number = g_ascii_strtoull(text, &word, 10);
	int count = (int)MIN(number, 1000000u);
	char **words = g_strsplit_set(g_strstrip(word), " ", 2);
	GDateTime *then = NULL;
	bool ago = words[0] && (!words[1] || strcmp(g_strstrip(words[1]), "ago") == 0);
	char *unit = ago ? words[0] : (char *)(gpointer)"";
	size_t length = strlen(unit);

	if (length > 1 && unit[length - 1] == 's')
		unit[length - 1] = '\0';
	if (!g_ascii_isdigit(*text) || number > 1000000)
		then = NULL;
	else if (strcmp(unit, "minute") == 0)
		then = g_date_time_add_minutes(now, -count);
	else if (strcmp(unit, "hour") == 0)
		then = g_date_time_add_hours(now, -count);
	else if (strcmp(unit, "day") == 0)
		then = g_date_time_add_days(now, -count);
	else if (strcmp(unit, "week") == 0)
		then = g_date_time_add_weeks(now, -count);
	else if (strcmp(unit, "month") == 0)
		then = g_date_time_add_months(now, -count);
	g_strfreev(words);
	return then;
}

/* *day: the text names a day and no time of it. */
static GDateTime *read_time(char *text, GDateTime *now, bool *day)
{
	GTimeZone *zone = g_time_zone_new_local();
	GDateTime *time = NULL, *moved;
	size_t length = strlen(text);
	char *iso;

	*day = true;
	if (strcmp(text, "today") == 0) {
		time = start_of_day(now);
	} else if (strcmp(text, "yesterday") == 0) {
		moved = g_date_time_add_days(now, -1);
		time = start_of_day(moved);
		g_date_time_unref(moved);
	} else if (length == 10 && text[4] == '-') {
		iso = g_strconcat(text, "T00:00:00", NULL);
		time = g_date_time_new_from_iso8601(iso, zone);
		g_free(iso);
	} else if (length > 10 && text[4] == '-') {
		*day = false;
		text[10] = text[10] == ' ' ? 'T' : text[10];
		iso = length == 16 ? g_strconcat(text, ":00", NULL) : g_strdup(text);
		time = g_date_time_new_from_iso8601(iso, zone);
		g_free(iso);
	} else {
		*day = false;
		time = strcmp(text, "now") == 0 ? g_date_time_ref(now) : read_ago(text, now);
	}
	g_time_zone_unref(zone);
	return time;
}

bool when_parse(const char *text, gint64 now, bool end, gint64 *seconds, GError **error)
{
	GDateTime *today = g_date_time_new_from_unix_local(now), *time, *next;
	char *copy = g_strstrip(g_ascii_strdown(text, -1));
	bool day, good;

	for (char *c = copy; *c && copy[0] >= '0' && copy[0] <= '9' && strchr(copy, '-'); c++)
		*c = g_ascii_toupper(*c);		/* T and Z of a date */
	time = read_time(copy, today, &day);
	if (time && day && end) {
		next = g_date_time_add_days(time, 1);
		*seconds = g_date_time_to_unix(next) - 1;
		g_date_time_unref(next);
	} else if (time) {
		*seconds = g_date_time_to_unix(time);
	} else {
		g_set_error(error, WHEN_ERROR, 0,
			    "%s: write a day (2026-11-23, today, yesterday), a time (2026-11-23 14:30, 2026-11-23T14:30:00Z, now) or how long ago (90 minutes ago, 7 days ago)",
			    text);
	}
	good = time != NULL;
	g_clear_pointer(&time, g_date_time_unref);
	g_date_time_unref(today);
	g_free(copy);
	return good;
}
