/* fuzz_log.c - any bytes as lines of a log, read, added up and shown in every form. */
#include "log-record.h"
#include "render-report.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct report_renderer *const renderers[] = {&report_as_text, &report_as_html, &report_as_json};
	const struct log_origin origin = {.ident = "smtp-explain", .latest = 1769904000};
	struct log_summary *summary = log_summary_new(G_MININT64, G_MAXINT64, (struct summary_limits){3, 4, 5});
	struct report_page page = {.top = 2, .columns = 80, .unicode = true};
	char *text = g_strndup((const char *)data, size), **lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i]; i++) {
		struct log_record record;

		log_record_read(&record, lines[i], &origin);
		log_summary_add(summary, &record);
	}
	for (int i = 0; i < SUMMARY_LISTS; i++)
		g_assert(top_total(summary->lists[i]) == summary->events && top_names(summary->lists[i]) <= 3);
	for (size_t i = 0; i < G_N_ELEMENTS(renderers); i++) {
		GString *out = g_string_new(NULL);

		renderers[i]->render(out, summary, &page);
		g_assert(g_utf8_validate(out->str, (gssize)out->len, NULL));
		g_assert(renderers[i] != &report_as_html || !strstr(out->str, "<script"));
		g_string_free(out, TRUE);
	}
	log_summary_free(summary);
	g_strfreev(lines);
	g_free(text);
	return 0;
}
