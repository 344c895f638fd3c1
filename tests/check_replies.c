/* check_replies.c - how well replies are understood by their words. Cases: the lines of replies.test; the floors below are raised with every gain.
 *
 * One reply that is read wrongly is no failure by itself: nobody can word patterns so that all of the world's servers fit. The share is.
 */
#include "explain.h"
#include "suite.h"

#include <string.h>

#define BY_TEXT 99.5		/* at least so many of 100 by their words, not by their number */
#define RIGHT 99.0		/* at least so many of 100 with a fair reason */

static struct catalogue *catalogue;

struct score {
	guint cases, by_text, right, unanswered;
	GString *misses;
};

static bool rests_on_number(const char *rule)
{
	return g_str_has_prefix(rule, "dsn.") || g_str_has_prefix(rule, "code.") || g_str_has_prefix(rule, "digits.") || g_str_has_prefix(rule, "class.");
}

static void judge(const char *text, char **fair, struct score *score)
{
	struct explain_options options = {.catalogue = catalogue};
	struct report *report = explain_reply(text, &options);
	const struct explanation *explanation = &g_array_index(report->explanations, struct explanation, 0);
	bool by_text = explanation->rule && !rests_on_number(explanation->rule);
	bool right = g_strv_contains((const char *const *)fair, explanation->reason);

	score->cases++;
	score->unanswered += !report_has_news(report);
	score->by_text += by_text;
	score->right += right;
	if (!by_text || !right)
		g_string_append_printf(score->misses, "\n%s: %s: %s", text, explanation->rule ? explanation->rule : "no rule", explanation->reason);
	report_free(report);
}

static struct score judge_all(char **cases)
{
	struct score score = {.misses = g_string_new(NULL)};

	for (guint i = 0; cases[i]; i++) {
		char **columns = g_strsplit(cases[i], "\t", 2), **fair;

		ck_assert_msg(g_strv_length(columns) == 2, "no case: %s", cases[i]);
		fair = g_strsplit(columns[1], ",", -1);
		judge(columns[0], fair, &score);
		g_strfreev(fair);
		g_strfreev(columns);
	}
	return score;
}

START_TEST(replies_are_understood)
{
	char **cases = suite_cases("tests/replies.test");
	struct score score = judge_all(cases);

	ck_assert_uint_gt(score.cases, 2000);
	ck_assert_msg(score.unanswered == 0, "%u without any answer:%s", score.unanswered, score.misses->str);
	ck_assert_msg(score.by_text >= score.cases * BY_TEXT / 100, "%u of %u by their words:%s", score.by_text, score.cases, score.misses->str);
	ck_assert_msg(score.right >= score.cases * RIGHT / 100, "%u of %u with a fair reason:%s", score.right, score.cases, score.misses->str);
	g_string_free(score.misses, TRUE);
	g_strfreev(cases);
}
END_TEST

/* Words of blocklists, mail server programs and everybody: without a host that says so, no mailbox, filter or sender's service is named for them. */
static void expect_no_claim(const struct catalogue_entry *entry, void *data)
{
	const char *example = entry_value(entry, "example");
	struct explain_options options = {.catalogue = catalogue};
	struct report *report;
	const char *rule;
	guint *cases = data;

	if (!example || !(entry_provider_is(entry, "blocklist") || entry_provider_is(entry, "generic") || entry_provider_is(entry, "mta")))
		return;
	report = explain_reply(example, &options);
	rule = g_array_index(report->explanations, struct explanation, 0).rule;
	if (rule && catalogue_get(catalogue, rule)) {
		const struct catalogue_entry *winner = catalogue_get(catalogue, rule);

		ck_assert_msg(!entry_provider_is(winner, "mailbox") && !entry_provider_is(winner, "gateway") && !entry_provider_is(winner, "esp"), "%s is won by %s", example, rule);
	}
	++*cases;
	report_free(report);
}

START_TEST(common_words_claim_no_provider)
{
	guint cases = 0;

	catalogue_each(catalogue, expect_no_claim, &cases);
	ck_assert_uint_gt(cases, 300);
}
END_TEST

/* Common words that a provider uses too: claimed only at its host. NULL: nobody is named. */
START_TEST(common_words_name_their_owner)
{
	static const struct {
		const char *reply, *provider;
	} cases[] = {
		{"554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using zen.spamhaus.org", "spamhaus"},
		{"550 5.7.1 Service unavailable, Client host [192.0.2.25] blocked using Spamhaus", "spamhaus"},
		{"550 Too many invalid recipients", NULL},
		{"delivery retry timeout exceeded", "exim"},
		{"550 5.7.1 Rejected by spam filter", NULL},
		{"550 5.1.1 Mailbox does not exist", NULL},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct explain_options options = {.catalogue = catalogue};
		struct report *report = explain_reply(cases[i].reply, &options);
		const char *provider = g_array_index(report->explanations, struct explanation, 0).provider;

		ck_assert_msg(g_strcmp0(provider, cases[i].provider) == 0, "%s: %s", cases[i].reply, provider ? provider : "nobody");
		report_free(report);
	}
}
END_TEST

/* What must not go wrong even once: a success that sounds like a failure, an empty quoted reply inside of words that tell, a sentence of which nothing is known. */
START_TEST(single_replies)
{
	static const struct {
		const char *reply, *reason;
	} cases[] = {
		{"250 2.6.0 <1@mail.example.com> [Hostname=mx.example.net] Queued mail for delivery", "success"},
		{"Your message was successfully relayed; the destination does not send delivery notifications", "success"},
		{"550 5.7.350 Remote server returned message detected as spam -> 554 5.7.1 rejected", "spam-content"},
		{"550 5.0.350 Remote server returned an error -> 552 5.2.2 mailbox is full", "mailbox-full"},
		{"550 successfully relayed to nobody: unknown user", "recipient-unknown"},
		{"Seven green ducks", "unspecified"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct explain_options options = {.catalogue = catalogue};
		struct report *report = explain_reply(cases[i].reply, &options);

		ck_assert_msg(report_has_news(report), "%s: nothing to explain", cases[i].reply);
		ck_assert_str_eq(g_array_index(report->explanations, struct explanation, 0).reason, cases[i].reason);
		report_free(report);
	}
}
END_TEST

/* A reason that does not exist would make its case impossible to pass. */
START_TEST(fair_reasons_exist)
{
	char **cases = suite_cases("tests/replies.test");

	for (guint i = 0; cases[i]; i++) {
		char **columns = g_strsplit(cases[i], "\t", 2), **fair = g_strsplit(columns[1], ",", -1);

		for (guint j = 0; fair[j]; j++) {
			char *id = g_strconcat("reason.", fair[j], NULL);

			ck_assert_msg(catalogue_get(catalogue, id) != NULL, "%s: there is no %s", columns[0], id);
			g_free(id);
		}
		g_strfreev(fair);
		g_strfreev(columns);
	}
	g_strfreev(cases);
}
END_TEST

/* The measure itself: what is explained by the number alone, wrongly or not at all is counted. */
START_TEST(misses_are_counted)
{
	char *cases[] = {"550 xyzzy\trecipient-unknown", "xyzzy\tunspecified", "552 5.2.2 The mailbox is full\tvirus", "552 5.2.2 The mailbox is full\tmailbox-full", NULL};
	struct score score = judge_all(cases);

	ck_assert_uint_eq(score.cases, 4);
	ck_assert_uint_eq(score.unanswered, 1);
	ck_assert_uint_eq(score.by_text, 2);
	ck_assert_uint_eq(score.right, 3);
	g_string_free(score.misses, TRUE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("replies");
	TCase *tests = tcase_create("replies");
	int failed;

	catalogue = catalogue_load(NULL, NULL);
	g_assert(catalogue);
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, replies_are_understood);
	tcase_add_test(tests, common_words_claim_no_provider);
	tcase_add_test(tests, common_words_name_their_owner);
	tcase_add_test(tests, single_replies);
	tcase_add_test(tests, fair_reasons_exist);
	tcase_add_test(tests, misses_are_counted);
	suite_add_tcase(suite, tests);
	failed = run_suite(suite);
	catalogue_unref(catalogue);
	return failed;
}
