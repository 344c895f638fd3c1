/* alert-groups.h - what each sender, domain ... of a rule did of late, for a bounded number of them. Floor 4: presentation. */
#ifndef SMTP_EXPLAIN_ALERT_GROUPS_H
#define SMTP_EXPLAIN_ALERT_GROUPS_H

#include "alert-line.h"
#include "alert-window.h"

#define ALERT_GROUPS 500u	/* senders, domains ... that a rule follows at a time; the one unseen for the longest time makes place */

struct alert_groups;

struct alert_group {
	GRefString *name;			/* value of the aspect */
	struct alert_window *window;
	struct alert_incident *incident;	/* NULL: none is open; owned */
	GList age;				/* private */
};

struct alert_groups *alert_groups_new(void);
void alert_groups_free(struct alert_groups *groups);

/* The group of that name (from g_ref_string_new_intern(), so that looking one up does not read it), a new one (with a window as the rule wants it) where there is
 * none. Borrowed until the next call: where there is no room, that which was asked for longest ago goes, unless an incident of it is open. */
struct alert_group *alert_groups_find(struct alert_groups *groups, const struct alert_rule *rule, GRefString *name, gint64 now);

/* Forgets those without an incident and without an event in the window. */
void alert_groups_purge(struct alert_groups *groups, gint64 now);

/* All of them: a list whose data is a struct alert_group each; borrowed until the next call of another function. */
const GList *alert_groups_all(const struct alert_groups *groups);

void alert_incident_free(struct alert_incident *incident);	/* NULL is fine */

#endif
