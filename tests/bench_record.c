/* bench_record.c - what statistics, alerts and the line cost, by message and by failed recipient. A benchmark: prints figures, decides nothing. */
#include "log.h"
#include "mail.h"
#include "record.h"
#include "metrics.h"

#include <stdio.h>
#include <string.h>

static const char message[] =
	"From: MAILER-DAEMON@mx.example.net\nTo: ann@site.example\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
	"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n\n--b\nContent-Type: message/delivery-status\n\n"
	"Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; bob@example.net\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.example.org\n"
	"Diagnostic-Code: smtp; 550 5.1.1 <bob@example.net>: Recipient address rejected: User unknown in virtual mailbox table\n\n--b--\n";

static double seconds_of(gint64 began)
{
	return (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
}

static gpointer count_messages(gpointer stats)
{
	for (int i = 0; i < 10000000; i++)
		stats_count_message(stats);
	return NULL;
}

static void bench_messages(struct stats *stats, unsigned count)
{
	GThread *threads[8];
	gint64 began = g_get_monotonic_time();

	for (unsigned i = 0; i < count; i++)
		threads[i] = g_thread_new("count", count_messages, stats);
	for (unsigned i = 0; i < count; i++)
		g_thread_join(threads[i]);
	printf("an ordinary message counted, %u threads: %.1f ns\n", count, seconds_of(began) / 10000000 * 1e9);
}

int main(void)
{
	struct snapshot *snapshot = snapshot_load(NULL, NULL);
	struct recorder *recorder = recorder_new(snapshot);
	struct explain_options options = snapshot_options(snapshot);
	struct recorder_message reported = {.snapshot = snapshot, .queue_id = "4F8EEAAE94F", .annotated = "headers+body", .sender = "ann@site.example", .size = 800, .seconds = 0.001};
	struct metrics_about about = {.version = "0"};
	GString *text = g_string_new(NULL);
	struct mail *mail;
	gint64 began;

	mail_init();
	mail = mail_new(message, strlen(message));
	reported.report = explain_mail(mail, "", &options);
	for (unsigned threads = 1; threads <= 4; threads *= 2)
		bench_messages(recorder->stats, threads);
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	began = g_get_monotonic_time();
	for (int i = 0; i < 200000; i++)
		recorder_report(recorder, &reported);
	printf("a report of one recipient recorded (line to /dev/null, counts, alerts): %.2f us\n", seconds_of(began) / 200000 * 1e6);
	began = g_get_monotonic_time();
	for (int i = 0; i < 200000; i++)
		stats_count_report(recorder->stats, &(struct stats_report){.report = reported.report, .annotated = "headers+body", .sender = "ann@site.example", .size = 800, .lines = 1});
	printf("of which the counts: %.2f us\n", seconds_of(began) / 200000 * 1e6);
	began = g_get_monotonic_time();
	for (int i = 0; i < 200; i++) {
		g_string_truncate(text, 0);
		metrics_render(text, recorder->stats, recorder->alerts, &about);
	}
	printf("the metrics rendered: %.0f us, %zu bytes\n", seconds_of(began) / 200 * 1e6, (size_t)text->len);
	return 0;
}
