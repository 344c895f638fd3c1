/* fuzz_message.c - any bytes as a whole message: explained, rendered in every form, annotated, and stripped back to the same bytes. */
#include "annotate.h"
#include "catalogue.h"
#include "render.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct catalogue *catalogue_once(void)
{
	static struct catalogue *catalogue;

	if (g_once_init_enter(&catalogue)) {
		struct catalogue *loaded = catalogue_load(NULL, NULL);

		mail_init();
		g_assert(loaded);
		g_once_init_leave(&catalogue, loaded);
	}
	return catalogue;
}

static void render_all(const struct report *report)
{
	struct render_options options = {.file = "-", .recipients = 10, .columns = 72};
	static const struct renderer *const renderers[] = {&render_json, &render_text, &render_html};
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(renderers); i++)
		renderers[i]->render(out, report, &options);
	for (guint i = 0; i < report->explanations->len; i++) {
		for (int mode = PRIVACY_FULL; mode <= PRIVACY_NONE; mode++) {
			struct privacy privacy = {(enum privacy_mode)mode, NULL};

			g_string_truncate(out, 0);
			render_log(out, report, i, &(struct render_log_options){.queue_id = "4F8EEAAE94F", .annotated = "headers+body", .privacy = &privacy,
										.sender = report->bounce->original.from});
			g_assert(out->len < 900 && !strpbrk(out->str, "\r\n"));
		}
	}
	g_string_free(out, TRUE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct explain_options explain = {.catalogue = catalogue_once()};
	struct annotate_options options = {.prefix = "X-SMTP-Explain", .host = "mx.example", .body = true, .recipients = 10};
	char *exact = g_memdup2(data, size);
	struct mail *mail = mail_new(exact ? exact : "", size);
	struct report *report = explain_mail(mail, "", &explain);
	struct edits *edits = edits_new();
	GString *annotated, *stripped;

	render_all(report);
	for (guint i = 0; i < mail->fields->len; i++) {
		const struct field *field = &g_array_index(mail->fields, struct field, i);

		edits_see_field(edits, field->name, field->name_length, field->start, field->end, options.prefix);
	}
	annotate(edits, report, mail, &options);
	annotated = edits_apply(edits, mail->bytes, size, mail->body, options.prefix, true);
	stripped = annotation_strip(annotated->str, annotated->len, options.prefix, NULL);
	g_assert(stripped->len == size && (size == 0 || memcmp(stripped->str, exact, size) == 0));
	g_string_free(stripped, TRUE);
	g_string_free(annotated, TRUE);
	edits_free(edits);
	report_free(report);
	mail_free(mail);
	g_free(exact);
	return 0;
}
