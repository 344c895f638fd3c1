/* topk.h - the most frequent of any number of names, in bounded memory (Space-Saving, Metwally et al. 2005). Floor 0: base. Not thread-safe. */
#ifndef SMTP_EXPLAIN_TOPK_H
#define SMTP_EXPLAIN_TOPK_H

#include <glib.h>

struct topk;

/* capacity: names kept. A name that makes up more than 1/capacity of all counts is always among them. */
struct topk *topk_new(unsigned capacity);
void topk_free(struct topk *topk);

/* name: copied. */
void topk_add(struct topk *topk, const char *name);
void topk_clear(struct topk *topk);

struct topk_row {
	const char *name;		/* borrowed from the sketch */
	unsigned long count;		/* that are certain: never more than there were */
};

/* The count most frequent, larger ones first, equal ones by name, none whose certain count is 0. *other: all that was added less what the rows say. GArray of
 * struct topk_row; the caller frees it. */
GArray *topk_rows(const struct topk *topk, unsigned count, unsigned long *other);

#endif
