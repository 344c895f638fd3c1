/* check_literals.c - literals that a regular expression cannot do without. Cases: the lines of literals.test. */
#include "literals.h"
#include "suite.h"

#include <string.h>

static char **cases;		/* lines of literals.test */

/* "unknown user@0 no such user@3 & mailbox@60": a literal with what can stand before it ("*": anything), sets with & between. The caller frees it. */
static char *print_sets(const char *pattern)
{
	GPtrArray *sets = literals_of(pattern);
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < sets->len; i++) {
		const GArray *set = sets->pdata[i];

		g_string_append(out, i ? " &" : "");
		for (guint j = 0; j < set->len; j++) {
			const struct literal *literal = &g_array_index(set, struct literal, j);

			g_string_append_printf(out, "%s%s@", out->len ? " " : "", literal->text);
			if (literal->before == LITERALS_ANYWHERE)
				g_string_append_c(out, '*');
			else
				g_string_append_printf(out, "%u", literal->before);
		}
	}
	if (out->len == 0)
		g_string_append_c(out, '-');
	g_ptr_array_unref(sets);
	return g_string_free(out, FALSE);
}

static char *print_branches(const char *pattern)
{
	char **branches = literals_branches(pattern), *joined = g_strjoinv("  ", branches);

	g_strfreev(branches);
	return joined;
}

static char *print_folded(const char *text)
{
	return literals_fold(text, strlen(text));
}

START_TEST(reads_patterns)
{
	char **columns = g_strsplit(cases[_i], "\t", 3), *got;

	ck_assert_msg(g_strv_length(columns) == 3, "no case: %s", cases[_i]);
	got = strcmp(columns[0], "sets") == 0 ? print_sets(columns[1]) : strcmp(columns[0], "branches") == 0 ? print_branches(columns[1]) : print_folded(columns[1]);
	ck_assert_msg(strcmp(got, columns[2]) == 0, "%s\n got: %s", cases[_i], got);
	g_free(got);
	g_strfreev(columns);
}
END_TEST

/* Patterns with too much of everything: no answer is asked for, only that there is one soon. */
START_TEST(survives_odd_patterns)
{
	static const char *const odd[] = {
		"(", "((((((((((", ")", "[", "[^", "[]", "[[:alpha:", "\\", "(?", "(?<", "(?P<", "a{", "a{1", "a{1,", "{3}", "*", "|", "||", "a|", "(|)", "(a|)*", "x{99999999999}",
		"\xff\xfe", "(?#", "(?:", "\\Q..", "[a-", "[\\", "(*UTF)x", "a{2}{3}", "a**",
	};
	GString *deep = g_string_new(NULL), *wide = g_string_new("(?:");

	for (guint i = 0; i < G_N_ELEMENTS(odd); i++) {
		g_free(print_sets(odd[i]));
		g_free(print_branches(odd[i]));
	}
	for (guint i = 0; i < 10000; i++)
		g_string_append(deep, "(");
	g_free(print_sets(deep->str));
	for (guint i = 0; i < 3000; i++)
		g_string_append_printf(wide, "word%u|", i);
	g_string_append(wide, "end)");
	g_free(print_sets(wide->str));
	g_string_free(deep, TRUE);
	g_string_free(wide, TRUE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("literals");
	TCase *tests = tcase_create("literals");
	int failed;

	cases = suite_cases("tests/literals.test");
	tcase_add_loop_test(tests, reads_patterns, 0, (int)g_strv_length(cases));
	tcase_add_test(tests, survives_odd_patterns);
	suite_add_tcase(suite, tests);
	failed = run_suite(suite);
	g_strfreev(cases);
	return failed;
}
