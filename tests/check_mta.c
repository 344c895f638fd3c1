/* check_mta.c - versions that MTAs tell, and which of them damage a body with a long line. */
#include "mta.h"
#include "suite.h"

#include <string.h>

static const struct {
	const char *version;
	bool damages;
} versions[] = {
	{"Postfix 2.3.3", true},
	{"Postfix 2.11.11", true},
	{"Postfix 3.0.15", true},
	{"Postfix 3.1.4", true},
	{"Postfix 3.2.99", true},
	{"Postfix 3.3.0", true},
	{"Postfix 3.3.19", true},
	{"Postfix 3.3.20", false},
	{"Postfix 3.3.22", false},
	{"Postfix 3.4.22", true},
	{"Postfix 3.4.23", false},
	{"Postfix 3.5.8", true},
	{"Postfix 3.5.12", true},
	{"Postfix 3.5.13", false},
	{"Postfix 3.5.25", false},
	{"Postfix 3.6.0", true},
	{"Postfix 3.6.2", true},
	{"Postfix 3.6.3", false},
	{"Postfix 3.6.10", false},
	{"Postfix 3.7.0", false},
	{"Postfix 3.7.11", false},
	{"Postfix 3.10.1", false},
	{"Postfix 3.33.1", false},
	{"Postfix 4.0.0", false},
	{"Postfix 3.6.0-RC2", true},
	{"Postfix 3.7.0-RC1", false},
	{"Postfix 3.7-20211106", true},
	{"Postfix 3.7-20211107", false},
	{"Postfix 3.11-20250525-nonprod", false},
	{"Postfix 3.6-20200101", true},
	{"Postfix", true},			/* nothing is known: careful */
	{"Postfix unknown", true},
	{"Postfix 3", true},
	{"Postfix 3.7", true},
	{"Postfix 99999999999999999999.1.1", true},
	{"8.17.1.9", false},
	{"8.14.7", false},
	{"", false},
	{NULL, false},
};

START_TEST(versions_are_judged)
{
	ck_assert_msg(mta_damages_long_lines(versions[_i].version) == versions[_i].damages, "%s", versions[_i].version);
}
END_TEST

/* before: what stands before a line of so many letters; behind: what follows it. */
static const struct {
	const char *before;
	unsigned letters;
	const char *behind;
	bool found;
} lines[] = {
	{"", 0, "", false},
	{"", MTA_LONG_LINE - 1, "", false},
	{"", MTA_LONG_LINE, "", true},
	{"", MTA_LONG_LINE - 1, "\n", false},
	{"", MTA_LONG_LINE - 1, "\r\n", false},
	{"", MTA_LONG_LINE - 1, "\r\nb\n", false},
	{"", MTA_LONG_LINE - 1, "\rb\n", true},
	{"", MTA_LONG_LINE - 1, "\r", true},
	{"", MTA_LONG_LINE, "\r\n", true},
	{"a\n", MTA_LONG_LINE - 1, "\nb\n", false},
	{"a\n", MTA_LONG_LINE, "\nb\n", true},
	{"\n\r\n\n", MTA_LONG_LINE, "", true},
	{"\n\r\n\n", MTA_LONG_LINE - 1, "\n\n\n", false},
};

START_TEST(long_lines_are_found)
{
	char *letters = g_strnfill(lines[_i].letters, 'x'), *ordinary = g_strnfill(MTA_LONG_LINE - 1, 'y');
	char *text = g_strconcat(lines[_i].before, letters, lines[_i].behind, NULL), *twice = g_strdup_printf("%s\n%s\r\n%s", ordinary, ordinary, text);

	ck_assert(mta_has_long_line(text, strlen(text)) == lines[_i].found);
	ck_assert(mta_has_long_line(twice, strlen(twice)) == lines[_i].found);
	g_free(twice);
	g_free(text);
	g_free(ordinary);
	g_free(letters);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mta");
	TCase *tests = tcase_create("mta");

	tcase_add_loop_test(tests, versions_are_judged, 0, (int)G_N_ELEMENTS(versions));
	tcase_add_loop_test(tests, long_lines_are_found, 0, G_N_ELEMENTS(lines));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
