/* top.h - counts by name in bounded memory: exact up to a limit of names, then the largest with a stated error. Floor 0: base.
 *
 * Beyond the limit this is Space-Saving (Metwally, Agrawal, El Abbadi 2005): a new name takes the place of the smallest and inherits its count as its
 * possible error. So count - error <= true count <= count, every name more frequent than total / limit is kept, and the counts of all rows and the absent
 * always add up to the total.
 */
#ifndef SMTP_EXPLAIN_TOP_H
#define SMTP_EXPLAIN_TOP_H

#include <glib.h>
#include <stdbool.h>

struct top_row {
	char *name;
	guint64 count;
	guint64 error;			/* count is too high by this at most; 0: exact */
	gint64 first, last;		/* earliest and latest time it was counted with, G_MININT64: none */
	gpointer data;			/* what the caller ties to it; freed with the function given to top_new; NULL at first */
	guint place;			/* inside: where it stands among the rows */
};

#define TOP_NO_TIME G_MININT64

struct top;

/* limit: rows that are kept, 1 or more. free_data may be NULL. */
struct top *top_new(guint limit, GDestroyNotify free_data);
void top_free(struct top *top);

/* Counts a name once; NULL or "" is counted as absent and gives NULL. Returns its row, valid until the next call. */
struct top_row *top_add(struct top *top, const char *name, gint64 time);

guint64 top_total(const struct top *top);	/* calls of top_add */
guint64 top_absent(const struct top *top);
guint top_names(const struct top *top);		/* rows that are kept */
bool top_is_exact(const struct top *top);	/* no name was given up so far */

/* The most frequent rows, at most count of them (0: all), larger first, then by name: GPtrArray of const struct top_row *, borrowed. The caller frees it. */
GPtrArray *top_rows(const struct top *top, guint count);

#endif
