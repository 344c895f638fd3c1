/* check_log-record.c - lines of a log, read. Cases: log-record.test; besides, lines of our own writer come back as they went in, and no line can do harm. */
#include "log-record.h"
#include "render.h"
#include "suite.h"

#include <string.h>
#include <time.h>

#define WRITTEN 1769904000	/* 2026-02-01T00:00:00Z */

static const char *const key_names[LOG_KEYS] = {
	"kind", "to", "code", "dsn", "class", "reason", "owner", "provider", "rule", "origin", "remote", "reporter", "id", "diagnostic", "sender", "domain",
	"sender_domain", "queue_id", "suppressed", "state", "name", "count", "since", "interval", "messages", "reports", "bounces", "delays", "errors",
	"failures", "slowest", "seconds", "time", "host",
};

static char *print_record(const struct log_record *record)
{
	static const char *const sorts[] = {"foreign", "event", "stats", "alert", "notice", "damaged"};
	GDateTime *time = record->time == LOG_NO_TIME ? NULL : g_date_time_new_from_unix_utc(record->time);
	char *when = time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : g_strdup("-");
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, "=> %s %s %s", sorts[record->sort], when, record->host ? record->host : "-");
	for (int i = 0; i < LOG_KEYS && record->sort != LOG_FOREIGN; i++)
		if (record->value[i])
			g_string_append_printf(out, " | %s=%s", key_names[i], record->value[i]);
	g_free(when);
	g_clear_pointer(&time, g_date_time_unref);
	return g_string_free(out, FALSE);
}

static char *read_line(const char *line)
{
	const struct log_origin origin = {.ident = "smtp-explain", .latest = WRITTEN};
	char *copy = g_strdup(line), *printed;
	struct log_record record;

	log_record_read(&record, copy, &origin);
	printed = print_record(&record);
	g_free(copy);
	return printed;
}

START_TEST(cases)
{
	char **lines = suite_cases("tests/log-record.test");

	ck_assert_uint_gt(g_strv_length(lines), 80);
	for (guint i = 0; lines[i]; i += 2) {
		char *got = read_line(lines[i]);

		ck_assert_msg(lines[i + 1] && g_str_has_prefix(lines[i + 1], "=> "), "no answer below: %s", lines[i]);
		ck_assert_msg(strcmp(got, lines[i + 1]) == 0, "%s\ngot    %s\nwanted %s", lines[i], got, lines[i + 1]);
		g_free(got);
	}
	g_strfreev(lines);
}
END_TEST

/* Every beginning of a good line, and every one with a byte changed, is read without harm, and none is an event with a value that was not there. */
START_TEST(no_line_does_harm)
{
	char **lines = suite_cases("tests/log-record.test");

	for (guint i = 0; lines[i]; i += 2)
		for (size_t at = 0; at < strlen(lines[i]); at++) {
			char *cut = g_strndup(lines[i], at), *changed = g_strdup(lines[i]);

			changed[at] = "\"\\<> {}[]=,:\x80"[at % 13];
			g_free(read_line(cut));
			g_free(read_line(changed));
			g_free(cut);
			g_free(changed);
		}
	g_strfreev(lines);
}
END_TEST

static const char *const replies[] = {
	"550 5.1.1 user unknown", "550 \"quoted\" and \\back\\slash\\", "550 \\\"", "550 kind=delay to=<x@example.net> id=aaaaaaaaaaaa",
	"550 \xc3\xa4\xc3\xb6 \xe3\x81\x82 \xf0\x9f\x98\x80", "550 {\"kind\":\"delay\"}", "550 ends with a backslash \\", "550 status=bounced postfix/smtp",
};

static const char *const addresses[] = {"bob@example.net", "b\xc3\xb6x@example.net", "a b@example.net", "<x>@example.net", "a\"b\\c@example.net", "a=b>c kind=delay@example.net"};

/* What render_log() wrote, in both forms, is what is read; the words of the reply as far as the writer does not change them (status=, postfix/). */
static void check_round_trip(const char *address, const char *reply, enum render_log_format format)
{
	struct failure failure = {.to = (char *)(gpointer)address, .diagnostic = (char *)(gpointer)reply, .action = ACTION_FAILED, .remote = (char *)(gpointer)"mx.example.net"};
	struct explanation explanation = {.failure = &failure, .class = "permanent", .reason = "mailbox-full", .owner = "recipient", .rule = (char *)(gpointer)"generic.mailbox-full"};
	struct bounce bounce = {.kind = KIND_BOUNCE};
	struct report report = {.bounce = &bounce, .explanations = g_array_new(FALSE, FALSE, sizeof(struct explanation))};
	const struct log_origin origin = {.ident = "smtp-explain", .latest = WRITTEN};
	const struct render_log_options options = {.format = format, .queue_id = "4F8EEAAE94F", .annotated = "headers (dkim-signed)", .sender = address, .size = 1234,
						   .seconds = 0.25, .suppressed = 7};
	GString *line = g_string_new("Jan 10 12:34:56 mx1 smtp-explain[812]: ");
	struct log_record record;

	g_strlcpy(explanation.id, "9f2c61d0a7b3", sizeof explanation.id);
	g_array_append_val(report.explanations, explanation);
	render_log(line, &report, 0, &options);
	log_record_read(&record, line->str, &origin);
	ck_assert_int_eq(record.sort, LOG_EVENT);
	ck_assert_str_eq(record.value[LOG_KIND], "bounce");
	ck_assert_str_eq(record.value[LOG_TO], address);
	ck_assert_str_eq(record.value[LOG_ID], "9f2c61d0a7b3");
	ck_assert_str_eq(record.value[LOG_REMOTE], "mx.example.net");
	ck_assert_str_eq(record.value[LOG_QUEUE_ID], "4F8EEAAE94F");
	ck_assert_str_eq(record.value[LOG_SENDER], address);
	ck_assert_str_eq(record.value[LOG_SUPPRESSED], "7");
	ck_assert(g_ascii_strtod(record.value[LOG_SECONDS], NULL) == 0.25);
	if (!strstr(reply, "status="))
		ck_assert_str_eq(record.value[LOG_DIAGNOSTIC], reply);
	g_string_free(line, TRUE);
	g_array_unref(report.explanations);
}

START_TEST(our_writer_is_understood)
{
	for (size_t i = 0; i < G_N_ELEMENTS(replies); i++)
		for (size_t j = 0; j < G_N_ELEMENTS(addresses); j++) {
			check_round_trip(addresses[j], replies[i], RENDER_LOG_KV);
			check_round_trip(addresses[j], replies[i], RENDER_LOG_JSON);
		}
}
END_TEST

START_TEST(rules_that_rest_on_the_number)
{
	ck_assert(log_rule_is_number("dsn.5.1.1", "recipient-unknown"));
	ck_assert(log_rule_is_number("code.550", "refused"));
	ck_assert(log_rule_is_number("digits.X5", "refused"));
	ck_assert(log_rule_is_number("class.5", "refused"));
	ck_assert(log_rule_is_number("generic.refused", "unspecified"));
	ck_assert(log_rule_is_number(NULL, NULL));
	ck_assert(!log_rule_is_number("google.mailbox-full", "mailbox-full"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("log-record");
	TCase *tcase = tcase_create("log-record");

	g_setenv("TZ", "Europe/Berlin", TRUE);
	tzset();
	tcase_add_test(tcase, cases);
	tcase_add_test(tcase, no_line_does_harm);
	tcase_add_test(tcase, our_writer_is_understood);
	tcase_add_test(tcase, rules_that_rest_on_the_number);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
