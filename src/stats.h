/* stats.h - counters of what passed, for the stats line and for Prometheus (smtp-explain-milter(8)). Floor 4: presentation.
 *
 * Thread-safe. An ordinary message costs one relaxed addition at each of its ends; a report takes a lock for a microsecond, so that all that is counted of it
 * is seen together: sums agree in every line. Bounded by construction: each table stops growing at its limit.
 */
#ifndef SMTP_EXPLAIN_STATS_H
#define SMTP_EXPLAIN_STATS_H

#include "explain.h"

struct stats;

#define STATS_TOP 5u			/* names of a table in the line */
#define STATS_REASONS 100u		/* reasons that are told apart */
#define STATS_PROVIDERS 200u
#define STATS_DOMAINS 1000u		/* domains that are followed in an interval (top.h) */

/* Why a message was let pass without being told about. */
enum stats_pass {
	PASS_SENDER,			/* let go at MAIL FROM: ordinary_mail = skip */
	PASS_ORDINARY,			/* its header promised no report */
	PASS_NO_REPORT,			/* read, and no report */
	PASS_NO_RECIPIENT,		/* a bounce or delay notice that names nobody who failed */
	PASS_GIVEN_UP,			/* the MTA broke it off */
	PASSES
};

enum stats_error {
	ERROR_EDITS,			/* the MTA did not take the changes: the message passed unchanged */
	ERROR_RELOAD,			/* a new configuration or catalogue was refused */
	ERROR_METRICS,			/* the file of metrics could not be written */
	STATS_ERRORS
};

/* A report that passed, and what is known of it besides. */
struct stats_report {
	const struct report *report;
	const char *annotated;		/* "headers+body", "none" ... */
	const char *sender;		/* address of the one who sent what came back; NULL: unknown */
	size_t size;			/* bytes */
	double seconds;			/* to explain and annotate it */
	unsigned lines;			/* written about its recipients */
	unsigned suppressed;		/* and not written */
};

struct stats *stats_new(void);
void stats_free(struct stats *stats);

void stats_count_message(struct stats *stats);		/* every message that begins */
void stats_count_pass(struct stats *stats, enum stats_pass why);
void stats_count_report(struct stats *stats, const struct stats_report *report);	/* its message and each of its failures */
void stats_count_error(struct stats *stats, enum stats_error what);

/* Reasons and providers of the catalogue get their rows, with counts of 0: a first burst is a rise then, and not a row that was not there before. */
void stats_know(struct stats *stats, const struct catalogue *catalogue);

/* Whether the line leaves out the domains of senders and recipients, whenever they were counted; at first it names them. */
void stats_hide_domains(struct stats *stats, bool hide);

/* Appends the line ("stats: interval=600 messages=...") for what was counted since the last call, and starts anew. interval: seconds, as printed. */
void stats_take(struct stats *stats, unsigned interval, GString *out);

#endif
