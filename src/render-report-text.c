/* render-report-text.c - a report for the terminal: numbers, and bars as wide as there is room.
 *
 * The layout may change; programs read JSON. Everything that strangers named was made printable by log-summary.c and unknown.c.
 */
#include "render-report.h"

#include "text.h"
#include "unknown.h"

#include <string.h>

#define COURSE_MAX 48u	/* bars of the course */
#define NAME_MAX_WIDTH 44u

static guint width_of(const char *text)
{
	guint width = 0;

	for (; *text; text = g_utf8_next_char(text))
		width += g_unichar_iszerowidth(g_utf8_get_char(text)) ? 0 : g_unichar_iswide(g_utf8_get_char(text)) ? 2 : 1;
	return width;
}

/* Appends text in width columns, cut or filled up with blanks. */
static void append_cell(GString *out, const char *text, guint width)
{
	guint used = 0, whole = width_of(text), room = whole > width ? width - 3 : width;

	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		guint wide = g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;

		if (used + wide > room)
			break;
		g_string_append_unichar(out, c);
		used += wide;
	}
	if (whole > width) {
		g_string_append(out, "...");
		used += 3;
	}
	g_string_append_printf(out, "%*s", (int)(width - used), "");
}

/* A bar of eighths of a column, or of '#'. */
static void append_bar(GString *out, guint64 value, guint64 max, guint columns, bool unicode, bool light)
{
	static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
	guint64 parts = max ? (value * columns * 8 + max / 2) / max : 0;

	parts = value > 0 && parts == 0 ? 1 : parts;
	if (light || !unicode) {
		for (guint64 i = 0; i < (parts + 4) / 8 || (i == 0 && value > 0); i++)
			g_string_append(out, !unicode ? (light ? "-" : "#") : "░");
		return;
	}
	for (guint64 i = 0; i < parts / 8; i++)
		g_string_append(out, "█");
	g_string_append(out, eighths[parts % 8]);
}

static void end_line(GString *out)
{
	while (out->len && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	g_string_append_c(out, '\n');
}

static void append_heading(GString *out, const char *title)
{
	g_string_append_printf(out, "\n%s\n", title);
}

static void append_count(GString *out, guint64 count, const char *what)
{
	char number[REPORT_WORD];

	g_string_append_printf(out, "%12s  %s\n", report_number(count, number), what);
}

static void append_totals(GString *out, const struct log_summary *summary, const struct report_page *page)
{
	char first[REPORT_WORD], last[REPORT_WORD], number[REPORT_WORD], share[REPORT_WORD], *sentence;

	if (summary->events > 0)
		g_string_append_printf(out, "Mail that came back, %s to %s\n\n", report_time(summary->first, first), report_time(summary->last, last));
	else
		g_string_append_printf(out, "%s\n\n", page->records ? "No mail came back." : REPORT_NOTHING);
	append_count(out, summary->events, "recipients that mail did not reach, of these:");
	append_count(out, summary->failed, "failed");
	append_count(out, summary->delayed, "delayed");
	sentence = g_strdup_printf("explained by their number only (%s)", report_share(top_total(summary->replies), summary->events, share));
	append_count(out, top_total(summary->replies), sentence);
	g_free(sentence);
	append_count(out, page->lines, "lines read");
	append_count(out, page->records, "of them ours");
	if (summary->stats_lines == 0)
		return;
	append_count(out, summary->messages, "messages that the milter saw, by its statistics, of these:");
	append_count(out, summary->reports, "reports");
	sentence = g_strdup_printf("bounces, and %s delay notices", report_number(summary->delays, number));
	append_count(out, summary->bounces, sentence);
	g_free(sentence);
	append_count(out, summary->errors, "errors");
	if (summary->slowest > 0)
		g_string_append_printf(out, "%12.4f  seconds that the slowest report took to explain\n", summary->slowest);
}

static void append_notes(GString *out, const struct log_summary *summary, const struct report_page *page)
{
	GPtrArray *notes = report_notes(summary);

	if (notes->len > 0)
		g_string_append_c(out, '\n');
	for (guint i = 0; i < notes->len; i++)
		text_wrap(out, notes->pdata[i], "  ", page->columns, "\n");
	g_ptr_array_unref(notes);
}

static void append_buckets(GString *out, const struct report_bucket *buckets, guint count, const struct report_page *page)
{
	guint64 max = 0;
	guint room = page->columns > 50 ? page->columns - 34 : 16;
	char number[REPORT_WORD];

	for (guint i = 0; i < count; i++)
		max = MAX(max, buckets[i].failed + buckets[i].delayed);
	for (guint i = 0; i < count; i++) {
		g_string_append_printf(out, "  %-16s %12s  ", buckets[i].label, report_number(buckets[i].failed + buckets[i].delayed, number));
		append_bar(out, buckets[i].failed, max, room, page->unicode, false);
		append_bar(out, buckets[i].delayed, max, room, page->unicode, true);
		end_line(out);
	}
}

static void append_course(GString *out, const struct log_summary *summary, const struct report_page *page)
{
	const char *unit;
	GArray *course = report_course(summary, COURSE_MAX, &unit);
	struct report_bucket hours[24];
	char *title = g_strdup_printf("By %s (%s failed, %s delayed)", unit, page->unicode ? "█" : "#", page->unicode ? "░" : "-");

	if (course->len > 0) {
		append_heading(out, title);
		append_buckets(out, (const struct report_bucket *)(gpointer)course->data, course->len, page);
		append_heading(out, "By hour of the day");
		report_clock(summary, hours);
		append_buckets(out, hours, 24, page);
	}
	g_free(title);
	g_array_unref(course);
}

static void append_row(GString *out, const char *name, guint width, guint64 count, guint64 error, const struct top *list, guint64 max, const struct report_page *page)
{
	char number[REPORT_WORD], share[REPORT_WORD], excess[REPORT_WORD];
	guint used = 2 + width + 12 + 9 + 2;

	g_string_append(out, "  ");
	append_cell(out, name, width);
	g_string_append_printf(out, "%12s%9s  ", report_number(count, number), report_share(count, top_total(list), share));
	if (error > 0)
		g_string_append_printf(out, "up to, %s less", report_number(error, excess));
	else if (max > 0)
		append_bar(out, count, max, page->columns > used + 8 ? page->columns - used : 8, page->unicode, false);
	end_line(out);
}

static void append_list(GString *out, const char *title, const char *absent, const struct top *list, const struct report_page *page)
{
	GPtrArray *rows = top_rows(list, page->top);
	guint64 rest = report_rest(list, rows), max = rows->len ? ((const struct top_row *)rows->pdata[0])->count : 0;
	guint width = MAX(width_of(absent), 20), most = page->columns > 70 ? MIN(page->columns - 37, NAME_MAX_WIDTH) : 30;

	for (guint i = 0; i < rows->len; i++)
		width = MAX(width, width_of(((const struct top_row *)rows->pdata[i])->name));
	width = MIN(width, most);
	if (rows->len > 0)
		append_heading(out, title);
	for (guint i = 0; i < rows->len; i++) {
		const struct top_row *row = rows->pdata[i];

		append_row(out, row->name, width, row->count, row->error, list, max, page);
	}
	if (rows->len > 0 && rest > 0)
		append_row(out, "other", width, rest, 0, list, 0, page);
	if (rows->len > 0 && top_absent(list) > 0)
		append_row(out, absent, width, top_absent(list), 0, list, 0, page);
	g_ptr_array_unref(rows);
}

/* Replies are sentences: the count before, the words wrapped behind. */
static void append_replies(GString *out, const struct log_summary *summary, const struct report_page *page)
{
	GPtrArray *rows = top_rows(summary->replies, page->top);
	guint64 rest = report_rest(summary->replies, rows);
	char number[REPORT_WORD];

	if (rows->len > 0)
		append_heading(out, "Replies that the catalogue does not know (smtp-explain unknown)");
	for (guint i = 0; i < rows->len; i++) {
		const struct top_row *row = rows->pdata[i];
		gsize start = out->len;

		text_wrap(out, row->name, "              ", page->columns, "\n");
		report_number(row->count, number);
		memcpy(out->str + start + (12 - MIN(strlen(number), 12)), number, MIN(strlen(number), 12));
	}
	if (rows->len > 0 && rest > 0)
		append_count(out, rest, "other");
	if (rows->len > 0 && top_absent(summary->replies) > 0)
		append_count(out, top_absent(summary->replies), "nothing was said");
	g_ptr_array_unref(rows);
}

static void append_alerts(GString *out, const struct log_summary *summary, const struct report_page *page)
{
	GPtrArray *rows = top_rows(summary->alerts, page->top);
	char first[REPORT_WORD], last[REPORT_WORD];

	if (rows->len > 0)
		append_heading(out, "Alerts");
	for (guint i = 0; i < rows->len; i++) {
		const struct top_row *row = rows->pdata[i];
		const struct summary_alert *alert = row->data;

		g_string_append_printf(out, "  %s: opened %" G_GUINT64_FORMAT ", closed %" G_GUINT64_FORMAT ", %s to %s, %s\n", row->name, alert->opened, alert->closed,
				       report_time(row->first, first), report_time(row->last, last), alert->open ? "STILL OPEN" : "closed");
	}
	g_ptr_array_unref(rows);
}

static void render_text(GString *out, const struct log_summary *summary, const struct report_page *page)
{
	append_totals(out, summary, page);
	append_notes(out, summary, page);
	append_alerts(out, summary, page);
	append_course(out, summary, page);
	for (int i = 0; i < SUMMARY_LISTS; i++)
		append_list(out, summary_headings[i].title, summary_headings[i].absent, summary->lists[i], page);
	append_list(out, "Delayed: what is waited for", "not told", summary->waiting, page);
	append_replies(out, summary, page);
}

const struct report_renderer report_as_text = {"text", render_text};
