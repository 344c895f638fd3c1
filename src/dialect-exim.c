/* dialect-exim.c - Exim: an indented address, the reason indented below it. */
#include "address.h"
#include "shape.h"

static bool claims(const struct report_text *report)
{
	return report_says(report, "this message was created automatically by mail delivery software");
}

/* "  bob" alone on its line, the reason further in below it: a local part that the reporter did not qualify. */
static void read_local(const struct report_text *report, struct bounce *bounce)
{
	for (guint i = 0; i + 1 < report->lines->len; i++) {
		const char *line = report->lines->pdata[i], *next = report->lines->pdata[i + 1];

		if (g_str_has_prefix(line, "  ") && address_is_plausible(line + 2, true) && g_str_has_prefix(next, "    ")) {
			char *words = shape_paragraph(report, i + 1);
			struct failure *failure = bounce_failure(bounce, line + 2);

			if (failure)
				failure_take_words(failure, words);
			g_free(words);
		}
	}
}

static bool read(const struct report_text *report, struct bounce *bounce)
{
	if (shape_entries(report, bounce, 0, report->lines->len) > 0)
		return true;
	read_local(report, bounce);
	return bounce->failures->len > 0;
}

const struct dialect dialect_exim = {
	.name = "exim",
	.writes = "Exim, and services that grew from it (GMX, 1&1)",
	.claims = claims,
	.read = read,
};
