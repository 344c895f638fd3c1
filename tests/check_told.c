/* check_told.c - what sentences tell of a message, in the languages of reports; and those that only speak of such things. */
#include "suite.h"
#include "told.h"
#include "told-words.h"

#include <string.h>

static const struct {
	const char *sentence;
	bool failed, retried, waits;
} sentences[] = {
	{"your message to bob@example.net has been refused with 550 5.7.1", true, false, false},
	{"we did not send your message \"invoice\" to bob@example.net", true, false, false},
	{"your facsimile job to +4930123 was not sent because: no answer", true, false, false},
	{"i could not send your mail on", true, false, false},
	{"the mail was, to our regret, not in the end delivered", true, false, false},
	{"ihre e-mail an bob@example.net konnte nicht als sms zugestellt werden", true, false, false},
	{"die nachricht an bob wurde vom server abgelehnt", true, false, false},
	{"votre message à bob n'a pas pu être livré", true, false, false},
	{"le courriel a été refusé", true, false, false},
	{"su mensaje no se pudo entregar", true, false, false},
	{"el correo fue rechazado por el servidor", true, false, false},
	{"facsimile job 2211 to +4930123 failed", true, false, false},
	{"il messaggio non è stato consegnato", true, false, false},
	{"a mensagem não foi entregue", true, false, false},
	{"uw bericht is niet afgeleverd", true, false, false},
	{"państwa wiadomość nie została dostarczona", true, false, false},
	{"ваше сообщение не было доставлено", true, false, false},
	{"there was an error sending your mail", true, false, false},
	{"problem delivering your message", true, false, false},
	{"fehler beim senden der nachricht", true, false, false},
	{"erreur lors de l'envoi du message", true, false, false},
	{"your message has not been delivered for 4 hours", true, false, true},
	{"we will keep on trying for five days", false, true, false},
	{"the server continues its attempts", false, true, false},
	{"your mail is still in our queue", false, true, false},
	{"ihre nachricht wartet seit 4 stunden auf zustellung", false, false, true},
	{"der server wird weitere zustellversuche unternehmen", false, true, false},
	{"die nachricht liegt noch in der warteschlange", false, true, false},
	{"le serveur continuera ses tentatives", false, true, false},
	{"el servidor seguirá intentando la entrega", false, true, false},
	{"il server continuerà i tentativi", false, true, false},
	{"o servidor continuará tentando", false, true, false},
	{"de server blijft het proberen", false, true, false},
	{"serwer będzie ponawiał próby", false, true, false},
	{"the next attempt is in 30 minutes", false, true, false},
	{"the server tries every 30 minutes", false, true, false},
	{"mail for bob has been in our queue for 4 hours", false, true, false},
	{"ein neuer versuch folgt", false, true, false},
	{"wir probieren es noch drei tage lang", false, true, false},
	{"die mail ist seit 4 stunden unterwegs", false, false, true},
	{"sie müssen nichts tun", false, true, false},
	{"votre message attend encore", false, true, false},
	{"le serveur essaie encore pendant 3 jours", false, true, false},
	{"la remise prend du retard", false, true, false},
	{"el próximo intento será dentro de 30 minutos", false, true, false},
	{"no hace falta volver a enviar el mensaje", false, true, false},
	{"la posta è in coda da 4 ore", false, true, false},
	{"non occorre fare nulla", false, true, false},
	{"o correio está na fila há 4 horas", false, true, false},
	{"vamos tentar durante mais três dias", false, true, false},
	{"de volgende poging is over 30 minuten", false, true, false},
	{"de bezorging loopt vertraging op", false, true, false},
	{"następna próba nastąpi za 30 minut", false, true, false},
	{"poczta jest w kolejce od 4 godzin", false, true, false},
	{"die nachricht konnte bisher nicht zugestellt werden", true, true, false},
	/* Without the letters that ASCII has not. */
	{"ihre nachricht wurde zurueckgewiesen", true, false, false},
	{"votre message a ete rejete", true, false, false},
	{"wiadomosc zostala odrzucona", true, false, false},
	{"nachricht noch nicht uebermittelt", true, false, false},
	/* Words that begin like others without their accents. */
	{"someone will look at the problem", false, false, false},
	{"your message is being returned because of a problem", false, false, false},
	{"votre message sera retourné en raison d'un problème", false, false, false},
	{"we will attach the diagnostic of the attempt", false, false, false},
	{"mail about refuse collection", false, false, false},
	/* What is over is not tried again. */
	{"there will be no further attempt", false, false, false},
	{"es folgen keine weiteren versuche", false, false, false},
	{"non ci saranno altri tentativi", false, false, false},
	{"er volgen geen nieuwe pogingen", false, false, false},
	{"nie będzie dalszych prób", false, false, false},
	{"bitte versuchen sie es in 2 stunden erneut", false, false, false},
	{"your message could not be delivered after 450 minutes in the queue", true, false, false},
	/* Nothing happened to a message here. */
	{"please do not send mail to this address", false, false, false},
	{"bitte nicht senden", false, false, false},
	{"you will have to try again", false, false, false},
	{"we will not try again", false, false, false},
	{"if your message was not delivered, call us", false, false, false},
	{"why was your message not delivered?", false, false, false},
	{"when it is full, mail to you will be returned to its sender", false, false, false},
	{"a notice was sent to somebody who will attempt to contact the recipient", false, false, false},
	{"your mail is not forwarded while i am away", false, false, false},
	{"see you at the meeting", false, false, false},
	{"", false, false, false},
};

START_TEST(sentence_is_read)
{
	struct told told = told_by(sentences[_i].sentence, strlen(sentences[_i].sentence));

	ck_assert_msg(told.failed == sentences[_i].failed, "failed: \"%s\"", sentences[_i].sentence);
	ck_assert_msg(told.retried == sentences[_i].retried, "retried: \"%s\"", sentences[_i].sentence);
	ck_assert_msg(told.waits == sentences[_i].waits, "waits: \"%s\"", sentences[_i].sentence);
}
END_TEST

START_TEST(words_are_ordered_and_unique)
{
	for (size_t i = 1; i < told_words_count; i++) {
		int order = strcmp(told_words[i - 1].text, told_words[i].text);

		ck_assert_msg(order < 0 || (order == 0 && told_words[i - 1].part != told_words[i].part), "\"%s\" must not follow \"%s\"", told_words[i].text, told_words[i - 1].text);
	}
}
END_TEST

START_TEST(message_opens_the_sentence)
{
	ck_assert(told_by("your message to bob was not sent", 32).opens);
	ck_assert(!told_by("ticket 4711 opened: your mail was rejected", 42).opens);
}
END_TEST

START_TEST(sentences_end_at_stops)
{
	ck_assert_uint_eq(told_sentence_length("one. two"), 4);
	ck_assert_uint_eq(told_sentence_length("mx.example.net said no"), strlen("mx.example.net said no"));
	ck_assert_uint_eq(told_sentence_length("\xe4\xb8\x80\xe3\x80\x82two"), 6);
	ck_assert_uint_eq(told_sentence_length(""), 0);
}
END_TEST

START_TEST(sentences_of_a_text_are_taken_together)
{
	struct told told = told_by_text("the mail was not delivered. we will keep trying.");

	ck_assert(told.failed && told.retried);
	told = told_by_text("the mail will keep. trying is what i do.");
	ck_assert(!told.failed && !told.retried);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("told");
	TCase *tests = tcase_create("told");

	tcase_add_loop_test(tests, sentence_is_read, 0, (int)G_N_ELEMENTS(sentences));
	tcase_add_test(tests, words_are_ordered_and_unique);
	tcase_add_test(tests, message_opens_the_sentence);
	tcase_add_test(tests, sentences_end_at_stops);
	tcase_add_test(tests, sentences_of_a_text_are_taken_together);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
