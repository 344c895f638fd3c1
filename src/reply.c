/* reply.c - finding replies and codes in running text.
 *
 * A number is a reply only where a reply can stand: at the start, behind punctuation that introduces speech, or behind a word that
 * does; and only with what can follow it. Everything here walks the text once. Not here: reading the digits (code.c), where in a
 * message to look (the dialects).
 */
#include "reply.h"
#include "reply-place.h"
#include "text.h"

#include <glib.h>
#include <string.h>

/* Words right behind a number that make it a quantity. */
static const char *const units[] = {
	"bytes", "byte", "kb", "mb", "gb", "kbytes", "kilobytes", "mbytes", "seconds", "second", "secs", "minutes", "minute", "hours",
	"hour", "days", "day", "messages", "lines", "users", "connections", "times", "ms", "characters", "octets", "mails", "emails",
	"stunden", "sekunden", "tage", "minuten", "heures", "jours", "percent", "weeks", "pieces", "items", "files", "recipients", "attachments",
	"pages", "addresses", "entries", "pictures", "photos", "people", "euro", "eur", "usd", "dollars", "allowed", "permitted",
	"stück", "seiten", "dateien", "empfänger", "fichiers", "archivos", "stuks",
};

static bool is_one_of(const char *word, size_t length, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(list[i]) == length && g_ascii_strncasecmp(word, list[i], length) == 0)
			return true;
	return false;
}

static bool is_unit(const char *text)
{
	size_t length = 0;

	while (*text == ' ')
		text++;
	if (*text == '%')
		return true;
	while (g_ascii_isalpha(text[length]) || text[length] == '-')
		length++;
	return length > 0 && is_one_of(text, length, units, G_N_ELEMENTS(units));
}

/* "554-2017-552": a ticket's number or a telephone's, whatever stands before it. */
static bool is_number_of_groups(const char *at)
{
	size_t group = at[3] == '-' ? strspn(at + 4, "0123456789") : 0;

	return group > 0 && at[4 + group] == '-' && g_ascii_isdigit(at[5 + group]);
}

/* Reads the reply code at at, if a reply can begin there. Returns the bytes read, codes included. */
static size_t read_at(const char *text, const char *at, struct code *code)
{
	struct code read = CODE_NONE;
	char before = at > text ? at[-1] : ' ';
	size_t length, all;

	if (g_ascii_isalnum(before) || (before != '\0' && strchr("._@/%&+$~", before)) || (before == ':' && reply_ends_address(text, at)))
		return 0;
	length = code_read_reply(at, strnlen(at, 6), &read);
	if (length == 0)
		length = code_read_reply(at, strnlen(at, 4), &read);
	if (length == 0 || read.reply < 400)
		return 0;
	if (at[3] == '-' && g_ascii_isdigit(at[4]) && (at[5] != '.' || !g_ascii_isdigit(at[6])) && !reply_behind_mark(text, at))
		return 0;
	if (is_number_of_groups(at))
		return 0;
	all = code_read(at, strnlen(at, 24), &read);
	if (at[3] == '-' && all == 3 && g_ascii_isalnum(at[4]) && g_ascii_islower(at[4]) && !reply_behind_mark(text, at))
		return 0;
	if (is_unit(at + 3))
		return 0;
	/* IronPort puts what it was told in quotes behind the code: "421-'4.7.0 Too many connections'". */
	length = (at[3] == '-' || at[3] == ' ') && at[4] == '\'' ? code_read_enhanced(at + 5, strnlen(at + 5, 12), &read) : 0;
	if (length > 0)
		all = 5 + length;
	else if (all == 3 && !reply_is_introduced(text, at))
		return 0;
	*code = read;
	return all;
}

/* Words behind a software's name that is followed by its version. */
static bool is_version(const char *text, const char *at)
{
	static const char *const names[] = {
		"postfix", "sendmail", "mailman", "exim", "version", "v", "ver", "esmtp", "release", "server", "apache", "mailer",
		"smtpd", "java", "linux", "build", "kernel", "client", "spamassassin", "amavisd-new", "jetmail", "section", "rfc",
		"qmail", "smail", "notes", "domino",
	};
	const char *end = at, *start;

	while (end > text && (end[-1] == ' ' || end[-1] == '('))
		end--;
	for (start = end; start > text && end - start < 16 && (g_ascii_isalpha(start[-1]) || start[-1] == '-'); start--)
		;
	return is_one_of(start, (size_t)(end - start), names, G_N_ELEMENTS(names));
}

#define ENHANCED_SUBJECT_LIMIT 15u

/* The first enhanced code that stands on its own in text, before stop. */
static bool find_enhanced(const char *text, const char *stop, struct code *code)
{
	for (const char *at = text; at < stop && (at = strpbrk(at, "45")) && at < stop; at++) {
		char before = at > text ? at[-1] : ' ';
		struct code read = *code;

		if (at[1] != '.' || g_ascii_isalnum(before) || (before != '\0' && strchr("._-@/+$&%", before)))
			continue;
		/* RFC 3463 knows subjects up to 7 and those that send others stay near: "5.26.1" is a version. */
		if (before == '-' || code_read_enhanced(at, strnlen(at, 12), &read) == 0 || read.subject > ENHANCED_SUBJECT_LIMIT || is_version(text, at))
			continue;
		*code = read;
		return true;
	}
	return false;
}

/* Errors that only follow from an earlier one (nothing left to do once every RCPT was refused). */
static bool is_follow_up(const char *at)
{
	static const char *const texts[] = {
		"valid rcpt", "need rcpt", "no valid recipients", "need mail", "no recipients", "bad sequence", "valid recipient",
		"no such recipients",
	};
	char near[80] = "";		/* a line of many replies must not be searched to its end for each */

	if (memcmp(at, "503", 3) != 0 && memcmp(at, "554", 3) != 0)
		return false;
	memcpy(near, at, strnlen(at, sizeof near - 1));
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (text_find(near, texts[i]))
			return true;
	return false;
}

/* The next place at or behind from where a reply begins. */
static const char *next_reply(const char *text, const char *from, struct code *code, size_t *length)
{
	for (const char *at = from; (at = strpbrk(at, "456")); at++) {
		*length = read_at(text, at, code);
		if (*length)
			return at;
		while (g_ascii_isdigit(at[1]))
			at++;
	}
	return NULL;
}

/* Is the reply at at quoted by the text before it, rather than being that text's next line, or a number in brackets that belongs to it? */
static bool is_quoted(const char *text, const char *at)
{
	const char *mark = at;

	while (mark > text && mark[-1] == ' ')
		mark--;
	if (mark == text || (at[3] && strchr("])}\"'>", at[3])))
		return false;
	if (mark - text > 3 && memcmp(mark - 3, "...", 3) == 0)
		return true;
	if (mark - text > 2 && mark[-1] == '>' && (mark[-2] == '-' || mark[-2] == '='))
		return true;
	return strchr(":'\"`", mark[-1]) || (mark[-1] == ';' && mark - text > 5 && text_begins(mark - 5, "smtp"));
}

bool reply_tells_enhanced(const char *text)
{
	for (const char *at = text; (at = strpbrk(at, "45")); at++) {
		struct code code = CODE_NONE;

		if (at[1] == '.' && find_enhanced(at > text ? at - 1 : at, at + 1, &code) &&
		    (reply_behind_mark(text, at) || reply_behind_word(text, at) || at[-1] == '#'))
			return true;
	}
	return false;
}

#define QUOTATION_LIMIT 1000	/* bytes in which the end of a quotation is looked for */

/* Does the quotation that the reply at quoted opens end before at? Then the two stand side by side, not one in the other. */
static bool is_closed(const char *text, const char *quoted, const char *at)
{
	char mark = quoted > text ? quoted[-1] : ' ';

	at = MIN(at, quoted + QUOTATION_LIMIT);
	if (mark != '\'' && mark != '"')
		return false;
	for (const char *c = quoted; (c = memchr(c, mark, (size_t)(at - c))); c++)
		if (c + 1 < at && strchr(" .,;)", c[1]) && !g_ascii_isspace(c[-1]))
			return true;
	return false;
}

#define TEXT_LIMIT 16384	/* bytes of a text in which replies begin: no line is so long but to tire the reader */

static const char *innermost(const char *text, struct code *code)
{
	struct code read = CODE_NONE;
	size_t length;
	const char *best = NULL, *at = text;

	while ((at = next_reply(text, at, &read, &length)) && at - text < TEXT_LIMIT) {
		if (!best || (is_quoted(text, at) && !is_follow_up(at) && !(code->reply >= 500 && is_closed(text, best, at)))) {
			best = at;
			*code = read;
		}
		read = CODE_NONE;
		at += length;
	}
	return best;
}

const char *reply_innermost(const char *text)
{
	struct code code;
	const char *at = innermost(text, &code);

	return at ? at : text;
}

struct code reply_code(const char *text)
{
	struct code code = CODE_NONE;
	const char *at = innermost(text, &code);

	if (code_has_enhanced(code))
		return code;
	if (!at || !find_enhanced(at + 3, at + strlen(at), &code))
		find_enhanced(text, at ? at : text + strlen(text), &code);
	return code;
}

/* "smtp; 550 ..." becomes "550 ...". */
static const char *skip_type(const char *text)
{
	size_t length = 0;

	while (g_ascii_isspace(*text))
		text++;
	while (g_ascii_isalnum(text[length]) || text[length] == '-')
		length++;
	if (length == 0 || length > 40)
		return text;
	for (const char *c = text + length; ; c++)
		if (*c == ';')
			return g_ascii_isdigit(*text) ? text : c + 1;
		else if (*c != ' ')
			return text;
}

static void straighten(GString *text)
{
	static const struct {
		const char *curly, *straight;
	} quotes[] = {{"\xe2\x80\x98", "'"}, {"\xe2\x80\x99", "'"}, {"\xe2\x80\x9c", "\""}, {"\xe2\x80\x9d", "\""}, {"\xc2\xa0", " "}};

	for (size_t i = 0; i < G_N_ELEMENTS(quotes); i++)
		if (strstr(text->str, quotes[i].curly))
			g_string_replace(text, quotes[i].curly, quotes[i].straight, 0);
}

/* The length of the code repeated at at ("550-5.1.1 ", "550 5.1.1 ", "550-"), 0 where another word stands there. */
static size_t repeated(const char *at, struct code first)
{
	struct code code = CODE_NONE;
	size_t length = code_read_reply(at, strnlen(at, 4), &code), enhanced = 0, blank;

	if (length == 0 || code.reply != first.reply || (at[3] != '-' && at[3] != ' ' && at[3] != '\0'))
		return 0;
	for (blank = at[3] ? 4 : 3; at[blank] == ' '; blank++)
		;
	if (code_has_enhanced(first)) {
		enhanced = code_read_enhanced(at + blank, strnlen(at + blank, 12), &code);
		if (enhanced == 0 || code.subject != first.subject || code.detail != first.detail)
			enhanced = 0;
	}
	length = enhanced ? blank + enhanced : (at[3] ? 4 : 3);
	while (at[length] == ' ')
		length++;
	return length;
}

/* Drops the code that each further line of a multi-line reply repeats. Only a reply that says it has further lines ("550-") has any. */
static char *drop_repeated(const char *text)
{
	GString *out = g_string_sized_new(strlen(text) + 1);
	struct code first = CODE_NONE;
	bool multiple = false;

	for (const char *at = text; *at; ) {
		struct code code = CODE_NONE;
		bool begins = at == text || at[-1] == ' ';
		size_t length = begins && multiple ? repeated(at, first) : 0;

		if (length) {
			at += length;
			continue;
		}
		length = begins ? read_at(text, at, &code) : 0;
		if (length && at[3] == '-') {
			first = code;
			multiple = true;
			g_string_append_len(out, at, 3);
			g_string_append_c(out, ' ');
			at += 4;
			continue;
		}
		if (length)
			multiple = false;
		g_string_append_c(out, *at++);
	}
	return g_string_free(out, FALSE);
}

char *reply_normalise(const char *text)
{
	char *folded = text_fold(skip_type(text)), *printable = text_printable(folded), *joined;
	GString *straight = g_string_new(printable);

	straighten(straight);
	joined = drop_repeated(straight->str);
	g_string_free(straight, TRUE);
	g_free(folded);
	g_free(printable);
	return g_strstrip(joined);
}
