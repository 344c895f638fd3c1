/* stats.c - counts messages, and failures by reason, provider and recipient domain.
 *
 * messages, reports, bounces and delays count messages; permanent, transient, unexplained and the top lists count failures, as the log lines do.
 */
#include "stats.h"

#include "address.h"
#include "card.h"

#include <pthread.h>
#include <string.h>

enum counter { MESSAGES, REPORTS, BOUNCES, DELAYS, PERMANENT, TRANSIENT, UNEXPLAINED, ERRORS, COUNTERS };

static const char *const counter_names[COUNTERS] = {"messages", "reports", "bounces", "delays", "permanent", "transient", "unexplained", "errors"};

enum table { REASON, PROVIDER, DOMAIN, TABLES };

static const char *const table_names[TABLES] = {"top_reason", "top_provider", "top_domain"};

struct stats {
	pthread_mutex_t lock;	/* not GMutex, which ThreadSanitizer cannot see */
	unsigned long counters[COUNTERS];
	GHashTable *tables[TABLES];	/* name → count */
};

struct stats *stats_new(void)
{
	struct stats *stats = g_new0(struct stats, 1);

	pthread_mutex_init(&stats->lock, NULL);
	for (int i = 0; i < TABLES; i++)
		stats->tables[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return stats;
}

void stats_free(struct stats *stats)
{
	for (int i = 0; i < TABLES; i++)
		g_hash_table_unref(stats->tables[i]);
	pthread_mutex_destroy(&stats->lock);
	g_free(stats);
}

static void count(struct stats *stats, enum counter counter)
{
	pthread_mutex_lock(&stats->lock);
	stats->counters[counter]++;
	pthread_mutex_unlock(&stats->lock);
}

void stats_count_message(struct stats *stats)
{
	count(stats, MESSAGES);
}

void stats_count_error(struct stats *stats)
{
	count(stats, ERRORS);
}

/* Under the lock. */
static void count_name(GHashTable *table, const char *name)
{
	gsize count;

	if (!name || !*name)
		return;
	if (!g_hash_table_contains(table, name) && g_hash_table_size(table) >= STATS_NAMES_LIMIT)
		name = "other";
	count = GPOINTER_TO_SIZE(g_hash_table_lookup(table, name));
	g_hash_table_insert(table, g_strdup(name), GSIZE_TO_POINTER(count + 1));
}

/* A domain as it may stand in the line: lower case, and nothing that could end the value or the field. */
static char *safe_domain(const char *address)
{
	const char *domain = address ? address_domain(address) : NULL;
	char *safe = domain ? g_ascii_strdown(domain, -1) : NULL;

	for (char *c = safe; c && *c; c++)
		if (!g_ascii_isalnum(*c) && *c != '.' && *c != '-')
			*c = '_';
	return safe;
}

/* Under the lock. */
static void count_failure(struct stats *stats, const struct explanation *explanation)
{
	char *domain = safe_domain(explanation->failure->to);

	if (explanation->class)
		stats->counters[strcmp(explanation->class, "transient") == 0 ? TRANSIENT : PERMANENT]++;
	if (strcmp(explanation->reason, "unspecified") == 0)
		stats->counters[UNEXPLAINED]++;
	count_name(stats->tables[REASON], explanation->reason);
	count_name(stats->tables[PROVIDER], explanation->provider);
	count_name(stats->tables[DOMAIN], domain);
	g_free(domain);
}

void stats_count_report(struct stats *stats, const struct report *report)
{
	if (!report_has_news(report))
		return;
	pthread_mutex_lock(&stats->lock);
	stats->counters[REPORTS]++;
	stats->counters[report->bounce->kind == KIND_DELAY ? DELAYS : BOUNCES]++;
	for (guint i = 0; i < report->explanations->len; i++) {
		const struct explanation *explanation = &g_array_index(report->explanations, struct explanation, i);

		if (card_concerns(explanation))
			count_failure(stats, explanation);
	}
	pthread_mutex_unlock(&stats->lock);
}

/* Larger counts first, then by name, so that the line is the same for the same counts. */
static gint compare_names(gconstpointer a, gconstpointer b, gpointer table)
{
	const char *left = *(const char *const *)a, *right = *(const char *const *)b;
	gsize left_count = GPOINTER_TO_SIZE(g_hash_table_lookup(table, left));
	gsize right_count = GPOINTER_TO_SIZE(g_hash_table_lookup(table, right));

	if (left_count != right_count)
		return left_count < right_count ? 1 : -1;
	return strcmp(left, right);
}

/* "name:count,name:count", at most STATS_TOP of them. */
static void append_top(GString *out, GHashTable *table)
{
	guint length;
	gpointer *names = g_hash_table_get_keys_as_array(table, &length);

	g_qsort_with_data(names, (gint)length, sizeof *names, compare_names, table);
	for (guint i = 0; i < MIN(length, STATS_TOP); i++)
		g_string_append_printf(out, "%s%s:%zu", i ? "," : "", (const char *)names[i], GPOINTER_TO_SIZE(g_hash_table_lookup(table, names[i])));
	g_free(names);
}

void stats_take(struct stats *stats, unsigned interval, GString *out)
{
	pthread_mutex_lock(&stats->lock);
	g_string_append_printf(out, "stats: interval=%u", interval);
	for (int i = 0; i < COUNTERS; i++)
		g_string_append_printf(out, " %s=%lu", counter_names[i], stats->counters[i]);
	for (int i = 0; i < TABLES; i++) {
		if (g_hash_table_size(stats->tables[i]) == 0)
			continue;
		g_string_append_printf(out, " %s=", table_names[i]);
		append_top(out, stats->tables[i]);
		g_hash_table_remove_all(stats->tables[i]);
	}
	memset(stats->counters, 0, sizeof stats->counters);
	pthread_mutex_unlock(&stats->lock);
}
