/* common-words.c - words of a report that stand apart from its list of recipients, and so are about all of them.
 *
 * Asked only where the recipients' own words tell no code or nothing. Not here: the words beside a recipient (shape.c, the dialects).
 */
#include "common-words.h"

#include "failure.h"
#include "reply.h"
#include "shape.h"
#include "text.h"

#include <string.h>

/* A line whose reply is nothing but its codes: "Status code: 550 5.1.10". */
static bool is_bare(const char *line)
{
	char *words = failure_own_words(line);
	bool bare = strspn(words, "0123456789. -") == strlen(words);

	g_free(words);
	return bare;
}

/* The first reply of the text, or the first that says more than its number where that one does not and the number is the same. */
static guint telling_reply_line(const struct report_text *report)
{
	guint end = report->lines->len, first = shape_reply_line(report, 0, end), line = first;

	while (line < end && is_bare(report->lines->pdata[line]))
		line = shape_reply_line(report, line + 1, end);
	return line < end && code_equal(reply_code(report->lines->pdata[first]), reply_code(report->lines->pdata[line])) ? line : first;
}

#define NAMED_APART 8u			/* recipients that are looked for one by one */

/* The first line, from number line on, that names the recipient; the number of lines where none does. */
static guint naming_line(const struct report_text *report, const char *address, guint line)
{
	while (line < report->lines->len && !(address && text_find(report->lines->pdata[line], address)))
		line++;
	return line;
}

/* The recipient above the line, where others are named below it: what stands there is his alone. NULL: it is everybody's. */
static struct failure *owner_of_line(const struct report_text *report, const struct bounce *bounce, guint line)
{
	struct failure *owner = NULL;
	guint last = 0, below = 0;

	for (guint i = 0; bounce->failures->len <= NAMED_APART && i < bounce->failures->len; i++) {
		struct failure *failure = bounce->failures->pdata[i];
		guint at = naming_line(report, failure->to, 0);

		below += at > line && at < report->lines->len;
		if (at <= line && (!owner || at >= last)) {
			owner = failure;
			last = at;
		}
	}
	/* Named below it again, he stands in the list with the others. */
	return below > 0 && owner && naming_line(report, owner->to, line + 1) == report->lines->len ? owner : NULL;
}

/* A reply that stands apart from the list of recipients ("Could not be delivered because of", "Technical details:") is everybody's. */
void common_take_reply(const struct report_text *report, struct bounce *bounce)
{
	guint end = report->lines->len, line = bounce_has_codes(bounce) ? end : telling_reply_line(report);
	struct failure_words *words;
	struct failure *owner;
	char *text;

	if (line >= end)
		return;
	owner = owner_of_line(report, bounce, line);
	text = shape_reply(report, line);
	words = failure_words_read(text);
	for (guint i = 0; failure_words_have_code(words) && i < bounce->failures->len; i++) {
		struct failure *failure = bounce->failures->pdata[i];

		if (owner && failure != owner)
			continue;
		g_clear_pointer(&failure->diagnostic, g_free);
		failure_take(failure, words);
	}
	failure_words_free(words);
	g_free(text);
}

/* The same for an enhanced code alone, and for the words beside it ("-- 5.1.1 User Unknown") where a recipient has none. */
void common_take_enhanced(const struct report_text *report, struct bounce *bounce)
{
	guint end = report->lines->len, at = bounce_has_codes(bounce) ? end : shape_enhanced_line(report, 0, end);
	const char *line = at < end ? report->lines->pdata[at] : NULL;

	for (guint i = 0; line && i < bounce->failures->len; i++) {
		struct failure *failure = bounce->failures->pdata[i];

		if (!failure->diagnostic && !is_bare(line))
			failure_take_words(failure, line + strspn(line, "-*# \t"));
		failure_take_enhanced(failure, line);
	}
}

/* Behind the label of a line that says why; NULL where the line has none, or nothing behind it. */
static const char *labelled_reason(const char *line)
{
	static const char *const labels[] = {
		"reason:", "failure reason:", "reason for failure:", "cause:", "grund:", "ursache:", "raison :", "raison:", "motif :", "motif:", "motivo:", "causa:",
		"reden:", "powód:", "理由:", "理由：",
	};

	line += strspn(line, " \t");
	for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
		if (text_begins(line, labels[i])) {
			line += strlen(labels[i]);
			line += strspn(line, " \t");
			return *line ? line : NULL;
		}
	return NULL;
}

/* A form names the reason on a line of its own, and other lines beside the recipient. */
void common_take_labelled(const struct report_text *report, struct bounce *bounce)
{
	struct failure *failure = bounce->failures->len == 1 ? bounce->failures->pdata[0] : NULL;
	const char *reason = NULL;
	char *words;

	for (guint i = 0; failure && code_is_none(failure->code) && !reason && i < report->lines->len; i++)
		reason = labelled_reason(report->lines->pdata[i]);
	if (!reason || (failure->diagnostic && text_find(failure->diagnostic, reason)))
		return;
	words = g_strconcat(reason, failure->diagnostic ? "\n" : NULL, failure->diagnostic, NULL);
	g_clear_pointer(&failure->diagnostic, g_free);
	failure_take_words(failure, words);
	g_free(words);
}

/* A lone recipient without a reason: then the whole text is about it. */
void common_take_explanation(const struct report_text *report, struct bounce *bounce)
{
	struct failure *failure = bounce->failures->len == 1 ? bounce->failures->pdata[0] : NULL;
	char *words = failure && !failure->diagnostic ? shape_explanation(report) : NULL;

	if (words && *words) {
		struct code code = failure->code;

		failure_take_words(failure, words);
		failure->code = code;
	}
	g_free(words);
}
