/* unknown.h - replies that the catalogue does not know, masked, counted, with where they came from. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_UNKNOWN_H
#define SMTP_EXPLAIN_UNKNOWN_H

#include "top.h"

#define UNKNOWN_SOURCES 3u	/* different ones that are kept for a reply */

/* What is tied to a row of the table (struct top_row, whose name is the masked reply). NULL: no more. */
struct unknown_sources {
	char *rules[UNKNOWN_SOURCES];		/* the numbers that explained it so far */
	char *remotes[UNKNOWN_SOURCES];
	char *providers[UNKNOWN_SOURCES];
};

struct top *unknown_new(guint limit);

/* Counts a reply; NULL: nothing was said, counted as absent. rule, remote and provider may be NULL. */
void unknown_add(struct top *replies, const char *diagnostic, const char *rule, const char *remote, const char *provider, gint64 time);

/* A section for a catalogue file that would explain it, reason= left to be filled in; appended with an empty line behind. date: YYYY-MM-DD for checked=.
 * number: makes the name of the section different from others. A comment where the reply has too few fixed words. */
void unknown_entry(GString *out, const struct top_row *row, const char *date, guint number);

#endif
