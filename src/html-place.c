/* html-place.c - finds where in an HTML document something can be put so that it is shown first.
 *
 * A scanner of tags and nothing more: it knows comments, quoted attributes and the elements whose content is no markup, so that a "<body>" in a script does not
 * count. One pass. Not here: transfer encodings and charsets (transfer.c, charset.c).
 */
#include "block.h"

#include <string.h>

struct scanner {
	const char *html;
	size_t length, at;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Behind the next occurrence of what, or the end. */
static void skip_past(struct scanner *scanner, const char *what)
{
	size_t length = strlen(what);

	for (; scanner->at + length <= scanner->length; scanner->at++) {
		if (g_ascii_strncasecmp(scanner->html + scanner->at, what, length) == 0) {
			scanner->at += length;
			return;
		}
	}
	scanner->at = scanner->length;
}

/* Behind the '>' that ends a tag; one inside a quoted attribute value does not. False where the tag never ends. */
static bool skip_tag(struct scanner *scanner)
{
	char quote = '\0';

	while (scanner->at < scanner->length) {
		char c = scanner->html[scanner->at++];

		if (quote) {
			quote = c == quote ? '\0' : quote;
		} else if (c == '>') {
			return true;
		} else if ((c == '"' || c == '\'') && scanner->html[scanner->at - 2] == '=') {
			quote = c;
		}
	}
	return false;
}

/* Is the tag at the scanner (behind its '<') called name? */
static bool tag_is(const struct scanner *scanner, const char *name)
{
	size_t length = strlen(name), left = scanner->length - scanner->at - 1;
	const char *tag = scanner->html + scanner->at + 1;

	return left > length && g_ascii_strncasecmp(tag, name, length) == 0 && !g_ascii_isalnum(tag[length]) && tag[length] != ':' && tag[length] != '-';
}

static bool tag_is_one_of(const struct scanner *scanner, const char *const *names)
{
	for (; *names; names++)
		if (tag_is(scanner, *names))
			return true;
	return false;
}

/* Passes over one thing of the head of a document (a comment, <html>, <title>...</title>, ...); false where something else begins. */
static bool skip_head(struct scanner *scanner)
{
	static const char *const tags[] = {"html", "head", "/head", "meta", "link", "base", "/style", "/script", "/title", "noscript", "/noscript", "xml", "/xml", NULL};
	static const char *const raw[] = {"style", "script", "title", NULL};
	static const char *const raw_ends[] = {"</style", "</script", "</title"};
	const char *at = scanner->html + scanner->at;
	size_t left = scanner->length - scanner->at;

	if (left >= 4 && memcmp(at, "<!--", 4) == 0) {
		skip_past(scanner, "-->");
		return true;
	}
	if (left >= 2 && (at[1] == '!' || at[1] == '?')) {
		skip_tag(scanner);
		return true;
	}
	for (size_t i = 0; raw[i]; i++) {
		if (tag_is(scanner, raw[i])) {
			skip_past(scanner, raw_ends[i]);
			skip_tag(scanner);
			return true;
		}
	}
	if (!tag_is_one_of(scanner, tags))
		return false;
	skip_tag(scanner);
	return true;
}

struct html_place html_place(const char *html, size_t length)
{
	struct scanner scanner = {html, length, 0};

	if (length >= 3 && memcmp(html, "\xef\xbb\xbf", 3) == 0)
		scanner.at = 3;
	while (scanner.at < length) {
		size_t start = scanner.at;

		if (is_space(html[start])) {
			scanner.at++;
			continue;
		}
		if (html[start] == '<' && tag_is(&scanner, "body"))
			return (struct html_place){skip_tag(&scanner) ? scanner.at : start, start};
		if (html[start] != '<' || !skip_head(&scanner))
			return (struct html_place){start, start};
	}
	return (struct html_place){0, 0};
}
