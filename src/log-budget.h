/* log-budget.h - how many lines about recipients may be written, and how many were not. Floor 0: base. Thread-safe. */
#ifndef SMTP_EXPLAIN_LOG_BUDGET_H
#define SMTP_EXPLAIN_LOG_BUDGET_H

#include <glib.h>

struct log_budget;

struct log_budget *log_budget_new(void);
void log_budget_free(struct log_budget *budget);

/* Of wanted lines of one message, how many may be written at that second (any clock that does not go back). per_message, per_minute: 0 is no limit. What is
 * refused is added to the debt. *suppressed: what the last of the granted lines has to say, this message's refused lines among it; 0 where none is granted. */
unsigned log_budget_take(struct log_budget *budget, unsigned wanted, unsigned per_message, unsigned per_minute, gint64 second, unsigned long *suppressed);

/* The debt that no line has told yet, if its minute is over or now is asked for; told with this. */
unsigned long log_budget_settle(struct log_budget *budget, gint64 second, int now);

#endif
