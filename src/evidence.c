/* evidence.c - gathers from a text what speaks for a report: entries, replies, sentences. Not here: how much of it is enough, which depends on who wrote it (report-rules.c). */
#include "evidence.h"
#include "address.h"
#include "dialect.h"
#include "list-manager.h"
#include "list-role.h"
#include "original.h"
#include "phrases.h"
#include "shape.h"
#include "text.h"
#include "told.h"

#include <string.h>

#define SENTENCE_ADDRESSES 4u	/* that are looked at */
#define EVIDENCE_LINES 100u	/* of the text, in which addresses are looked for */

/* How a report calls the message, to who wrote it. */
static const char *const addressed_words[] = {
	"your message", "your mail", "your email", "your e-mail", "your document", "your article", "you authored", "your fax", "your facsimile", "you sent",
	"you have sent", "sent by you", "tried to send", "ihre nachricht", "ihre e-mail", "ihre mail", "ihrer nachricht", "ihrer e-mail", "ihrer mail",
	"deine nachricht", "deiner mail", "mensaje que envió", "correo que envió", "mensaje enviado", "message que vous avez envoyé", "courriel que vous", "messaggio inviato",
	"messaggio che ha inviato", "mensagem que enviou", "mensagem enviada", "bericht dat u", "wiadomość wysłan", "deine e-mail", "von ihnen gesendet",
	"vous avez envoyé", "usted envió", "inviato da lei", "door u verzonden", "votre message", "votre courri", "votre e-mail", "votre mail", "su mensaje",
	"tu mensaje", "su correo", "tu correo",
	"suo messaggio", "tuo messaggio", "vostro messaggio", "sua mensagem", "seu email", "seu e-mail", "uw bericht", "uw e-mail", "je bericht", "uw mail",
	"twoja wiadomość", "twojej wiadomości", "państwa wiadomość", "ваше сообщение", "ваше письмо", "вашего сообщения", "您的邮件", "您发送的", "您發送的",
	"din besked", "ditt meddelande", "din melding", "din e-post", "din mail", "お送りいただいた", "送信したメール", "送信されたメール",
};

bool evidence_addresses(const char *text)
{
	return text_holds_any(text, addressed_words, G_N_ELEMENTS(addressed_words));
}

/* Who speaks of himself, or asks the reader for something, is an answering program or one that wants senders confirmed. */
static const char *const personal_words[] = {
	" me ", " me.", " my ", "i am ", "i have left", "ich bin ", "mein ", "meine ", " mir ", "je suis", " mon ", "estoy ", "soy ", "sono in", "estou ", "ik ben", "jestem ",
	"holiday", "no longer works", "left the company", "in the meantime", "be answered", "will answer", "has been received and", "arbeitet nicht mehr",
	"click", "klick", "klik", "cliqu", "clic ", "confirm", "verify", "bestätig", "bevestig", "potwierd",
};

#define GREETING_LIMIT 40u	/* bytes of a line that greets somebody */

/* "Hi Ann,": a greeting with one name or two; "Dear customer," and "Hi. This is the qmail-send program" greet nobody. */
static bool is_greeting(const char *line)
{
	static const char *const openings[] = {
		"hi ", "hello ", "hey ", "dear ", "hallo ", "liebe ", "lieber ", "bonjour ", "salut ", "chère ", "cher ", "hola ", "estimado ", "estimada ", "ciao ", "caro ", "cara ",
		"olá ", "oi ", "beste ", "hoi ", "cześć ", "witaj ",
	};
	static const char *const nobodies[] = {
		"Sir", "Madam", "User", "Sender", "Customer", "Client", "Mail", "Email", "Postmaster", "Admin", "Colleague", "Subscriber", "Member", "Kund", "Nutzer",
		"Absender", "Damen",
	};
	size_t length = strlen(line);

	if (length > GREETING_LIMIT || length < 4 || strpbrk(line, "@.:<(0123456789"))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(openings); i++) {
		const char *name = line + strlen(openings[i]), *blank;

		if (!text_begins(line, openings[i]) || !g_unichar_isupper(g_utf8_get_char_validated(name, -1)) || text_begins_any(name, nobodies, G_N_ELEMENTS(nobodies)))
			continue;
		blank = strchr(name, ' ');
		return !blank || !strchr(blank + 1, ' ');
	}
	return false;
}

/* The first line that is not empty, or the one behind it. */
static bool is_greeted(const GPtrArray *lines)
{
	unsigned seen = 0;
	bool greeted = false;

	for (guint i = 0; i < lines->len && seen < 2 && !greeted; i++) {
		seen += *(const char *)lines->pdata[i] != '\0';
		greeted = is_greeting(lines->pdata[i]);
	}
	return greeted;
}

static bool is_reader(const struct mail *mail, const char *address)
{
	const char *to = mail_field(mail, "To");

	return to && text_find(to, address);
}

/* The address of who writes, who can be no one that a report is about. */
static bool is_writer(const struct mail *mail, const char *address)
{
	const char *from = mail_field(mail, "From"), *reply_to = mail_field(mail, "Reply-To");

	return (from && text_find(from, address)) || (reply_to && text_find(reply_to, address));
}

/* Whom else does a sentence name than who reads it and who writes it? Sets *reader where it names the reader. */
static bool names_somebody(const struct report_text *report, const char *sentence, bool *reader)
{
	const char *at = sentence;
	bool somebody = false;
	char *address;

	for (unsigned count = 0; count < SENTENCE_ADDRESSES && (address = address_find(at, &at)); count++) {
		bool own = is_reader(report->mail, address);

		*reader |= own;
		somebody |= !own && !is_writer(report->mail, address);
		g_free(address);
	}
	return somebody;
}

/* "Your message has been automatically rejected": by a rule, and no moderator decided. */
static bool is_ruled_out(const char *sentence)
{
	static const char *const by_itself[] = {"automatically", "automatisch", "automatiquement", "automáticamente", "automaticamente", "automatycznie", "自動的"};
	static const char *const persons[] = {"moderator", "moderat", "modérat", "moderad", "editor", "司会"};

	return text_holds_any(sentence, by_itself, G_N_ELEMENTS(by_itself)) && !text_holds_any(sentence, persons, G_N_ELEMENTS(persons)) && told_by(sentence, strlen(sentence)).failed;
}

/* "Your message to bob@example.net was refused", "the message from ann@example.com to bob@example.net ...", ann being who reads it. */
static bool sentence_reports(const struct report_text *report, const char *sentence, struct evidence *evidence)
{
	size_t present[PHRASE_SORTS];
	bool reader = false, addressed;
	struct told told = told_by(sentence, strlen(sentence));

	phrases_find(sentence, present);
	if (!present[PHRASE_FAILED] && !told.failed)
		return false;
	addressed = evidence_addresses(sentence);
	evidence->refused |= addressed && !told.conditional;
	evidence->ruled_out |= addressed && is_ruled_out(sentence);
	return names_somebody(report, sentence, &reader) && (reader || addressed);
}

static void read_sentences(const struct report_text *report, struct evidence *evidence)
{
	for (const char *text = report->folded; *text && !evidence->sentence; ) {
		size_t length = told_sentence_length(text);
		char *sentence = g_strndup(text, length);

		evidence->sentence = sentence_reports(report, sentence, evidence);
		g_free(sentence);
		text += length;
	}
}

/* Whom the reader may ask. */
static const char *const helper_words[] = {"Contact", "contact", "helpdesk@", "support@", "Help", "help", "Kontakt", "kontakt", "wenden", "servicedesk@", "info@", "Admin", "admin"};

#define LINE_ADDRESSES 4u	/* looked at in a line */

/* The first address in line that is not the reader's: "sent from ann@example.com to bob@example.net". The caller frees it; NULL: none. */
static char *others_address(const struct mail *mail, const char *line)
{
	for (unsigned i = 0; i < LINE_ADDRESSES; i++) {
		char *address = address_find(line, &line);

		if (!address || !is_reader(mail, address))
			return address;
		g_free(address);
	}
	return NULL;
}

static void look_at_line(const struct report_text *report, const char *line, struct evidence *evidence)
{
	char *address = evidence->entry ? NULL : shape_entry(line, NULL);

	evidence->entry |= address != NULL;
	g_free(address);
	evidence->asks |= g_str_has_suffix(line, "?");
	address = evidence->party ? NULL : others_address(report->mail, line);
	evidence->other |= address != NULL;
	evidence->party |= address && !text_holds_any(line, helper_words, G_N_ELEMENTS(helper_words));
	g_free(address);
}

/* Is the enclosed message a report itself? Then a gateway passes it on. */
static bool encloses_report(const struct mail *mail)
{
	bool report = false;

	for (guint i = 1; i < mail->parts->len && !report; i++) {
		const struct mail_part *part = mail_part(mail, i), *around = part->parent >= 0 ? mail_part(mail, (guint)part->parent) : NULL;

		report = around && strcmp(around->type, "message/rfc822") == 0 && strcmp(part->type, "multipart/report") == 0;
	}
	return report;
}

/* "The message was sent from ann@example.com to bob@example.net" */
static bool sent_by_reader(const struct report_text *report)
{
	char *lower = report->reader ? g_ascii_strdown(report->reader, -1) : NULL;
	const char *at = lower && strchr(lower, '@') ? strstr(report->folded, lower) : NULL;
	bool sent = at && at - report->folded > 6 && (g_str_has_prefix(at - 5, "from ") || g_str_has_prefix(at - 6, "from <"));

	g_free(lower);
	return sent;
}

/* Does the subject speak to the reader of his message, or does the text name him as its sender? */
static bool addresses_reader(const struct report_text *report)
{
	const char *subject = mail_field(report->mail, "Subject");
	char *lower = subject ? g_utf8_strdown(subject, -1) : NULL;
	bool addressed = lower && evidence_addresses(lower);

	g_free(lower);
	addressed |= sent_by_reader(report);
	for (guint i = 0; i < MIN(report->lines->len, EVIDENCE_LINES) && !addressed; i++) {
		const char *line = (const char *)report->lines->pdata[i] + strspn(report->lines->pdata[i], " \t*-");
		char *address = text_begins(line, "from:") || text_begins(line, "sender:") || text_begins(line, "von:") || text_begins(line, "absender:") ? address_find(line, NULL) : NULL;

		addressed = address && is_reader(report->mail, address);
		g_free(address);
	}
	return addressed;
}

/* Was it sent to a list, as far as its fields tell, and not to an address where the list's manager takes commands? */
static bool went_to_list(const struct report_text *report, const struct original *original)
{
	char *to = original_recipient(original), *list = list_address(report->mail, &report->writer);
	bool managers = to && ((list_role(to) & LIST_MANAGERS) || list_manager_role(to) == LIST_COMMANDS), went = !to || (!managers && (!list || address_equal(to, list)));

	g_free(to);
	g_free(list);
	return went;
}

/* Who may write to a list; of whose message comes back, that he may not. */
static const char *const barred_words[] = {
	"not subscribed", "not a subscriber", "not a member", "no member of", "members only", "members-only", "subscribers only", "only members", "only subscribers",
	"not allowed to", "not permitted to", "not authorized to", "not authorised to", "nicht abonniert", "kein mitglied", "nicht mitglied", "nicht berechtigt",
	"pas abonné", "pas membre", "pas autorisé", "no está suscrit", "no es miembro", "non sei iscritt", "non è iscritt", "não está inscrit", "não é membro",
	"geen lid", "niet ingeschreven", "nie jesteś zapisan", "登録されていません",
};

/* Whose message to a list came back, and is its subject the report's too? */
static void read_own(const struct report_text *report, struct evidence *evidence)
{
	struct original original = {.from = NULL};
	const char *subject = mail_field(report->mail, "Subject");

	original_read(&original, report->mail, report->original);
	evidence->own = original.from && report->reader && address_equal(original.from, report->reader) && went_to_list(report, &original);
	evidence->denied |= evidence->own && text_holds_any(report->folded, barred_words, G_N_ELEMENTS(barred_words));
	evidence->own_subject = evidence->own && g_strcmp0(subject, original.subject) == 0;
	original_clear(&original);
}

struct evidence evidence_of(const struct report_text *report, const struct signs *signs)
{
	size_t present[PHRASE_SORTS];
	struct told told;
	struct evidence evidence = {
		.empty = *report->folded == '\0',
		.dialect = dialect_knowing(report) != NULL,
		.original = report_returns_original(report),
		.reply = shape_reply_line(report, 0, report->lines->len) < report->lines->len,
	};

	phrases_find(report->folded, present);
	told = told_by_text(report->folded);
	evidence.says = present[PHRASE_FAILED] || present[PHRASE_INFECTED] || present[PHRASE_DELAYED] || present[PHRASE_DELIVERED] || told.failed || told.retried || told.waits;
	evidence.failed = told.failed || present[PHRASE_INFECTED];
	evidence.denied = told.failed || present[PHRASE_FAILED];
	evidence.personal = present[PHRASE_SUBJECT_ANSWER] > 0 || text_holds_any(report->folded, personal_words, G_N_ELEMENTS(personal_words));
	evidence.greeted = is_greeted(report->lines);
	evidence.wrapped = encloses_report(report->mail);
	evidence.addressed = evidence_addresses(report->folded) || addresses_reader(report);
	if (signs->list_notice)
		read_own(report, &evidence);
	if (evidence.says)
		read_sentences(report, &evidence);
	for (guint i = 0; i < MIN(report->lines->len, EVIDENCE_LINES); i++)
		look_at_line(report, report->lines->pdata[i], &evidence);
	return evidence;
}
