/* check_stats.c - what is counted, how the line looks, that it starts anew, that tables stay bounded, that sums agree whatever threads do. */
#include "stats-parts.h"
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
	made->failure.code = (struct code){550, 5, 1, 1};
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

static void give(struct stats *stats, const struct made *made)
{
	unsigned failures = made->report.explanations->len;

	stats_count_report(stats, &(struct stats_report){.report = &made->report, .annotated = "headers (dkim-signed)", .sender = "ann@Example.com", .size = 3000,
							 .seconds = 0.0015, .lines = failures, .suppressed = 0});
}

static void count(struct stats *stats, enum kind kind, const char *to, const char *class, const char *reason, const char *provider)
{
	struct made made;

	make(&made, kind, to, class, reason, provider);
	give(stats, &made);
	unmake(&made);
}

static void expect(struct stats *stats, unsigned interval, const char *wanted)
{
	GString *line = g_string_new(NULL);

	stats_take(stats, interval, line);
	ck_assert_str_eq(line->str, wanted);
	g_string_free(line, TRUE);
}

#define NOTHING "messages=0 reports=0 bounces=0 delays=0 permanent=0 transient=0 unexplained=0 errors=0 failures=0 lines=0 suppressed=0 slowest=0.0000"

START_TEST(line_says_what_was_counted_and_starts_anew)
{
	struct stats *stats = stats_new();

	for (int i = 0; i < 5; i++)
		stats_count_message(stats);
	count(stats, KIND_BOUNCE, "a@example.net", "permanent", "recipient-unknown", "google");
	count(stats, KIND_BOUNCE, "b@EXAMPLE.net", "permanent", "mailbox-full", "google");
	count(stats, KIND_DELAY, "c@example.org", "transient", "recipient-unknown", NULL);
	count(stats, KIND_BOUNCE, NULL, NULL, "unspecified", NULL);
	stats_count_error(stats, ERROR_EDITS);
	stats_count_error(stats, ERROR_RELOAD);	/* no message passed unchanged because of it */
	stats_count_pass(stats, PASS_ORDINARY);
	stats_count_pass(stats, PASS_GIVEN_UP);
	stats_count_pass(stats, PASS_ORDINARY);
	expect(stats, 600,
	       "stats: interval=600 messages=5 reports=4 bounces=3 delays=1 permanent=2 transient=1 unexplained=1 errors=1 "
	       "top_reason=recipient-unknown:2,mailbox-full:1,unspecified:1 top_provider=google:2,none:2 top_domain=example.net:2,example.org:1,none:1 "
	       "failures=4 lines=4 suppressed=0 slowest=0.0015 skipped=ordinary:2,given-up:1 top_sender_domain=example.com:4 top_code=550:4 top_dsn=5.1.1:4 "
	       "annotated=dkim-signed:4 top_owner=sender:4 top_origin=unknown:4");
	expect(stats, 1, "stats: interval=1 " NOTHING);
	stats_free(stats);
}
END_TEST

START_TEST(hidden_domains_are_not_named)
{
	struct stats *stats = stats_new();

	stats_hide_domains(stats, true);
	count(stats, KIND_BOUNCE, "a@example.net", "permanent", "recipient-unknown", "google");
	expect(stats, 600,
	       "stats: interval=600 messages=0 reports=1 bounces=1 delays=0 permanent=1 transient=0 unexplained=0 errors=0 top_reason=recipient-unknown:1 "
	       "top_provider=google:1 failures=1 lines=1 suppressed=0 slowest=0.0015 top_code=550:1 top_dsn=5.1.1:1 annotated=dkim-signed:1 top_owner=sender:1 "
	       "top_origin=unknown:1");
	stats_hide_domains(stats, false);
	count(stats, KIND_BOUNCE, "a@example.net", "permanent", "recipient-unknown", "google");
	expect(stats, 600,
	       "stats: interval=600 messages=0 reports=1 bounces=1 delays=0 permanent=1 transient=0 unexplained=0 errors=0 top_reason=recipient-unknown:1 "
	       "top_provider=google:1 top_domain=example.net:1 failures=1 lines=1 suppressed=0 slowest=0.0015 top_sender_domain=example.com:1 top_code=550:1 "
	       "top_dsn=5.1.1:1 annotated=dkim-signed:1 top_owner=sender:1 top_origin=unknown:1");
	stats_free(stats);
}
END_TEST

START_TEST(only_news_count_as_reports)
{
	struct stats *stats = stats_new();

	count(stats, KIND_SUCCESS, "a@example.net", "success", "success", NULL);
	count(stats, KIND_FEEDBACK, "a@example.net", NULL, "unspecified", NULL);
	expect(stats, 0, "stats: interval=0 " NOTHING);
	ck_assert_uint_eq(stats->counts.kinds[KIND_SUCCESS], 1);
	ck_assert_uint_eq(stats->counts.kinds[KIND_FEEDBACK], 1);
	count(stats, KIND_NONE, "a@example.net", NULL, "unspecified", NULL);
	ck_assert_uint_eq(atomic_load(&stats->passes[PASS_NO_REPORT]), 1);
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
	give(stats, &made);
	unmake(&made);
	ck_assert_uint_eq(stats->counts.failures, 1);
	ck_assert_uint_eq(stats->counts.permanent, 1);
	stats_free(stats);
}
END_TEST

START_TEST(hostile_domains_cannot_forge_a_field)
{
	struct stats *stats = stats_new();
	GString *line = g_string_new(NULL);

	count(stats, KIND_BOUNCE, "a@evil errors=99,x:1\n", "permanent", "recipient-unknown", NULL);
	stats_take(stats, 0, line);
	ck_assert_ptr_nonnull(strstr(line->str, "top_domain=evil_errors_99_x_1_:1 "));
	g_string_free(line, TRUE);
	stats_free(stats);
}
END_TEST

START_TEST(what_a_list_leaves_out_is_other)
{
	struct stats *stats = stats_new();
	GString *line = g_string_new(NULL);

	for (unsigned i = 0; i < STATS_DOMAINS + 500; i++) {
		char *to = g_strdup_printf("a@d%u.example", i);

		count(stats, KIND_BOUNCE, to, "permanent", "recipient-unknown", NULL);
		count(stats, KIND_BOUNCE, "a@often.example", "permanent", "recipient-unknown", NULL);
		g_free(to);
	}
	stats_take(stats, 0, line);
	ck_assert_ptr_nonnull(strstr(line->str, "top_domain=often.example:1500,"));
	ck_assert_ptr_nonnull(strstr(line->str, ",other:1496 "));
	g_string_free(line, TRUE);
	stats_free(stats);
}
END_TEST

/* Names as long as they come, in every list: the line is what syslog carries, and no pair is cut in the middle. */
START_TEST(the_longest_line_is_short_enough)
{
	struct stats *stats = stats_new();
	GString *line = g_string_new(NULL);

	for (unsigned i = 0; i < 40; i++) {
		char *domain = g_strnfill(250, (char)('a' + i % 26)), *to = g_strdup_printf("a@%u%s", i, domain), *name = g_strnfill(20 + i, (char)('a' + i % 26));

		for (unsigned n = 0; n < 1000; n++) {
			count(stats, KIND_BOUNCE, to, "permanent", name, name);
			stats_count_pass(stats, (enum stats_pass)(i % PASSES));
		}
		g_free(domain);
		g_free(to);
		g_free(name);
	}
	stats_take(stats, 86400, line);
	ck_assert_uint_lt(line->len, 870);
	ck_assert_ptr_nonnull(strstr(line->str, " skipped="));
	for (char **pairs = g_strsplit(line->str, " ", -1), **pair = pairs + 1; *pair || (g_strfreev(pairs), FALSE); pair++) {
		const char *value = strchr(*pair, '=');

		ck_assert_msg(value && value[1] && value[strlen(value) - 1] != ',', "%s", *pair);
	}
	g_string_free(line, TRUE);
	stats_free(stats);
}
END_TEST

static const struct {
	struct code code;
	const char *reply, *enhanced;
} codes[] = {
	{{550, 5, 1, 1}, "550", "5.1.1"},     {{421, 4, 7, 0}, "421", "4.7.0"},	    {{0, 0, 0, 0}, "none", "none"}, {{620, 0, 0, 0}, "other", "none"},
	{{550, 5, 7, 606}, "550", "other"},   {{599, 5, 9, 9}, "599", "other"},	    {{250, 2, 1, 5}, "other", "other"},
};

START_TEST(codes_that_anyone_could_invent_get_no_row)
{
	struct stats *stats = stats_new();
	struct made made;
	GArray *rows;

	make(&made, KIND_BOUNCE, "a@example.net", "permanent", "recipient-unknown", NULL);
	made.failure.code = codes[_i].code;
	give(stats, &made);
	unmake(&made);
	rows = tally_rows(stats->tables[BY_CODE], TRUE);
	ck_assert_str_eq(g_array_index(rows, struct tally_row, 0).name, codes[_i].reply);
	g_array_unref(rows);
	rows = tally_rows(stats->tables[BY_DSN], TRUE);
	ck_assert_str_eq(g_array_index(rows, struct tally_row, 0).name, codes[_i].enhanced);
	g_array_unref(rows);
	stats_free(stats);
}
END_TEST

#define THREADS 4
#define ROUNDS 2000

static gpointer count_many(gpointer stats)
{
	static const char *const reasons[] = {"recipient-unknown", "mailbox-full", "ip-blocklisted"};
	static const char *const providers[] = {"google", NULL, "microsoft-365", "yahoo", NULL};

	for (int i = 0; i < ROUNDS; i++) {
		stats_count_message(stats);
		count(stats, KIND_BOUNCE, i % 7 ? "a@example.net" : NULL, i % 2 ? "permanent" : "transient", reasons[i % 3], providers[i % 5]);
	}
	return NULL;
}

/* The sum of a list in a line, 0 where it is not there. */
static unsigned long sum_of(const char *line, const char *name)
{
	char *key = g_strdup_printf(" %s=", name);
	const char *at = strstr(line, key), *end = at ? at + strlen(key) + strcspn(at + strlen(key), " ") : NULL;
	unsigned long sum = 0;

	for (; at && (at = strchr(at, ':')) && at < end; at++)
		sum += strtoul(at + 1, NULL, 10);
	g_free(key);
	return sum;
}

static unsigned long number_of(const char *line, const char *name)
{
	char *key = g_strdup_printf(" %s=", name);
	const char *at = strstr(line, key);
	unsigned long number = at ? strtoul(at + strlen(key), NULL, 10) : 0;

	g_free(key);
	return number;
}

/* In every line, also in those that are taken while threads count: each list has each failure once. */
static unsigned long check_sums(struct stats *stats)
{
	static const char *const lists[] = {"top_reason", "top_provider", "top_domain", "top_sender_domain", "top_code", "top_dsn", "annotated", "top_owner", "top_origin"};
	GString *line = g_string_new(NULL);
	unsigned long failures;

	stats_take(stats, 0, line);
	failures = number_of(line->str, "failures");
	ck_assert_uint_eq(number_of(line->str, "lines") + number_of(line->str, "suppressed"), failures);
	ck_assert_uint_eq(number_of(line->str, "permanent") + number_of(line->str, "transient"), failures);
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		ck_assert_msg(sum_of(line->str, lists[i]) == failures, "%s is not %lu: %s", lists[i], failures, line->str);
	g_string_free(line, TRUE);
	return failures;
}

START_TEST(sums_agree_in_every_line_whatever_threads_do)
{
	struct stats *stats = stats_new();
	GThread *threads[THREADS];
	unsigned long failures = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("count", count_many, stats);
	for (int i = 0; i < 200; i++)
		failures += check_sums(stats);
	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
	failures += check_sums(stats);
	ck_assert_uint_eq(failures, THREADS * ROUNDS);
	ck_assert_uint_eq(atomic_load(&stats->messages), THREADS * ROUNDS);
	stats_free(stats);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stats");
	TCase *tests = tcase_create("stats");

	tcase_add_test(tests, line_says_what_was_counted_and_starts_anew);
	tcase_add_test(tests, only_news_count_as_reports);
	tcase_add_test(tests, hidden_domains_are_not_named);
	tcase_add_test(tests, who_got_the_mail_is_not_counted_among_the_failures);
	tcase_add_test(tests, hostile_domains_cannot_forge_a_field);
	tcase_add_test(tests, what_a_list_leaves_out_is_other);
	tcase_add_test(tests, the_longest_line_is_short_enough);
	tcase_add_loop_test(tests, codes_that_anyone_could_invent_get_no_row, 0, (int)G_N_ELEMENTS(codes));
	tcase_add_test(tests, sums_agree_in_every_line_whatever_threads_do);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
