/* stats-parts.h - the inside of the statistics, for stats.c, stats-line.c and metrics.c alone. Floor 4: presentation. */
#ifndef SMTP_EXPLAIN_STATS_PARTS_H
#define SMTP_EXPLAIN_STATS_PARTS_H

#include "stats.h"

#include "tally.h"
#include "top.h"

#include <pthread.h>
#include <stdatomic.h>

enum stats_table { BY_REASON, BY_PROVIDER, BY_OWNER, BY_CLASS, BY_ORIGIN, BY_CODE, BY_DSN, BY_ANNOTATED, BY_REASON_CLASS, STATS_TABLES };

/* Counts of all that came since the start. Arithmetic on two of them gives an interval, so every member is an unsigned long. */
struct stats_counts {
	unsigned long kinds[KIND_AUTO_REPLY + 1];	/* messages by what they are; bounces and delay notices only where somebody failed */
	unsigned long failures, permanent, transient, unexplained;
	unsigned long lines, suppressed;
};

#define HISTOGRAM_BOUNDS 12u

struct histogram {
	unsigned long buckets[HISTOGRAM_BOUNDS + 1];	/* not cumulative; the last: larger than every bound */
	double sum;
};

extern const double stats_seconds_bounds[HISTOGRAM_BOUNDS], stats_size_bounds[HISTOGRAM_BOUNDS];

struct stats {
	/* counted alone, by relaxed additions */
	atomic_ulong messages, passes[PASSES], errors[STATS_ERRORS];

	/* of reports, under the lock */
	pthread_mutex_t lock;			/* not GMutex, which ThreadSanitizer cannot see */
	struct stats_counts counts;
	struct tally *tables[STATS_TABLES];
	struct top *domains, *sender_domains;	/* of the interval */
	bool hide_domains;			/* in the line */
	struct histogram seconds, sizes;
	double slowest;				/* of the interval */

	/* as they were when the interval began, under the lock */
	unsigned long messages_before, passes_before[PASSES], errors_before[STATS_ERRORS];
	struct stats_counts before;
};

extern const char *const stats_pass_words[PASSES], *const stats_error_words[STATS_ERRORS];

#define STATS_NONE "none"		/* the row of what has no provider, code, domain ... */

#endif
