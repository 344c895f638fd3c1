/* log-record.h - one line of our log, read back: the other end of render-log.c, stats.c and their grammar in smtp-explain-milter(8). Floor 1: facts.
 *
 * Pure: no I/O, no clock. Readers are total: a line is ours and understood, ours and damaged, or not ours. Keys that are not listed here are read over, so
 * that a newer writer does no harm.
 */
#ifndef SMTP_EXPLAIN_LOG_RECORD_H
#define SMTP_EXPLAIN_LOG_RECORD_H

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
	LOG_INTERVAL, LOG_MESSAGES, LOG_REPORTS, LOG_BOUNCES, LOG_DELAYS, LOG_ERRORS,		/* stats: */
	LOG_TIME, LOG_HOST,									/* of a shipper's JSON */
	LOG_KEYS
};

#define LOG_NO_TIME G_MININT64

struct log_record {
	enum log_sort sort;
	gint64 time;			/* seconds since 1970, LOG_NO_TIME: not told */
	const char *host;		/* machine that logged it, NULL: not told */
	const char *value[LOG_KEYS];	/* as the writer had it, escapes undone; bytes of any kind; NULL: absent */
};

/* What is known about the source of lines. */
struct log_origin {
	const char *ident;		/* syslog ident of our lines */
	gint64 latest;			/* a time without a year is the last such time before this (plus a day); when the file was written last */
};

/* Reads a line, which ends with NUL and is changed; the strings of the record point into it. Takes the forms of syslog (RFC 3164, RFC 5424), rsyslog,
 * journalctl -o short, short-iso, short-precise, short-full, short-unix, json, of standard error (IDENT[PID]: ...), and JSON with "time" and "host" beside our keys. */
void log_record_read(struct log_record *record, char *line, const struct log_origin *origin);

/* What stands behind "IDENT[PID]: ". Sets sort and value. */
void log_record_read_words(struct log_record *record, char *words);

/* The head of a line: time and host, and what stands behind "IDENT[PID]: "; NULL where it is another program's line. */
char *log_head_read(char *line, const struct log_origin *origin, gint64 *time, const char **host);

/* A time as log_head_read takes it at the start of text, or RFC 3339: seconds, LOG_NO_TIME where there is none. *end (unless NULL) is set behind it. */
gint64 log_time_read(const char *text, gint64 latest, const char **end);

/* Calls visit for each member of the object at text, which is changed. A string has its escapes undone; an array of numbers is made the bytes it lists (as
 * journalctl prints what is no UTF-8); null is NULL; any other value is its text. False where text is no object, ends early or has more behind it. */
typedef void (*log_json_visit)(const char *name, const char *value, void *data);
bool log_json_each(char *text, log_json_visit visit, void *data);

/* Rests the explanation on the number alone, or is there none? Then the words are unknown to the catalogue. */
bool log_rule_is_number(const char *rule, const char *reason);

#endif
