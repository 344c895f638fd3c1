/* check_alert.c - the shipped rules and others, as stories: failures at given seconds, and the lines that must come. No clock but the one given. */
#include "alert.h"
#include "alert-index.h"
#include "conf-rules.h"
#include "conf-value.h"
#include "suite.h"

#include <string.h>

#define START 1763985600	/* 2025-11-24T12:00:00Z */

static GPtrArray *rules;
static struct alerts *alerts;
static GPtrArray *lines;

static void say(const char *line, void *data)
{
	g_ptr_array_add(data, g_strdup(line));
}

static void setup(void)
{
	rules = conf_rules_defaults();
	lines = g_ptr_array_new_with_free_func(g_free);
	alerts = alerts_new(say, lines);
	alerts_configure(alerts, rules, NULL, START);
}

static void teardown(void)
{
	alerts_free(alerts);
	g_ptr_array_unref(lines);
	g_ptr_array_unref(rules);
}

static struct alert_rule *rule_of(const char *name)
{
	for (guint i = 0; i < rules->len; i++)
		if (strcmp(((struct alert_rule *)g_ptr_array_index(rules, i))->name, name) == 0)
			return g_ptr_array_index(rules, i);
	ck_abort_msg("no rule %s", name);
	return NULL;
}

/* A key of a rule, as a file would set it. */
static void set(const char *name, const char *key, const char *value)
{
	char *section = g_strconcat("alert.", name, NULL);
	struct keyfile_item item = {.section = section, .key = key, .value = value, .file = "x", .line = 1};
	char *wrong = conf_rules_set(rules, &item);

	ck_assert_msg(!wrong, "%s", wrong);
	g_free(section);
}

static const char *line(guint index)
{
	return index < lines->len ? g_ptr_array_index(lines, index) : "(no line)";
}

/* Without the rules that a story is not about. */
static void only(const char *name)
{
	for (guint i = 0; i < rules->len; i++) {
		struct alert_rule *rule = g_ptr_array_index(rules, i);

		rule->enabled = strcmp(rule->name, name) == 0;
	}
	alerts_configure(alerts, rules, NULL, START);
}

static void see(gint64 second, const char *reason, const char *origin, const char *sender, const char *to, const char *remote, const char *provider)
{
	struct alert_event event = {.kind = "bounce", .reason = reason, .provider = provider, .owner = "sender", .class = "permanent", .origin = origin,
				    .sender = sender, .to = to, .remote = remote};

	alerts_see(alerts, &event, START + second);
}

START_TEST(one_line_opens_and_one_closes)
{
	for (int i = 0; i < 50; i++)
		see(i, "ip-blocklisted", "ours", "ann@example.com", "bob@example.net", "mx.example.net", "spamhaus");
	ck_assert_uint_eq(lines->len, 1);
	ck_assert_str_eq(line(0), "alert: state=open name=ip-blocklisted reason=ip-blocklisted provider=spamhaus count=10 window=600 threshold=10 since=2025-11-24T12:00:09Z origin=ours");
	for (gint64 second = 50; second < 1300; second++)
		alerts_tick(alerts, START + second);
	ck_assert_uint_eq(lines->len, 2);
	ck_assert_str_eq(line(1), "alert: state=closed name=ip-blocklisted reason=ip-blocklisted provider=spamhaus count=0 window=600 threshold=10 since=2025-11-24T12:00:09Z "
				  "until=2025-11-24T12:19:59Z duration=1190 peak=50 total=50 why=quiet origin=ours");
}
END_TEST

/* What does not reach the rule's threshold, or is not for it. */
static const struct {
	int count, step;
	const char *reason, *origin;
	guint lines;
} quiet[] = {
	{9, 1, "ip-blocklisted", "ours", 0}, {100, 67, "ip-blocklisted", "ours", 0}, {100, 1, "ip-blocklisted", "not-ours", 0}, {100, 1, "ip-reputation", "ours", 0},
	{10, 1, "ip-blocklisted", "unknown", 1},
};

START_TEST(below_the_threshold_there_is_no_line)
{
	only("ip-blocklisted");
	for (int i = 0; i < quiet[_i].count; i++)
		see(i * quiet[_i].step, quiet[_i].reason, quiet[_i].origin, "ann@example.com", "bob@example.net", NULL, NULL);
	ck_assert_msg(lines->len == quiet[_i].lines, "%u lines: %s", lines->len, line(0));
}
END_TEST

START_TEST(authentication_must_fail_at_several_receivers)
{
	for (int i = 0; i < 30; i++)
		see(i, "auth-dmarc", "ours", "ann@Example.com", "bob@example.net", "mx1.example.net", NULL);
	ck_assert_uint_eq(lines->len, 0);
	see(40, "auth-spf", "ours", "carl@example.com", "dora@gmail.com", "alt1.gmail-smtp-in.l.google.com", "google");
	ck_assert_uint_eq(lines->len, 1);
	ck_assert_str_eq(line(0), "alert: state=open name=authentication reason=auth-spf provider=google count=31 window=3600 threshold=5 since=2025-11-24T12:00:40Z origin=ours "
				  "distinct=remote_domain distinct_count=2 sender_domain=example.com");
	see(41, "auth-spf", "ours", "eve@other.example", "dora@gmail.com", "mx.google.com", "google");	/* another domain of ours counts for itself */
	ck_assert_uint_eq(lines->len, 1);
}
END_TEST

/* One account, many unknown recipients; told apart by origin. */
static const struct {
	const char *origin, *name;
} accounts[] = {{"ours", "account-compromised"}, {"not-ours", "account-spoofed"}, {"unknown", "account-suspicious"}};

START_TEST(an_account_that_bounces_on_many_unknown_addresses)
{
	char *wanted = g_strdup_printf("alert: state=open name=%s reason=recipient-unknown count=20 window=3600 threshold=20 since=2025-11-24T12:03:10Z origin=%s "
				       "distinct=recipient distinct_count=20 sender=<ann@example.com>", accounts[_i].name, accounts[_i].origin);

	for (int i = 0; i < 100; i++)	/* the same recipient over and over is no such thing */
		see(0, "recipient-unknown", accounts[_i].origin, "kim@example.com", "bob@example.net", NULL, NULL);
	for (int i = 0; i < 40; i++) {
		char *to = g_strdup_printf("u%d@example.net", i);

		see(i * 10, "recipient-unknown", accounts[_i].origin, i % 2 ? "Ann@example.com" : "ann@Example.com", to, NULL, NULL);
		see(i * 10, "mailbox-full", accounts[_i].origin, "lee@example.com", to, NULL, NULL);
		see(i * 10, "recipient-unknown", accounts[_i].origin, NULL, to, NULL, NULL);
		g_free(to);
	}
	ck_assert_msg(lines->len == 1, "%u: %s", lines->len, line(1));
	ck_assert_str_eq(line(0), wanted);
	g_free(wanted);
}
END_TEST

START_TEST(receivers_are_down_one_by_one)
{
	for (int i = 0; i < 25; i++) {
		see(i, "connection-failed", "ours", "ann@example.com", "bob@example.net", "mx1.mail.example.co.uk", "postfix");
		see(i, "connection-failed", "ours", "ann@example.com", "bob@example.net", "mx2.mail.example.co.uk", "postfix");
		see(i, "delivery-expired", "unknown", "ann@example.com", "bob@dead.example", NULL, NULL);
		see(i, "remote-error", "not-ours", "ann@example.com", "bob@other.example", NULL, NULL);
	}
	ck_assert_uint_eq(lines->len, 2);
	ck_assert(g_str_has_suffix(line(0), " since=2025-11-24T12:00:09Z origin=ours remote_domain=example.co.uk"));
	ck_assert(g_str_has_suffix(line(1), " since=2025-11-24T12:00:19Z origin=unknown remote_domain=dead.example"));
}
END_TEST

START_TEST(unexplained_replies_rise_against_their_own_past)
{
	gint64 second = 0;

	for (; second < 3 * 86400; second += 144)	/* 25 an hour are usual here */
		see(second, "unspecified", "ours", "ann@example.com", "bob@example.net", NULL, NULL);
	ck_assert_msg(lines->len == 0, "%s", line(0));
	for (; second < 3 * 86400 + 3600; second += 36)	/* four times as many */
		see(second, "unspecified", "ours", "ann@example.com", "bob@example.net", NULL, NULL);
	ck_assert_uint_eq(lines->len, 1);
	ck_assert_ptr_nonnull(strstr(line(0), "state=open name=unexplained reason=unspecified count="));
	ck_assert_ptr_nonnull(strstr(line(0), " usual=2"));
	for (; second < 4 * 86400; second += 144) {
		see(second, "unspecified", "ours", "ann@example.com", "bob@example.net", NULL, NULL);
		alerts_tick(alerts, START + second);
	}
	ck_assert_uint_eq(lines->len, 2);
	ck_assert_ptr_nonnull(strstr(line(1), "state=closed name=unexplained"));
}
END_TEST

START_TEST(tls_and_delays)
{
	struct alert_event delay = {.kind = "delay", .reason = "greylisted", .origin = "ours", .to = "bob@example.net", .remote = "mx.example.net"};

	for (int i = 0; i < 5; i++)
		see(i, "tls", "ours", "ann@example.com", "bob@example.net", NULL, NULL);
	ck_assert_ptr_nonnull(strstr(line(0), "state=open name=tls "));
	for (int i = 0; i < 20; i++)
		alerts_see(alerts, &delay, START + 10 + i);
	ck_assert_ptr_nonnull(strstr(line(1), "state=open name=provider-slow reason=greylisted count=20 "));
	ck_assert_uint_eq(lines->len, 2);
}
END_TEST

/* More groups and more incidents than anyone keeps. */
START_TEST(a_storm_is_bounded)
{
	unsigned open = 0, limited = 0;

	set("storm", "per", "sender");
	set("storm", "count", "2");
	only("storm");
	for (unsigned i = 0; i < 20 * ALERT_GROUPS; i++) {
		char *sender = g_strdup_printf("s%u@example.com", i);

		for (int n = 0; n < 3; n++)
			see(1, "spam-content", "ours", sender, "bob@example.net", NULL, NULL);
		g_free(sender);
	}
	for (guint i = 0; i < lines->len; i++) {
		open += strstr(line(i), "state=open") != NULL;
		limited += strcmp(line(i), "alert: state=limited name=storm open=20") == 0;
	}
	ck_assert_uint_eq(open, ALERT_OPEN);
	ck_assert_uint_eq(limited, 1);
	alerts_tick(alerts, START + 100000);
	alerts_tick(alerts, START + 200000);
	ck_assert_uint_eq(lines->len, 2 * ALERT_OPEN + 1);
	see(200001, "spam-content", "ours", "ann@example.com", "bob@example.net", NULL, NULL);
	see(200001, "spam-content", "ours", "ann@example.com", "bob@example.net", NULL, NULL);
	ck_assert_ptr_nonnull(strstr(line(lines->len - 1), "state=open name=storm"));
}
END_TEST

static unsigned open_now;

static void sum_open(const struct alert_state *state, void *data)
{
	(void)data;
	open_now += state->open;
}

START_TEST(a_reload_keeps_what_counts_alike)
{
	for (int i = 0; i < 12; i++)
		see(i, "ip-blocklisted", "ours", "ann@example.com", "bob@example.net", NULL, NULL);
	for (int i = 0; i < 4; i++)
		see(i, "tls", "ours", "ann@example.com", "bob@example.net", NULL, NULL);
	ck_assert_uint_eq(lines->len, 1);
	set("ip-blocklisted", "close", "5");
	alerts_configure(alerts, rules, NULL, START + 20);
	ck_assert_uint_eq(lines->len, 1);	/* open it stays */
	see(21, "tls", "ours", "ann@example.com", "bob@example.net", NULL, NULL);
	ck_assert_ptr_nonnull(strstr(line(1), "name=tls reason=tls count=5 "));	/* four were counted before */
	open_now = 0;
	alerts_each(alerts, sum_open, NULL);
	ck_assert_uint_eq(open_now, 2);
	rule_of("tls")->enabled = false;
	alerts_configure(alerts, rules, NULL, START + 30);
	ck_assert_uint_eq(lines->len, 3);
	ck_assert_ptr_nonnull(strstr(line(2), "state=closed name=tls "));
	ck_assert_ptr_nonnull(strstr(line(2), " why=reload"));
	set("ip-blocklisted", "window", "60");
	alerts_configure(alerts, rules, NULL, START + 40);
	ck_assert_ptr_nonnull(strstr(line(3), "state=closed name=ip-blocklisted "));
	open_now = 0;
	alerts_each(alerts, sum_open, NULL);
	ck_assert_uint_eq(open_now, 0);
}
END_TEST

START_TEST(a_copy_of_an_event_does_not_count)
{
	for (int i = 0; i < 40; i++) {
		char *id = g_strdup_printf("9f2c61d0a7%02x", i % 9);
		struct alert_event event = {.kind = "bounce", .reason = "ip-blocklisted", .origin = "ours", .to = "bob@example.net", .id = id};

		alerts_see(alerts, &event, START + i);
		g_free(id);
	}
	ck_assert_uint_eq(lines->len, 0);
	see(41, "ip-blocklisted", "ours", "ann@example.com", "bob@example.net", NULL, NULL);
	ck_assert_ptr_nonnull(strstr(line(0), " count=10 "));
}
END_TEST

START_TEST(the_end_closes_what_is_open)
{
	for (int i = 0; i < 12; i++)
		see(i, "ip-blocklisted", "ours", "ann@example.com", "bob@example.net", NULL, NULL);
	alerts_close(alerts, START + 20);
	ck_assert_uint_eq(lines->len, 2);
	ck_assert_ptr_nonnull(strstr(line(1), " duration=11 peak=12 total=12 why=stop"));
}
END_TEST

START_TEST(a_clock_that_goes_back_does_no_harm)
{
	for (int i = 0; i < 12; i++)
		see(-i * 1000, "ip-blocklisted", "ours", "ann@example.com", "bob@example.net", NULL, NULL);
	ck_assert_uint_eq(lines->len, 1);
	alerts_tick(alerts, START - 100000);
	ck_assert_uint_eq(lines->len, 1);
}
END_TEST

/* Values that strangers choose, in every aspect that a rule can have. */
static const char *const hostile[] = {
	"x@y state=closed name=forged", "a\n b@c", "\"quoted> <x\"@example.com", "\x1b[31m@\xff\xfe", "a@b> sender=<c@d", "status=bounced@postfix/smtp", "@", "a@", "",
};

START_TEST(hostile_words_forge_nothing)
{
	static const char *const aspects[] = {"reason", "provider", "remote_domain", "sender", "sender_domain", "recipient", "recipient_domain"};
	char *text = g_strnfill(2000, 'x'), *longest = g_strconcat(text, "@", text, NULL);
	static const struct privacy hidden = {PRIVACY_DOMAIN, NULL};

	for (size_t aspect = 0; aspect < G_N_ELEMENTS(aspects); aspect++) {
		set("hostile", "per", aspects[aspect]);
		set("hostile", "distinct", "recipient");
		set("hostile", "count", "1");
		set("hostile", "distinct_count", "1");
		only("hostile");
		alerts_configure(alerts, rules, aspect % 2 ? &hidden : NULL, START);
		for (size_t i = 0; i <= G_N_ELEMENTS(hostile); i++) {
			const char *word = i < G_N_ELEMENTS(hostile) ? hostile[i] : longest;

			see((gint64)i, word, word, word, word, word, word);
		}
		alerts_close(alerts, START + 10);
	}
	ck_assert_uint_gt(lines->len, G_N_ELEMENTS(aspects) * 2);
	for (guint i = 0; i < lines->len; i++) {
		ck_assert_msg(g_regex_match_simple("^alert:( [a-z_]+=([-A-Za-z0-9._+:\\[\\]\\\\]+|<[!-;=?-~]+>))+$", line(i), 0, 0), "%s", line(i));
		ck_assert_msg(strlen(line(i)) < 870, "%s", line(i));
		ck_assert_msg(!strstr(line(i), "status=bounced") && !strstr(line(i), "postfix/"), "%s", line(i));
		ck_assert_msg(strstr(strstr(line(i), " name=") + 1, " name=") == NULL, "%s", line(i));
	}
	g_free(longest);
	g_free(text);
}
END_TEST

START_TEST(privacy_holds_for_groups)
{
	static const struct privacy hidden[] = {{PRIVACY_DOMAIN, NULL}, {PRIVACY_NONE, NULL}};

	only("account-compromised");
	alerts_configure(alerts, rules, &hidden[_i], START);
	for (int i = 0; i < 20; i++) {
		char *to = g_strdup_printf("u%d@example.net", i);

		see(i, "recipient-unknown", "ours", "ann@example.com", to, NULL, NULL);
		g_free(to);
	}
	ck_assert_uint_eq(lines->len, 1);
	ck_assert_ptr_null(strstr(line(0), "ann"));
	ck_assert(g_str_has_suffix(line(0), _i == 0 ? " sender=<*@example.com>" : " distinct_count=20"));
}
END_TEST

static gpointer see_many(gpointer data)
{
	for (int i = 0; i < 3000; i++) {
		see(i / 10, "ip-blocklisted", "ours", "ann@example.com", "bob@example.net", NULL, NULL);
		if (i % 100 == 0)
			alerts_tick(alerts, START + i / 10);
	}
	return data;
}

/* The index says of every event what the rules say themselves, the first time and later. */
START_TEST(an_index_agrees_with_its_rules)
{
	static const char *const reasons[] = {"tls", "auth-spf", "unspecified", "auth-", NULL}, *const providers[] = {"google", NULL}, *const origins[] = {"ours", "not-ours", NULL};
	struct alert_index *index;

	set("own", "provider", "goo* yahoo");
	index = alert_index_new(rules);
	for (unsigned i = 0; i < 2 * G_N_ELEMENTS(reasons) * G_N_ELEMENTS(providers) * G_N_ELEMENTS(origins); i++) {
		struct alert_event event = {.kind = "bounce", .reason = reasons[i % 5], .provider = providers[i / 5 % 2], .origin = origins[i / 10 % 3]};
		guint64 found = alert_index_find(index, &event);

		for (guint rule = 0; rule < rules->len; rule++) {
			const struct alert_rule *asked = g_ptr_array_index(rules, rule);
			bool lets = alert_rule_lets(asked, ALERT_KIND, event.kind) && alert_rule_lets(asked, ALERT_REASON, event.reason) &&
				    alert_rule_lets(asked, ALERT_PROVIDER, event.provider) && alert_rule_lets(asked, ALERT_OWNER, NULL) &&
				    alert_rule_lets(asked, ALERT_CLASS, NULL) && alert_rule_lets(asked, ALERT_ORIGIN, event.origin);

			ck_assert_msg((found >> rule & 1) == lets, "%s, event %u", asked->name, i);
		}
	}
	alert_index_free(index);
}
END_TEST

START_TEST(threads_open_one_incident)
{
	GThread *threads[4];

	only("ip-blocklisted");
	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("see", see_many, NULL);
	for (int i = 0; i < 50; i++)
		alerts_configure(alerts, rules, NULL, START);
	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
	ck_assert_uint_eq(lines->len, 1);
	alerts_close(alerts, START + 300);
	ck_assert_ptr_nonnull(strstr(line(1), " total=12000 "));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("alert");
	TCase *tests = tcase_create("alert");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, one_line_opens_and_one_closes);
	tcase_add_loop_test(tests, below_the_threshold_there_is_no_line, 0, (int)G_N_ELEMENTS(quiet));
	tcase_add_test(tests, authentication_must_fail_at_several_receivers);
	tcase_add_loop_test(tests, an_account_that_bounces_on_many_unknown_addresses, 0, (int)G_N_ELEMENTS(accounts));
	tcase_add_test(tests, receivers_are_down_one_by_one);
	tcase_add_test(tests, unexplained_replies_rise_against_their_own_past);
	tcase_add_test(tests, tls_and_delays);
	tcase_add_test(tests, a_storm_is_bounded);
	tcase_add_test(tests, a_reload_keeps_what_counts_alike);
	tcase_add_test(tests, a_copy_of_an_event_does_not_count);
	tcase_add_test(tests, the_end_closes_what_is_open);
	tcase_add_test(tests, a_clock_that_goes_back_does_no_harm);
	tcase_add_test(tests, an_index_agrees_with_its_rules);
	tcase_add_test(tests, hostile_words_forge_nothing);
	tcase_add_loop_test(tests, privacy_holds_for_groups, 0, 2);
	tcase_add_test(tests, threads_open_one_incident);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
