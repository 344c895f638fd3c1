/* top.c - the counting table behind every list of the report.
 *
 * A hash table finds the row of a name. As long as there is room, that is all. Once there is none, the rows are a heap with the smallest at its root,
 * which is the one that has to go.
 */
#include "top.h"

#include <string.h>

struct top {
	guint limit;
	GDestroyNotify free_data;
	guint64 total, absent;
	bool replaced;			/* rows is a heap from now on */
	GHashTable *by_name;		/* name to row, both owned by rows */
	GPtrArray *rows;
};

struct top *top_new(guint limit, GDestroyNotify free_data)
{
	struct top *top = g_new0(struct top, 1);

	top->limit = MAX(limit, 1u);
	top->free_data = free_data;
	top->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	top->rows = g_ptr_array_new();
	return top;
}

static void clear_row(struct top *top, struct top_row *row)
{
	if (row->data && top->free_data)
		top->free_data(row->data);
	g_free(row->name);
}

void top_free(struct top *top)
{
	if (!top)
		return;
	g_hash_table_unref(top->by_name);
	for (guint i = 0; i < top->rows->len; i++) {
		clear_row(top, top->rows->pdata[i]);
		g_free(top->rows->pdata[i]);
	}
	g_ptr_array_unref(top->rows);
	g_free(top);
}

static struct top_row *row_at(const struct top *top, guint place)
{
	return top->rows->pdata[place];
}

static void put(struct top *top, struct top_row *row, guint place)
{
	top->rows->pdata[place] = row;
	row->place = place;
}

/* Moves the row at place down to where nothing below it is smaller. */
static void sift_down(struct top *top, guint place)
{
	struct top_row *row = row_at(top, place);
	guint child;

	while ((child = 2 * place + 1) < top->rows->len) {
		if (child + 1 < top->rows->len && row_at(top, child + 1)->count < row_at(top, child)->count)
			child++;
		if (row_at(top, child)->count >= row->count)
			break;
		put(top, row_at(top, child), place);
		place = child;
	}
	put(top, row, place);
}

static struct top_row *append_row(struct top *top)
{
	struct top_row *row = g_new0(struct top_row, 1);

	row->place = top->rows->len;
	g_ptr_array_add(top->rows, row);
	return row;
}

/* The row of the least frequent name, emptied but for its count, which is the error of the next. */
static struct top_row *replace_smallest(struct top *top)
{
	struct top_row *row;
	guint64 count;

	if (!top->replaced)
		for (guint i = top->rows->len / 2; i-- > 0;)
			sift_down(top, i);
	top->replaced = true;
	row = row_at(top, 0);
	count = row->count;
	g_hash_table_remove(top->by_name, row->name);
	clear_row(top, row);
	*row = (struct top_row){.count = count, .error = count};
	return row;
}

static struct top_row *new_row(struct top *top, const char *name)
{
	struct top_row *row = top->rows->len < top->limit ? append_row(top) : replace_smallest(top);

	row->name = g_strdup(name);
	row->first = row->last = TOP_NO_TIME;
	g_hash_table_insert(top->by_name, row->name, row);
	return row;
}

struct top_row *top_add(struct top *top, const char *name, gint64 time)
{
	struct top_row *row;

	top->total++;
	if (!name || !*name) {
		top->absent++;
		return NULL;
	}
	row = g_hash_table_lookup(top->by_name, name);
	if (!row)
		row = new_row(top, name);
	row->count++;
	if (top->replaced)
		sift_down(top, row->place);
	if (time != TOP_NO_TIME) {
		row->first = row->first == TOP_NO_TIME ? time : MIN(row->first, time);
		row->last = MAX(row->last, time);
	}
	return row;
}

guint64 top_total(const struct top *top)
{
	return top->total;
}

guint64 top_absent(const struct top *top)
{
	return top->absent;
}

guint top_names(const struct top *top)
{
	return top->rows->len;
}

bool top_is_exact(const struct top *top)
{
	return !top->replaced;
}

static gint compare_rows(gconstpointer a, gconstpointer b)
{
	const struct top_row *left = *(const struct top_row *const *)a, *right = *(const struct top_row *const *)b;

	if (left->count != right->count)
		return left->count < right->count ? 1 : -1;
	return strcmp(left->name, right->name);
}

GPtrArray *top_rows(const struct top *top, guint count)
{
	GPtrArray *rows = g_ptr_array_sized_new(top->rows->len);

	for (guint i = 0; i < top->rows->len; i++)
		g_ptr_array_add(rows, top->rows->pdata[i]);
	g_ptr_array_sort(rows, compare_rows);
	if (count && rows->len > count)
		g_ptr_array_set_size(rows, (gint)count);
	return rows;
}
