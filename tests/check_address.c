/* check_address.c - addresses in fields and in running text. Cases: rows of the tables below. */
#include "address.h"
#include "suite.h"

#include <string.h>

static const struct {
	const char *value, *address;
} fields[] = {
	{"rfc822; bob@example.net", "bob@example.net"},
	{"RFC822;<bob@example.net>", "bob@example.net"},
	{"  rfc822 ;bob@example.net (expanded from ann)", "bob@example.net"},
	{"bob@example.net", "bob@example.net"},
	{"rfc822; bob@example.net>", "bob@example.net"},
	{"rfc822; bob+40example.net", "bob@example.net"},
	{"rfc822; ann+42@example.net", "ann+42@example.net"},
	{"utf-8; b\\x{f6}b@example.net", "b\xc3\xb6" "b@example.net"},
	{"utf-8; \\x{1f408}@example.net", "\xf0\x9f\x90\x88@example.net"},
	{"rfc822; \"bob b\"@example.net", "\"bob b\"@example.net"},
	{"rfc822; Bob Example <bob@example.net>", "bob@example.net"},
	{"rfc822; @relay.example.com:bob@example.net", "@relay.example.com:bob@example.net"},
	{"rfc822; bob", "bob"},
	{"x400; /C=US/A= /P=Example/", NULL},
	{"rfc822; @example.net", NULL},
	{"rfc822;", NULL},
	{"", NULL},
};

START_TEST(reads_fields)
{
	char *address = address_from_field(fields[_i].value);

	ck_assert_pstr_eq(address, fields[_i].address);
	g_free(address);
}
END_TEST

static const struct {
	const char *text, *address, *rest;
} texts[] = {
	{"to <bob@example.net>: no", "bob@example.net", ": no"},
	{"to bob@example.net.", "bob@example.net", "."},
	{"\"bob@example.net\" is unknown", "bob@example.net", "\" is unknown"},
	{"'bob@example.net'", "bob@example.net", "'"},
	{"(bob@example.net)", "bob@example.net", ")"},
	{"mailto:bob@example.net?x", "bob@example.net", "?x"},
	{"<mailto:bob@example.net> x", "bob@example.net", " x"},
	{"bob@[192.0.2.1] x", "bob@[192.0.2.1]", " x"},
	{"bob@host", "bob@host", ""},
	{"b\xc3\xb6" "b@example.net", "b\xc3\xb6" "b@example.net", ""},
	{"адрес: борис@пример.example", "\xd0\xb1\xd0\xbe\xd1\x80\xd0\xb8\xd1\x81@\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.example", ""},
	{"user /G=Bob/S=Smith/C=US/@x400.example not found", "/G=Bob/S=Smith/C=US/@x400.example", " not found"},
	{"user /s=smith/g=bob@x400.example not found", "/s=smith/g=bob@x400.example", " not found"},
	{"see https://x.example/?u=1/bob@example.net", NULL, NULL},
	{"<https://x.example/?u=ann@example.com> or https://x.example/ann@example.com: <bob@example.net>", "bob@example.net", ""},
	{"\xe5\xae\x9b\xe5\x85\x88" "bob@example.net\xe3\x81\xaf", "bob@example.net", "\xe3\x81\xaf"},
	{"\xf0\x9f\x90\x88@example.net", "\xf0\x9f\x90\x88@example.net", ""},
	{"<b\xc3\xb6" "b@b\xc3\xbc" "cher.example>", "b\xc3\xb6" "b@b\xc3\xbc" "cher.example", ""},
	{"bob@example.net...User unknown", "bob@example.net", "...User unknown"},
	{"dda:SMTP=bob@example.net;", "bob@example.net", ";"},
	{"c=US;a= ;dda:RFC-822=bob@example.net", "RFC-822=bob@example.net", ""},
	{"@ x @@ bob@example.net", "bob@example.net", ""},
	{"no address here", NULL, NULL},
	{"a @ b", NULL, NULL},
	{"<@>", NULL, NULL},
	{"", NULL, NULL},
};

START_TEST(finds_in_text)
{
	const char *end = NULL;
	char *address = address_find(texts[_i].text, &end);

	ck_assert_pstr_eq(address, texts[_i].address);
	if (address)
		ck_assert_str_eq(end, texts[_i].rest);
	g_free(address);
}
END_TEST

START_TEST(tells_the_implausible)
{
	char *endless = g_strnfill(2000, 'a');

	ck_assert(address_is_plausible("bob@example.net", false));
	ck_assert(address_is_plausible("bob", true));
	ck_assert(!address_is_plausible("bob", false));
	ck_assert(!address_is_plausible("", true));
	ck_assert(!address_is_plausible("@example.net", false));
	ck_assert(!address_is_plausible("bob@", false));
	ck_assert(!address_is_plausible("b ob@example.net", false));
	ck_assert(!address_is_plausible("bob@exam\nple", false));
	ck_assert(!address_is_plausible(endless, true));
	g_free(endless);
}
END_TEST

START_TEST(knows_domain_and_case)
{
	ck_assert_str_eq(address_domain("bob@example.net"), "example.net");
	ck_assert_ptr_null(address_domain("bob"));
	ck_assert(address_equal("Bob@Example.NET", "bob@example.net"));
	ck_assert(!address_equal("bob@example.net", "bob@example.org"));
}
END_TEST

/* The limits cut between characters, never inside one. */
START_TEST(long_addresses_stay_valid)
{
	GString *text = g_string_new("x ");
	char *address;

	for (int i = 0; i < 400; i++)
		g_string_append(text, "\xc3\xb6");
	g_string_append_c(text, '@');
	for (int i = 0; i < 400; i++)
		g_string_append(text, "\xe3\x82\xa8");
	address = address_find(text->str, NULL);
	ck_assert(!address || g_utf8_validate(address, -1, NULL));
	g_free(address);
	g_string_free(text, TRUE);
}
END_TEST

/* Work grows with the text, not with its square: every '@' looks a bounded way back. */
START_TEST(endless_text_is_cheap)
{
	char *text = g_strnfill(1u << 20, '@');
	char *address = address_find(text, NULL);

	ck_assert_ptr_null(address);
	g_free(text);
	text = g_strnfill(1u << 20, 'a');
	ck_assert_ptr_null(address_find(text, NULL));
	g_free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("address");
	TCase *tests = tcase_create("address");

	tcase_add_loop_test(tests, reads_fields, 0, (int)G_N_ELEMENTS(fields));
	tcase_add_loop_test(tests, finds_in_text, 0, (int)G_N_ELEMENTS(texts));
	tcase_add_test(tests, tells_the_implausible);
	tcase_add_test(tests, knows_domain_and_case);
	tcase_add_test(tests, long_addresses_stay_valid);
	tcase_add_test(tests, endless_text_is_cheap);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
