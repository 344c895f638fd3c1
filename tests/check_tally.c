/* check_tally.c - counters with names that are few: exact, bounded, by interval. */
#include "suite.h"
#include "tally.h"

START_TEST(a_tally_stops_growing_and_still_adds_up)
{
	struct tally *tally = tally_new(2);
	GArray *rows;

	tally_add(tally, "b", 1);
	tally_add(tally, "a", 0);
	tally_add(tally, "c", 5);
	tally_add(tally, "b", 1);
	rows = tally_rows(tally, TRUE);
	ck_assert_uint_eq(rows->len, 3);
	ck_assert_str_eq(g_array_index(rows, struct tally_row, 0).name, "a");
	ck_assert_uint_eq(g_array_index(rows, struct tally_row, 1).total, 2);
	ck_assert_str_eq(g_array_index(rows, struct tally_row, 2).name, "other");
	ck_assert_uint_eq(g_array_index(rows, struct tally_row, 2).total, 5);
	g_array_unref(rows);
	tally_begin(tally);
	tally_add(tally, "a", 3);
	rows = tally_rows(tally, FALSE);
	ck_assert_str_eq(g_array_index(rows, struct tally_row, 0).name, "a");
	ck_assert_uint_eq(g_array_index(rows, struct tally_row, 0).recent, 3);
	ck_assert_uint_eq(g_array_index(rows, struct tally_row, 1).recent, 0);
	ck_assert_uint_eq(g_array_index(rows, struct tally_row, 1).total, 2);
	g_array_unref(rows);
	tally_free(tally);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tally");
	TCase *tests = tcase_create("tally");

	tcase_add_test(tests, a_tally_stops_growing_and_still_adds_up);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
