/* check_alert-window.c - counting over a time that moves on; every time is an argument. */
#include "alert-window.h"
#include "suite.h"

/* Events at the first second, count asked at the second one, in a window of 600 seconds (bins of 50). */
static const struct {
	gint64 at, asked;
	unsigned events, count;
} windows[] = {
	{1000, 1000, 3, 3}, {1000, 1549, 3, 3}, {1000, 1600, 3, 0}, {1000, 1000000000, 3, 0}, {1049, 1600, 3, 0}, {1050, 1649, 3, 3}, {1050, 1650, 3, 0},
};

START_TEST(what_is_older_than_the_window_does_not_count)
{
	struct alert_window *window = alert_window_new(windows[_i].at, 600, 0, 86400);

	for (unsigned i = 0; i < windows[_i].events; i++)
		alert_window_add(window, windows[_i].at, NULL);
	ck_assert_uint_eq(alert_window_count(window, windows[_i].asked), windows[_i].count);
	alert_window_free(window);
}
END_TEST

START_TEST(never_more_than_the_window_has)
{
	struct alert_window *window = alert_window_new(0, (unsigned)_i, 0, 86400);

	for (gint64 now = 0; now < 5 * _i; now++) {
		alert_window_add(window, now, NULL);
		ck_assert_uint_le(alert_window_count(window, now), (unsigned long)_i);
		if (now >= _i)
			ck_assert_int_ge((long)alert_window_count(window, now), _i - _i / 6 - 12);	/* a bin that begins, and what does not divide by twelve */
	}
	alert_window_free(window);
}
END_TEST

START_TEST(different_values_are_told_apart)
{
	struct alert_window *window = alert_window_new(0, 100, 32, 1000);
	char name[16];

	for (int i = 0; i < 60; i++) {
		g_snprintf(name, sizeof name, "v%d", i % 20);
		alert_window_add(window, i, name);
	}
	alert_window_add(window, 60, NULL);
	alert_window_add(window, 60, "");
	ck_assert_uint_eq(alert_window_distinct(window, 60), 20);
	ck_assert_uint_eq(alert_window_count(window, 60), 62);
	ck_assert_uint_eq(alert_window_distinct(window, 150), 9);	/* v11 to v19 were seen from 51 to 59 */
	ck_assert_uint_eq(alert_window_distinct(window, 159), 0);
	for (int i = 0; i < 10000; i++) {
		g_snprintf(name, sizeof name, "w%d", i);
		alert_window_add(window, 200, name);
	}
	ck_assert_uint_eq(alert_window_distinct(window, 200), 32);	/* and no more memory than for that */
	alert_window_free(window);
}
END_TEST

START_TEST(a_restarted_window_is_a_new_one)
{
	struct alert_window *window = alert_window_new(0, 100, 32, 1000);
	double usual;
	char name[16];

	for (int i = 0; i < 400; i++) {
		g_snprintf(name, sizeof name, "v%d", i);
		alert_window_add(window, i, name);
	}
	ck_assert(alert_window_usual(window, 400, &usual));
	alert_window_restart(window, 400);
	ck_assert_uint_eq(alert_window_count(window, 400), 0);
	ck_assert_uint_eq(alert_window_distinct(window, 400), 0);
	ck_assert(!alert_window_usual(window, 400, &usual));
	alert_window_add(window, 400, "v399");
	ck_assert_uint_eq(alert_window_count(window, 400), 1);
	ck_assert_uint_eq(alert_window_distinct(window, 400), 1);
	alert_window_free(window);
}
END_TEST

/* So many in each hour for a week; then what is usual. */
START_TEST(usual_is_learnt)
{
	struct alert_window *window = alert_window_new(0, 3600, 0, 86400);
	double usual;

	ck_assert(!alert_window_usual(window, 0, &usual));
	for (gint64 now = 0; now < 7 * 86400; now += 3600 / _i)
		alert_window_add(window, now, NULL);
	ck_assert(alert_window_usual(window, 7 * 86400, &usual));
	ck_assert_msg(usual > 0.9 * _i && usual < 1.1 * _i, "%f", usual);
	for (int i = 0; i < 50 * _i; i++)
		alert_window_add(window, 7 * 86400, NULL);
	ck_assert(alert_window_usual(window, 7 * 86400 + 3000, &usual));
	ck_assert_msg(usual < 1.1 * _i, "a burst is not compared with itself: %f", usual);
	ck_assert(alert_window_usual(window, 10 * 86400, &usual));
	ck_assert_msg(usual < 0.5 * (51 * _i), "%f", usual);
	ck_assert(alert_window_usual(window, 10000000000, &usual));
	ck_assert_msg(usual < 0.001, "%f", usual);
	alert_window_free(window);
}
END_TEST

START_TEST(nothing_is_usual_before_the_window_passed_twice)
{
	struct alert_window *window = alert_window_new(1000, 60, 0, 3600);
	double usual;

	alert_window_add(window, 1000, NULL);
	ck_assert(!alert_window_usual(window, 1110, &usual));
	ck_assert(alert_window_usual(window, 1120, &usual));
	alert_window_free(window);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("alert-window");
	TCase *tests = tcase_create("alert-window");

	tcase_add_loop_test(tests, what_is_older_than_the_window_does_not_count, 0, (int)G_N_ELEMENTS(windows));
	tcase_add_loop_test(tests, never_more_than_the_window_has, 1, 130);
	tcase_add_test(tests, different_values_are_told_apart);
	tcase_add_test(tests, a_restarted_window_is_a_new_one);
	tcase_add_loop_test(tests, usual_is_learnt, 1, 5);
	tcase_add_test(tests, nothing_is_usual_before_the_window_passed_twice);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
