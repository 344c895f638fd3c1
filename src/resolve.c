/* resolve.c - weighs what a failure brings along and says which catalogue entry explains it.
 *
 * The order and its reasons: the number alone misleads in more than half of real bounces, so any text beats any number; the words of the server at the end of a
 * chain beat those of the servers that passed them on; a text that every server uses says less than one that only this provider writes (priority).
 * Not here: finding codes and words in a message (dialect-*.c, reply.c, failure-words.c), which texts match (catalogue-match.c), the sentences (sentence.c).
 */
#include "resolve.h"

#include "address.h"
#include "failure.h"
#include "reply.h"
#include "stage.h"

#include <string.h>

#define CAUSE_PRIORITY 26		/* generic wording that was meant for the very reason; below it stand loose words and wrappers */

struct weighing {
	const struct catalogue *catalogue;
	const struct failure *failure;
	unsigned *work;
	GString *trace;
};

static void note(const struct weighing *weighing, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void note(const struct weighing *weighing, const char *format, ...)
{
	va_list arguments;

	if (!weighing->trace)
		return;
	va_start(arguments, format);
	g_string_append(weighing->trace, "resolve: ");
	g_string_append_vprintf(weighing->trace, format, arguments);
	g_string_append_c(weighing->trace, '\n');
	va_end(arguments);
}

static const char *reason_word(const struct catalogue_entry *entry)
{
	const struct catalogue_entry *reason = entry ? entry_reason(entry) : NULL;

	return reason ? entry_id(reason) + strlen("reason.") : "unspecified";
}

static bool has_reason(const struct catalogue_entry *entry, const char *reason)
{
	return strcmp(reason_word(entry), reason) == 0;
}

static GArray *match(const struct weighing *weighing, const char *text)
{
	const struct failure *failure = weighing->failure;
	struct catalogue_query query = {.diagnostic = text, .remote = failure->remote, .code = failure->code, .all = weighing->trace != NULL, .work = weighing->work};

	query.unmet = query.all;
	query.domain = failure->to ? address_domain(failure->to) : NULL;
	return catalogue_match(weighing->catalogue, &query);
}

/* Reasons that say how it ended, not why (entry_tells_cause), give way to a text that does. */
static const char *weakness_of(const struct catalogue_entry *entry)
{
	if (has_reason(entry, "protocol-error"))
		return "a follow-up error, another text is the cause";
	if (has_reason(entry, "delivery-expired") || has_reason(entry, "delayed"))
		return "says only that it took too long, another text says why";
	return NULL;
}

/* Why a text that matches is not to be believed; NULL: it is. cause: another one tells why. */
static const char *objection(const struct weighing *weighing, const struct catalogue_entry *entry, bool cause)
{
	bool success = has_reason(entry, "success");

	if (success && (weighing->failure->action != ACTION_NONE || code_class(weighing->failure->code) > 2))
		return "the recipient failed, this tells of a success";
	if (!success && weighing->failure->action == ACTION_NONE && code_class(weighing->failure->code) == 2)
		return "the code tells of a success, this of a failure";
	return cause ? weakness_of(entry) : NULL;
}

/* Is there a text that tells why, and more than a stray word of one? */
static bool has_cause(const GArray *matches)
{
	for (guint i = 0; i < matches->len; i++) {
		const struct catalogue_entry *entry = g_array_index(matches, struct match, i).entry;

		if (!g_array_index(matches, struct match, i).unmet && entry_priority(entry) >= CAUSE_PRIORITY && entry_tells_cause(entry))
			return true;
	}
	return false;
}

/* The best text to be believed among matches, best first. */
static const struct catalogue_entry *choose(const struct weighing *weighing, const GArray *matches, const char *where)
{
	const struct catalogue_entry *winner = NULL;
	bool cause = has_cause(matches);

	for (guint i = 0; i < matches->len; i++) {
		const struct match *found = &g_array_index(matches, struct match, i);
		const char *wrong = found->unmet ? strcmp(found->unmet, "host") == 0 ? "the host did not match" : "the code did not match" : objection(weighing, found->entry, cause);

		if (!wrong && winner)
			wrong = entry_priority(winner) > entry_priority(found->entry) ? "lower priority" : "same priority, shorter match or later id";
		note(weighing, "%s: %s (%s, priority %d, %zu bytes): %s", where, entry_id(found->entry), reason_word(found->entry),
		     entry_priority(found->entry), found->length, wrong ? wrong : "best text");
		if (!wrong)
			winner = found->entry;
	}
	if (matches->len == 0)
		note(weighing, "%s: no text of the catalogue matches", where);
	return winner;
}

/* Words that many servers use for anything: "rejected", "try again later". */
static bool is_loose(const struct catalogue_entry *entry)
{
	return entry_provider_is(entry, "generic") && entry_priority(entry) < CAUSE_PRIORITY;
}

/* The entry whose text explains the diagnostic, or NULL. *quoted: the diagnostic carries another server's reply. */
static const struct catalogue_entry *by_text(const struct weighing *weighing, bool *quoted)
{
	const char *diagnostic = weighing->failure->diagnostic, *inner = diagnostic ? reply_innermost(diagnostic) : NULL;
	const struct catalogue_entry *entry = NULL, *whole;
	GArray *matches;

	*quoted = inner && inner != diagnostic;
	if (!diagnostic)
		note(weighing, "text: the report quotes no words of a server");
	if (*quoted) {
		matches = match(weighing, inner);
		entry = choose(weighing, matches, "quoted reply");
		g_array_unref(matches);
	}
	if (diagnostic && (!entry || entry_provider_is(entry, "wrapper") || is_loose(entry))) {
		matches = match(weighing, diagnostic);
		whole = choose(weighing, matches, "text");
		g_array_unref(matches);
		if (!entry || entry_provider_is(entry, "wrapper") || (whole && !is_loose(whole) && !entry_provider_is(whole, "wrapper")))
			entry = whole;
	}
	return entry;
}

static int class_of_reply(struct code code)
{
	return code.reply / 100;
}

static bool contradicts_itself(struct code code)
{
	return code_has_reply(code) && code_has_enhanced(code) && class_of_reply(code) != code.class;
}

/* A code of success cannot explain a failure: it is of another reply, or of another recipient. */
static struct code without_success(const struct weighing *weighing, struct code code, const char *where)
{
	enum action action = weighing->failure->action;

	if (code_class(code) != 2 || (action != ACTION_FAILED && action != ACTION_DELAYED))
		return code;
	note(weighing, "%s: a code of success with a recipient that %s, not used", where, action == ACTION_FAILED ? "failed" : "is delayed");
	return CODE_NONE;
}

/* The code to explain: what the remote said, filled in from Status where that agrees. */
static struct code usable_code(const struct weighing *weighing)
{
	struct code code = without_success(weighing, failure_code_to_explain(weighing->failure), "code"), status = without_success(weighing, weighing->failure->status, "status");

	if (!code_has_enhanced(code) && code_has_enhanced(status) && !code_is_vague(status) &&
	    (!code_has_reply(code) || class_of_reply(code) == status.class)) {
		code.class = status.class;
		code.subject = status.subject;
		code.detail = status.detail;
	}
	return code_is_none(code) ? status : code;
}

/* Is it the number of a whole code, not only one of its digits, and does it name a reason? */
static bool is_specific(const struct catalogue_entry *entry)
{
	return entry && (entry_sort(entry) == ENTRY_DSN || entry_sort(entry) == ENTRY_CODE) && !has_reason(entry, "unspecified");
}

/* What the number explains, and its rule. An enhanced code whose class contradicts the reply counts only where the reply tells nothing. */
static const struct catalogue_entry *by_number(const struct weighing *weighing, struct code code, char **rule)
{
	struct code reply = {.reply = code.reply}, enhanced = code;
	const struct catalogue_entry *entry;

	if (!contradicts_itself(code))
		return catalogue_get_code(weighing->catalogue, code, rule);
	entry = catalogue_get_code(weighing->catalogue, reply, rule);
	if (is_specific(entry) || code_is_vague(code)) {
		note(weighing, "dsn: class %u contradicts the reply %u, not used", code.class, code.reply);
		return entry;
	}
	note(weighing, "dsn: class %u contradicts the reply %u, which tells nothing", code.class, code.reply);
	g_free(*rule);
	enhanced.reply = 0;
	return catalogue_get_code(weighing->catalogue, enhanced, rule);
}

/* A wrapper speaks about a reply that somebody else gave; with that reply's own number at hand, or without a reason of its own, it has nothing to add. */
static bool wrapper_yields(const struct catalogue_entry *text, const struct catalogue_entry *number, bool quoted)
{
	if (!entry_provider_is(text, "wrapper"))
		return has_reason(text, "unspecified") && is_specific(number);
	return is_specific(number) && (quoted || has_reason(text, "unspecified") || has_reason(text, "delayed"));
}

static enum confidence confidence_of(const struct weighing *weighing, const struct catalogue_entry *entry, struct code code)
{
	enum confidence confidence = entry_confidence(entry);

	if (entry_provider_is(entry, "wrapper"))
		confidence = MIN(confidence, CONFIDENCE_MEDIUM);
	else if (entry_sort(entry) == ENTRY_DSN)
		confidence = code_is_vague(code) || contradicts_itself(code) ? CONFIDENCE_LOW : MIN(confidence, CONFIDENCE_MEDIUM);
	else if (entry_sort(entry) != ENTRY_PROVIDER_TEXT)
		confidence = CONFIDENCE_LOW;
	if (weighing->failure->conflict && confidence > CONFIDENCE_LOW) {
		note(weighing, "confidence: lowered, Status and reply contradict each other");
		confidence--;
	}
	return confidence;
}

/* Gives the verdict another reason and its sentences; what won stays the rule. */
static void override(const struct weighing *weighing, struct verdict *verdict, const char *reason)
{
	char *id = g_strconcat("reason.", reason, NULL);

	verdict->reason = verdict->entry = catalogue_get(weighing->catalogue, id);
	g_free(id);
}

static void judge_action(const struct weighing *weighing, struct verdict *verdict)
{
	if (action_delivered(weighing->failure->action)) {
		note(weighing, "action: %s, so it is a success", action_word(weighing->failure->action));
		override(weighing, verdict, "success");
	} else if (weighing->failure->action == ACTION_DELAYED && has_reason(verdict->reason, "unspecified")) {
		note(weighing, "action: delayed, and no reason is known");
		override(weighing, verdict, "delayed");
	}
}

/* What a stage makes of a refusal that gives no reason of its own. */
static const struct {
	enum stage stage;
	const char *weak;	/* reason, of a number or of loose words */
	int class;		/* first digit, where the code has one; 0: any */
	const char *reason;
} stage_rules[] = {
	{STAGE_CONNECT, "remote-error", 4, "connection-failed"},
	{STAGE_CONNECT, "unspecified", 4, "connection-failed"},
	{STAGE_CONNECT, "policy-rejected", 4, "ip-reputation"},
	{STAGE_CONNECT, "unspecified", 5, "ip-reputation"},
	{STAGE_CONNECT, "policy-rejected", 5, "ip-reputation"},
	{STAGE_CONNECT, "protocol-error", 5, "ip-reputation"},
	{STAGE_CONNECT, "recipient-unknown", 0, "ip-reputation"},
	{STAGE_HELO, "unspecified", 5, "reverse-dns"},
	{STAGE_HELO, "policy-rejected", 5, "reverse-dns"},
	{STAGE_HELO, "recipient-unknown", 0, "reverse-dns"},
	{STAGE_MAIL, "recipient-unknown", 0, "sender-invalid"},
	{STAGE_MAIL, "address-syntax", 0, "sender-invalid"},
	{STAGE_MAIL, "unspecified", 5, "sender-blocked"},
	{STAGE_DATA, "recipient-unknown", 0, "policy-rejected"},
};

/* The stage is evidence where only a number speaks, or words so loose that many servers use them for anything. */
static bool is_weak(const struct catalogue_entry *entry)
{
	return !entry || entry_sort(entry) != ENTRY_PROVIDER_TEXT || is_loose(entry);
}

static void judge_stage(const struct weighing *weighing, struct verdict *verdict, struct code code)
{
	enum stage stage = weighing->failure->stage;

	if (stage == STAGE_NONE || action_delivered(weighing->failure->action) || !is_weak(verdict->entry))
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(stage_rules); i++) {
		bool class = !stage_rules[i].class || !code_class(code) || stage_rules[i].class == code_class(code);

		if (stage_rules[i].stage != stage || !class || !has_reason(verdict->reason, stage_rules[i].weak))
			continue;
		note(weighing, "stage: refused at %s, so %s rather than %s", stage_word(stage), stage_rules[i].reason, stage_rules[i].weak);
		override(weighing, verdict, stage_rules[i].reason);
		verdict->confidence = CONFIDENCE_LOW;
		return;
	}
	note(weighing, "stage: refused at %s, which says nothing more", stage_word(stage));
}

/* Reasons in which nobody says who may decide: where a list manager refused the message, it is the list's owner, not the mail administrator. */
static const char *const list_reasons[] = {"unspecified", "policy-rejected", "recipient-restricted", "remote-error"};

static void judge_list(const struct weighing *weighing, struct verdict *verdict)
{
	bool weak = false;

	if (!weighing->failure->refused_by_list || verdict->provider || action_delivered(weighing->failure->action))
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(list_reasons); i++)
		weak |= has_reason(verdict->reason, list_reasons[i]);
	if (!weak)
		return;
	note(weighing, "list: refused by a list manager, so list-restricted rather than %s", reason_word(verdict->reason));
	override(weighing, verdict, "list-restricted");
}

struct verdict resolve(const struct catalogue *catalogue, const struct failure *failure, unsigned *work, GString *trace)
{
	struct weighing weighing = {catalogue, failure, work, trace};
	struct verdict verdict = {.confidence = CONFIDENCE_LOW};
	struct code code;
	bool quoted = false;
	const struct catalogue_entry *text = action_delivered(failure->action) ? NULL : by_text(&weighing, &quoted), *number;

	code = usable_code(&weighing);
	number = by_number(&weighing, code, &verdict.rule);
	if (text && !wrapper_yields(text, number, quoted)) {
		note(&weighing, "%s (%s): not used, text beats number", verdict.rule ? verdict.rule : "code", reason_word(number));
		g_free(verdict.rule);
		verdict.rule = g_strdup(entry_id(text));
		verdict.entry = text;
	} else {
		if (text)
			note(&weighing, "%s: gives way, the number says more", entry_id(text));
		verdict.entry = number;
	}
	verdict.reason = verdict.entry && entry_reason(verdict.entry) ? entry_reason(verdict.entry) : catalogue_get(catalogue, "reason.unspecified");
	if (verdict.entry) {
		verdict.confidence = confidence_of(&weighing, verdict.entry, code);
		if (!entry_provider_is(verdict.entry, "generic") && !entry_provider_is(verdict.entry, "wrapper"))
			verdict.provider = entry_provider(verdict.entry);
	}
	judge_stage(&weighing, &verdict, code);
	judge_list(&weighing, &verdict);
	judge_action(&weighing, &verdict);
	note(&weighing, "won: %s (%s)", verdict.rule ? verdict.rule : "nothing", reason_word(verdict.reason));
	return verdict;
}
