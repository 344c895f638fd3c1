/* check_origin.c - whose message came back. Cases: rows of the table below. */
#include "origin.h"
#include "suite.h"

#include <string.h>

static const char *const domains[] = {"example.com", ".wide.example", "bücher.example", "xn--mnchen-3ya.example", NULL};
static const char *const hosts[] = {"relay.provider.example", NULL};
static const struct origin_domains ours = {domains, hosts};

static const struct {
	const char *header, *message_id, *origin;
} cases[] = {
	/* nothing to judge by */
	{NULL, NULL, "unknown"},
	{"", NULL, "unknown"},
	{"garbage", NULL, "unknown"},
	{"Subject: hello\n", NULL, "unknown"},
	{"From: ann@example.com\n", NULL, "unknown"},
	{"From: eve@elsewhere.example\nSubject: hello\n", NULL, "unknown"},
	/* our servers' names */
	{"Received: from pc (pc [192.0.2.1])\n\tby mx1.example.com (Postfix) with ESMTPSA id 4F8E;\n\tMon, 23 Nov 2026 12:00:00 +0000\n", NULL, "ours"},
	{"Received: from pc by mx1.example.com; Mon\n", NULL, "ours"},
	{"Received: by mx1.example.com (Postfix, from userid 1000)\n", NULL, "ours"},
	{"received: BY MX1.Example.COM. (Postfix)\n", NULL, "ours"},
	{"Received: from x (y by mx1.example.com (z)) by mx.elsewhere.example\n", NULL, "not-ours"},
	{"Received: from x (y (z)) by mx1.example.com\n", NULL, "ours"},
	{"Received: from x (unclosed by mx1.example.com\n", NULL, "unknown"},
	{"Received: from x) by mx1.example.com\n", NULL, "ours"},
	{"Received: from a by relay.provider.example with SMTP\n", NULL, "ours"},
	{"Received: from a by other.provider.example with SMTP\n", NULL, "not-ours"},
	{"Received: from a by sub.relay.provider.example with SMTP\n", NULL, "not-ours"},
	{"Received: from x by mx.deep.wide.example with SMTP\n", NULL, "ours"},
	{"Received: from x by mx.example.com.evil.example with SMTP\n", NULL, "not-ours"},
	{"Received: from x by notexample.com with SMTP\n", NULL, "not-ours"},
	{"Received: from mx1.example.com by mx.elsewhere.example with SMTP\n", NULL, "not-ours"},
	{"Received: from mx1.example.com by mx.third.example\nReceived: from pc by mx1.example.com\n", NULL, "ours"},
	{"Received: (qmail 123 invoked by uid 0)\n", NULL, "unknown"},
	/* Message-ID */
	{NULL, "<1@example.com>", "ours"},
	{NULL, "<1@mail.example.com>", "ours"},
	{NULL, "<1@wide.example>", "ours"},
	{NULL, "<1@relay.provider.example>", "ours"},
	{NULL, "<1@elsewhere.example>", "not-ours"},
	{NULL, "<no-domain>", "unknown"},
	{"Message-ID: <1@EXAMPLE.com>\n", NULL, "ours"},
	{"Message-Id:\n <1@elsewhere.example>\n", NULL, "not-ours"},
	/* signatures */
	{"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=x; b=abc\n", NULL, "ours"},
	{"DKIM-Signature: v=1; a=rsa-sha256;\n\td=sub.wide.example;\n\ts=x\n", NULL, "ours"},
	{"DKIM-Signature: v=1; d = example.com ; s=x\nReceived: by mx.elsewhere.example\n", NULL, "ours"},
	{"DKIM-Signature: v=1; d=sub.example.com\nReceived: by mx.elsewhere.example\n", NULL, "not-ours"},
	{"DKIM-Signature: v=1; d=elsewhere.example; i=@example.com\nReceived: by mx.elsewhere.example\n", NULL, "not-ours"},
	{"DKIM-Signature: v=1; bd=example.com\nReceived: by mx.elsewhere.example\n", NULL, "not-ours"},
	{"DKIM-Signature: d=example.com\n", NULL, "ours"},
	{"DKIM-Signature: v=1; d=elsewhere.example\n", NULL, "unknown"},
	/* what backscatter looks like: our address, everything else foreign */
	{"From: ann@example.com\n", "<1@elsewhere.example>", "not-ours"},
	{"Return-Path: <ann@example.com>\nReceived: from example.com (unknown [203.0.113.1])\n\tby mx.elsewhere.example (Postfix)\nFrom: ann@example.com\nMessage-ID: <x@elsewhere.example>\n",
	 NULL, "not-ours"},
	{"From: ann@example.com\nReceived: by mx1.example.com\nMessage-ID: <x@elsewhere.example>\n", NULL, "ours"},
	/* a Message-ID made up to the forged From proves nothing against other sites' hops, and neither does a host of ours that the hop above does not know */
	{"Received: from bot (unknown [203.0.113.1]) by mx.elsewhere.example with SMTP\nFrom: ann@example.com\nMessage-ID: <1@example.com>\n", NULL, "unknown"},
	{"Received: from bot (unknown [203.0.113.1]) by mx.elsewhere.example with SMTP\nReceived: from pc by mx1.example.com\n", NULL, "unknown"},
	{"Received: from bot (unknown [203.0.113.1]) by mx.elsewhere.example\nReceived: from pc by mx1.example.com\nDKIM-Signature: d=example.com\n", NULL, "ours"},
	{"Received: from bot (mx1.example.com [192.0.2.1]) by mx.elsewhere.example\nReceived: from pc by mx1.example.com\n", NULL, "ours"},
	{"Received: from out (EHLO relay.provider.example) by mx.elsewhere.example\nReceived: from pc by mx1.example.com\n", NULL, "ours"},
	{"Received: by mx.elsewhere.example\nReceived: (qmail 12 invoked from network)\nReceived: from pc by mx1.example.com\n", NULL, "ours"},
	{"Received: from a by mx2.example.com\nReceived: from pc by mx1.example.com\n", NULL, "ours"},
	/* other people's mail that went through us: a list, a forwarding address; and mail with our address from outside that we bounced ourselves */
	{"Received: by mx1.example.com\nReceived: by mx.elsewhere.example\nFrom: eve@elsewhere.example\nMessage-ID: <1@elsewhere.example>\n", NULL, "ours"},
	{"Received: by lists.example.com\nReceived: by mx.elsewhere.example\nFrom: Eve via Ops <ops@example.com>\nMessage-ID: <1@elsewhere.example>\nList-Id: Ops <ops.lists.example.com>\n", NULL,
	 "ours"},
	{"Received: by mx1.example.com\nReceived: by mx.elsewhere.example\nFrom: ann@example.com\nMessage-ID: <1@elsewhere.example>\n", NULL, "unknown"},
	{"Received: by mx1.example.com\nReceived: by mx.elsewhere.example\nFrom: ann@example.com\nMessage-ID: <1@example.com>\n", NULL, "ours"},
	{"Received: by lists.elsewhere.example\nFrom: ann@example.com\nMessage-ID: <1@elsewhere.example>\nList-Id: <ops.lists.elsewhere.example>\n", NULL, "not-ours"},
	/* names that tell nothing */
	{NULL, "<1@PC-ANNA>", "unknown"},
	{NULL, "<1@localhost.localdomain>", "unknown"},
	{NULL, "<1@[192.0.2.7]>", "unknown"},
	{NULL, "<1@192.0.2.7>", "unknown"},
	{"Received: from pc by exchange.corp.local with LMTP\n", NULL, "unknown"},
	{"Received: from pc by exchange.corp.local\n", "<1@elsewhere.example>", "not-ours"},
	{"Received: by mailstore with LMTP id 1\nReceived: from pc by mx1.example.com\n", NULL, "ours"},
	/* domains in both forms of RFC 5890, and in capitals */
	{NULL, "<1@xn--bcher-kva.example>", "ours"},
	{NULL, "<1@BÜCHER.example>", "ours"},
	{NULL, "<1@mail.bücher.example>", "ours"},
	{"Received: from pc by mx.münchen.example\n", NULL, "ours"},
	{"DKIM-Signature: v=1; d=XN--BCHER-KVA.example\n", NULL, "ours"},
	{NULL, "<1@b\xfc" "cher.example>", "unknown"},
};

START_TEST(judges)
{
	struct original original = {.header = (char *)cases[_i].header, .message_id = (char *)cases[_i].message_id};

	ck_assert_msg(strcmp(origin_word(origin_of(&original, &ours)), cases[_i].origin) == 0, "%s %s: %s", cases[_i].header, cases[_i].message_id,
		      origin_word(origin_of(&original, &ours)));
}
END_TEST

START_TEST(nothing_configured_means_unknown)
{
	static const char *const none[] = {NULL};
	struct original original = {.message_id = (char *)"<1@example.com>"};

	ck_assert_int_eq(origin_of(&original, NULL), ORIGIN_UNKNOWN);
	ck_assert_int_eq(origin_of(&original, &(struct origin_domains){NULL, NULL}), ORIGIN_UNKNOWN);
	ck_assert_int_eq(origin_of(&original, &(struct origin_domains){none, none}), ORIGIN_UNKNOWN);
	ck_assert_int_eq(origin_of(&original, &(struct origin_domains){domains, NULL}), ORIGIN_OURS);
	ck_assert_int_eq(origin_of(&original, &(struct origin_domains){NULL, hosts}), ORIGIN_NOT_OURS);
}
END_TEST

START_TEST(long_headers_are_bounded)
{
	GString *header = g_string_new(NULL);
	struct original original = {0};

	for (guint i = 0; i < 100000; i++)
		g_string_append(header, "Received: by mx.elsewhere.example\n");
	g_string_append(header, "Received: by mx1.example.com\n");
	original.header = header->str;
	ck_assert_int_eq(origin_of(&original, &ours), ORIGIN_NOT_OURS);
	g_string_free(header, TRUE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("origin");
	TCase *tests = tcase_create("origin");

	mail_init();
	tcase_add_loop_test(tests, judges, 0, (int)G_N_ELEMENTS(cases));
	tcase_add_test(tests, nothing_configured_means_unknown);
	tcase_add_test(tests, long_headers_are_bounded);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
