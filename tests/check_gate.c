/* check_gate.c - the gate lets through every pattern that matches, where it matches, and little else. Cases: rows of the tables below. */
#include "gate.h"
#include "suite.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdbool.h>
#include <string.h>

static const char *const patterns[] = {
	"user unknown",				/* 0 */
	"mail ?box (?:is )?full",		/* 1 */
	"(?:user|account).{0,9}closed",		/* 2 */
	"\\d+",					/* 3: always */
	"quota",				/* 4 */
	"over.*quota",				/* 5 */
	"Empf\xc3\xa4nger unbekannt",		/* 6 */
	"RBL",					/* 7: a literal of three bytes */
	"spam|junk|bulk",			/* 8 */
	"(?<!not )spam",			/* 9 */
};

/* "PATTERN:FROM-TO ...". The caller frees it. */
static char *print_candidates(const struct gate *gate, const char *text)
{
	GArray *candidates = gate_candidates(gate, text, strlen(text));
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < candidates->len; i++) {
		const struct candidate *candidate = &g_array_index(candidates, struct candidate, i);

		if (candidate->pattern != 3)
			g_string_append_printf(out, "%s%u:%zu-%zu", out->len ? " " : "", candidate->pattern, candidate->from, candidate->to);
	}
	g_array_unref(candidates);
	return g_string_free(out, FALSE);
}

static const struct {
	const char *text, *candidates;
} texts[] = {
	{"", ""},
	{"ab", ""},
	{"nothing of interest", ""},
	{"user unknown", "0:0-0"},
	{"550 USER Unknown", "0:4-4"},
	{"user unknown, user unknown", "0:0-14"},
	{"the mailbox is full", "1:4-4"},
	{"the mail box full mailbox full", "1:4-18"},
	{"account 1 closed", "2:0-0"},
	{"account is very long indeed and has been closed", ""},
	{"closed account", ""},
	{"over the quota", "4:9-9 5:0-0"},
	{"quota", "4:0-0"},
	{"550 EMPF\xc3\x84NGER unbekannt", "6:4-4"},
	{"rbl", "7:0-0"},
	{"bulk mail", "8:0-0"},
	{"it is spam", "8:6-6 9:6-6"},
	{"xspa", ""},
};

START_TEST(finds_what_can_match)
{
	struct gate *gate = gate_new(patterns, G_N_ELEMENTS(patterns));
	char *got = print_candidates(gate, texts[_i].text);

	ck_assert_str_eq(got, texts[_i].candidates);
	ck_assert_uint_eq(gate_always(gate), 1);
	g_free(got);
	gate_free(gate);
}
END_TEST

START_TEST(pattern_without_literal_is_always_there)
{
	struct gate *gate = gate_new(patterns, G_N_ELEMENTS(patterns));
	GArray *candidates = gate_candidates(gate, "xyz", 3);

	ck_assert_uint_eq(candidates->len, 1);
	ck_assert_uint_eq(g_array_index(candidates, struct candidate, 0).pattern, 3);
	ck_assert_uint_eq(g_array_index(candidates, struct candidate, 0).from, 0);
	ck_assert_uint_eq(g_array_index(candidates, struct candidate, 0).to, 3);
	g_array_unref(candidates);
	gate_free(gate);
}
END_TEST

START_TEST(gate_of_nothing)
{
	struct gate *gate = gate_new(NULL, 0);
	GArray *candidates = gate_candidates(gate, "user unknown", 12);

	ck_assert_uint_eq(candidates->len, 0);
	g_array_unref(candidates);
	gate_free(gate);
	gate_free(NULL);
}
END_TEST

/* Is a match that begins at start within what the gate lets through? */
static bool is_let_through(const struct gate *gate, const char *text, size_t start)
{
	GArray *candidates = gate_candidates(gate, text, strlen(text));
	bool found = false;

	for (guint i = 0; i < candidates->len; i++) {
		const struct candidate *candidate = &g_array_index(candidates, struct candidate, i);

		found = found || (candidate->from <= start && start <= candidate->to);
	}
	g_array_unref(candidates);
	return found;
}

static const char *pick(GRand *random, const char *const *words, guint count)
{
	return words[g_rand_int_range(random, 0, (gint32)count)];
}

/* Patterns and texts put together at random from few pieces, so that many match: whatever PCRE2 finds the gate must let through. */
START_TEST(never_loses_a_match)
{
	static const char *const pieces[] = {
		"abc", "abd", "x", "(?:abc|xyz)", "(?:ab|x)", "[ab]c", "[^a]", ".", ".{0,3}", "\\w", "b?", "(?:abc)?", "(?:abc)+", "x*", " ", "\\b", "(?<!a)", "(?=x)", "|", "\xc3\xa4",
	};
	static const char *const bits[] = {"abc", "abd", "xyz", "ab", "x", "c", " ", "ABC", "\xc3\xa4", "\xc3\x84", "b", "a"};
	GRand *random = g_rand_new_with_seed(4711);
	pcre2_match_data *found = pcre2_match_data_create(1, NULL);
	unsigned matches = 0;

	for (guint round = 0; round < 3000; round++) {
		GString *pattern = g_string_new(NULL), *text = g_string_new(NULL);
		const char *whole;
		int error;
		PCRE2_SIZE at;
		pcre2_code *regex;
		struct gate *gate;

		for (gint i = g_rand_int_range(random, 1, 7); i > 0; i--)
			g_string_append(pattern, pick(random, pieces, G_N_ELEMENTS(pieces)));
		for (gint i = g_rand_int_range(random, 0, 10); i > 0; i--)
			g_string_append(text, pick(random, bits, G_N_ELEMENTS(bits)));
		regex = pcre2_compile((PCRE2_SPTR)pattern->str, PCRE2_ZERO_TERMINATED, PCRE2_CASELESS | PCRE2_UTF, &error, &at, NULL);
		ck_assert_ptr_nonnull(regex);
		whole = pattern->str;
		gate = gate_new(&whole, 1);
		if (pcre2_match(regex, (PCRE2_SPTR)text->str, text->len, 0, 0, found, NULL) >= 0) {
			matches++;
			ck_assert_msg(is_let_through(gate, text->str, pcre2_get_ovector_pointer(found)[0]), "pattern %s loses its match in \"%s\"", pattern->str, text->str);
		}
		gate_free(gate);
		pcre2_code_free(regex);
		g_string_free(pattern, TRUE);
		g_string_free(text, TRUE);
	}
	ck_assert_uint_gt(matches, 300);
	pcre2_match_data_free(found);
	g_rand_free(random);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gate");
	TCase *tests = tcase_create("gate");

	tcase_add_loop_test(tests, finds_what_can_match, 0, (int)G_N_ELEMENTS(texts));
	tcase_add_test(tests, pattern_without_literal_is_always_there);
	tcase_add_test(tests, gate_of_nothing);
	tcase_add_test(tests, never_loses_a_match);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
