/* render-text.c - a card as plain text: the block at the head of a bounce, and the answer on a terminal.
 *
 * Every line of the block has a star before it. So a reader sees at each line who speaks, nothing that a message or a server says can
 * pass for the end of the block, and programs that look for addresses and replies at the beginnings of lines find only those of the
 * report; Sisimai leaves out such lines by itself. Not here: what is said (card.c).
 */
#include "render.h"

#include "text.h"

#include <string.h>

#define BLOCK_MARGIN "* "

struct layout {
	GString *out;
	const struct report *report;
	size_t columns;
	const char *margin;	/* stands before every line */
};

/* The first address behind a colon and a blank; NULL where there is none. */
static const char *address_behind_colon(const char *text)
{
	for (const char *colon = strstr(text, ": "); colon; colon = strstr(colon + 1, ": ")) {
		const char *word = colon + 1 + strspn(colon + 1, " ");

		if (memchr(word, '@', strcspn(word, " ")))
			return word;
	}
	return NULL;
}

/* In the block an address behind a colon begins a line: "Unknown user: bob@example.net" in one is a report of IMail to a program. */
static void put(const struct layout *layout, const char *indent, const char *text)
{
	char *before = g_strconcat(layout->margin, indent, NULL);
	const char *address = *layout->margin ? address_behind_colon(text) : NULL;
	char *first = address ? g_strndup(text, (gsize)(address - text)) : NULL;

	text_wrap(layout->out, first ? first : text, before, layout->columns, "\n");
	if (address)
		put(layout, indent, address);
	g_free(first);
	g_free(before);
}

/* A line with nothing but the margin, without its blank: programs cut blanks at the ends of lines. */
static void put_empty(const struct layout *layout)
{
	g_string_append(layout->out, layout->margin);
	while (layout->out->len > 0 && layout->out->str[layout->out->len - 1] == ' ')
		g_string_truncate(layout->out, layout->out->len - 1);
	g_string_append_c(layout->out, '\n');
}

static void put_label(const struct layout *layout, const char *phrase)
{
	char *label = g_strconcat(report_phrase(layout->report, phrase), ":", NULL);

	put(layout, "  ", label);
	g_free(label);
}

static void put_all(const struct layout *layout, const char *indent, const GPtrArray *texts)
{
	for (guint i = 0; i < texts->len; i++)
		put(layout, indent, g_ptr_array_index(texts, i));
}

static void put_section(const struct layout *layout, const char *phrase, const GPtrArray *texts)
{
	if (texts->len == 0)
		return;
	put_label(layout, phrase);
	put_all(layout, "    ", texts);
}

static void put_administrator(const struct layout *layout, const struct card_group *group)
{
	put_label(layout, "label-admin");
	put_all(layout, "    ", group->codes);
	put_all(layout, "    ", group->admin);
	if (group->help)
		put(layout, "    ", group->help);
	for (guint i = 0; i < group->said->len; i++) {
		const struct card_words *said = g_ptr_array_index(group->said, i), *before = i ? g_ptr_array_index(group->said, i - 1) : NULL;

		if (!before || strcmp(before->intro, said->intro) != 0)
			put(layout, "    ", said->intro);
		put(layout, "      | ", said->words);
	}
	if (group->said->len == 0 && *group->first->id)
		put(layout, "    ", report_phrase(layout->report, "no-reason"));
}

static void put_group(const struct layout *layout, const struct card_group *group, bool name)
{
	if (name)
		put_all(layout, "  - ", group->recipients);
	put_all(layout, "  ", group->notes);
	if (name || group->notes->len > 0)
		put_empty(layout);
	put_section(layout, "label-what-happened", group->what);
	if (*group->who) {
		put_label(layout, "label-who");
		put(layout, "    ", group->who);
	}
	put_section(layout, "label-what-to-do", group->advice);
	put_administrator(layout, group);
}

/* How it was found out, for who asks on a terminal. */
static void put_details(const struct layout *layout, const struct explanation *explanation)
{
	GString *details = g_string_new(NULL);

	g_string_append_printf(details, "%s; reason %s", explanation->class ? explanation->class : "-", explanation->reason);
	if (explanation->provider)
		g_string_append_printf(details, "; provider %s", explanation->provider);
	if (explanation->rule)
		g_string_append_printf(details, "; rule %s", explanation->rule);
	g_string_append_printf(details, "; confidence %s", confidence_word(explanation->confidence));
	if (*explanation->id)
		g_string_append_printf(details, "; id %s", explanation->id);
	put(layout, "  ", details->str);
	g_string_free(details, TRUE);
}

static void put_card(const struct layout *layout, const struct card *card, bool details)
{
	bool several = card->groups->len > 1 || card->more;

	put(layout, "  ", card->headline);
	put_all(layout, "  ", card->notes);
	for (guint i = 0; i < card->groups->len; i++) {
		const struct card_group *group = g_ptr_array_index(card->groups, i);

		if (i > 0 || *card->headline)
			put_empty(layout);
		put_group(layout, group, several || group->recipients->len > 1);
		if (details)
			put_details(layout, group->first);
	}
	if (card->more) {
		put_empty(layout);
		put(layout, "  ", card->more);
	}
	if (card->helpdesk) {
		put_empty(layout);
		put(layout, "  ", card->helpdesk);
	}
}

/* What a person needs, without headings: for the second language. */
static void put_compact(const struct layout *layout, const struct card *card)
{
	put(layout, "  ", card->headline);
	put_all(layout, "  ", card->notes);
	for (guint i = 0; i < card->groups->len; i++) {
		const struct card_group *group = g_ptr_array_index(card->groups, i);

		if (card->groups->len > 1)
			put_all(layout, "  - ", group->recipients);
		put_all(layout, "  ", group->what);
		put_all(layout, "  ", group->advice);
	}
	if (card->more)
		put(layout, "  ", card->more);
}

static void put_second(const struct layout *layout, const struct card *card)
{
	if (!card)
		return;
	put_empty(layout);
	put(layout, "  ", "- - -");
	put_empty(layout);
	put_compact(layout, card);
}

static void put_rule(const struct layout *layout)
{
	g_string_append(layout->out, layout->margin);
	for (size_t i = strlen(layout->margin); i < layout->columns; i++)
		g_string_append_c(layout->out, '-');
	g_string_append_c(layout->out, '\n');
}

void render_text_block(GString *out, struct card *card)
{
	struct layout layout = {out, card->report, RENDER_COLUMNS, BLOCK_MARGIN};

	put_rule(&layout);
	put(&layout, "", report_phrase(card->report, "begin"));
	put_empty(&layout);
	put_card(&layout, card, false);
	put_second(&layout, card_second(card));
	put_empty(&layout);
	put(&layout, "", report_phrase(card->report, "end"));
	if (card->added_by)
		put(&layout, "", card->added_by);
	put_rule(&layout);
	g_string_append_c(out, '\n');
}

static void put_title(const struct layout *layout, const struct render_options *options)
{
	char *file = card_text(options->file, CARD_WORDS_LIMIT), *title;
	const char *kind = kind_word(layout->report->bounce->kind);

	title = options->message ? g_strdup_printf("%s, message %d: %s", file, options->message, kind) : g_strdup_printf("%s: %s", file, kind);
	put(layout, "", title);
	g_free(title);
	g_free(file);
}

static void put_about(const struct layout *layout, const char *label, const char *value)
{
	char *shown = card_text(value, CARD_ADDRESS_LIMIT), *line = g_strdup_printf("%s %s", label, shown);

	if (*shown)
		put(layout, "  ", line);
	g_free(line);
	g_free(shown);
}

static void render_to_terminal(GString *out, const struct report *report, const struct render_options *options)
{
	struct layout layout = {out, report, options->columns, ""};
	struct card *card = card_new(report, options->recipients, NULL);

	if (options->file)
		put_title(&layout, options);
	if (report_has_news(report)) {
		put_card(&layout, card, true);
		put_second(&layout, card_second(card));
		put_about(&layout, "report of", report->bounce->reporter);
		put_about(&layout, "about message", report->bounce->original.message_id);
		put_about(&layout, "with the subject", report->bounce->original.subject);
	}
	put_empty(&layout);
	card_free(card);
}

const struct renderer render_text = {"text", render_to_terminal};
