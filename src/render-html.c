/* render-html.c - a card as HTML: one element with inline styles that fits into any mail, and a page around it.
 *
 * Tables and padding of cells, because Outlook shows mail with the engine of Word; styles in each cell, because a table in a page without DOCTYPE
 * inherits none. Text has the colours of the mail around it, so it reads in light and dark mode alike; lines and marks have colours that stand out on both; only the mark
 * of who has to act sets both colours of its own, and a sign, a frame and weight tell the same. Headings and lists are real ones. No image, script, style sheet or
 * class. Not here: what is said (card.c), how text stays text (html-write.c).
 */
#include "render.h"

#include "html-write.h"

#include <string.h>

#define FONT "font-family:Arial,sans-serif;line-height:1.4;"
#define NORMAL "margin:0 0 6px 0;" FONT "font-size:14px;word-break:break-word"
#define SMALL "margin:0 0 6px 0;" FONT "font-size:13px;word-break:break-word"
#define TINY "margin:0;" FONT "font-size:12px;word-break:break-word"
#define LABEL "margin:12px 0 2px 0;" FONT "font-size:14px;font-weight:bold"
#define TITLE "margin:0 0 8px 0;" FONT "font-size:18px;font-weight:bold;word-break:break-word"
#define WORDS "margin:0 0 6px 0;padding:0 8px;border-left:3px solid #808080;font-family:Consolas,Menlo,monospace;line-height:1.4;font-size:12px;word-break:break-word"
#define CHIP "padding:5px 2px;text-align:center;" FONT "font-size:11px;"
#define ARROW "padding:0 2px;" FONT "font-size:11px"

#define FAILED "#d93025"	/* each is at least 3 to 1 on white and on black: WCAG 2.1, 1.4.11 */
#define DELAYED "#b06000"
#define LINE "#808080"
#define ACTS "#1967d2"		/* behind white text: at least 4.5 to 1 */

/* A sentence: the catalogue's words with a stranger's in it. */
static void append_element(GString *out, const char *tag, const char *style, const char *text)
{
	g_string_append_printf(out, "<%s style=\"%s\">", tag, style);
	html_write_unlinked(out, text);
	g_string_append_printf(out, "</%s>\n", tag);
}

static void append_all(GString *out, const char *tag, const char *style, const GPtrArray *texts)
{
	for (guint i = 0; i < texts->len; i++)
		append_element(out, tag, style, g_ptr_array_index(texts, i));
}

static void append_label(GString *out, const struct report *report, const char *phrase)
{
	append_element(out, "h3", LABEL, report_phrase(report, phrase));
}

static void append_section(GString *out, const struct report *report, const char *phrase, const GPtrArray *texts)
{
	if (texts->len == 0)
		return;
	append_label(out, report, phrase);
	append_all(out, "p", NORMAL, texts);
}

static void append_role(GString *out, const struct report *report, const char *owner, bool acts)
{
	char *phrase = g_strconcat("role-", owner, NULL);

	g_string_append(out, acts ? "<td width=\"25%\" style=\"" CHIP "border:2px solid " ACTS ";background-color:" ACTS ";color:#ffffff;font-weight:bold\">&#9679;&#160;"
				  : "<td width=\"25%\" style=\"" CHIP "border:1px solid " LINE "\">");
	html_write(out, report_phrase(report, phrase));
	g_string_append(out, "</td>\n");
	g_free(phrase);
}

/* Who has to act: as a sentence, and marked on the way from the sender to the recipient. A screen reader has the sentence. */
static void append_owners(GString *out, const struct report *report, const struct card_group *group)
{
	static const char *const way[] = {"sender", "sender-admin", "recipient-admin", "recipient"};

	append_label(out, report, "label-who");
	append_element(out, "p", NORMAL, group->who);
	g_string_append(out, "<table role=\"presentation\" aria-hidden=\"true\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:0\">\n<tr>\n");
	for (size_t i = 0; i < G_N_ELEMENTS(way); i++) {
		if (i > 0)
			g_string_append(out, "<td style=\"" ARROW "\">&#8250;</td>\n");
		append_role(out, report, way[i], strcmp(way[i], card_owner(group->first)) == 0);
	}
	g_string_append(out, "</tr>\n</table>\n");
}

static void append_said(GString *out, const struct report *report, const struct card_group *group)
{
	for (guint i = 0; i < group->said->len; i++) {
		const struct card_words *said = g_ptr_array_index(group->said, i), *before = i ? g_ptr_array_index(group->said, i - 1) : NULL;

		if (!before || strcmp(before->intro, said->intro) != 0)
			append_element(out, "p", SMALL, said->intro);
		g_string_append(out, "<blockquote dir=\"auto\" style=\"" WORDS "\">");
		html_write_unlinked(out, said->words);
		g_string_append(out, "</blockquote>\n");
	}
	if (group->said->len == 0 && *group->first->id)
		append_element(out, "p", SMALL, report_phrase(report, "no-reason"));
}

/* A link of the catalogue or of the configuration, never one of a stranger. */
static void append_link(GString *out, const char *link)
{
	g_string_append(out, "<a style=\"color:inherit\" href=\"");
	html_write(out, link);
	g_string_append(out, "\">");
	html_write(out, link);
	g_string_append(out, "</a>");
}

static void append_help(GString *out, const char *help)
{
	g_string_append(out, "<p style=\"" SMALL "\">");
	append_link(out, help);
	g_string_append(out, "</p>\n");
}

static void append_administrator(GString *out, const struct report *report, const struct card_group *group)
{
	g_string_append(out, "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:14px 0 0 0\">\n"
			     "<tr><td style=\"padding:8px 10px 4px 10px;background-color:rgba(128,128,128,0.12)\">\n");
	append_element(out, "h3", "margin:0 0 4px 0;" FONT "font-size:13px;font-weight:bold", report_phrase(report, "label-admin"));
	append_all(out, "p", SMALL, group->codes);
	append_all(out, "p", SMALL, group->admin);
	if (group->help)
		append_help(out, group->help);
	append_said(out, report, group);
	g_string_append(out, "</td></tr>\n</table>\n");
}

static void append_recipients(GString *out, const struct card_group *group)
{
	g_string_append(out, "<ul style=\"margin:0 0 8px 0;padding:0 20px\">\n");
	append_all(out, "li", "margin:0;" FONT "font-size:14px;font-weight:bold;word-break:break-word", group->recipients);
	g_string_append(out, "</ul>\n");
}

static void append_group(GString *out, const struct report *report, const struct card_group *group, bool name)
{
	if (name && group->recipients->len > 0)
		append_recipients(out, group);
	append_all(out, "p", NORMAL, group->notes);
	append_section(out, report, "label-what-happened", group->what);
	if (*group->who)
		append_owners(out, report, group);
	append_section(out, report, "label-what-to-do", group->advice);
	append_administrator(out, report, group);
}

static void append_card(GString *out, const struct card *card)
{
	bool several = card->groups->len > 1 || card->more;

	if (*card->headline)
		append_element(out, "h2", TITLE, card->headline);
	append_all(out, "p", NORMAL, card->notes);
	for (guint i = 0; i < card->groups->len; i++) {
		const struct card_group *group = g_ptr_array_index(card->groups, i);

		if (i > 0)
			g_string_append(out, "<hr style=\"border:0;border-top:1px solid " LINE ";margin:16px 0\">\n");
		append_group(out, card->report, group, several || group->recipients->len > 1);
	}
	if (card->more)
		append_element(out, "p", "margin:14px 0 0 0;" FONT "font-size:14px;font-weight:bold", card->more);
}

static void append_helpdesk(GString *out, const struct card *card)
{
	const char *link = card->helpdesk && card->helpdesk_link ? strstr(card->helpdesk, card->helpdesk_link) : NULL;
	char *before = card->helpdesk ? g_strndup(card->helpdesk, link ? (gsize)(link - card->helpdesk) : strlen(card->helpdesk)) : NULL;

	if (!before)
		return;
	g_string_append(out, "<p style=\"margin:14px 0 0 0;" FONT "font-size:14px\">");
	html_write(out, before);
	if (link) {
		append_link(out, card->helpdesk_link);
		html_write(out, link + strlen(card->helpdesk_link));
	}
	g_string_append(out, "</p>\n");
	g_free(before);
}

/* The same in the second language, as much of it as a person needs. */
static void append_second(GString *out, const struct card *card)
{
	const char *language = card ? card->report->language : NULL;

	if (!card)
		return;
	g_string_append(out, "<hr style=\"border:0;border-top:1px solid " LINE ";margin:16px 0\">\n<div");
	html_write_language(out, language ? language : "en");
	g_string_append(out, ">\n");
	if (*card->headline)
		append_element(out, "h2", LABEL, card->headline);
	append_all(out, "p", NORMAL, card->notes);
	for (guint i = 0; i < card->groups->len; i++) {
		const struct card_group *group = g_ptr_array_index(card->groups, i);

		if (card->groups->len > 1)
			append_recipients(out, group);
		append_all(out, "p", NORMAL, group->what);
		append_all(out, "p", NORMAL, group->advice);
	}
	g_string_append(out, "</div>\n");
}

/* The colour of the bar: it tells nothing that the headline does not. */
static const char *bar_colour(const struct report *report)
{
	const struct explanation *first = report->explanations->len > 0 ? &g_array_index(report->explanations, struct explanation, 0) : NULL;

	if (first && first->origin == ORIGIN_NOT_OURS)
		return LINE;
	return report->bounce->kind == KIND_BOUNCE ? FAILED : report->bounce->kind == KIND_DELAY ? DELAYED : LINE;
}

static void open_frame(GString *out, const struct report *report)
{
	g_string_append(out, "<div role=\"region\" aria-label=\"");
	html_write(out, report_phrase(report, "begin"));
	g_string_append_c(out, '"');
	html_write_language(out, report->language);
	g_string_append_printf(out, ">\n<table role=\"presentation\" width=\"100%%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"max-width:640px;margin:0 0 16px 0;"
				    "border:1px solid " LINE ";border-%s:6px solid %s;border-collapse:separate\">\n<tr><td style=\"padding:12px\">\n",
			       html_is_right_to_left(report->language) ? "right" : "left", bar_colour(report));
}

static void close_frame(GString *out)
{
	g_string_append(out, "</td></tr></table>\n</div>\n");
}

void render_html_block(GString *out, struct card *card)
{
	const struct report *report = card->report;

	open_frame(out, report);
	append_element(out, "p", TINY, report_phrase(report, "begin"));
	append_card(out, card);
	append_helpdesk(out, card);
	append_second(out, card_second(card));
	append_element(out, "p", "margin:12px 0 0 0;" FONT "font-size:12px", report_phrase(report, "end"));
	if (card->added_by)
		append_element(out, "p", TINY, card->added_by);
	close_frame(out);
}

static void append_page_card(GString *out, const struct report *report, const struct render_options *options)
{
	struct card *card = card_new(report, options->recipients, NULL);

	open_frame(out, report);
	append_card(out, card);
	append_helpdesk(out, card);
	append_second(out, card_second(card));
	close_frame(out);
	card_free(card);
}

static void render_page(GString *out, const struct report *report, const struct render_options *options)
{
	char *file = card_text(options->file ? options->file : "smtp-explain", CARD_WORDS_LIMIT);

	g_string_append(out, "<!DOCTYPE html>\n<html");
	html_write_language(out, report->language);
	g_string_append(out, ">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
			     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
	html_write(out, file);
	g_string_append(out, "</title>\n</head>\n<body>\n");
	if (report_has_news(report))
		append_page_card(out, report, options);
	else
		append_element(out, "p", NORMAL, kind_word(report->bounce->kind));
	g_string_append(out, "</body>\n</html>\n");
	g_free(file);
}

const struct renderer render_html = {"html", render_page};
