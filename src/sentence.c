/* sentence.c - fills what is known of a failure into the sentences of the catalogue.
 *
 * What comes from the message goes in as a value, made harmless and never read for variables again. Not here: which entry speaks (resolve.c), in whose words and in
 * which language (catalogue-words.c), layout and escaping (render-*.c).
 */
#include "sentence.h"

#include "address.h"
#include "text.h"

#include <string.h>

#define VALUE_LIMIT 320u	/* bytes of an address or host that go into a sentence (RFC 5321 section 4.5.3.1) */

enum { TO, DOMAIN, REMOTE, PROVIDER, SITE_NAME, HELPDESK_NAME, HELPDESK_PHONE, HELPDESK_LINK, FIRST_FACT, VARIABLES = FIRST_FACT + FACTS };

/* A sentence of its own for a fact that the sentences of the entry do not tell. */
struct fact_sentence {
	enum fact fact;
	const char *phrase;
	bool person;		/* behind the summary, else behind admin */
	const char *reasons;	/* for which it matters, with blanks around each */
};

static const struct fact_sentence fact_sentences[] = {
	{FACT_LISTED_IP, "fact-listed-ip", false, " ip-blocklisted ip-reputation policy-rejected spam-content rate-limited "},
	{FACT_LISTED_DOMAIN, "fact-listed-domain", false, " ip-blocklisted ip-reputation spam-url sender-blocked sender-invalid "},
	{FACT_BLOCKLIST, "fact-blocklist", false, " ip-blocklisted ip-reputation spam-url sender-blocked "},
	{FACT_MESSAGE_SIZE, "fact-message-size", true, " message-too-large mailbox-full "},
	{FACT_SIZE_LIMIT, "fact-size-limit", true, " message-too-large "},
	{FACT_QUOTA, "fact-quota", true, " mailbox-full "},
	{FACT_RETRY_AFTER, "fact-retry-after", false, " greylisted rate-limited recipient-rate-limited remote-error connection-failed delayed "},
	{FACT_NEW_ADDRESS, "fact-new-address", true, " recipient-moved recipient-unknown recipient-inactive "},
	{FACT_AUTH_DOMAIN, "fact-auth-domain", false, " auth-spf auth-dkim auth-dmarc auth-generic "},
	{FACT_TLS_CAUSE, "fact-tls-cause", false, " tls "},
};

const char *phrase_text(const struct catalogue *catalogue, const char *name, const char *language)
{
	char *id = g_strconcat("phrase.", name, NULL);
	const struct catalogue_entry *entry = catalogue_get(catalogue, id);
	const char *text = entry ? entry_text(entry, "text", language) : NULL;

	g_free(id);
	return text ? text : "";
}

/* The value, harmless, or the phrase that stands in for one that is not known. The caller frees variable->value. */
static struct text_variable make_variable(const struct report *report, const char *name, const char *value)
{
	char *fallback = g_strconcat("fallback-", name, NULL), *shown;
	bool known = value && *value;

	shown = known ? text_printable(value) : g_strdup(phrase_text(report->catalogue, fallback, report->language));
	if (known)
		text_cut(shown, VALUE_LIMIT);
	g_free(fallback);
	return (struct text_variable){.name = name, .value = shown, .capital = !known};
}

/* A value that has no word to stand in for it: a part in brackets says what becomes of it. */
static struct text_variable make_optional(const char *name, char *value)
{
	char *shown = value ? text_printable(value) : g_strdup("");

	text_cut(shown, VALUE_LIMIT);
	g_free(value);
	return (struct text_variable){.name = name, .value = shown, .optional = true};
}

/* What people are told of a fact: the cause of a TLS failure in words of theirs. The caller frees it. */
static char *show_fact(const struct report *report, const struct facts *facts, enum fact fact)
{
	char *shown = fact_show(facts, fact), *name;

	if (fact != FACT_TLS_CAUSE || !shown)
		return shown;
	name = g_strconcat("tls-", shown, NULL);
	g_free(shown);
	shown = g_strdup(phrase_text(report->catalogue, name, report->language));
	g_free(name);
	return shown;
}

static void make_variables(struct text_variable variables[VARIABLES], const struct explanation *explanation, const struct report *report)
{
	static const struct site_words nothing = {NULL, NULL, NULL, NULL};
	const struct failure *failure = explanation->failure;
	const struct site_words *site = report->site ? report->site : &nothing;

	variables[TO] = make_variable(report, "to", failure->to);
	variables[DOMAIN] = make_variable(report, "domain", failure->to ? address_domain(failure->to) : NULL);
	variables[REMOTE] = make_variable(report, "remote", failure->remote);
	variables[PROVIDER] = make_variable(report, "provider", explanation->provider_name);
	variables[SITE_NAME] = make_optional("site-name", g_strdup(site->name));
	variables[HELPDESK_NAME] = make_optional("helpdesk-name", g_strdup(site->helpdesk_name));
	variables[HELPDESK_PHONE] = make_optional("helpdesk-phone", g_strdup(site->helpdesk_phone));
	variables[HELPDESK_LINK] = make_optional("helpdesk-link", g_strdup(site->helpdesk_link));
	for (int fact = 0; fact < FACTS; fact++)
		variables[FIRST_FACT + fact] = make_optional(fact_variable((enum fact)fact), show_fact(report, &explanation->facts, (enum fact)fact));
}

/* Bit 1 << fact for each fact that a template has a variable of. */
static unsigned facts_mentioned(const char *template)
{
	unsigned mentioned = 0;

	for (const char *at = strchr(template, '{'); at; at = strchr(at + 1, '{'))
		for (int fact = 0; fact < FACTS; fact++) {
			const char *name = fact_variable((enum fact)fact);

			if (strncmp(at + 1, name, strlen(name)) == 0 && at[1 + strlen(name)] == '}')
				mentioned |= 1u << fact;
		}
	return mentioned;
}

static void append_sentence(char **text, const char *template, const struct text_variable *variables)
{
	char *sentence = text_expand(template, variables, VARIABLES), *before = *text;
	size_t length = strlen(before);
	bool blank = length && (unsigned char)before[length - 1] < 0x80;	/* a Japanese full stop has its space built in */

	*text = g_strconcat(before, blank && *sentence ? " " : "", sentence, NULL);
	g_free(before);
	g_free(sentence);
}

static bool matters(const struct fact_sentence *row, const char *reason)
{
	const char *found = strstr(row->reasons, reason);

	return found && found > row->reasons && found[-1] == ' ' && found[strlen(reason)] == ' ';
}

/* told: bit 1 << fact for what some sentence tells already. */
static void tell_facts(struct explanation *explanation, const struct report *report, const struct text_variable *variables, unsigned told)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fact_sentences); i++) {
		const struct fact_sentence *row = &fact_sentences[i];
		const char *template;

		if (!facts_know(&explanation->facts, row->fact) || (told & 1u << row->fact) || !matters(row, explanation->reason))
			continue;
		template = phrase_text(report->catalogue, row->phrase, report->language);
		append_sentence(row->person ? &explanation->summary : &explanation->admin, template, variables);
		told |= facts_mentioned(template);
	}
}

static char *headline_of(const struct report *report, const struct failure *failure, const struct text_variable *variables)
{
	bool delay = failure->action == ACTION_DELAYED || (failure->action == ACTION_NONE && report->bounce->kind == KIND_DELAY);
	const char *name = failure->to ? delay ? "headline-delay" : "headline-bounce" : delay ? "headline-delay-unnamed" : "headline-bounce-unnamed";

	if (report->bounce->kind == KIND_NONE || action_delivered(failure->action))
		return g_strdup("");
	return text_expand(phrase_text(report->catalogue, name, report->language), variables, VARIABLES);
}

void sentences_make(struct explanation *explanation, const struct report *report)
{
	static const char *const keys[] = {"summary", "advice", "admin"};
	char **const places[] = {&explanation->summary, &explanation->advice, &explanation->admin};
	const char *domain = explanation->failure->to ? address_domain(explanation->failure->to) : NULL;
	struct text_variable variables[VARIABLES];
	unsigned told = 0;

	make_variables(variables, explanation, report);
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *template = entry_words(explanation->entry, keys[i], report->language, domain);

		*places[i] = text_expand(template ? template : "", variables, VARIABLES);
		told |= template ? facts_mentioned(template) : 0;
	}
	tell_facts(explanation, report, variables, told);
	explanation->headline = headline_of(report, explanation->failure, variables);
	for (guint i = 0; i < VARIABLES; i++)
		g_free((gpointer)variables[i].value);
}
