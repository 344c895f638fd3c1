/* stats.c - counts messages and, report by report, failures by all that is known of them.
 *
 * Messages and reports count messages; every table counts failures, as the log lines do, and each failure once in each table (as "none" where it has no such
 * value), so that all sums are equal. Not here: the line (stats-line.c), the form of Prometheus (metrics.c).
 */
#include "stats-parts.h"

#include "address.h"

#include <string.h>

const char *const stats_pass_words[PASSES] = {"sender", "ordinary", "no-report", "no-recipient", "given-up"};
const char *const stats_error_words[STATS_ERRORS] = {"edits-refused", "reload", "metrics-file"};

/* Every power of two that matters: explaining takes a millisecond, a report has some kilobytes. */
const double stats_seconds_bounds[HISTOGRAM_BOUNDS] = {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2};
const double stats_size_bounds[HISTOGRAM_BOUNDS] = {1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288, 1048576, 4194304};

static const unsigned limits[STATS_TABLES] = {
	[BY_REASON] = STATS_REASONS, [BY_PROVIDER] = STATS_PROVIDERS, [BY_OWNER] = 20, [BY_CLASS] = 4,			      [BY_ORIGIN] = 4,
	[BY_CODE] = 250,	     [BY_DSN] = 300,		      [BY_ANNOTATED] = 50, [BY_REASON_CLASS] = 3 * (STATS_REASONS + 1),
};

struct stats *stats_new(void)
{
	struct stats *stats = g_new0(struct stats, 1);

	pthread_mutex_init(&stats->lock, NULL);
	for (int i = 0; i < STATS_TABLES; i++)
		stats->tables[i] = tally_new(limits[i]);
	stats->domains = top_new(STATS_DOMAINS, NULL);
	stats->sender_domains = top_new(STATS_DOMAINS, NULL);
	return stats;
}

void stats_free(struct stats *stats)
{
	for (int i = 0; i < STATS_TABLES; i++)
		tally_free(stats->tables[i]);
	top_free(stats->domains);
	top_free(stats->sender_domains);
	pthread_mutex_destroy(&stats->lock);
	g_free(stats);
}

static void count(atomic_ulong *counter)
{
	atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

void stats_count_message(struct stats *stats)
{
	count(&stats->messages);
}

void stats_count_pass(struct stats *stats, enum stats_pass why)
{
	count(&stats->passes[why]);
}

void stats_count_error(struct stats *stats, enum stats_error what)
{
	count(&stats->errors[what]);
}

/* The domain of an address as it may stand in the line: lower case, and nothing that could end the value or the field. The caller frees it. */
static char *safe_domain(const char *address)
{
	const char *domain = address ? address_domain(address) : NULL;
	char *safe = domain && *domain ? g_ascii_strdown(domain, -1) : g_strdup(STATS_NONE);

	for (char *c = safe; *c; c++)
		if (!g_ascii_isalnum(*c) && *c != '.' && *c != '-')
			*c = '_';
	return safe;
}

static void count_domain(struct top *top, const char *address)
{
	char *domain = safe_domain(address);

	top_add(top, domain, TOP_NO_TIME);
	g_free(domain);
}

/* Codes of RFC 5321: whoever writes 4711 does not get a row for it. */
static const char *code_name(struct code code, char buffer[CODE_REPLY_SIZE])
{
	if (!code_has_reply(code))
		return STATS_NONE;
	return code.reply >= 400 && code.reply < 600 ? code_print_reply(code, buffer) : "other";
}

/* Those that are registered (RFC 3463, RFC 5248): the largest detail of each subject. Numbers that providers invent (5.7.606) are "other", or a stranger could
 * fill the table. */
static const char *dsn_name(struct code code, char buffer[CODE_ENHANCED_SIZE])
{
	static const unsigned short details[] = {0, 10, 4, 6, 7, 7, 10, 30};

	if (!code_has_enhanced(code))
		return STATS_NONE;
	if (code.class == 2 || code.subject >= G_N_ELEMENTS(details) || code.detail > details[code.subject])
		return "other";
	return code_print_enhanced(code, buffer);
}

/* "headers+body", "headers", "none", and for "headers (dkim-signed)" the reason alone: a word that may stand in the line. The caller frees it. */
static char *annotated_name(const char *annotated)
{
	const char *why = annotated ? strchr(annotated, '(') : NULL;

	return why ? g_strndup(why + 1, strcspn(why + 1, ")")) : g_strdup(annotated && *annotated ? annotated : STATS_NONE);
}

static const char *or_none(const char *name)
{
	return name && *name ? name : STATS_NONE;
}

static void count_in_tables(struct stats *stats, const struct explanation *explanation, const char *annotated)
{
	char reply[CODE_REPLY_SIZE], enhanced[CODE_ENHANCED_SIZE];
	const struct code code = explanation->failure->code;
	const char *class = or_none(explanation->class);
	char *both = g_strdup_printf("%s\t%s", explanation->reason, class), *how = annotated_name(annotated);
	const char *const names[STATS_TABLES] = {
		[BY_REASON] = explanation->reason,
		[BY_PROVIDER] = or_none(explanation->provider),
		[BY_OWNER] = or_none(explanation->owner),
		[BY_CLASS] = class,
		[BY_ORIGIN] = or_none(origin_word(explanation->origin)),
		[BY_CODE] = code_name(code, reply),
		[BY_DSN] = dsn_name(code, enhanced),
		[BY_ANNOTATED] = how,
		[BY_REASON_CLASS] = both,
	};

	for (int i = 0; i < STATS_TABLES; i++)
		tally_add(stats->tables[i], names[i], 1);
	g_free(how);
	g_free(both);
}

/* Under the lock, as what follows. */
static void count_failure(struct stats *stats, const struct explanation *explanation, const struct stats_report *report)
{
	stats->counts.failures++;
	if (g_strcmp0(explanation->class, "transient") == 0)
		stats->counts.transient++;
	else if (explanation->class)
		stats->counts.permanent++;
	if (strcmp(explanation->reason, "unspecified") == 0)
		stats->counts.unexplained++;
	count_in_tables(stats, explanation, report->annotated);
	count_domain(stats->domains, explanation->failure->to);
	count_domain(stats->sender_domains, report->sender);
}

static void count_value(struct histogram *histogram, const double *bounds, double value)
{
	unsigned i = 0;

	while (i < HISTOGRAM_BOUNDS && value > bounds[i])
		i++;
	histogram->buckets[i]++;
	histogram->sum += value;
}

static void count_news(struct stats *stats, const struct stats_report *news)
{
	const GArray *explanations = news->report->explanations;

	stats->counts.lines += news->lines;
	stats->counts.suppressed += news->suppressed;
	stats->slowest = MAX(stats->slowest, news->seconds);
	count_value(&stats->seconds, stats_seconds_bounds, news->seconds);
	count_value(&stats->sizes, stats_size_bounds, (double)news->size);
	for (guint i = 0; i < explanations->len; i++) {
		const struct explanation *explanation = &g_array_index(explanations, struct explanation, i);

		if (explanation_is_news(explanation))
			count_failure(stats, explanation, news);
	}
}

void stats_count_report(struct stats *stats, const struct stats_report *report)
{
	enum kind kind = report->report->bounce->kind;
	bool news = report_has_news(report->report);

	if (kind == KIND_NONE || ((kind == KIND_BOUNCE || kind == KIND_DELAY) && !news)) {
		stats_count_pass(stats, kind == KIND_NONE ? PASS_NO_REPORT : PASS_NO_RECIPIENT);
		return;
	}
	pthread_mutex_lock(&stats->lock);
	stats->counts.kinds[kind]++;
	if (news)
		count_news(stats, report);
	pthread_mutex_unlock(&stats->lock);
}

void stats_hide_domains(struct stats *stats, bool hide)
{
	pthread_mutex_lock(&stats->lock);
	stats->hide_domains = hide;
	pthread_mutex_unlock(&stats->lock);
}

static void know_entry(const struct catalogue_entry *entry, void *data)
{
	struct stats *stats = data;
	const char *name = strchr(entry_id(entry), '.');
	char *key;

	if (!name)
		return;
	name++;
	if (entry_sort(entry) == ENTRY_PROVIDER)
		tally_add(stats->tables[BY_PROVIDER], name, 0);
	if (entry_sort(entry) != ENTRY_REASON || strcmp(name, "success") == 0)
		return;
	tally_add(stats->tables[BY_REASON], name, 0);
	for (int permanent = 0; permanent < 2; permanent++) {
		key = g_strdup_printf("%s\t%s", name, permanent ? "permanent" : "transient");
		tally_add(stats->tables[BY_REASON_CLASS], key, 0);
		g_free(key);
	}
}

void stats_know(struct stats *stats, const struct catalogue *catalogue)
{
	static const char *const owners[] = {"sender", "sender-admin", "recipient", "recipient-admin", "nobody"}, *const annotated[] = {"headers+body", "headers", STATS_NONE};

	pthread_mutex_lock(&stats->lock);
	catalogue_each(catalogue, know_entry, stats);
	for (size_t i = 0; i < G_N_ELEMENTS(owners); i++)
		tally_add(stats->tables[BY_OWNER], owners[i], 0);
	for (size_t i = 0; i < G_N_ELEMENTS(annotated); i++)
		tally_add(stats->tables[BY_ANNOTATED], annotated[i], 0);
	for (int origin = ORIGIN_UNKNOWN; origin <= ORIGIN_NOT_OURS; origin++)
		tally_add(stats->tables[BY_ORIGIN], origin_word((enum origin)origin), 0);
	pthread_mutex_unlock(&stats->lock);
}
