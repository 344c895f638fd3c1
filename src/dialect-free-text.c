/* dialect-free-text.c - the last resort: reads by shape what no dialect knows.
 *
 * A list of addresses if there is one; else the addresses of the sentences that are neither the sender's nor the reporter's own.
 * Guesses at nothing: what no line says stays absent.
 */
#include "address.h"
#include "list-manager.h"
#include "list-role.h"
#include "reply.h"
#include "shape.h"
#include "text.h"

#include <string.h>

static bool claims(const struct report_text *report)
{
	return *report->text != '\0';
}

/* An address that reports give for help or as their own. */
static bool is_contact(const char *address)
{
	static const char *const locals[] = {
		"postmaster@", "mailer-daemon@", "abuse@", "support@", "helpdesk@", "webmaster@", "noreply@", "no-reply@", "hostmaster@",
		"info@", "help@", "mailmaster@", "servicedesk@",
	};
	return (list_role(address) & LIST_MANAGERS) || text_begins_any(address, locals, G_N_ELEMENTS(locals));
}

/* "The mailbox of bob@example.net", "das Postfach von", "user ID:": whose mailbox it is that the report is about. */
static bool owns_mailbox(const char *text, const char *start)
{
	static const char *const words[] = {
		"mailbox", "postfach", "user", "member", "boîte", "aux lettres", "buzón", "casella", "caixa", "account", "konto", "skrzynka", "recipient", "server",
		"serveur", "servidor",
	};
	size_t before = (size_t)MIN(start - text, 24);
	char *near = g_utf8_make_valid(start - before, (gssize)before), *lower = g_utf8_strdown(near, -1);
	bool owns = false;

	for (size_t i = 0; i < G_N_ELEMENTS(words) && !owns; i++)
		owns = strstr(lower, words[i]) != NULL;
	g_free(near);
	g_free(lower);
	return owns;
}

/* Is the word in [start, end) the end of "MAIL FROM:", a command of the session, whatever stands before it? */
static bool is_command(const char *text, const char *start, const char *end)
{
	return *end == ':' && start - text >= 5 && g_ascii_strncasecmp(start - 5, "mail ", 5) == 0;
}

/* Words right before an address that say it is somebody else's. */
static bool is_other_party(const char *text, const char *at)
{
	static const char *const words[] = {
		"from", "contact", "by", "mailto", "sender", "von", "de", "email", "e-mail", "reply-to", "cc", "please", "at", "id", "ids",
		"message-id", "messageid", "msgid", "message_id", "references", "in-reply-to", "resent-message-id", "dear", "hello", "hi", "virus", "worm",
		"hallo", "bonjour", "hola", "ciao", "mailfrom", "smtp.mailfrom", "header.from", "envelope-from", "absender",
		"expéditeur", "remitente", "mittente", "remetente", "afzender", "nadawca", "отправитель", "发件人", "寄件者",
		"差出人", "送信者",
	};
	const char *end = at, *start;

	while (end > text && strchr(" \t\n<\"'([:.=", end[-1]))
		end--;
	for (start = end; start > text && end - start < 30 && !strchr(" \t\n(:;", start[-1]); start--)
		;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strlen(words[i]) == (size_t)(end - start) && g_ascii_strncasecmp(start, words[i], (size_t)(end - start)) == 0)
			return is_command(text, start, end) || !owns_mailbox(text, start);
	return false;
}

/* Who sent the message gets the report: nobody else is told so. */
static bool is_sender(const struct report_text *report, const char *address)
{
	const char *sender = report->sender ? report->sender : report->reader;

	return sender && address_equal(sender, address);
}

/* An address of the text that may be the one that failed. */
struct candidate {
	char *address;
	const char *behind;		/* the rest of its line */
	bool returned;			/* it stands in the returned message too */
	unsigned line;
};

static void clear_candidate(gpointer data)
{
	g_free(((struct candidate *)data)->address);
}

#define CANDIDATES_LIMIT 20u
#define SENTENCE_LINES 4u	/* that a sentence goes on below its first */

static bool stands_in_original(const struct report_text *report, const char *address)
{
	const struct mail_part *part = mail_find_part(report->mail, "message/rfc822");

	return (report->original && text_find(report->original, address)) || (part && part->text && text_find(part->text, address));
}

static GArray *find_candidates(const struct report_text *report)
{
	GArray *candidates = g_array_new(FALSE, TRUE, sizeof(struct candidate));

	g_array_set_clear_func(candidates, clear_candidate);
	for (guint i = 0; i < report->lines->len && candidates->len < CANDIDATES_LIMIT; i++) {
		const char *line = report->lines->pdata[i], *at = line, *end;
		char *address;

		if (text_is_quoted(line))
			continue;
		while (candidates->len < CANDIDATES_LIMIT && (address = address_find(at, &end))) {
			struct candidate candidate = {.address = address, .behind = end, .line = i};
			const char *start = g_strstr_len(at, end - at, address);

			at = end;
			if ((is_contact(address) && !stands_in_original(report, address)) || is_sender(report, address) || is_other_party(line, start ? start : at)) {
				g_free(address);
				continue;
			}
			candidate.returned = stands_in_original(report, address);
			g_array_append_val(candidates, candidate);
		}
	}
	return candidates;
}

/* "bob@example.net (550 no such user), carol@example.org (552 mailbox full)": the reply in brackets is its own. */
static void take_bracketed(struct failure *failure, const char *behind)
{
	const char *open = behind + strspn(behind, "> "), *close = *open == '(' ? strchr(open, ')') : NULL;
	char *words = close ? g_strndup(open + 1, (gsize)(close - open - 1)) : NULL;

	if (words && code_has_reply(reply_code(words)))
		failure_take_words(failure, words);
	g_free(words);
}

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
#define NAME_LENGTH 3u		/* at least */

#define ALIKE_LENGTH 10u	/* bytes that no two sentences begin with by chance */

/* The bytes before the first address of the line, its bracket included; 0: none. */
static size_t lead_in(const char *line)
{
	const char *end;
	char *address = address_find(line, &end), *start = address ? strstr(line, address) : NULL;
	size_t length = start ? (size_t)(start - line) : 0;

	g_free(address);
	return length;
}

/* Does the line say of somebody else what the first says of the first: "Mailbox is full: bob@example.net", "Server <mx.example.net> rejected message for
 * <bob@example.net>. It answered [552 ...]"? */
static bool is_told_alike(const char *line, const char *first)
{
	size_t word = strcspn(first, " "), lead = lead_in(first);

	if (lead >= ALIKE_LENGTH && strncmp(line, first, lead) == 0 && lead_in(line) == lead)
		return true;
	return word > 1 && g_ascii_strncasecmp(line, first, word) == 0 && line[word] == ' ' && code_has_reply(reply_code(first)) && code_has_reply(reply_code(line));
}

/* The first line with a candidate, if others are told alike; the number of lines where that is not so. */
static guint first_told(const struct report_text *report, const GArray *candidates)
{
	guint first = candidates->len > 0 ? g_array_index(candidates, struct candidate, 0).line : report->lines->len;

	for (guint i = 1; i < candidates->len; i++) {
		guint line = g_array_index(candidates, struct candidate, i).line;

		if (line != first && is_told_alike(report->lines->pdata[line], report->lines->pdata[first]))
			return first;
	}
	return report->lines->len;
}

static bool ends_sentence(const char *text, size_t length)
{
	const char *stop = g_strstr_len(text, (gssize)length, ". ");

	return stop || (length > 0 && strchr(".!?", text[length - 1]));
}

/* Does the candidate stand on the line of the first, or go on with its sentence below? */
static bool goes_with(const struct report_text *report, const struct candidate *first, const struct candidate *candidate)
{
	const char *line = report->lines->pdata[candidate->line];
	size_t before = (size_t)(candidate->behind - line), own = MIN(before, strlen(candidate->address) + 1);

	if (candidate->line == first->line)
		return true;
	if (candidate->line - first->line > SENTENCE_LINES || ends_sentence(first->behind, strlen(first->behind)) || ends_sentence(line, before - own))
		return false;
	for (unsigned i = first->line + 1; i < candidate->line; i++)
		if (*(const char *)report->lines->pdata[i] == '\0' || ends_sentence(report->lines->pdata[i], strlen(report->lines->pdata[i])))
			return false;
	return true;
}

/* Those that the returned message names too, or that are told alike; else the first, and what stands on its line or in its sentence. */
static unsigned read_sentences(const struct report_text *report, struct bounce *bounce)
{
	GArray *candidates = find_candidates(report);
	guint first = first_told(report, candidates);
	bool returned = false;

	for (guint i = 0; i < candidates->len; i++)
		returned |= g_array_index(candidates, struct candidate, i).returned;
	for (guint i = 0; i < candidates->len; i++) {
		const struct candidate *candidate = &g_array_index(candidates, struct candidate, i);
		const char *line = report->lines->pdata[candidate->line];
		bool alike = first < report->lines->len && is_told_alike(line, report->lines->pdata[first]);
		struct failure *failure;

		if (!alike && !(returned ? candidate->returned : goes_with(report, &g_array_index(candidates, struct candidate, 0), candidate)))
			continue;
		failure = bounce_failure(bounce, candidate->address);
		if (failure)
			take_bracketed(failure, candidate->behind);
		if (failure && alike)
			failure_take_words(failure, line);
	}
	if (bounce->failures->len > 1 && !bounce_has_codes(bounce))
		shape_clauses(report, bounce, g_array_index(candidates, struct candidate, 0).line);
	g_array_unref(candidates);
	return bounce->failures->len;
}

/* A list that names the message's sender beside others names him as such, unless the returned message says that it went to him too. */
static void drop_sender(const struct report_text *report, struct bounce *bounce)
{
	for (guint i = bounce->failures->len; i-- > 0 && bounce->failures->len > 1; ) {
		const char *to = ((const struct failure *)bounce->failures->pdata[i])->to;

		if (to && is_sender(report, to) && !report_returns_original(report))
			bounce_drop_failure(bounce, i);
	}
}

/* A list's manager whose address stands in a line of its own, in a report about the list, is whom to ask. */
static void drop_managers(const struct report_text *report, struct bounce *bounce)
{
	bool manager = !bounce_has_codes(bounce) && (list_notifies(report->mail->fields, &report->writer) || list_is_from_fml(report->mail->fields, &report->writer, NULL));

	for (guint i = bounce->failures->len; i-- > 0 && manager; ) {
		const char *to = ((const struct failure *)bounce->failures->pdata[i])->to;
		char *list = to ? list_of_role(to) : NULL, *lower = list ? g_ascii_strdown(list, -1) : NULL;

		if (lower && report_says(report, lower))
			bounce_drop_failure(bounce, i);
		g_free(list);
		g_free(lower);
	}
}

/* "ann@example.com: you may not write to list@example.net": the reader is spoken to, not of. */
static void take_spoken_of(const struct report_text *report, struct bounce *bounce)
{
	if (!report_returns_original(report) && read_sentences(report, bounce) > 1)
		drop_sender(report, bounce);
}

/* A line that is one word, indented: a name under which the reporter knows its user. */
static bool is_name(const char *line)
{
	size_t blank = strspn(line, " \t"), length = strspn(line + blank, NAME_CHARACTERS);

	return blank > 0 && length >= NAME_LENGTH && line[blank + length] == '\0' && g_ascii_isalpha(line[blank]);
}

/* "Your mail to the following recipients could not be delivered because they do not accept mail:", and below it names without a domain (AOL). */
static void read_names(const struct report_text *report, struct bounce *bounce)
{
	guint line = shape_line(report, 0, report->lines->len, "following recipient");
	char *why = shape_paragraph(report, line);

	while (line < report->lines->len && !g_str_has_suffix(report->lines->pdata[line], ":"))
		line++;
	for (line++; line < report->lines->len && (*(const char *)report->lines->pdata[line] == '\0' || is_name(report->lines->pdata[line])); line++) {
		const char *name = (const char *)report->lines->pdata[line] + strspn(report->lines->pdata[line], " \t");
		struct failure *failure = *name ? bounce_failure(bounce, name) : NULL;

		if (failure)
			failure_take_words(failure, why);
	}
	g_free(why);
}

static bool read_bounce(const struct report_text *report, struct bounce *bounce)
{
	shape_entries(report, bounce, 0, report->lines->len);
	drop_managers(report, bounce);
	if (bounce->failures->len == 0)
		read_sentences(report, bounce);
	if (bounce->failures->len == 0)
		read_names(report, bounce);
	drop_sender(report, bounce);
	if (bounce->failures->len == 1 && is_sender(report, ((const struct failure *)bounce->failures->pdata[0])->to) && !bounce_has_codes(bounce))
		take_spoken_of(report, bounce);
	return bounce->failures->len > 0;
}

const struct dialect dialect_free_text = {
	.name = "free-text",
	.writes = "anything else",
	.claims = claims,
	.read = read_bounce,
};
