/* dialect-sendmail.c - Sendmail 5 to 8 and those who write like it: a list of addresses, and a transcript of the session.
 *
 * Newer versions give the reason with the address, "(reason: 550 ...)"; older ones in the transcript only, as "<<< 550 ..." from the remote host and as
 * "550 bob... User unknown" in their own words.
 */
#include "address.h"
#include "reply.h"
#include "shape.h"
#include "text.h"

#include <string.h>

static bool claims(const struct report_text *report)
{
	return report_says(report, "transcript of session follows") || report_says(report, "transcript of the session follows") || report_says(report, "had permanent fatal errors") ||
	       report_says(report, "had transient non-fatal errors") || report_says(report, "had delivery problems -") || report_says(report, "while talking to ") ||
	       report_says(report, "had fatal errors");
}

/* What the transcript has told so far. */
struct session {
	struct bounce *bounce;
	struct failure *current;	/* whose RCPT was sent last; NULL: none, or the whole message */
	GString *reply;			/* lines of the reply being read */
	char *remote;
	bool whole;			/* the reply is to DATA, MAIL or the greeting: everybody's */
};

static bool is_failure(const char *reply)
{
	return *reply == '4' || *reply == '5';
}

static void take_reply(struct session *session)
{
	const char *reply = session->reply->str;

	if (session->reply->len > 0 && is_failure(reply)) {
		if (session->current && !session->whole)
			failure_take_words(session->current, reply);
		else if (session->bounce->failures->len > 0)
			shape_take_common(session->bounce, reply);
	}
	for (guint i = 0; session->remote && session->reply->len > 0 && i < session->bounce->failures->len; i++) {
		struct failure *failure = session->bounce->failures->pdata[i];

		if (!failure->remote)
			failure->remote = g_strdup(session->remote);
	}
	g_string_truncate(session->reply, 0);
}

/* ">>> RCPT To:<bob@example.net>" */
static void take_command(struct session *session, const char *command)
{
	char *address;

	take_reply(session);
	session->whole = !text_begins(command, "RCPT");
	if (session->whole)
		return;
	address = address_find(command, NULL);
	session->current = address ? bounce_failure(session->bounce, address) : session->current;
	g_free(address);
}

/* "550 5.1.1 <bob@example.net>... User unknown", "554 bob@example.net... Service unavailable" */
static bool take_verdict(struct session *session, const char *line)
{
	struct code code = CODE_NONE;
	size_t length = code_read(line, strlen(line), &code);
	const char *dots = strstr(line, "... "), *end;
	char *address;

	if (length == 0 || !code_has_reply(code) || code.reply < 400 || !dots)
		return false;
	take_reply(session);
	address = address_find(line + length, &end);
	if (address && end <= dots + 1 && dots - end < 3) {
		struct failure *failure = bounce_failure(session->bounce, address);

		if (failure && !failure->diagnostic)
			failure_take_words(failure, line);
	} else if (session->bounce->failures->len == 1) {
		shape_take_common(session->bounce, line);
	}
	g_free(address);
	return true;
}

static void take_line(struct session *session, const char *line)
{
	while (*line == ' ' || *line == '\t')
		line++;
	if (g_str_has_prefix(line, ">>> ")) {
		take_command(session, line + 4);
	} else if (g_str_has_prefix(line, "<<< ")) {
		if (session->reply->len > 0)
			g_string_append_c(session->reply, '\n');
		if (session->reply->len < BOUNCE_DIAGNOSTIC_LIMIT)
			g_string_append(session->reply, line + 4);
	} else if (text_find(line, "while talking to ")) {
		take_reply(session);
		g_free(session->remote);
		session->remote = reply_host(line);
	} else if (!take_verdict(session, line) && session->reply->len == 0) {
		struct code code = CODE_NONE;

		if (code_read_reply(line, strnlen(line, 4), &code) && code.reply >= 400)
			g_string_append(session->reply, line);
	}
}

/* The recipients of the session, before any of its replies: a reply to DATA is everybody's. */
static void name_recipients(const struct report_text *report, struct bounce *bounce, guint from)
{
	for (guint i = from; i < report->lines->len && !bounce->limited; i++) {
		const char *line = report->lines->pdata[i], *end, *dots;
		struct code code = CODE_NONE;
		size_t length = code_read(line, strlen(line), &code);
		char *address;

		if (length == 0 || code.reply < 400 || !(dots = strstr(line, "... ")))
			continue;
		address = address_find(line + length, &end);
		if (address && end <= dots + 1 && dots - end < 3)
			bounce_failure(bounce, address);
		g_free(address);
	}
}

static void read_transcript(const struct report_text *report, struct bounce *bounce, guint from)
{
	struct session session = {.bounce = bounce, .reply = g_string_new(NULL)};

	if (bounce->failures->len == 0)
		name_recipients(report, bounce, from);
	for (guint i = from; i < report->lines->len && !bounce->limited; i++)
		take_line(&session, report->lines->pdata[i]);
	take_reply(&session);
	g_string_free(session.reply, TRUE);
	g_free(session.remote);
}

static bool read(const struct report_text *report, struct bounce *bounce)
{
	guint end = report->lines->len, transcript = shape_line(report, 0, end, "transcript of session"), other = shape_line(report, 0, end, "transcript of the session");

	transcript = MIN(transcript, other);
	transcript = MIN(transcript, shape_line(report, 0, end, "while talking to "));
	shape_entries(report, bounce, 0, transcript);
	read_transcript(report, bounce, transcript);
	return bounce->failures->len > 0;
}

const struct dialect dialect_sendmail = {
	.name = "sendmail",
	.writes = "Sendmail 5 to 8, and gateways that copy its words",
	.claims = claims,
	.read = read,
};
