/* text.c - folding, cutting, wrapping and disarming of UTF-8 text.
 *
 * Not here: character sets (mail.c, the inserted bytes of annotate.c), the escaping that a format asks for (the renderers).
 */
#include "text.h"

#include <string.h>

char *text_fold(const char *text)
{
	char *folded = g_malloc(strlen(text) + 1), *out = folded;

	for (; *text; text++) {
		if (!g_ascii_isspace(*text))
			*out++ = *text;
		else if (out > folded && out[-1] != ' ')
			*out++ = ' ';
	}
	if (out > folded && out[-1] == ' ')
		out--;
	*out = '\0';
	return folded;
}

/* Characters that change how others are shown, that a reader takes for a line end, or that part a word, without being seen themselves. */
static bool deceives(gunichar c)
{
	static const struct {
		gunichar first, last;
	} ranges[] = {
		{0x00ad, 0x00ad}, {0x034f, 0x034f}, {0x061c, 0x061c}, {0x115f, 0x1160}, {0x180e, 0x180e}, {0x200b, 0x200b}, {0x200e, 0x200f}, {0x2028, 0x202e},
		{0x2060, 0x206f}, {0x3164, 0x3164}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
	};

	for (size_t i = 0; c >= 0xad && i < G_N_ELEMENTS(ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/* U+200C and U+200D: needed between letters of some scripts and within emoji, a trick anywhere else. */
static bool joins(const GString *before, const char *after)
{
	return before->len > 0 && (unsigned char)before->str[before->len - 1] >= 0x80 && (unsigned char)*after >= 0x80;
}

static void append_printable(GString *out, gunichar c, const char *after)
{
	if (c == '\t' || c == '\n' || c == '\r')
		g_string_append_c(out, ' ');
	else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		g_string_append_printf(out, "\\x%02x", c);
	else if (deceives(c) || ((c == 0x200c || c == 0x200d) && !joins(out, after)))
		g_string_append_printf(out, "<U+%04X>", c);
	else
		g_string_append_unichar(out, c);
}

/* How many printable ASCII characters stand at the start. */
static size_t plain_length(const char *text)
{
	size_t length = 0;

	while (text[length] >= 0x20 && text[length] < 0x7f)
		length++;
	return length;
}

char *text_printable(const char *text)
{
	GString *out = g_string_sized_new(strlen(text) + 1);

	while (*text) {
		size_t plain = plain_length(text);
		gunichar c = g_utf8_get_char_validated(text + plain, -1);

		g_string_append_len(out, text, (gssize)plain);	/* nearly all of nearly every text */
		text += plain;
		if (!*text)
			break;
		if (c == (gunichar)-1 || c == (gunichar)-2) {
			g_string_append(out, "\xef\xbf\xbd");
			text++;
			continue;
		}
		if (!(c == '\r' && text[1] == '\n'))
			append_printable(out, c, g_utf8_next_char(text));
		text = g_utf8_next_char(text);
	}
	return g_string_free(out, FALSE);
}

void text_cut(char *text, size_t max)
{
	size_t length = strnlen(text, max + 1), dots = max >= 3 ? 3 : 0, at = max - dots;

	if (length <= max)
		return;
	while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
		at--;
	while (at >= 3 && (memcmp(text + at - 3, "\xe2\x80\x8c", 3) == 0 || memcmp(text + at - 3, "\xe2\x80\x8d", 3) == 0))	/* a joiner joins nothing now */
		at -= 3;
	memcpy(text + at, "...", dots);
	text[at + dots] = '\0';
}

bool text_begins(const char *text, const char *what)
{
	return g_ascii_strncasecmp(text, what, strlen(what)) == 0;
}

const char *text_find(const char *text, const char *what)
{
	char first[3] = {g_ascii_tolower(*what), g_ascii_toupper(*what), '\0'};

	if (!*what)
		return text;
	for (text = strpbrk(text, first); text; text = strpbrk(text + 1, first))
		if (text_begins(text, what))
			return text;
	return NULL;
}

bool text_begins_any(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_begins(text, words[i]))
			return true;
	return false;
}

bool text_holds_any(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

/* The variable whose "{name}" stands at brace, or NULL. */
static const struct text_variable *variable_at(const char *brace, const struct text_variable *variables, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(variables[i].name);

		if (strncmp(brace + 1, variables[i].name, length) == 0 && brace[1 + length] == '}')
			return &variables[i];
	}
	return NULL;
}

static void append_variable(GString *out, const struct text_variable *variable)
{
	const char *value = variable->value ? variable->value : "";
	bool begins = out->len == 0 || (out->len > 1 && out->str[out->len - 1] == ' ' && strchr(".!?", out->str[out->len - 2]));

	if (variable->capital && begins && *value && g_utf8_validate(value, -1, NULL)) {
		g_string_append_unichar(out, g_unichar_toupper(g_utf8_get_char(value)));
		value = g_utf8_next_char(value);
	}
	g_string_append(out, value);
}

/* The length of the part in square brackets at open, brackets included, if it depends on optional variables; 0 where it is plain text. *known: all have a value. */
static size_t optional_part(const char *open, const struct text_variable *variables, size_t count, bool *known)
{
	const char *close = strchr(open, ']');
	bool depends = false;

	*known = true;
	for (const char *brace = open; close && brace < close; brace++) {
		const struct text_variable *variable = *brace == '{' ? variable_at(brace, variables, count) : NULL;

		if (!variable || !variable->optional)
			continue;
		depends = true;
		*known = *known && variable->value && *variable->value;
	}
	return depends ? (size_t)(close - open) + 1 : 0;
}

static void expand(GString *out, const char *text, const char *end, const struct text_variable *variables, size_t count)
{
	for (; text < end; text++) {
		const struct text_variable *variable = *text == '{' ? variable_at(text, variables, count) : NULL;
		bool known;
		size_t part = *text == '[' ? optional_part(text, variables, count, &known) : 0;

		if (variable) {
			append_variable(out, variable);
			text += strlen(variable->name) + 1;
		} else if (part) {
			if (known)
				expand(out, text + 1, text + part - 1, variables, count);
			text += part - 1;
		} else {
			g_string_append_c(out, *text);
		}
	}
}

char *text_expand(const char *text, const struct text_variable *variables, size_t count)
{
	GString *out = g_string_new(NULL);

	expand(out, text, text + strlen(text), variables, count);
	return g_string_free(out, FALSE);
}

static size_t width_of(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

/* May a line end between two characters of which at least one is wide? Not before closing and not after opening punctuation. */
static bool may_break(gunichar before, gunichar after)
{
	GUnicodeBreakType behind = g_unichar_break_type(before), ahead = g_unichar_break_type(after);

	if (!g_unichar_iswide(before) && !g_unichar_iswide(after))
		return false;
	if (before == 0x200d || (after >= 0x1f3fb && after <= 0x1f3ff))	/* within an emoji: joined, or its skin tone */
		return false;
	if (g_unichar_iszerowidth(after) || behind == G_UNICODE_BREAK_OPEN_PUNCTUATION)
		return false;
	return ahead != G_UNICODE_BREAK_CLOSE_PUNCTUATION && ahead != G_UNICODE_BREAK_CLOSE_PARANTHESIS && ahead != G_UNICODE_BREAK_NON_STARTER &&
	       ahead != G_UNICODE_BREAK_EXCLAMATION && ahead != G_UNICODE_BREAK_INFIX_SEPARATOR && ahead != G_UNICODE_BREAK_SYMBOL &&
	       ahead != G_UNICODE_BREAK_CONDITIONAL_JAPANESE_STARTER;
}

/* Bytes of a line: characters without width would otherwise make it endless (RFC 5322 section 2.1.1 allows 998). */
#define TEXT_LINE_LIMIT 900u

static gunichar char_at(const char *text)
{
	gunichar c = g_utf8_get_char_validated(text, -1);

	return c == (gunichar)-1 || c == (gunichar)-2 ? 0xfffd : c;
}

static const char *char_after(const char *text, gunichar c)
{
	return c == 0xfffd && (unsigned char)*text != 0xef ? text + 1 : g_utf8_next_char(text);
}

/* Must a word stay whole even if it is longer than a line? What is copied or clicked must. */
static bool is_address(const char *text)
{
	for (size_t i = 0; text[i] && !g_ascii_isspace(text[i]) && i < TEXT_PIECE_LIMIT; i++)
		if (text[i] == '@' || strncmp(text + i, "://", 3) == 0)
			return true;
	return false;
}

/* The length of what must stay on one line at the start of text, and its width. room: what a line holds. */
static size_t piece_length(const char *text, size_t room, size_t *width)
{
	const char *at = text;
	bool whole = is_address(text);
	gunichar last = 0;

	for (*width = 0; *at && !g_ascii_isspace(*at); ) {
		gunichar c = char_at(at);
		bool full = !whole && *width + width_of(c) > room;

		if (at > text && (may_break(last, c) || full || (size_t)(at - text) > TEXT_PIECE_LIMIT))
			break;
		*width += width_of(c);
		last = c;
		at = char_after(at, c);
	}
	return (size_t)(at - text);
}

void text_wrap(GString *out, const char *text, const char *indent, size_t columns, const char *newline)
{
	size_t margin = 0, used = 0, line = 0;
	bool begun = false;

	for (const char *c = indent; *c; c = char_after(c, char_at(c)))
		margin += width_of(char_at(c));
	while (*text) {
		bool blank = g_ascii_isspace(*text);
		size_t width, length;
		bool full;

		while (g_ascii_isspace(*text))
			text++;
		length = piece_length(text, columns > margin ? columns - margin : 1, &width);
		if (length == 0)
			break;
		full = used + blank + width > columns || out->len - line + length > TEXT_LINE_LIMIT;
		if (begun && full)
			g_string_append(out, newline);
		if (!begun || full) {
			line = out->len;
			g_string_append(out, indent);
			used = margin;
		} else if (blank) {
			g_string_append_c(out, ' ');
			used++;
		}
		g_string_append_len(out, text, (gssize)length);
		begun = true;
		used += width;
		text += length;
	}
	if (begun)
		g_string_append(out, newline);
}

bool text_is_quoted(const char *line)
{
	bool transcript = g_str_has_prefix(line, ">>> ") && g_ascii_isupper(line[4]) && g_ascii_isupper(line[5]);

	return *line == '>' && line[1] != ':' && !transcript;
}
