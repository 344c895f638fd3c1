/* kind.c - tells reports from other mail, and the kinds of reports from one another.
 *
 * A report is written by a mail system, not by a person who quotes, pastes or forwards one: so structure and sender decide, and words
 * only where a mail system speaks. Not here: recipients and codes (the dialects).
 */
#include "kind.h"
#include "address.h"
#include "phrases.h"
#include "shape.h"
#include "text.h"

#include <string.h>

/* Parts of the names and addresses of mail systems. */
static const char *const daemon_words[] = {
	"mailer-daemon", "mailerdaemon", "mailer_daemon", "mail-daemon", "maildaemon", "mail daemon", "mailer daemon", "postmaster",
	"post_master", "post master", "poostmaster", "postmast", "mail delivery", "mail.delivery", "mail_delivery", "delivery subsystem",
	"delivery system", "system administrator", "systemadministrator", "mail system", "mail administrator", "smtp_mail_service",
	"mail service", "content-filter", "e-mail interconnect", "ndr administrator", "microsoftexchange", "mail router", "mailsystem",
	"mail transfer", "mailmaster", "mail subsystem", "email delivery", "delivery status", "mailerdeamon", "mailer-deamon",
	"smtp server", "mailmarshal", "mailsweeper", "mail gateway", "mail server", "mdaemon", "ndr@", "inetgw", "mailgw", "smtpgw",
	"mailsvr", "internet mail", "jetmail", "no-reply-dsn", "delivery-notification", "delivery notification", "mailhub", "virus",
	"spam firewall", "mail-system", "nondelivery", "non-delivery", "undeliverable", "mail_system", "zustell", "администратор",
	"邮件系统", "系统退信",
};

static char *lower_field(const struct mail *mail, const char *name)
{
	const char *value = mail_field(mail, name);

	return g_utf8_strdown(value ? value : "", -1);
}

static bool holds_any(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

static bool is_daemon(const char *from)
{
	return strstr(from, "<>") || holds_any(from, daemon_words, G_N_ELEMENTS(daemon_words));
}

/* A service that tells its customer by mail what became of mail (Amazon SNS). */
static bool is_notifier(const char *from)
{
	return strstr(from, "@sns.amazonaws.com") != NULL;
}

/* Lists, newsletters and their administration write about bounces, but are none. */
static bool is_list(const struct mail *mail)
{
	static const char *const fields[] = {
		"List-Id", "List-Post", "List-Unsubscribe", "X-BeenThere", "X-List-Administrivia", "X-Mailman-Version", "List-Help",
	};
	char *precedence = lower_field(mail, "Precedence");
	bool list = strcmp(precedence, "list") == 0;

	for (size_t i = 0; i < G_N_ELEMENTS(fields) && !list; i++)
		list = fields_find(mail->fields, fields[i]) != NULL;
	g_free(precedence);
	return list;
}

static bool is_answer(const struct mail *mail, const size_t present[PHRASE_SORTS], const char *automatic)
{
	static const char *const fields[] = {
		"X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Vacation", "X-Mail-Autoreply", "X-Autoresponder",
		"Vacation-Message-Id", "X-AutoReply-From", "X-Vacation-Notice",
	};
	char *precedence = lower_field(mail, "Precedence");
	/* A subject may speak of holidays without being an answer: it has to begin so. */
	bool answer = (present[PHRASE_SUBJECT_ANSWER] && (present[PHRASE_SUBJECT_ANSWER] <= 5 || *automatic)) ||
		      g_str_has_prefix(automatic, "auto-replied") || strstr(precedence, "auto_reply") || strstr(precedence, "auto-reply");

	for (size_t i = 0; i < G_N_ELEMENTS(fields) && !answer; i++)
		answer = fields_find(mail->fields, fields[i]) != NULL;
	g_free(precedence);
	return answer;
}

static bool is_status_type(const char *type)
{
	return strcmp(type, "message/delivery-status") == 0 || strcmp(type, "message/global-delivery-status") == 0;
}

const struct mail_part *status_part(const struct mail *mail, guint *index)
{
	for (; *index < mail->parts->len; ++*index) {
		const struct mail_part *part = mail_part(mail, *index);

		if (!part->enclosed && is_status_type(part->type) && part->text)
			return part;
	}
	return NULL;
}

static bool is_passed_on(const char *subject)
{
	static const char *const prefixes[] = {
		"re:", "fwd:", "fw:", "aw:", "wg:", "tr:", "rv:", "sv:", "vs:", "antw:", "enc:", "i:", "r:", "doorst:", "[fwd:",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (g_str_has_prefix(subject, prefixes[i]))
			return true;
	return false;
}

/* List managers send with an address of its own for bounces ("ops-bounces@", "bounce+7f3a@"): what comes there, no person writes. */
static bool goes_to_bounces(const struct mail *mail)
{
	static const char *const parts[] = {"-bounces@", "-bounces+", "bounces+", "bounce+", "-bounce@", "bounces-", "bounce-"};
	char *to = lower_field(mail, "To"), *address = mail_address(to);
	bool bounces = address && holds_any(address, parts, G_N_ELEMENTS(parts));

	g_free(address);
	g_free(to);
	return bounces;
}

struct signs signs_read(const struct mail *mail, bool null_sender)
{
	struct signs signs = {.null_sender = null_sender};
	char *from = lower_field(mail, "From"), *path = lower_field(mail, "Return-Path"), *subject = lower_field(mail, "Subject"),
	     *automatic = lower_field(mail, "Auto-Submitted");
	size_t present[PHRASE_SORTS];
	guint index = 0;

	phrases_find(subject, present);
	signs.null_sender |= g_str_has_prefix(path, "<>") || strstr(path, "mailer-daemon") || strstr(path, "double-bounce@") ||
			     strcmp(path, "<null>") == 0;
	signs.daemon = is_daemon(from);
	signs.daemon |= fields_find(mail->fields, "X-MLServer") != NULL;
	signs.passed_on = is_passed_on(subject);
	signs.notification = is_notifier(from);
	signs.mailer = strstr(from, "<>") || strstr(from, "mailer-daemon@") || strstr(from, "postmaster@");
	signs.failed_field = fields_find(mail->fields, "X-Failed-Recipients") != NULL;
	signs.subject = present[PHRASE_SUBJECT_FAILED] || present[PHRASE_SUBJECT_DELAYED] || present[PHRASE_SUBJECT_DELIVERED];
	signs.automatic = *automatic && !g_str_has_prefix(automatic, "no");
	signs.list = is_list(mail);
	signs.person = !signs.daemon && !signs.null_sender;
	signs.report = strcmp(mail_part(mail, 0)->type, "multipart/report") == 0 &&
		       (!mail->report_type || strcmp(mail->report_type, "delivery-status") == 0);
	signs.status_part = status_part(mail, &index) != NULL;
	signs.report |= signs.status_part && strcmp(mail_part(mail, 0)->type, "multipart/report") == 0;
	signs.administration = fields_find(mail->fields, "X-List-Administrivia") || fields_find(mail->fields, "X-Cron-Env") ||
				 (g_str_has_prefix(subject, "postfix smtp server: ") && !strstr(path, "double-bounce@"));
	signs.request = present[PHRASE_SUBJECT_REQUEST] > 0;
	signs.sender_known = strchr(path, '@') && !signs.null_sender && !is_daemon(path);
	signs.answer = is_answer(mail, present, automatic) || (!signs.daemon && signs.automatic && fields_find(mail->fields, "In-Reply-To"));
	if (!signs.daemon && !signs.answer && goes_to_bounces(mail))
		signs.daemon = signs.mailer = true;
	g_free(from);
	g_free(path);
	g_free(subject);
	g_free(automatic);
	return signs;
}

static bool has_part(const struct mail *mail, const char *type)
{
	return mail_find_part(mail, type) != NULL;
}

/* A report on another message's fate, as far as the outside tells. */
static bool may_be_report(const struct signs *signs)
{
	if (signs->administration || (signs->list && !signs->daemon))
		return false;
	return signs->report || signs->daemon || signs->null_sender || signs->failed_field || signs->notification;
}

/* Does the text say at all what became of a message? */
static bool text_reports(const struct report_text *report)
{
	size_t present[PHRASE_SORTS];

	phrases_find(report->folded, present);
	return present[PHRASE_FAILED] || present[PHRASE_DELAYED] || present[PHRASE_DELIVERED];
}

/* Does the text list addresses as reports do? */
static bool lists_addresses(const struct report_text *report)
{
	bool found = false;

	for (guint i = 0; i < MIN(report->lines->len, 100u) && !found; i++) {
		char *address = shape_entry(report->lines->pdata[i], NULL);

		found = address != NULL;
		g_free(address);
	}
	return found;
}

/* Somebody answers or passes on: a subject that says so, and a text that quotes. Even a postmaster is a person then. */
static bool is_conversation(const struct signs *signs, const struct report_text *report)
{
	static const char *const marks[] = {
		"forwarded message", "begin forwarded", " wrote:", " schrieb:", " a écrit", " escribió:",
		"weitergeleitete nachricht",
	};
	unsigned quoted = 0;

	if (signs->null_sender || !signs->passed_on)
		return false;
	for (guint i = 0; i < report->lines->len && quoted < 2; i++)
		quoted += g_str_has_prefix(report->lines->pdata[i], "> ");
	return quoted >= 2 || holds_any(report->folded, marks, G_N_ELEMENTS(marks));
}

/* Has the text the shape of a report, whatever its words: an address at the head of a line, a quoted reply? A subject that mail systems give to
 * reports stands for one of them, and so does a mail system's own sender. */
static bool has_shape_of_report(const struct signs *signs, const struct report_text *report)
{
	bool lists = lists_addresses(report), quotes = shape_reply_line(report, 0, report->lines->len) < report->lines->len;

	if (signs->list || signs->request)
		return false;
	if (signs->subject && (signs->mailer || signs->null_sender))
		return lists || (quotes && signs->daemon && signs->null_sender);
	return signs->null_sender && lists && quotes && (signs->mailer || !signs->answer);
}

/* Words about a failure in mail that nobody may answer (RFC 5321 section 4.5.5), with more of a report than the words. */
static bool is_nameless_report(const struct signs *signs, const struct report_text *report)
{
	return signs->null_sender && !signs->answer && !signs->list && !signs->request &&
	       (lists_addresses(report) || report_returns_original(report) ||
		shape_reply_line(report, 0, report->lines->len) < report->lines->len);
}

/* Mail without any structure of a report: by the words of a known mail system, or by a mail system's sender, subject and sentences
 * together. */
static bool text_is_report(const struct signs *signs, const struct report_text *report)
{
	if (is_conversation(signs, report))
		return false;
	if (dialect_knowing(report))
		return signs->daemon || !signs->answer || (signs->null_sender && signs->subject);
	if (signs->mailer && report_returns_original(report) && (signs->subject || signs->null_sender || lists_addresses(report)))
		return true;
	if (has_shape_of_report(signs, report))
		return true;
	if (!text_reports(report) ||
	    (signs->list && !(signs->daemon && signs->subject && (signs->mailer || report_returns_original(report)))))
		return false;
	if (signs->sender_known && !signs->subject && !report_returns_original(report))
		return false;
	return signs->daemon || (signs->subject && !signs->answer) || is_nameless_report(signs, report);
}

static enum kind kind_of_others(const struct signs *signs)
{
	return signs->answer && !signs->list && !signs->administration && !signs->request ? KIND_AUTO_REPLY : KIND_NONE;
}

enum kind kind_tell(const struct mail *mail, const struct signs *signs, const struct report_text *report)
{
	if (g_strcmp0(mail->report_type, "feedback-report") == 0 || has_part(mail, "message/feedback-report") ||
	    fields_find(mail->fields, "X-Apple-Unsubscribe"))
		return KIND_FEEDBACK;
	if (g_strcmp0(mail->report_type, "disposition-notification") == 0 || has_part(mail, "message/disposition-notification"))
		return KIND_DISPOSITION;
	if (!may_be_report(signs))
		return kind_of_others(signs);
	if (!report ||
	    ((signs->report || signs->status_part || signs->failed_field) && (!signs->list || signs->null_sender || signs->daemon)))
		return KIND_BOUNCE;
	return text_is_report(signs, report) ? KIND_BOUNCE : kind_of_others(signs);
}

enum kind kind_of_text(const struct report_text *report)
{
	size_t present[PHRASE_SORTS];

	phrases_find(report->folded, present);
	if (present[PHRASE_DELAYED] && !present[PHRASE_FINAL])
		return KIND_DELAY;
	if (present[PHRASE_FAILED] || present[PHRASE_FINAL])
		return KIND_BOUNCE;
	return present[PHRASE_DELIVERED] ? KIND_SUCCESS : KIND_NONE;
}

enum kind kind_of_subject(const char *subject)
{
	char *lower = g_utf8_strdown(subject, -1);
	size_t present[PHRASE_SORTS];

	phrases_find(lower, present);
	g_free(lower);
	if (present[PHRASE_SUBJECT_DELAYED])
		return KIND_DELAY;
	if (present[PHRASE_SUBJECT_DELIVERED])
		return KIND_SUCCESS;
	return present[PHRASE_SUBJECT_FAILED] ? KIND_BOUNCE : KIND_NONE;
}

bool bounce_fields_promise_report(const GArray *fields)
{
	static const char *const names[] = {
		"X-Failed-Recipients", "Auto-Submitted", "X-Autoreply", "X-Autorespond", "X-Vacation", "X-MLServer",
		"x-amz-sns-message-type",
	};
	bool promise = false;

	for (size_t i = 0; i < G_N_ELEMENTS(names) && !promise; i++)
		promise = fields_find(fields, names[i]) != NULL;
	for (guint i = 0; i < fields->len && !promise; i++) {
		const struct field *field = &g_array_index(fields, struct field, i);
		bool type = field_is(field, "Content-Type"), from = field_is(field, "From"), path = field_is(field, "Return-Path");
		char *value = type || from || path ? field_value(field) : NULL, *valid = value ? g_utf8_make_valid(value, -1) : NULL,
		     *lower = valid ? g_utf8_strdown(valid, -1) : NULL;

		promise = (type && strstr(lower, "multipart/report")) || (path && strstr(lower, "<>")) ||
			  (from && (is_daemon(lower) || is_notifier(lower)));
		g_free(value);
		g_free(valid);
		g_free(lower);
	}
	return promise;
}
