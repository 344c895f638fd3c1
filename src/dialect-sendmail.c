/* dialect-sendmail.c - Sendmail 5 to 8 and those who write like it: a list of addresses, and a transcript of the session.
 *
 * Newer versions give the reason with the address, "(reason: 550 ...)"; older ones in the transcript only, as "<<< 550 ..." from the
 * remote host and as "550 bob... User unknown" in their own words.
 */
#include "address.h"
#include "reply.h"
#include "shape.h"
#include "text.h"

#include <string.h>

static const char *const openings[] = {
	"transcript of session follows", "transcript of the session follows", "had permanent fatal errors",
	"had transient non-fatal errors", "had delivery problems -", "while talking to ", "had fatal errors", NULL,
};

static bool claims(const struct report_text *report)
{
	/* Postfix's notes to its postmaster ("errors from client") show a session too, but nobody's message failed. */
	if (report_says(report, " out: 220 ") || report_says(report, "in: ehlo "))
		return false;
	return report_says_any(report, openings);
}

/* What the transcript has told so far. */
struct session {
	struct bounce *bounce;
	struct failure *current;	/* whose RCPT was sent last; NULL: none, or the whole message */
	GString *reply;			/* lines of the reply being read */
	GString *common;		/* the last reply to DATA, MAIL or the greeting: that of everybody at this host */
	struct failure *deferred;	/* of whom the line before said that it was deferred; NULL: none */
	const char *output;		/* the line before, if a delivery program wrote it; NULL: it did not. Borrowed */
	char *remote;
	char *summary;			/* "554 5.0.0 Service unavailable", about everybody; NULL: none yet */
	bool whole;			/* the reply being read is such a one */
};

static bool is_failure(const char *reply)
{
	return *reply == '4' || *reply == '5';
}

static void take_words(struct session *session, struct failure *failure, const char *words)
{
	failure_take_words(failure, words);
	if (session->remote && g_str_has_prefix(words, session->reply->str)) {
		g_free(failure->remote);
		failure->remote = g_strdup(session->remote);
	}
}

static void end_reply(struct session *session)
{
	const char *reply = session->reply->str;

	if (session->reply->len > 0 && is_failure(reply)) {
		if (session->current && !session->whole)
			take_words(session, session->current, reply);
		else if (session->common->len == 0)
			g_string_assign(session->common, reply);
	}
	g_string_truncate(session->reply, 0);
}

/* ">>> RCPT To:<bob@example.net>" */
static void take_command(struct session *session, const char *command)
{
	char *address;

	end_reply(session);
	session->whole = !text_begins(command, "RCPT");
	if (session->whole)
		return;
	address = address_find(command, NULL);
	session->current = address ? bounce_failure(session->bounce, address) : session->current;
	g_free(address);
}

/* The address and the code of "550 5.1.1 <bob@example.net>... User unknown", "554 bob@example.net... Service unavailable"; NULL where
 * line is no such verdict. */
static char *verdict_address(const char *line)
{
	struct code code = CODE_NONE;
	size_t length = code_read(line, strlen(line), &code);
	const char *dots = length && code.reply >= 400 ? strstr(line, "... ") : NULL, *end;
	char *address = dots ? address_find(line + length, &end) : NULL;

	if (address && (end > dots + 1 || dots - end > 2))
		g_clear_pointer(&address, g_free);
	return address;
}

/* "550 5.1.1 bob... User unknown": a mailbox of the reporter itself. A name with a dot may as well be a host. */
static char *verdict_mailbox(const char *line)
{
	struct code code = CODE_NONE;
	size_t length = code_read(line, strlen(line), &code), name;

	if (length == 0 || code.reply < 400)
		return NULL;
	line += length + strspn(line + length, " ");
	name = strcspn(line, " .@/|\"<>()");
	return name > 0 && name < 65 && g_str_has_prefix(line + name, "... ") ? g_strndup(line, name) : NULL;
}

/* "mail.local: /var/mail/bob: Disc quota exceeded": a delivery program names itself. */
static bool is_output(const char *line)
{
	size_t name = strcspn(line, " :@<>\"(");

	return name > 0 && name < 40 && g_str_has_prefix(line + name, ": ") && !g_ascii_isdigit(*line) && line[name + 2] != '\0';
}

/* All that sendmail says itself when such a program failed is "Service unavailable": the program's words with it. The caller frees it. */
static char *with_output(const struct session *session, const char *verdict)
{
	bool vague = g_str_has_suffix(verdict, "Service unavailable") || text_find(verdict, "unknown mailer error");

	return session->output && vague ? g_strdup_printf("%s; %s", verdict, session->output) : g_strdup(verdict);
}

static bool take_verdict(struct session *session, const char *line)
{
	char *address = verdict_address(line), *verdict;
	struct failure *failure;

	if (!address)
		address = verdict_mailbox(line);
	if (!address)
		return false;
	end_reply(session);
	failure = bounce_failure(session->bounce, address);
	verdict = with_output(session, line);
	/* "(reason: User unknown)" has less to say than the verdict below it. */
	if (failure && !code_has_reply(failure->code))
		g_clear_pointer(&failure->diagnostic, g_free);
	if (failure && !failure->diagnostic)
		take_words(session, failure, session->common->len > 0 ? session->common->str : verdict);
	else if (failure && !code_has_enhanced(failure->code))
		failure_take_enhanced(failure, line);
	g_free(verdict);
	g_free(address);
	return true;
}

/* "bob@example.net... Deferred: Connection timed out with mx.example.net", in the transcript of a message that was given up: what older versions say of who got no
 * reply. The list above says "(unrecoverable error)" at most. */
static bool take_deferral(struct session *session, const char *line)
{
	const char *dots = strstr(line, "... Deferred"), *end;
	char *address = dots ? address_find(line, &end) : NULL;
	struct failure *failure = address && end <= dots && dots - end < 2 ? bounce_failure(session->bounce, address) : NULL;

	g_free(address);
	if (!failure || code_has_reply(failure->code))
		return false;
	end_reply(session);
	g_clear_pointer(&failure->diagnostic, g_free);
	failure_take_words(failure, dots + strlen("... "));
	session->deferred = failure;
	return true;
}

/* "Message could not be delivered for 5 days", below it. */
static bool take_duration(struct session *session, const char *line)
{
	struct failure *failure = session->deferred;
	char *words;

	session->deferred = NULL;
	if (!failure || !failure->diagnostic || !text_begins(line, "message could not be delivered for "))
		return false;
	words = g_strdup_printf("%s; %s", failure->diagnostic, line);
	g_free(failure->diagnostic);
	failure->diagnostic = words;
	return true;
}

static void take_host(struct session *session, const char *line)
{
	end_reply(session);
	g_string_truncate(session->common, 0);
	g_free(session->remote);
	session->remote = reply_host(line);
	session->current = NULL;
	session->whole = true;
}

static void take_common(struct session *session, const char *line)
{
	char *words = with_output(session, line);

	g_string_assign(session->common, words);
	g_free(words);
}

static void take_line(struct session *session, const char *line)
{
	struct code code = CODE_NONE;

	if (g_str_has_prefix(line, ">>> ")) {
		take_command(session, line + 4);
	} else if (g_str_has_prefix(line, "<<< ")) {
		if (session->reply->len < BOUNCE_DIAGNOSTIC_LIMIT)
			g_string_append_printf(session->reply, "%s%s", session->reply->len > 0 ? "\n" : "", line + 4);
	} else if (text_find(line, "while talking to ")) {
		take_host(session, line);
	} else if (take_duration(session, line) || take_deferral(session, line)) {
		return;
	} else if (!take_verdict(session, line) && code_read_reply(line, strnlen(line, 4), &code) && code.reply >= 400) {
		/* "550 example.net (smtp)... 550 Host unknown" begins with another host; "554 5.0.0 Service unavailable" only sums up. */
		end_reply(session);
		if (!session->summary)
			session->summary = g_strdup(line);
		if (session->common->len == 0 || strstr(line, "... "))
			take_common(session, line);
	}
}

/* The enhanced code that the reporter gives to the remote's reply, which has none. */
static void take_summary(struct failure *failure, const char *summary)
{
	if (failure->code.reply == reply_code(summary).reply)
		failure_take_enhanced(failure, summary);
}

static void read_transcript(const struct report_text *report, struct bounce *bounce, guint from)
{
	struct session session = {.bounce = bounce, .reply = g_string_new(NULL), .common = g_string_new(NULL), .whole = true};

	for (guint i = from; i < report->lines->len && !bounce->limited; i++) {
		const char *line = (const char *)report->lines->pdata[i] + strspn(report->lines->pdata[i], " \t");

		take_line(&session, line);
		session.output = is_output(line) ? line : NULL;
	}
	end_reply(&session);
	if (session.common->len > 0 && bounce->failures->len > 0)
		bounce_take_common(bounce, session.common->str);
	if (session.summary && bounce->failures->len == 1)
		take_summary(bounce->failures->pdata[0], session.summary);
	for (guint i = 0; session.remote && i < bounce->failures->len; i++) {
		struct failure *failure = bounce->failures->pdata[i];

		if (!failure->remote)
			failure->remote = g_strdup(session.remote);
	}
	g_string_free(session.reply, TRUE);
	g_string_free(session.common, TRUE);
	g_free(session.remote);
	g_free(session.summary);
}

static bool read_bounce(const struct report_text *report, struct bounce *bounce)
{
	guint end = report->lines->len, transcript = shape_line(report, 0, end, "transcript of session"),
	      other = shape_line(report, 0, end, "transcript of the session");

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
	.read = read_bounce,
};
