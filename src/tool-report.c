/* tool-report.c - the command report, and the reading of logs that unknown shares: options, files, progress.
 *
 * Not here: what a line says (log-record.c), adding up (log-summary.c), showing (render-report-*.c).
 */
#include "log-read.h"
#include "render-report.h"
#include "tool.h"
#include "when.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <unistd.h>

#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 4)
#define TOP_DEFAULT 10
#define TOP_MOST 10000

struct reader {
	struct log_summary *summary;
	gint64 told;		/* when progress was last told, 0: never */
};

static void add_record(const struct log_record *record, void *data)
{
	log_summary_add(((struct reader *)data)->summary, record);
}

/* One line on the terminal that is written over. */
static void tell_progress(const struct log_progress *progress, void *data)
{
	struct reader *reader = data;
	gint64 now = g_get_monotonic_time();
	char lines[REPORT_WORD], *name, share[REPORT_WORD];

	if (now - reader->told < PROGRESS_INTERVAL)
		return;
	reader->told = now;
	name = g_path_get_basename(progress->path);
	fprintf(stderr, "\r\033[K%.40s: %s, %s lines", name, progress->size ? report_share(progress->read, progress->size, share) : "-", report_number(progress->lines, lines));
	fflush(stderr);
	g_free(name);
}

static void end_progress(const struct reader *reader)
{
	if (reader->told)
		fputs("\r\033[K", stderr);
}

/* The columns of the terminal: COLUMNS, else what the terminal says, else 80. */
static guint terminal_columns(void)
{
	const char *columns = g_getenv("COLUMNS");
	guint64 number = columns ? g_ascii_strtoull(columns, NULL, 10) : 0;
	struct winsize size;

	if (number == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		number = size.ws_col;
	return number == 0 ? 80 : (guint)CLAMP(number, 40, 200);
}

static bool parse_time(const char *option, const char *text, gint64 now, bool end, gint64 *seconds)
{
	GError *error = NULL;

	if (!text || when_parse(text, now, end, seconds, &error))
		return true;
	tool_complain("%s=%s", option, error->message);
	g_error_free(error);
	return false;
}

/* Reads the options into a new summary; NULL after an error was told. */
static struct log_summary *new_summary(const struct tool *tool, gint64 now)
{
	const struct summary_limits limits = {SUMMARY_NAMES, SUMMARY_IDS, SUMMARY_HOURS};
	gint64 since = G_MININT64, until = G_MAXINT64;

	if (!parse_time("--since", tool->log->since, now, false, &since) || !parse_time("--until", tool->log->until, now, true, &until))
		return NULL;
	if (since > until) {
		tool_complain("--since is later than --until");
		return NULL;
	}
	if (tool->log->top < 0 || tool->log->top > TOP_MOST) {
		tool_complain("--top=%d: must be from 1 to %d", tool->log->top, TOP_MOST);
		return NULL;
	}
	return log_summary_new(since, until, limits);
}

int tool_read_logs(const struct tool *tool, const char *command, char **arguments, struct log_summary **summary, struct report_page *page)
{
	char *standard[] = {(char *)(gpointer)"-", NULL}, **path;
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	struct reader reader = {.summary = new_summary(tool, now)};
	struct log_reading reading = {.ident = tool->log->ident ? tool->log->ident : tool->snapshot->conf->ident, .now = now, .visit = add_record, .data = &reader};
	int status = EX_OK;

	*summary = reader.summary;
	if (!*summary)
		return EX_USAGE;
	if (isatty(STDERR_FILENO))
		reading.progress = tell_progress;
	if (!arguments[0] && isatty(STDIN_FILENO)) {
		tool_complain("%s: name a log file, or - for standard input", command);
		return EX_USAGE;
	}
	for (path = arguments[0] ? arguments : standard; *path; path++) {
		GError *error = NULL;

		if (log_read(&reading, *path, &error))
			continue;
		end_progress(&reader);
		tool_complain("%s", error->message);
		g_error_free(error);
		status = EX_NOINPUT;
	}
	end_progress(&reader);
	*page = (struct report_page){.top = tool->log->top ? (guint)tool->log->top : TOP_DEFAULT, .columns = terminal_columns(),
				     .unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0, .lines = reading.lines, .records = reading.records};
	if (reading.records == 0 && status == EX_OK)
		tool_complain("%s: no line of %s among %" G_GUINT64_FORMAT " lines; is that the right log, and the right --ident?", command, reading.ident, reading.lines);
	return status;
}

static const struct report_renderer *find_renderer(const char *name)
{
	static const struct report_renderer *const renderers[] = {&report_as_text, &report_as_html, &report_as_json};

	for (size_t i = 0; i < G_N_ELEMENTS(renderers); i++)
		if (strcmp(renderers[i]->name, name) == 0)
			return renderers[i];
	return &report_as_text;
}

int tool_report(const struct tool *tool, char **arguments)
{
	struct log_summary *summary;
	struct report_page page = {.top = 0};
	int status = tool_read_logs(tool, "report", arguments, &summary, &page);
	GString *out;

	if (status == EX_USAGE) {
		log_summary_free(summary);
		return status;
	}
	out = g_string_new(NULL);
	find_renderer(tool->format->name)->render(out, summary, &page);
	fwrite(out->str, 1, out->len, stdout);
	g_string_free(out, TRUE);
	if (status == EX_OK && log_summary_is_empty(summary))
		status = TOOL_NOTHING;
	log_summary_free(summary);
	return status;
}
