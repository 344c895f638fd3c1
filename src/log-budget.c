/* log-budget.c - counts lines by the minute; refused ones are a debt that the next line tells, so that nothing is lost in silence.
 *
 * Not here: the lines (session.c), the line that tells a debt when no other comes (daemon.c).
 */
#include "log-budget.h"

#include <pthread.h>

struct log_budget {
	pthread_mutex_t lock;		/* not GMutex, which ThreadSanitizer cannot see */
	gint64 minute;			/* of the lines counted */
	unsigned used;
	unsigned long debt;		/* refused, and not told yet */
	gint64 owed_since;		/* minute of the first of them */
};

struct log_budget *log_budget_new(void)
{
	struct log_budget *budget = g_new0(struct log_budget, 1);

	pthread_mutex_init(&budget->lock, NULL);
	return budget;
}

void log_budget_free(struct log_budget *budget)
{
	pthread_mutex_destroy(&budget->lock);
	g_free(budget);
}

/* Under the lock. */
static unsigned grant(struct log_budget *budget, unsigned wanted, unsigned per_message, unsigned per_minute, gint64 minute)
{
	unsigned granted = per_message ? MIN(wanted, per_message) : wanted;

	if (minute != budget->minute) {
		budget->minute = minute;
		budget->used = 0;
	}
	if (per_minute)
		granted = MIN(granted, per_minute - MIN(per_minute, budget->used));
	budget->used += granted;
	return granted;
}

unsigned log_budget_take(struct log_budget *budget, unsigned wanted, unsigned per_message, unsigned per_minute, gint64 second, unsigned long *suppressed)
{
	unsigned granted;

	pthread_mutex_lock(&budget->lock);
	granted = grant(budget, wanted, per_message, per_minute, second / 60);
	if (budget->debt == 0)
		budget->owed_since = second / 60;
	budget->debt += wanted - granted;
	*suppressed = 0;
	if (granted > 0) {
		*suppressed = budget->debt;
		budget->debt = 0;
	}
	pthread_mutex_unlock(&budget->lock);
	return granted;
}

unsigned long log_budget_settle(struct log_budget *budget, gint64 second, int now)
{
	unsigned long debt = 0;

	pthread_mutex_lock(&budget->lock);
	if (now || second / 60 != budget->owed_since) {
		debt = budget->debt;
		budget->debt = 0;
	}
	pthread_mutex_unlock(&budget->lock);
	return debt;
}
