/* log-summary.h - what the lines of a log add up to. Floor 4: presentation.
 *
 * Bounded by construction: each list holds limits.names names (top.h says what happens beyond), duplicates are known among limits.ids events, hours are kept
 * for limits.hours. Whatever the limits, the rows of a list, its rest and its unknown always add up to the events.
 */
#ifndef SMTP_EXPLAIN_LOG_SUMMARY_H
#define SMTP_EXPLAIN_LOG_SUMMARY_H

#include "log-record.h"
#include "top.h"

/* Lists whose rows add up to the events. The order is that of the report. */
enum summary_list {
	SUMMARY_REASON, SUMMARY_OWNER, SUMMARY_CLASS, SUMMARY_ORIGIN, SUMMARY_PROVIDER, SUMMARY_DOMAIN, SUMMARY_SENDER_DOMAIN, SUMMARY_SENDER, SUMMARY_CODE, SUMMARY_DSN,
	SUMMARY_REMOTE, SUMMARY_REPORTER, SUMMARY_HOST, SUMMARY_RULE,
	SUMMARY_LISTS
};

/* A list's key in JSON, its heading, and what stands for events that do not say. */
struct summary_heading {
	const char *key, *title, *absent;
};
extern const struct summary_heading summary_headings[SUMMARY_LISTS];

struct summary_limits {
	guint names, ids, hours;
};
#define SUMMARY_NAMES 10000u		/* names of a list */
#define SUMMARY_IDS 4000000u		/* event ids among which duplicates are found: 64 MiB */
#define SUMMARY_HOURS 100000u		/* hours with events: more than eleven years */

struct summary_hour {
	gint64 hour;			/* local time as YYYYMMDDHH */
	guint64 failed, delayed;
};

/* Of alerts with one name about one thing. */
struct summary_alert {
	guint64 opened, closed;
	bool open;			/* the latest line says so */
	gint64 latest;
};

struct log_summary {
	gint64 since, until;		/* what was asked for; G_MININT64, G_MAXINT64: all */
	guint64 events;			/* counted: failed and delayed recipients, each id once */
	guint64 failed, delayed;	/* of these; failed: every kind but delay */
	guint64 duplicates, outside, undated, damaged, notices;
	guint64 suppressed;		/* events that were not logged, as the lines say */
	guint64 stats_lines, messages, reports, bounces, delays, errors, failures;	/* sums of the stats lines */
	double slowest;			/* seconds that one report took to explain at most, as lines and stats say */
	gint64 first, last;		/* of the events; G_MININT64: none */
	struct top *lists[SUMMARY_LISTS];
	struct top *waiting;		/* delayed only: "HOST: REASON" */
	struct top *replies;		/* unknown ones, masked; its total: events explained by their number only (unknown.h) */
	struct top *alerts;		/* data: struct summary_alert */
	GHashTable *hours;		/* struct summary_hour by hour */
	guint64 hours_lost;		/* dated events beyond the limit of hours */
	guint64 no_time;		/* events without a time; in no hour */
	struct id_set *ids;
	struct summary_limits limits;
};

struct log_summary *log_summary_new(gint64 since, gint64 until, struct summary_limits limits);
void log_summary_free(struct log_summary *summary);

void log_summary_add(struct log_summary *summary, const struct log_record *record);

/* Can an event have been counted twice? True once there were more ids than the limit, and copies lay further apart than that. */
bool log_summary_may_repeat(const struct log_summary *summary);

/* Lines of ours that were within the time asked for, whatever they say. */
bool log_summary_is_empty(const struct log_summary *summary);

/* The hours in order of time: GArray of struct summary_hour. Days of them: hour / 100. The caller frees it. */
GArray *log_summary_hours(const struct log_summary *summary);
GArray *log_summary_days(const struct log_summary *summary);	/* the same, hour is YYYYMMDD */

#endif
