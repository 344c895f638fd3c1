/* check_status.c - the fields of a delivery-status part. Cases: rows of the table below, one line a recipient in what is expected. */
#include "status.h"
#include "suite.h"

#include <string.h>

static const struct {
	const char *text, *recipients;
} parts[] = {
	{"Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; bob@example.net\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.example.net\n"
	 "Diagnostic-Code: smtp; 550 5.1.1 User\n unknown\n",
	 "bob@example.net - failed 5.1.1 mx.example.net 550 5.1.1 User unknown\n"},
	{"Reporting-MTA: dns; mx.example.com\r\n\r\nFinal-Recipient: rfc822; bob@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\nFinal-Recipient: rfc822; carol@example.org\r\n"
	 "Action: delayed\r\nStatus: 4.4.1\r\n",
	 "bob@example.net - failed 5.1.1 - -\ncarol@example.org - delayed 4.4.1 - -\n"},
	/* no empty line between two recipients */
	{"Final-Recipient: rfc822; bob@example.net\nAction: failed\nFinal-Recipient: rfc822; carol@example.org\nAction: failed\n",
	 "bob@example.net - failed - - -\ncarol@example.org - failed - - -\n"},
	/* empty lines between the fields of one */
	{"Original-Recipient: rfc822;list@example.com\n\nFinal-Recipient: rfc822; bob@example.net\n\nAction: Failed (permanently)\n\nStatus: 5.0.0 (undefined)\n",
	 "bob@example.net list@example.com failed 5.0.0 - -\n"},
	/* the original recipient may come first or last */
	{"Original-Recipient: rfc822;a@example.com\nFinal-Recipient: rfc822; bob@example.net\nAction: failed\n\nOriginal-Recipient: rfc822;b@example.com\n"
	 "Final-Recipient: rfc822; carol@example.org\nAction: failed\n",
	 "bob@example.net a@example.com failed - - -\ncarol@example.org b@example.com failed - - -\n"},
	{"Final-Recipient: rfc822; bob@example.net\nOriginal-Recipient: rfc822;bob@example.com\nStatus: 550\nAction: failed\n", "bob@example.net bob@example.com failed - - -\n"},
	/* lines that are no field are passed over */
	{"garbage\n--=_b\nFinal-Recipient: rfc822; bob@example.net\n more\n***\nAction: failed\n", "bob@example.net - failed - - -\n"},
	{"Final-Recipient: rfc822; bob@example.net\nAction: failed\nX-Supplementary-Info: < #5.7.1 smtp;550 5.7.1 no>\n", "bob@example.net - failed - - -\n"},
	{"", ""},
	{"\n\n\n", ""},
	{"Reporting-MTA: dns; mx.example.com\n", ""},
};

static void print(GString *out, const char *text)
{
	g_string_append(out, text ? text : "-");
	g_string_append_c(out, ' ');
}

static char *describe(const struct status *status)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < status->recipients->len; i++) {
		const struct status_recipient *recipient = status->recipients->pdata[i];
		char enhanced[CODE_ENHANCED_SIZE];

		print(out, recipient->final);
		print(out, recipient->original);
		print(out, recipient->action);
		print(out, code_has_enhanced(recipient->status) ? code_print_enhanced(recipient->status, enhanced) : NULL);
		print(out, recipient->remote);
		g_string_append(out, recipient->diagnostic ? recipient->diagnostic : "-");
		g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}

START_TEST(reads_recipients)
{
	struct status *status = status_read(parts[_i].text, strlen(parts[_i].text), 100);
	char *got = describe(status);

	ck_assert_str_eq(got, parts[_i].recipients);
	g_free(got);
	status_free(status);
}
END_TEST

START_TEST(reads_the_message)
{
	const char *text = "Reporting-MTA: dns; mx.example.com (192.0.2.1)\nX-Postfix-Queue-ID: 4AbC\nX-Postfix-Sender: rfc822; ann@example.com\nArrival-Date: Mon, 3 Nov 2025 10:00:00 +0000\n"
			   "Original-Envelope-Id: 12\n\nFinal-Recipient: rfc822; bob@example.net\nAction: delayed\nWill-Retry-Until: Sat, 8 Nov 2025\nDiagnostic-Code: X-Unix; 75\n";
	struct status *status = status_read(text, strlen(text), 1);
	const struct status_recipient *recipient = status->recipients->pdata[0];

	ck_assert_str_eq(status->reporter, "mx.example.com");
	ck_assert_str_eq(status->queue_id, "4AbC");
	ck_assert_str_eq(status->sender, "ann@example.com");
	ck_assert_str_eq(status->arrival_date, "Mon, 3 Nov 2025 10:00:00 +0000");
	ck_assert_str_eq(status->envelope_id, "12");
	ck_assert_str_eq(recipient->retry_until, "Sat, 8 Nov 2025");
	ck_assert_str_eq(recipient->diagnostic_type, "x-unix");
	ck_assert_str_eq(recipient->diagnostic, "75");
	ck_assert(!status->limited);
	status_free(status);
}
END_TEST

START_TEST(keeps_the_limit)
{
	GString *text = g_string_new(NULL);
	struct status *status;

	for (int i = 0; i < 100000; i++)
		g_string_append_printf(text, "Final-Recipient: rfc822; b%d@example.net\n\n", i);
	status = status_read(text->str, text->len, 10);
	ck_assert_uint_eq(status->recipients->len, 10);
	ck_assert(status->limited);
	status_free(status);
	g_string_free(text, TRUE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("status");
	TCase *tests = tcase_create("status");

	tcase_add_loop_test(tests, reads_recipients, 0, (int)G_N_ELEMENTS(parts));
	tcase_add_test(tests, reads_the_message);
	tcase_add_test(tests, keeps_the_limit);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
