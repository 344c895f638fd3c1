/* work_message.c - does with each file given what the milter does with a message, so that a tool from outside can count the work.
 *
 * usage: work_message FILE...         under callgrind, --toggle-collect=work_once --dump-after=work_once (check_work.py does it)
 *        work_message --memory FILE   prints by how many kB the process grew at most
 */
#include "annotate.h"
#include "catalogue.h"
#include "render.h"

#include <stdio.h>
#include <string.h>
#include <stdlib.h>

__attribute__((noinline)) void work_once(const struct catalogue *catalogue, const char *bytes, size_t length);

static void log_all(const struct report *report)
{
	GString *line = g_string_new(NULL);

	for (guint i = 0; i < report->explanations->len; i++) {
		g_string_truncate(line, 0);
		render_log(line, report, i, &(struct render_log_options){.queue_id = "4F8EEAAE94F", .annotated = "headers+body"});
	}
	g_string_free(line, TRUE);
}

void work_once(const struct catalogue *catalogue, const char *bytes, size_t length)
{
	struct explain_options explain = {.catalogue = (struct catalogue *)(gpointer)catalogue};
	struct annotate_options options = {.prefix = "X-SMTP-Explain", .host = "mx.example", .body = true, .recipients = RENDER_RECIPIENTS};
	struct mail *mail = mail_new(bytes, length);
	struct report *report = explain_original(mail, "", &explain, options.prefix);
	struct edits *edits = edits_new();
	GString *body;

	for (guint i = 0; i < mail->fields->len; i++) {
		const struct field *field = &g_array_index(mail->fields, struct field, i);

		edits_see_field(edits, field->name, field->name_length, field->start, field->end, options.prefix);
	}
	annotate(edits, report, mail, &options);
	body = edits_apply_body(edits, bytes + mail->body, length - mail->body);
	log_all(report);
	g_string_free(body, TRUE);
	edits_free(edits);
	report_free(report);
	mail_free(mail);
}

/* The most memory that was ever resident, of this program alone (getrusage() would begin with that of its parent). */
static long peak_kilobytes(void)
{
	char *status = NULL;
	const char *line;
	long peak = 0;

	if (g_file_get_contents("/proc/self/status", &status, NULL, NULL) && (line = strstr(status, "VmHWM:")))
		peak = strtol(line + strlen("VmHWM:"), NULL, 10);
	g_free(status);
	return peak;
}

int main(int argc, char **argv)
{
	bool memory = argc > 1 && strcmp(argv[1], "--memory") == 0;
	struct catalogue *catalogue = catalogue_load(NULL, NULL);

	mail_init();
	work_once(catalogue, "", 0);	/* what is set up once is nobody's work */
	for (int i = memory ? 2 : 1; i < argc; i++) {
		char *bytes;
		gsize length;
		long before;

		if (!g_file_get_contents(argv[i], &bytes, &length, NULL))
			return 66;
		before = peak_kilobytes();
		work_once(catalogue, bytes, length);
		if (memory)
			printf("%ld\n", peak_kilobytes() - before);
		g_free(bytes);
	}
	catalogue_unref(catalogue);
	return 0;
}
