/* alert-groups.c - a hash table of groups by name, and the same groups by age.
 *
 * A message may have a thousand recipients, each of another domain, and each rule may want a group for each: what makes place is used again as it is. Not here:
 * which events belong to a group, and what they mean (alert.c).
 */
#include "alert-groups.h"

#include <string.h>

struct alert_groups {
	GHashTable *by_name;		/* the name, interned → struct alert_group, which has a reference to it */
	GQueue ages;			/* that asked for longest ago first */
};

void alert_incident_free(struct alert_incident *incident)
{
	if (!incident)
		return;
	g_free(incident->reason);
	g_free(incident->provider);
	g_free(incident->origin);
	g_free(incident);
}

struct alert_groups *alert_groups_new(void)
{
	struct alert_groups *groups = g_new0(struct alert_groups, 1);

	groups->by_name = g_hash_table_new(NULL, NULL);
	return groups;
}

/* Takes it out of both; it stays as it is. */
static void take_out(struct alert_groups *groups, struct alert_group *group)
{
	g_hash_table_remove(groups->by_name, group->name);
	g_queue_unlink(&groups->ages, &group->age);
}

static void group_free(struct alert_group *group)
{
	alert_window_free(group->window);
	alert_incident_free(group->incident);
	g_ref_string_release(group->name);
	g_free(group);
}

void alert_groups_free(struct alert_groups *groups)
{
	while (groups->ages.length > 0) {
		struct alert_group *group = groups->ages.head->data;

		take_out(groups, group);
		group_free(group);
	}
	g_hash_table_unref(groups->by_name);
	g_free(groups);
}

/* The oldest without an open incident (ALERT_OPEN at most), emptied; NULL where there is room for one more, or none to be had. */
static struct alert_group *reuse_oldest(struct alert_groups *groups, gint64 now)
{
	const GList *oldest = groups->ages.length >= ALERT_GROUPS ? groups->ages.head : NULL;
	struct alert_group *group;

	while (oldest && ((const struct alert_group *)oldest->data)->incident)
		oldest = oldest->next;
	if (!oldest)
		return NULL;
	group = oldest->data;
	take_out(groups, group);
	alert_window_restart(group->window, now);
	g_ref_string_release(group->name);
	return group;
}

static struct alert_group *group_new(const struct alert_rule *rule, gint64 now)
{
	struct alert_group *group = g_new0(struct alert_group, 1);
	bool distinct = strcmp(rule->distinct, "none") != 0;

	group->window = alert_window_new(now, rule->window, distinct ? MAX(2 * rule->distinct_count, 32) : 0, rule->baseline);
	group->age.data = group;
	return group;
}

struct alert_group *alert_groups_find(struct alert_groups *groups, const struct alert_rule *rule, GRefString *name, gint64 now)
{
	struct alert_group *group = g_hash_table_lookup(groups->by_name, name);

	if (group) {
		g_queue_unlink(&groups->ages, &group->age);
	} else {
		group = reuse_oldest(groups, now);
		if (!group)
			group = group_new(rule, now);
		group->name = g_ref_string_acquire(name);
		g_hash_table_insert(groups->by_name, group->name, group);
	}
	g_queue_push_tail_link(&groups->ages, &group->age);
	return group;
}

void alert_groups_purge(struct alert_groups *groups, gint64 now)
{
	const GList *next;

	for (const GList *at = groups->ages.head; at; at = next) {
		struct alert_group *group = at->data;

		next = at->next;
		if (group->incident || alert_window_count(group->window, now) > 0)
			continue;
		take_out(groups, group);
		group_free(group);
	}
}

const GList *alert_groups_all(const struct alert_groups *groups)
{
	return groups->ages.head;
}
