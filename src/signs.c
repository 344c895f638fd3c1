/* signs.c - reads the outside of a message, and tells by it whether the message is worth reading at all.
 *
 * The gate of the milter (signs_promise_report) and the reader of whole messages ask the same functions, so that what one lets in the other
 * can recognise. Not here: what the signs mean together (report-rules.c).
 */
#include "signs.h"

#include "gateway-marks.h"
#include "list-manager.h"
#include "phrases.h"
#include "text.h"
#include "told.h"
#include "writer.h"

#include <string.h>

static bool is_null_sender(const char *path)
{
	return strcmp(path, "") == 0 || g_str_has_prefix(path, "<>") || strstr(path, "mailer-daemon") || strstr(path, "double-bounce@") ||
	       strcmp(path, "<null>") == 0;
}

#define SUBJECT_BEGIN 5u	/* bytes before a phrase that still begins the subject: "*** " */

/* A word that people put at the head of their mail, too. */
static bool is_loose_answer(const char *phrase)
{
	static const char *const words[] = {"absence", "absent", "abwesen", "afwezig", "ausência", "away", "fravær", "frånvaro", "nieobecn", "on leave", "urlaub", "vacation", "отпуск", "不在", "休暇"};

	return text_begins_any(phrase, words, G_N_ELEMENTS(words)) && !g_str_has_prefix(phrase, "abwesenheitsn");
}

/* Does the subject, in lower case, begin as answers do? It may speak of holidays without being one, and where somebody typed it a loose word decides nothing. */
static bool opens_answer(const char *subject, const size_t present[PHRASE_SORTS], bool typed)
{
	size_t place = present[PHRASE_SUBJECT_ANSWER];

	return place > 0 && place <= SUBJECT_BEGIN && !(typed && is_loose_answer(subject + place - 1));
}

static bool is_answer(const GArray *fields, bool by_subject, const char *automatic)
{
	static const char *const names[] = {
		"X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Vacation", "X-Mail-Autoreply", "X-Autoresponder",
		"Vacation-Message-Id", "X-AutoReply-From", "X-Vacation-Notice", "Delivered-By-The-Graces-Of",
	};
	char *precedence = mail_lower_field(fields, "Precedence");
	bool answer = by_subject || g_str_has_prefix(automatic, "auto-replied") || strstr(precedence, "auto_reply") || strstr(precedence, "auto-reply");

	for (size_t i = 0; i < G_N_ELEMENTS(names) && !answer; i++)
		answer = fields_find(fields, names[i]) != NULL;
	g_free(precedence);
	return answer;
}

static bool begins_with_report(const size_t present[PHRASE_SORTS])
{
	return (present[PHRASE_SUBJECT_FAILED] && present[PHRASE_SUBJECT_FAILED] <= SUBJECT_BEGIN) ||
	       (present[PHRASE_SUBJECT_DELAYED] && present[PHRASE_SUBJECT_DELAYED] <= SUBJECT_BEGIN) ||
	       (present[PHRASE_SUBJECT_DELIVERED] && present[PHRASE_SUBJECT_DELIVERED] <= SUBJECT_BEGIN);
}

/* "Undeliverable: Please confirm" is a report, "Please confirm: undeliverable?" is none. */
static bool is_request(const size_t present[PHRASE_SORTS])
{
	static const enum phrase_sort reports[] = {PHRASE_SUBJECT_FAILED, PHRASE_SUBJECT_DELAYED, PHRASE_SUBJECT_DELIVERED};

	for (size_t i = 0; i < G_N_ELEMENTS(reports); i++)
		if (present[reports[i]] && present[reports[i]] < present[PHRASE_SUBJECT_REQUEST])
			return false;
	return present[PHRASE_SUBJECT_REQUEST] > 0;
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

/* "Re:" and its like in the languages of mail programs, with or without a blank before the colon. */
static bool is_passed_on(const char *subject)
{
	static const char *const prefixes[] = {
		"re", "fwd", "fw", "aw", "wg", "tr", "rv", "sv", "vs", "antw", "enc", "i", "r", "doorst", "rif", "odp", "pd", "res", "ref", "ynt", "ilt",
		"vb", "vl", "fs", "rép", "transféré", "reenviado", "inoltro", "przekazane", "转发", "回复", "答复", "轉寄", "回覆", "转寄", "ответ", "пересл", "転送", "返信",
	};

	/* "[example.com #4711] ..." is a ticket's, "[list] ..." a list's. */
	if (*subject == '[')
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (g_str_has_prefix(subject, prefixes[i])) {
			const char *rest = subject + strlen(prefixes[i]);

			rest += strspn(rest, " ");
			if (*rest == ':' || g_str_has_prefix(rest, "：") || g_str_has_prefix(rest, "\xc2\xa0:"))
				return true;
		}
	return false;
}

/* Does the subject say what became of a message, or begin as reports do? */
static void read_subject(struct signs *signs, const char *subject)
{
	struct told told = told_by(subject, strlen(subject));
	size_t present[PHRASE_SORTS];

	phrases_find(subject, present);
	/* Chinese, Japanese and Korean put the verb last. */
	signs->subject_opens = (told.failed && told.opens) || (present[PHRASE_SUBJECT_FAILED] && (unsigned char)subject[present[PHRASE_SUBJECT_FAILED] - 1] >= 0xe3);
	signs->subject = told.failed || present[PHRASE_SUBJECT_FAILED] || present[PHRASE_SUBJECT_DELAYED] || present[PHRASE_SUBJECT_DELIVERED];
	signs->subject_begins = begins_with_report(present);
}

/* Who sent it, by envelope and From; sender as in signs_read(). For most mail the gate asks no more than this. */
static void read_sender(struct signs *signs, const GArray *fields, const struct writer *writer, const char *sender)
{
	char *noted = mail_lower_field(fields, "Return-Path");
	char *path = sender ? g_ascii_strdown(sender, -1) : g_strdup(noted);

	signs->null_sender = (sender && is_null_sender(path)) || (fields_find(fields, "Return-Path") && is_null_sender(noted));
	signs->sender_known = strchr(path, '@') && !signs->null_sender && !writer_is_daemon(path);
	signs->resent = strchr(path, '@') && !signs->null_sender && !writer_is_machine(path) && fields_find(fields, "Resent-From");
	signs->writer_absent = !signs->sender_known && !fields_find(fields, "From");
	signs->sender_absent = !sender && !fields_find(fields, "Return-Path");
	signs->list_server = (signs->null_sender && writer_is_list_server(writer)) || list_is_from_fml(fields, writer, signs->sender_known ? path : NULL);
	signs->mailer = writer_is_mailer(writer);
	signs->program = writer_is_program(writer);
	signs->role = writer_has_role(writer);
	signs->machine = signs->program || writer_is_machine(writer->named);
	signs->daemon = signs->mailer || writer_is_daemon(writer->named) || signs->list_server;
	signs->keeper = signs->daemon && !signs->machine && !signs->null_sender && strchr(writer->named, '@');
	signs->notification = writer_is_notifier(writer);
	signs->list_notice = list_notifies(fields, writer);
	signs->list_post = signs->list_notice && list_notifies_as_post(fields, writer);
	signs->list_program = signs->list_notice && writer_is_list_program(writer);
	signs->list_request = signs->list_notice && writer_takes_commands(writer);
	g_free(noted);
	g_free(path);
}

/* No mail system writes with a person's mail program. */
static bool is_typed(const GArray *fields)
{
	static const char *const programs[] = {
		"outlook", "thunderbird", "mozilla", "netscape", "apple mail", "iphone", "ipad", "android", "mutt", "pine", "eudora", "kmail", "evolution", "roundcube", "squirrelmail",
		"horde", "the bat", "claws", "sylpheed", "pegasus", "lotus notes", "mailx", "zimbra", "open-xchange", "webmail", "windows mail", "becky", "mailspring", "foxmail", "gnus",
	};
	char *mailer = mail_lower_field(fields, "X-Mailer");
	bool typed = fields_find(fields, "User-Agent") || (text_holds_any(mailer, programs, G_N_ELEMENTS(programs)) && !strstr(mailer, "server"));

	g_free(mailer);
	return typed;
}

/* The length of a name in brackets with which a mail system opens its subjects ("[mail.example.org] delivery failed"); a number in it would be a ticket's. Where it
 * says what happened, as Naver's do before the subject of the message, that of the bracket alone. */
static size_t name_length(const char *subject)
{
	size_t length = *subject == '[' ? strcspn(subject, "]#") : 0, present[PHRASE_SORTS];
	char *name;

	if (length == 0 || length >= 60 || subject[length] != ']')
		return 0;
	name = g_strndup(subject, length);
	phrases_find(name, present);
	g_free(name);
	return present[PHRASE_SUBJECT_FAILED] ? 1 : length + 1;
}

/* Without the tags of gateways: "[EXTERNAL] Undelivered Mail", "***SPAM*** Mail delivery failed". named: a mail system writes, no list, whose name may stand there
 * too. Changes subject and returns it. */
static char *without_tag(char *subject, bool named)
{
	size_t skip = gateway_subject_tags(subject), name = named ? name_length(subject + skip) : 0;

	skip += name ? name + strspn(subject + skip + name, " :") : 0;
	memmove(subject, subject + skip, strlen(subject + skip) + 1);
	return subject;
}

/* A ticket system's notice, whose ticket may be about a bounce. */
static bool is_ticket(const GArray *fields)
{
	static const char *const names[] = {
		"X-JIRA-FingerPrint", "X-RT-Ticket", "RT-Ticket", "X-OTRS-Loop", "X-Zammad-Ticket-Id", "X-Zendesk-Ticket-Id", "X-GitHub-Reason",
		"X-GitLab-Project", "X-Redmine-Host", "X-Bugzilla-Type", "X-Mantis-Version", "X-Trac-Project", "X-Debian-PR-Message", "X-ServiceNow-Generated", "X-Gitea-Reason",
	};
	static const char *const programs[] = {"zammad", "otrs", "znuny", "osticket", "redmine", "kayako", "glpi", "mantis", "bugzilla", "helpdesk"};
	char *mailer = mail_lower_field(fields, "X-Mailer");
	bool ticket = text_holds_any(mailer, programs, G_N_ELEMENTS(programs));

	g_free(mailer);
	for (size_t i = 0; i < G_N_ELEMENTS(names) && !ticket; i++)
		ticket = fields_find(fields, names[i]) != NULL;
	return ticket;
}

/* Postfix tells its postmaster what a client did wrong: that was told its reply already. From the host itself comes the site's own mail, behind its filter. */
static bool is_clients_transcript(const char *subject)
{
	static const char *const loopback[] = {"[127.", "[::1]", "[::ffff:127."};

	return g_str_has_prefix(subject, "postfix smtp server: ") && !text_holds_any(subject, loopback, G_N_ELEMENTS(loopback));
}

#define TOKEN_LENGTH 20u		/* hexadecimal digits */

/* "confirm subscribe to garden@..." of ezmlm, "confirm 3f5a9c..." of Mailman. */
static bool asks_to_confirm(const char *subject)
{
	const char *what = g_str_has_prefix(subject, "confirm ") ? subject + strlen("confirm ") : "";

	return g_str_has_prefix(what, "subscribe") || g_str_has_prefix(what, "unsubscribe") || strspn(what, "0123456789abcdef") >= TOKEN_LENGTH;
}

/* What it is, by its other fields. */
static void read_fields(struct signs *signs, const GArray *fields, const struct writer *writer)
{
	bool named = (signs->daemon || signs->null_sender || signs->role) && !list_marked(fields);
	char *subject = without_tag(mail_lower_field(fields, "Subject"), named), *automatic = mail_lower_field(fields, "Auto-Submitted");
	size_t present[PHRASE_SORTS];
	bool answers;

	phrases_find(subject, present);
	read_subject(signs, subject);
	if (list_returns_posting(fields, subject))
		signs->subject = signs->subject_begins = true;
	signs->passed_on = is_passed_on(subject);
	signs->automatic = *automatic && !g_str_has_prefix(automatic, "no");
	signs->failed_field = fields_find(fields, "X-Failed-Recipients") && (!signs->sender_known || signs->daemon || signs->automatic);
	signs->list = list_marked(fields);
	signs->typed = is_typed(fields);
	/* Some mail systems copy the fields of the list's notice that they return: where such a report goes, no notice does. */
	signs->administration = (fields_find(fields, "X-List-Administrivia") && !(signs->subject_begins && list_gets_bounces(fields))) ||
				fields_find(fields, "X-Cron-Env") || fields_find(fields, "X-MS-Journal-Report") || is_clients_transcript(subject);
	signs->administration |= !signs->null_sender && list_reports_to_owner(fields, writer);
	signs->ticket = is_ticket(fields);
	signs->request = is_request(present) || asks_to_confirm(subject) || fields_find(fields, "X-Boxtrapper");
	answers = opens_answer(subject, present, signs->typed) || (present[PHRASE_SUBJECT_ANSWER] && *automatic);
	signs->answer = is_answer(fields, answers, automatic) || (!signs->daemon && signs->automatic && fields_find(fields, "In-Reply-To"));
	if (!signs->daemon && !signs->answer && (!signs->passed_on || signs->null_sender || signs->subject) && list_gets_bounces(fields))
		signs->daemon = signs->mailer = true;
	g_free(subject);
	g_free(automatic);
}

struct signs signs_read(const struct mail *mail, const char *sender)
{
	struct signs signs = {.null_sender = false};
	struct writer writer = writer_read(mail->fields);
	bool multipart_report = strcmp(mail_part(mail, 0)->type, "multipart/report") == 0;
	guint index = 0;

	read_sender(&signs, mail->fields, &writer, sender);
	read_fields(&signs, mail->fields, &writer);
	writer_clear(&writer);
	signs.status_part = status_part(mail, &index) != NULL;
	signs.report = multipart_report && (!mail->report_type || strcmp(mail->report_type, "delivery-status") == 0 || signs.status_part);
	signs.request |= mail_find_part(mail, "text/calendar") != NULL;
	signs.list |= mail_find_part(mail, "multipart/digest") != NULL;
	return signs;
}

/* Much of all mail comes from "noreply@": its subject has to promise something. */
bool signs_by_reporter(const struct signs *signs)
{
	return signs->null_sender || signs->writer_absent || signs->daemon || signs->program || signs->notification || signs->list_notice || (signs->role && signs->subject);
}

bool signs_promise_report(const GArray *fields)
{
	static const char *const names[] = {"X-Failed-Recipients", "Auto-Submitted", "X-Autoreply", "X-Autorespond", "X-Vacation", "x-amz-sns-message-type"};
	char *type = mail_lower_field(fields, "Content-Type");
	bool promise = strstr(type, "multipart/report") != NULL;
	struct signs signs = {.null_sender = false};
	struct writer writer;

	g_free(type);
	for (size_t i = 0; i < G_N_ELEMENTS(names) && !promise; i++)
		promise = fields_find(fields, names[i]) != NULL;
	if (promise)
		return true;
	writer = writer_read(fields);
	read_sender(&signs, fields, &writer, NULL);
	if (signs.role)
		read_fields(&signs, fields, &writer);
	writer_clear(&writer);
	return signs_by_reporter(&signs) || list_gets_bounces(fields);
}
