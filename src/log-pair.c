/* log-pair.c - escaping and cutting of the values of a log line.
 *
 * Not here: which pairs a line has (render-log.c, stats-line.c, alert-line.c), writing the line anywhere (log.c).
 */
#include "log-pair.h"

#include "text.h"

#include <string.h>

#define VALUE_LIMIT 2000u	/* bytes of a value that are looked at, at most: more than a line has */

/* Does a character stand in the line as it is, and without a look at its neighbours? In any style, or in some of them. Nearly all characters do. */
#define IN(style) (unsigned char)(1u << (style))
#define IN_ANY (IN(STYLE_TOKEN) | IN(STYLE_ADDRESS) | IN(STYLE_QUOTED))
static const unsigned char plain_in[256] = {
	[' '] = IN(STYLE_QUOTED), ['('] = IN(STYLE_QUOTED), [')'] = IN(STYLE_QUOTED),  ['<'] = IN(STYLE_QUOTED), ['>'] = IN(STYLE_QUOTED),
	['@'] = IN(STYLE_ADDRESS) | IN(STYLE_QUOTED),	    ['+'] = IN_ANY,		['-'] = IN_ANY,		 ['.'] = IN_ANY,
	['0' ... '9'] = IN_ANY,	  [':'] = IN_ANY,	    ['A' ... 'Z'] = IN_ANY,	['_'] = IN_ANY,		 ['a' ... 'z'] = IN_ANY,
};

/* How many characters from here on do so, looking at no more than limit. */
static size_t plain_run(const char *value, enum log_style style, size_t limit)
{
	size_t run = 0;

	while (run < limit && plain_in[(unsigned char)value[run]] & IN(style))
		run++;
	return run;
}

/* One character as it stands in the line. Tokens and addresses are ASCII; a quoted text keeps its letters. Returns the bytes written to buffer (at most 16). */
static size_t escape(char buffer[17], const char *text, enum log_style style)
{
	size_t bytes = (size_t)(g_utf8_next_char(text) - text), used = 0;
	bool plain = style != STYLE_QUOTED && bytes == 1 && (g_ascii_isalnum(*text) || strchr(style == STYLE_ADDRESS ? "@-._+=!#$%&'*/?^`{|}~:[],;" : "-._+:[]", *text));

	if (style == STYLE_QUOTED) {
		if (*text == '"' || *text == '\\')
			buffer[used++] = '\\';
		memcpy(buffer + used, text, bytes);
		return used + bytes;
	}
	if (plain) {
		buffer[0] = *text;
		return 1;
	}
	for (size_t i = 0; i < bytes; i++)
		used += (size_t)g_snprintf(buffer + used, 17 - used, "\\x%02x", (unsigned char)text[i]);
	return used;
}

/* Is this the end of a word by which other log tools know a bounce of Postfix ("status=", "postfix/")? One that a stranger wrote must not be counted. */
static bool ends_postfix_word(const char *begin, const char *end)
{
	size_t length = (size_t)(end - begin);

	if (*end == '=')
		return length >= 6 && g_ascii_strncasecmp(end - 6, "status", 6) == 0;
	return *end == '/' && length >= 7 && g_ascii_strncasecmp(end - 7, "postfix", 7) == 0;
}

/* Appends value, escaped, in at most share bytes; a cut one ends in "...". */
static void append_escaped(GString *out, const char *value, enum log_style style, size_t share)
{
	const char *begin = value;
	size_t start = out->len, fits = out->len;
	char buffer[17 + 1];

	while (*value) {
		size_t room = share - MIN(share, out->len - start + 3), run = plain_run(value, style, room), blank, length;

		if (run > 0) {
			g_string_append_len(out, value, (gssize)run);
			fits = out->len;
			value += run;
			continue;
		}
		blank = ends_postfix_word(begin, value) ? 1 : 0;
		length = blank + escape(buffer + blank, value, style);
		if (blank)
			buffer[0] = style == STYLE_QUOTED ? ' ' : '_';
		if (out->len - start + length > share) {
			g_string_truncate(out, fits);
			g_string_append(out, "...");
			return;
		}
		g_string_append_len(out, buffer, (gssize)length);
		if (out->len - start + 3 <= share)
			fits = out->len;
		value = g_utf8_next_char(value);
	}
}

/* Is there nothing in the value that harmless() would change? */
static bool is_harmless(const char *value)
{
	return value[plain_run(value, STYLE_ADDRESS, VALUE_LIMIT)] == '\0';
}

/* Is a printable text without blanks that text_fold() would take out? */
static bool is_folded(const char *text)
{
	size_t length = strlen(text);

	return length == 0 || (text[0] != ' ' && text[length - 1] != ' ' && !strstr(text, "  "));
}

/* On one line, without controls, of a length that is worth looking at: what goes beyond the share is cut anyway, and hardly a text is more blanks than words. The
 * caller frees it. */
static char *harmless(const char *value, size_t share)
{
	char *begin = g_strndup(value ? value : "", MIN(VALUE_LIMIT, 2 * share + 4)), *printable, *folded;

	text_cut(begin, MIN(VALUE_LIMIT, 2 * share + 3));
	printable = text_printable(begin);
	g_free(begin);
	if (is_folded(printable))
		return printable;
	folded = text_fold(printable);
	g_free(printable);
	return folded;
}

static void append_kv(GString *out, const struct log_pair *pair, const char *value)
{
	static const char *const before[] = {[STYLE_TOKEN] = "", [STYLE_ADDRESS] = "<", [STYLE_QUOTED] = "\""};
	static const char *const behind[] = {[STYLE_TOKEN] = "", [STYLE_ADDRESS] = ">", [STYLE_QUOTED] = "\""};

	g_string_append_c(out, ' ');
	g_string_append(out, pair->name);
	g_string_append_c(out, '=');
	g_string_append(out, before[pair->style]);
	append_escaped(out, value, pair->style, pair->share);
	g_string_append(out, behind[pair->style]);
}

static void append_json(GString *out, const struct log_pair *pair, const char *value)
{
	if (out->len == 0 || out->str[out->len - 1] != '{')
		g_string_append_c(out, ',');
	g_string_append_c(out, '"');
	g_string_append(out, pair->name);
	g_string_append(out, "\":\"");
	append_escaped(out, value, STYLE_QUOTED, pair->share);
	g_string_append_c(out, '"');
}

void log_pair_append(GString *line, const struct log_pair *pair, bool json)
{
	char *changed;
	const char *value;

	if (!pair->value || !*pair->value)
		return;
	changed = is_harmless(pair->value) ? NULL : harmless(pair->value, pair->share);
	value = changed ? changed : pair->value;
	if (*value && json)
		append_json(line, pair, value);
	else if (*value)
		append_kv(line, pair, value);
	g_free(changed);
}

void log_token_append(GString *line, const char *value, size_t share)
{
	char *safe = harmless(value, share);

	append_escaped(line, safe, STYLE_TOKEN, share);
	g_free(safe);
}
