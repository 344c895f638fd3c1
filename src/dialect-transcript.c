/* dialect-transcript.c - the log of a session line by line, who speaks marked in front or not: BSMTP ("050 RCPT TO:<...>"), gateways ("C: RCPT TO:<...>", "S: 550 ...").
 *
 * Each RCPT command names somebody, and the reply below it is about him.
 * Not here: Sendmail's transcript, which has verdicts of its own (dialect-sendmail.c).
 */
#include "address.h"
#include "shape.h"
#include "text.h"

#include <string.h>

#define OTHERS_LIMIT 20u		/* recipients taken from the text beside the transcript */
#define MARK_LIMIT 24		/* bytes before a command: "050 ", "In:  ", "10:31:02 C: " */

/* Does more stand before the command than a mark: "SMTP error after RCPT TO:<bob@example.net>"? */
static bool words_before(const char *line, const char *command)
{
	unsigned words = 0;

	for (const char *at = line; at < command; at++)
		words += g_ascii_isalpha(*at) && (at == line || !g_ascii_isalpha(at[-1]));
	return words > 1;
}

/* The address of a RCPT command; NULL where line is none. The caller frees it. */
static char *command_address(const char *line)
{
	const char *command = text_find(line, "rcpt to:");

	if (!command || command - line > MARK_LIMIT || (command > line && !strchr(" \t>:|", command[-1])) || words_before(line, command))
		return NULL;
	command += strlen("rcpt to:");
	command += strspn(command, " ");
	return *command == '<' ? address_find(command, NULL) : NULL;
}

/* Where the reply of a line begins, behind the mark of who speaks; NULL where it has none. */
static const char *reply_start(const char *line)
{
	for (const char *at = line; *at && at - line < MARK_LIMIT; at++)
		if (strchr("245", *at) && g_ascii_isdigit(at[1]) && g_ascii_isdigit(at[2]) && strchr(" -", at[3]) && at[3] && (at == line || strchr(" \t<>:|", at[-1])))
			return at;
	return NULL;
}

/* The line of the reply to the command before it; lines->len where there is none. Marks alone stand between them. */
static guint reply_below(const GPtrArray *lines, guint command)
{
	guint next = command + 1;

	while (next < lines->len && next < command + 3 && *(const char *)lines->pdata[next] == '\0')
		next++;
	return next < lines->len && reply_start(lines->pdata[next]) ? next : lines->len;
}

/* The next command from line on that names somebody and was refused, or lines->len. */
static guint next_refused(const GPtrArray *lines, guint from)
{
	for (guint i = from; i < lines->len; i++) {
		char *address = command_address(lines->pdata[i]);
		guint reply = address ? reply_below(lines, i) : lines->len;
		bool refused = reply < lines->len && *reply_start(lines->pdata[reply]) != '2';

		g_free(address);
		if (refused)
			return i;
	}
	return lines->len;
}

static bool claims(const struct report_text *report)
{
	return next_refused(report->lines, 0) < report->lines->len;
}

/* The reply at line with the lines that go on with it ("550-..."). The caller frees it. */
static char *whole_reply(const GPtrArray *lines, guint line)
{
	GString *words = g_string_new(reply_start(lines->pdata[line]));

	for (guint i = line + 1; i < lines->len && words->len < BOUNCE_DIAGNOSTIC_LIMIT; i++) {
		const char *last = reply_start(lines->pdata[i - 1]), *more = reply_start(lines->pdata[i]);

		if (!more || !last || last[3] != '-')
			break;
		g_string_append_printf(words, "\n%s", more);
	}
	return g_string_free(words, FALSE);
}

/* Does the transcript tell itself what became of somebody? */
static bool is_named(const GPtrArray *lines, const char *address)
{
	bool found = false;

	for (guint i = 0; i < lines->len && !found; i++) {
		char *named = command_address(lines->pdata[i]);

		found = named && address_equal(named, address);
		g_free(named);
	}
	return found;
}

/* Others may be named before the transcript, which shows the last session only. */
static void take_others(const struct report_text *report, struct bounce *bounce)
{
	struct bounce *others = bounce_new(false);

	dialect_free_text.read(report, others);
	for (guint i = 0; i < MIN(others->failures->len, OTHERS_LIMIT); i++) {
		const struct failure *other = others->failures->pdata[i];

		if (other->to && !is_named(report->lines, other->to))
			bounce_failure(bounce, other->to);
	}
	bounce_free(others);
}

static bool read_bounce(const struct report_text *report, struct bounce *bounce)
{
	const GPtrArray *lines = report->lines;

	for (guint i = next_refused(lines, 0); i < lines->len && !bounce->limited; i = next_refused(lines, i + 1)) {
		char *address = command_address(lines->pdata[i]), *words = whole_reply(lines, reply_below(lines, i));
		struct failure *failure = bounce_failure(bounce, address);

		if (failure)
			failure_take_words(failure, words);
		g_free(words);
		g_free(address);
	}
	take_others(report, bounce);
	return bounce->failures->len > 0;
}

const struct dialect dialect_transcript = {
	.name = "transcript",
	.writes = "BSMTP gateways, and others that show the session",
	.claims = claims,
	.read = read_bounce,
};
