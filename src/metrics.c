/* metrics.c - writes the counters in the text format of Prometheus.
 *
 * Names follow Prometheus' conventions (base units, _total, _bucket); smtp-explain-milter(8) specifies them and tests compare it. Domains and addresses are no
 * labels: there are too many of them, and a stranger chooses them. Not here: writing the file (metrics-file.c).
 */
#include "metrics.h"

#include "stats-parts.h"

#include <string.h>

static void family(GString *out, const char *name, const char *type, const char *help)
{
	g_string_append_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* The value of a label: what would end it is escaped. The caller frees it. */
static char *label_value(const char *text)
{
	GString *out = g_string_new(NULL);

	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			g_string_append_c(out, '\\');
		if (*text == '\n')
			g_string_append(out, "\\n");
		else
			g_string_append_c(out, *text);
	}
	return g_string_free(out, FALSE);
}

static void labelled(GString *out, const char *name, const char *label, const char *value, unsigned long count)
{
	char *safe = label_value(value);

	g_string_append_printf(out, "%s{%s=\"%s\"} %lu\n", name, label, safe, count);
	g_free(safe);
}

static void table(GString *out, const char *name, const char *label, const struct tally *tally, const char *help)
{
	GArray *rows = tally_rows(tally, TRUE);

	family(out, name, "counter", help);
	for (guint i = 0; i < rows->len; i++)
		labelled(out, name, label, g_array_index(rows, struct tally_row, i).name, g_array_index(rows, struct tally_row, i).total);
	g_array_unref(rows);
}

/* Rows are called "REASON\tCLASS"; "other" where there were too many. */
static void reasons(GString *out, const struct tally *tally)
{
	GArray *rows = tally_rows(tally, TRUE);

	family(out, "smtp_explain_failures_total", "counter", "Recipients that failed or are delayed, by reason and class.");
	for (guint i = 0; i < rows->len; i++) {
		const struct tally_row *row = &g_array_index(rows, struct tally_row, i);
		char **parts = g_strsplit(row->name, "\t", 2), *reason = label_value(parts[0]);

		g_string_append_printf(out, "smtp_explain_failures_total{reason=\"%s\",class=\"%s\"} %lu\n", reason, parts[1] ? parts[1] : "other", row->total);
		g_free(reason);
		g_strfreev(parts);
	}
	g_array_unref(rows);
}

static void number(GString *out, const char *name, const char *type, const char *help, unsigned long value)
{
	family(out, name, type, help);
	g_string_append_printf(out, "%s %lu\n", name, value);
}

static void histogram(GString *out, const char *name, const char *help, const struct histogram *histogram, const double *bounds)
{
	char buffer[G_ASCII_DTOSTR_BUF_SIZE];
	unsigned long count = 0;

	family(out, name, "histogram", help);
	for (unsigned i = 0; i < HISTOGRAM_BOUNDS; i++) {
		count += histogram->buckets[i];
		g_string_append_printf(out, "%s_bucket{le=\"%s\"} %lu\n", name, g_ascii_formatd(buffer, sizeof buffer, "%.7g", bounds[i]), count);
	}
	count += histogram->buckets[HISTOGRAM_BOUNDS];
	g_string_append_printf(out, "%s_bucket{le=\"+Inf\"} %lu\n%s_sum %s\n%s_count %lu\n", name, count, name,
			       g_ascii_formatd(buffer, sizeof buffer, "%.10g", histogram->sum), name, count);
}

static void about_us(GString *out, const struct metrics_about *about)
{
	family(out, "smtp_explain_build_info", "gauge", "Version of the running program; the value is always 1.");
	labelled(out, "smtp_explain_build_info", "version", about->version, 1);
	number(out, "smtp_explain_start_time_seconds", "gauge", "When the daemon started, in seconds since 1970.", (unsigned long)about->started);
	number(out, "smtp_explain_last_write_timestamp_seconds", "gauge", "When these metrics were written, in seconds since 1970.", (unsigned long)about->now);
	number(out, "smtp_explain_config_last_reload_successful", "gauge", "Whether the last reload of configuration and catalogue succeeded.", about->reload_good);
}

static void kinds(GString *out, const struct stats_counts *counts)
{
	family(out, "smtp_explain_reports_total", "counter", "Reports and other automatic messages, by kind; bounces and delay notices that name a recipient.");
	for (int kind = KIND_BOUNCE; kind <= KIND_AUTO_REPLY; kind++)
		labelled(out, "smtp_explain_reports_total", "kind", kind_word((enum kind)kind), counts->kinds[kind]);
}

static void words(GString *out, const char *name, const char *label, const char *const *values, atomic_ulong *counters, int length, const char *help)
{
	family(out, name, "counter", help);
	for (int i = 0; i < length; i++)
		labelled(out, name, label, values[i], atomic_load_explicit(&counters[i], memory_order_relaxed));
}

/* Under the lock of the statistics. */
static void of_reports(GString *out, const struct stats *stats)
{
	kinds(out, &stats->counts);
	reasons(out, stats->tables[BY_REASON_CLASS]);
	table(out, "smtp_explain_failures_by_owner_total", "owner", stats->tables[BY_OWNER], "Recipients that failed or are delayed, by who can solve it.");
	table(out, "smtp_explain_failures_by_provider_total", "provider", stats->tables[BY_PROVIDER], "Recipients that failed or are delayed, by whose words explained it.");
	table(out, "smtp_explain_failures_by_origin_total", "origin", stats->tables[BY_ORIGIN], "Recipients that failed or are delayed, by whether this site sent the message.");
	table(out, "smtp_explain_failures_by_code_total", "code", stats->tables[BY_CODE], "Recipients that failed or are delayed, by reply code (RFC 5321).");
	table(out, "smtp_explain_failures_by_dsn_total", "dsn", stats->tables[BY_DSN], "Recipients that failed or are delayed, by enhanced status code (RFC 3463).");
	table(out, "smtp_explain_failures_by_annotation_total", "annotated", stats->tables[BY_ANNOTATED], "Recipients that failed or are delayed, by what was changed in the report.");
	number(out, "smtp_explain_log_lines_total", "counter", "Lines about recipients written to the log.", stats->counts.lines);
	number(out, "smtp_explain_log_lines_suppressed_total", "counter", "Lines about recipients that a limit held back.", stats->counts.suppressed);
	histogram(out, "smtp_explain_processing_seconds", "Time to explain and annotate a report.", &stats->seconds, stats_seconds_bounds);
	histogram(out, "smtp_explain_report_size_bytes", "Size of the reports that were explained.", &stats->sizes, stats_size_bounds);
}

static void one_alert(const struct alert_state *state, void *data)
{
	GString **outs = data;

	labelled(outs[0], "smtp_explain_alerts_open", "name", state->name, state->open);
	labelled(outs[1], "smtp_explain_alerts_opened_total", "name", state->name, state->opened);
}

static void of_alerts(GString *out, struct alerts *alerts)
{
	GString *outs[] = {g_string_new(NULL), g_string_new(NULL)};

	family(outs[0], "smtp_explain_alerts_open", "gauge", "Incidents of an alert of the daemon that are open now.");
	family(outs[1], "smtp_explain_alerts_opened_total", "counter", "Incidents of an alert of the daemon that were opened.");
	alerts_each(alerts, one_alert, outs);
	for (size_t i = 0; i < G_N_ELEMENTS(outs); i++) {
		g_string_append_len(out, outs[i]->str, (gssize)outs[i]->len);
		g_string_free(outs[i], TRUE);
	}
}

void metrics_render(GString *out, struct stats *stats, struct alerts *alerts, const struct metrics_about *about)
{
	about_us(out, about);
	number(out, "smtp_explain_messages_total", "counter", "Messages of all kinds that began.", atomic_load_explicit(&stats->messages, memory_order_relaxed));
	words(out, "smtp_explain_skipped_total", "why", stats_pass_words, stats->passes, PASSES, "Messages that passed without being told about.");
	words(out, "smtp_explain_errors_total", "what", stats_error_words, stats->errors, STATS_ERRORS, "Things that went wrong.");
	pthread_mutex_lock(&stats->lock);
	of_reports(out, stats);
	pthread_mutex_unlock(&stats->lock);
	of_alerts(out, alerts);
}
