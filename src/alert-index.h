/* alert-index.h - which of many rules an event is for, without asking each of them. Floor 4: presentation. */
#ifndef SMTP_EXPLAIN_ALERT_INDEX_H
#define SMTP_EXPLAIN_ALERT_INDEX_H

#include "alert-rule.h"

struct alert_index;

/* rules: struct alert_rule, at most ALERT_RULES_LIMIT; borrowed with what is in it, and not to be changed while the index lives. */
struct alert_index *alert_index_new(const GPtrArray *rules);
void alert_index_free(struct alert_index *index);	/* NULL is fine */

/* The rules that the event is for: bit i for number i. What a value is to the rules is found once and kept, so values must be of a bounded number: words of a
 * catalogue. */
guint64 alert_index_find(struct alert_index *index, const struct alert_event *event);

#endif
