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

START_TEST(long_lines_are_found)
{
	char *shorter = g_strnfill(MTA_LONG_LINE - 1, 'x'), *longer = g_strnfill(MTA_LONG_LINE, 'x');
	char *good = g_strdup_printf("%s\n%s\n%s", shorter, shorter, shorter), *last = g_strdup_printf("%s\n%s", shorter, longer), *middle = g_strdup_printf("a\n%s\nb\n", longer);

	ck_assert(!mta_has_long_line("", 0));
	ck_assert(!mta_has_long_line(good, strlen(good)));
	ck_assert(mta_has_long_line(last, strlen(last)));
	ck_assert(mta_has_long_line(middle, strlen(middle)));
	g_free(good);
	g_free(last);
	g_free(middle);
	g_free(shorter);
	g_free(longer);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mta");
	TCase *tests = tcase_create("mta");

	tcase_add_loop_test(tests, versions_are_judged, 0, (int)G_N_ELEMENTS(versions));
	tcase_add_test(tests, long_lines_are_found);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
