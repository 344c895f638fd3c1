/* check_stage.c - the step of the dialogue at which a server refused. */
#include "explain.h"
#include "stage.h"
#include "suite.h"

#include <string.h>

static const struct {
	const char *text, *stage;
} texts[] = {
	{"host mx.example.net[192.0.2.1] said: 550 No (in reply to RCPT TO command)", "rcpt"},
	{"host mx.example.net[192.0.2.1] said: 554 No (in reply to end of DATA command)", "data"},
	{"host mx.example.net[192.0.2.1] said: 550 No (in reply to MAIL FROM command)", "mail"},
	{"host mx.example.net[192.0.2.1] said: 550 No (in reply to EHLO command)", "helo"},
	{"host mx.example.net[192.0.2.1] refused to talk to me: 554 go away", "connect"},
	{"lost connection with mx.example.net[192.0.2.1] while receiving the initial server greeting", "connect"},
	{"lost connection with mx.example.net[192.0.2.1] while sending end of data -- message may be sent more than once", "data"},
	{"SMTP error from remote mail server after RCPT TO:<bob@example.net>: 550 No", "rcpt"},
	{"SMTP error from remote mail server after pipelined MAIL FROM:<ann@example.com>: 550 No", "mail"},
	{"SMTP error from remote mail server after end of data: 550 No", "data"},
	{"SMTP error from remote mail server after initial connection: 554 No", "connect"},
	{"SMTP error from remote mail server after HELO mx.example.com: 550 No", "helo"},
	{"192.0.2.1 does not like recipient. Remote host said: 550 No", "rcpt"},
	{"Connected to 192.0.2.1 but sender was rejected. Remote host said: 550 No", "mail"},
	{"Connected to 192.0.2.1 but greeting failed. Remote host said: 554 No", "connect"},
	{"Connected to 192.0.2.1 but my name was rejected. Remote host said: 550 No", "helo"},
	{"192.0.2.1 failed after I sent the message. Remote host said: 554 No", "data"},
	{"550 5.1.1 User unknown", ""}, {"", ""}, {"the data of the mail from ann", ""},
};

START_TEST(texts_name_it)
{
	ck_assert_str_eq(stage_word(stage_read(texts[_i].text)), texts[_i].stage);
}
END_TEST

/* The text of a report of one or two recipients; stages of each, with a blank between. */
static const struct {
	const char *text, *stages;
} reports[] = {
	{"<bob@example.net>: host mx.example.net[192.0.2.1] refused\n    to talk to me: 554 go away\n", "connect"},
	{"<bob@example.net>: host mx.example.net[192.0.2.1] said: 550 5.1.1 No\n    (in reply to RCPT TO command)\n\n"
	 "<eve@example.net>: host mx.example.net[192.0.2.1] said: 554 5.7.1 No (in\n    reply to end of DATA command)\n", "rcpt data"},
	{"   ----- The following addresses had permanent fatal errors -----\n<bob@example.net>\n    (reason: 550 5.7.1 No)\n\n"
	 "   ----- Transcript of session follows -----\n... while talking to mx.example.net.:\n>>> MAIL From:<ann@example.com>\n<<< 250 OK\n>>> RCPT To:<bob@example.net>\n<<< 550 5.7.1 No\n"
	 ">>> DATA\n<<< 503 need RCPT\n", "rcpt"},
	{"<bob@example.net>: 550 5.1.1 No\n", ""},
};

START_TEST(reports_tell_it_of_each)
{
	char *text = g_strconcat("From: MAILER-DAEMON@mx.example.com\nTo: ann@example.com\nSubject: Undelivered Mail Returned to Sender\n\n"
				 "Your message could not be delivered.\n\n", reports[_i].text, NULL);
	struct mail *mail = mail_new(text, strlen(text));
	struct bounce *bounce = bounce_read(mail, "", false);
	GString *got = g_string_new(NULL);

	for (guint i = 0; i < bounce->failures->len; i++)
		g_string_append_printf(got, "%s%s", i ? " " : "", stage_word(((struct failure *)bounce->failures->pdata[i])->stage));
	ck_assert_str_eq(got->str, reports[_i].stages);
	g_string_free(got, TRUE);
	bounce_free(bounce);
	mail_free(mail);
	g_free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stage");
	TCase *tests = tcase_create("stage");

	mail_init();
	tcase_add_loop_test(tests, texts_name_it, 0, (int)G_N_ELEMENTS(texts));
	tcase_add_loop_test(tests, reports_tell_it_of_each, 0, (int)G_N_ELEMENTS(reports));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
