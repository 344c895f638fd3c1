/* html-text.c - takes the tags off an HTML text.
 *
 * Enough for the reports of mail servers, which use HTML for looks only. Not a parser: nothing here knows what may stand in what.
 */
#include "html-text.h"

#include <stdbool.h>
#include <string.h>

/* What stands apart from the text around it ... */
static const char *const paragraphs[] = {"br", "p", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "blockquote", "title", "body", NULL};

/* ... and what has lines of its own, but no more: "<div>a</div><div>b</div>" are two lines and no blank one. */
static const char *const blocks[] = {"div", "tr", "li", "dt", "dd", "center", "section", "article", "address", NULL};

static const char *const silent[] = {"style", "script", "head", NULL};

static const struct {
	const char *name, *text;
} entities[] = {
	{"lt", "<"}, {"gt", ">"}, {"amp", "&"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}, {"#39", "'"}, {"copy", "\xc2\xa9"},
	{"auml", "\xc3\xa4"}, {"ouml", "\xc3\xb6"}, {"uuml", "\xc3\xbc"}, {"szlig", "\xc3\x9f"}, {"Auml", "\xc3\x84"},
	{"Ouml", "\xc3\x96"}, {"Uuml", "\xc3\x9c"}, {"eacute", "\xc3\xa9"}, {"egrave", "\xc3\xa8"}, {"agrave", "\xc3\xa0"},
	{"ecirc", "\xc3\xaa"}, {"ccedil", "\xc3\xa7"}, {"oacute", "\xc3\xb3"}, {"aacute", "\xc3\xa1"}, {"iacute", "\xc3\xad"},
	{"ntilde", "\xc3\xb1"}, {"atilde", "\xc3\xa3"}, {"otilde", "\xc3\xb5"}, {"laquo", "\xc2\xab"}, {"raquo", "\xc2\xbb"},
	{"ndash", "-"}, {"mdash", "-"}, {"lsquo", "'"}, {"rsquo", "'"}, {"ldquo", "\""}, {"rdquo", "\""}, {"bull", "*"},
	{"hellip", "..."},
};

static bool is_named(const char *name, size_t length, const char *const *list)
{
	for (; *list; list++)
		if (strlen(*list) == length && g_ascii_strncasecmp(name, *list, length) == 0)
			return true;
	return false;
}

/* Appends what the entity at html (on its '&') stands for; returns the bytes read. */
static size_t append_entity(GString *out, const char *html, size_t length)
{
	size_t end = 1;

	while (end < length && end < 12 && (g_ascii_isalnum(html[end]) || html[end] == '#'))
		end++;
	for (size_t i = 0; i < G_N_ELEMENTS(entities); i++)
		if (strlen(entities[i].name) == end - 1 && memcmp(html + 1, entities[i].name, end - 1) == 0) {
			g_string_append(out, entities[i].text);
			return end < length && html[end] == ';' ? end + 1 : end;
		}
	if (end > 2 && html[1] == '#') {
		bool hex = html[2] == 'x' || html[2] == 'X';
		guint64 c = g_ascii_strtoull(html + (hex ? 3 : 2), NULL, hex ? 16 : 10);

		if (c >= ' ' && c <= 0x10ffff && g_unichar_validate((gunichar)c)) {
			g_string_append_unichar(out, (gunichar)c);
			return end < length && html[end] == ';' ? end + 1 : end;
		}
	}
	g_string_append_c(out, '&');
	return 1;
}

/* Offset of the closing tag of the silent element called name, length where there is none. */
static size_t skip_silent(const char *html, size_t at, size_t length, const char *name, size_t name_length)
{
	while (at < length) {
		const char *open = memchr(html + at, '<', length - at);

		if (!open)
			return length;
		at = (size_t)(open - html) + 1;
		if (at + name_length < length && html[at] == '/' && g_ascii_strncasecmp(html + at + 1, name, name_length) == 0)
			return at - 1;
	}
	return length;
}

/* What has been read so far. */
struct text {
	GString *out;
	bool folds;			/* the text has line breaks of its own: those of the source are blanks (HTML 4.01 section 9.1) */
	unsigned kept;			/* <pre> elements that are open: their lines are lines */
};

static bool keeps_lines(const char *name, size_t length)
{
	static const char *const elements[] = {"pre", "xmp", "listing", "textarea", NULL};

	return is_named(name, length, elements);
}

/* Does html part its lines by tags? */
static bool breaks_by_tags(const char *html, size_t length)
{
	static const char *const breaks[] = {"br", "p", "div", "td", "li", NULL};

	for (const char *at = html; (at = memchr(at, '<', length - (size_t)(at - html))); at++) {
		size_t name = 1, left = length - (size_t)(at - html);

		while (name < left && name < 8 && g_ascii_isalnum(at[name]))
			name++;
		if (name < left && strchr(" />\t\r\n", at[name]) && is_named(at + 1, name - 1, breaks))
			return true;
	}
	return false;
}

static void append_blank(struct text *text)
{
	char last = text->out->len > 0 ? text->out->str[text->out->len - 1] : '\n';

	if (last != ' ' && last != '\n')
		g_string_append_c(text->out, ' ');
}

static bool at_line_start(const GString *out)
{
	gsize end = out->len;

	while (end > 0 && out->str[end - 1] == ' ')
		end--;
	return end == 0 || out->str[end - 1] == '\n';
}

/* What the tag called name does to the lines of the text. */
static void append_break(GString *out, const char *name, size_t length)
{
	bool cell = length == 2 && g_ascii_tolower(name[0]) == 't' && g_ascii_tolower(name[1]) != 'r';

	if (is_named(name, length, paragraphs))
		g_string_append_c(out, '\n');
	else if (is_named(name, length, blocks) && !at_line_start(out))
		g_string_append_c(out, '\n');
	else if (cell && !at_line_start(out))
		g_string_append_c(out, ' ');
}

static void count_kept(struct text *text, const char *name, size_t length, bool closing)
{
	if (!keeps_lines(name, length))
		return;
	if (!closing)
		text->kept++;
	else if (text->kept > 0)
		text->kept--;
}

/* Reads the tag at html[at] (on its '<'); returns the offset behind it, or at where it is none but text. */
static size_t read_tag(struct text *text, const char *html, size_t at, size_t length)
{
	size_t name = at + 1, end;
	const char *close = memchr(html + at, '>', MIN(length - at, 4096));
	size_t stop = close ? (size_t)(close - html) + 1 : length;

	if (name < length && html[name] == '/')
		name++;
	for (end = name; end < length && g_ascii_isalnum(html[end]); end++)
		;
	if (name + 2 < length && html[name] == '!')
		return stop;
	if (end == name || !close || (end < length && strchr("@.-+_", html[end]) && html[end]))
		return at;
	if (is_named(html + name, end - name, silent) && html[at + 1] != '/')
		return skip_silent(html, stop, length, html + name, end - name);
	count_kept(text, html + name, end - name, html[at + 1] == '/');
	append_break(text->out, html + name, end - name);
	return stop;
}

char *html_text(const char *html, size_t length)
{
	struct text text = {.out = g_string_sized_new(length + 1), .folds = breaks_by_tags(html, length)};

	for (size_t at = 0; at < length; ) {
		size_t behind = html[at] == '<' ? read_tag(&text, html, at, length) : at;

		if (behind > at)
			at = behind;
		else if (html[at] == '&')
			at += append_entity(text.out, html + at, length - at);
		else if (text.folds && text.kept == 0 && g_ascii_isspace(html[at]))
			append_blank(&text), at++;
		else
			g_string_append_c(text.out, html[at++]);
	}
	return g_string_free(text.out, FALSE);
}
