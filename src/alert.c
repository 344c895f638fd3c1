/* alert.c - which failures belong to which incident, when one opens, when it closes.
 *
 *   (quiet) ── condition met ──> open ── condition not met for `close` seconds, rule gone, daemon ends ──> (quiet)
 *
 * Not here: matching (alert-rule.c), counting (alert-window.c), the lines (alert-line.c).
 */
#include "alert.h"

#include "alert-line.h"
#include "alert-window.h"
#include "id-set.h"

#include <pthread.h>
#include <string.h>

/* What one sender, domain ... of a rule did. */
struct group {
	struct alert_window *window;
	struct alert_incident *incident;	/* NULL: none is open */
	GQueue *ages;				/* the watch's */
	GList age;				/* the place there; its data is the name, which the table owns */
};

/* A rule in force. */
struct watch {
	struct alert_rule *rule;
	GHashTable *groups;		/* value of the aspect → struct group */
	GQueue *ages;			/* the same groups, that unseen for the longest time first */
	unsigned open;			/* incidents */
	unsigned long opened;		/* ever */
	bool limited;			/* that there are too many was told */
};

struct alerts {
	pthread_mutex_t lock;		/* not GMutex, which ThreadSanitizer cannot see */
	GPtrArray *watches;
	struct id_set *ids;
	const struct privacy *privacy;	/* borrowed */
	gint64 now, purged;		/* the latest time seen: a clock that is set back stands still here */
	void (*say)(const char *line, void *data);
	void *data;
};

static void incident_free(struct alert_incident *incident)
{
	if (!incident)
		return;
	g_free(incident->reason);
	g_free(incident->provider);
	g_free(incident->origin);
	g_free(incident);
}

static void group_free(gpointer data)
{
	struct group *group = data;

	g_queue_unlink(group->ages, &group->age);
	alert_window_free(group->window);
	incident_free(group->incident);
	g_free(group);
}

static struct watch *watch_new(const struct alert_rule *rule)
{
	struct watch *watch = g_new0(struct watch, 1);

	watch->rule = alert_rule_copy(rule);
	watch->groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, group_free);
	watch->ages = g_queue_new();
	return watch;
}

static void watch_free(gpointer data)
{
	struct watch *watch = data;

	alert_rule_free(watch->rule);
	g_hash_table_unref(watch->groups);
	g_queue_free(watch->ages);
	g_free(watch);
}

struct alerts *alerts_new(void (*say)(const char *line, void *data), void *data)
{
	struct alerts *alerts = g_new0(struct alerts, 1);

	pthread_mutex_init(&alerts->lock, NULL);
	alerts->watches = g_ptr_array_new_with_free_func(watch_free);
	alerts->ids = id_set_new(ALERT_IDS);
	alerts->say = say;
	alerts->data = data;
	return alerts;
}

void alerts_free(struct alerts *alerts)
{
	g_ptr_array_unref(alerts->watches);
	id_set_free(alerts->ids);
	pthread_mutex_destroy(&alerts->lock);
	g_free(alerts);
}

/* From here on everything is under the lock. Takes over line. */
static void say(const struct alerts *alerts, char *line)
{
	alerts->say(line, alerts->data);
	g_free(line);
}

static gint64 move_clock(struct alerts *alerts, gint64 now)
{
	alerts->now = MAX(alerts->now, now);
	return alerts->now;
}

static struct alert_figures figures_of(const struct watch *watch, const struct group *group, gint64 now)
{
	struct alert_figures figures = {.count = alert_window_count(group->window, now), .distinct = alert_window_distinct(group->window, now), .usual = -1};
	double usual;

	if (watch->rule->factor && alert_window_usual(group->window, now, &usual))
		figures.usual = usual;
	return figures;
}

static bool is_met(const struct alert_rule *rule, const struct alert_figures *figures)
{
	if (figures->count < rule->count)
		return false;
	if (strcmp(rule->distinct, "none") != 0 && figures->distinct < rule->distinct_count)
		return false;
	return rule->factor == 0 || (figures->usual >= 0 && (double)figures->count >= rule->factor * figures->usual);
}

static void open_incident(struct alerts *alerts, struct watch *watch, const char *name, struct group *group, const struct alert_event *event,
			  const struct alert_figures *figures)
{
	if (watch->open >= ALERT_OPEN) {
		if (!watch->limited)
			say(alerts, alert_line_limited(watch->rule, watch->open));
		watch->limited = true;
		return;
	}
	group->incident = g_new0(struct alert_incident, 1);
	*group->incident = (struct alert_incident){.since = alerts->now,
						   .last_true = alerts->now,
						   .peak = figures->count,
						   .total = figures->count,
						   .reason = g_strdup(event->reason),
						   .provider = g_strdup(event->provider),
						   .origin = g_strdup(event->origin)};
	watch->open++;
	watch->opened++;
	say(alerts, alert_line_open(watch->rule, name, group->incident, figures, alerts->privacy));
}

static void close_incident(struct alerts *alerts, struct watch *watch, const char *name, struct group *group, const char *why)
{
	struct alert_figures figures = figures_of(watch, group, alerts->now);

	say(alerts, alert_line_closed(watch->rule, name, group->incident, &figures, alerts->privacy, alerts->now, why));
	incident_free(group->incident);
	group->incident = NULL;
	watch->open--;
	if (watch->open < ALERT_OPEN / 2)
		watch->limited = false;
}

/* Room for one more group: that which was not seen for the longest time goes, unless an incident of it is open (ALERT_OPEN at most). */
static void make_room(struct watch *watch)
{
	const GList *oldest = watch->ages->head;

	while (oldest && ((const struct group *)g_hash_table_lookup(watch->groups, oldest->data))->incident)
		oldest = oldest->next;
	if (oldest)
		g_hash_table_remove(watch->groups, oldest->data);
}

static struct group *find_group(struct watch *watch, const char *name, gint64 now)
{
	const struct alert_rule *rule = watch->rule;
	struct group *group = g_hash_table_lookup(watch->groups, name);
	bool distinct = strcmp(rule->distinct, "none") != 0;

	if (group)
		return group;
	if (g_hash_table_size(watch->groups) >= ALERT_GROUPS)
		make_room(watch);
	group = g_new0(struct group, 1);
	group->window = alert_window_new(now, rule->window, distinct ? MAX(2 * rule->distinct_count, 32) : 0, rule->baseline);
	group->ages = watch->ages;
	group->age.data = g_strdup(name);
	g_hash_table_insert(watch->groups, group->age.data, group);
	g_queue_push_tail_link(watch->ages, &group->age);
	return group;
}

static void count_event(struct alerts *alerts, struct watch *watch, const char *name, const struct alert_event *event)
{
	struct group *group = find_group(watch, name, alerts->now);
	char *value = strcmp(watch->rule->distinct, "none") != 0 ? alert_aspect(event, watch->rule->distinct) : NULL;
	struct alert_figures figures;

	alert_window_add(group->window, alerts->now, value);
	g_queue_unlink(watch->ages, &group->age);
	g_queue_push_tail_link(watch->ages, &group->age);
	figures = figures_of(watch, group, alerts->now);
	if (group->incident) {
		group->incident->total++;
		group->incident->peak = MAX(group->incident->peak, figures.count);
	} else if (is_met(watch->rule, &figures)) {
		open_incident(alerts, watch, name, group, event, &figures);
	}
	g_free(value);
}

/* Counts an event for each rule that it matches. Many rules group by the same aspect. */
static void count_for_rules(struct alerts *alerts, const struct alert_event *event)
{
	const char *aspect = "";
	char *name = NULL;

	for (guint i = 0; i < alerts->watches->len; i++) {
		struct watch *watch = g_ptr_array_index(alerts->watches, i);

		if (!alert_rule_matches(watch->rule, event))
			continue;
		if (!name || strcmp(aspect, watch->rule->per) != 0) {
			aspect = watch->rule->per;
			g_free(name);
			name = alert_aspect(event, aspect);
		}
		if (*name || strcmp(aspect, "none") == 0)	/* failures of nobody in particular are no group */
			count_event(alerts, watch, name, event);
	}
	g_free(name);
}

void alerts_see(struct alerts *alerts, const struct alert_event *event, gint64 now)
{
	pthread_mutex_lock(&alerts->lock);
	move_clock(alerts, now);
	if (!event->id || !id_set_add(alerts->ids, g_ascii_strtoull(event->id, NULL, 16)))
		count_for_rules(alerts, event);
	pthread_mutex_unlock(&alerts->lock);
}

/* Closes what is over; why: for all that is open, over or not. */
static void tick_watch(struct alerts *alerts, struct watch *watch, const char *why)
{
	GHashTableIter iterator;
	gpointer name, value;

	g_hash_table_iter_init(&iterator, watch->groups);
	while (watch->open > 0 && g_hash_table_iter_next(&iterator, &name, &value)) {
		struct group *group = value;
		struct alert_figures figures;

		if (!group->incident)
			continue;
		figures = figures_of(watch, group, alerts->now);
		if (is_met(watch->rule, &figures))
			group->incident->last_true = alerts->now;
		if (why || alerts->now - group->incident->last_true >= (gint64)watch->rule->close)
			close_incident(alerts, watch, name, group, why ? why : "quiet");
	}
}

static gboolean is_idle(gpointer name, gpointer value, gpointer data)
{
	struct group *group = value;
	const struct alerts *alerts = data;

	(void)name;
	return !group->incident && alert_window_count(group->window, alerts->now) == 0;
}

/* Groups without an event in the window are forgotten, but for those that are compared with what is usual. */
static void purge(struct alerts *alerts)
{
	if (alerts->now - alerts->purged < 60)
		return;
	alerts->purged = alerts->now;
	for (guint i = 0; i < alerts->watches->len; i++) {
		struct watch *watch = g_ptr_array_index(alerts->watches, i);

		if (watch->rule->factor == 0)
			g_hash_table_foreach_remove(watch->groups, is_idle, alerts);
	}
}

static void tick_all(struct alerts *alerts, gint64 now, const char *why)
{
	pthread_mutex_lock(&alerts->lock);
	move_clock(alerts, now);
	for (guint i = 0; i < alerts->watches->len; i++)
		tick_watch(alerts, g_ptr_array_index(alerts->watches, i), why);
	purge(alerts);
	pthread_mutex_unlock(&alerts->lock);
}

void alerts_tick(struct alerts *alerts, gint64 now)
{
	tick_all(alerts, now, NULL);
}

void alerts_close(struct alerts *alerts, gint64 now)
{
	tick_all(alerts, now, "stop");
}

/* What one followed the other follows from now on. */
static void take_groups(struct watch *watch, struct watch *before)
{
	GHashTable *groups = watch->groups;
	GQueue *ages = watch->ages;

	watch->groups = before->groups;
	watch->ages = before->ages;
	before->groups = groups;
	before->ages = ages;
}

/* The watch for rule: the one of that name with its state where it counts alike. */
static struct watch *carry_over(struct alerts *alerts, const struct alert_rule *rule)
{
	struct watch *watch = watch_new(rule);

	for (guint i = 0; i < alerts->watches->len; i++) {
		struct watch *before = g_ptr_array_index(alerts->watches, i);

		if (strcmp(before->rule->name, rule->name) != 0)
			continue;
		watch->opened = before->opened;
		if (!alert_rule_counts_alike(before->rule, rule))
			continue;
		take_groups(watch, before);
		watch->open = before->open;
		watch->limited = before->limited;
		before->open = 0;	/* they are the new one's to close */
	}
	return watch;
}

void alerts_configure(struct alerts *alerts, const GPtrArray *rules, const struct privacy *privacy, gint64 now)
{
	GPtrArray *watches = g_ptr_array_new_with_free_func(watch_free);

	pthread_mutex_lock(&alerts->lock);
	move_clock(alerts, now);
	for (guint i = 0; i < rules->len; i++) {
		const struct alert_rule *rule = g_ptr_array_index(rules, i);

		if (rule->enabled)
			g_ptr_array_add(watches, carry_over(alerts, rule));
	}
	for (guint i = 0; i < alerts->watches->len; i++)
		tick_watch(alerts, g_ptr_array_index(alerts->watches, i), "reload");
	g_ptr_array_unref(alerts->watches);
	alerts->watches = watches;
	alerts->privacy = privacy;
	pthread_mutex_unlock(&alerts->lock);
}

void alerts_each(struct alerts *alerts, void (*visit)(const struct alert_state *state, void *data), void *data)
{
	pthread_mutex_lock(&alerts->lock);
	for (guint i = 0; i < alerts->watches->len; i++) {
		const struct watch *watch = g_ptr_array_index(alerts->watches, i);

		visit(&(struct alert_state){.name = watch->rule->name, .open = watch->open, .opened = watch->opened}, data);
	}
	pthread_mutex_unlock(&alerts->lock);
}
