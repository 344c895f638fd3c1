/* card.c - puts a report into the words a reader gets: what to say, to whom, in which order, how much of it.
 *
 * Not here: how it looks (render-text.c, render-html.c), what a code means (the catalogue and explain.c).
 */
#include "card.h"

#include "text.h"

#include <string.h>

char *card_text(const char *text, size_t limit)
{
	char *printable = text_printable(text ? text : ""), *folded = text_fold(printable);

	text_cut(folded, limit);
	g_free(printable);
	return folded;
}

char *card_code(struct code code)
{
	char reply[CODE_REPLY_SIZE], enhanced[CODE_ENHANCED_SIZE];

	code_print_reply(code, reply);
	code_print_enhanced(code, enhanced);
	return g_strconcat(reply, *reply && *enhanced ? " " : "", enhanced, NULL);
}

/* Adds text (taken over) unless it is empty or there already. */
static void add_once(GPtrArray *list, char *text)
{
	if (*text && !g_ptr_array_find_with_equal_func(list, text, g_str_equal, NULL))
		g_ptr_array_add(list, text);
	else
		g_free(text);
}

static char *replace(char *text, const char *what, const char *instead)
{
	char **parts, *replaced;

	if (!*what)
		return text;
	parts = g_strsplit(text, what, -1);
	replaced = g_strjoinv(instead, parts);
	g_strfreev(parts);
	g_free(text);
	return replaced;
}

/* A sentence with its recipient taken out: the same for all of whom it is true. */
static char *shape_of(const char *sentence, const char *to)
{
	const char *at = strrchr(to, '@');

	return replace(replace(g_strdup(sentence), to, "{to}"), at ? at + 1 : "", "{domain}");
}

/* Adds a sentence about to, unless the group has it already: about him or about another one. */
static void add_sentence(struct card_group *group, GPtrArray *list, const char *sentence, const char *to)
{
	char *shown = card_text(sentence, CARD_WORDS_LIMIT), *shape = shape_of(shown, to);

	if (g_ptr_array_find_with_equal_func(group->shapes, shape, g_str_equal, NULL)) {
		group->same |= strcmp(shown, shape) != 0;
		g_free(shown);
		g_free(shape);
		return;
	}
	g_ptr_array_add(group->shapes, shape);
	add_once(list, shown);
}

/* A phrase of the catalogue with its variables filled in. */
static char *phrase(const struct report *report, const char *name, const struct text_variable *variables, size_t count)
{
	char *expanded = text_expand(report_phrase(report, name), variables, count), *shown = card_text(expanded, CARD_WORDS_LIMIT);

	g_free(expanded);
	return shown;
}

static char *phrase_with(const struct report *report, const char *name, const char *variable, const char *value)
{
	struct text_variable variables[] = {{.name = variable, .value = value}};

	return phrase(report, name, variables, 1);
}

static char *phrase_count(const struct report *report, const char *name, unsigned count)
{
	char number[16];

	g_snprintf(number, sizeof number, "%u", count);
	return phrase_with(report, name, "count", number);
}

static void add_code(struct card_group *group, const struct report *report, const struct explanation *explanation)
{
	char *code = card_code(explanation->meaning ? explanation->meaning_of : explanation->failure->code);
	struct text_variable variables[] = {{.name = "code", .value = code}, {.name = "meaning", .value = explanation->meaning}};
	const char *name = explanation->number_differs ? "code-meaning-usual" : "code-meaning";

	if (*code && explanation->meaning)
		add_once(group->codes, phrase(report, name, variables, G_N_ELEMENTS(variables)));
	else
		add_once(group->codes, g_strdup(code));
	g_free(code);
}

static bool was_said(const struct card_group *group, const char *words)
{
	for (guint i = 0; i < group->said->len; i++)
		if (strcmp(((struct card_words *)g_ptr_array_index(group->said, i))->words, words) == 0)
			return true;
	return false;
}

static void add_words(struct card_group *group, const struct report *report, const struct failure *failure)
{
	struct card_words *said;
	char *words = card_text(failure->diagnostic, CARD_WORDS_LIMIT), *code = card_code(failure->code), *remote = card_text(failure->remote, CARD_ADDRESS_LIMIT);

	if (group->said->len < CARD_WORDS && *words && strcmp(words, code) != 0 && !was_said(group, words)) {
		said = g_new0(struct card_words, 1);
		said->intro = *remote ? phrase_with(report, "said", "remote", remote) : phrase(report, "said-unknown", NULL, 0);
		said->words = words;
		g_ptr_array_add(group->said, said);
	} else {
		g_free(words);
	}
	g_free(remote);
	g_free(code);
}

static void add_delay(GPtrArray *notes, const struct report *report, const struct explanation *explanation)
{
	const char *field = explanation->failure->retry_until;
	char *told = field ? g_strdup(field) : fact_show(&explanation->facts, FACT_RETRY_UNTIL), *date = told ? mail_date(told) : NULL;
	char *until = card_text(date ? date : told, 60);

	add_once(notes, phrase(report, "delay-note", NULL, 0));
	if (*until)
		add_once(notes, phrase_with(report, "delay-until", "until", until));
	g_free(told);
	g_free(until);
	g_free(date);
}

static void add_notes(struct card_group *group, const struct report *report, const struct explanation *explanation)
{
	const struct failure *failure = explanation->failure;
	char *to = card_text(failure->to, CARD_ADDRESS_LIMIT), *orig_to = card_text(failure->orig_to, CARD_ADDRESS_LIMIT);
	char *status = card_code(failure->status), *reply = card_code(failure->code);
	struct text_variable variables[] = {
		{.name = "to", .value = to}, {.name = "orig_to", .value = orig_to}, {.name = "status", .value = status}, {.name = "reply", .value = reply},
	};

	if (report->bounce->kind == KIND_BOUNCE && failure->action == ACTION_DELAYED)
		add_delay(group->notes, report, explanation);
	if (*to && *orig_to)
		add_once(group->notes, phrase(report, "forwarded", variables, G_N_ELEMENTS(variables)));
	if (failure->conflict && *status && *reply)
		add_once(group->admin, phrase(report, "conflict", variables, G_N_ELEMENTS(variables)));
	g_free(to);
	g_free(orig_to);
	g_free(status);
	g_free(reply);
}

/* Is the administrator of the recipient's side our own, so that the reader has to be told whom it is about? */
static bool is_ours(const struct explanation *explanation)
{
	return explanation->our_side && strcmp(explanation->owner, "recipient-admin") == 0;
}

const char *card_owner(const struct explanation *explanation)
{
	return is_ours(explanation) ? "sender-admin" : explanation->owner;
}

static void add_explanation(struct card_group *group, const struct report *report, const struct explanation *explanation)
{
	char *to = card_text(explanation->failure->to, CARD_WORDS_LIMIT);

	add_once(group->recipients, card_text(explanation->failure->to, CARD_ADDRESS_LIMIT));
	add_sentence(group, group->what, explanation->summary, to);
	if (*group->who)
		add_sentence(group, group->advice, explanation->advice, to);
	add_code(group, report, explanation);
	if (is_ours(explanation))
		add_once(group->admin, phrase(report, "our-side", NULL, 0));
	add_sentence(group, group->admin, explanation->admin, to);
	add_notes(group, report, explanation);
	add_words(group, report, explanation->failure);
	g_free(to);
}

static void words_free(gpointer data)
{
	struct card_words *said = data;

	g_free(said->intro);
	g_free(said->words);
	g_free(said);
}

static void group_free(gpointer data)
{
	struct card_group *group = data;

	g_ptr_array_unref(group->recipients);
	g_ptr_array_unref(group->notes);
	g_ptr_array_unref(group->what);
	g_ptr_array_unref(group->advice);
	g_ptr_array_unref(group->codes);
	g_ptr_array_unref(group->admin);
	g_ptr_array_unref(group->said);
	g_ptr_array_unref(group->shapes);
	g_free(group->who);
	g_free(group);
}

/* "Need help? IT service, extension 4711, https://help.example.com", as much as the site tells. */
static void add_helpdesk(struct card *card)
{
	const struct site_words *site = card->report->site;
	const char *parts[] = {site ? site->helpdesk_name : NULL, site ? site->helpdesk_phone : NULL, site ? site->helpdesk_link : NULL};
	GString *contact = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (parts[i] && *parts[i])
			g_string_append_printf(contact, "%s%s", contact->len ? ", " : "", parts[i]);
	if (contact->len) {
		card->helpdesk = phrase_with(card->report, "helpdesk", "contact", contact->str);
		card->helpdesk_link = parts[2] && *parts[2] ? parts[2] : NULL;
	}
	g_string_free(contact, TRUE);
}

static struct card_group *group_new(const struct report *report, const struct explanation *first)
{
	struct card_group *group = g_new0(struct card_group, 1);
	char *owner = g_strconcat("owner-", is_ours(first) ? "ours" : first->owner, NULL);

	group->first = first;
	group->recipients = g_ptr_array_new_with_free_func(g_free);
	group->notes = g_ptr_array_new_with_free_func(g_free);
	group->what = g_ptr_array_new_with_free_func(g_free);
	group->advice = g_ptr_array_new_with_free_func(g_free);
	group->codes = g_ptr_array_new_with_free_func(g_free);
	group->admin = g_ptr_array_new_with_free_func(g_free);
	group->said = g_ptr_array_new_with_free_func(words_free);
	group->shapes = g_ptr_array_new_with_free_func(g_free);
	group->who = first->origin == ORIGIN_NOT_OURS ? g_strdup("") : phrase(report, owner, NULL, 0);
	group->help = first->help;
	g_free(owner);
	return group;
}

static bool belongs(const struct card_group *group, const struct explanation *explanation)
{
	const struct explanation *first = group->first;

	return g_strcmp0(first->rule, explanation->rule) == 0 && strcmp(first->owner, explanation->owner) == 0 && is_ours(first) == is_ours(explanation) &&
	       (first->failure->action == ACTION_DELAYED) == (explanation->failure->action == ACTION_DELAYED);
}

static struct card_group *group_for(struct card *card, const struct explanation *explanation)
{
	for (guint i = 0; i < card->groups->len; i++)
		if (belongs(g_ptr_array_index(card->groups, i), explanation))
			return g_ptr_array_index(card->groups, i);
	g_ptr_array_add(card->groups, group_new(card->report, explanation));
	return g_ptr_array_index(card->groups, card->groups->len - 1);
}

/* What the headline is about: the failed ones of a bounce, all of a delay. */
static bool in_headline(const struct report *report, const struct explanation *explanation)
{
	return explanation_is_news(explanation) && (report->bounce->kind != KIND_BOUNCE || explanation->failure->action != ACTION_DELAYED);
}

static char *make_headline(const struct report *report)
{
	const struct explanation *first = NULL;
	unsigned count = 0, not_ours = 0;

	for (guint i = 0; i < report->explanations->len; i++) {
		const struct explanation *explanation = &g_array_index(report->explanations, struct explanation, i);

		if (!in_headline(report, explanation))
			continue;
		not_ours += explanation->origin == ORIGIN_NOT_OURS;
		if (++count == 1)
			first = explanation;
	}
	if (count > 0 && not_ours == count)
		return phrase(report, report->bounce->kind == KIND_DELAY ? "headline-backscatter-delay" : "headline-backscatter", NULL, 0);
	if (count > 1)
		return phrase_count(report, report->bounce->kind == KIND_DELAY ? "headline-delay-several" : "headline-bounce-several", count);
	return card_text(first ? first->headline : "", CARD_WORDS_LIMIT);
}

static void add_card_notes(struct card *card, const struct explanation *explanation)
{
	if (card->report->bounce->kind == KIND_DELAY && card->notes->len == 0)
		add_delay(card->notes, card->report, explanation);
	if (explanation->origin == ORIGIN_NOT_OURS)
		add_once(card->notes, phrase(card->report, "backscatter", NULL, 0));
}

static void add_same(struct card_group *group, const struct report *report)
{
	if (group->same)
		add_once(group->what, phrase(report, "same", NULL, 0));
}

struct card *card_new(const struct report *report, unsigned recipients, const char *host)
{
	struct card *card = g_new0(struct card, 1);
	unsigned concerned = 0;

	card->report = report;
	card->host = host;
	card->recipients = recipients;
	card->notes = g_ptr_array_new_with_free_func(g_free);
	card->groups = g_ptr_array_new_with_free_func(group_free);
	card->headline = make_headline(report);
	for (guint i = 0; i < report->explanations->len; i++) {
		const struct explanation *explanation = &g_array_index(report->explanations, struct explanation, i);

		if (!explanation_is_news(explanation) || concerned++ >= recipients)
			continue;
		add_card_notes(card, explanation);
		add_explanation(group_for(card, explanation), report, explanation);
	}
	for (guint i = 0; i < card->groups->len; i++)
		add_same(g_ptr_array_index(card->groups, i), report);
	if (concerned > recipients)
		card->more = phrase_count(report, "more", concerned - recipients);
	add_helpdesk(card);
	if (host)
		card->added_by = phrase_with(report, "added-by", "host", host);
	return card;
}

struct card *card_second(struct card *card)
{
	if (!card->second && card->report->second)
		card->second = card_new(card->report->second, card->recipients, NULL);
	return card->second;
}

void card_free(struct card *card)
{
	if (!card)
		return;
	card_free(card->second);
	g_free(card->headline);
	g_ptr_array_unref(card->notes);
	g_ptr_array_unref(card->groups);
	g_free(card->more);
	g_free(card->helpdesk);
	g_free(card->added_by);
	g_free(card);
}
