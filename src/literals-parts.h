/* literals-parts.h - what is known of the texts of a part of an expression; for the literals*.c files alone. Floor 1: facts. */
#ifndef SMTP_EXPLAIN_LITERALS_PARTS_H
#define SMTP_EXPLAIN_LITERALS_PARTS_H

#include "literals.h"

#include <stdbool.h>

/* A part of an expression: all texts that it matches, folded, or else sets of which one literal each must stand in what it matches. */
struct part {
	GPtrArray *exact;		/* char *; NULL: not known */
	GPtrArray *sets;		/* GArray of struct literal; NULL: nothing known */
	unsigned longest;		/* characters at most */
};

struct part part_unknown(unsigned longest);
struct part part_exact(const char *text, unsigned longest);
void part_add_text(struct part *part, const char *text);	/* matches this one too */
void part_clear(struct part *part);
GPtrArray *part_take_sets(struct part *part);			/* what is known as sets; the part is then used up */

/* Parts one after another. */
struct sequence {
	struct part known;		/* exact: the run of exact texts that ends here */
	unsigned run_before;		/* characters before that run at most */
	bool is_exact;			/* the run began at the beginning */
};

struct sequence sequence_new(void);
void sequence_append(struct sequence *sequence, struct part *part);	/* takes over the part */
void sequence_break(struct sequence *sequence);				/* what stood last may stand again any number of times */
struct part sequence_end(struct sequence *sequence);

/* Parts of which one stands. At least one must be added. */
struct branches {
	GArray *parts;
};

void branches_add(struct branches *branches, struct part part);	/* takes over the part */
struct part branches_end(struct branches *branches);

/* A length that stops at LITERALS_ANYWHERE. */
unsigned length_multiply(unsigned a, unsigned b);

#endif
