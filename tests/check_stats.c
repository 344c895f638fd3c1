/* check_stats.c - what is counted, how the line looks, that it starts anew, that tables stay bounded and threads lose nothing. */
#include "stats.h"
#include "suite.h"

#include <string.h>

/* A report with one failure, as the resolver would make it; everything is borrowed from the arguments. */
struct made {
	struct failure failure;
	struct explanation explanation;
	struct bounce bounce;
	struct report report;
};

static void make(struct made *made, enum kind kind, const char *to, const char *class, const char *reason, const char *provider)
{
	memset(made, 0, sizeof *made);
	made->failure.to = (char *)(gpointer)to;
	made->failure.action = kind == KIND_BOUNCE ? ACTION_FAILED : kind == KIND_DELAY ? ACTION_DELAYED : ACTION_DELIVERED;
	made->explanation = (struct explanation){.failure = &made->failure, .class = class, .reason = reason, .owner = "sender", .provider = provider};
	made->bounce.kind = kind;
	made->bounce.failures = g_ptr_array_new();
	g_ptr_array_add(made->bounce.failures, &made->failure);
	made->report.bounce = &made->bounce;
	made->report.explanations = g_array_new(FALSE, FALSE, sizeof(struct explanation));
	g_array_append_val(made->report.explanations, made->explanation);
}

static void unmake(struct made *made)
{
	g_ptr_array_unref(made->bounce.failures);
	g_array_unref(made->report.explanations);
}

static void count(struct stats *stats, enum kind kind, const char *to, const char *class, const char *reason, const char *provider)
{
	struct made made;

	make(&made, kind, to, class, reason, provider);
	stats_count_report(stats, &made.report);
	unmake(&made);
}

static void expect(struct stats *stats, unsigned interval, const char *wanted)
{
	GString *line = g_string_new(NULL);

	stats_take(stats, interval, line);
	ck_assert_str_eq(line->str, wanted);
	g_string_free(line, TRUE);
}

START_TEST(line_says_what_was_counted_and_starts_anew)
{
	struct stats *stats = stats_new();

	for (int i = 0; i < 5; i++)
		stats_count_message(stats);
	count(stats, KIND_BOUNCE, "a@example.net", "permanent", "recipient-unknown", "google");
	count(stats, KIND_BOUNCE, "b@EXAMPLE.net", "permanent", "mailbox-full", "google");
	count(stats, KIND_DELAY, "c@example.org", "transient", "recipient-unknown", NULL);
	count(stats, KIND_BOUNCE, NULL, NULL, "unspecified", NULL);
	stats_count_error(stats);
	expect(stats, 600,
	       "stats: interval=600 messages=5 reports=4 bounces=3 delays=1 permanent=2 transient=1 unexplained=1 errors=1 "
	       "top_reason=recipient-unknown:2,mailbox-full:1,unspecified:1 top_provider=google:2 top_domain=example.net:2,example.org:1");
	expect(stats, 1, "stats: interval=1 messages=0 reports=0 bounces=0 delays=0 permanent=0 transient=0 unexplained=0 errors=0");
	stats_free(stats);
}
END_TEST

START_TEST(only_news_count_as_reports)
{
	struct stats *stats = stats_new();

	count(stats, KIND_SUCCESS, "a@example.net", "success", "success", NULL);
	count(stats, KIND_FEEDBACK, "a@example.net", NULL, "unspecified", NULL);
	expect(stats, 0, "stats: interval=0 messages=0 reports=0 bounces=0 delays=0 permanent=0 transient=0 unexplained=0 errors=0");
	stats_free(stats);
}
END_TEST

START_TEST(who_got_the_mail_is_not_counted_among_the_failures)
{
	struct stats *stats = stats_new();
	struct made made;
	struct failure delivered = {.to = (char *)(gpointer) "c@example.org", .action = ACTION_DELIVERED};
	struct explanation explanation = {.failure = &delivered, .class = "success", .reason = "success", .owner = "nobody"};

	make(&made, KIND_BOUNCE, "a@example.net", "permanent", "recipient-unknown", NULL);
	g_array_append_val(made.report.explanations, explanation);
	stats_count_report(stats, &made.report);
	unmake(&made);
	expect(stats, 0, "stats: interval=0 messages=0 reports=1 bounces=1 delays=0 permanent=1 transient=0 unexplained=0 errors=0 top_reason=recipient-unknown:1 top_domain=example.net:1");
	stats_free(stats);
}
END_TEST

START_TEST(hostile_domains_cannot_forge_a_field)
{
	struct stats *stats = stats_new();
	GString *line = g_string_new(NULL);

	count(stats, KIND_BOUNCE, "a@evil errors=99,x:1\n", "permanent", "recipient-unknown", NULL);
	stats_take(stats, 0, line);
	ck_assert_ptr_nonnull(strstr(line->str, "top_domain=evil_errors_99_x_1_:1"));
	g_string_free(line, TRUE);
	stats_free(stats);
}
END_TEST

START_TEST(tables_are_bounded)
{
	struct stats *stats = stats_new();
	GString *line = g_string_new(NULL);

	for (unsigned i = 0; i < STATS_NAMES_LIMIT + 500; i++) {
		char *to = g_strdup_printf("a@d%u.example", i);

		count(stats, KIND_BOUNCE, to, "permanent", "recipient-unknown", NULL);
		g_free(to);
	}
	stats_take(stats, 0, line);
	ck_assert_ptr_nonnull(strstr(line->str, "top_domain=other:500,"));
	g_string_free(line, TRUE);
	stats_free(stats);
}
END_TEST

static gpointer count_many(gpointer stats)
{
	for (int i = 0; i < 2000; i++) {
		stats_count_message(stats);
		count(stats, KIND_BOUNCE, "a@example.net", "permanent", "recipient-unknown", NULL);
	}
	return NULL;
}

START_TEST(threads_lose_nothing)
{
	struct stats *stats = stats_new();
	GThread *threads[4];

	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("count", count_many, stats);
	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
	expect(stats, 0,
	       "stats: interval=0 messages=8000 reports=8000 bounces=8000 delays=0 permanent=8000 transient=0 unexplained=0 errors=0 "
	       "top_reason=recipient-unknown:8000 top_domain=example.net:8000");
	stats_free(stats);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stats");
	TCase *tests = tcase_create("stats");

	tcase_add_test(tests, line_says_what_was_counted_and_starts_anew);
	tcase_add_test(tests, only_news_count_as_reports);
	tcase_add_test(tests, who_got_the_mail_is_not_counted_among_the_failures);
	tcase_add_test(tests, hostile_domains_cannot_forge_a_field);
	tcase_add_test(tests, tables_are_bounded);
	tcase_add_test(tests, threads_lose_nothing);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
