/* alert.h - incidents: too many failures of a kind within a time. Floor 4: presentation.
 *
 * One line when an incident opens and one when it closes, whatever happens in between. Thread-safe. The clock is an argument, so that tests need not wait.
 * Bounded: ALERT_GROUPS counters and ALERT_OPEN incidents for a rule.
 */
#ifndef SMTP_EXPLAIN_ALERT_H
#define SMTP_EXPLAIN_ALERT_H

#include "alert-groups.h"
#include "privacy.h"

#define ALERT_IDS 4096u		/* events that are remembered, so that a copy for the postmaster does not count */
#define ALERT_OPEN 20u		/* incidents of a rule that are open at a time; further ones are told as one line */

struct alerts;

/* say gets each line ("alert: state=open ..."), under a lock: it must not come back here. */
struct alerts *alerts_new(void (*say)(const char *line, void *data), void *data);
void alerts_free(struct alerts *alerts);

/* Puts rules (GPtrArray of struct alert_rule, copied) in force. What was counted and what is open stays for a rule of the same name that counts alike; incidents
 * of others are closed. privacy: how addresses are shown, borrowed until the next call; NULL: whole. now: seconds since 1970, as everywhere here. */
void alerts_configure(struct alerts *alerts, const GPtrArray *rules, const struct privacy *privacy, gint64 now);

/* An event whose id was seen of late does not count again. */
void alerts_see(struct alerts *alerts, const struct alert_event *event, gint64 now);

/* Closes what is over; to be called every few seconds. */
void alerts_tick(struct alerts *alerts, gint64 now);

/* Closes everything: the daemon ends. */
void alerts_close(struct alerts *alerts, gint64 now);

struct alert_state {
	const char *name;
	unsigned open;			/* incidents now */
	unsigned long opened;		/* ever */
};

/* Calls visit for each rule in force, under the lock. */
void alerts_each(struct alerts *alerts, void (*visit)(const struct alert_state *state, void *data), void *data);

#endif
