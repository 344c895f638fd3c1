/* record.h - what the operator learns of a report: its lines, its counts, its alerts. Floor 5: process. */
#ifndef SMTP_EXPLAIN_RECORD_H
#define SMTP_EXPLAIN_RECORD_H

#include "alert.h"
#include "log-budget.h"
#include "snapshot.h"
#include "stats.h"

/* One for the life of the daemon; a reload changes what is in force, not what was counted. Members are thread-safe by themselves. */
struct recorder {
	struct stats *stats;
	struct log_budget *budget;
	struct alerts *alerts;
	struct snapshot *snapshot;	/* whose rules and privacy the alerts have; a reference */
};

/* snapshot: the first, as recorder_configure(). */
struct recorder *recorder_new(struct snapshot *snapshot);
void recorder_free(struct recorder *recorder);

/* Puts the alerts and the reasons of a snapshot in force. From one thread only. */
void recorder_configure(struct recorder *recorder, struct snapshot *snapshot);

struct recorder_message {
	const struct snapshot *snapshot;	/* of the message */
	const struct report *report;
	const char *queue_id, *annotated, *sender;	/* as in struct render_log_options */
	size_t size;
	double seconds;
};

/* Writes the lines of a report, as many as there may be, and counts it. */
void recorder_report(struct recorder *recorder, const struct recorder_message *message);

/* What time brings: incidents end, suppressed lines that no other line told are told. To be called every second or so; last: the daemon ends. */
void recorder_tick(struct recorder *recorder, bool last);

#endif
