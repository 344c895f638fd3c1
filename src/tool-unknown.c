/* tool-unknown.c - the command unknown: what the catalogue should learn, out of logs or messages.
 *
 * Not here: masking (mask.c), counting and drafting entries (unknown.c).
 */
#include "annotate.h"
#include "log-summary.h"
#include "render-report.h"
#include "text.h"
#include "tool-input.h"
#include "tool.h"
#include "unknown.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

struct job {
	const struct tool *tool;
	struct top *replies;
};

static void add_message(const char *file, int number, const char *bytes, size_t length, void *data)
{
	struct job *job = data;
	struct explain_options options = tool_explain_options(job->tool);
	struct mail *mail = mail_new(bytes, length);
	struct report *report = explain_original(mail, NULL, &options, job->tool->snapshot->conf->prefix);

	(void)file;
	(void)number;
	for (guint i = 0; report_has_news(report) && i < report->explanations->len; i++) {
		const struct explanation *explanation = &g_array_index(report->explanations, struct explanation, i);

		if (log_rule_is_number(explanation->rule, explanation->reason))
			unknown_add(job->replies, explanation->failure->diagnostic, explanation->rule, explanation->failure->remote, explanation->provider, LOG_NO_TIME);
	}
	report_free(report);
	mail_free(mail);
}

static int read_messages(struct job *job, char **arguments)
{
	int status = EX_OK;

	if (!arguments[0]) {
		tool_complain("unknown --messages: name a file, a Maildir, or - for standard input");
		return EX_USAGE;
	}
	for (; *arguments; arguments++) {
		GError *error = NULL;

		if (input_each(*arguments, add_message, job, &error))
			continue;
		tool_complain("%s", error->message);
		g_error_free(error);
		status = EX_NOINPUT;
	}
	return status;
}

static void append_names(GString *out, const char *label, char *const names[UNKNOWN_SOURCES])
{
	for (guint i = 0; i < UNKNOWN_SOURCES && names[i]; i++)
		g_string_append_printf(out, "%s%s", i == 0 ? label : ", ", names[i]);
}

static void print_text(GString *out, const struct top *replies, const GPtrArray *rows, guint columns)
{
	char number[REPORT_WORD], share[REPORT_WORD], first[REPORT_WORD], last[REPORT_WORD];

	for (guint i = 0; i < rows->len; i++) {
		const struct top_row *row = rows->pdata[i];
		const struct unknown_sources *sources = row->data;
		gsize start = out->len;
		GString *line = g_string_new(NULL);

		text_wrap(out, row->name, "            ", columns, "\n");
		report_number(row->count, number);
		memcpy(out->str + start + (10 - MIN(strlen(number), 10)), number, MIN(strlen(number), 10));
		if (row->first != TOP_NO_TIME)
			g_string_append_printf(line, "%s to %s; ", report_time(row->first, first), report_time(row->last, last));
		append_names(line, "explained by ", sources->rules);
		append_names(line, "; said by ", sources->remotes);
		append_names(line, "; provider ", sources->providers);
		if (row->error)
			g_string_append_printf(line, "; up to %s of these were others", report_number(row->error, number));
		text_wrap(out, line->str, "              ", columns, "\n");
		g_string_free(line, TRUE);
	}
	if (report_rest(replies, rows))
		g_string_append_printf(out, "%10s  other replies\n", report_number(report_rest(replies, rows), number));
	if (top_absent(replies))
		g_string_append_printf(out, "%10s  without words\n", report_number(top_absent(replies), number));
	g_string_append_printf(out, "%10s  in all (%s of them shown)\n", report_number(top_total(replies), number),
			       report_share(top_total(replies) - top_absent(replies) - report_rest(replies, rows), top_total(replies), share));
}

static void print_entries(GString *out, const GPtrArray *rows)
{
	char date[16];
	time_t now = time(NULL);
	struct tm tm;

	if (!localtime_r(&now, &tm) || strftime(date, sizeof date, "%Y-%m-%d", &tm) == 0)
		g_strlcpy(date, "1970-01-01", sizeof date);
	g_string_append(out, "# Draft of a catalogue file: write the reason for each ? (smtp-explain catalogue list shows them), delete what you do not want,\n"
			     "# name the file in smtp-explain.conf under [catalogue] files, and run smtp-explain catalogue check.\n\n");
	for (guint i = 0; i < rows->len; i++)
		unknown_entry(out, rows->pdata[i], date, i + 1);
}

static void print_replies(const struct tool *tool, const struct top *replies, const struct report_page *page)
{
	GPtrArray *rows = top_rows(replies, page->top);
	GString *out = g_string_new(NULL);

	if (tool->log->entry)
		print_entries(out, rows);
	else if (strcmp(tool->format->name, "json") == 0)
		report_replies_json(out, replies, page->top);
	else
		print_text(out, replies, rows, page->columns);
	fwrite(out->str, 1, out->len, stdout);
	g_string_free(out, TRUE);
	g_ptr_array_unref(rows);
}

int tool_unknown(const struct tool *tool, char **arguments)
{
	struct report_page page = {.top = tool->log->top > 0 ? (guint)tool->log->top : 20, .columns = 80};
	struct log_summary *summary = NULL;
	struct job job = {.tool = tool};
	int status;

	if (strcmp(tool->format->name, "html") == 0) {
		tool_complain("unknown: --format must be text or json");
		return EX_USAGE;
	}
	if (tool->log->messages) {
		job.replies = unknown_new(SUMMARY_NAMES);
		status = read_messages(&job, arguments);
	} else {
		status = tool_read_logs(tool, "unknown", arguments, &summary, &page);
		job.replies = summary ? summary->replies : NULL;
	}
	if (status != EX_USAGE && top_total(job.replies) > 0)
		print_replies(tool, job.replies, &page);
	else if (status == EX_OK)
		status = TOOL_NOTHING;
	if (tool->log->messages)
		top_free(job.replies);
	log_summary_free(summary);
	return status;
}
