/* render-report-html.c - a report as one page: no script, nothing loaded, readable in light and dark, on paper and by a screen reader.
 *
 * Every chart is SVG with a title and a description and has its numbers as a table beside it. Colours: blue and orange, which nearly everybody tells apart,
 * in two lightnesses, and the orange one is hatched. Everything from the log passes append_text().
 */
#include "render-report.h"

#include "text.h"
#include "unknown.h"

#include <string.h>

#define COURSE_MAX 186u		/* bars of the course: half a year of days */
#define HOURS_MAX 48u		/* hours that have labels of their own */
#define CHART_WIDTH 960.0
#define CHART_HEIGHT 240.0
#define CHART_LEFT 56.0		/* room for the numbers of the scale */
#define CHART_BOTTOM 28.0	/* room for the labels of time */
#define CHART_TOP 10.0

static const char style[] =
	":root{color-scheme:light dark;--back:#fff;--text:#1b1b1b;--soft:#595959;--line:#d0d0d0;--card:#f6f7f8;--failed:#0a6aa8;--delayed:#c96a00;--warn:#8f1d1d}\n"
	"@media (prefers-color-scheme:dark){:root{--back:#16181a;--text:#e8e8e8;--soft:#a9a9a9;--line:#41454a;--card:#202427;--failed:#5cb3ec;--delayed:#f0a040;"
	"--warn:#ff9a8d}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;padding:1rem;max-width:64rem;background:var(--back);color:var(--text);font:1rem/1.45 system-ui,sans-serif}\n"
	"h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.15rem;margin:0 0 .5rem}p{margin:.4rem 0}\n"
	".soft{color:var(--soft)}.warn{color:var(--warn);font-weight:600}\n"
	".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:1rem 0}\n"
	".tiles div,section{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem}\n"
	".tiles dt{color:var(--soft);font-size:.875rem}.tiles dd{margin:0;font-size:1.5rem;font-variant-numeric:tabular-nums}\n"
	".grid{columns:2 26rem;column-gap:1rem}section{margin:0 0 1rem;break-inside:avoid}\n"
	"table{border-collapse:collapse;width:100%;font-size:.9375rem}td,th{padding:.2rem .4rem;text-align:start;vertical-align:top;border-bottom:1px solid var(--line);"
	"font-weight:400}\n"
	"thead th{color:var(--soft);font-size:.8125rem}tbody th{overflow-wrap:anywhere}.n{text-align:end;white-space:nowrap;font-variant-numeric:tabular-nums}\n"
	".bar{width:28%;min-width:4rem}.bar svg{display:block;width:100%;height:1.1rem}\n"
	"svg.chart{display:block;width:100%;min-width:40rem;height:auto}svg text{fill:var(--soft);font-size:13px}svg .f{fill:var(--failed)}svg .d{fill:url(#hatch)}\n"
	"svg .h{stroke:var(--delayed);stroke-width:3}svg .hb{fill:var(--delayed);fill-opacity:.35}svg .g{stroke:var(--line)}.scroll{overflow-x:auto}\n"
	".key{display:inline-block;width:1em;height:1em;vertical-align:-.1em;margin:0 .3em 0 0}summary{cursor:pointer;color:var(--soft);margin-top:.5rem}\n"
	".tail td,.tail th{color:var(--soft);font-style:italic}\n"
	"@media print{:root{--back:#fff;--text:#000;--soft:#444;--line:#bbb;--card:#fff;--failed:#0a6aa8;--delayed:#c96a00;--warn:#8f1d1d}"
	"body{max-width:none;padding:0;font-size:9pt}.grid{columns:2 7cm}svg.chart{min-width:0}h1{font-size:14pt}h2{font-size:11pt}.tiles dd{font-size:14pt}"
	"table{font-size:8.5pt}.key,svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n";

static void append_text(GString *out, const char *text)
{
	char *escaped = g_markup_escape_text(text, -1);

	g_string_append(out, escaped);
	g_free(escaped);
}

/* A number as SVG has it, whatever the locale. */
static void append_measure(GString *out, const char *name, double value)
{
	char buffer[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append_printf(out, " %s=\"%s\"", name, g_ascii_formatd(buffer, sizeof buffer, "%.2f", value));
}

static void append_tile(GString *out, const char *label, guint64 number, const char *more)
{
	char buffer[REPORT_WORD];

	g_string_append_printf(out, "<div><dt>%s</dt><dd>%s", label, report_number(number, buffer));
	if (more)
		g_string_append_printf(out, " <span class=\"soft\" style=\"font-size:.9rem\">%s</span>", more);
	g_string_append(out, "</dd></div>\n");
}

static void append_tiles(GString *out, const struct log_summary *summary)
{
	char share[REPORT_WORD];

	g_string_append(out, "<dl class=\"tiles\">\n");
	append_tile(out, "Recipients that mail did not reach", summary->events, NULL);
	append_tile(out, "Failed", summary->failed, report_share(summary->failed, summary->events, share));
	append_tile(out, "Delayed", summary->delayed, report_share(summary->delayed, summary->events, share));
	append_tile(out, "Explained by number only", top_total(summary->replies), report_share(top_total(summary->replies), summary->events, share));
	if (summary->stats_lines > 0) {
		append_tile(out, "Messages the milter saw", summary->messages, NULL);
		append_tile(out, "Errors", summary->errors, NULL);
	}
	g_string_append(out, "</dl>\n");
}

static void append_notes(GString *out, const struct log_summary *summary)
{
	GPtrArray *notes = report_notes(summary);

	if (notes->len > 0)
		g_string_append(out, "<ul class=\"soft\">\n");
	for (guint i = 0; i < notes->len; i++) {
		g_string_append(out, "<li>");
		append_text(out, notes->pdata[i]);
		g_string_append(out, "</li>\n");
	}
	if (notes->len > 0)
		g_string_append(out, "</ul>\n");
	g_ptr_array_unref(notes);
}

/* The step of a scale: 1, 2 or 5 times a power of ten, so that max has at most five. */
static guint64 step_of(guint64 max)
{
	guint64 step = 1;

	for (guint i = 0; max / step >= 5 && max > 5; i++)
		step = i % 3 == 1 ? step / 2 * 5 : step * 2;
	return step;
}

static void append_bar(GString *out, const char *class, double x, double y, double width, double height)
{
	g_string_append_printf(out, "<rect class=\"%s\"", class);
	append_measure(out, "x", x);
	append_measure(out, "y", y);
	append_measure(out, "width", width);
	append_measure(out, "height", height);
	g_string_append(out, "/>");
}

static void append_scale(GString *out, guint64 max, guint64 step, double floor, double unit)
{
	char number[REPORT_WORD];

	for (guint64 value = 0; value <= max; value += step) {
		double y = floor - (double)value * unit;

		g_string_append(out, "<line class=\"g\"");
		append_measure(out, "x1", CHART_LEFT);
		append_measure(out, "x2", CHART_WIDTH);
		append_measure(out, "y1", y);
		append_measure(out, "y2", y);
		g_string_append(out, "/><text text-anchor=\"end\"");
		append_measure(out, "x", CHART_LEFT - 6);
		append_measure(out, "y", y + 4);
		g_string_append_printf(out, ">%s</text>\n", report_number(value, number));
	}
}

/* What is written below a bar, NULL for nothing: of many hours only the days, where they begin, and no year before an hour. */
static const char *label_of(struct report_bucket *bucket, bool days)
{
	char *hour = strchr(bucket->label, ' ');

	if (!hour || !days)
		return hour ? bucket->label + 5 : bucket->label;
	if (strcmp(hour, " 00:00") != 0)
		return NULL;
	*hour = '\0';
	return bucket->label + 5;
}

/* Labels of time where there is room. */
static void append_labels(GString *out, const struct report_bucket *buckets, guint count, double slot)
{
	double taken = 0;

	for (guint i = 0; i < count; i++) {
		struct report_bucket bucket = buckets[i];
		const char *label = label_of(&bucket, count > HOURS_MAX);
		double half = label ? 3.6 * (double)strlen(label) + 5 : 0;
		double x = CLAMP(CHART_LEFT + slot * (i + 0.5), CHART_LEFT + half, CHART_WIDTH - half);

		if (!label || x - half < taken)
			continue;
		g_string_append(out, "<text text-anchor=\"middle\"");
		append_measure(out, "x", x);
		append_measure(out, "y", CHART_HEIGHT - 8);
		g_string_append_printf(out, ">%s</text>\n", label);
		taken = x + half;
	}
}

static void append_chart(GString *out, const char *id, const char *title, const struct report_bucket *buckets, guint count)
{
	guint64 max = 1, failed = 0, delayed = 0, step;
	double floor = CHART_HEIGHT - CHART_BOTTOM, slot = (CHART_WIDTH - CHART_LEFT) / count, unit, gap = slot > 4 ? slot * 0.18 : 0.3;
	char one[REPORT_WORD], other[REPORT_WORD];
	guint peak = 0;

	for (guint i = 0; i < count; i++) {
		peak = buckets[i].failed + buckets[i].delayed > buckets[peak].failed + buckets[peak].delayed ? i : peak;
		failed += buckets[i].failed;
		delayed += buckets[i].delayed;
	}
	max = MAX(max, buckets[peak].failed + buckets[peak].delayed);
	step = step_of(max);
	unit = (floor - CHART_TOP) / (double)max;
	g_string_append_printf(out, "<div class=\"scroll\"><svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s-t %s-d\"><title id=\"%s-t\">%s</title>",
			       (int)CHART_WIDTH, (int)CHART_HEIGHT, id, id, id, title);
	g_string_append_printf(out, "<desc id=\"%s-d\">%s failed and %s delayed, from %s to %s; most at %s. The table below has the numbers.</desc>\n", id,
			       report_number(failed, one), report_number(delayed, other), buckets[0].label, buckets[count - 1].label, buckets[peak].label);
	append_scale(out, max, step, floor, unit);
	for (guint i = 0; i < count; i++) {
		double x = CHART_LEFT + slot * i + gap / 2, height = (double)buckets[i].failed * unit, above = (double)buckets[i].delayed * unit;

		if (buckets[i].failed + buckets[i].delayed == 0)
			continue;
		g_string_append_printf(out, "<g><title>%s: %s failed, %s delayed</title>", buckets[i].label, report_number(buckets[i].failed, one),
				       report_number(buckets[i].delayed, other));
		if (buckets[i].failed)
			append_bar(out, "f", x, floor - height, slot - gap, height);
		if (buckets[i].delayed)
			append_bar(out, "d", x, floor - height - above, slot - gap, above);
		g_string_append(out, "</g>\n");
	}
	append_labels(out, buckets, count, slot);
	g_string_append(out, "</svg></div>\n");
}

static void append_table(GString *out, const char *unit, const struct report_bucket *buckets, guint count)
{
	char one[REPORT_WORD], other[REPORT_WORD];

	g_string_append_printf(out, "<details><summary>The numbers</summary><div class=\"scroll\"><table><thead><tr><th scope=\"col\">%s</th><th class=\"n\" scope=\"col\">Failed</th>"
			       "<th class=\"n\" scope=\"col\">Delayed</th></tr></thead><tbody>\n", unit);
	for (guint i = 0; i < count; i++)
		if (buckets[i].failed + buckets[i].delayed > 0)
			g_string_append_printf(out, "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n", buckets[i].label,
					       report_number(buckets[i].failed, one), report_number(buckets[i].delayed, other));
	g_string_append(out, "</tbody></table></div></details>\n");
}

static void append_legend(GString *out)
{
	g_string_append(out, "<p class=\"soft\"><svg class=\"key\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"f\" width=\"10\" height=\"10\"/></svg>failed &#160; "
			     "<svg class=\"key\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"d\" width=\"10\" height=\"10\"/></svg>delayed</p>\n");
}

static void append_period(GString *out, const char *id, const char *title, const char *unit, const struct report_bucket *buckets, guint count)
{
	g_string_append_printf(out, "<section><h2>%s</h2>\n", title);
	append_legend(out);
	append_chart(out, id, title, buckets, count);
	append_table(out, unit, buckets, count);
	g_string_append(out, "</section>\n");
}

static void append_course(GString *out, const char *id, const char *unit, const GArray *course)
{
	char *title = g_strdup_printf("By %s", unit);

	append_period(out, id, title, unit, (const struct report_bucket *)(gconstpointer)course->data, course->len);
	g_free(title);
}

/* Of more hours than one can tell apart, the days too. */
static void append_times(GString *out, const struct log_summary *summary)
{
	const char *unit, *larger;
	GArray *course = report_course(summary, COURSE_MAX, &unit), *days = report_course(summary, HOURS_MAX, &larger);
	struct report_bucket hours[24];

	if (course->len > 0) {
		append_course(out, "course", unit, course);
		if (strcmp(unit, "hour") == 0 && course->len > HOURS_MAX)
			append_course(out, "days", larger, days);
		report_clock(summary, hours);
		append_period(out, "clock", "By hour of the day", "hour", hours, 24);
	}
	g_array_unref(days);
	g_array_unref(course);
}

static void append_cells(GString *out, guint64 count, guint64 error, guint64 total, guint64 max)
{
	char number[REPORT_WORD], share[REPORT_WORD], excess[REPORT_WORD];

	g_string_append_printf(out, "<td class=\"n\">%s", report_number(count, number));
	if (error > 0)
		g_string_append_printf(out, " <span class=\"soft\">(up to, %s less)</span>", report_number(error, excess));
	g_string_append_printf(out, "</td><td class=\"n\">%s</td><td class=\"bar\">", report_share(count, total, share));
	if (max > 0) {
		g_string_append(out, "<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
		append_bar(out, "f", 0, 1, MAX(100.0 * (double)count / (double)max, 0.5), 8);
		g_string_append(out, "</svg>");
	}
	g_string_append(out, "</td></tr>\n");
}

static void append_tail(GString *out, const char *name, guint64 count, guint64 total)
{
	if (count == 0)
		return;
	g_string_append_printf(out, "<tr class=\"tail\"><th scope=\"row\">%s</th>", name);
	append_cells(out, count, 0, total, 0);
}

static void append_list(GString *out, const char *title, const char *name, const char *absent, const struct top *list, guint top)
{
	GPtrArray *rows = top_rows(list, top);
	guint64 max = rows->len ? ((const struct top_row *)rows->pdata[0])->count : 0;

	if (rows->len > 0) {
		g_string_append_printf(out, "<section><h2>%s</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">%s</th><th class=\"n\" scope=\"col\">Number</th>"
				       "<th class=\"n\" scope=\"col\">Share</th><th aria-hidden=\"true\"></th></tr></thead><tbody>\n", title, name);
		for (guint i = 0; i < rows->len; i++) {
			const struct top_row *row = rows->pdata[i];

			g_string_append(out, "<tr><th scope=\"row\" dir=\"auto\">");
			append_text(out, row->name);
			g_string_append(out, "</th>");
			append_cells(out, row->count, row->error, top_total(list), max);
		}
		append_tail(out, "other", report_rest(list, rows), top_total(list));
		append_tail(out, absent, top_absent(list), top_total(list));
		g_string_append(out, "</tbody></table></div></section>\n");
	}
	g_ptr_array_unref(rows);
}

static void append_alerts(GString *out, const struct log_summary *summary, guint top)
{
	GPtrArray *rows = top_rows(summary->alerts, top);
	char first[REPORT_WORD], last[REPORT_WORD];

	if (rows->len > 0)
		g_string_append(out, "<section><h2>Alerts</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Alert</th><th class=\"n\" scope=\"col\">Opened</th><th class=\"n\" "
				     "scope=\"col\">Closed</th><th scope=\"col\">First</th><th scope=\"col\">Last</th><th scope=\"col\">Now</th></tr></thead><tbody>\n");
	for (guint i = 0; i < rows->len; i++) {
		const struct top_row *row = rows->pdata[i];
		const struct summary_alert *alert = row->data;

		g_string_append(out, "<tr><th scope=\"row\">");
		append_text(out, row->name);
		g_string_append_printf(out, "</th><td class=\"n\">%" G_GUINT64_FORMAT "</td><td class=\"n\">%" G_GUINT64_FORMAT "</td><td>%s</td><td>%s</td><td%s</td></tr>\n", alert->opened,
				       alert->closed, report_time(row->first, first), report_time(row->last, last), alert->open ? " class=\"warn\">open" : ">closed");
	}
	if (rows->len > 0)
		g_string_append(out, "</tbody></table></div></section>\n");
	g_ptr_array_unref(rows);
}

static void append_head(GString *out, const struct log_summary *summary, const struct report_page *page)
{
	char first[REPORT_WORD], last[REPORT_WORD], lines[REPORT_WORD], records[REPORT_WORD];

	g_string_append_printf(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
			       "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
			       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
			       "<title>Mail that came back</title>\n<style>\n%s</style>\n</head>\n<body>\n", style);
	/* One pattern for all charts; the page has it once. */
	g_string_append(out, "<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs><pattern id=\"hatch\" width=\"6\" height=\"6\" "
			     "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect class=\"hb\" width=\"6\" height=\"6\"/><line class=\"h\" x1=\"1.5\" x2=\"1.5\" y2=\"6\"/>"
			     "</pattern></defs></svg>\n<h1>Mail that came back</h1>\n");
	if (summary->events > 0)
		g_string_append_printf(out, "<p>%s to %s</p>\n", report_time(summary->first, first), report_time(summary->last, last));
	else
		g_string_append_printf(out, "<p>%s</p>\n", page->records ? "No mail came back." : REPORT_NOTHING);
	g_string_append_printf(out, "<p class=\"soft\">From %s log lines, %s of them written by smtp-explain.</p>\n", report_number(page->lines, lines),
			       report_number(page->records, records));
}

static void render_page(GString *out, const struct log_summary *summary, const struct report_page *page)
{
	append_head(out, summary, page);
	append_tiles(out, summary);
	append_notes(out, summary);
	append_alerts(out, summary, page->top);
	append_times(out, summary);
	g_string_append(out, "<div class=\"grid\">\n");
	for (int i = 0; i < SUMMARY_LISTS; i++)
		append_list(out, summary_headings[i].title, "Name", summary_headings[i].absent, summary->lists[i], page->top);
	append_list(out, "Delayed: what is waited for", "Host and reason", "not told", summary->waiting, page->top);
	g_string_append(out, "</div>\n");
	append_list(out, "Replies that the catalogue does not know", "Reply, without what is different each time", "nothing was said", summary->replies, page->top);
	g_string_append(out, "</body>\n</html>\n");
}

const struct report_renderer report_as_html = {"html", render_page};
