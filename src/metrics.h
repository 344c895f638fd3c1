/* metrics.h - the statistics in the text format of Prometheus, as node_exporter's textfile collector reads it. Floor 4: presentation.
 *
 * The number of series is bounded whatever the mail says: METRICS_SERIES_LIMIT. Nothing that a stranger writes becomes a label.
 */
#ifndef SMTP_EXPLAIN_METRICS_H
#define SMTP_EXPLAIN_METRICS_H

#include "alert.h"
#include "stats.h"

struct metrics_about {
	const char *version;
	gint64 started, now;		/* seconds since 1970 */
	bool reload_good;		/* the last reload, true before the first */
};

/* Appends every metric. stats and alerts are locked for a moment each. */
void metrics_render(GString *out, struct stats *stats, struct alerts *alerts, const struct metrics_about *about);

/* Series at most: the limits of the tables, their rows for what comes beyond, two for each rule of alerts, and some sixty single ones. A test counts them. */
#define METRICS_SERIES_LIMIT 1300u

#define METRICS_ERROR metrics_error_quark()
GQuark metrics_error_quark(void);

/* Replaces the file at path by text in one step: written beside it (path.tmp) and renamed, so that a reader finds the old one or the new one, whole. Mode
 * 0644. False and an error that names the file. */
bool metrics_write(const char *path, const GString *text, GError **error);

#endif
