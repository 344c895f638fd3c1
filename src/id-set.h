/* id-set.h - which event ids were seen, in bounded memory. Floor 0: base. */
#ifndef SMTP_EXPLAIN_ID_SET_H
#define SMTP_EXPLAIN_ID_SET_H

#include <glib.h>
#include <stdbool.h>

struct id_set;

/* Exact for the last limit / 2 to limit ids that were added; earlier ones are forgotten half by half. 16 bytes for each at most. */
struct id_set *id_set_new(guint limit);
void id_set_free(struct id_set *set);

/* Adds an id; true where it was there. */
bool id_set_add(struct id_set *set, guint64 id);

bool id_set_is_exact(const struct id_set *set);	/* nothing was forgotten so far */
guint id_set_count(const struct id_set *set);	/* ids that are remembered */

#endif
