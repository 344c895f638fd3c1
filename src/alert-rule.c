/* alert-rule.c - matching of rules, and the aspects by which failures are grouped.
 *
 * Not here: counting (alert-window.c), incidents (alert.c), the keys of a rule (conf-keys.c).
 */
#include "alert-rule.h"

#include "address.h"

#include <string.h>

struct alert_rule *alert_rule_new(const char *name)
{
	struct alert_rule *rule = g_new0(struct alert_rule, 1);

	rule->name = g_strdup(name);
	return rule;
}

struct alert_rule *alert_rule_copy(const struct alert_rule *rule)
{
	struct alert_rule *copy = g_new0(struct alert_rule, 1);

	*copy = *rule;
	copy->name = g_strdup(rule->name);
	copy->kind = g_strdupv(rule->kind);
	copy->reason = g_strdupv(rule->reason);
	copy->provider = g_strdupv(rule->provider);
	copy->owner = g_strdupv(rule->owner);
	copy->class = g_strdupv(rule->class);
	copy->origin = g_strdupv(rule->origin);
	copy->per = g_strdup(rule->per);
	copy->distinct = g_strdup(rule->distinct);
	copy->place = g_strdup(rule->place);
	return copy;
}

void alert_rule_free(gpointer data)
{
	struct alert_rule *rule = data;

	g_free(rule->name);
	g_strfreev(rule->kind);
	g_strfreev(rule->reason);
	g_strfreev(rule->provider);
	g_strfreev(rule->owner);
	g_strfreev(rule->class);
	g_strfreev(rule->origin);
	g_free(rule->per);
	g_free(rule->distinct);
	g_free(rule->place);
	g_free(rule);
}

bool alert_rule_lets(const struct alert_rule *rule, enum alert_filter filter, const char *value)
{
	char *const *const lists[ALERT_FILTERS] = {
		[ALERT_KIND] = rule->kind,   [ALERT_REASON] = rule->reason, [ALERT_PROVIDER] = rule->provider,
		[ALERT_OWNER] = rule->owner, [ALERT_CLASS] = rule->class,   [ALERT_ORIGIN] = rule->origin,
	};
	char *const *words = lists[filter];

	if (!words || !*words)
		return true;
	for (; value && *words; words++)
		if (strchr(*words, '*') ? g_pattern_match_simple(*words, value) : strcmp(*words, value) == 0)
			return true;
	return false;
}

static bool same_words(char **a, char **b)
{
	return g_strv_equal((const char *const *)a, (const char *const *)b);
}

bool alert_rule_counts_alike(const struct alert_rule *a, const struct alert_rule *b)
{
	return strcmp(a->per, b->per) == 0 && strcmp(a->distinct, b->distinct) == 0 && a->window == b->window && a->baseline == b->baseline &&
	       a->distinct_count == b->distinct_count && same_words(a->kind, b->kind) && same_words(a->reason, b->reason) &&
	       same_words(a->provider, b->provider) && same_words(a->owner, b->owner) && same_words(a->class, b->class) && same_words(a->origin, b->origin);
}

/* The domain that somebody registered, as far as the form of a name tells: its last two labels, three below a short one of a country (example.co.uk). NULL for an
 * address literal. The caller frees it. */
static char *registered_domain(const char *host)
{
	char **labels, *domain;
	guint count, keep = 2;

	if (!host || !*host || *host == '[' || g_hostname_is_ip_address(host))
		return NULL;
	labels = g_strsplit(host, ".", -1);
	count = g_strv_length(labels);
	if (count > 1 && !*labels[count - 1])	/* the dot of the root */
		count--;
	if (count > 2 && strlen(labels[count - 1]) == 2 && strlen(labels[count - 2]) <= 3)
		keep = 3;
	g_free(labels[count]);
	labels[count] = NULL;
	domain = g_strjoinv(".", labels + (count > keep ? count - keep : 0));
	g_strfreev(labels);
	return domain;
}

static char *domain_of(const char *address)
{
	const char *domain = address ? address_domain(address) : NULL;

	return domain && *domain ? g_strdup(domain) : NULL;
}

static char *remote_domain(const struct alert_event *event)
{
	char *domain = registered_domain(event->remote);

	return domain ? domain : domain_of(event->to);
}

/* As written in the report; NULL where it is not known. */
static char *raw_aspect(const struct alert_event *event, const char *aspect)
{
	if (strcmp(aspect, "reason") == 0)
		return g_strdup(event->reason);
	if (strcmp(aspect, "provider") == 0)
		return event->provider ? g_strdup(event->provider) : remote_domain(event);
	if (strcmp(aspect, "remote_domain") == 0)
		return remote_domain(event);
	if (strcmp(aspect, "sender") == 0)
		return g_strdup(event->sender);
	if (strcmp(aspect, "sender_domain") == 0)
		return domain_of(event->sender);
	if (strcmp(aspect, "recipient") == 0)
		return g_strdup(event->to);
	if (strcmp(aspect, "recipient_domain") == 0)
		return domain_of(event->to);
	return NULL;
}

char *alert_aspect(const struct alert_event *event, const char *aspect)
{
	char *raw = raw_aspect(event, aspect), *lower = g_ascii_strdown(raw ? raw : "", -1);

	g_free(raw);
	return lower;
}
