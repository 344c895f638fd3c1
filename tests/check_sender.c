/* check_sender.c - who sent what came back, and the account behind an envelope address. */
#include "sender.h"
#include "suite.h"

#include "mail.h"

#include <string.h>

static const struct {
	const char *address, *account;
} accounts[] = {
	{"ann@example.com", "ann@example.com"},
	{"ann+news@example.com", "ann+news@example.com"},
	{"prvs=1a2b3c4d5e=ann@example.com", "ann@example.com"},
	{"prvs=ann@example.com", "prvs=ann@example.com"},
	{"SRS0=hash=TT=example.com=ann@relay.example", "ann@example.com"},
	{"SRS0+hash=TT=example.com=ann@relay.example", "ann@example.com"},
	{"SRS0=broken@relay.example", "SRS0=broken@relay.example"},
	{"list-bounces+bob=example.net@example.com", "list-bounces@example.com"},
	{"+a=b@example.com", "+a=b@example.com"},
	{"", ""},
	{"=@=", "=@="},
	{"prvs==@", "prvs==@"},
	{"SRS0====@", "SRS0====@"},
};

START_TEST(tags_are_taken_off)
{
	char *account = sender_account(accounts[_i].address);

	ck_assert_str_eq(account, accounts[_i].account);
	g_free(account);
}
END_TEST

#define REPORT(to, status, original) \
	"From: MAILER-DAEMON@mx.example\nTo: " to "\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n" \
	"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n\n--b\nContent-Type: message/delivery-status\n\n" \
	"Reporting-MTA: dns; mx.example\n" status "\nFinal-Recipient: rfc822; bob@example.net\nAction: failed\nStatus: 5.1.1\n\n--b\n" \
	"Content-Type: text/rfc822-headers\n\n" original "Subject: hello\nMessage-ID: <1@site.example>\n\n--b--\n"

static const struct {
	const char *message, *sender;
} reports[] = {
	{REPORT("ann@site.example", "X-Postfix-Sender: rfc822; carl@site.example\n", "From: eve@site.example\n"), "carl@site.example"},
	{REPORT("ann@site.example", "", "Return-Path: <dora@site.example>\nFrom: eve@site.example\n"), "dora@site.example"},
	{REPORT("ann@site.example", "", "From: eve@site.example\n"), "ann@site.example"},
	{REPORT("Ann <prvs=1=ann@site.example>", "", "From: eve@site.example\n"), "ann@site.example"},
	{REPORT("postmaster@site.example", "", "From: eve@site.example\n"), "eve@site.example"},
	{REPORT("Postmaster", "", "From: eve@site.example\n"), "eve@site.example"},
	{REPORT("postmaster@site.example", "", ""), NULL},
	{REPORT("", "", "Return-Path: <>\n"), NULL},
};

START_TEST(the_best_evidence_wins)
{
	struct mail *mail = mail_new(reports[_i].message, strlen(reports[_i].message));
	struct bounce *bounce = bounce_read(mail, "", false);
	char *sender = sender_find(mail, bounce);

	ck_assert_msg(g_strcmp0(sender, reports[_i].sender) == 0, "%s", sender ? sender : "(nobody)");
	g_free(sender);
	bounce_free(bounce);
	mail_free(mail);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sender");
	TCase *tests = tcase_create("sender");

	mail_init();
	tcase_add_loop_test(tests, tags_are_taken_off, 0, (int)G_N_ELEMENTS(accounts));
	tcase_add_loop_test(tests, the_best_evidence_wins, 0, (int)G_N_ELEMENTS(reports));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
