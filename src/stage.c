/* stage.c - the step of the dialogue at which a server refused, in the words of Postfix, Exim, qmail and the transcripts of Sendmail and Courier.
 *
 * A refusal of the connection is about the client's address, one of MAIL about the sender, one of RCPT about the recipient or the client, one after DATA about the
 * message. Not here: what follows from it (resolve.c).
 */
#include "stage.h"

#include "text.h"

#include <string.h>

#define FAILURES_LIMIT 20u	/* of which the stage is looked for: it helps one reader, not a mailing list */
#define LINES_LIMIT 60u		/* of a report that are about one recipient */

static const struct {
	const char *words;	/* lower case */
	enum stage stage;
} signs[] = {
	{"refused to talk to me", STAGE_CONNECT}, {"initial server greeting", STAGE_CONNECT}, {"after initial connection", STAGE_CONNECT},
	{"but greeting failed", STAGE_CONNECT}, {"in reply to initial greeting", STAGE_CONNECT},
	{"in reply to helo", STAGE_HELO}, {"in reply to ehlo", STAGE_HELO}, {"helo handshake", STAGE_HELO}, {"ehlo handshake", STAGE_HELO},
	{"after helo", STAGE_HELO}, {"after ehlo", STAGE_HELO}, {"but my name was rejected", STAGE_HELO}, {">>> helo", STAGE_HELO}, {">>> ehlo", STAGE_HELO},
	{"in reply to mail from", STAGE_MAIL}, {"while sending mail from", STAGE_MAIL}, {"after mail from", STAGE_MAIL}, {"after pipelined mail from", STAGE_MAIL},
	{"but sender was rejected", STAGE_MAIL}, {">>> mail from", STAGE_MAIL},
	{"in reply to rcpt to", STAGE_RCPT}, {"while sending rcpt to", STAGE_RCPT}, {"after rcpt to", STAGE_RCPT}, {"after pipelined rcpt to", STAGE_RCPT},
	{"does not like recipient", STAGE_RCPT}, {">>> rcpt to", STAGE_RCPT},
	{"in reply to data", STAGE_DATA}, {"in reply to end of data", STAGE_DATA}, {"while sending data command", STAGE_DATA}, {"while sending message body", STAGE_DATA},
	{"while sending end of data", STAGE_DATA}, {"after data", STAGE_DATA}, {"after end of data", STAGE_DATA}, {"after pipelined end of data", STAGE_DATA},
	{"after sending data block", STAGE_DATA}, {"failed on data command", STAGE_DATA}, {"failed after i sent the message", STAGE_DATA}, {">>> data", STAGE_DATA},
	{">>> .", STAGE_DATA},
};

enum stage stage_read(const char *text)
{
	char *lower = g_ascii_strdown(text, -1);
	enum stage stage = STAGE_NONE;
	const char *first = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
		const char *found = strstr(lower, signs[i].words);

		if (found && (!first || found < first)) {
			first = found;
			stage = signs[i].stage;
		}
	}
	g_free(lower);
	return stage;
}

/* In a transcript the command before the refusal counts, not the first one. */
static enum stage transcript_stage(const GPtrArray *lines, guint from, guint to)
{
	enum stage stage = STAGE_NONE;

	for (guint i = from; i < to; i++) {
		const char *line = lines->pdata[i];

		if (strncmp(line, ">>> ", 4) == 0)
			stage = stage_read(line);
		else if (strncmp(line, "<<< ", 4) == 0 && strchr("45", line[4] ? line[4] : 'x') && stage != STAGE_NONE)
			return stage;
	}
	return STAGE_NONE;
}

static enum stage lines_stage(const GPtrArray *lines, guint from, guint to)
{
	enum stage stage = transcript_stage(lines, from, to);
	GString *joined;
	char *folded;

	if (stage != STAGE_NONE)
		return stage;
	joined = g_string_new(NULL);
	for (guint i = from; i < to; i++)
		if (strncmp(lines->pdata[i], ">>> ", 4) != 0)
			g_string_append_printf(joined, "%s ", (const char *)lines->pdata[i]);
	folded = text_fold(joined->str);
	stage = stage_read(folded);
	g_free(folded);
	g_string_free(joined, TRUE);
	return stage;
}

/* The first line in [from, end) that names the recipient; end where none does. */
static guint line_about(const GPtrArray *lines, guint from, guint end, const char *to)
{
	guint at = from;

	while (at < end && !text_find(lines->pdata[at], to))
		at++;
	return at;
}

/* Where the words about the next recipient begin. */
static guint end_of_words(const struct bounce *bounce, const GPtrArray *lines, guint from)
{
	guint end = MIN(lines->len, from + LINES_LIMIT);

	for (guint i = 0; i < bounce->failures->len && i < FAILURES_LIMIT; i++) {
		const struct failure *other = bounce->failures->pdata[i];
		guint line = other->to ? line_about(lines, from + 1, end, other->to) : end;
		const char *text = line < end ? lines->pdata[line] : "";

		if (*text && g_str_has_prefix(text + strspn(text, " \t<"), other->to))
			end = line;
	}
	return end;
}

void stages_take(struct bounce *bounce, const GPtrArray *lines)
{
	for (guint i = 0; i < bounce->failures->len && i < FAILURES_LIMIT; i++) {
		struct failure *failure = bounce->failures->pdata[i];
		bool alone = bounce->failures->len == 1;
		guint from = alone || !failure->to ? 0 : line_about(lines, 0, lines->len, failure->to);

		if (failure->stage == STAGE_NONE && failure->diagnostic)
			failure->stage = stage_read(failure->diagnostic);
		if (failure->stage == STAGE_NONE && from < lines->len)
			failure->stage = lines_stage(lines, from, alone ? MIN(lines->len, 4 * LINES_LIMIT) : end_of_words(bounce, lines, from));
	}
}

const char *stage_word(enum stage stage)
{
	static const char *const words[] = {"", "connect", "helo", "mail", "rcpt", "data"};

	return words[stage];
}
