/* notice.c - notices of machines that have the words of reports, though nobody's own message failed.
 *
 * Not here: what people write (kind.c), what is made to deceive (disguise.c), and lists (list-manager.c).
 */
#include "notice.h"

#include "code.h"
#include "disguise.h"
#include "dialect.h"
#include "evidence.h"
#include "phrases.h"
#include "text.h"
#include "told.h"

#include <string.h>

/* A scanner tells what it found in a message that went on all the same. */
static bool was_delivered_clean(const struct report_text *report)
{
	size_t present[PHRASE_SORTS];

	phrases_find(report->folded, present);
	return present[PHRASE_INFECTED] && present[PHRASE_DELIVERED] && !present[PHRASE_FAILED] && !told_by_text(report->folded).failed;
}

/* "Message 1leDFx-0005Ab-Cd has been frozen (...). The sender is <>." */
static bool is_frozen(const struct report_text *report)
{
	const char *frozen = strstr(report->folded, "has been frozen"), *message = frozen ? g_strrstr_len(report->folded, frozen - report->folded, "message ") : NULL;

	return message && frozen - message < 40 && report_says(report, "the sender is <");
}

/* What such notices are about stands in replies too ("550 5.7.1 rejected by DLP policy"): where no mail system reports on the reader's
 * message they are Exchange's, of a rule. */
static bool tells_of_rule(const struct report_text *report)
{
	static const char *const words[] = {"dlp policy", "incident report"};

	return text_holds_any(report->folded, words, G_N_ELEMENTS(words)) && !dialect_knowing(report) && !report_returns_original(report) && !evidence_addresses(report->folded);
}

/* Does amavis tell its administrator what it tells or does not tell the sender: "VIRUS (Test.A) FROM [192.0.2.1] <carol@example.com>", "BANNED contents (.exe) in mail FROM
 * LOCAL [...]"? To the sender it says "... FROM YOU". */
static bool is_amavis_alert(const char *subject)
{
	static const char *const openings[] = {"virus", "banned", "infected", "spam", "oversized", "bad-header", "unchecked"};
	const char *from = text_find(subject, " from ");

	return from && strpbrk(from, "<[") && text_begins_any(subject, openings, G_N_ELEMENTS(openings)) && !text_begins(from + strlen(" from "), "you");
}

/* To a keeper go amavis' copies, and Exim tells him what it froze, rspamd of whom it refused mail, LISTSERV who bounces, Exchange whose mail a rule found, an SMS centre what
 * was delivered. */
static bool is_keepers_copy(const struct report_text *report)
{
	static const char *const words[] = {
		"notification to sender ", "the mail originated from: ", "spam received from user ", "authenticated username: ", "generateincidentreport", "stat:delivrd",
	};
	const char *subject = mail_field(report->mail, "Subject");

	return (subject && (is_amavis_alert(subject) || text_find(subject, "error monitoring report"))) ||
	       is_frozen(report) || tells_of_rule(report) || text_holds_any(report->folded, words, G_N_ELEMENTS(words));
}

static bool holds_both(const char *text, const char *const *one, size_t count, const char *const *other, size_t others)
{
	return text_holds_any(text, one, count) && text_holds_any(text, other, others);
}

/* A scanner tells whom a message was for what it found in it, in one sentence. */
static bool is_to_its_recipient(const struct report_text *report)
{
	static const char *const words[] = {
		"in mail to you ", "mail to you from", "message to you from", "message sent to you ", "mail sent to you ", "mail that was sent to you ",
		"message that was sent to you ", "message addressed to you ",
		"mail addressed to you ", "message sent to you:", "an sie gesendete", "an sie gerichtete", "an sie adressierte", "qui vous était destiné",
		"qui vous était adressé", "dirigido a usted", "a lei indirizzato",
		"aan u gericht",
	};
	static const char *const findings[] = {"virus", "banned", "infected", "infiziert", "unacceptable attachment", "malware", "quarant"};

	const char *subject = mail_field(report->mail, "Subject");
	char *lower = g_utf8_strdown(subject ? subject : "", -1);
	bool to_recipient = holds_both(lower, words, G_N_ELEMENTS(words), findings, G_N_ELEMENTS(findings));

	for (const char *text = report->folded; *text && !to_recipient; ) {
		size_t length = told_sentence_length(text);
		char *sentence = g_strndup(text, length);

		to_recipient = holds_both(sentence, words, G_N_ELEMENTS(words), findings, G_N_ELEMENTS(findings)) && !strstr(sentence, "you sent") && !strstr(sentence, "your m");
		g_free(sentence);
		text += length;
	}
	g_free(lower);
	return to_recipient;
}

/* A quarantine's list of what it holds names senders and subjects, those of reports too. */
static bool is_quarantine_digest(const struct report_text *report)
{
	static const char *const words[] = {
		"messages in quarantine", "messages in your quarantine", "quarantine summary", "quarantine digest", "quarantine report", "spam digest",
		"messages are being held", "messages have been quarantined",
		"messages were quarantined", "e-mails in quarantäne", "nachrichten in quarantäne", "messages en quarantaine", "mensajes en cuarentena", "messaggi in quarantena",
		"mensagens em quarentena", "berichten in quarantaine", "wiadomości w kwarantannie",
	};
	/* The sender is told so of his message too. */
	static const char *const moved[] = {
		"messi in quarantena", "mis en quarantaine", "puestos en cuarentena", "in quarantäne verschoben", "in quarantaine geplaatst", "помещены в карантин",
	};

	return text_holds_any(report->folded, words, G_N_ELEMENTS(words)) ||
	       (text_holds_any(report->folded, moved, G_N_ELEMENTS(moved)) && !evidence_addresses(report->folded) && !report_returns_original(report));
}

bool notice_is_about_others(const struct report_text *report)
{
	return is_keepers_copy(report) || is_to_its_recipient(report) || is_quarantine_digest(report) || was_delivered_clean(report);
}

/* Does it have a link to follow? */
static bool has_link(const struct report_text *report)
{
	bool link = strstr(report->folded, "http://") || strstr(report->folded, "https://");

	for (guint i = 0; i < report->mail->parts->len && !link; i++) {
		const struct mail_part *part = mail_part(report->mail, i);

		link = strcmp(part->type, "text/html") == 0 && part->text && g_strstr_len(part->text, (gssize)part->text_length, "href=\"http");
	}
	return link;
}

/* A letter behind none, or one of a language without blanks: "zending" does not begin in "verzending". */
static bool begins_word(const char *text, const char *at)
{
	return at == text || (unsigned char)*at >= 0xe0 || !(g_ascii_isalnum(at[-1]) || (unsigned char)at[-1] >= 0x80);
}

/* Parcels and payments have recipients to whom they cannot be delivered, too; what is said of the reader's message is said of mail, whatever its subject. */
static bool is_about_goods(const struct report_text *report)
{
	static const char *const goods[] = {
		"parcel", "package", "shipment", "courier", "beneficiary", "payment", "paket", "sendung", "überweisung", "colis", "virement", "paquete", "transferencia",
		"pacco", "bonifico", "encomenda",
		"pakket", "zending", "paczk", "przesyłk", "посылк", "платеж", "包裹", "荷物", "小包",
	};

	bool found = false;

	for (size_t i = 0; i < G_N_ELEMENTS(goods) && !found; i++)
		for (const char *at = strstr(report->folded, goods[i]); at && !found; at = strstr(at + 1, goods[i]))
			found = begins_word(report->folded, at);
	return found && !evidence_addresses(report->folded);
}

#define COUNT_WORDS 2u		/* behind a number, of which one calls what is counted */

/* Does a number of messages stand at text, which begins with a digit: "12 undelivered messages", "5封邮件"? */
static bool counts_messages(const char *text)
{
	static const char *const messages[] = {
		"message", "mail", "email", "e-mail", "nachricht", "courriel", "mensaje", "correo", "messagg", "mensage", "bericht", "wiadomo", "e-post", "meddeland",
		"besked", "сообщени", "пис", "封", "件", "通",
	};
	static const char *const times[] = {
		"second", "minute", "hour", "day", "week", "sekund", "stunde", "tag", "woche", "heure", "jour", "hora", "día", "dia", "giorn", "ore ", "uur", "uren",
		"dag", "godzin", "dni",
	};

	struct code code;

	/* "550 5.7.1 Message rejected" */
	if (code_read(text, strlen(text), &code) > 0)
		return false;
	text += strspn(text, "0123456789,.)");
	for (unsigned i = 0; i < COUNT_WORDS; i++) {
		text += strspn(text, " ");
		if (text_begins_any(text, messages, G_N_ELEMENTS(messages)))
			return true;
		if (text_begins_any(text, times, G_N_ELEMENTS(times)) || !*text)
			return false;
		text += strcspn(text, " ");
		if (strchr(".:,;", text[-1]))
			return false;
	}
	return false;
}

/* A report is about one message. */
static bool is_about_several(const struct report_text *report)
{
	bool several = false;

	for (const char *at = strpbrk(report->folded, "23456789"); at && !several; at = strpbrk(at + strspn(at, "0123456789"), "0123456789"))
		several = (at == report->folded || !(g_ascii_isalnum(at[-1]) || strchr(".-:/#", at[-1]))) && !g_str_has_prefix(at, "1 ") && counts_messages(at);
	return several;
}

bool notice_concerns_nobody(const struct report_text *report, bool failed)
{
	bool known = dialect_knowing(report) != NULL;

	/* A report that is nothing but a page with a link, and about its own reader, wants him to follow it. */
	return (has_link(report) && !(known && failed && !disguise_is_page(report->mail))) || (!known && (is_about_goods(report) || is_about_several(report)));
}
