/* check_original.c - what a report says about the message that it is about. Cases: rows of the table below, each the body of a report. */
#include "bounce.h"
#include "suite.h"

#include <string.h>

#define FAILED "Your message could not be delivered.\n\n<bob@example.net>: 550 5.1.1 unknown\n\n"
#define HEADER "From: Ann <ann@example.com>\nTo: bob@example.net\nSubject: Invoice 4711\nDate: Mon, 3 Nov 2025 09:12:00 +0000\nMessage-ID: <1@example.com>\n"
#define REPORT(part) "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: text/plain\n\n" FAILED part "\n--b--\n"
#define PLAIN(text) "Content-Type: text/plain; charset=utf-8\n\n" text

static const struct {
	const char *rest;		/* of the report: last fields and body */
	const char *message_id, *subject, *from, *date;
} cases[] = {
	/* as a part */
	{REPORT("--b\nContent-Type: message/rfc822\n\n" HEADER "\nHello\n"), "<1@example.com>", "Invoice 4711", "ann@example.com", "Mon, 3 Nov 2025 09:12:00 +0000"},
	{REPORT("--b\nContent-Type: text/rfc822-headers\n\n" HEADER), "<1@example.com>", "Invoice 4711", "ann@example.com", "Mon, 3 Nov 2025 09:12:00 +0000"},
	{REPORT("--b\nContent-Type: message/rfc822-headers\n\n" HEADER), "<1@example.com>", "Invoice 4711", "ann@example.com", "Mon, 3 Nov 2025 09:12:00 +0000"},
	{REPORT("--b\nContent-Type: message/global-headers\n\n" HEADER), "<1@example.com>", "Invoice 4711", "ann@example.com", "Mon, 3 Nov 2025 09:12:00 +0000"},
	{REPORT("--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; bob@example.net\nAction: failed\nStatus: "
		"5.1.1\n\n--b\nContent-Type: text/plain\n\n" HEADER),
	 "<1@example.com>", "Invoice 4711", "ann@example.com", "Mon, 3 Nov 2025 09:12:00 +0000"},
	/* encoded and folded */
	{REPORT("--b\nContent-Type: message/rfc822\n\nFrom: =?utf-8?Q?J=C3=BCrgen?= <jue@example.com>\nSubject: =?utf-8?B?w4RyZ2Vy?=\n =?iso-8859-1?Q?_mit_der_M=FChle?=\nMessage-Id:\n <2@example.com>\n\n"),
	 "<2@example.com>", "Ärger mit der Mühle", "jue@example.com", NULL},
	{REPORT("--b\nContent-Type: message/rfc822\n\nsubject: lower\nfrom: ann@example.com (Ann)\nmessage-id: no-brackets@example.com\n\n"), "no-brackets@example.com", "lower",
	 "ann@example.com", NULL},
	{REPORT("--b\nContent-Type: message/rfc822\n\nReceived: from a by b\nSubject:\nFrom: <>\n\n"), NULL, NULL, NULL, NULL},
	/* in the text, behind what announces it */
	{PLAIN(FAILED "--- Original message ---\n\n" HEADER "\nHello\n"), "<1@example.com>", "Invoice 4711", "ann@example.com", "Mon, 3 Nov 2025 09:12:00 +0000"},
	{PLAIN(FAILED "--- Below this line is a copy of the message.\n\n" HEADER "\nHello\n"), "<1@example.com>", "Invoice 4711", "ann@example.com",
	 "Mon, 3 Nov 2025 09:12:00 +0000"},
	{PLAIN(FAILED "------ This is a copy of your message, including all the headers. ------\n\n" HEADER), "<1@example.com>", "Invoice 4711", "ann@example.com",
	 "Mon, 3 Nov 2025 09:12:00 +0000"},
	{PLAIN(FAILED "   ----- Message header follows -----\n" HEADER), "<1@example.com>", "Invoice 4711", "ann@example.com", "Mon, 3 Nov 2025 09:12:00 +0000"},
	{PLAIN(FAILED "Ursprüngliche Nachricht:\n" HEADER), "<1@example.com>", "Invoice 4711", "ann@example.com", "Mon, 3 Nov 2025 09:12:00 +0000"},
	{PLAIN(FAILED HEADER "\nHello\n"), "<1@example.com>", "Invoice 4711", "ann@example.com", "Mon, 3 Nov 2025 09:12:00 +0000"},
	{PLAIN(FAILED "Received: from pc by mx.example.com; Mon\n" HEADER), "<1@example.com>", "Invoice 4711", "ann@example.com", "Mon, 3 Nov 2025 09:12:00 +0000"},
	/* quoted */
	{PLAIN(FAILED "> Received: from pc by mx.example.com; Mon\n> From: ann@example.com\n> Subject: Invoice\n>  4711\n> Message-ID: <1@example.com>\n>\n> Hello\n"), "<1@example.com>",
	 "Invoice 4711", "ann@example.com", NULL},
	{PLAIN(FAILED "Original message:\n\n| From: ann@example.com\n| Subject: Invoice 4711\n| Message-ID: <1@example.com>\n|\n| Hello\n"), "<1@example.com>", "Invoice 4711",
	 "ann@example.com", NULL},
	/* in the report's own words */
	{PLAIN("Your message\n\n  To:      bob@example.net\n  Subject: Invoice 4711\n  Sent:    Mon, 3 Nov 2025 09:12:00 -0000\n\ndid not reach the following "
	       "recipient(s):\n\nbob@example.net on Mon, 3 Nov 2025 09:13:00 -0000\n    The recipient name is not recognized\n"),
	 NULL, "Invoice 4711", NULL, "Mon, 3 Nov 2025 09:12:00 -0000"},
	{PLAIN(FAILED "Original Message Details\nCreated Date:\t11/3/2025 9:12:00 AM\nSender Address:\tann@example.com\nRecipient Address:\tbob@example.net\nSubject:\tInvoice 4711\n"),
	 NULL, "Invoice 4711", "ann@example.com", "11/3/2025 9:12:00 AM"},
	{PLAIN("This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered.\n\nThe message identifier is:     1vFpTh-000001-AB\n"
	       "The subject of the message is: Invoice 4711\nThe date of the message is:    Mon, 3 Nov 2025 09:12:00 +0000\n\n  bob@example.net\n    Delay reason: 451 Greylisted\n"),
	 NULL, "Invoice 4711", NULL, "Mon, 3 Nov 2025 09:12:00 +0000"},
	{PLAIN("Your message\n\n  Subject: Invoice 4711\n\nwas not delivered to:\n\n  bob@example.net\n\nbecause:\n\n  User unknown\n"), NULL, "Invoice 4711", NULL, NULL},
	{PLAIN("This report relates to a message you sent with the following header fields:\n\n  Message-id: <1@example.com>\n  Date: Mon, 3 Nov 2025 09:12:00 +0000\n  From: "
	       "ann@example.com\n  To: bob@example.net\n  Subject: Invoice 4711\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: "
	       "bob@example.net\n  Reason: 550 unknown\n"),
	 "<1@example.com>", "Invoice 4711", "ann@example.com", "Mon, 3 Nov 2025 09:12:00 +0000"},
	{PLAIN(FAILED "Betreff: Rechnung\nGesendet: 03.11.2025 09:12\nAbsender: ann@example.com\nNachrichten-ID: 1@example.com\n"), "<1@example.com>", "Rechnung", "ann@example.com",
	 "03.11.2025 09:12"},
	{PLAIN(FAILED "Objet : Facture\nEnvoyé : 3 novembre 2025\nExpéditeur : ann@example.com\n"), NULL, "Facture", "ann@example.com", "3 novembre 2025"},
	{PLAIN(FAILED "Objet\xc2\xa0: Facture\n"), NULL, "Facture", NULL, NULL},
	{PLAIN(FAILED "Asunto: Factura\nEnviado el: 3/11/2025\nRemitente: ann@example.com\n"), NULL, "Factura", "ann@example.com", "3/11/2025"},
	{PLAIN(FAILED "Oggetto: Fattura\nInviato: 3/11/2025\nMittente: ann@example.com\n"), NULL, "Fattura", "ann@example.com", "3/11/2025"},
	{PLAIN(FAILED "Assunto: Fatura\nEnviada em: 3/11/2025\nRemetente: ann@example.com\n"), NULL, "Fatura", "ann@example.com", "3/11/2025"},
	{PLAIN(FAILED "Onderwerp: Factuur\nVerzonden: 3-11-2025\nAfzender: ann@example.com\n"), NULL, "Factuur", "ann@example.com", "3-11-2025"},
	{PLAIN(FAILED "Temat: Faktura\nWysłano: 3.11.2025\nNadawca: ann@example.com\n"), NULL, "Faktura", "ann@example.com", "3.11.2025"},
	{PLAIN(FAILED "件名: 見積書\n送信日時：2025年11月3日\n差出人: ann@example.com\n"), NULL, "見積書", "ann@example.com", "2025年11月3日"},
	{PLAIN(FAILED "Subject: =?utf-8?B?w4RyZ2Vy?=\n"), NULL, "Ärger", NULL, NULL},
	{PLAIN(FAILED "Date: unknown\nSender: nobody\nMessage ID: 4F8E\n"), NULL, NULL, NULL, NULL},
	/* a reference stands for what did not come back */
	{"In-Reply-To: <1@example.com>\nContent-Type: text/plain\n\n" FAILED, "<1@example.com>", NULL, NULL, NULL},
	{"In-Reply-To: <1@example.com> <2@example.com>\nContent-Type: text/plain\n\n" FAILED, NULL, NULL, NULL, NULL},
	{"In-Reply-To: <0@example.com>\n" REPORT("--b\nContent-Type: message/rfc822\n\n" HEADER "\nHello\n"), "<1@example.com>", "Invoice 4711", "ann@example.com",
	 "Mon, 3 Nov 2025 09:12:00 +0000"},
	/* nothing came back */
	{PLAIN(FAILED), NULL, NULL, NULL, NULL},
};

START_TEST(reads_the_original)
{
	char *text = g_strconcat("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.com\nSubject: Undelivered Mail\nMIME-Version: 1.0\n", cases[_i].rest, NULL);
	struct mail *mail = mail_new(text, strlen(text));
	struct bounce *bounce = bounce_read(mail, NULL, false);

	ck_assert_int_ne(bounce->kind, KIND_NONE);
	ck_assert_pstr_eq(bounce->original.message_id, cases[_i].message_id);
	ck_assert_pstr_eq(bounce->original.subject, cases[_i].subject);
	ck_assert_pstr_eq(bounce->original.from, cases[_i].from);
	ck_assert_pstr_eq(bounce->original.date, cases[_i].date);
	ck_assert_msg(bounce->failures->len == 1, "%s: %u recipients", text, bounce->failures->len);
	ck_assert_str_eq(((struct failure *)bounce->failures->pdata[0])->to, "bob@example.net");
	bounce_free(bounce);
	mail_free(mail);
	g_free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("original");
	TCase *tests = tcase_create("original");

	mail_init();
	tcase_add_loop_test(tests, reads_the_original, 0, (int)G_N_ELEMENTS(cases));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
