/* stats.h - counters of what passed, for the stats line (interfaces.md section 4). Floor 4: presentation.
 *
 * Thread-safe, and bounded by construction: each table holds STATS_NAMES_LIMIT names, what comes after them counts as "other".
 */
#ifndef SMTP_EXPLAIN_STATS_H
#define SMTP_EXPLAIN_STATS_H

#include "explain.h"

struct stats;

#define STATS_NAMES_LIMIT 1000u	/* names in one table */
#define STATS_TOP 5u		/* names of a table in the line */

struct stats *stats_new(void);
void stats_free(struct stats *stats);

void stats_count_message(struct stats *stats);		/* every message that begins */
void stats_count_report(struct stats *stats, const struct report *report);	/* a report: its message and each of its failures */
void stats_count_error(struct stats *stats);		/* a message that passed unchanged because something failed */

/* Appends the line ("stats: interval=600 messages=...") for what was counted since the last call, and starts anew. interval: seconds, as printed. */
void stats_take(struct stats *stats, unsigned interval, GString *out);

#endif
