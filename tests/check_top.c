/* check_top.c - counting by name: exact below the limit, bounded and within its stated error above it, and the sums always right. */
#include "suite.h"
#include "top.h"

#include <string.h>

START_TEST(counts_and_sorts)
{
	struct top *top = top_new(10, NULL);
	static const char *const names[] = {"b", "a", "b", NULL, "", "c", "a", "b"};
	GPtrArray *rows;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		top_add(top, names[i], (gint64)(100 + (i * 5) % 8));
	rows = top_rows(top, 2);
	ck_assert_uint_eq(rows->len, 2);
	ck_assert_str_eq(((struct top_row *)rows->pdata[0])->name, "b");
	ck_assert_uint_eq(((struct top_row *)rows->pdata[0])->count, 3);
	ck_assert_int_eq(((struct top_row *)rows->pdata[0])->first, 100);
	ck_assert_int_eq(((struct top_row *)rows->pdata[0])->last, 103);
	ck_assert_str_eq(((struct top_row *)rows->pdata[1])->name, "a");
	ck_assert_uint_eq(top_absent(top), 2);
	ck_assert_uint_eq(top_total(top), G_N_ELEMENTS(names));
	ck_assert(top_is_exact(top));
	g_ptr_array_unref(rows);
	top_free(top);
}
END_TEST

/* A stream of many names, a few of them frequent, against a table without limit. */
START_TEST(is_bounded_and_within_its_error)
{
	const guint limits[] = {1, 2, 7, 50, 400};

	for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
		struct top *top = top_new(limits[i], g_free), *all = top_new(G_MAXUINT, NULL);
		GRand *chance = g_rand_new_with_seed(4711);
		GPtrArray *rows;
		guint64 sum = 0, kept = 0;

		for (int n = 0; n < 6000; n++) {
			guint name = (guint)g_rand_int_range(chance, 0, 100) < 60 ? (guint)g_rand_int_range(chance, 0, 20) : (guint)g_rand_int_range(chance, 100, 5000);
			char *text = g_strdup_printf("n%u", name);
			struct top_row *row = top_add(top, text, TOP_NO_TIME);

			ck_assert_str_eq(row->name, text);
			if (!row->data)
				row->data = g_strdup(text);
			ck_assert_str_eq(row->data, text);		/* what is tied to a name goes with it */
			top_add(all, text, TOP_NO_TIME);
			ck_assert_uint_le(top_names(top), limits[i]);
			g_free(text);
		}
		rows = top_rows(top, 0);
		for (guint n = 0; n < rows->len; n++) {
			const struct top_row *row = rows->pdata[n];
			guint64 before = top_total(all), error;
			struct top_row *truth = top_add(all, row->name, TOP_NO_TIME);

			ck_assert_uint_eq(before + 1, top_total(all));
			truth->count--;
			error = row->error;
			ck_assert_uint_le(truth->count, row->count);
			ck_assert_uint_le(row->count - error, truth->count);
			ck_assert_uint_le(error, top_total(top) / limits[i]);
			sum += row->count;
		}
		ck_assert_uint_eq(sum, top_total(top));
		g_ptr_array_unref(rows);
		/* Whoever has more than its share is there. */
		rows = top_rows(all, 0);
		for (guint n = 0; n < rows->len; n++) {
			const struct top_row *truth = rows->pdata[n];

			if (truth->count > top_total(top) / limits[i]) {
				struct top_row *row = top_add(top, truth->name, TOP_NO_TIME);

				ck_assert_uint_gt(row->count, truth->count);
				kept++;
			}
		}
		ck_assert(limits[i] < 50 || kept >= 20);
		g_ptr_array_unref(rows);
		g_rand_free(chance);
		top_free(all);
		top_free(top);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("top");
	TCase *tcase = tcase_create("top");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, counts_and_sorts);
	tcase_add_test(tcase, is_bounded_and_within_its_error);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
