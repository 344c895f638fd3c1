/* bounce.c - from a message to what it says about the fate of another: the order of the readers, and the merging of what they found.
 *
 * Not here: kinds (kind.c), formats (dialect-*.c), meaning (resolve.c). Machine-readable fields name the recipients wherever there are any; the text adds the
 * words that they leave out.
 */
#include "address.h"
#include "dialect.h"
#include "kind.h"
#include "original.h"
#include "reply.h"
#include "shape.h"
#include "text.h"

#include <string.h>

static void failure_free(gpointer data)
{
	struct failure *failure = data;

	g_free(failure->to);
	g_free(failure->orig_to);
	g_free(failure->diagnostic);
	g_free(failure->remote);
	g_free(failure->retry_until);
	g_free(failure);
}

static struct bounce *bounce_new(bool trace)
{
	struct bounce *bounce = g_new0(struct bounce, 1);

	bounce->failures = g_ptr_array_new_with_free_func(failure_free);
	bounce->index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	bounce->trace = trace ? g_string_new(NULL) : NULL;
	return bounce;
}

void bounce_free(struct bounce *bounce)
{
	if (!bounce)
		return;
	g_ptr_array_unref(bounce->failures);
	g_hash_table_unref(bounce->index);
	original_clear(&bounce->original);
	g_free(bounce->reporter);
	if (bounce->trace)
		g_string_free(bounce->trace, TRUE);
	g_free(bounce);
}

void bounce_trace(struct bounce *bounce, const char *format, ...)
{
	va_list arguments;

	if (!bounce->trace)
		return;
	va_start(arguments, format);
	g_string_append_vprintf(bounce->trace, format, arguments);
	va_end(arguments);
	g_string_append_c(bounce->trace, '\n');
}

struct failure *bounce_failure(struct bounce *bounce, const char *to)
{
	char *key = g_ascii_strdown(to ? to : "", -1);
	struct failure *failure = g_hash_table_lookup(bounce->index, key);

	if (failure || bounce->failures->len >= BOUNCE_FAILURES_LIMIT) {
		bounce->limited |= !failure;
		g_free(key);
		return failure;
	}
	failure = g_new0(struct failure, 1);
	failure->to = g_strdup(to);
	g_ptr_array_add(bounce->failures, failure);
	g_hash_table_insert(bounce->index, key, failure);
	return failure;
}

struct bounce *bounce_from_reply(const char *reply)
{
	struct bounce *bounce = bounce_new(false);
	struct failure *failure = bounce_failure(bounce, NULL);
	size_t length = strlen(reply);
	struct code code = CODE_NONE;

	failure->diagnostic = reply_normalise(reply);
	text_cut(failure->diagnostic, BOUNCE_DIAGNOSTIC_LIMIT);
	failure->code = reply_code(failure->diagnostic);
	if (code_is_none(failure->code) && code_read(failure->diagnostic, MIN(length, strlen(failure->diagnostic)), &code))
		failure->code = code;
	failure->remote = reply_host(failure->diagnostic);
	return bounce;
}

/* The failure of bounce that found, read from the text, is about: the same address, or the only one on both sides. */
static struct failure *counterpart(const struct bounce *bounce, const struct failure *found, guint found_count)
{
	char *key = g_ascii_strdown(found->to ? found->to : "", -1);
	struct failure *same = g_hash_table_lookup(bounce->index, key);

	for (guint i = 0; !same && found->to && i < MIN(bounce->failures->len, 20u); i++) {
		struct failure *failure = bounce->failures->pdata[i];

		if (failure->orig_to && address_equal(failure->orig_to, found->to))
			same = failure;
	}
	g_free(key);
	return same ? same : bounce->failures->len == 1 && found_count == 1 ? bounce->failures->pdata[0] : NULL;
}

static void take(char **place, char **from)
{
	if (!*place)
		*place = g_steal_pointer(from);
}

/* Fills what is absent. The text's reply replaces a diagnostic without a reply code: the machine-readable field often holds the reporter's words only. */
static void fill(struct failure *failure, struct failure *found)
{
	if (!code_has_reply(failure->code) && code_has_reply(found->code)) {
		g_clear_pointer(&failure->diagnostic, g_free);
		failure->code.reply = found->code.reply;
		if (code_has_enhanced(found->code) || !code_has_enhanced(failure->code))
			failure->code = found->code;
	} else if (!code_has_enhanced(failure->code) && code_has_enhanced(found->code)) {
		unsigned short reply = failure->code.reply;

		failure->code = found->code;
		failure->code.reply = reply;
	}
	take(&failure->diagnostic, &found->diagnostic);
	take(&failure->remote, &found->remote);
	take(&failure->orig_to, &found->orig_to);
	if (failure->action == ACTION_NONE)
		failure->action = found->action;
}

/* Takes over what the text said. Where the machine-readable part named recipients, the text adds none. */
static void merge(struct bounce *bounce, struct bounce *found)
{
	bool closed = bounce->failures->len > 0;

	for (guint i = 0; i < found->failures->len; i++) {
		struct failure *from = found->failures->pdata[i];
		struct failure *to = closed ? counterpart(bounce, from, found->failures->len) : from->to ? bounce_failure(bounce, from->to) : NULL;

		if (!to && !from->to && !closed)
			to = bounce_failure(bounce, NULL);
		if (to)
			fill(to, from);
	}
	take(&bounce->reporter, &found->reporter);
	take(&bounce->original.message_id, &found->original.message_id);
	bounce->limited |= found->limited;
}

static bool is_complete(const struct bounce *bounce)
{
	for (guint i = 0; i < bounce->failures->len; i++) {
		const struct failure *failure = bounce->failures->pdata[i];

		if (!failure->diagnostic || !code_has_reply(failure->code))
			return false;
	}
	return bounce->failures->len > 0;
}

static bool has_codes(const struct bounce *bounce)
{
	for (guint i = 0; i < bounce->failures->len; i++)
		if (!code_is_none(((const struct failure *)bounce->failures->pdata[i])->code))
			return true;
	return false;
}

/* A reply that stands apart from the list of recipients ("Could not be delivered because of", "Technical details:") is everybody's. */
static void take_common_reply(const struct report_text *report, struct bounce *found)
{
	struct code code;
	guint line = has_codes(found) ? report->lines->len : shape_reply_line(report, 0, report->lines->len);
	char *words;

	if (line >= report->lines->len)
		return;
	words = shape_paragraph(report, line);
	code = reply_code(words);
	for (guint i = 0; !code_is_none(code) && i < found->failures->len; i++) {
		struct failure *failure = found->failures->pdata[i];

		g_clear_pointer(&failure->diagnostic, g_free);
		failure_take_words(failure, words);
	}
	g_free(words);
}

/* Asks the dialects of the text, the first that claims it first, until one has read something. */
static void read_text(struct bounce *bounce, const struct report_text *report)
{
	for (size_t i = 0; dialects[i]; i++) {
		struct bounce *found;
		bool read;

		if (!dialects[i]->claims(report))
			continue;
		found = bounce_new(bounce->trace != NULL);
		read = dialects[i]->read(report, found);
		if (found->failures->len == 0 && bounce->failures->len > 0)
			bounce_failure(found, bounce->failures->len == 1 ? ((struct failure *)bounce->failures->pdata[0])->to : NULL);
		take_common_reply(report, found);
		read |= has_codes(found);
		bounce_trace(bounce, "dialect %s (%s): %s, %u recipients", dialects[i]->name, dialects[i]->writes, read ? "read" : "found nothing", found->failures->len);
		if (read) {
			if (bounce->failures->len == 0 && !bounce->dialect)
				bounce->dialect = dialects[i]->name;
			merge(bounce, found);
		}
		bounce_free(found);
		if (read)
			return;
	}
}

/* X-Failed-Recipients (Exim, Gmail) names the recipients and nothing else. */
static void read_failed_field(struct bounce *bounce, const struct mail *mail)
{
	const char *value = mail_field(mail, "X-Failed-Recipients");
	bool closed = bounce->failures->len > 0;
	char **addresses = value && !closed ? g_strsplit_set(value, ", \t", (gint)BOUNCE_FAILURES_LIMIT) : NULL;

	for (guint i = 0; addresses && addresses[i]; i++)
		if (address_is_plausible(addresses[i], false))
			bounce_failure(bounce, addresses[i]);
	g_strfreev(addresses);
}

/* The verdict is the remote's own code; Status fills in the enhanced one where the reply has none. */
static void settle(struct failure *failure)
{
	const struct code *code = &failure->code, *status = &failure->status;

	failure->conflict = (code_has_reply(*code) && code_has_enhanced(*code) && code->reply / 100 != code->class) ||
			    (code_has_reply(*code) && code_has_enhanced(*status) && code->reply / 100 != status->class) ||
			    (code_has_enhanced(*code) && code_has_enhanced(*status) && !code_is_vague(*status) && !code_is_vague(*code) &&
			     (code->class != status->class || code->subject != status->subject || code->detail != status->detail));
	if (!code_has_enhanced(*code) && code_has_enhanced(*status)) {
		failure->code.class = status->class;
		failure->code.subject = status->subject;
		failure->code.detail = status->detail;
	}
	if (!code_has_reply(*code))
		failure->code.reply = status->reply;
	if (failure->orig_to && failure->to && address_equal(failure->orig_to, failure->to))
		g_clear_pointer(&failure->orig_to, g_free);
}

static enum kind kind_of_failures(const struct bounce *bounce)
{
	enum kind kind = KIND_NONE;

	for (guint i = 0; i < bounce->failures->len; i++) {
		const struct failure *failure = bounce->failures->pdata[i];

		if (failure->action == ACTION_FAILED)
			return KIND_BOUNCE;
		if (failure->action == ACTION_DELAYED)
			kind = KIND_DELAY;
		else if (failure->action != ACTION_NONE && kind == KIND_NONE)
			kind = KIND_SUCCESS;
	}
	return kind;
}

static enum action default_action(enum kind kind)
{
	return kind == KIND_BOUNCE ? ACTION_FAILED : kind == KIND_DELAY ? ACTION_DELAYED : kind == KIND_SUCCESS ? ACTION_DELIVERED : ACTION_NONE;
}

/* The outcome: what the Action fields say, else the text, else the subject; a report that names a refused recipient is a bounce. */
static void decide(struct bounce *bounce, const struct report_text *report, const struct signs *signs)
{
	const char *subject = mail_field(report->mail, "Subject");

	if (bounce->kind != KIND_SUCCESS)
		bounce->kind = kind_of_failures(bounce);
	if (bounce->kind == KIND_NONE)
		bounce->kind = kind_of_text(report);
	if (bounce->kind == KIND_NONE && subject)
		bounce->kind = kind_of_subject(subject);
	if (bounce->kind == KIND_NONE && bounce->failures->len > 0 && (signs->report || signs->failed_field || signs->daemon))
		bounce->kind = KIND_BOUNCE;
	/* Of mail with a sender of its own the words alone prove nothing. */
	if (bounce->failures->len == 0 && signs->sender_known && !signs->report)
		bounce->kind = KIND_NONE;
	for (guint i = 0; i < bounce->failures->len; i++) {
		struct failure *failure = bounce->failures->pdata[i];

		if (failure->action == ACTION_NONE)
			failure->action = default_action(bounce->kind);
		settle(failure);
	}
}

static void drop_failures(struct bounce *bounce)
{
	g_hash_table_remove_all(bounce->index);
	g_ptr_array_set_size(bounce->failures, 0);
	bounce->dialect = NULL;
}

/* Who wrote the report, where no Reporting-MTA says it: the domain of its From. */
static void name_reporter(struct bounce *bounce, const struct mail *mail)
{
	char *from = bounce->reporter ? NULL : mail_address(mail_field(mail, "From"));
	const char *domain = from ? address_domain(from) : NULL;

	if (domain && *domain)
		bounce->reporter = g_strdup(domain);
	g_free(from);
}

/* A report that names nobody is about the one recipient of the message that it returns. */
static void read_original_recipient(struct bounce *bounce)
{
	char *address = bounce->original.header ? original_recipient(&bounce->original) : NULL;

	if (address)
		bounce_failure(bounce, address);
	g_free(address);
}

static void read_report(struct bounce *bounce, struct report_text *report, const struct signs *signs)
{
	original_read(&bounce->original, report->mail, report->original);
	report->sender = g_strdup(bounce->original.from);
	if (dialect_rfc3464.claims(report) && dialect_rfc3464.read(report, bounce))
		bounce->dialect = dialect_rfc3464.name;
	if (bounce->failures->len == 0)
		read_failed_field(bounce, report->mail);
	if (!is_complete(bounce))
		read_text(bounce, report);
	if (bounce->failures->len == 0)
		read_original_recipient(bounce);
	decide(bounce, report, signs);
	name_reporter(bounce, report->mail);
	if (!bounce->dialect && bounce->kind != KIND_NONE)
		bounce->dialect = dialect_free_text.name;
}

struct bounce *bounce_read(const struct mail *mail, bool null_sender, bool trace)
{
	struct bounce *bounce = bounce_new(trace);
	struct signs signs = signs_read(mail, null_sender);
	struct report_text *report;

	bounce->kind = kind_tell(mail, &signs, NULL);
	if (bounce->kind != KIND_BOUNCE)
		return bounce;
	report = report_text_new(mail);
	bounce->kind = kind_tell(mail, &signs, report);
	bounce_trace(bounce, "structure: %s", bounce->kind == KIND_BOUNCE ? "a report" : kind_word(bounce->kind));
	if (bounce->kind == KIND_BOUNCE)
		read_report(bounce, report, &signs);
	if (bounce->kind != KIND_BOUNCE && bounce->kind != KIND_DELAY && bounce->kind != KIND_SUCCESS)
		drop_failures(bounce);
	bounce->limited |= mail->truncated;
	report_text_free(report);
	return bounce;
}

const char *kind_word(enum kind kind)
{
	static const char *const words[] = {"none", "bounce", "delay", "success", "feedback", "disposition", "auto-reply"};

	return words[kind];
}

const char *action_word(enum action action)
{
	static const char *const words[] = {"", "failed", "delayed", "delivered", "relayed", "expanded"};

	return words[action];
}
