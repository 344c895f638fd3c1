/* conf-rules.c - reads, prints and checks the rules of alerts.
 *
 * A section with the name of a shipped rule changes single keys of it, another one makes a rule. Not here: what a rule does (alert-rule.c, alert.c), the table of
 * its keys (conf-keys.c).
 */
#include "conf-rules.h"

#include "conf-value.h"

#include <string.h>

#define PREFIX "alert."

bool conf_is_rule(const char *section)
{
	return g_str_has_prefix(section, PREFIX);
}

static bool is_name(const char *name)
{
	for (const char *c = name; *c; c++)
		if (!g_ascii_islower(*c) && !g_ascii_isdigit(*c) && *c != '-')
			return false;
	return *name && strlen(name) <= ALERT_NAME_LIMIT;
}

static const struct conf_key *find_key(const char *name)
{
	for (const struct conf_key *key = alert_keys; key->section; key++)
		if (strcmp(key->key, name) == 0)
			return key;
	return NULL;
}

static struct alert_rule *find_rule(const GPtrArray *rules, const char *name)
{
	for (guint i = 0; i < rules->len; i++) {
		struct alert_rule *rule = g_ptr_array_index(rules, i);

		if (strcmp(rule->name, name) == 0)
			return rule;
	}
	return NULL;
}

static struct alert_rule *add_rule(GPtrArray *rules, const char *name)
{
	struct alert_rule *rule = alert_rule_new(name);

	for (const struct conf_key *key = alert_keys; key->section; key++) {
		char *wrong = conf_value_set(rule, key, key->fallback);

		g_assert(!wrong);	/* a default that its own row refuses is a bug of the table */
	}
	g_ptr_array_add(rules, rule);
	return rule;
}

GPtrArray *conf_rules_defaults(void)
{
	GPtrArray *rules = g_ptr_array_new_with_free_func(alert_rule_free);

	for (const struct alert_default *row = alert_defaults; row->name; row++) {
		struct alert_rule *rule = find_rule(rules, row->name);
		const struct conf_key *key = find_key(row->key);
		char *wrong = key ? conf_value_set(rule ? rule : add_rule(rules, row->name), key, row->value) : g_strdup(row->key);

		g_assert(!wrong);
	}
	return rules;
}

char *conf_rules_set(GPtrArray *rules, const struct keyfile_item *item)
{
	const char *name = item->section + strlen(PREFIX);
	const struct conf_key *key = find_key(item->key);
	struct alert_rule *rule = find_rule(rules, name);

	if (!is_name(name))
		return g_strdup_printf("the name behind \"alert.\" must be at most %u small letters, digits and hyphens", ALERT_NAME_LIMIT);
	if (!key)
		return g_strdup("there is no such key in this section");
	if (!rule && rules->len >= ALERT_RULES_LIMIT)
		return g_strdup_printf("there are more than %u rules", ALERT_RULES_LIMIT);
	if (!rule)
		rule = add_rule(rules, name);
	if (strcmp(key->key, "reason") == 0 || strcmp(key->key, "provider") == 0) {
		g_free(rule->place);
		rule->place = g_strdup_printf("%s:%d", item->file, item->line);
	}
	return conf_value_set(rule, key, item->value);
}

void conf_rules_print(const GPtrArray *rules, GString *out)
{
	for (guint i = 0; i < rules->len; i++) {
		const struct alert_rule *rule = g_ptr_array_index(rules, i);

		g_string_append_printf(out, "\n[" PREFIX "%s]\n", rule->name);
		for (const struct conf_key *key = alert_keys; key->section; key++) {
			char *value = conf_value_print(rule, key);

			if (strcmp(value, key->fallback) != 0 || strcmp(key->key, "enabled") == 0)
				g_string_append_printf(out, "%s = %s\n", key->key, value);
			g_free(value);
		}
	}
}

/* A word that may have a "*" in it, and whether some entry answers to it. */
struct search {
	const char *word;
	enum catalogue_sort sort;
	bool found;
};

static void try_entry(const struct catalogue_entry *entry, void *data)
{
	struct search *search = data;
	const char *dot = strchr(entry_id(entry), '.');

	if (entry_sort(entry) == search->sort && dot && g_pattern_match_simple(search->word, dot + 1))
		search->found = true;
}

static bool check_words(const struct alert_rule *rule, const char *key, char **words, enum catalogue_sort sort, const struct catalogue *catalogue, GError **error)
{
	for (; *words; words++) {
		struct search search = {.word = *words, .sort = sort};

		catalogue_each(catalogue, try_entry, &search);
		if (search.found)
			continue;
		g_set_error(error, CONF_ERROR, 0, "%s%s[" PREFIX "%s] %s: the catalogue has no such %s: %s", rule->place ? rule->place : "", rule->place ? ": " : "",
			    rule->name, key, key, *words);
		return false;
	}
	return true;
}

bool conf_rules_check(const GPtrArray *rules, const struct catalogue *catalogue, GError **error)
{
	for (guint i = 0; i < rules->len; i++) {
		const struct alert_rule *rule = g_ptr_array_index(rules, i);

		if (!check_words(rule, "reason", rule->reason, ENTRY_REASON, catalogue, error) ||
		    !check_words(rule, "provider", rule->provider, ENTRY_PROVIDER, catalogue, error))
			return false;
	}
	return true;
}
