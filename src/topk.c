/* topk.c - Space-Saving: a new name takes the place of the least frequent one and inherits its count as a possible error.
 *
 * Names stand in a heap with the smallest count on top, so each addition costs a lookup and a few swaps, whatever a stranger sends.
 */
#include "topk.h"

#include <string.h>

struct entry {
	char *name;
	unsigned long count, error;	/* error: how much of count may belong to names that were replaced */
	guint place;			/* in the heap */
};

struct topk {
	GHashTable *index;		/* name → struct entry, which the heap owns */
	GPtrArray *heap;
	unsigned capacity;
	unsigned long added;
};

static void entry_free(gpointer data)
{
	struct entry *entry = data;

	g_free(entry->name);
	g_free(entry);
}

struct topk *topk_new(unsigned capacity)
{
	struct topk *topk = g_new0(struct topk, 1);

	topk->index = g_hash_table_new(g_str_hash, g_str_equal);
	topk->heap = g_ptr_array_new_with_free_func(entry_free);
	topk->capacity = capacity;
	return topk;
}

void topk_free(struct topk *topk)
{
	g_hash_table_unref(topk->index);
	g_ptr_array_unref(topk->heap);
	g_free(topk);
}

static struct entry *at(const struct topk *topk, guint place)
{
	return g_ptr_array_index(topk->heap, place);
}

static void put(struct topk *topk, guint place, struct entry *entry)
{
	g_ptr_array_index(topk->heap, place) = entry;
	entry->place = place;
}

static void sift_up(struct topk *topk, struct entry *entry)
{
	guint place = entry->place;

	while (place > 0 && at(topk, (place - 1) / 2)->count > entry->count) {
		put(topk, place, at(topk, (place - 1) / 2));
		place = (place - 1) / 2;
	}
	put(topk, place, entry);
}

static void sift_down(struct topk *topk, struct entry *entry)
{
	guint place = entry->place, length = topk->heap->len;

	for (;;) {
		guint child = 2 * place + 1;

		if (child + 1 < length && at(topk, child + 1)->count < at(topk, child)->count)
			child++;
		if (child >= length || at(topk, child)->count >= entry->count)
			break;
		put(topk, place, at(topk, child));
		place = child;
	}
	put(topk, place, entry);
}

static struct entry *insert(struct topk *topk, const char *name)
{
	struct entry *entry = g_new0(struct entry, 1);

	entry->name = g_strdup(name);
	entry->place = topk->heap->len;
	g_ptr_array_add(topk->heap, entry);
	sift_up(topk, entry);
	g_hash_table_insert(topk->index, entry->name, entry);
	return entry;
}

static struct entry *replace_smallest(struct topk *topk, const char *name)
{
	struct entry *entry = at(topk, 0);

	g_hash_table_remove(topk->index, entry->name);
	g_free(entry->name);
	entry->name = g_strdup(name);
	entry->error = entry->count;
	g_hash_table_insert(topk->index, entry->name, entry);
	return entry;
}

void topk_add(struct topk *topk, const char *name)
{
	struct entry *entry = g_hash_table_lookup(topk->index, name);

	if (!entry)
		entry = topk->heap->len < topk->capacity ? insert(topk, name) : replace_smallest(topk, name);
	entry->count++;
	topk->added++;
	sift_down(topk, entry);
}

void topk_clear(struct topk *topk)
{
	g_hash_table_remove_all(topk->index);
	g_ptr_array_set_size(topk->heap, 0);
	topk->added = 0;
}

static gint compare_rows(gconstpointer a, gconstpointer b)
{
	const struct topk_row *left = a, *right = b;

	if (left->count != right->count)
		return left->count < right->count ? 1 : -1;
	return strcmp(left->name, right->name);
}

GArray *topk_rows(const struct topk *topk, unsigned count, unsigned long *other)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct topk_row));

	for (guint i = 0; i < topk->heap->len; i++) {
		struct topk_row row = {.name = at(topk, i)->name, .count = at(topk, i)->count - at(topk, i)->error};

		if (row.count > 0)
			g_array_append_val(rows, row);
	}
	g_array_sort(rows, compare_rows);
	g_array_set_size(rows, MIN(rows->len, count));
	*other = topk->added;
	for (guint i = 0; i < rows->len; i++)
		*other -= g_array_index(rows, struct topk_row, i).count;
	return rows;
}
