/* tally.h - counters with names, bounded: what comes when the table is full counts as "other". Floor 0: base. Not thread-safe. */
#ifndef SMTP_EXPLAIN_TALLY_H
#define SMTP_EXPLAIN_TALLY_H

#include <glib.h>

struct tally;

/* limit: names at most, "other" not among them. */
struct tally *tally_new(unsigned limit);
void tally_free(struct tally *tally);

/* name: copied when new. */
void tally_add(struct tally *tally, const char *name, unsigned long count);

struct tally_row {
	const char *name;		/* borrowed from the tally */
	unsigned long total;		/* since tally_new */
	unsigned long recent;		/* since the last tally_begin */
};

/* Every row, by name, or those with the larger recent count first and equal ones by name. GArray of struct tally_row; the caller frees it. */
GArray *tally_rows(const struct tally *tally, gboolean by_name);

/* A new interval: recent counts become zero. */
void tally_begin(struct tally *tally);

#endif
