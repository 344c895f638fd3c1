/* shape-entry.c - one line of a list of recipients: what may stand before an address, and what behind it.
 *
 * Not here: which lines belong together (shape.c).
 */
#include "address.h"
#include "code.h"
#include "shape.h"
#include "text.h"
#include "told.h"

#include <string.h>

/* "1. ", "2) ", "(3) ": an entry of a numbered list. Returns its length, 0 where there is none. */
static size_t number_length(const char *line)
{
	size_t open = *line == '(', digits = strspn(line + open, "0123456789"), end = open + digits;

	if (digits == 0 || digits > 3 || !strchr(".)", line[end]) || line[end] == '\0' || line[end + 1] != ' ')
		return 0;
	return end + 1 + strspn(line + end + 1, " ");
}

/* Behind blanks and bullets before an entry. */
const char *shape_skip_bullet(const char *line)
{
	static const char *const bullets[] = {
		"*** ", "** ", "* ", "- ", "+ ", "o ", "> ", "-> ", ">>> ", "*\t", "-\t", "\xe2\x80\xa2", "\xc2\xb7", "\xe3\x83\xbb",
	};

	line += strspn(line, " \t");
	for (size_t i = 0; i < G_N_ELEMENTS(bullets); i++)
		if (g_str_has_prefix(line, bullets[i]))
			return line + strlen(bullets[i]) + strspn(line + strlen(bullets[i]), " \t");
	return line + number_length(line);
}

#define LABEL_LIMIT 60u		/* bytes */

/* "Error-for: ", "Could not be delivered to: ": words of failure before the colon and an address behind it make a label of whatever words. Returns what stands behind
 * it, NULL where there is none. */
static const char *skip_failure_label(const char *line)
{
	static const char *const words[] = {"error", "fail", "undeliver", "rejected", "bounced", "fehler", "échec", "fallo", "errore", "erro ", "fout", "błąd", "ошибк"};
	size_t length = strcspn(line, ":<@\"");
	bool candidate = line[length] == ':' && length < LABEL_LIMIT && line[length + 1] == ' ' && strchr(line + length, '@') && !text_begins(line, "errors-to:");
	char *lower = candidate ? g_utf8_strdown(line, (gssize)length) : NULL;
	bool label = lower && (text_holds_any(lower, words, G_N_ELEMENTS(words)) || told_by(lower, strlen(lower)).failed);

	g_free(lower);
	return label ? line + length + 1 + strspn(line + length + 1, " \t") : NULL;
}

/* What some write before the address, a colon behind it: "Failed Recipient: bob@example.net", "Recipient: [SMTP:bob@example.net]". */
const char *shape_skip_label(const char *line)
{
	static const char *const labels[] = {
		"recipient address", "addressed to", "recipient", "failed recipients", "failed recipient", "intended recipients", "intended recipient",
		"failed address", "address", "recipients", "undeliverable to", "undelivered to", "failed to deliver to",
		"could not deliver to", "invalid recipient", "unknown user", "unknown recipient", "bad recipient", "original recipient",
		"empfänger", "empfaenger", "empfängeradresse", "destinataire", "destinatario", "destinatário",
		"ontvanger", "odbiorca", "adresat", "получатель", "Получатель",
		"收件人", "收件者", "收信人", "宛先", "受信者", "받는사람", "받는 사람", "받는이", "수신자", "수신인",
		"e-mail address", "email address", "user", "mailbox", "delivery to", "rcpt to", "message to", "your message to", "your mail to", "your email to", "mail to",
	};
	const char *behind;

	for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
		const char *at;

		if (!text_begins(line, labels[i]))
			continue;
		at = line + strlen(labels[i]);
		at += g_str_has_prefix(at, "(s)") ? 3 : 0;
		at += strspn(at, " \t.");
		if (*at != ':' && *at != '\'' && !g_str_has_prefix(at, "："))
			continue;
		at += *at == ':' ? 1 : *at == '\'' ? 0 : strlen("：");
		at += strspn(at, " \t");
		return text_begins(at, "[SMTP:") || text_begins(at, "<SMTP:") ? at + 6 : at;
	}
	behind = skip_failure_label(line);
	return behind ? behind : line;
}

/* "on Mon, 4 Oct 2002", and the same in other languages: a short word and a date. */
static bool is_date(const char *at)
{
	size_t word = 0;

	while (g_ascii_isalpha(at[word]) || (unsigned char)at[word] >= 0x80)
		word++;
	return word > 0 && word <= 4 && at[word] == ' ' &&
	       (g_ascii_isdigit(at[word + 1]) || (at[word + 1] != '\0' && strnlen(at + word + 1, 5) > 4 && at[word + 4] == ','));
}

/* Does an address stand here, with nothing but an opening bracket before it? */
static bool begins_address(const char *text)
{
	const char *end;
	char *address;
	bool begins;

	text += strspn(text, "<\"'");
	address = strcspn(text, " \t,;") > 2 && memchr(text, '@', strcspn(text, " \t,;")) ? address_find(text, &end) : NULL;
	begins = address && g_str_has_prefix(text, address);
	g_free(address);
	return begins;
}

#define LABEL_WORDS 2u		/* before a code */

/* "failed 550", "ERROR_CODE :550": does a code stand here, with a word or two before it that announce it? No telephone's number. */
static bool begins_with_code(const char *text)
{
	static const char *const labels[] = {"error", "code", "status", "failed", "failure", "said", "says", "smtp", "reply", "response", "returned", "dsn", "fehler", "erreur", "errore"};

	for (unsigned i = 0; i <= LABEL_WORDS; i++) {
		struct code code;
		size_t length;

		text += strspn(text, " \t:=");
		length = code_read(text, strlen(text), &code);
		if (length > 0)
			return (code_class(code) == 4 || code_class(code) == 5) && !g_ascii_isdigit(text[length + strspn(text + length, " -/")]);
		if (!text_begins_any(text, labels, G_N_ELEMENTS(labels)))
			return false;
		text += strcspn(text, " \t:=");
	}
	return false;
}

/* What may follow the address of an entry; NULL where the address only opens a sentence. */
static const char *words_behind(const char *end)
{
	static const char *const openings[] = {"(", "[", "...", "- ", "-- ", "=> ", "-> ", "on ", "\xe2\x80\x93 ", "#", "| ", "<"};
	const char *at = end, *blank;

	while (*at && strchr("\"'>)]", *at))
		at++;
	for (blank = at; *at == ' ' || *at == '\t'; at++)
		;
	if (*at == '\0')
		return at;
	if (is_date(at))
		return at + strlen(at);
	if (*at == ':' || (*at == ';' && !begins_address(at + 1 + strspn(at + 1, " \t"))))
		return at + 1;
	if (g_str_has_prefix(at, "："))
		return at + strlen("：");
	for (size_t i = 0; i < G_N_ELEMENTS(openings); i++)
		if (g_str_has_prefix(at, openings[i]))
			return at;
	if (*at == ',' && at[strspn(at, ", \t")] == '\0')
		return at + 1;
	if ((*at == ',' || *at == ';') && begins_address(at + 1 + strspn(at + 1, " \t")))
		return at;
	/* Columns: the reason far behind the address. */
	if (at - blank > 1 || (at > blank && *blank == '\t'))
		return at;
	return *at == '4' || *at == '5' || (at > blank && begins_with_code(at)) ? at : NULL;
}

/* "bob@example.net <bob@example.net>" is one entry, and so is "bob@example.net<mailto:bob@example.net>", a link that became text. */
static const char *skip_same(const char *end, const char *address, size_t length)
{
	const char *at = end;

	while (*at == ' ' || *at == '<' || *at == '(')
		at++;
	at += at > end && text_begins(at, "mailto:") ? strlen("mailto:") : 0;
	return at > end && strncmp(at, address, length) == 0 && (at[length] == '>' || at[length] == ')') ? at + length + 1 : end;
}

/* "Bob Smith <bob@example.net>", "\"Smith, Bob\" <bob@example.net>": a name before the brackets. line itself where none stands there. */
static const char *skip_name(const char *line)
{
	static const char *const others[] = {"From", "Sender", "Reply", "Cc", "Contact", "By", "Von", "De"};
	const char *open = strchr(line, '<'), *at = line;
	unsigned words = 0;

	if (!open || open == line || open - line > 60 || open[-1] != ' ')
		return line;
	if (*line == '"')
		return open - line > 3 && open[-2] == '"' ? open : line;
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		if (g_str_has_prefix(line, others[i]))
			return line;
	while (at < open) {
		size_t length = strcspn(at, " <");

		if (++words > 4 || !(g_ascii_isupper(*at) || (unsigned char)*at >= 0xc3) || strcspn(at, ":;,!?()@") < length)
			return line;
		at += length;
		at += strspn(at, " ");
	}
	return open;
}

char *shape_entry(const char *line, const char **words)
{
	const char *start = skip_name(shape_skip_label(shape_skip_bullet(line))), *end, *behind, *at = strchr(start, '@');
	char *address = at && at - start < 330 ? address_find(start, &end) : NULL;
	size_t length = address ? strlen(address) : 0;

	if (!address)
		return NULL;
	while (strchr("<\"'([", *start) && *start)
		start++;
	if (text_begins(start, "mailto:"))
		start += 7;
	if (strncmp(start, address, length) != 0) {
		g_free(address);
		return NULL;
	}
	behind = words_behind(skip_same(end, address, length));
	if (!behind || (end[0] == '>' && end[1] == '@')) {
		g_free(address);
		return NULL;
	}
	if (words)
		*words = behind;
	return address;
}
