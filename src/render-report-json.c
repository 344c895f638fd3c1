/* render-report-json.c - a report as one JSON object, for programs; specified in smtp-explain(1).
 *
 * Every key is always there; what is not known is null. Keys keep their order and their meaning, new ones may come.
 */
#include "render-report.h"

#include "unknown.h"

#include <json-glib/json-glib.h>
#include <string.h>

static void add_number(JsonBuilder *builder, const char *key, guint64 number)
{
	json_builder_set_member_name(builder, key);
	json_builder_add_int_value(builder, (gint64)number);
}

static void add_truth(JsonBuilder *builder, const char *key, bool truth)
{
	json_builder_set_member_name(builder, key);
	json_builder_add_boolean_value(builder, truth);
}

static void add_text(JsonBuilder *builder, const char *key, const char *text)
{
	json_builder_set_member_name(builder, key);
	json_builder_add_string_value(builder, text);
}

/* "2026-11-23T12:00:00Z", null where there is none. */
static void add_time(JsonBuilder *builder, const char *key, gint64 time)
{
	GDateTime *utc = time == G_MININT64 || time == G_MAXINT64 ? NULL : g_date_time_new_from_unix_utc(time);
	char *text = utc ? g_date_time_format(utc, "%Y-%m-%dT%H:%M:%SZ") : NULL;

	json_builder_set_member_name(builder, key);
	if (text)
		json_builder_add_string_value(builder, text);
	else
		json_builder_add_null_value(builder);
	g_free(text);
	g_clear_pointer(&utc, g_date_time_unref);
}

static void add_totals(JsonBuilder *builder, const struct log_summary *summary, const struct report_page *page)
{
	add_number(builder, "v", 1);
	add_time(builder, "since", summary->since);
	add_time(builder, "until", summary->until);
	add_time(builder, "first", summary->first);
	add_time(builder, "last", summary->last);
	add_number(builder, "lines", page->lines);
	add_number(builder, "records", page->records);
	add_number(builder, "events", summary->events);
	add_number(builder, "failed", summary->failed);
	add_number(builder, "delayed", summary->delayed);
	add_number(builder, "unknown", top_total(summary->replies));
	add_number(builder, "suppressed", summary->suppressed);
	add_number(builder, "duplicates", summary->duplicates);
	add_truth(builder, "duplicates_exact", !log_summary_may_repeat(summary));
	add_number(builder, "damaged", summary->damaged);
	add_number(builder, "outside", summary->outside);
	add_number(builder, "undated", summary->undated);
	add_number(builder, "without_time", summary->no_time + summary->hours_lost);
}

static void add_stats(JsonBuilder *builder, const struct log_summary *summary)
{
	json_builder_set_member_name(builder, "stats");
	json_builder_begin_object(builder);
	add_number(builder, "lines", summary->stats_lines);
	add_number(builder, "messages", summary->messages);
	add_number(builder, "reports", summary->reports);
	add_number(builder, "bounces", summary->bounces);
	add_number(builder, "delays", summary->delays);
	add_number(builder, "errors", summary->errors);
	add_number(builder, "failures", summary->failures);
	json_builder_set_member_name(builder, "slowest");
	json_builder_add_double_value(builder, summary->slowest);
	json_builder_end_object(builder);
}

static void add_hours(JsonBuilder *builder, const char *key, const char *name, GArray *hours)
{
	char label[32];

	json_builder_set_member_name(builder, key);
	json_builder_begin_array(builder);
	for (guint i = 0; i < hours->len; i++) {
		const struct summary_hour *hour = &g_array_index(hours, struct summary_hour, i);
		gint64 day = strcmp(name, "hour") == 0 ? hour->hour / 100 : hour->hour;
		int used = g_snprintf(label, sizeof label, "%04d-%02d-%02d", (int)(day / 10000), (int)(day / 100 % 100), (int)(day % 100));

		if (day != hour->hour)
			g_snprintf(label + used, sizeof label - (gsize)used, "T%02d", (int)(hour->hour % 100));
		json_builder_begin_object(builder);
		add_text(builder, name, label);
		add_number(builder, "failed", hour->failed);
		add_number(builder, "delayed", hour->delayed);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	g_array_unref(hours);
}

static void add_names(JsonBuilder *builder, const char *key, char *const names[UNKNOWN_SOURCES])
{
	json_builder_set_member_name(builder, key);
	json_builder_begin_array(builder);
	for (guint i = 0; i < UNKNOWN_SOURCES && names[i]; i++)
		json_builder_add_string_value(builder, names[i]);
	json_builder_end_array(builder);
}

static void add_row(JsonBuilder *builder, const struct top_row *row, bool sources)
{
	const struct unknown_sources *known = sources ? row->data : NULL;

	json_builder_begin_object(builder);
	add_text(builder, "name", row->name);
	add_number(builder, "count", row->count);
	add_number(builder, "error", row->error);
	add_time(builder, "first", row->first);
	add_time(builder, "last", row->last);
	if (known) {
		add_names(builder, "rules", known->rules);
		add_names(builder, "remotes", known->remotes);
		add_names(builder, "providers", known->providers);
	}
	json_builder_end_object(builder);
}

/* The members of a list, into an object that is open. */
static void add_members(JsonBuilder *builder, const struct top *list, guint count, bool sources)
{
	GPtrArray *rows = top_rows(list, count);

	add_number(builder, "total", top_total(list));
	add_truth(builder, "exact", top_is_exact(list));
	add_number(builder, "names", top_names(list));
	json_builder_set_member_name(builder, "rows");
	json_builder_begin_array(builder);
	for (guint i = 0; i < rows->len; i++)
		add_row(builder, rows->pdata[i], sources);
	json_builder_end_array(builder);
	add_number(builder, "other", report_rest(list, rows));
	add_number(builder, "absent", top_absent(list));
	g_ptr_array_unref(rows);
}

static void add_list(JsonBuilder *builder, const char *key, const struct top *list, guint count, bool sources)
{
	json_builder_set_member_name(builder, key);
	json_builder_begin_object(builder);
	add_members(builder, list, count, sources);
	json_builder_end_object(builder);
}

static void add_alerts(JsonBuilder *builder, const struct log_summary *summary, guint count)
{
	GPtrArray *rows = top_rows(summary->alerts, count);

	json_builder_set_member_name(builder, "alerts");
	json_builder_begin_array(builder);
	for (guint i = 0; i < rows->len; i++) {
		const struct top_row *row = rows->pdata[i];
		const struct summary_alert *alert = row->data;

		json_builder_begin_object(builder);
		add_text(builder, "name", row->name);
		add_number(builder, "opened", alert->opened);
		add_number(builder, "closed", alert->closed);
		add_truth(builder, "open", alert->open);
		add_time(builder, "first", row->first);
		add_time(builder, "last", row->last);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	g_ptr_array_unref(rows);
}

static void append_object(GString *out, JsonBuilder *builder)
{
	JsonNode *root;
	char *text;

	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	text = json_to_string(root, FALSE);
	g_string_append_printf(out, "%s\n", text);
	g_free(text);
	json_node_unref(root);
	g_object_unref(builder);
}

void report_replies_json(GString *out, const struct top *replies, guint count)
{
	JsonBuilder *builder = json_builder_new();

	json_builder_begin_object(builder);
	add_number(builder, "v", 1);
	add_members(builder, replies, count, true);
	append_object(out, builder);
}

static void render_json(GString *out, const struct log_summary *summary, const struct report_page *page)
{
	JsonBuilder *builder = json_builder_new();

	json_builder_begin_object(builder);
	add_totals(builder, summary, page);
	add_stats(builder, summary);
	add_hours(builder, "days", "day", log_summary_days(summary));
	add_hours(builder, "hours", "hour", log_summary_hours(summary));
	json_builder_set_member_name(builder, "lists");
	json_builder_begin_object(builder);
	for (int i = 0; i < SUMMARY_LISTS; i++)
		add_list(builder, summary_headings[i].key, summary->lists[i], page->top, false);
	json_builder_end_object(builder);
	add_list(builder, "waiting", summary->waiting, page->top, false);
	add_list(builder, "replies", summary->replies, page->top, true);
	add_alerts(builder, summary, page->top);
	append_object(out, builder);
}

const struct report_renderer report_as_json = {"json", render_json};
