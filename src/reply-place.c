/* reply-place.c - what stands before a number and makes it a reply code: words, punctuation, an enhanced code; and what makes it part of an address.
 *
 * Not here: what stands behind it (reply.c), the digits (code.c).
 */
#include "reply-place.h"
#include "code.h"

#include <glib.h>
#include <string.h>

/* Words right before a number that make it a reply code. */
static const char *const introducing[] = {
	"code", "error", "status", "said", "returned", "reply", "response", "responded", "reason", "smtp", "with", "answer", "answered",
	"replied", "message", "failed", "código", "codigo", "respondió", "respondeu", "risposto", "risposta", "respuesta", "resposta",
	"réponse", "répondu", "antwort", "antwortete", "meldung", "grund", "motivo", "motif", "raison", "reden", "antwoord", "powód",
	"odpowiedź", "kod", "код", "ответ", "ошибка", "foutcode", "foutmelding", "status-code", "lmtp", "bounced", "because", "was", "is", "failure",
	"fehler", "fehlercode", "fehlermeldung", "erreur", "errore", "erro",
	"fout", "says", "rejected", "received", "diagnostic", "esmtp", "command", "result", "codice", "got", "transcript", "problem",
	"data", "rcpt", "mail",
};

static bool is_introducing(const char *word, size_t length)
{
	for (size_t i = 0; i < G_N_ELEMENTS(introducing); i++)
		if (strlen(introducing[i]) == length && g_ascii_strncasecmp(word, introducing[i], length) == 0)
			return true;
	return false;
}

/* "Exit code 75", "Windows error 550", "HTTP status 503": another program's code, not a mail server's. start: where the word that introduces it begins. */
static bool is_foreign(const char *text, const char *start)
{
	static const char *const owners[] = {"exit", "windows", "win32", "http", "https", "sql", "ldap", "zip", "postal", "area", "country", "product"};
	const char *end = start, *word;

	while (end > text && end[-1] == ' ')
		end--;
	for (word = end; word > text && end - word < 12 && g_ascii_isalnum(word[-1]); word--)
		;
	for (size_t i = 0; i < G_N_ELEMENTS(owners); i++)
		if (strlen(owners[i]) == (size_t)(end - word) && g_ascii_strncasecmp(word, owners[i], (size_t)(end - word)) == 0)
			return true;
	return false;
}

/* Is the word right before at (blanks between) one that introduces a reply? */
bool reply_behind_word(const char *text, const char *at)
{
	const char *end = at, *start;

	while (end > text && end[-1] == ' ')
		end--;
	for (start = end; start > text && end - start < 24 && (g_ascii_isalpha(start[-1]) || start[-1] == '-' || (unsigned char)start[-1] >= 0x80); start--)
		;
	if (start == end || (start > text && (g_ascii_isalnum(start[-1]) || start[-1] == '@' || start[-1] == '.')))
		return false;
	if (is_foreign(text, start))
		return false;
	/* "ResponseCode", "errorcode", "Statuscode" too. */
	return is_introducing(start, (size_t)(end - start)) || (end - start > 4 && g_ascii_strncasecmp(end - 4, "code", 4) == 0);
}

/* Colons, brackets and quotes beyond ASCII, right before at. */
static bool behind_wide_mark(const char *text, const char *at)
{
	static const char *const marks[] = {
		"：", "（", "「", "『", "【", "“", "”", "„", "‘", "’", "«", "»", "，", "。", "、", "；", "→", "–", "—",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
		size_t length = strlen(marks[i]);

		if ((size_t)(at - text) >= length && memcmp(at - length, marks[i], length) == 0)
			return true;
	}
	return false;
}

/* Punctuation that can stand right before a quoted reply, blanks between: "said: 550", "'550", "(550", "-> 550", "<<< 550". */
bool reply_behind_mark(const char *text, const char *at)
{
	const char *mark = at;

	while (mark > text && mark[-1] == ' ')
		mark--;
	if (mark == text)
		return true;
	/* "5,500,000" */
	if (mark == at && mark[-1] == ',' && mark > text + 1 && g_ascii_isdigit(mark[-2]))
		return false;
	if (strchr(":;'\"([<>=,\n*{`|", mark[-1]))
		return true;
	if (mark[-1] == '-')
		return mark < at && (mark == text + 1 || strchr(" -<", mark[-2]));
	if (mark[-1] == '.')
		return mark < at && mark > text + 1 && (g_ascii_isalnum(mark[-2]) || mark[-2] == '.');
	return (unsigned char)mark[-1] >= 0x80 && (mark < at || behind_wide_mark(text, at));
}

/* The last group of an IPv6 address ("2001:db8::550"): more than one colon among the hexadecimal digits before it. */
bool reply_ends_address(const char *text, const char *at)
{
	unsigned colons = 0, digits = 0;
	const char *c;

	for (c = at; c > text && at - c < 40 && (c[-1] == ':' || g_ascii_isxdigit(c[-1])); c--) {
		colons += c[-1] == ':';
		digits += g_ascii_isdigit(c[-1]);
	}
	/* "mx.example.net:25:550": a host and its port. */
	return colons > 1 && digits > 0 && (c == text || !(g_ascii_isalnum(c[-1]) || c[-1] == '.'));
}

/* "5.1.1 550 unknown": an enhanced code of the same class, which itself opens the text or is introduced. */
static bool behind_enhanced(const char *text, const char *at)
{
	struct code code = CODE_NONE;
	const char *end = at, *start;

	while (end > text && end[-1] == ' ')
		end--;
	for (start = end; start > text && end - start < 12 && (g_ascii_isdigit(start[-1]) || start[-1] == '.'); start--)
		;
	return end < at && start < end && *start == *at && code_read_enhanced(start, (size_t)(end - start), &code) == (size_t)(end - start) &&
	       reply_behind_mark(text, start);
}

/* "#550" and "Error #550", but no "Suite #550". */
static bool behind_number_sign(const char *text, const char *at)
{
	const char *sign = at - 1;

	return at > text && *sign == '#' && (reply_behind_mark(text, sign) || reply_behind_word(text, sign));
}

bool reply_is_introduced(const char *text, const char *at)
{
	return reply_behind_mark(text, at) || reply_behind_word(text, at) || behind_enhanced(text, at) || behind_number_sign(text, at);
}
