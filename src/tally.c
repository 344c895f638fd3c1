/* tally.c - a hash table of counters that stops growing.
 *
 * Counts only grow and a name that has its row keeps it, so that a total may be shown as a counter of Prometheus. For names that strangers choose, of which the
 * frequent ones are wanted: top.c.
 */
#include "tally.h"

#include <string.h>

struct tally {
	GHashTable *rows;		/* name → struct counts */
	unsigned limit;
};

struct counts {
	unsigned long total, before;	/* before: total when the interval began */
};

struct tally *tally_new(unsigned limit)
{
	struct tally *tally = g_new0(struct tally, 1);

	tally->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	tally->limit = limit;
	return tally;
}

void tally_free(struct tally *tally)
{
	g_hash_table_unref(tally->rows);
	g_free(tally);
}

void tally_add(struct tally *tally, const char *name, unsigned long count)
{
	struct counts *counts = g_hash_table_lookup(tally->rows, name);

	if (!counts && g_hash_table_size(tally->rows) >= tally->limit) {
		name = "other";
		counts = g_hash_table_lookup(tally->rows, name);
	}
	if (!counts) {
		counts = g_new0(struct counts, 1);
		g_hash_table_insert(tally->rows, g_strdup(name), counts);
	}
	counts->total += count;
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(((const struct tally_row *)a)->name, ((const struct tally_row *)b)->name);
}

static gint compare_recent(gconstpointer a, gconstpointer b)
{
	const struct tally_row *left = a, *right = b;

	if (left->recent != right->recent)
		return left->recent < right->recent ? 1 : -1;
	return compare_names(a, b);
}

GArray *tally_rows(const struct tally *tally, gboolean by_name)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct tally_row));
	GHashTableIter iterator;
	gpointer name, value;

	g_hash_table_iter_init(&iterator, tally->rows);
	while (g_hash_table_iter_next(&iterator, &name, &value)) {
		const struct counts *counts = value;
		struct tally_row row = {.name = name, .total = counts->total, .recent = counts->total - counts->before};

		g_array_append_val(rows, row);
	}
	g_array_sort(rows, by_name ? compare_names : compare_recent);
	return rows;
}

void tally_begin(struct tally *tally)
{
	GHashTableIter iterator;
	gpointer value;

	g_hash_table_iter_init(&iterator, tally->rows);
	while (g_hash_table_iter_next(&iterator, NULL, &value))
		((struct counts *)value)->before = ((struct counts *)value)->total;
}
