/* mask.c - what is different in two replies that say the same: the address, the queue id, the time.
 *
 * One walk with one regular expression, an alternation of the rows below; the first row that matches where a match begins names the mask. The rows have no
 * quantifier inside of a quantifier that could match the same text twice, and run with a limit. Not here: normalising (reply.c), counting (unknown.c).
 */
#include "mask.h"

#include "text.h"

#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define MONTH "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*+"
#define WEEKDAY "(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*+,? )?"
#define CLOCK "\\d{1,2}:\\d\\d(?::\\d\\d)?(?:[.,]\\d++)?"
#define ZONE "(?: ?(?:Z|UTC|GMT|[+-]\\d\\d:?\\d\\d)\\b)?(?: \\([A-Z]{1,5}\\))?"

enum mask { KEEP, LINK, ADDRESS, IP, HOST, ID, TIME, NUMBER, MASKS };

static const struct {
	enum mask mask;
	const char *pattern;
} rows[] = {
	{KEEP, "^\\d{3}(?=[ -]|$)"},						/* the reply code */
	{KEEP, "(?<![\\w.])[245]\\d\\d(?=[ -]#?[245]\\.\\d)"},
	{ID, "(?<=queued as )[A-Za-z0-9]++"},
	{LINK, "(?i:https?://)[^\\s<>\"']++"},
	{ADDRESS, "<[^\\s<>@\"]*+@[^\\s<>\"]*+>|[^\\s<>@\"(),:;=]++@[^\\s<>@\"(),:;=]*+(?<![.?!])"},
	{TIME, "(?<![\\w.])\\d{4}[-/]\\d\\d[-/]\\d\\d(?:[T ]" CLOCK ZONE ")?(?!\\w)"},
	{TIME, "(?<![\\w.])" WEEKDAY "\\d{1,2}[ -]" MONTH "[ -]\\d{2,4}(?: " CLOCK ZONE ")?(?!\\w)"},
	{TIME, "(?<![\\w.])" WEEKDAY MONTH " {1,2}\\d{1,2}(?:,? \\d{4})? " CLOCK ZONE "(?: \\d{4})?(?!\\w)"},
	{TIME, "(?<![\\w.:])\\d{1,2}:\\d\\d:\\d\\d(?:\\.\\d++)?(?![\\w:])"},
	{KEEP, "(?<![\\w.])[245]\\.\\d{1,3}\\.\\d{1,3}(?![\\w]|\\.\\d)"},	/* an enhanced status code */
	{IP, "(?<![\\w:.])(?i:IPv6:)?(?=[0-9a-fA-F]|::[0-9a-fA-F])(?:[0-9a-fA-F]{0,4}:){2,7}(?:\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|[0-9a-fA-F]{1,4}|(?<=::))(?![\\w:])"},
	{IP, "(?<![\\w.])\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}(?![\\w]|\\.\\w)"},
	{HOST, "(?<![\\w.-])(?:[A-Za-z0-9_][A-Za-z0-9_-]{0,62}\\.)+?(?:[a-z]{2,24}|[A-Z]{2,24}|xn--[a-z0-9-]{2,24})(?![\\w@-]|\\.\\w)"},
	{ID, "(?<!\\w)(?=[A-Za-z_.+/-]*+\\d)(?=[0-9_.+/-]*+[A-Za-z])[A-Za-z0-9_][A-Za-z0-9_.+/-]{6,}[A-Za-z0-9_]={0,2}"},
	{ID, "(?<![\\w])(?=[A-Fa-f]*+\\d)(?=\\d*+[A-Fa-f])[0-9A-Fa-f]{6,}(?!\\w)"},
	{NUMBER, "(?<![\\w.])\\d++(?:[.,]\\d++)*+(?=(?:[KMGTkmg]i?[Bb]?|[Bb]|ms|[smhd]|[Bb]ytes?)?(?!\\w))"},
};

static const struct {
	const char *name, *pattern, *example;
} masks[MASKS] = {
	[ADDRESS] = {"<address>", "\\S+", "<user@example.com>"}, [IP] = {"<ip>", "(?:IPv6:)?[0-9A-Fa-f:.]+", "192.0.2.1"}, [HOST] = {"<host>", "\\S+", "mx.example.net"},
	[ID] = {"<id>", "\\S+", "4F8EEAAE94F"}, [TIME] = {"<time>", ".{1,40}?", "2026-11-23 12:00:00"}, [NUMBER] = {"<number>", "[\\d.,]+", "10"},
};

static pcre2_code *compile(void)
{
	GString *pattern = g_string_new(NULL);
	PCRE2_SIZE offset;
	pcre2_code *code;
	int error;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		g_string_append_printf(pattern, "%s(%s)", i ? "|" : "", rows[i].pattern);
	code = pcre2_compile((PCRE2_SPTR)pattern->str, pattern->len, PCRE2_UTF | PCRE2_NO_UTF_CHECK, &error, &offset, NULL);
	if (!code)
		g_error("mask.c: the pattern is wrong at %s", pattern->str + offset);
	pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	g_string_free(pattern, TRUE);
	return code;
}

static pcre2_code *masking(void)
{
	static gsize code;

	if (g_once_init_enter(&code))
		g_once_init_leave(&code, (gsize)compile());
	return (pcre2_code *)code;		/* NOLINT: as GLib hands a pointer through g_once_init_leave */
}

/* Scheme, host and the plain words of the path; from the first part that has a digit, or the query, on it is an id. */
static void append_link(GString *out, const char *link, size_t length)
{
	size_t at = (size_t)(strchr(link, ':') - link) + 3, tail = length;

	while (tail > at && strchr(".,;:!)]", link[tail - 1]))
		tail--;
	at += strcspn(link + at, "/?#");
	while (at < tail && link[at] == '/') {
		size_t part = strspn(link + at + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.");

		if (at + 1 + part < tail && !strchr("/?#", link[at + 1 + part]))
			break;
		at += 1 + part;
	}
	at = MIN(at, tail);
	g_string_append_len(out, link, (gssize)at);
	if (at < tail)
		g_string_append_printf(out, "%c<id>", link[at]);
	g_string_append_len(out, link + tail, (gssize)(length - tail));
}

static void append_mask(GString *out, enum mask mask, const char *found, size_t length)
{
	if (mask == LINK)
		append_link(out, found, length);
	else if (mask == KEEP)
		g_string_append_len(out, found, (gssize)length);
	else
		g_string_append(out, masks[mask].name);
}

/* Cuts at the last blank before MASK_LIMIT, so that replies that were cut at different places are equal up to here; and off the rest of a word that the
 * writer of the line cut ("the rest of a wo..."). */
static void cut(GString *text)
{
	char *blank;

	if (text->len <= MASK_LIMIT && (text->len < 4 || strcmp(text->str + text->len - 3, "...") != 0 || text->str[text->len - 4] == ' '))
		return;
	g_string_truncate(text, MIN(text->len, MASK_LIMIT));
	blank = strrchr(text->str, ' ');
	if (blank)
		g_string_truncate(text, (gsize)(blank - text->str));
	else
		text_cut(text->str, MASK_LIMIT - 4);
	text->len = strlen(text->str);
	g_string_append(text, " ...");
}

char *mask_reply(const char *reply)
{
	char *valid = g_utf8_make_valid(reply, (gssize)strnlen(reply, 4096));
	pcre2_match_data *found = pcre2_match_data_create_from_pattern(masking(), NULL);
	const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(found);
	size_t at = 0, length = strlen(valid);
	GString *out = g_string_sized_new(length);

	while (at < length && out->len <= 2 * MASK_LIMIT) {
		size_t row = 0;

		if (pcre2_match(masking(), (PCRE2_SPTR)valid, length, at, PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, found, NULL) < 1)
			break;
		while (ovector[2 * (row + 1)] == PCRE2_UNSET)
			row++;
		g_string_append_len(out, valid + at, (gssize)(ovector[0] - at));
		append_mask(out, rows[row].mask, valid + ovector[0], ovector[1] - ovector[0]);
		at = ovector[1];
	}
	g_string_append_len(out, valid + at, (gssize)(length - at));
	pcre2_match_data_free(found);
	g_free(valid);
	cut(out);
	return g_string_free(out, FALSE);
}

/* Which mask stands at text. MASKS: none. */
static enum mask mask_at(const char *text)
{
	for (int i = 0; i < MASKS; i++)
		if (masks[i].name && strncmp(text, masks[i].name, strlen(masks[i].name)) == 0)
			return (enum mask)i;
	return MASKS;
}

/* Behind "550 5.7.1 " or "550-", which a pattern does not need. */
static const char *behind_codes(const char *masked)
{
	for (;;) {
		size_t length = strspn(masked, "0123456789.#-");

		if (length == 0 || !(masked[length] == ' ' || masked[length] == '\0'))
			return masked;
		masked += length;
		masked += strspn(masked, " ");
	}
}

#define PATTERN_WORDS 100u	/* fixed bytes after which a pattern is long enough */
#define PATTERN_MASKS 3u	/* masks in a pattern: each is a quantifier */

/* Appends masks and words up to the end of what makes a good pattern; returns how many fixed letters there are. */
static size_t append_pattern(GString *out, const char *masked)
{
	size_t fixed = 0, letters = 0, count = 0, good = 0;

	while (*masked && strcmp(masked, "...") != 0 && strcmp(masked, " ...") != 0) {
		enum mask mask = mask_at(masked);
		const char *next = g_utf8_next_char(masked);
		char *escaped;

		if (mask != MASKS) {
			if (count++ == PATTERN_MASKS)
				break;
			g_string_append(out, masks[mask].pattern);
			masked += strlen(masks[mask].name);
			continue;
		}
		if (*masked == ' ' && fixed > PATTERN_WORDS)
			break;
		escaped = g_regex_escape_string(masked, (gint)(next - masked));
		g_string_append(out, escaped);
		g_free(escaped);
		fixed += (size_t)(next - masked);
		letters += g_ascii_isalpha(*masked) || (unsigned char)*masked >= 0x80;
		good = *masked == ' ' ? good : out->len;	/* neither a blank nor a mask ends a pattern */
		masked = next;
	}
	g_string_truncate(out, good);
	return letters;
}

char *mask_pattern(const char *masked)
{
	GString *out = g_string_new(NULL);
	const char *words = behind_codes(masked);

	/* Nor does a mask begin one. */
	while (mask_at(words) != MASKS) {
		words += strlen(masks[mask_at(words)].name);
		words += strspn(words, " :,;.)>]-");
	}
	if (append_pattern(out, words) >= 8)
		return g_string_free(out, FALSE);
	g_string_free(out, TRUE);
	return NULL;
}

char *mask_name(const char *masked)
{
	GString *out = g_string_new(NULL);
	guint words = 0;

	for (const char *at = behind_codes(masked); *at && words < 5; ) {
		enum mask mask = mask_at(at);
		size_t length = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

		if (mask != MASKS) {
			at += strlen(masks[mask].name);
		} else if (length == 0) {
			at++;
		} else {
			char *word = g_ascii_strdown(at, (gssize)MIN(length, 20u));

			g_string_append_printf(out, "%s%s", words++ ? "-" : "", word);
			g_free(word);
			at += length;
		}
	}
	return g_string_free(out, FALSE);
}

char *mask_example(const char *masked)
{
	GString *out = g_string_new(NULL);

	while (*masked && strcmp(masked, " ...") != 0) {
		enum mask mask = mask_at(masked);

		if (mask == MASKS) {
			g_string_append_c(out, *masked++);
			continue;
		}
		g_string_append(out, masks[mask].example);
		masked += strlen(masks[mask].name);
	}
	return g_string_free(out, FALSE);
}
