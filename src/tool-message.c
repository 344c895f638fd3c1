/* tool-message.c - the commands that read messages: message, annotate, strip.
 *
 * Not here: understanding (explain.c), printing (render-*.c), editing (annotate.c). What cannot be read is an error; what is no report is none.
 */
#include "annotate.h"
#include "choices.h"
#include "tool-input.h"
#include "tool.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

struct message_job {
	const struct tool *tool;
	unsigned explained, seen;
};

static void print_message(const char *file, int number, const char *bytes, size_t length, void *data)
{
	struct message_job *job = data;
	struct explain_options options = tool_explain_options(job->tool);
	struct render_options render = {.file = file, .message = number, .recipients = job->tool->snapshot->conf->recipients, .columns = 78};
	struct mail *mail = mail_new(bytes, length);
	struct report *report = explain_original(mail, NULL, &options, job->tool->snapshot->conf->prefix);
	GString *out = g_string_new(NULL);

	job->tool->format->render(out, report, &render);
	fwrite(out->str, 1, out->len, stdout);
	if (report->bounce->trace)
		fputs(report->bounce->trace->str, job->tool->format == &render_text ? stdout : stderr);
	job->seen++;
	job->explained += report_has_news(report);
	g_string_free(out, TRUE);
	report_free(report);
	mail_free(mail);
}

int tool_message(const struct tool *tool, char **arguments)
{
	struct message_job job = {.tool = tool};
	int status = EX_OK;

	if (!arguments[0]) {
		tool_complain("message: name a file, a Maildir, or - for standard input");
		return EX_USAGE;
	}
	for (; *arguments; arguments++) {
		GError *error = NULL;

		if (input_each(*arguments, print_message, &job, &error))
			continue;
		tool_complain("%s", error->message);
		g_error_free(error);
		status = EX_NOINPUT;
	}
	return status == EX_OK && job.explained == 0 ? TOOL_NOTHING : status;
}

static int print_bytes(GString *out)
{
	bool good = fwrite(out->str, 1, out->len, stdout) == out->len && fflush(stdout) == 0;

	g_string_free(out, TRUE);
	if (!good)
		tool_complain("standard output: cannot write");
	return good ? EX_OK : EX_IOERR;
}

/* The one input of annotate and strip; NULL after an error was told. */
static GBytes *read_input(const char *command, char **arguments, int *status)
{
	GError *error = NULL;
	GBytes *bytes;

	if (arguments[0] && arguments[1]) {
		tool_complain("%s: one file at a time", command);
		*status = EX_USAGE;
		return NULL;
	}
	bytes = input_read(arguments[0] ? arguments[0] : "-", &error);
	if (!bytes) {
		tool_complain("%s", error->message);
		g_error_free(error);
		*status = EX_NOINPUT;
	}
	return bytes;
}

static GString *annotated(const struct tool *tool, const char *bytes, size_t length)
{
	const struct conf *conf = tool->snapshot->conf;
	struct explain_options explain = tool_explain_options(tool);
	struct mail *mail = mail_new(bytes, length);
	struct report *report = explain_original(mail, NULL, &explain, conf->prefix);
	char host[256];
	struct annotate_options options = {.prefix = conf->prefix,
					   .host = tool_host(tool, host),
					   .withheld = choices_of_report(conf, report),
					   .body = conf->body,
					   .subject_tag = conf->subject_tag,
					   .dkim_signed = conf->dkim_signed,
					   .truncated = length - mail->body > conf->body_limit,
					   .recipients = conf->recipients};
	struct edits *edits = edits_new();
	GString *out;

	for (guint i = 0; i < mail->fields->len; i++) {
		const struct field *field = &g_array_index(mail->fields, struct field, i);

		edits_see_field(edits, field->name, field->name_length, field->start, field->end, conf->prefix);
	}
	annotate(edits, report, mail, &options);
	out = edits_apply(edits, bytes, length, mail->body, conf->prefix, true);
	edits_free(edits);
	report_free(report);
	mail_free(mail);
	return out;
}

int tool_annotate(const struct tool *tool, char **arguments)
{
	int status = EX_OK;
	GBytes *input = read_input("annotate", arguments, &status);
	gsize length;
	const char *bytes;

	if (!input)
		return status;
	bytes = g_bytes_get_data(input, &length);
	status = print_bytes(annotated(tool, bytes ? bytes : "", length));
	g_bytes_unref(input);
	return status;
}

int tool_strip(const struct tool *tool, char **arguments)
{
	int status = EX_OK;
	GBytes *input = read_input("strip", arguments, &status);
	bool intact;
	gsize length;
	const char *bytes;
	GString *out;

	if (!input)
		return status;
	bytes = g_bytes_get_data(input, &length);
	out = annotation_strip(bytes ? bytes : "", length, tool->snapshot->conf->prefix, &intact);
	if (!intact)
		tool_complain("body or subject was changed after it was annotated; that stays as it is");
	status = print_bytes(out);
	g_bytes_unref(input);
	return status == EX_OK && !intact ? EX_DATAERR : status;
}
