/* check_log-summary.c - totals: every list adds up to the events whatever is thrown at it, copies count once, memory stays within the limits, times choose. */
#include "id-set.h"
#include "log-summary.h"
#include "render-report.h"
#include "suite.h"
#include "unknown.h"

#include <string.h>
#include <time.h>

#define START 1769904000	/* 2026-02-01T00:00:00Z */

static const struct summary_limits roomy = {1000, 1000, 1000};

static void add(struct log_summary *summary, gint64 time, const char *words)
{
	struct log_record record = {.time = time, .host = "mx1"};
	char *copy = g_strdup(words);

	log_record_read_words(&record, copy);
	log_summary_add(summary, &record);
	g_free(copy);
}

static struct top_row row_of(const struct top *top, const char *name)
{
	GPtrArray *rows = top_rows(top, 0);
	struct top_row found = {.count = 0};

	for (guint i = 0; i < rows->len; i++)
		if (strcmp(((struct top_row *)rows->pdata[i])->name, name) == 0)
			found = *(struct top_row *)rows->pdata[i];
	g_ptr_array_unref(rows);
	return found;
}

/* Shown rows, rest and absent are the total, for every number of rows shown; the hours are the events with a time. */
static void check_sums(const struct log_summary *summary)
{
	GArray *hours = log_summary_hours(summary);
	guint64 dated = 0;

	for (int i = 0; i < SUMMARY_LISTS; i++)
		for (guint shown = 1; shown < 20; shown += 6) {
			GPtrArray *rows = top_rows(summary->lists[i], shown);
			guint64 sum = report_rest(summary->lists[i], rows) + top_absent(summary->lists[i]);

			for (guint n = 0; n < rows->len; n++)
				sum += ((struct top_row *)rows->pdata[n])->count;
			ck_assert_uint_eq(sum, summary->events);
			ck_assert_uint_eq(top_total(summary->lists[i]), summary->events);
			ck_assert_uint_le(report_rest(summary->lists[i], rows), summary->events);
			g_ptr_array_unref(rows);
		}
	ck_assert_uint_eq(summary->failed + summary->delayed, summary->events);
	ck_assert_uint_eq(top_total(summary->waiting), summary->delayed);
	for (guint i = 0; i < hours->len; i++)
		dated += g_array_index(hours, struct summary_hour, i).failed + g_array_index(hours, struct summary_hour, i).delayed;
	ck_assert_uint_eq(dated + summary->no_time + summary->hours_lost, summary->events);
	g_array_unref(hours);
}

START_TEST(adds_up)
{
	struct log_summary *summary = log_summary_new(G_MININT64, G_MAXINT64, roomy);

	add(summary, START, "A: kind=bounce to=<a@Example.NET> reason=mailbox-full rule=google.mailbox-full provider=google remote=MX.example.net id=000000000001 diagnostic=\"552 full\"");
	add(summary, START + 1, "B: kind=delay to=<b@example.net> reason=greylisted rule=dsn.4.7.1 remote=mx.example.net id=000000000002 diagnostic=\"451 later 12\"");
	add(summary, START + 2, "C: kind=delay to=<b@example.net> reason=greylisted rule=dsn.4.7.1 remote=mx.example.net id=000000000002 diagnostic=\"451 later 12\"");
	add(summary, START + 3600, "D: kind=delay to=<c@example.org> rule=class.4 reason=unspecified id=000000000003 diagnostic=\"451 later 999\" seconds=0.25 suppressed=3");
	add(summary, LOG_NO_TIME, "E: kind=bounce to=<none> sender=<ann@Site.example>");
	add(summary, START, "limit: suppressed=4");
	add(summary, START, "stats: interval=600 messages=10 reports=4 bounces=1 delays=3 errors=2 failures=4 suppressed=7 slowest=0.5");
	add(summary, START, "stats: interval=600 messages=5 reports=1 bounces=1 delays=0 errors=0");
	add(summary, START, "F: kind=bounce \"");
	add(summary, START, "ready on unix:x");
	check_sums(summary);
	ck_assert_uint_eq(summary->events, 4);
	ck_assert_uint_eq(summary->failed, 2);
	ck_assert_uint_eq(summary->delayed, 2);
	ck_assert_uint_eq(summary->duplicates, 1);
	ck_assert_uint_eq(summary->suppressed, 7);
	ck_assert_uint_eq(summary->damaged, 1);
	ck_assert_uint_eq(summary->notices, 2);
	ck_assert_uint_eq(summary->no_time, 1);
	ck_assert_uint_eq(summary->stats_lines, 2);
	ck_assert_uint_eq(summary->messages, 15);
	ck_assert_uint_eq(summary->failures, 4);
	ck_assert(summary->slowest == 0.5);
	ck_assert_int_eq(summary->first, START);
	ck_assert_int_eq(summary->last, START + 3600);
	ck_assert_uint_eq(row_of(summary->lists[SUMMARY_DOMAIN], "example.net").count, 2);
	ck_assert_uint_eq(row_of(summary->lists[SUMMARY_REMOTE], "mx.example.net").count, 2);
	ck_assert_uint_eq(row_of(summary->lists[SUMMARY_SENDER_DOMAIN], "site.example").count, 1);
	ck_assert_uint_eq(row_of(summary->waiting, "mx.example.net: greylisted").count, 1);
	ck_assert_uint_eq(row_of(summary->waiting, "example.org: unspecified").count, 1);
	ck_assert_uint_eq(row_of(summary->replies, "451 later <number>").count, 2);
	ck_assert_uint_eq(top_total(summary->replies), 3);		/* the third said nothing and has no rule */
	ck_assert_uint_eq(top_absent(summary->replies), 1);
	log_summary_free(summary);
}
END_TEST

START_TEST(alerts_open_and_close)
{
	struct log_summary *summary = log_summary_new(G_MININT64, G_MAXINT64, roomy);
	struct top_row row;
	const struct summary_alert *alert;

	add(summary, START + 60, "alert: state=closed name=slow provider=gmx count=1");
	add(summary, START, "alert: state=open name=slow provider=gmx count=12");
	add(summary, START + 120, "alert: state=open name=slow provider=gmx count=12");
	add(summary, START + 90, "alert: state=open name=slow provider=google count=12");
	row = row_of(summary->alerts, "slow gmx");
	alert = row.data;
	ck_assert_uint_eq(row.count, 3);
	ck_assert_uint_eq(alert->opened, 2);
	ck_assert_uint_eq(alert->closed, 1);
	ck_assert(alert->open);
	add(summary, START + 121, "alert: state=closed name=slow provider=gmx count=0");
	ck_assert(!((const struct summary_alert *)row_of(summary->alerts, "slow gmx").data)->open);
	log_summary_free(summary);
}
END_TEST

START_TEST(only_the_time_asked_for)
{
	struct log_summary *summary = log_summary_new(START, START + 10, roomy);

	for (gint64 time = START - 5; time < START + 20; time++)
		add(summary, time, "A: kind=bounce reason=x");
	add(summary, LOG_NO_TIME, "A: kind=bounce reason=x");
	ck_assert_uint_eq(summary->events, 11);
	ck_assert_uint_eq(summary->outside, 14);
	ck_assert_uint_eq(summary->undated, 1);
	check_sums(summary);
	log_summary_free(summary);
}
END_TEST

/* Many more names, ids, hours than there is room for: memory is what the limits say, sums hold, and what is no longer sure is said. */
START_TEST(is_bounded)
{
	const struct summary_limits tight = {50, 200, 30};
	struct log_summary *summary = log_summary_new(G_MININT64, G_MAXINT64, tight);
	GPtrArray *notes;

	for (int i = 0; i < 20000; i++) {
		char *words = g_strdup_printf("Q%d: kind=%s to=<u%d@d%d.example> code=5%02d dsn=5.%d.%d class=permanent reason=r%d owner=o%d provider=p%d rule=dsn.5.%d.1 remote=m%d "
					      "reporter=h%d id=%012x sender=<s%d@s%d.example> diagnostic=\"550 words %c%c%c of a server\"", i, i % 3 ? "bounce" : "delay", i, i * 7 % 1000, i % 100,
					      i % 400, i % 7, i % 300, i % 90, i % 333, i % 500, i % 700, i % 77, i, i, i % 900, 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26);

		add(summary, START + i * 1000, words);
		add(summary, START + i * 1000, words);		/* its copy */
		g_free(words);
	}
	ck_assert_uint_eq(summary->events, 20000);
	ck_assert_uint_eq(summary->duplicates, 20000);
	check_sums(summary);
	for (int i = 0; i < SUMMARY_LISTS; i++)
		ck_assert_uint_le(top_names(summary->lists[i]), 50);
	ck_assert_uint_le(top_names(summary->waiting), 50);
	ck_assert_uint_le(top_names(summary->replies), 50);
	ck_assert_uint_eq(top_total(summary->replies), 20000);
	ck_assert_uint_le(g_hash_table_size(summary->hours), 30);
	ck_assert_uint_le(id_set_count(summary->ids), 200);
	ck_assert(log_summary_may_repeat(summary));
	ck_assert_uint_gt(summary->hours_lost, 0);
	notes = report_notes(summary);
	ck_assert_uint_eq(notes->len, 4);		/* copies, hours, names, ids */
	g_ptr_array_unref(notes);
	log_summary_free(summary);
}
END_TEST

static void check_course(const struct log_summary *summary, guint max, const char *wanted_unit, const char *first, const char *last)
{
	const char *unit;
	GArray *course = report_course(summary, max, &unit);
	guint64 sum = 0;

	ck_assert_str_eq(unit, wanted_unit);
	ck_assert_uint_le(course->len, max);
	ck_assert_str_eq(g_array_index(course, struct report_bucket, 0).label, first);
	ck_assert_str_eq(g_array_index(course, struct report_bucket, course->len - 1).label, last);
	for (guint i = 0; i < course->len; i++)
		sum += g_array_index(course, struct report_bucket, i).failed + g_array_index(course, struct report_bucket, i).delayed;
	ck_assert_uint_eq(sum, summary->events);
	g_array_unref(course);
}

START_TEST(course_has_no_gaps_and_loses_nothing)
{
	struct log_summary *summary = log_summary_new(G_MININT64, G_MAXINT64, roomy);

	add(summary, START, "A: kind=bounce");
	check_course(summary, 10, "hour", "2026-02-01 01:00", "2026-02-01 01:00");
	add(summary, START + 9 * 3600, "A: kind=bounce");
	check_course(summary, 10, "hour", "2026-02-01 01:00", "2026-02-01 10:00");
	add(summary, START + 10 * 3600, "A: kind=delay");
	check_course(summary, 10, "day", "2026-02-01", "2026-02-01");
	add(summary, START + 9 * 86400, "A: kind=bounce");
	check_course(summary, 10, "day", "2026-02-01", "2026-02-10");
	add(summary, START + 60 * 86400, "A: kind=bounce");		/* behind the change of clocks */
	check_course(summary, 61, "day", "2026-02-01", "2026-04-02");
	check_course(summary, 10, "month", "2026-02", "2026-04");
	check_course(summary, 2, "month", "before", "2026-04");
	log_summary_free(summary);
}
END_TEST

START_TEST(numbers_as_people_read_them)
{
	char buffer[REPORT_WORD];

	ck_assert_str_eq(report_number(0, buffer), "0");
	ck_assert_str_eq(report_number(999, buffer), "999");
	ck_assert_str_eq(report_number(1000, buffer), "1,000");
	ck_assert_str_eq(report_number(1234567, buffer), "1,234,567");
	ck_assert_str_eq(report_number(G_MAXUINT64, buffer), "18,446,744,073,709,551,615");
	ck_assert_str_eq(report_share(1, 3, buffer), "33.3 %");
	ck_assert_str_eq(report_share(3, 3, buffer), "100.0 %");
	ck_assert_str_eq(report_share(0, 0, buffer), "-");
	ck_assert_str_eq(report_time(START, buffer), "2026-02-01 01:00");
	ck_assert_str_eq(report_time(LOG_NO_TIME, buffer), "-");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("log-summary");
	TCase *tcase = tcase_create("log-summary");

	g_setenv("TZ", "Europe/Berlin", TRUE);
	tzset();
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, adds_up);
	tcase_add_test(tcase, alerts_open_and_close);
	tcase_add_test(tcase, only_the_time_asked_for);
	tcase_add_test(tcase, is_bounded);
	tcase_add_test(tcase, course_has_no_gaps_and_loses_nothing);
	tcase_add_test(tcase, numbers_as_people_read_them);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
