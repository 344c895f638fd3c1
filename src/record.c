/* record.c - lines, counts and alerts of a report, in this order.
 *
 * Not here: what a line says (render-log.c), what is counted (stats.c), when an incident opens (alert.c).
 */
#include "record.h"

#include "log.h"
#include "render.h"

#include <string.h>
#include <syslog.h>

static gint64 now_seconds(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}

static void say(const char *line, void *data)
{
	(void)data;
	log_line(LOG_INFO, "%s", line);
}

struct recorder *recorder_new(struct snapshot *snapshot)
{
	struct recorder *recorder = g_new0(struct recorder, 1);

	recorder->stats = stats_new();
	recorder->budget = log_budget_new();
	recorder->alerts = alerts_new(say, NULL);
	recorder_configure(recorder, snapshot);
	return recorder;
}

void recorder_free(struct recorder *recorder)
{
	alerts_free(recorder->alerts);
	log_budget_free(recorder->budget);
	stats_free(recorder->stats);
	snapshot_unref(recorder->snapshot);
	g_free(recorder);
}

void recorder_configure(struct recorder *recorder, struct snapshot *snapshot)
{
	struct snapshot *before = recorder->snapshot;
	GPtrArray *none = g_ptr_array_new();

	recorder->snapshot = snapshot_ref(snapshot);
	alerts_configure(recorder->alerts, snapshot->conf->alerts ? snapshot->conf->alert_rules : none, &snapshot->privacy, now_seconds());
	stats_know(recorder->stats, snapshot->catalogue);
	stats_hide_domains(recorder->stats, snapshot->privacy.mode == PRIVACY_NONE);
	g_ptr_array_unref(none);
	snapshot_unref(before);
}

/* Recipients that the operator is told about. */
static unsigned count_news(const struct report *report)
{
	unsigned count = 0;

	for (guint i = 0; i < report->explanations->len; i++)
		count += explanation_is_news(&g_array_index(report->explanations, struct explanation, i));
	return count;
}

/* The first granted ones; the last of them tells what was suppressed. */
static void write_lines(const struct recorder_message *message, unsigned granted, unsigned long suppressed)
{
	char *sender = privacy_address(&message->snapshot->privacy, message->sender);
	struct render_log_options options = {.format = strcmp(message->snapshot->conf->format, "json") == 0 ? RENDER_LOG_JSON : RENDER_LOG_KV,
					     .queue_id = message->queue_id,
					     .annotated = message->annotated,
					     .privacy = &message->snapshot->privacy,
					     .sender = message->sender,
					     .shown_sender = sender,
					     .size = message->size,
					     .seconds = message->seconds};
	GString *line = g_string_new(NULL);

	for (guint i = 0; granted > 0 && i < message->report->explanations->len; i++) {
		if (!explanation_is_news(&g_array_index(message->report->explanations, struct explanation, i)))
			continue;
		g_string_truncate(line, 0);
		options.suppressed = --granted == 0 ? suppressed : 0;
		render_log(line, message->report, i, &options);
		log_line(LOG_INFO, "%s", line->str);
	}
	g_string_free(line, TRUE);
	g_free(sender);
}

static void see_alerts(struct recorder *recorder, const struct recorder_message *message, gint64 now)
{
	const struct report *report = message->report;
	/* Without one of these, the ids of all failures of an address are the same. */
	bool distinct_ids = report->bounce->original.queue_id || report->bounce->original.message_id;

	for (guint i = 0; i < report->explanations->len; i++) {
		const struct explanation *explanation = &g_array_index(report->explanations, struct explanation, i);
		struct alert_event event = {.kind = kind_word(report->bounce->kind),
					    .reason = explanation->reason,
					    .provider = explanation->provider,
					    .owner = explanation->owner,
					    .class = explanation->class,
					    .origin = origin_word(explanation->origin),
					    .sender = message->sender,
					    .to = explanation->failure->to,
					    .remote = explanation->failure->remote,
					    .id = distinct_ids && *explanation->id ? explanation->id : NULL};

		if (explanation_is_news(explanation))
			alerts_see(recorder->alerts, &event, now);
	}
}

void recorder_report(struct recorder *recorder, const struct recorder_message *message)
{
	const struct conf *conf = message->snapshot->conf;
	bool news = report_has_news(message->report);
	unsigned wanted = news ? count_news(message->report) : 0, granted = 0;
	unsigned long suppressed = 0;
	gint64 now = now_seconds();

	if (wanted > 0)
		granted = log_budget_take(recorder->budget, wanted, conf->lines_per_message, conf->lines_per_minute, now, &suppressed);
	write_lines(message, granted, suppressed);
	stats_count_report(recorder->stats, &(struct stats_report){.report = message->report,
								   .annotated = message->annotated,
								   .sender = message->sender,
								   .size = message->size,
								   .seconds = message->seconds,
								   .lines = granted,
								   .suppressed = wanted - granted});
	if (wanted > 0)
		see_alerts(recorder, message, now);
}

void recorder_tick(struct recorder *recorder, bool last)
{
	gint64 now = now_seconds();
	unsigned long suppressed = log_budget_settle(recorder->budget, now, last);

	if (suppressed > 0)
		log_line(LOG_INFO, "limit: suppressed=%lu", suppressed);
	if (last)
		alerts_close(recorder->alerts, now);
	else
		alerts_tick(recorder->alerts, now);
}
