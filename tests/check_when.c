/* check_when.c - times as people write them. Now is Sunday 2026-02-01 13:30 in Berlin; clocks change there on 2026-03-29. */
#include "suite.h"
#include "when.h"

#include <time.h>

#define NOW 1769949000

static const struct {
	const char *text, *start, *end;		/* in UTC; NULL: an error */
} cases[] = {
	{"2026-01-10", "2026-01-09T23:00:00Z", "2026-01-10T22:59:59Z"},
	{"2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z"},		/* 23 hours long */
	{"2026-01-10 12:34", "2026-01-10T11:34:00Z", "2026-01-10T11:34:00Z"},
	{"2026-01-10T12:34:56", "2026-01-10T11:34:56Z", "2026-01-10T11:34:56Z"},
	{"2026-01-10T12:34:56Z", "2026-01-10T12:34:56Z", "2026-01-10T12:34:56Z"},
	{"2026-01-10t12:34:56+05:30", "2026-01-10T07:04:56Z", "2026-01-10T07:04:56Z"},
	{"today", "2026-01-31T23:00:00Z", "2026-02-01T22:59:59Z"},
	{" Yesterday ", "2026-01-30T23:00:00Z", "2026-01-31T22:59:59Z"},
	{"now", "2026-02-01T12:30:00Z", "2026-02-01T12:30:00Z"},
	{"7 days ago", "2026-01-25T12:30:00Z", "2026-01-25T12:30:00Z"},
	{"1 day ago", "2026-01-31T12:30:00Z", "2026-01-31T12:30:00Z"},
	{"90 minutes", "2026-02-01T11:00:00Z", "2026-02-01T11:00:00Z"},
	{"24 hours ago", "2026-01-31T12:30:00Z", "2026-01-31T12:30:00Z"},
	{"2 weeks ago", "2026-01-18T12:30:00Z", "2026-01-18T12:30:00Z"},
	{"3 months ago", "2025-11-01T12:30:00Z", "2025-11-01T12:30:00Z"},
	{"", NULL, NULL}, {"tomorrow", NULL, NULL}, {"days ago", NULL, NULL}, {"7", NULL, NULL}, {"7 parsecs ago", NULL, NULL}, {"7 days hence", NULL, NULL},
	{"2026-02-30", NULL, NULL}, {"2026-01-10 25:00", NULL, NULL}, {"2026-01-10x", NULL, NULL}, {"10.01.2026", NULL, NULL}, {"-7 days ago", NULL, NULL},
	{"99999999999999999999 days ago", NULL, NULL},
};

static void check(const char *text, bool end, const char *wanted)
{
	gint64 seconds = -1;
	GError *error = NULL;
	GDateTime *time;
	char *got;

	if (!wanted) {
		ck_assert_msg(!when_parse(text, NOW, end, &seconds, &error), "%s is taken", text);
		ck_assert(g_str_has_prefix(error->message, text));
		ck_assert_int_eq(seconds, -1);
		g_error_free(error);
		return;
	}
	ck_assert_msg(when_parse(text, NOW, end, &seconds, &error), "%s is not taken", text);
	time = g_date_time_new_from_unix_utc(seconds);
	got = g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
	ck_assert_msg(g_strcmp0(got, wanted) == 0, "%s: got %s, wanted %s", text, got, wanted);
	g_free(got);
	g_date_time_unref(time);
}

START_TEST(times_that_people_write)
{
	check(cases[_i].text, false, cases[_i].start);
	check(cases[_i].text, true, cases[_i].end);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("when");
	TCase *tcase = tcase_create("when");

	g_setenv("TZ", "Europe/Berlin", TRUE);
	tzset();
	tcase_add_loop_test(tcase, times_that_people_write, 0, G_N_ELEMENTS(cases));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
