/* check_mask.c - what is masked, and that a pattern made from the rest matches. Cases: mask.test. */
#include "mask.h"
#include "reply.h"
#include "suite.h"

#include <stdbool.h>
#include <string.h>

static bool matches(const char *pattern, const char *text)
{
	return g_regex_match_simple(pattern, text, G_REGEX_CASELESS, 0);
}

START_TEST(cases)
{
	char **lines = suite_cases("tests/mask.test");
	guint count = 0;

	for (guint i = 0; lines[i]; count++) {
		char *reply = reply_normalise(lines[i]), *masked = mask_reply(reply), *pattern = mask_pattern(masked), *example = mask_example(masked);
		const char *wanted = lines[i + 1] + 3;
		bool has_pattern = lines[i + 2] && g_str_has_prefix(lines[i + 2], "~> ");

		ck_assert_msg(g_str_has_prefix(lines[i + 1], "=> "), "no answer below: %s", lines[i]);
		ck_assert_msg(strcmp(masked, wanted) == 0, "%s\ngot    %s\nwanted %s", lines[i], masked, wanted);
		ck_assert_msg((pattern != NULL) == has_pattern, "%s: pattern %s", lines[i], pattern);
		if (has_pattern) {
			ck_assert_msg(strcmp(pattern, lines[i + 2] + 3) == 0, "%s\ngot    %s\nwanted %s", lines[i], pattern, lines[i + 2] + 3);
			ck_assert_msg(matches(pattern, reply), "%s does not match %s", pattern, reply);
			ck_assert_msg(matches(pattern, example), "%s does not match its example %s", pattern, example);
		}
		g_free(example);
		g_free(pattern);
		g_free(masked);
		g_free(reply);
		i += has_pattern ? 3 : 2;
	}
	ck_assert_uint_gt(count, 15);
	g_strfreev(lines);
}
END_TEST

/* Masking the masked changes nothing, and no text takes long or harms: each of these is as long as a reply can get. */
START_TEST(long_and_odd_texts)
{
	static const char *const pieces[] = {"a", "1", "1.", "a.", ":", "a:", "::1 ", "<", "<a@", "@", "a@a", "http://", "https://a/1?", "Mon, ", "12:00:00 ", "2026-01-10T",
					     "\xc3\xa4", "\x80", "a1-", "...", "<address>", "550 ", "5.1.1 ", "/", "="};

	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		GString *text = g_string_new("550 ");
		char *masked, *again, *pattern, *name, *example;

		while (text->len < 4000)
			g_string_append(text, pieces[i]);
		masked = mask_reply(text->str);
		again = mask_reply(masked);
		ck_assert(g_utf8_validate(masked, -1, NULL));
		ck_assert_uint_le(strlen(masked), MASK_LIMIT + 4);
		ck_assert_uint_le(strlen(again), MASK_LIMIT + 4);
		pattern = mask_pattern(masked);
		name = mask_name(masked);
		example = mask_example(masked);
		ck_assert_uint_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
		g_free(pattern);
		g_free(name);
		g_free(example);
		g_free(again);
		g_free(masked);
		g_string_free(text, TRUE);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mask");
	TCase *tcase = tcase_create("mask");

	tcase_add_test(tcase, cases);
	tcase_add_test(tcase, long_and_odd_texts);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
