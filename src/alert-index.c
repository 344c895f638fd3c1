/* alert-index.c - for each value of each key a set of rules; the sets of an event's values have in common the rules that it is for.
 *
 * A message may have a thousand recipients and a site fifty rules with words and patterns. Not here: what a rule lets through (alert-rule.c).
 */
#include "alert-index.h"

G_STATIC_ASSERT(ALERT_RULES_LIMIT <= 64);

struct alert_index {
	const GPtrArray *rules;
	guint64 unknown[ALERT_FILTERS];		/* the rules that ask for no value of it */
	GHashTable *known[ALERT_FILTERS];	/* value → guint64: the rules that let it through */
};

static guint64 ask_rules(const struct alert_index *index, enum alert_filter filter, const char *value)
{
	guint64 rules = 0;

	for (guint i = 0; i < index->rules->len; i++)
		if (alert_rule_lets(g_ptr_array_index(index->rules, i), filter, value))
			rules |= G_GUINT64_CONSTANT(1) << i;
	return rules;
}

struct alert_index *alert_index_new(const GPtrArray *rules)
{
	struct alert_index *index = g_new0(struct alert_index, 1);

	index->rules = rules;
	for (int filter = 0; filter < ALERT_FILTERS; filter++) {
		index->unknown[filter] = ask_rules(index, (enum alert_filter)filter, NULL);
		index->known[filter] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	}
	return index;
}

void alert_index_free(struct alert_index *index)
{
	if (!index)
		return;
	for (int filter = 0; filter < ALERT_FILTERS; filter++)
		g_hash_table_unref(index->known[filter]);
	g_free(index);
}

static guint64 find_value(struct alert_index *index, enum alert_filter filter, const char *value)
{
	guint64 *rules;

	if (!value)
		return index->unknown[filter];
	rules = g_hash_table_lookup(index->known[filter], value);
	if (!rules) {
		rules = g_new(guint64, 1);
		*rules = ask_rules(index, filter, value);
		g_hash_table_insert(index->known[filter], g_strdup(value), rules);
	}
	return *rules;
}

guint64 alert_index_find(struct alert_index *index, const struct alert_event *event)
{
	const char *const values[ALERT_FILTERS] = {
		[ALERT_KIND] = event->kind,   [ALERT_REASON] = event->reason, [ALERT_PROVIDER] = event->provider,
		[ALERT_OWNER] = event->owner, [ALERT_CLASS] = event->class,   [ALERT_ORIGIN] = event->origin,
	};
	guint64 rules = G_MAXUINT64;

	for (int filter = 0; filter < ALERT_FILTERS && rules; filter++)
		rules &= find_value(index, (enum alert_filter)filter, values[filter]);
	return rules;
}
