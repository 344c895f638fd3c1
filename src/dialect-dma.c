/* dialect-dma.c - DragonFly's mail agent: one recipient in a sentence, the reply in a paragraph below it. */
#include "address.h"
#include "shape.h"

static const char *const openings[] = {
	"this is the dragonfly mail agent", "there was an error delivering your mail to", NULL,
};

static bool claims(const struct report_text *report)
{
	return report_says_any(report, openings);
}

static bool read_bounce(const struct report_text *report, struct bounce *bounce)
{
	guint line = shape_line(report, 0, report->lines->len, "delivering your mail to");
	char *address = line < report->lines->len ? address_find(report->lines->pdata[line], NULL) : NULL, *words;
	struct failure *failure = address ? bounce_failure(bounce, address) : NULL;

	if (!failure)
		return false;
	words = shape_join(report, line + 1, report->lines->len);
	failure_take_words(failure, words);
	g_free(words);
	g_free(address);
	return true;
}

const struct dialect dialect_dma = {
	.name = "dma",
	.writes = "the DragonFly mail agent",
	.claims = claims,
	.read = read_bounce,
};
