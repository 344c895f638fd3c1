/* dialect-exim.c - Exim: an indented address, the reason indented below it. */
#include "address.h"
#include "shape.h"

#include <string.h>

static bool claims(const struct report_text *report)
{
	return report_says(report, "this message was created automatically by mail delivery software");
}

static guint indented_end(const struct report_text *report, guint line)
{
	while (line < report->lines->len && g_str_has_prefix(report->lines->pdata[line], "    "))
		line++;
	return line;
}

/* Entries without an address: "  bob", a local part that the reporter did not qualify, and "  an undisclosed address"; the reason, or
 * the address that was written to, stands further in below them. */
static void read_nameless(const struct report_text *report, struct bounce *bounce)
{
	for (guint i = 0; i + 1 < report->lines->len; i++) {
		const char *line = report->lines->pdata[i], *next = report->lines->pdata[i + 1];
		struct failure *failure;
		char *words, *address;

		if (!g_str_has_prefix(line, "  ") || line[2] == ' ' || !g_str_has_prefix(next, "    "))
			continue;
		words = shape_join(report, i + 1, indented_end(report, i + 1));
		address = g_str_has_prefix(g_strchug(words), "(") && strstr(words, "generated from") ? address_find(words, NULL) : NULL;
		failure = address				 ? bounce_failure(bounce, address)
			  : address_is_plausible(line + 2, true) ? bounce_failure(bounce, line + 2)
								 : NULL;
		if (failure)
			failure_take_words(failure, words);
		g_free(address);
		g_free(words);
	}
}

static bool read_bounce(const struct report_text *report, struct bounce *bounce)
{
	if (shape_entries(report, bounce, 0, report->lines->len) > 0)
		return true;
	read_nameless(report, bounce);
	return bounce->failures->len > 0;
}

const struct dialect dialect_exim = {
	.name = "exim",
	.writes = "Exim, and services that grew from it (GMX, 1&1)",
	.claims = claims,
	.read = read_bounce,
};
