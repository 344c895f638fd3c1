/* choices.c - compares envelope and report with what the configuration includes and exempts.
 *
 * Not here: where in a message an annotation goes (annotate.c).
 */
#include "choices.h"

#include "lists.h"

static const char *const *words(char **list)
{
	return (const char *const *)list;
}

/* One of them is enough: a program that reads bounces must get them as they came, and a person who gets a copy can do without. */
static bool is_for_exempt_recipient(const struct conf *conf, const struct envelope *envelope)
{
	for (guint i = 0; i < envelope->recipients->len; i++)
		if (lists_have_address(words(conf->exempt_recipients), g_ptr_array_index(envelope->recipients, i)))
			return true;
	return false;
}

const char *choices_of_envelope(const struct conf *conf, const struct envelope *envelope)
{
	if (lists_have_client(words(conf->exempt_clients), envelope->client_name, envelope->client_address))
		return "exempt-client";
	return is_for_exempt_recipient(conf, envelope) ? "exempt-recipient" : NULL;
}

static bool is_chosen_origin(const struct conf *conf, const struct report *report)
{
	for (guint i = 0; i < report->explanations->len; i++)
		if (g_strv_contains(words(conf->origins), origin_word(g_array_index(report->explanations, struct explanation, i).origin)))
			return true;
	return false;
}

/* One that is included and not exempt is enough: whoever reads about that one wants to know. */
static bool has_chosen_failure(const struct conf *conf, const struct report *report)
{
	for (guint i = 0; i < report->explanations->len; i++) {
		const struct explanation *explanation = &g_array_index(report->explanations, struct explanation, i);
		const char *to = explanation->failure->to;

		if (explanation_is_news(explanation) && (!*conf->failed_recipients || lists_have_address(words(conf->failed_recipients), to)) &&
		    !lists_have_address(words(conf->exempt_failed_recipients), to))
			return true;
	}
	return false;
}

const char *choices_of_report(const struct conf *conf, const struct report *report)
{
	if (!g_strv_contains(words(conf->kinds), kind_word(report->bounce->kind)))
		return "kind";
	if (!is_chosen_origin(conf, report))
		return "origin";
	return has_chosen_failure(conf, report) ? NULL : "failed-recipient";
}

bool choices_trust(const struct conf *conf, const struct envelope *envelope)
{
	return lists_have_client(words(conf->trusted_relays), envelope->client_name, envelope->client_address);
}
