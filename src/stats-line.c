/* stats-line.c - the line of statistics: what was counted since the last one.
 *
 * Lists are cut where the line would grow beyond what syslog carries; what a list leaves out stands in it as "other", so that it still adds up.
 */
#include "stats-parts.h"

#include <string.h>

#define LINE_LIMIT 860u		/* as in render-log.c */
#define NAME_LIMIT 48u		/* bytes of one name */
#define LIST_ROOM 24u		/* kept free for ",none:N,other:N" at the end of a list */

/* What of the line is not yet written, and how far it may grow. */
struct list {
	GString *line;
	size_t start;			/* where the list begins */
	size_t limit;			/* of the line */
	unsigned long none, other;
};

static void list_begin(struct list *list, const char *name)
{
	list->start = list->line->len;
	g_string_append_printf(list->line, " %s=", name);
}

static void list_separate(struct list *list)
{
	if (list->line->str[list->line->len - 1] != '=')
		g_string_append_c(list->line, ',');
}

/* What has no name, and what does not fit, go to the end. */
static void list_add(struct list *list, const char *name, unsigned long count)
{
	if (strcmp(name, STATS_NONE) == 0) {
		list->none += count;
	} else if (strcmp(name, "other") == 0 || list->line->len + MIN(strlen(name), NAME_LIMIT) + LIST_ROOM > list->limit) {
		list->other += count;
	} else {
		list_separate(list);
		if (strlen(name) > NAME_LIMIT)
			g_string_append_printf(list->line, "%.*s...:%lu", (int)NAME_LIMIT - 3, name, count);
		else
			g_string_append_printf(list->line, "%s:%lu", name, count);
	}
}

/* An empty list is no list, and one for which there is no room at all is left out. */
static void list_end(struct list *list)
{
	if (list->none) {
		list_separate(list);
		g_string_append_printf(list->line, STATS_NONE ":%lu", list->none);
	}
	if (list->other) {
		list_separate(list);
		g_string_append_printf(list->line, "other:%lu", list->other);
	}
	if (list->line->str[list->line->len - 1] == '=' || list->line->len > LINE_LIMIT)
		g_string_truncate(list->line, list->start);
}

static void append_table(GString *line, const char *name, const struct tally *tally, size_t limit)
{
	GArray *rows = tally_rows(tally, FALSE);
	struct list list = {.line = line, .limit = limit};
	unsigned shown = 0;

	list_begin(&list, name);
	for (guint i = 0; i < rows->len; i++) {
		const struct tally_row *row = &g_array_index(rows, struct tally_row, i);
		bool named = strcmp(row->name, STATS_NONE) != 0;

		if (row->recent > 0)
			list_add(&list, !named || shown < STATS_TOP ? row->name : "other", row->recent);
		shown += named;
	}
	list_end(&list);
	g_array_unref(rows);
}

/* What is certain of each, so that nothing is counted for a name that was not there. */
static void append_top(GString *line, const char *name, const struct top *top, size_t limit)
{
	struct list list = {.line = line, .limit = limit, .other = top_total(top)};
	GPtrArray *rows = top_rows(top, STATS_TOP);

	list_begin(&list, name);
	for (guint i = 0; i < rows->len; i++) {
		const struct top_row *row = g_ptr_array_index(rows, i);
		unsigned long certain = row->count - row->error;

		list.other -= certain;
		if (certain > 0)
			list_add(&list, row->name, certain);
	}
	list_end(&list);
	g_ptr_array_unref(rows);
}

static void append_numbers(GString *line, const struct stats *stats, unsigned long messages, unsigned long errors)
{
	const struct stats_counts *now = &stats->counts, *then = &stats->before;
	unsigned long bounces = now->kinds[KIND_BOUNCE] - then->kinds[KIND_BOUNCE], delays = now->kinds[KIND_DELAY] - then->kinds[KIND_DELAY];

	g_string_append_printf(line, " messages=%lu reports=%lu bounces=%lu delays=%lu permanent=%lu transient=%lu unexplained=%lu errors=%lu", messages,
			       bounces + delays, bounces, delays, now->permanent - then->permanent, now->transient - then->transient,
			       now->unexplained - then->unexplained, errors);
}

static void append_more_numbers(GString *line, const struct stats *stats)
{
	const struct stats_counts *now = &stats->counts, *then = &stats->before;
	char slowest[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append_printf(line, " failures=%lu lines=%lu suppressed=%lu slowest=%s", now->failures - then->failures, now->lines - then->lines,
			       now->suppressed - then->suppressed, g_ascii_formatd(slowest, sizeof slowest, "%.4f", MIN(stats->slowest, 9999.0)));
}

/* "skipped=ordinary:17990,no-report:3" */
static void append_passes(GString *line, const struct stats *stats, const unsigned long passes[PASSES])
{
	struct list list = {.line = line, .limit = LINE_LIMIT};

	list_begin(&list, "skipped");
	for (int i = 0; i < PASSES; i++)
		if (passes[i] > stats->passes_before[i])
			list_add(&list, stats_pass_words[i], passes[i] - stats->passes_before[i]);
	list_end(&list);
}

/* The interval is over: what is counted from here on belongs to the next. */
static void begin_interval(struct stats *stats)
{
	for (int i = 0; i < STATS_TABLES; i++)
		tally_begin(stats->tables[i]);
	top_free(stats->domains);
	top_free(stats->sender_domains);
	stats->domains = top_new(STATS_DOMAINS, NULL);
	stats->sender_domains = top_new(STATS_DOMAINS, NULL);
	stats->before = stats->counts;
	stats->slowest = 0;
}

void stats_take(struct stats *stats, unsigned interval, GString *out)
{
	unsigned long messages, passes[PASSES], errors;

	pthread_mutex_lock(&stats->lock);
	messages = atomic_load_explicit(&stats->messages, memory_order_relaxed);
	errors = atomic_load_explicit(&stats->errors[ERROR_EDITS], memory_order_relaxed);
	for (int i = 0; i < PASSES; i++)
		passes[i] = atomic_load_explicit(&stats->passes[i], memory_order_relaxed);
	g_string_append_printf(out, "stats: interval=%u", interval);
	append_numbers(out, stats, messages - stats->messages_before, errors - stats->errors_before[ERROR_EDITS]);
	append_table(out, "top_reason", stats->tables[BY_REASON], LINE_LIMIT - 330);
	append_table(out, "top_provider", stats->tables[BY_PROVIDER], LINE_LIMIT - 280);
	if (!stats->hide_domains)
		append_top(out, "top_domain", stats->domains, LINE_LIMIT - 230);
	append_more_numbers(out, stats);
	append_passes(out, stats, passes);
	if (!stats->hide_domains)
		append_top(out, "top_sender_domain", stats->sender_domains, LINE_LIMIT - 40);
	append_table(out, "top_code", stats->tables[BY_CODE], LINE_LIMIT);
	append_table(out, "top_dsn", stats->tables[BY_DSN], LINE_LIMIT);
	append_table(out, "annotated", stats->tables[BY_ANNOTATED], LINE_LIMIT);
	append_table(out, "top_owner", stats->tables[BY_OWNER], LINE_LIMIT);
	append_table(out, "top_origin", stats->tables[BY_ORIGIN], LINE_LIMIT);
	stats->messages_before = messages;
	stats->errors_before[ERROR_EDITS] = errors;
	memcpy(stats->passes_before, passes, sizeof passes);
	begin_interval(stats);
	pthread_mutex_unlock(&stats->lock);
}
