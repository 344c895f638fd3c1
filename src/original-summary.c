/* original-summary.c - what a report says in its own words about the message that it is about: "Subject: ... Sent: ..." (Exchange), "The subject of the
 * message is:" (Exim), and the like, for reports that return no header.
 *
 * Not here: the returned header itself (original.c).
 */
#include "original.h"

#include "address.h"
#include "text.h"

#include <string.h>

enum summary_field { SUMMARY_SUBJECT, SUMMARY_DATE, SUMMARY_ID, SUMMARY_FROM };

/* What stands before the colon, in lower case. */
static const struct {
	const char *label;
	enum summary_field field;
} labels[] = {
	{"subject", SUMMARY_SUBJECT}, {"message subject", SUMMARY_SUBJECT}, {"original subject", SUMMARY_SUBJECT},
	{"the subject of the message is", SUMMARY_SUBJECT}, {"subject of the message", SUMMARY_SUBJECT}, {"betreff", SUMMARY_SUBJECT},
	{"objet", SUMMARY_SUBJECT}, {"sujet", SUMMARY_SUBJECT}, {"asunto", SUMMARY_SUBJECT}, {"oggetto", SUMMARY_SUBJECT}, {"assunto", SUMMARY_SUBJECT},
	{"onderwerp", SUMMARY_SUBJECT}, {"temat", SUMMARY_SUBJECT}, {"件名", SUMMARY_SUBJECT}, {"主题", SUMMARY_SUBJECT}, {"主旨", SUMMARY_SUBJECT},
	{"тема", SUMMARY_SUBJECT}, {"emne", SUMMARY_SUBJECT}, {"ämne", SUMMARY_SUBJECT},
	{"sent", SUMMARY_DATE}, {"date", SUMMARY_DATE}, {"date sent", SUMMARY_DATE}, {"created date", SUMMARY_DATE}, {"message date", SUMMARY_DATE},
	{"the date of the message is", SUMMARY_DATE}, {"gesendet", SUMMARY_DATE}, {"datum", SUMMARY_DATE}, {"envoyé", SUMMARY_DATE},
	{"envoyé le", SUMMARY_DATE}, {"enviado", SUMMARY_DATE}, {"enviado el", SUMMARY_DATE}, {"enviado em", SUMMARY_DATE}, {"enviada", SUMMARY_DATE},
	{"enviada em", SUMMARY_DATE}, {"inviato", SUMMARY_DATE}, {"inviato il", SUMMARY_DATE}, {"verzonden", SUMMARY_DATE}, {"wysłano", SUMMARY_DATE},
	{"送信日時", SUMMARY_DATE}, {"发送时间", SUMMARY_DATE}, {"寄件日期", SUMMARY_DATE}, {"отправлено", SUMMARY_DATE}, {"дата", SUMMARY_DATE},
	{"message-id", SUMMARY_ID}, {"message id", SUMMARY_ID}, {"messageid", SUMMARY_ID}, {"original message id", SUMMARY_ID},
	{"original message-id", SUMMARY_ID}, {"nachrichten-id", SUMMARY_ID}, {"id du message", SUMMARY_ID}, {"id de mensaje", SUMMARY_ID},
	{"id del mensaje", SUMMARY_ID}, {"id messaggio", SUMMARY_ID}, {"id da mensagem", SUMMARY_ID}, {"bericht-id", SUMMARY_ID},
	{"identyfikator wiadomości", SUMMARY_ID}, {"メッセージ id", SUMMARY_ID}, {"邮件 id", SUMMARY_ID},
	{"from", SUMMARY_FROM}, {"sender", SUMMARY_FROM}, {"sender address", SUMMARY_FROM}, {"original sender", SUMMARY_FROM},
	{"message sender", SUMMARY_FROM}, {"mail from", SUMMARY_FROM}, {"envelope sender", SUMMARY_FROM}, {"von", SUMMARY_FROM},
	{"absender", SUMMARY_FROM}, {"absenderadresse", SUMMARY_FROM}, {"expéditeur", SUMMARY_FROM}, {"adresse de l'expéditeur", SUMMARY_FROM},
	{"remitente", SUMMARY_FROM}, {"mittente", SUMMARY_FROM}, {"remetente", SUMMARY_FROM}, {"afzender", SUMMARY_FROM}, {"nadawca", SUMMARY_FROM},
	{"差出人", SUMMARY_FROM}, {"发件人", SUMMARY_FROM}, {"寄件者", SUMMARY_FROM}, {"отправитель", SUMMARY_FROM},
};

#define SUMMARY_LABEL_LIMIT 60u		/* bytes before a colon that may be a label */
#define SUMMARY_LINES_LIMIT 300u

/* The value behind the label that opens line, NULL: none does. Borrowed from line. */
static const char *labelled(const char *line, enum summary_field *field)
{
	const char *start = line + strspn(line, " \t>|*-"), *colon = strchr(start, ':'), *wide = strstr(start, "：");
	const char *end = wide && (!colon || wide < colon) ? wide : colon, *value = end ? end + (end == wide ? strlen("：") : 1) : NULL;
	char *label;
	bool found = false;

	if (!end || end == start || end - start > (ptrdiff_t)SUMMARY_LABEL_LIMIT)
		return NULL;
	while (end > start && (end[-1] == ' ' || end[-1] == '*'))
		end--;
	if (end - start > 2 && strncmp(end - 2, "\xc2\xa0", 2) == 0)
		end -= 2;
	label = g_utf8_strdown(start, end - start);
	for (size_t i = 0; i < G_N_ELEMENTS(labels) && !found; i++) {
		found = strcmp(label, labels[i].label) == 0;
		*field = labels[i].field;
	}
	g_free(label);
	return found ? value + strspn(value, " \t*") : NULL;
}

/* A message id has an '@', or it is another number of the mail system. */
static char *message_id_of(const char *value)
{
	size_t length = strcspn(value, " \t,;)");

	if (length < 3 || length > 500 || !memchr(value, '@', length))
		return NULL;
	return *value == '<' ? g_strndup(value, length) : g_strdup_printf("<%.*s>", (int)length, value);
}

static void take(char **place, char *value)
{
	if (*place || (value && *value == '\0'))
		g_free(value);
	else
		*place = value;
}

void original_read_summary(struct original *original, const GPtrArray *lines)
{
	for (guint i = 0; i < MIN(lines->len, SUMMARY_LINES_LIMIT); i++) {
		enum summary_field field = SUMMARY_SUBJECT;
		const char *value = labelled(lines->pdata[i], &field);

		if (!value)
			continue;
		if (field == SUMMARY_SUBJECT)
			take(&original->subject, mail_decode_words(value));
		else if (field == SUMMARY_DATE)
			take(&original->date, strpbrk(value, "0123456789") ? text_fold(value) : NULL);
		else if (field == SUMMARY_ID)
			take(&original->message_id, message_id_of(value));
		else
			take(&original->from, address_find(value, NULL));
	}
}
