/* check_topk.c - the frequent ones are found among any number of names, no count is too large, nothing is lost; and tally.c, for names that are few. */
#include "suite.h"
#include "tally.h"
#include "topk.h"

#include <string.h>

START_TEST(few_names_are_counted_exactly)
{
	struct topk *topk = topk_new(10);
	unsigned long other;
	GArray *rows;

	for (int i = 0; i < 9; i++)
		topk_add(topk, i % 3 ? "b" : "a");
	topk_add(topk, "c");
	rows = topk_rows(topk, 2, &other);
	ck_assert_uint_eq(rows->len, 2);
	ck_assert_str_eq(g_array_index(rows, struct topk_row, 0).name, "b");
	ck_assert_uint_eq(g_array_index(rows, struct topk_row, 0).count, 6);
	ck_assert_uint_eq(g_array_index(rows, struct topk_row, 1).count, 3);
	ck_assert_uint_eq(other, 1);
	g_array_unref(rows);
	topk_clear(topk);
	rows = topk_rows(topk, 2, &other);
	ck_assert_uint_eq(rows->len, 0);
	ck_assert_uint_eq(other, 0);
	g_array_unref(rows);
	topk_free(topk);
}
END_TEST

/* A stranger sends a new name each time; three honest ones are in between. */
START_TEST(a_flood_of_names_hides_no_frequent_one)
{
	struct topk *topk = topk_new(50);
	GRand *random = g_rand_new_with_seed((guint32)_i);
	unsigned long honest[3] = {0}, other, sum = 0;
	char name[32];
	GArray *rows;

	for (int i = 0; i < 20000; i++) {
		int which = g_rand_int_range(random, 0, 10);

		if (which < 3) {
			g_snprintf(name, sizeof name, "honest%d", which);
			honest[which]++;
		} else {
			g_snprintf(name, sizeof name, "flood%d", i);
		}
		topk_add(topk, name);
	}
	rows = topk_rows(topk, 3, &other);
	for (guint i = 0; i < rows->len; i++) {
		const struct topk_row *row = &g_array_index(rows, struct topk_row, i);

		ck_assert_msg(g_str_has_prefix(row->name, "honest"), "%s", row->name);
		ck_assert_uint_le(row->count, honest[row->name[6] - '0']);
		sum += row->count;
	}
	ck_assert_uint_eq(rows->len, 3);
	ck_assert_uint_eq(sum + other, 20000);
	g_array_unref(rows);
	g_rand_free(random);
	topk_free(topk);
}
END_TEST

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
	Suite *suite = suite_create("topk");
	TCase *tests = tcase_create("topk");

	tcase_add_test(tests, few_names_are_counted_exactly);
	tcase_add_loop_test(tests, a_flood_of_names_hides_no_frequent_one, 0, 5);
	tcase_add_test(tests, a_tally_stops_growing_and_still_adds_up);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
