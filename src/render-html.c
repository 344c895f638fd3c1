/* render-html.c - a card as HTML: one table with inline styles that fits into any mail, and a page around it.
 *
 * Written in ASCII with character references, so that it fits into any part whatever its charset. No colour is set but that of lines, so it reads in
 * light and dark mode alike; who has to act is marked by a sign and by weight. Not here: what is said (card.c).
 */
#include "render.h"

#include "card.h"
#include "text.h"

#include <string.h>

#define LINE_WISH 90u	/* bytes after which a blank becomes a line end */
#define LINE_MUST 400u	/* bytes after which a word is broken (lines of mail end before 998) */

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

/* Appends text, which is valid UTF-8 without controls, as character data. */
static void append_text(GString *out, const char *text)
{
	size_t column = line_length(out);

	for (; *text; text = g_utf8_next_char(text)) {
		size_t before = out->len;

		if (*text == ' ' && column > LINE_WISH) {
			g_string_append_c(out, '\n');
			column = 0;
			continue;
		}
		append_char(out, g_utf8_get_char(text));
		column += out->len - before;
		if (column > LINE_MUST) {
			g_string_append(out, "<wbr\n>");
			column = 1;
		}
	}
}

static void append_element(GString *out, const char *tag, const char *attributes, const char *text)
{
	g_string_append_printf(out, "<%s%s%s>", tag, *attributes ? " " : "", attributes);
	append_text(out, text);
	g_string_append_printf(out, "</%s>\n", tag);
}

#define PARAGRAPH "dir=\"auto\" style=\"margin:0 0 6px 0\""
#define SMALL "dir=\"auto\" style=\"margin:0 0 6px 0;font-size:12px\""

static void append_paragraphs(GString *out, const GPtrArray *texts)
{
	for (guint i = 0; i < texts->len; i++)
		append_element(out, "p", PARAGRAPH, g_ptr_array_index(texts, i));
}

static void append_label(GString *out, const struct report *report, const char *phrase)
{
	append_element(out, "p", "dir=\"auto\" style=\"margin:10px 0 2px 0;font-weight:bold\"", report_phrase(report, phrase));
}

static void append_section(GString *out, const struct report *report, const char *phrase, const GPtrArray *texts)
{
	if (texts->len == 0)
		return;
	append_label(out, report, phrase);
	append_paragraphs(out, texts);
}

/* One who could act. Who has to stands out by a ticked box, a frame and weight; a screen reader hears only that one. */
static void append_owner(GString *out, const struct report *report, const char *owner, bool acts)
{
	char *phrase = g_strconcat("owner-", owner, NULL);

	g_string_append(out, acts ? "<strong style=\"display:inline-block;border:2px solid #808080;border-radius:4px;padding:1px 6px\">&#9745;&#160;"
				  : "<span aria-hidden=\"true\" style=\"display:inline-block;font-size:12px;padding:3px 6px;opacity:0.75\">&#9744;&#160;");
	append_text(out, report_phrase(report, phrase));
	g_string_append(out, acts ? "</strong>\n" : "</span>\n");
	g_free(phrase);
}

static void append_owners(GString *out, const struct report *report, const char *acting)
{
	static const char *const owners[] = {"sender", "sender-admin", "recipient-admin", "recipient"};

	append_label(out, report, "label-who");
	g_string_append(out, "<p " PARAGRAPH ">\n");
	if (strcmp(acting, "nobody") == 0)
		append_owner(out, report, acting, true);
	for (size_t i = 0; i < G_N_ELEMENTS(owners); i++)
		append_owner(out, report, owners[i], strcmp(owners[i], acting) == 0);
	g_string_append(out, "</p>\n");
}

static void append_said(GString *out, const struct report *report, const struct card_group *group)
{
	for (guint i = 0; i < group->said->len; i++) {
		const struct card_words *said = g_ptr_array_index(group->said, i), *before = i ? g_ptr_array_index(group->said, i - 1) : NULL;

		if (!before || strcmp(before->intro, said->intro) != 0)
			append_element(out, "p", SMALL, said->intro);
		append_element(out, "blockquote", "dir=\"auto\" style=\"margin:0 0 6px 0;padding:0 0 0 8px;border-left:2px solid #808080;font-family:monospace;"
						  "font-size:12px;overflow-wrap:anywhere;word-break:break-word\"", said->words);
	}
	if (group->said->len == 0 && *group->first->id)
		append_element(out, "p", SMALL, report_phrase(report, "no-reason"));
}

static void append_administrator(GString *out, const struct report *report, const struct card_group *group)
{
	append_label(out, report, "label-admin");
	for (guint i = 0; i < group->codes->len; i++)
		append_element(out, "p", SMALL, g_ptr_array_index(group->codes, i));
	for (guint i = 0; i < group->admin->len; i++)
		append_element(out, "p", SMALL, g_ptr_array_index(group->admin, i));
	if (group->help) {
		g_string_append(out, "<p style=\"margin:0 0 6px 0;font-size:12px\"><a style=\"color:inherit\" href=\"");
		append_text(out, group->help);
		g_string_append(out, "\">");
		append_text(out, group->help);
		g_string_append(out, "</a></p>\n");
	}
	append_said(out, report, group);
}

static void append_group(GString *out, const struct report *report, const struct card_group *group, bool name)
{
	if (name && group->recipients->len > 0) {
		g_string_append(out, "<ul style=\"margin:10px 0 6px 0;padding:0 0 0 20px\">\n");
		for (guint i = 0; i < group->recipients->len; i++)
			append_element(out, "li", "dir=\"auto\" style=\"font-weight:bold;overflow-wrap:anywhere\"", g_ptr_array_index(group->recipients, i));
		g_string_append(out, "</ul>\n");
	}
	append_paragraphs(out, group->notes);
	append_section(out, report, "label-what-happened", group->what);
	if (*group->who)
		append_owners(out, report, group->first->owner);
	append_section(out, report, "label-what-to-do", group->advice);
	append_administrator(out, report, group);
}

static void append_card(GString *out, const struct card *card)
{
	const struct report *report = card->report;
	bool several = card->groups->len > 1 || card->more;

	if (*card->headline)
		append_element(out, "p", "dir=\"auto\" style=\"margin:0 0 6px 0;font-size:17px;font-weight:bold;overflow-wrap:anywhere\"", card->headline);
	append_paragraphs(out, card->notes);
	for (guint i = 0; i < card->groups->len; i++) {
		const struct card_group *group = g_ptr_array_index(card->groups, i);

		if (i > 0)
			g_string_append(out, "<hr style=\"border:0;border-top:1px solid #808080;margin:12px 0\">\n");
		append_group(out, report, group, several || group->recipients->len > 1);
	}
	if (card->more)
		append_element(out, "p", PARAGRAPH, card->more);
}

/* As BCP 47 writes it: "pt_BR" is "pt-BR". */
static void append_language(GString *out, const char *language)
{
	if (!language || !*language)
		return;
	g_string_append(out, " lang=\"");
	for (; g_ascii_isalnum(*language) || *language == '_' || *language == '-'; language++)
		g_string_append_c(out, *language == '_' ? '-' : *language);
	g_string_append_c(out, '"');
}

static void open_frame(GString *out, const struct report *report)
{
	g_string_append(out, "<table role=\"presentation\" dir=\"auto\"");
	append_language(out, report->language);
	g_string_append(out, " cellpadding=\"0\" cellspacing=\"0\" style=\"color-scheme:light dark;width:100%;max-width:640px;margin:0 0 16px 0;"
			     "border:1px solid #808080;border-left-width:6px;border-collapse:separate\">\n"
			     "<tr><td style=\"padding:10px 14px;font-family:sans-serif;font-size:14px;line-height:1.4;text-align:start\">\n");
}

static void close_frame(GString *out)
{
	g_string_append(out, "</td></tr></table>\n");
}

void render_html_block(GString *out, const struct report *report, const struct render_options *options)
{
	struct card *card = card_new(report, options->recipients, options->host);

	open_frame(out, report);
	append_element(out, "p", SMALL, report_phrase(report, "begin"));
	append_card(out, card);
	append_element(out, "p", "dir=\"auto\" style=\"margin:10px 0 0 0;font-size:12px\"", report_phrase(report, "end"));
	if (card->added_by)
		append_element(out, "p", "dir=\"auto\" style=\"margin:0;font-size:12px\"", card->added_by);
	close_frame(out);
	card_free(card);
}

static void append_page_card(GString *out, const struct report *report, const struct render_options *options)
{
	struct card *card = card_new(report, options->recipients, NULL);

	open_frame(out, report);
	append_card(out, card);
	close_frame(out);
	card_free(card);
}

static void render_page(GString *out, const struct report *report, const struct render_options *options)
{
	char *file = card_text(options->file ? options->file : "smtp-explain", CARD_WORDS_LIMIT);

	g_string_append(out, "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
			     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
	append_element(out, "title", "", file);
	g_string_append(out, "</head>\n<body>\n");
	if (report_has_news(report))
		append_page_card(out, report, options);
	else
		append_element(out, "p", "", kind_word(report->bounce->kind));
	g_string_append(out, "</body>\n</html>\n");
	g_free(file);
}

const struct renderer render_html = {"html", render_page};
