/* explain.c - from what a message says (bounce.h) to what a reader is told: the verdict of the resolver in sentences.
 *
 * Every sentence is of the catalogue; what comes from the message goes into it as a value, made harmless and never read for variables again.
 * Not here: which entry explains a failure (resolve.c), layout and escaping (render-*.c).
 */
#include "explain.h"

#include "address.h"
#include "resolve.h"
#include "text.h"

#include <string.h>

#define WORK_LIMIT 40000u	/* places where patterns are tried for one message: some thousand common replies, and no more than 50 ms of hostile ones */
#define VALUE_LIMIT 320u	/* bytes of an address or host that go into a sentence (RFC 5321 section 4.5.3.1) */

enum { TO, DOMAIN, REMOTE, PROVIDER, VARIABLES };

static const char *phrase(const struct catalogue *catalogue, const char *name, const char *language)
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

	shown = known ? text_printable(value) : g_strdup(phrase(report->catalogue, fallback, report->language));
	if (known)
		text_cut(shown, VALUE_LIMIT);
	g_free(fallback);
	return (struct text_variable){.name = name, .value = shown, .capital = !known};
}

static char *sentence(const struct verdict *verdict, const char *key, const char *language, const struct text_variable *variables)
{
	const char *template = entry_sentence(verdict->entry ? verdict->entry : verdict->reason, key, language);

	return text_expand(template ? template : "", variables, VARIABLES);
}

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
	struct code code = explanation->failure->code;
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

static char *headline_of(const struct report *report, const struct failure *failure, const struct text_variable *variables)
{
	bool delay = failure->action == ACTION_DELAYED || (failure->action == ACTION_NONE && report->bounce->kind == KIND_DELAY);
	const char *name = failure->to ? delay ? "headline-delay" : "headline-bounce" : delay ? "headline-delay-unnamed" : "headline-bounce-unnamed";

	if (report->bounce->kind == KIND_NONE || (failure->action > ACTION_DELAYED))
		return g_strdup("");
	return text_expand(phrase(report->catalogue, name, report->language), variables, VARIABLES);
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

static const char *help_of(const struct verdict *verdict)
{
	const char *help = verdict->entry ? entry_value(verdict->entry, "help") : NULL;

	if (!help && verdict->provider)
		help = entry_value(verdict->provider, "help");
	return help ? help : entry_value(verdict->reason, "help");
}

static void set_facts(struct explanation *explanation, const struct verdict *verdict)
{
	explanation->class = explain_class(explanation->failure);
	explanation->reason = entry_id(verdict->reason) + strlen("reason.");
	explanation->owner = entry_owner(verdict->entry ? verdict->entry : verdict->reason);
	explanation->provider = verdict->provider ? entry_id(verdict->provider) + strlen("provider.") : NULL;
	explanation->provider_name = verdict->provider ? entry_value(verdict->provider, "name") : NULL;
	explanation->help = help_of(verdict);
	explanation->rule = verdict->rule;
	explanation->confidence = (enum confidence)verdict->confidence;
}

static struct explanation explain(const struct report *report, const struct failure *failure, unsigned *work)
{
	struct explanation explanation = {.failure = failure};
	struct verdict verdict = resolve(report->catalogue, failure, work, report->bounce->trace);
	struct text_variable variables[VARIABLES];

	set_facts(&explanation, &verdict);
	variables[TO] = make_variable(report, "to", failure->to);
	variables[DOMAIN] = make_variable(report, "domain", failure->to ? address_domain(failure->to) : NULL);
	variables[REMOTE] = make_variable(report, "remote", failure->remote);
	variables[PROVIDER] = make_variable(report, "provider", explanation.provider_name);
	explanation.headline = headline_of(report, failure, variables);
	explanation.summary = sentence(&verdict, "summary", report->language, variables);
	explanation.advice = sentence(&verdict, "advice", report->language, variables);
	explanation.admin = sentence(&verdict, "admin", report->language, variables);
	set_meaning(&explanation, report);
	for (guint i = 0; i < VARIABLES; i++)
		g_free((gpointer)variables[i].value);
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

static struct report *report_new(struct bounce *bounce, const struct explain_options *options)
{
	struct report *report = g_new0(struct report, 1);

	report->bounce = bounce;
	report->catalogue = catalogue_ref(options->catalogue);
	report->language = g_strdup(options->language);
	report->explanations = g_array_new(FALSE, TRUE, sizeof(struct explanation));
	g_array_set_clear_func(report->explanations, explanation_clear);
	return report;
}

struct report *explain_mail(const struct mail *mail, const char *sender, const struct explain_options *options)
{
	struct report *report = report_new(bounce_read(mail, sender, options->why), options);
	struct bounce *bounce = report->bounce;
	enum origin origin = origin_of(&bounce->original, options->ours);
	unsigned work = WORK_LIMIT;

	if (bounce->kind != KIND_BOUNCE && bounce->kind != KIND_DELAY)
		return report;
	for (guint i = 0; i < bounce->failures->len; i++) {
		struct explanation explanation = explain(report, bounce->failures->pdata[i], &work);

		explanation.origin = origin;
		set_id(explanation.id, bounce, explanation.failure);
		g_array_append_val(report->explanations, explanation);
	}
	bounce->limited = bounce->limited || work == 0;
	return report;
}

struct report *explain_reply(const char *reply, const struct explain_options *options)
{
	struct report *report = report_new(bounce_from_reply(reply), options);
	struct bounce *bounce = report->bounce;
	unsigned work = WORK_LIMIT;

	if (options->why && !bounce->trace)
		bounce->trace = g_string_new(NULL);
	for (guint i = 0; i < bounce->failures->len; i++) {
		struct explanation explanation = explain(report, bounce->failures->pdata[i], &work);

		g_array_append_val(report->explanations, explanation);
	}
	return report;
}

void report_free(struct report *report)
{
	if (!report)
		return;
	g_array_unref(report->explanations);
	bounce_free(report->bounce);
	catalogue_unref(report->catalogue);
	g_free((gpointer)report->language);
	g_free(report);
}

bool report_has_news(const struct report *report)
{
	for (guint i = 0; i < report->explanations->len; i++) {
		const struct explanation *explanation = &g_array_index(report->explanations, struct explanation, i);
		bool known = explanation->rule || report->bounce->kind != KIND_NONE;	/* of a bare reply that nothing fits there is nothing to tell */

		if (known && explanation->failure->action <= ACTION_DELAYED)
			return true;
	}
	return false;
}

const char *report_phrase(const struct report *report, const char *name)
{
	return phrase(report->catalogue, name, report->language);
}

const char *confidence_word(enum confidence confidence)
{
	static const char *const words[] = {[CONFIDENCE_LOW] = "low", [CONFIDENCE_MEDIUM] = "medium", [CONFIDENCE_HIGH] = "high"};

	return words[confidence];
}
