/* dialect-rfc3464.c - machine-readable delivery status notifications (RFC 3464, RFC 6533), in their own part or printed into the text.
 *
 * Not here: the single fields (status.c), the human-readable words beside them (the other dialects).
 */
#include "address.h"
#include "dialect.h"
#include "reply.h"
#include "shape.h"
#include "signs.h"
#include "stage.h"
#include "status.h"
#include "text.h"

#include <string.h>

static enum action action_of(const char *word)
{
	static const struct {
		const char *prefix;
		enum action action;
	} words[] = {
		{"fail", ACTION_FAILED}, {"error", ACTION_FAILED}, {"bounce", ACTION_FAILED}, {"reject", ACTION_FAILED},
		{"expired", ACTION_FAILED}, {"delay", ACTION_DELAYED}, {"deliver", ACTION_DELIVERED}, {"relay", ACTION_RELAYED},
		{"expand", ACTION_EXPANDED},
	};

	for (size_t i = 0; word && i < G_N_ELEMENTS(words); i++)
		if (g_str_has_prefix(word, words[i].prefix))
			return words[i].action;
	return ACTION_NONE;
}

/* The words of a Diagnostic-Code. The exit status of a delivery program is no word without its type: "X-Unix; 67". */
static char *own_words(const struct status_recipient *recipient)
{
	const char *words = recipient->diagnostic;
	bool status = g_strcmp0(recipient->diagnostic_type, "x-unix") == 0 && *words && strspn(words, "0123456789") == strlen(words);

	return status ? g_strconcat("X-Unix; ", words, NULL) : failure_own_words(words);
}

/* What the remote said: the diagnostic, unless another field holds the reply that it only hints at. */
static void take_diagnostic(struct failure *failure, const struct status_recipient *recipient)
{
	struct code of_diagnostic = recipient->diagnostic ? reply_code(recipient->diagnostic) : CODE_NONE;
	struct code of_supplement = recipient->supplement ? reply_code(recipient->supplement) : CODE_NONE;
	bool supplement = recipient->supplement &&
			  (!recipient->diagnostic || (!code_has_reply(of_diagnostic) && code_has_reply(of_supplement)));

	failure->code = supplement ? of_supplement : of_diagnostic;
	if (!code_has_reply(failure->code) && action_delivered(failure->action) && recipient->diagnostic)
		code_read(recipient->diagnostic, strlen(recipient->diagnostic), &failure->code);
	if (supplement || recipient->diagnostic) {
		failure->diagnostic = supplement ? failure_own_words(recipient->supplement) : own_words(recipient);
		failure->stage = stage_read(supplement ? recipient->supplement : recipient->diagnostic);
	}
}

/* A recipient without a domain ("bob", "bob@ims-ms-daemon") is a mailbox's inner name; who wrote the message knows the original one. */
static bool is_inner(const char *address)
{
	const char *domain = address_domain(address);

	return !domain || (!strchr(domain, '.') && *domain != '[');
}

static void take_recipient(struct bounce *bounce, const struct status_recipient *recipient)
{
	bool inner = recipient->final && is_inner(recipient->final) && recipient->original && !is_inner(recipient->original);
	const char *to = recipient->final && !inner ? recipient->final : recipient->original ? recipient->original : recipient->actual;
	struct failure *failure = to || recipient->action ? bounce_failure(bounce, to) : NULL;

	/* Of two groups for one address the first counts. */
	if (!failure || failure->action != ACTION_NONE || failure->diagnostic || failure->remote || failure->orig_to || failure->retry_until)
		return;
	if (recipient->original && recipient->final && !inner && !address_equal(recipient->original, recipient->final))
		failure->orig_to = g_strdup(recipient->original);
	failure->action = action_of(recipient->action);
	/* Postfix's answer to "sendmail -bv": nothing was sent, so nothing was lost. */
	if (recipient->action && (g_str_has_prefix(recipient->action, "undeliver") || g_str_has_prefix(recipient->action, "deliverable")))
		bounce->kind = KIND_SUCCESS;
	failure->status = recipient->status;
	if (failure->action == ACTION_NONE && recipient->status.class == 2)
		failure->action = ACTION_DELIVERED;
	take_diagnostic(failure, recipient);
	failure->remote = g_strdup(recipient->remote);
	failure->retry_until = g_strdup(recipient->retry_until);
}

static unsigned take_status(struct bounce *bounce, const char *text, size_t length)
{
	struct status *status = status_read(text, length, BOUNCE_FAILURES_LIMIT);
	unsigned before = bounce->failures->len;

	for (guint i = 0; i < status->recipients->len; i++)
		take_recipient(bounce, status->recipients->pdata[i]);
	if (!bounce->reporter)
		bounce->reporter = g_strdup(status->reporter);
	if (!bounce->original.queue_id)
		bounce->original.queue_id = g_strdup(status->queue_id);
	if (!bounce->original.from && status->sender && *status->sender)
		bounce->original.from = g_strdup(status->sender);
	bounce->limited |= status->limited;
	status_free(status);
	return bounce->failures->len - before;
}

/* Where the fields begin that were printed into the text; NULL where there are none. */
static const char *printed_fields(const struct report_text *report)
{
	static const char *const names[] = {"\nReporting-MTA:", "\nFinal-Recipient:", "\nOriginal-Recipient:"};
	const char *first = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *found = text_find(report->text, names[i]);

		if (found && (!first || found < first))
			first = found;
	}
	return first && text_find(first, "\nFinal-Recipient:") ? first + 1 : NULL;
}

static bool claims(const struct report_text *report)
{
	guint index = 0;

	return status_part(report->mail, &index) || printed_fields(report);
}

static bool read_bounce(const struct report_text *report, struct bounce *bounce)
{
	const struct mail_part *part;
	const char *printed;

	for (guint index = 0; (part = status_part(report->mail, &index)); index++)
		take_status(bounce, part->text, part->text_length);
	printed = bounce->failures->len == 0 ? printed_fields(report) : NULL;
	if (printed)
		take_status(bounce, printed, strlen(printed));
	bounce_trace(bounce, "dialect rfc3464: %u recipients", bounce->failures->len);
	return bounce->failures->len > 0;
}

const struct dialect dialect_rfc3464 = {
	.name = "rfc3464",
	.writes = "every mail system that follows RFC 3464",
	.claims = claims,
	.read = read_bounce,
};
