/* gate.h - which of many patterns can match a text at all, and where, found in one pass over it. Floor 1: facts. */
#ifndef SMTP_EXPLAIN_GATE_H
#define SMTP_EXPLAIN_GATE_H

#include <glib.h>

/* Immutable once made. */
struct gate;

struct candidate {
	guint pattern;			/* its number */
	gsize from, to;			/* a match can begin nowhere but in [from, to], bytes of the text */
};

/* For patterns (PCRE2, caseless), numbered from 0. They are not needed afterwards. */
struct gate *gate_new(const char *const *patterns, unsigned count);
void gate_free(struct gate *gate);	/* NULL is fine */

/* The patterns that may match text (UTF-8), in order of their numbers: a GArray of struct candidate, which the caller frees. A pattern that is not
 * among them does not match. */
GArray *gate_candidates(const struct gate *gate, const char *text, size_t length);

/* How many patterns have no literal and are therefore always candidates. */
unsigned gate_always(const struct gate *gate);

#endif
