/* log-record.h - one line of our log, read back: the other end of render-log.c, stats.c and their grammar in smtp-explain-milter(8). Floor 1: facts.
 *
 * Pure: no I/O, no clock. Readers are total: a line is ours and understood, ours and damaged, or not ours. Keys that are not listed here are read over, so
 * that a newer writer does no harm.
 */
#ifndef SMTP_EXPLAIN_LOG_RECORD_H
#define SMTP_EXPLAIN_LOG_RECORD_H

#include "log-head.h"

#include <glib.h>
#include <stdbool.h>

enum log_sort {
	LOG_FOREIGN,		/* not a line of ours */
	LOG_EVENT,		/* a failed or delayed recipient */
	LOG_STATS,
	LOG_ALERT,
	LOG_NOTICE,		/* ours, but nothing to count: ready, reload, stopped, errors */
	LOG_DAMAGED,		/* ours, but cut or broken */
};

enum log_key {
	LOG_KIND, LOG_TO, LOG_CODE, LOG_DSN, LOG_CLASS, LOG_REASON, LOG_OWNER, LOG_PROVIDER, LOG_RULE, LOG_ORIGIN, LOG_REMOTE, LOG_REPORTER, LOG_ID,
	LOG_DIAGNOSTIC, LOG_SENDER, LOG_DOMAIN, LOG_SENDER_DOMAIN, LOG_QUEUE_ID, LOG_SUPPRESSED,
	LOG_STATE, LOG_NAME, LOG_COUNT, LOG_SINCE,						/* alert: */
	LOG_INTERVAL, LOG_MESSAGES, LOG_REPORTS, LOG_BOUNCES, LOG_DELAYS, LOG_ERRORS, LOG_FAILURES, LOG_SLOWEST, LOG_SECONDS,	/* stats: */
	LOG_TIME, LOG_HOST,									/* of a shipper's JSON */
	LOG_KEYS
};

struct log_record {
	enum log_sort sort;
	gint64 time;			/* seconds since 1970, LOG_NO_TIME: not told */
	const char *host;		/* machine that logged it, NULL: not told */
	const char *value[LOG_KEYS];	/* as the writer had it, escapes undone; bytes of any kind; NULL: absent */
};

/* Reads a line, which ends with NUL and is changed; the strings of the record point into it. Takes the forms of syslog (RFC 3164, RFC 5424), rsyslog,
 * journalctl -o short, short-iso, short-precise, short-full, short-unix, json, of standard error (IDENT[PID]: ...), and JSON with "time" and "host" beside our keys. */
void log_record_read(struct log_record *record, char *line, const struct log_origin *origin);

/* What stands behind "IDENT[PID]: ". Sets sort and value. */
void log_record_read_words(struct log_record *record, char *words);

/* Rests the explanation on the number alone, or is there none? Then the words are unknown to the catalogue. */
bool log_rule_is_number(const char *rule, const char *reason);

#endif
