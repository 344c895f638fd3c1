/* kind.c - tells reports from other mail, and the kinds of reports from one another.
 *
 * A report is written by a mail system, not by a person who quotes, pastes or forwards one: so structure and sender decide, and words
 * only where a mail system speaks. Not here: recipients and codes (the dialects).
 */
#include "kind.h"
#include "disguise.h"
#include "gateway-marks.h"
#include "notice.h"
#include "phrases.h"
#include "report-rules.h"
#include "text.h"
#include "told.h"

#include <string.h>

static bool has_part(const struct mail *mail, const char *type)
{
	return mail_find_part(mail, type) != NULL;
}

/* A report on another message's fate, as far as the outside tells. */
static bool may_be_report(const struct signs *signs)
{
	if ((signs->ticket && !signs->report) || (signs->administration && !signs->list_notice) || (signs->list && !signs->daemon && !signs->null_sender && !signs->list_notice))
		return false;
	return signs->report || signs->failed_field || signs_by_reporter(signs) || (signs->automatic && signs->subject);
}

/* The lines by which mail programs introduce what they quote: "From: ... Sent: ... Subject: ..." in the languages of their users. */
static bool is_quoted_header(const char *line)
{
	static const char *const labels[] = {
		"Sent:", "Gesendet:", "Envoyé", "Enviado", "Enviada", "Inviato:", "Verzonden:", "Wysłano:", "Отправлено:", "送信日時", "发送时间",
		"已发送", "寄件日期", "Skickat:", "Sendt:", "Lähetetty:", "Odesláno:", "Gönderilen:",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
		if (g_str_has_prefix(line, labels[i]))
			return true;
	return false;
}

/* Does the text, the returned message as it seems, begin with such lines? */
static bool is_quoted_block(const char *text)
{
	char **lines = g_strsplit(text, "\n", 12);
	bool quoted = false;

	for (guint i = 0; lines[i] && !quoted; i++)
		quoted = is_quoted_header(lines[i]) || g_str_has_prefix(lines[i], "---------- Forwarded");
	g_strfreev(lines);
	return quoted;
}

/* Lines that begin with "> ": two are a quotation. */
static bool quotes(const GPtrArray *lines)
{
	unsigned quoted = 0;

	for (guint i = 0; i < lines->len && quoted < 2; i++)
		quoted += text_is_quoted(lines->pdata[i]);
	return quoted >= 2;
}

static bool has_quoted_header(const GPtrArray *lines)
{
	bool quoted = false;

	for (guint i = 0; i < lines->len && !quoted; i++)
		quoted = is_quoted_header(lines->pdata[i]);
	return quoted;
}

/* Is even the line quoted that announces the returned message? Then somebody quotes a report; a report quotes no more than the message, from its first field on. */
static bool is_quoted_announcement(const char *line)
{
	size_t word = g_str_has_prefix(line, "> ") ? strcspn(line + 2, " \n") : 0;

	return word > 0 && line[2 + word - 1] != ':';
}

#define OPENING_LINES 3u	/* that are not empty: in which a person says what he wants */

/* "Can you look at this? I got it this morning:" */
static bool opens_with_question(const GPtrArray *lines)
{
	unsigned seen = 0;
	bool asks = false;

	for (guint i = 0; i < lines->len && seen < OPENING_LINES && !asks; i++) {
		const char *mark = strchr(lines->pdata[i], '?');

		seen += *(const char *)lines->pdata[i] != '\0';
		asks = mark && strchr(" ", mark[1]);
	}
	return asks;
}

/* Is somebody else's report enclosed, as far as its fields tell? A gateway wraps a report and writes in the same name. */
static bool encloses_others_report(const struct mail *mail)
{
	GArray *fields = mail_enclosed_fields(mail);
	const struct field *from = fields ? fields_find(fields, "From") : NULL;
	char *writer = from ? field_value(from) : NULL;
	bool report = from && signs_promise_report(fields) && g_strcmp0(writer, mail_field(mail, "From")) != 0;

	g_free(writer);
	if (fields)
		g_array_unref(fields);
	return report;
}

/* Does a postmaster write himself, of a report that somebody got? */
static bool is_keepers_own(const struct report_text *report)
{
	return quotes(report->lines) || opens_with_question(report->lines) || encloses_others_report(report->mail);
}

/* Is another mail quoted or introduced, as mail programs for people do it? */
static bool quotes_mail(const struct report_text *report)
{
	static const char *const marks[] = {
		"forwarded message", "begin forwarded", "original appointment", " wrote:", " schrieb:", " schrieb ", " a écrit", " escribió:",
		" ha scritto:", " escreveu:", " schreef ", " napisał", " пишет:", " написал", "weitergeleitete nachricht", "message transféré",
		"début du message", "mensaje reenviado", "messaggio inoltrato", "mensagem encaminhada", "doorgestuurd bericht",
		"przekazana wiadomość", "転送メッセージ", "さんは書きました", "转发的邮件", "写道",
	};

	return quotes(report->lines) || has_quoted_header(report->lines) || text_holds_any(report->folded, marks, G_N_ELEMENTS(marks)) ||
	       (report->original && (is_quoted_block(report->original) || is_quoted_announcement(report->original)));
}

/* Somebody answers or passes on: a subject that says so, and a text that quotes. Even a postmaster is a person then. */
static bool is_conversation(const struct signs *signs, const struct report_text *report)
{
	/* A list manager quotes the message that it refuses, and gives its refusal the subject. */
	if (signs->list_notice)
		return signs->typed;
	if (!signs->passed_on)
		return signs->keeper ? is_keepers_own(report) : !signs->daemon && quotes(report->lines);
	/* Somebody reads MAILER-DAEMON's mail and answers it. */
	if (signs->typed && fields_find(report->mail->fields, "In-Reply-To"))
		return true;
	if (signs->null_sender && signs->daemon)
		return false;
	return (signs->keeper && !signs->sender_absent) || mail_find_part(report->mail, "message/rfc822") || quotes_mail(report);
}

/* Did somebody pass on a report with its parts and fields as they were, and words of his own? He wrote with a mail program for people, or it quotes or encloses; a mail system
 * that is no person's signs itself, or has no sender. */
static bool is_by_hand(const struct signs *signs, const struct report_text *report)
{
	if (signs->null_sender || (signs->mailer && (signs->machine || signs->sender_absent)))
		return false;
	return signs->typed || (signs->passed_on && (signs->sender_known || signs->keeper) && (quotes_mail(report) || encloses_others_report(report->mail)));
}

/* The "reject" of Sieve (RFC 5429 section 2.1.2) writes its refusal as a disposition notification: nobody saw the message, it was deleted, and the text says why. A mail
 * program that deletes unread says so too, but of nothing refused, one that could not process a message says "error", and "denied" that its reader wants to tell nothing.
 * The type is what stands behind the mode, and what modifies it behind that (RFC 8098 section 3.2.6). */
static bool refuses(const struct mail *mail)
{
	static const char *const types[] = {"deleted", "failed", "rejected"};
	const struct mail_part *part = mail_find_part(mail, "message/disposition-notification");
	const char *disposition = part && part->text ? text_find(part->text, "disposition:") : NULL;
	char *line = disposition ? g_ascii_strdown(disposition, (gssize)strcspn(disposition, "\n")) : NULL, *mode = line ? strchr(line, ';') : NULL;
	bool refused = false;

	for (size_t i = 0; mode && strstr(line, "automatic") && i < G_N_ELEMENTS(types) && !refused; i++)
		refused = g_str_has_prefix(mode + 1 + strspn(mode + 1, " \t"), types[i]);
	refused &= !mode || !strstr(mode, "/error");
	g_free(line);
	return refused;
}

/* Mail that has the words of a report, and marks of something else. */
static bool is_something_else(const struct signs *signs, const struct report_text *report)
{
	bool answerable = !signs->null_sender && !signs->sender_absent && !signs->mailer;

	if (answerable && !report_returns_original(report) && disguise_is_page(report->mail))
		return true;
	return notice_is_about_others(report) || disguise_is_scripted(report->mail->fields) || disguise_brings_file(report->mail);
}

static enum kind kind_of_others(const struct signs *signs)
{
	return signs->answer && !signs->list && !signs->administration && !signs->request ? KIND_AUTO_REPLY : KIND_NONE;
}

/* A message that its reader deleted, and did not read, as his mail program says. A mail system's refusal may say so of whatever it refuses. */
static bool went_unread(const struct report_text *report)
{
	static const char *const words[] = {
		"without being read", "without reading", "sans être lu", "sans avoir été lu", "ungelesen", "ohne gelesen", "sin ser leíd", "sin leer",
		"senza essere", "senza averlo letto", "sem ser lid", "sem ter sido lid", "zonder te zijn gelezen", "zonder gelezen", "ongelezen", "bez przeczytania",
		"utan att", "uden at", "uten at", "未読のまま", "未读", "без прочтения",
	};

	return text_holds_any(report->folded, words, G_N_ELEMENTS(words));
}

/* A disposition notification tells what became of a message at its reader's; a refusal in that form that a mail system signs is a bounce. */
static enum kind kind_of_disposition(const struct mail *mail, const struct signs *signs, const struct report_text *report)
{
	if (!refuses(mail) || !(signs->daemon || signs->writer_absent) || !(mail->report_type || may_be_report(signs)))
		return KIND_DISPOSITION;
	if (!report)
		return KIND_BOUNCE;
	return told_by_text(report->folded).failed && !is_by_hand(signs, report) && (signs->mailer || signs->writer_absent || !went_unread(report)) ? KIND_BOUNCE : KIND_DISPOSITION;
}

/* Is its structure a report's? A status part beside what a person passes on is his attachment, and a list's members send each other reports. */
static bool is_structured(const struct signs *signs)
{
	bool attached = signs->passed_on && (signs->keeper || signs->sender_known);

	if (signs->list && !signs->null_sender && !signs->daemon)
		return false;
	return signs->report || signs->failed_field || (signs->status_part && !attached);
}

enum kind kind_tell(const struct mail *mail, const struct signs *signs, const struct report_text *report, const char **rule)
{
	struct evidence evidence;

	*rule = "its structure";
	/* Whatever it was, a person passes it on now. */
	if (signs->resent)
		return KIND_NONE;
	if (g_strcmp0(mail->report_type, "feedback-report") == 0 || has_part(mail, "message/feedback-report") ||
	    fields_find(mail->fields, "X-Apple-Unsubscribe"))
		return KIND_FEEDBACK;
	if (g_strcmp0(mail->report_type, "disposition-notification") == 0 || has_part(mail, "message/disposition-notification"))
		return kind_of_disposition(mail, signs, report);
	if (!may_be_report(signs))
		return kind_of_others(signs);
	if (!report)
		return KIND_BOUNCE;
	if (is_structured(signs))
		return is_by_hand(signs, report) ? KIND_NONE : KIND_BOUNCE;
	if (is_conversation(signs, report) || is_something_else(signs, report))
		return kind_of_others(signs);
	evidence = evidence_of(report, signs);
	/* A quarantine's subject asks its reader to look; that his own message was refused, with a reply, asks nothing. */
	if (signs->request && !(signs->null_sender && evidence.sentence && evidence.reply))
		return kind_of_others(signs);
	*rule = report_rule(signs, &evidence);
	return *rule ? KIND_BOUNCE : kind_of_others(signs);
}

/* "You will be told if it fails for good" is no verdict: words that make a sentence a condition. */
static bool is_conditional(const char *sentence)
{
	static const char *const words[] = {
		" if ", " when ", " unless ", " until ", " eventually ", " wenn ", " falls ", " sollte ", " si ", " lorsque ", " cuando ", " se ", " quando ",
		" caso ", " als ", " indien ", " jeśli ", " jeżeli ", " gdy ", " если ", " когда ", "場合", "如果", "若",
	};
	char *padded = g_strconcat(" ", sentence, NULL);
	bool conditional = text_holds_any(padded, words, G_N_ELEMENTS(words));

	g_free(padded);
	return conditional;
}

/* Does a sentence say without a condition that it is over? */
static bool says_final(const char *text)
{
	bool final = false;

	while (*text && !final) {
		size_t length = told_sentence_length(text), present[PHRASE_SORTS];
		char *sentence = g_strndup(text, length);

		phrases_find(sentence, present);
		final = present[PHRASE_FINAL] && !is_conditional(sentence);
		g_free(sentence);
		text += length;
	}
	return final;
}

enum kind kind_of_text(const struct report_text *report)
{
	static const char *const warnings[] = {"warning", "warnung", "avertissement", "waarschuwing", "advertencia", "aviso", "avviso", "ostrzeżenie", "警告"};
	const char *subject = mail_field(report->mail, "Subject");
	enum kind announced = subject ? kind_of_subject(subject) : KIND_NONE;
	struct told told = told_by_text(report->folded);
	size_t present[PHRASE_SORTS];
	bool final;

	phrases_find(report->folded, present);
	present[PHRASE_DELAYED] |= told.retried || (told.waits && announced != KIND_BOUNCE);
	final = present[PHRASE_FINAL] && says_final(report->folded);
	/* In a delay notice "expired" may be the remote's word about something else. */
	if (present[PHRASE_DELAYED] && (!final || (announced == KIND_DELAY && !report_says(report, "permanent"))))
		return KIND_DELAY;
	/* "Could not be delivered" stands in delay notices too; but "Warning:" opens the subject of other notices as well. */
	if (announced == KIND_DELAY && !final && !text_find(subject, "warning:") && !text_begins_any(subject, warnings, G_N_ELEMENTS(warnings)))
		return KIND_DELAY;
	if (present[PHRASE_DELIVERED] && !final && announced == KIND_SUCCESS)
		return KIND_SUCCESS;
	if (present[PHRASE_FAILED] || present[PHRASE_INFECTED] || final || told.failed)
		return KIND_BOUNCE;
	return present[PHRASE_DELIVERED] ? KIND_SUCCESS : KIND_NONE;
}

enum kind kind_of_subject(const char *subject)
{
	char *lower = g_utf8_strdown(subject, -1);
	const char *bare = lower + gateway_subject_tags(lower);
	size_t present[PHRASE_SORTS];
	bool failed = told_by_text(bare).failed;

	phrases_find(bare, present);
	g_free(lower);
	if (present[PHRASE_SUBJECT_DELAYED])
		return KIND_DELAY;
	if (present[PHRASE_SUBJECT_DELIVERED] && !failed)
		return KIND_SUCCESS;
	return present[PHRASE_SUBJECT_FAILED] || failed ? KIND_BOUNCE : KIND_NONE;
}
