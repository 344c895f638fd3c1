/* log-summary.c - adds up log records: totals, lists, hours, duplicates.
 *
 * Every event is counted in every list once, named or as absent, so that no list can disagree with the totals. Not here: reading (log-read.c), showing
 * (render-report-*.c).
 */
#include "log-summary.h"

#include "address.h"
#include "id-set.h"
#include "text.h"
#include "unknown.h"

#include <string.h>
#include <time.h>

const struct summary_heading summary_headings[SUMMARY_LISTS] = {
	[SUMMARY_REASON] = {"reason", "Reasons", "not told"},
	[SUMMARY_OWNER] = {"owner", "Who can solve it", "not told"},
	[SUMMARY_CLASS] = {"class", "Permanent or transient", "not told"},
	[SUMMARY_ORIGIN] = {"origin", "Sent from here", "not told"},
	[SUMMARY_PROVIDER] = {"provider", "Providers whose words explained it", "no provider"},
	[SUMMARY_DOMAIN] = {"domain", "Domains of recipients", "not told"},
	[SUMMARY_SENDER_DOMAIN] = {"sender_domain", "Domains of senders", "not told"},
	[SUMMARY_SENDER] = {"sender", "Senders", "not told"},
	[SUMMARY_CODE] = {"code", "Reply codes", "no code"},
	[SUMMARY_DSN] = {"dsn", "Enhanced status codes", "no code"},
	[SUMMARY_REMOTE] = {"remote", "Hosts that refused", "not told"},
	[SUMMARY_REPORTER] = {"reporter", "Hosts that wrote the reports", "not told"},
	[SUMMARY_HOST] = {"host", "Machines that logged", "not told"},
	[SUMMARY_RULE] = {"rule", "Entries of the catalogue", "none"},
};

struct log_summary *log_summary_new(gint64 since, gint64 until, struct summary_limits limits)
{
	struct log_summary *summary = g_new0(struct log_summary, 1);

	summary->since = since;
	summary->until = until;
	summary->limits = limits;
	summary->first = summary->last = LOG_NO_TIME;
	for (int i = 0; i < SUMMARY_LISTS; i++)
		summary->lists[i] = top_new(limits.names, NULL);
	summary->waiting = top_new(limits.names, NULL);
	summary->replies = unknown_new(limits.names);
	summary->alerts = top_new(limits.names, g_free);
	summary->hours = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	summary->ids = id_set_new(limits.ids);
	return summary;
}

void log_summary_free(struct log_summary *summary)
{
	if (!summary)
		return;
	for (int i = 0; i < SUMMARY_LISTS; i++)
		top_free(summary->lists[i]);
	top_free(summary->waiting);
	top_free(summary->replies);
	top_free(summary->alerts);
	g_hash_table_unref(summary->hours);
	id_set_free(summary->ids);
	g_free(summary);
}

/* An id of the contract is a number of hexadecimal digits; any other text is hashed (FNV-1a), so that two copies of it are still one event. */
static guint64 id_number(const char *id)
{
	char *end;
	guint64 number = g_ascii_strtoull(id, &end, 16);

	if (*end == '\0' && end - id <= 15)
		return number;
	for (number = G_GUINT64_CONSTANT(0xcbf29ce484222325); *id; id++)
		number = (number ^ (unsigned char)*id) * G_GUINT64_CONSTANT(0x100000001b3);
	return number;
}

#define NAME_LIMIT 200u		/* bytes of a name that is counted */

/* Copies a name of printable ASCII, which nearly all are; false where it is another or too long. */
static bool copy_plain(char buffer[NAME_LIMIT + 1], const char *name, bool lower)
{
	size_t length = 0;

	for (; name[length]; length++) {
		if (length == NAME_LIMIT || name[length] < ' ' || name[length] > '~')
			return false;
		buffer[length] = lower ? g_ascii_tolower(name[length]) : name[length];
	}
	buffer[length] = '\0';
	return true;
}

/* Counts a name as it may be shown anywhere, cut at NAME_LIMIT bytes; lower: without case, as domains and hosts are. */
static void count_name(struct top *top, const char *name, bool lower, gint64 time)
{
	char buffer[NAME_LIMIT + 1], *shown;

	if (!name || copy_plain(buffer, name, lower)) {
		top_add(top, name ? buffer : NULL, time);
		return;
	}
	shown = text_printable(name);
	text_cut(shown, NAME_LIMIT);
	for (char *c = shown; *c && lower; c++)
		*c = g_ascii_tolower(*c);
	top_add(top, shown, time);
	g_free(shown);
}

static const char *domain_of(const char *domain, const char *address)
{
	return domain || !address ? domain : address_domain(address);
}

static void count_hour(struct log_summary *summary, gint64 seconds, bool delayed)
{
	time_t then = (time_t)seconds;
	struct summary_hour *hour;
	gint64 number;
	struct tm tm;

	if (seconds == LOG_NO_TIME || !localtime_r(&then, &tm)) {
		summary->no_time++;
		return;
	}
	number = (((gint64)tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday) * 100 + tm.tm_hour;
	hour = g_hash_table_lookup(summary->hours, &number);
	if (!hour && g_hash_table_size(summary->hours) >= summary->limits.hours) {
		summary->hours_lost++;
		return;
	}
	if (!hour) {
		hour = g_new0(struct summary_hour, 1);
		hour->hour = number;
		g_hash_table_insert(summary->hours, &hour->hour, hour);
	}
	*(delayed ? &hour->delayed : &hour->failed) += 1;
}

static void count_lists(struct log_summary *summary, const struct log_record *record)
{
	const char *const *value = record->value;
	const struct {
		enum summary_list list;
		const char *name;
		bool lower;
	} names[SUMMARY_LISTS] = {
		{SUMMARY_REASON, value[LOG_REASON], false},
		{SUMMARY_OWNER, value[LOG_OWNER], false},
		{SUMMARY_CLASS, value[LOG_CLASS], false},
		{SUMMARY_ORIGIN, value[LOG_ORIGIN], false},
		{SUMMARY_PROVIDER, value[LOG_PROVIDER], false},
		{SUMMARY_DOMAIN, domain_of(value[LOG_DOMAIN], value[LOG_TO]), true},
		{SUMMARY_SENDER_DOMAIN, domain_of(value[LOG_SENDER_DOMAIN], value[LOG_SENDER]), true},
		{SUMMARY_SENDER, value[LOG_SENDER], true},
		{SUMMARY_CODE, value[LOG_CODE], false},
		{SUMMARY_DSN, value[LOG_DSN], false},
		{SUMMARY_REMOTE, value[LOG_REMOTE], true},
		{SUMMARY_REPORTER, value[LOG_REPORTER], true},
		{SUMMARY_HOST, record->host, false},
		{SUMMARY_RULE, value[LOG_RULE], false},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		count_name(summary->lists[names[i].list], names[i].name, names[i].lower, record->time);
}

/* What is being waited for: a host, or the domain where none is known, and why. */
static void count_waiting(struct log_summary *summary, const struct log_record *record)
{
	const char *who = record->value[LOG_REMOTE] ? record->value[LOG_REMOTE] : domain_of(record->value[LOG_DOMAIN], record->value[LOG_TO]);
	char *name = g_strdup_printf("%s: %s", who ? who : "?", record->value[LOG_REASON] ? record->value[LOG_REASON] : "unspecified");

	count_name(summary->waiting, name, true, record->time);
	g_free(name);
}

/* A number of seconds as a line tells it; one that is no such number is passed over. */
static void see_seconds(struct log_summary *summary, const char *seconds)
{
	double number = seconds ? g_ascii_strtod(seconds, NULL) : 0;

	if (number > summary->slowest && number < 1e6)
		summary->slowest = number;
}

static void count_event(struct log_summary *summary, const struct log_record *record)
{
	bool delayed = strcmp(record->value[LOG_KIND], "delay") == 0;

	if (record->value[LOG_ID] && id_set_add(summary->ids, id_number(record->value[LOG_ID]))) {
		summary->duplicates++;
		return;
	}
	summary->events++;
	*(delayed ? &summary->delayed : &summary->failed) += 1;
	if (record->time != LOG_NO_TIME) {
		summary->first = summary->first == LOG_NO_TIME ? record->time : MIN(summary->first, record->time);
		summary->last = MAX(summary->last, record->time);
	}
	see_seconds(summary, record->value[LOG_SECONDS]);
	count_lists(summary, record);
	count_hour(summary, record->time, delayed);
	if (delayed)
		count_waiting(summary, record);
	if (log_rule_is_number(record->value[LOG_RULE], record->value[LOG_REASON]))
		unknown_add(summary->replies, record->value[LOG_DIAGNOSTIC], record->value[LOG_RULE], record->value[LOG_REMOTE], record->value[LOG_PROVIDER],
			    record->time);
}

static void count_alert(struct log_summary *summary, const struct log_record *record)
{
	static const enum log_key about[] = {LOG_REASON, LOG_PROVIDER, LOG_OWNER, LOG_SENDER, LOG_SENDER_DOMAIN, LOG_DOMAIN};
	GString *name = g_string_new(record->value[LOG_NAME]);
	char *shown;
	struct top_row *row;
	struct summary_alert *alert;
	bool open = strcmp(record->value[LOG_STATE], "closed") != 0;

	for (size_t i = 0; i < G_N_ELEMENTS(about); i++)
		if (record->value[about[i]] && strcmp(record->value[about[i]], record->value[LOG_NAME]) != 0)
			g_string_append_printf(name, " %s", record->value[about[i]]);
	shown = text_printable(name->str);
	text_cut(shown, NAME_LIMIT);
	row = top_add(summary->alerts, shown, record->time);
	g_free(shown);
	g_string_free(name, TRUE);
	if (!row)
		return;
	if (!row->data)
		row->data = g_new0(struct summary_alert, 1);
	alert = row->data;
	*(open ? &alert->opened : &alert->closed) += 1;
	if (record->time == LOG_NO_TIME || alert->latest <= record->time) {
		alert->open = open;
		alert->latest = record->time == LOG_NO_TIME ? alert->latest : record->time;
	}
}

static guint64 number_of(const struct log_record *record, enum log_key key)
{
	return record->value[key] ? g_ascii_strtoull(record->value[key], NULL, 10) : 0;
}

static void count_stats(struct log_summary *summary, const struct log_record *record)
{
	summary->stats_lines++;
	summary->messages += number_of(record, LOG_MESSAGES);
	summary->reports += number_of(record, LOG_REPORTS);
	summary->bounces += number_of(record, LOG_BOUNCES);
	summary->delays += number_of(record, LOG_DELAYS);
	summary->errors += number_of(record, LOG_ERRORS);
	summary->failures += number_of(record, LOG_FAILURES);
	see_seconds(summary, record->value[LOG_SLOWEST]);
}

/* Was it logged within the time asked for? Without a time it was only if all is asked for. */
static bool is_inside(struct log_summary *summary, gint64 time)
{
	bool all = summary->since == G_MININT64 && summary->until == G_MAXINT64;

	if (time == LOG_NO_TIME) {
		summary->undated += !all;
		return all;
	}
	if (time >= summary->since && time <= summary->until)
		return true;
	summary->outside++;
	return false;
}

void log_summary_add(struct log_summary *summary, const struct log_record *record)
{
	if (!is_inside(summary, record->time))
		return;
	/* The stats line tells again what single lines have told. */
	if (record->sort != LOG_STATS)
		summary->suppressed += number_of(record, LOG_SUPPRESSED);
	switch (record->sort) {
	case LOG_EVENT:
		count_event(summary, record);
		break;
	case LOG_STATS:
		count_stats(summary, record);
		break;
	case LOG_ALERT:
		count_alert(summary, record);
		break;
	case LOG_DAMAGED:
		summary->damaged++;
		break;
	case LOG_NOTICE:
		summary->notices++;
		break;
	case LOG_FOREIGN:
		break;
	}
}

bool log_summary_may_repeat(const struct log_summary *summary)
{
	return !id_set_is_exact(summary->ids);
}

bool log_summary_is_empty(const struct log_summary *summary)
{
	return summary->events + summary->stats_lines + summary->damaged + summary->notices + top_total(summary->alerts) == 0;
}

static gint compare_hours(gconstpointer a, gconstpointer b)
{
	gint64 left = ((const struct summary_hour *)a)->hour, right = ((const struct summary_hour *)b)->hour;

	return left < right ? -1 : left > right;
}

GArray *log_summary_hours(const struct log_summary *summary)
{
	GArray *hours = g_array_new(FALSE, FALSE, sizeof(struct summary_hour));
	GHashTableIter iterator;
	gpointer hour;

	g_hash_table_iter_init(&iterator, summary->hours);
	while (g_hash_table_iter_next(&iterator, NULL, &hour))
		g_array_append_vals(hours, hour, 1);
	g_array_sort(hours, compare_hours);
	return hours;
}

GArray *log_summary_days(const struct log_summary *summary)
{
	GArray *hours = log_summary_hours(summary), *days = g_array_new(FALSE, FALSE, sizeof(struct summary_hour));

	for (guint i = 0; i < hours->len; i++) {
		struct summary_hour day = g_array_index(hours, struct summary_hour, i), *last = days->len ? &g_array_index(days, struct summary_hour, days->len - 1) : NULL;

		day.hour /= 100;
		if (last && last->hour == day.hour) {
			last->failed += day.failed;
			last->delayed += day.delayed;
		} else {
			g_array_append_val(days, day);
		}
	}
	g_array_unref(hours);
	return days;
}
