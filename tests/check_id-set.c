/* check_id-set.c - ids are found again, memory stays bounded, and what is forgotten is the oldest. */
#include "id-set.h"
#include "suite.h"

START_TEST(finds_what_was_added)
{
	struct id_set *set = id_set_new(100000);

	for (guint64 i = 0; i < 40000; i++)
		ck_assert(!id_set_add(set, i * 3 + 1));
	for (guint64 i = 0; i < 40000; i++)
		ck_assert(id_set_add(set, i * 3 + 1));
	ck_assert(!id_set_add(set, 2));
	ck_assert_uint_eq(id_set_count(set), 40001);
	ck_assert(id_set_is_exact(set));
	id_set_free(set);
}
END_TEST

START_TEST(zero_is_an_id_too)
{
	struct id_set *set = id_set_new(10);

	ck_assert(!id_set_add(set, 0));
	ck_assert(id_set_add(set, 0));
	id_set_free(set);
}
END_TEST

START_TEST(forgets_the_oldest)
{
	const guint limit = 1000;
	struct id_set *set = id_set_new(limit);

	for (guint64 i = 1; i <= 10000; i++) {
		ck_assert(!id_set_add(set, i));
		ck_assert_uint_le(id_set_count(set), limit);
		for (guint64 back = 1; back < limit / 2 && back < i; back += 37)
			ck_assert(id_set_add(set, i - back));
		ck_assert(id_set_is_exact(set) == (i <= limit));
	}
	ck_assert(!id_set_add(set, 1));
	id_set_free(set);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("id-set");
	TCase *tcase = tcase_create("id-set");

	tcase_add_test(tcase, finds_what_was_added);
	tcase_add_test(tcase, zero_is_an_id_too);
	tcase_add_test(tcase, forgets_the_oldest);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
