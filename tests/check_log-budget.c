/* check_log-budget.c - lines that may be written, and the debt of those that may not; nothing is lost in silence, whatever threads do. */
#include "log-budget.h"
#include "suite.h"

/* One after the other: at a second, so many are wanted of one message. */
static const struct {
	unsigned per_message, per_minute;
	gint64 second;
	unsigned wanted, granted;
	unsigned long suppressed;
} steps[] = {
	{0, 0, 0, 500, 500, 0},		/* no limits */
	{10, 0, 1, 10, 10, 0},
	{10, 0, 2, 12, 10, 2},		/* its own last line tells */
	{0, 600, 3, 90, 80, 10},	/* 520 of this minute are used */
	{0, 600, 59, 5, 0, 0},		/* no line that could tell */
	{0, 600, 59, 7, 0, 0},
	{0, 600, 60, 1, 1, 12},		/* the next minute's first line does */
	{0, 600, 61, 1, 1, 0},
	{1, 3, 62, 5, 1, 4},		/* both limits */
	{1, 3, 63, 5, 0, 0},
};

START_TEST(minutes_and_debts)
{
	struct log_budget *budget = log_budget_new();

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		unsigned long suppressed;
		unsigned granted = log_budget_take(budget, steps[i].wanted, steps[i].per_message, steps[i].per_minute, steps[i].second, &suppressed);

		ck_assert_msg(granted == steps[i].granted && suppressed == steps[i].suppressed, "step %zu: %u granted, %lu suppressed", i, granted, suppressed);
	}
	ck_assert_uint_eq(log_budget_settle(budget, 119, 0), 0);	/* its minute is not over */
	ck_assert_uint_eq(log_budget_settle(budget, 120, 0), 5);
	ck_assert_uint_eq(log_budget_settle(budget, 121, 1), 0);
	log_budget_free(budget);
}
END_TEST

START_TEST(the_end_settles_at_once)
{
	struct log_budget *budget = log_budget_new();
	unsigned long suppressed;

	log_budget_take(budget, 3, 0, 1, 0, &suppressed);
	log_budget_take(budget, 3, 0, 1, 1, &suppressed);
	ck_assert_uint_eq(log_budget_settle(budget, 1, 1), 3);
	log_budget_free(budget);
}
END_TEST

struct totals {
	struct log_budget *budget;
	unsigned long granted, told;
};

static gpointer take_many(gpointer data)
{
	struct totals *totals = data;

	for (int i = 0; i < 5000; i++) {
		unsigned long suppressed;

		totals->granted += log_budget_take(totals->budget, 3, 2, 1000, i, &suppressed);
		totals->told += suppressed;
	}
	return NULL;
}

START_TEST(threads_lose_no_line)
{
	struct totals totals[4];
	GThread *threads[G_N_ELEMENTS(totals)];
	struct log_budget *budget = log_budget_new();
	unsigned long sum = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(totals); i++) {
		totals[i] = (struct totals){.budget = budget};
		threads[i] = g_thread_new("take", take_many, &totals[i]);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(totals); i++) {
		g_thread_join(threads[i]);
		sum += totals[i].granted + totals[i].told;
	}
	sum += log_budget_settle(budget, 0, 1);
	ck_assert_uint_eq(sum, G_N_ELEMENTS(totals) * 5000 * 3);
	log_budget_free(budget);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("log-budget");
	TCase *tests = tcase_create("log-budget");

	tcase_add_test(tests, minutes_and_debts);
	tcase_add_test(tests, the_end_settles_at_once);
	tcase_add_test(tests, threads_lose_no_line);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
