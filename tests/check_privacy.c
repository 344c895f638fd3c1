/* check_privacy.c - addresses as they may be shown, alone and in the words of servers. */
#include "privacy.h"
#include "suite.h"

#include <string.h>

static struct privacy modes[] = {{PRIVACY_FULL, NULL}, {PRIVACY_DOMAIN, NULL}, {PRIVACY_HASH, NULL}, {PRIVACY_NONE, NULL}};

static void setup(void)
{
	modes[PRIVACY_HASH].key = g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)"0123456789abcdef", 16);
}

static void teardown(void)
{
	g_hmac_unref(modes[PRIVACY_HASH].key);
}

/* HMAC-SHA256 of the lower-case address with that key, as openssl computes it: printf bob@example.net | openssl dgst -sha256 -hmac 0123456789abcdef */
#define BOB_HASH "hash:cf8a0f1c1a2e8577"

static const struct {
	const char *address, *shown[4];
} addresses[] = {
	{"bob@example.net", {"bob@example.net", "*@example.net", BOB_HASH, NULL}},
	{"Bob@Example.NET", {"Bob@Example.NET", "*@Example.NET", BOB_HASH, NULL}},
	{"", {NULL, NULL, NULL, NULL}},
	{NULL, {NULL, NULL, NULL, NULL}},
};

START_TEST(an_address_alone)
{
	for (int mode = 0; mode < 4; mode++) {
		char *shown = privacy_address(&modes[mode], addresses[_i].address);

		ck_assert_msg(g_strcmp0(shown, addresses[_i].shown[mode]) == 0, "mode %d: %s", mode, shown ? shown : "(nothing)");
		g_free(shown);
	}
}
END_TEST

START_TEST(a_local_name_has_no_domain)
{
	char *shown = privacy_address(&modes[PRIVACY_DOMAIN], "bob");

	ck_assert_str_eq(shown, "*");
	g_free(shown);
}
END_TEST

START_TEST(no_privacy_is_full)
{
	const char *known[] = {NULL};
	char *shown = privacy_address(NULL, "bob@example.net"), *text = privacy_text(NULL, "to bob@example.net", known);

	ck_assert_str_eq(shown, "bob@example.net");
	ck_assert_str_eq(text, "to bob@example.net");
	ck_assert_ptr_null(privacy_text(NULL, NULL, known));
	g_free(shown);
	g_free(text);
}
END_TEST

START_TEST(a_hash_depends_on_the_key_alone)
{
	struct privacy other = {PRIVACY_HASH, g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)"another key, as long", 20)}, none = {PRIVACY_HASH, NULL};
	char *one = privacy_address(&modes[PRIVACY_HASH], "bob@example.net"), *two = privacy_address(&other, "bob@example.net");

	ck_assert_str_ne(one, two);
	ck_assert_uint_eq(strlen(one), strlen("hash:") + PRIVACY_HASH_DIGITS);
	ck_assert_ptr_null(privacy_address(&none, "bob@example.net"));
	g_hmac_unref(other.key);
	g_free(one);
	g_free(two);
}
END_TEST

/* As domain and as none; known: bob.smith@example.net and ann+news@example.com. */
static const struct {
	const char *text, *domain, *none;
} texts[] = {
	{"550 5.1.1 User unknown", "550 5.1.1 User unknown", "550 5.1.1 User unknown"},
	{"<bob.smith@example.net>: user unknown", "<*@example.net>: user unknown", "<*>: user unknown"},
	{"a@b.example, c@d.example.", "*@b.example, *@d.example.", "*, *."},
	{"unknown user bob.smith here", "unknown user * here", "unknown user * here"},
	{"BOB.SMITH: no mailbox", "*: no mailbox", "*: no mailbox"},
	{"bob.smithers is somebody else", "bob.smithers is somebody else", "bob.smithers is somebody else"},
	{"mailbox ann is full", "mailbox * is full", "mailbox * is full"},
	{"mailbox ann+news is full", "mailbox * is full", "mailbox * is full"},
	{"\"bob smith\"@example.org failed", "*@example.org failed", "* failed"},
	{"\"a\\\"b\"@example.org failed", "*@example.org failed", "* failed"},
	{"to=<SRS0=x=y=example.com=ann@relay.example>", "to=<*@relay.example>", "to=<*>"},
	{"see https://x.example/?u=carl%40example.org&k=1", "see https://x.example/?u=*@example.org&k=1", "see https://x.example/?u=*&k=1"},
	{"carl@[192.0.2.1] refused", "*@[192.0.2.1] refused", "* refused"},
	{"mail@ and @example.org alone", "* and @example.org alone", "* and @example.org alone"},
	{"j\303\274rgen@b\303\274cher.example", "*@b\303\274cher.example", "*"},
	{"@@@ x@y@z.example", "@@@ *@y@z.example", "@@@ *@z.example"},
	{"", "", ""},
};

START_TEST(words_of_a_server)
{
	static const char *const known[] = {"bob.smith@example.net", "ann+news@example.com", NULL};
	char *domain = privacy_text(&modes[PRIVACY_DOMAIN], texts[_i].text, known), *none = privacy_text(&modes[PRIVACY_NONE], texts[_i].text, known);

	ck_assert_str_eq(domain, texts[_i].domain);
	ck_assert_str_eq(none, texts[_i].none);
	g_free(domain);
	g_free(none);
}
END_TEST

/* Each is a piece of work, and none of them is needed. */
START_TEST(hashes_of_a_text_are_bounded)
{
	static const char *const known[] = {NULL};
	GString *text = g_string_new(NULL), *wanted = g_string_new(NULL);
	char *shown;

	for (unsigned i = 0; i < 2 * PRIVACY_TEXT_HASHES; i++) {
		g_string_append(text, "<bob@example.net> ");
		g_string_append(wanted, i < PRIVACY_TEXT_HASHES ? "<" BOB_HASH "> " : "<*> ");
	}
	shown = privacy_text(&modes[PRIVACY_HASH], text->str, known);
	ck_assert_str_eq(shown, wanted->str);
	g_free(shown);
	g_string_free(text, TRUE);
	g_string_free(wanted, TRUE);
}
END_TEST

/* Whatever stands around it, and wherever it is put: what identifies the person is gone. */
START_TEST(no_text_keeps_an_address)
{
	static const char alphabet[] = "ab@.\"\\<> %40=+/:;,[]\xc3\xa4\n";
	static const char *const known[] = {"zoltan.kiss@example.net", NULL};
	GRand *random = g_rand_new_with_seed((guint32)_i);

	for (int round = 0; round < 500; round++) {
		GString *text = g_string_new(NULL);

		for (int side = 0; side < 2; side++) {
			if (side)
				g_string_append(text, " zoltan.kiss@example.net ");
			for (int i = g_rand_int_range(random, 0, 20); i > 0; i--)
				g_string_append_c(text, alphabet[g_rand_int_range(random, 0, sizeof alphabet - 1)]);
		}
		for (int mode = PRIVACY_DOMAIN; mode <= PRIVACY_NONE; mode++) {
			char *shown = privacy_text(&modes[mode], text->str, known);

			ck_assert_msg(!strstr(shown, "zoltan") && !strstr(shown, "kiss"), "mode %d: \"%s\" from \"%s\"", mode, shown, text->str);
			g_free(shown);
		}
		g_string_free(text, TRUE);
	}
	g_rand_free(random);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("privacy");
	TCase *tests = tcase_create("privacy");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, an_address_alone, 0, (int)G_N_ELEMENTS(addresses));
	tcase_add_test(tests, a_local_name_has_no_domain);
	tcase_add_test(tests, no_privacy_is_full);
	tcase_add_test(tests, a_hash_depends_on_the_key_alone);
	tcase_add_loop_test(tests, words_of_a_server, 0, (int)G_N_ELEMENTS(texts));
	tcase_add_test(tests, hashes_of_a_text_are_bounded);
	tcase_add_loop_test(tests, no_text_keeps_an_address, 0, 10);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
