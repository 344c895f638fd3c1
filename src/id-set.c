/* id-set.c - two open hash tables of numbers, a young and an old one; when the young one is full it becomes the old one, which is forgotten.
 *
 * Copies of a report are seconds apart in one log, so forgetting the oldest loses least.
 */
#include "id-set.h"

#include <string.h>

struct table {
	guint64 *slots;		/* 0: free, so the id 0 has a place of its own in struct id_set */
	guint size, used;	/* size: a power of two, or 0 */
};

struct id_set {
	guint half;
	bool zero, forgot;
	struct table young, old;
};

struct id_set *id_set_new(guint limit)
{
	struct id_set *set = g_new0(struct id_set, 1);

	set->half = MAX(limit / 2, 1u);
	return set;
}

void id_set_free(struct id_set *set)
{
	if (!set)
		return;
	g_free(set->young.slots);
	g_free(set->old.slots);
	g_free(set);
}

/* Where id stands, or would. Ids are hashes already; the multiplication is for those that are not (Fibonacci hashing). */
static guint64 *find(const struct table *table, guint64 id)
{
	guint at = (guint)((id * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)) >> 32) & (table->size - 1);

	while (table->slots[at] && table->slots[at] != id)
		at = (at + 1) & (table->size - 1);
	return &table->slots[at];
}

static bool has(const struct table *table, guint64 id)
{
	return table->size && *find(table, id) == id;
}

static void grow(struct table *table)
{
	struct table larger = {.size = table->size ? 2 * table->size : 1024};

	larger.slots = g_new0(guint64, larger.size);
	for (guint i = 0; i < table->size; i++)
		if (table->slots[i])
			*find(&larger, table->slots[i]) = table->slots[i];
	larger.used = table->used;
	g_free(table->slots);
	*table = larger;
}

bool id_set_add(struct id_set *set, guint64 id)
{
	if (id == 0) {
		bool had = set->zero;

		set->zero = true;
		return had;
	}
	if (has(&set->young, id) || has(&set->old, id))
		return true;
	if (set->young.used == set->half) {
		set->forgot = set->forgot || set->old.used > 0;
		g_free(set->old.slots);
		set->old = set->young;
		memset(&set->young, 0, sizeof set->young);
	}
	if (2 * set->young.used >= set->young.size)
		grow(&set->young);
	*find(&set->young, id) = id;
	set->young.used++;
	return false;
}

bool id_set_is_exact(const struct id_set *set)
{
	return !set->forgot;
}

guint id_set_count(const struct id_set *set)
{
	return set->young.used + set->old.used;
}
