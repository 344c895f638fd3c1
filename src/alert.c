/* alert.c - which failures belong to which incident, when one opens, when it closes.
 *
 *   (quiet) ── condition met ──> open ── condition not met for `close` seconds, rule gone, daemon ends ──> (quiet)
 *
 * Not here: matching (alert-rule.c, alert-index.c), counting (alert-groups.c, alert-window.c), the lines (alert-line.c).
 */
#include "alert.h"

#include "alert-index.h"
#include "id-set.h"

#include <pthread.h>
#include <string.h>

/* A rule in force. */
struct watch {
	struct alert_rule *rule;
	struct alert_groups *groups;
	unsigned open;			/* incidents */
	unsigned long opened;		/* ever */
	bool limited;			/* that there are too many was told */
};

struct alerts {
	pthread_mutex_t lock;		/* not GMutex, which ThreadSanitizer cannot see */
	GPtrArray *watches, *rules;	/* the rules of the watches, in the same order */
	struct alert_index *index;	/* of the rules */
	struct id_set *ids;
	const struct privacy *privacy;	/* borrowed */
	gint64 now, purged;		/* the latest time seen: a clock that is set back stands still here */
	void (*say)(const char *line, void *data);
	void *data;
};

static struct watch *watch_new(const struct alert_rule *rule)
{
	struct watch *watch = g_new0(struct watch, 1);

	watch->rule = alert_rule_copy(rule);
	watch->groups = alert_groups_new();
	return watch;
}

static void watch_free(gpointer data)
{
	struct watch *watch = data;

	alert_rule_free(watch->rule);
	alert_groups_free(watch->groups);
	g_free(watch);
}

struct alerts *alerts_new(void (*say)(const char *line, void *data), void *data)
{
	struct alerts *alerts = g_new0(struct alerts, 1);

	pthread_mutex_init(&alerts->lock, NULL);
	alerts->watches = g_ptr_array_new_with_free_func(watch_free);
	alerts->rules = g_ptr_array_new();
	alerts->index = alert_index_new(alerts->rules);
	alerts->ids = id_set_new(ALERT_IDS);
	alerts->say = say;
	alerts->data = data;
	return alerts;
}

void alerts_free(struct alerts *alerts)
{
	alert_index_free(alerts->index);
	g_ptr_array_unref(alerts->rules);
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

static struct alert_figures figures_of(const struct watch *watch, const struct alert_group *group, gint64 now)
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

static void open_incident(struct alerts *alerts, struct watch *watch, struct alert_group *group, const struct alert_event *event, const struct alert_figures *figures)
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
	say(alerts, alert_line_open(watch->rule, group->name, group->incident, figures, alerts->privacy));
}

static void close_incident(struct alerts *alerts, struct watch *watch, struct alert_group *group, const char *why)
{
	struct alert_figures figures = figures_of(watch, group, alerts->now);

	say(alerts, alert_line_closed(watch->rule, group->name, group->incident, &figures, alerts->privacy, alerts->now, why));
	alert_incident_free(group->incident);
	group->incident = NULL;
	watch->open--;
	if (watch->open < ALERT_OPEN / 2)
		watch->limited = false;
}

/* What an event is under each aspect, found when first asked for: many rules ask for the same. */
struct aspects {
	const struct alert_event *event;
	const char *asked[ALERT_ASPECT_COUNT];
	GRefString *values[ALERT_ASPECT_COUNT];
	unsigned count;
};

static GRefString *find_aspect(struct aspects *aspects, const char *aspect)
{
	unsigned i = 0;

	while (i < aspects->count && strcmp(aspects->asked[i], aspect) != 0)
		i++;
	if (i == aspects->count) {
		char *value = alert_aspect(aspects->event, aspect);

		aspects->asked[i] = aspect;
		aspects->values[i] = g_ref_string_new_intern(value);
		aspects->count++;
		g_free(value);
	}
	return aspects->values[i];
}

static void count_event(struct alerts *alerts, struct watch *watch, GRefString *name, struct aspects *aspects)
{
	struct alert_group *group = alert_groups_find(watch->groups, watch->rule, name, alerts->now);
	struct alert_figures figures;

	alert_window_add(group->window, alerts->now, strcmp(watch->rule->distinct, "none") != 0 ? find_aspect(aspects, watch->rule->distinct) : NULL);
	figures = figures_of(watch, group, alerts->now);
	if (group->incident) {
		group->incident->total++;
		group->incident->peak = MAX(group->incident->peak, figures.count);
	} else if (is_met(watch->rule, &figures)) {
		open_incident(alerts, watch, group, aspects->event, &figures);
	}
}

/* Counts an event for each rule that it is for. */
static void count_for_rules(struct alerts *alerts, const struct alert_event *event)
{
	struct aspects aspects = {.event = event};
	guint64 rules = alert_index_find(alerts->index, event);

	for (guint i = 0; i < alerts->watches->len; i++) {
		struct watch *watch = g_ptr_array_index(alerts->watches, i);
		GRefString *name = rules >> i & 1 ? find_aspect(&aspects, watch->rule->per) : NULL;

		if (name && (*name || strcmp(watch->rule->per, "none") == 0))	/* failures of nobody in particular are no group */
			count_event(alerts, watch, name, &aspects);
	}
	for (unsigned i = 0; i < aspects.count; i++)
		g_ref_string_release(aspects.values[i]);
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
	for (const GList *at = alert_groups_all(watch->groups); at && watch->open > 0; at = at->next) {
		struct alert_group *group = at->data;
		struct alert_figures figures;

		if (!group->incident)
			continue;
		figures = figures_of(watch, group, alerts->now);
		if (is_met(watch->rule, &figures))
			group->incident->last_true = alerts->now;
		if (why || alerts->now - group->incident->last_true >= (gint64)watch->rule->close)
			close_incident(alerts, watch, group, why ? why : "quiet");
	}
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
			alert_groups_purge(watch->groups, alerts->now);
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
	struct alert_groups *groups = watch->groups;

	watch->groups = before->groups;
	before->groups = groups;
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

static void index_rules(struct alerts *alerts)
{
	alert_index_free(alerts->index);
	g_ptr_array_set_size(alerts->rules, 0);
	for (guint i = 0; i < alerts->watches->len; i++)
		g_ptr_array_add(alerts->rules, ((struct watch *)g_ptr_array_index(alerts->watches, i))->rule);
	alerts->index = alert_index_new(alerts->rules);
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
	index_rules(alerts);
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
