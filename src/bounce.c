/* bounce.c - from a message to what it says about the fate of another: the order of the readers, and the merging of what they found.
 *
 * Not here: kinds (kind.c), formats (dialect-*.c), meaning (resolve.c). Machine-readable fields name the recipients wherever there are
 * any; the text adds the words that they leave out.
 */
#include "bounce.h"

#include "address.h"
#include "common-words.h"
#include "dialect.h"
#include "failure.h"
#include "kind.h"
#include "notice.h"
#include "original.h"
#include "phrases.h"
#include "recipient-elsewhere.h"
#include "reply.h"
#include "stage.h"
#include "text.h"
#include "told.h"

#include <string.h>

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

struct bounce *bounce_from_reply(const char *reply)
{
	struct bounce *bounce = bounce_new(false);
	struct failure *failure = bounce_failure(bounce, NULL);
	size_t length = strlen(reply);
	struct code code = CODE_NONE;

	bounce->kind = KIND_NONE;	/* a reply is no message */
	failure->diagnostic = reply_normalise(reply);
	text_cut(failure->diagnostic, BOUNCE_DIAGNOSTIC_LIMIT);
	failure->code = reply_code(failure->diagnostic);
	if (code_is_none(failure->code) && code_read(failure->diagnostic, MIN(length, strlen(failure->diagnostic)), &code))
		failure->code = code;
	failure->remote = reply_host(failure->diagnostic);
	failure->stage = stage_read(failure->diagnostic);
	return bounce;
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
		common_take_reply(report, found);
		read |= bounce_has_codes(found);
		bounce_trace(bounce, "dialect %s (%s): %s, %u recipients", dialects[i]->name, dialects[i]->writes,
			     read ? "read" : "found nothing", found->failures->len);
		if (read) {
			if (bounce->failures->len == 0 && !bounce->dialect)
				bounce->dialect = found->dialect ? found->dialect : dialects[i]->name;
			if (found->kind != KIND_BOUNCE)
				bounce->kind = found->kind;
			bounce_merge(bounce, found);
		}
		bounce_free(found);
		if (read)
			return;
	}
}

/* Does the field name the recipient that the text calls by its local part only? */
static bool qualifies(const char *address, const char *bare)
{
	size_t length = strlen(bare);

	return !strchr(bare, '@') && g_ascii_strncasecmp(address, bare, length) == 0 && address[length] == '@';
}

/* X-Failed-Recipients (Exim, Gmail) names the recipients and nothing else; where the text names them, it is more exact. */
static void read_failed_field(struct bounce *bounce, const struct mail *mail)
{
	const char *value = mail_field(mail, "X-Failed-Recipients");
	struct failure *only = bounce->failures->len == 1 ? bounce->failures->pdata[0] : NULL;
	bool closed = bounce->failures->len > 0;
	char **addresses = value ? g_strsplit_set(value, ", \t", (gint)BOUNCE_FAILURES_LIMIT) : NULL;

	for (guint i = 0; addresses && addresses[i]; i++) {
		if (!address_is_plausible(addresses[i], false))
			continue;
		if (!closed)
			bounce_failure(bounce, addresses[i]);
		else if (only && (!only->to || qualifies(addresses[i], only->to)))
			bounce_name(bounce, only, addresses[i]);
	}
	g_strfreev(addresses);
}

static enum kind kind_of_failures(const struct bounce *bounce)
{
	enum kind kind = KIND_NONE;
	bool undecided = false;

	for (guint i = 0; i < bounce->failures->len; i++) {
		const struct failure *failure = bounce->failures->pdata[i];

		if (failure->action == ACTION_FAILED)
			return KIND_BOUNCE;
		undecided |= failure->action == ACTION_NONE;
		if (failure->action == ACTION_DELAYED)
			kind = KIND_DELAY;
		else if (failure->action != ACTION_NONE && kind == KIND_NONE)
			kind = KIND_SUCCESS;
	}
	/* That some got the message says nothing about the others. */
	return kind == KIND_SUCCESS && undecided ? KIND_NONE : kind;
}

static bool is_about_fax(const struct report_text *report)
{
	const char *subject = mail_field(report->mail, "Subject");

	return subject && (text_begins(subject, "fax") || text_find(subject, " fax ") || text_find(subject, "facsimile"));
}

/* "Warning: your mailbox is nearly full" */
static bool is_mere_warning(const char *subject)
{
	char *lower = g_utf8_strdown(subject, -1);
	size_t present[PHRASE_SORTS];
	bool warning;

	phrases_find(lower, present);
	warning = kind_of_subject(subject) == KIND_DELAY && !present[PHRASE_SUBJECT_FAILED] && !told_by_text(lower).failed;
	g_free(lower);
	return warning;
}

/* Does it name nobody, or only whom it is for (NULL: unknown)? */
static bool names_at_most(const struct bounce *bounce, const char *reader)
{
	for (guint i = 0; i < bounce->failures->len; i++) {
		const char *to = ((const struct failure *)bounce->failures->pdata[i])->to;

		if (to && !(reader && address_equal(to, reader)))
			return false;
	}
	return true;
}

/* What the Action fields say, else the text, else the subject; a report that names a refused recipient is a bounce. */
static enum kind kind_as_told(const struct bounce *bounce, const struct report_text *report, const struct signs *signs)
{
	const char *subject = mail_field(report->mail, "Subject");
	bool reported = signs->report || signs->failed_field || signs->daemon || signs->list_notice || (signs->null_sender && report_returns_original(report));
	enum kind kind = kind_of_failures(bounce);

	if (kind == KIND_NONE)
		kind = kind_of_text(report);
	/* A report without a recipient and without a word about a failure has only its subject in common with one. */
	if (kind == KIND_NONE && subject && !(signs->report && bounce_names_nobody(bounce)))
		kind = kind_of_subject(subject);
	return kind == KIND_NONE && bounce->failures->len > 0 && reported ? KIND_BOUNCE : kind;
}

/* The outcome: what is told, unless that is news of nobody's message. */
static enum kind outcome(const struct bounce *bounce, const struct report_text *report, const struct signs *signs)
{
	const char *subject = mail_field(report->mail, "Subject");
	bool found = bounce->failures->len > 0, returns = report_returns_original(report);
	bool unnamed = bounce_names_nobody(bounce) && !signs->report && !signs->failed_field && !returns;
	enum kind kind;

	/* Of mail with a sender to answer to, that returns nothing and names nobody, the words alone prove nothing: a postmaster may have written them. */
	if (!found && !signs->null_sender && !signs->sender_absent && !signs->automatic && !signs->report && !returns)
		return KIND_NONE;
	/* Nor do they of mail whose subject is no report's: a quota's warning quotes the reply that others will get. */
	if (unnamed && !signs->subject)
		return KIND_NONE;
	kind = kind_as_told(bounce, report, signs);
	/* What is announced as a warning has to be about somebody to be a bounce. */
	if (kind == KIND_BOUNCE && unnamed && subject && is_mere_warning(subject))
		return KIND_NONE;
	if (names_at_most(bounce, report->reader) && !signs->status_part && !signs->failed_field && !returns && notice_concerns_nobody(report, found))
		return KIND_NONE;
	/* That mail will be late is news of somebody's message, or it is an announcement. */
	if (kind == KIND_DELAY && !found && !signs->report && !returns && kind_of_subject(subject ? subject : "") != KIND_DELAY)
		return KIND_NONE;
	/* What failed for nobody that has an address, and without a reply, was no mail but a fax, whose number did not answer. */
	if (kind == KIND_BOUNCE && unnamed && !bounce_has_codes(bounce) && is_about_fax(report))
		return KIND_NONE;
	return kind;
}

/* Decides what the readers have not decided, and completes the failures. */
static void decide(struct bounce *bounce, const struct report_text *report, const struct signs *signs)
{
	if (bounce->kind == KIND_BOUNCE)
		bounce->kind = outcome(bounce, report, signs);
	for (guint i = 0; i < bounce->failures->len; i++)
		((struct failure *)bounce->failures->pdata[i])->refused_by_list = signs->list_notice || signs->list_server;
	bounce_settle(bounce);
	stages_take(bounce, report->lines);
}

/* Where nothing was said, the line that divides it from the next ("-----") is what was found: that is nobody's reply. */
static void drop_dividers(struct bounce *bounce)
{
	for (guint i = 0; i < bounce->failures->len; i++) {
		struct failure *failure = bounce->failures->pdata[i];

		if (failure->diagnostic && strspn(failure->diagnostic, "-=_*+~# ") == strlen(failure->diagnostic))
			g_clear_pointer(&failure->diagnostic, g_free);
	}
}

/* Who wrote the report, where no Reporting-MTA says it: the domain of its From, else of its Message-ID. */
static void name_reporter(struct bounce *bounce, const struct mail *mail)
{
	char *from = bounce->reporter ? NULL : mail_address(mail_field(mail, "From"));
	const char *domain = from ? address_domain(from) : NULL, *id = mail_field(mail, "Message-ID");

	if (!bounce->reporter && !domain && id)
		domain = address_domain(id);
	if (!bounce->reporter && domain && *domain)
		bounce->reporter = g_strndup(domain, strcspn(domain, "> \t"));
	g_free(from);
}

static struct bounce *read_mail(const struct mail *mail, const char *sender, bool trace, int depth);

/* The message that part number index, a message/rfc822, encloses, with its whole header; NULL where it is another part, or where that lies is unknown. */
static struct mail *enclosed_mail(const struct mail *mail, guint index)
{
	const struct mail_part *part = mail_part(mail, index);
	size_t start = 0, end = 0;

	if (strcmp(part->type, "message/rfc822") != 0 || part->header_start == 0)
		return NULL;
	g_array_unref(fields_split(mail->bytes + part->header_start, mail->length - part->header_start, FIELDS_LIMIT, &start));
	start += part->header_start;
	for (guint i = index + 1; i < mail->parts->len && mail_part(mail, i)->depth > part->depth; i++)
		end = MAX(end, mail_part(mail, i)->end);
	return start < mail->length ? mail_new(mail->bytes + start, MAX(end, start) - start > 0 ? end - start : mail->length - start) : NULL;
}

/* Gateways wrap another system's report into one of their own that names nobody: the report inside is what they pass on. */
static void read_wrapped(struct bounce *bounce, const struct report_text *report, const struct signs *signs, int depth)
{
	const struct mail *mail = report->mail;
	const char *bytes = report->original ? original_start(report->original) : NULL;
	struct mail *inner = bytes ? mail_new(bytes, strlen(bytes)) : NULL;
	struct bounce *found;

	for (guint i = 0; i < mail->parts->len && !inner; i++)
		inner = enclosed_mail(mail, i);
	if (!inner)
		return;
	found = read_mail(inner, NULL, false, depth + 1);
	if (found->kind == KIND_BOUNCE || found->kind == KIND_DELAY) {
		bounce_trace(bounce, "the report wraps another one, of %u recipients", found->failures->len);
		/* A mail system writes its own report, about its own failure to deliver; a gateway's address only hands on what another one wrote. */
		if (signs->mailer)
			bounce_drop_codes(found);
		bounce_merge(bounce, found);
		bounce->dialect = found->dialect;
	}
	bounce_free(found);
	mail_free(inner);
}

/* Fields that are complete still leave out which address of the sender's led to the one that failed, where he asked for no ORCPT. */
static bool tells_forwarding(const struct report_text *report)
{
	return report_says(report, "(expanded from") || report_says(report, "generated from");
}

static void read_report(struct bounce *bounce, struct report_text *report, const struct signs *signs, int depth)
{
	original_read(&bounce->original, report->mail, report->original);
	original_read_summary(&bounce->original, report->lines);
	report->sender = g_strdup(bounce->original.from);
	if (dialect_rfc3464.claims(report) && dialect_rfc3464.read(report, bounce))
		bounce->dialect = dialect_rfc3464.name;
	if (!bounce_is_complete(bounce) || bounce_names_nobody(bounce) || tells_forwarding(report))
		read_text(bounce, report);
	read_failed_field(bounce, report->mail);
	if (bounce_names_nobody(bounce) && depth == 0)
		read_wrapped(bounce, report, signs, depth);
	recipient_elsewhere(bounce, report, signs);
	common_take_reply(report, bounce);
	common_take_enhanced(report, bounce);
	drop_dividers(bounce);
	common_take_explanation(report, bounce);
	common_take_labelled(report, bounce);
	decide(bounce, report, signs);
	name_reporter(bounce, report->mail);
	if (!bounce->dialect && bounce->kind != KIND_NONE)
		bounce->dialect = dialect_free_text.name;
}

static struct bounce *read_mail(const struct mail *mail, const char *sender, bool trace, int depth)
{
	struct bounce *bounce = bounce_new(trace);
	struct signs signs = signs_read(mail, sender);
	struct report_text *report = NULL;
	const char *rule;

	bounce->kind = kind_tell(mail, &signs, NULL, &rule);
	if (bounce->kind == KIND_BOUNCE) {
		report = report_text_new(mail);
		bounce->kind = kind_tell(mail, &signs, report, &rule);
	}
	if (bounce->kind == KIND_BOUNCE)
		bounce_trace(bounce, "a report by %s", rule);
	else
		bounce_trace(bounce, "no report: %s", kind_word(bounce->kind));
	if (bounce->kind == KIND_BOUNCE)
		read_report(bounce, report, &signs, depth);
	if (bounce->kind != KIND_BOUNCE && bounce->kind != KIND_DELAY && bounce->kind != KIND_SUCCESS) {
		bounce_drop_failures(bounce);
		g_clear_pointer(&bounce->reporter, g_free);	/* nothing was reported */
	}
	bounce->limited |= mail->truncated;
	report_text_free(report);
	return bounce;
}

/* SpamAssassin encloses what it takes for spam in a message of its own, from the same writer as far as one is named ("report_safe"): that
 * message, NULL where none is enclosed. */
static struct mail *before_filter(const struct mail *mail)
{
	const char *writer = mail_field(mail, "From");

	for (guint i = 1; i < mail->parts->len; i++) {
		const struct mail_part *part = mail_part(mail, i);
		size_t length = part->depth == 1 ? MIN(mail->length - part->header_start, 200) : 0;
		bool marked = g_strstr_len(mail->bytes + part->header_start, (gssize)length, "x-spam-type=original");
		struct mail *inner = marked ? enclosed_mail(mail, i) : NULL;

		if (inner && (!writer || g_strcmp0(mail_field(inner, "From"), writer) == 0))
			return inner;
		mail_free(inner);
	}
	return NULL;
}

struct bounce *bounce_read(const struct mail *mail, const char *sender, bool trace)
{
	struct mail *inner = before_filter(mail);
	struct bounce *bounce = read_mail(inner ? inner : mail, sender, trace, 0);

	if (inner)
		bounce_trace(bounce, "read as it was before a spam filter enclosed it");
	mail_free(inner);
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
