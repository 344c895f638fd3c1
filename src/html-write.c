/* html-write.c - escapes text for HTML, keeps lines short, keeps mail programs from making links of a stranger's words.
 *
 * Programs look for addresses, host names, URLs and telephone numbers in the text of a message and make links of them. They look within one run of
 * text: an element parts it. Elements are chosen because they leave nothing in what is copied, unlike a zero-width character, which would spoil an address that is pasted.
 * Programs that look across elements (Apple's) link all the same; then the target is what is read. Not here: which text (render-html.c).
 */
#include "html-write.h"

#include "text.h"

#include <string.h>

#define LINE_WISH 90u	/* bytes after which a blank becomes a line end */
#define LINE_MUST 400u	/* bytes after which a word is broken (lines of mail end before 998) */
#define LONG_NUMBER 7u	/* digits from which on a number may be one to call */

static size_t line_length(const GString *out)
{
	const char *newline = strrchr(out->str + (out->len > LINE_MUST ? out->len - LINE_MUST : 0), '\n');

	return newline ? (size_t)(out->str + out->len - newline) - 1 : MIN(out->len, LINE_MUST);
}

static void append_char(GString *out, gunichar c)
{
	if (c == '<')
		g_string_append(out, "&lt;");
	else if (c == '>')
		g_string_append(out, "&gt;");
	else if (c == '&')
		g_string_append(out, "&amp;");
	else if (c == '"')
		g_string_append(out, "&quot;");
	else if (c == '\'')
		g_string_append(out, "&#39;");
	else if (c < 0x7f)
		g_string_append_c(out, (char)c);
	else
		g_string_append_printf(out, "&#%u;", c);
}

void html_write(GString *out, const char *text)
{
	for (; *text; text = g_utf8_next_char(text))
		append_char(out, g_utf8_get_char(text));
}

static bool is_ascii(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

static bool is_wordlike(char c)
{
	return g_ascii_isalpha(c) || (unsigned char)c >= 0x80;
}

/* The length of what stands between two parts here: "@", "://", a dot with a letter behind it; 0 within a part. */
static size_t separator_at(const char *word)
{
	if (strncmp(word, "://", 3) == 0)
		return 3;
	return *word == '@' || (*word == '.' && is_wordlike(word[1])) ? 1 : 0;
}

static bool may_be_linked(const char *word, size_t length)
{
	size_t digits = 0;

	for (size_t i = 0; i < length; i++) {
		digits += g_ascii_isdigit(word[i]) != 0;
		if (length > 2 && separator_at(word + i) > 0)
			return true;
	}
	return digits >= LONG_NUMBER;
}

/* Appends length bytes of whole characters; a line that gets too long ends inside a <wbr>. */
static void append_bytes(GString *out, const char *text, size_t length)
{
	size_t column = line_length(out);

	for (size_t at = 0; at < length; at += (size_t)(g_utf8_next_char(text + at) - (text + at))) {
		size_t before = out->len;

		append_char(out, g_utf8_get_char(text + at));
		column += out->len - before;
		if (column > LINE_MUST) {
			g_string_append(out, "<wbr\n>");
			column = 1;
		}
	}
}

/* The length of the part at the start of text: up to a separator or the third digit in a row. */
static size_t part_length(const char *text, size_t length)
{
	size_t digits = 0;

	for (size_t at = 0; at < length; at++) {
		digits = g_ascii_isdigit(text[at]) ? digits + 1 : 0;
		if (digits > 3 || separator_at(text + at) > 0)
			return at;
	}
	return length;
}

/* Parts with letters that are written from right to left keep their order: each has a direction of its own. */
static void append_parts(GString *out, const char *text, size_t length)
{
	while (length > 0) {
		size_t separator = separator_at(text), part;

		append_bytes(out, text, separator);
		text += separator;
		length -= separator;
		part = part_length(text, length);
		if (part > 0) {
			g_string_append(out, is_ascii(text, part) ? "<span>" : "<span dir=\"auto\">");
			append_bytes(out, text, part);
			g_string_append(out, "</span>");
		}
		text += part;
		length -= part;
	}
}

/* A word with what encloses it ("<", ">," and the like) outside of the element that gives it its direction. */
static void append_unlinked(GString *out, const char *word, size_t length)
{
	size_t start = 0, end = length;

	while (start < end && strchr("<([{\"'", word[start]))
		start++;
	while (end > start && strchr(">)]}\"'.,;:!?", word[end - 1]))
		end--;
	if (!may_be_linked(word + start, end - start)) {
		append_bytes(out, word, length);
		return;
	}
	append_bytes(out, word, start);
	g_string_append(out, "<span dir=\"ltr\">");
	append_parts(out, word + start, end - start);
	g_string_append(out, "</span>");
	append_bytes(out, word + end, length - end);
}

void html_write_unlinked(GString *out, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, " ");

		append_unlinked(out, text, length);
		text += length;
		if (*text == ' ') {
			g_string_append_c(out, line_length(out) > LINE_WISH ? '\n' : ' ');
			text++;
		}
	}
}

gboolean html_is_right_to_left(const char *language)
{
	static const char *const languages[] = {"ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"};

	for (size_t i = 0; language && i < G_N_ELEMENTS(languages); i++)
		if (text_begins(language, languages[i]) && !g_ascii_isalpha(language[strlen(languages[i])]))
			return TRUE;
	return FALSE;
}

void html_write_language(GString *out, const char *language)
{
	const char *direction = html_is_right_to_left(language) ? "rtl" : "ltr";

	g_string_append(out, " lang=\"");
	for (const char *c = language && *language ? language : "en"; g_ascii_isalnum(*c) || *c == '_' || *c == '-'; c++)
		g_string_append_c(out, *c == '_' ? '-' : *c);
	g_string_append_printf(out, "\" dir=\"%s\"", direction);
}
