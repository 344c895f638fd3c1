/* explain.c - from what a message says (bounce.h) to what a reader is told: verdict, facts, language, sentences.
 *
 * Not here: which entry explains a failure (resolve.c), how its sentences are made (sentence.c), layout and escaping (render-*.c).
 */
#include "explain.h"

#include "address.h"
#include "failure.h"
#include "resolve.h"
#include "sentence.h"

#include <string.h>

/* For one message, some thousand common replies, and no more than 50 ms of hostile ones. */
#define WORK_LIMIT 30000u		/* places where patterns of the catalogue are tried */
#define WORDS_LIMIT (96u * 1024u)	/* bytes of replies in which such places are looked for */
#define FACTS_LIMIT (24u * 1024u)	/* bytes of replies in which facts are looked for */

/* What is left of that, and what was read last: recipients often share their reply. */
struct work {
	unsigned places;
	size_t words, facts;		/* bytes */
	const char *text;		/* the reply that last_facts were read from, NULL: none */
	struct facts last_facts;
	unsigned told[2];		/* failed and delayed recipients that have their sentences */
};

#define WORK {.places = WORK_LIMIT, .words = WORDS_LIMIT, .facts = FACTS_LIMIT}

const char *explain_class(const struct failure *failure)
{
	static const char *const words[] = {[2] = "success", [4] = "transient", [5] = "permanent"};
	int class = code_class(failure->code);

	if (class == 0)
		class = code_class(failure->status);
	if (class == 2 || class == 4 || class == 5)
		return words[class];
	if (failure->action == ACTION_NONE)
		return class == 6 ? "permanent" : NULL;
	return failure->action == ACTION_FAILED ? "permanent" : failure->action == ACTION_DELAYED ? "transient" : "success";
}

/* What the number says, whatever the text said. */
static void set_meaning(struct explanation *explanation, const struct report *report)
{
	struct code code = failure_code_to_explain(explanation->failure);
	char *rule = NULL;
	const struct catalogue_entry *entry = catalogue_get_code(report->catalogue, code, &rule);
	const char *reason = entry && entry_reason(entry) ? entry_id(entry_reason(entry)) + strlen("reason.") : "unspecified";

	g_free(rule);
	if (!entry)
		return;
	explanation->meaning = g_strdup(entry_text(entry, "meaning", report->language));
	explanation->meaning_of = entry_sort(entry) == ENTRY_CODE ? (struct code){.reply = code.reply} : code;
	explanation->number_differs = strcmp(reason, "unspecified") != 0 && strcmp(reason, explanation->reason) != 0;
}

static void hash(GChecksum *checksum, const char *text, bool lower)
{
	char *value = lower ? g_ascii_strdown(text ? text : "", -1) : g_strdup(text ? text : "");

	g_checksum_update(checksum, (const guchar *)value, (gssize)strlen(value) + 1);
	g_free(value);
}

/* Equal on every copy and every host, so that an event that two sites log can be found in both logs. Nothing of this host or this moment goes in. */
static void set_id(char id[13], const struct bounce *bounce, const struct failure *failure)
{
	GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
	char dsn[CODE_ENHANCED_SIZE];

	hash(checksum, bounce->reporter, true);
	hash(checksum, bounce->original.queue_id ? bounce->original.queue_id : bounce->original.message_id, false);
	hash(checksum, failure->to, true);
	hash(checksum, code_print_enhanced(code_has_enhanced(failure->code) ? failure->code : failure->status, dsn), false);
	g_strlcpy(id, g_checksum_get_string(checksum), 13);
	g_checksum_free(checksum);
}

/* Whose administrator "recipient-admin" is: ours where the host that refused is ours, or the mailbox is, whatever gateway stands before it. */
static bool is_our_side(const struct report *report, const struct failure *failure, const struct origin_domains *ours)
{
	bool host = origin_has_host(ours, failure->remote), domain = failure->to && origin_has_domain(ours, address_domain(failure->to));

	if (host)
		bounce_trace(report->bounce, "side: %s, which refused, is a host of ours", failure->remote);
	else if (domain)
		bounce_trace(report->bounce, "side: the domain of %s is ours", failure->to);
	return host || domain;
}

static void set_verdict(struct explanation *explanation, const struct verdict *verdict)
{
	const char *domain = explanation->failure->to ? address_domain(explanation->failure->to) : NULL, *owner;

	explanation->entry = verdict->entry ? verdict->entry : verdict->reason;
	explanation->class = explain_class(explanation->failure);
	explanation->reason = entry_id(verdict->reason) + strlen("reason.");
	owner = entry_words(explanation->entry, "owner", NULL, domain);
	explanation->owner = owner ? owner : "nobody";
	explanation->provider = verdict->provider ? entry_id(verdict->provider) + strlen("provider.") : NULL;
	explanation->provider_name = verdict->provider ? entry_value(verdict->provider, "name") : NULL;
	explanation->help = entry_words(explanation->entry, "help", NULL, domain);
	explanation->rule = verdict->rule;
	explanation->confidence = verdict->confidence;
}

/* Takes length off what is left; false: there is not so much. */
static bool spend(size_t *left, size_t length)
{
	bool enough = *left >= length;

	*left = enough ? *left - length : 0;
	return enough;
}

static struct facts read_facts(const char *text, struct work *work)
{
	bool same = text && work->text && strcmp(text, work->text) == 0;

	if (text && !same && spend(&work->facts, strlen(text))) {
		work->last_facts = facts_read(text);
		work->text = text;
		same = true;
	}
	return same ? work->last_facts : (struct facts){0};
}

/* The date of the report's own field counts before one in the words of a server. */
static void set_facts(struct explanation *explanation, struct work *work)
{
	const struct failure *failure = explanation->failure;
	struct fact_value *until = &explanation->facts.values[FACT_RETRY_UNTIL], *address = &explanation->facts.values[FACT_NEW_ADDRESS];

	explanation->facts = read_facts(failure->diagnostic, work);
	if (failure->retry_until) {
		until->text = failure->retry_until;
		until->length = strlen(failure->retry_until);
	}
	if (address->text && failure->to && strlen(failure->to) == address->length && g_ascii_strncasecmp(failure->to, address->text, address->length) == 0)
		address->text = NULL;
}

/* Is everything the same that a verdict rests on? */
static bool is_alike(const struct failure *a, const struct failure *b)
{
	const char *domain = a->to ? address_domain(a->to) : NULL, *other = b->to ? address_domain(b->to) : NULL;

	return g_strcmp0(a->diagnostic, b->diagnostic) == 0 && g_strcmp0(a->remote, b->remote) == 0 && g_strcmp0(domain, other) == 0 && code_equal(a->code, b->code) &&
	       code_equal(a->status, b->status) && a->number == b->number && a->action == b->action && a->stage == b->stage && a->conflict == b->conflict &&
	       a->refused_by_list == b->refused_by_list;
}

/* The explanation of the recipient before, as far as it is this one's too. */
static struct explanation verdict_of(const struct explanation *previous, const struct failure *failure)
{
	struct explanation explanation = *previous;

	explanation.failure = failure;
	explanation.rule = g_strdup(previous->rule);
	explanation.headline = explanation.summary = explanation.advice = explanation.admin = explanation.meaning = NULL;
	return explanation;
}

/* Makes the sentences of what may be shown: the headline is about the first that failed, the rest about the first that failed or are delayed, limit of each; 0: all. */
static void tell(struct explanation *explanation, const struct report *report, unsigned told[2], unsigned limit)
{
	enum action action = explanation->failure->action;

	if (limit > 0 && (action_delivered(action) || told[action == ACTION_DELAYED]++ >= limit))
		return;
	sentences_make(explanation, report);
	set_meaning(explanation, report);
}

static struct explanation judge(const struct report *report, const struct failure *failure, struct work *work)
{
	struct explanation explanation = {.failure = failure};
	struct verdict verdict;

	if (failure->diagnostic && !spend(&work->words, strlen(failure->diagnostic)))
		work->places = 0;
	verdict = resolve(report->catalogue, failure, &work->places, report->bounce->trace);
	set_verdict(&explanation, &verdict);
	return explanation;
}

/* previous: the explanation before, NULL: none. */
static struct explanation explain(const struct report *report, const struct failure *failure, const struct explanation *previous, const struct explain_options *options, struct work *work)
{
	bool alike = previous && !report->bounce->trace && is_alike(previous->failure, failure);
	struct explanation explanation = alike ? verdict_of(previous, failure) : judge(report, failure, work);

	set_facts(&explanation, work);
	explanation.our_side = is_our_side(report, failure, options->ours);
	tell(&explanation, report, work->told, options->sentences);
	return explanation;
}

static void explanation_clear(void *data)
{
	struct explanation *explanation = data;

	g_free(explanation->rule);
	g_free(explanation->headline);
	g_free(explanation->summary);
	g_free(explanation->advice);
	g_free(explanation->admin);
	g_free(explanation->meaning);
}

/* language is taken over. */
static struct report *report_new(struct bounce *bounce, char *language, struct catalogue *catalogue, const struct site_words *site)
{
	struct report *report = g_new0(struct report, 1);

	report->bounce = bounce;
	report->catalogue = catalogue_ref(catalogue);
	report->language = language;
	report->site = site;
	report->explanations = g_array_new(FALSE, TRUE, sizeof(struct explanation));
	g_array_set_clear_func(report->explanations, explanation_clear);
	return report;
}

struct report *report_translate(const struct report *report, const char *language)
{
	struct report *translation = report_new(report->bounce, g_strdup(language), report->catalogue, report->site);
	unsigned told[2] = {0, 0};

	translation->is_translation = true;
	for (guint i = 0; i < report->explanations->len; i++) {
		struct explanation explanation = g_array_index(report->explanations, struct explanation, i);

		explanation.rule = g_strdup(explanation.rule);
		explanation.headline = explanation.summary = explanation.advice = explanation.admin = explanation.meaning = NULL;
		tell(&explanation, translation, told, EXPLAIN_SHOWN_LIMIT);
		g_array_append_val(translation->explanations, explanation);
	}
	return translation;
}

struct report *explain_mail(const struct mail *mail, const char *sender, const struct explain_options *options)
{
	struct bounce *bounce = bounce_read(mail, sender, options->why);
	char *language = options->language ? g_strdup(options->language) : language_choose(options->languages, options->catalogue, options->readers, bounce);
	const char *second = options->second_language;
	struct report *report = report_new(bounce, language, options->catalogue, options->site);
	enum origin origin = origin_of(&bounce->original, options->ours);
	struct work work = WORK;

	if (bounce->kind != KIND_BOUNCE && bounce->kind != KIND_DELAY)
		return report;
	for (guint i = 0; i < bounce->failures->len; i++) {
		const struct explanation *previous = i > 0 ? &g_array_index(report->explanations, struct explanation, i - 1) : NULL;
		struct explanation explanation = explain(report, bounce->failures->pdata[i], previous, options, &work);

		explanation.origin = origin;
		set_id(explanation.id, bounce, explanation.failure);
		g_array_append_val(report->explanations, explanation);
	}
	bounce->limited = bounce->limited || work.places == 0 || work.facts == 0;
	if (second && *second && !language_is_same(second, report->language))
		report->second = report_translate(report, second);
	return report;
}

struct report *explain_reply(const char *reply, const struct explain_options *options)
{
	struct bounce *bounce = bounce_from_reply(reply);
	const char *fallback = options->languages ? options->languages->fallback : NULL;
	struct report *report = report_new(bounce, g_strdup(options->language ? options->language : fallback), options->catalogue, options->site);
	struct work work = WORK;

	if (options->why && !bounce->trace)
		bounce->trace = g_string_new(NULL);
	for (guint i = 0; i < bounce->failures->len; i++) {
		struct explanation explanation = explain(report, bounce->failures->pdata[i], NULL, options, &work);

		g_array_append_val(report->explanations, explanation);
	}
	return report;
}

void report_free(struct report *report)
{
	if (!report)
		return;
	report_free(report->second);
	g_array_unref(report->explanations);
	if (!report->is_translation)
		bounce_free(report->bounce);
	catalogue_unref(report->catalogue);
	g_free((gpointer)report->language);
	g_free(report);
}

/* Two words or more: somebody's sentence, which gets an answer even if nothing of it is known; a single one is a typing error. */
static bool is_sentence(const char *text)
{
	const char *blank = text ? strchr(text, ' ') : NULL;
	bool letters = false;

	for (const char *at = text; at && *at && !letters; at = g_utf8_next_char(at))
		letters = g_unichar_isalpha(g_utf8_get_char(at));
	return letters && ((blank && blank[1]) || !g_str_is_ascii(text));
}

bool report_has_news(const struct report *report)
{
	for (guint i = 0; i < report->explanations->len; i++) {
		const struct explanation *explanation = &g_array_index(report->explanations, struct explanation, i);
		bool known = explanation->rule || report->bounce->kind != KIND_NONE || is_sentence(explanation->failure->diagnostic);

		if (known && explanation_is_news(explanation))
			return true;
	}
	return false;
}

const char *report_phrase(const struct report *report, const char *name)
{
	return phrase_text(report->catalogue, name, report->language);
}

const char *confidence_word(enum confidence confidence)
{
	static const char *const words[] = {[CONFIDENCE_LOW] = "low", [CONFIDENCE_MEDIUM] = "medium", [CONFIDENCE_HIGH] = "high"};

	return words[confidence];
}
