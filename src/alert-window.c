/* alert-window.c - a ring of twelve counters that turns with the time.
 *
 * What falls out of the ring is learnt as usual, so that a burst is not compared with itself. Memory does not depend on the number of events.
 */
#include "alert-window.h"

#include <string.h>

#define BINS 12
#define LEARN_LIMIT 10000	/* empty bins that are learnt at once: after so many nothing is left of what was usual */

#define FEW 8u			/* values that are found without a table: most windows have no more, and there are many windows */

struct seen {
	guint64 value;			/* hash */
	gint64 at;
	GList place;			/* its data is the struct itself */
};

struct alert_window {
	unsigned seconds, bin, bins, memory;	/* bin: seconds of one; bins: used ones of the ring */
	gint64 first, newest;			/* numbers of bins since 1970 */
	unsigned long ring[BINS];
	double rate, weight;			/* events a second, and how much of it is learnt */
	GQueue seen;				/* struct seen, that seen for the longest time first */
	GHashTable *by_value;			/* the same; NULL for a few */
	unsigned seen_limit;
};

/* That was not seen for the longest time. */
static void forget_oldest(struct alert_window *window)
{
	struct seen *oldest = window->seen.head->data;

	g_queue_unlink(&window->seen, &oldest->place);
	if (window->by_value)
		g_hash_table_remove(window->by_value, &oldest->value);
	g_free(oldest);
}

static void forget_seen(struct alert_window *window)
{
	g_clear_pointer(&window->by_value, g_hash_table_unref);
	while (window->seen.length > 0)
		forget_oldest(window);
}

void alert_window_restart(struct alert_window *window, gint64 now)
{
	forget_seen(window);
	memset(window->ring, 0, sizeof window->ring);
	window->first = window->newest = now / window->bin;
	window->rate = window->weight = 0;
}

struct alert_window *alert_window_new(gint64 now, unsigned seconds, unsigned distinct, unsigned memory)
{
	struct alert_window *window = g_new0(struct alert_window, 1);

	window->seconds = seconds;
	window->bins = MIN(BINS, seconds);
	window->bin = seconds / window->bins;
	window->memory = MAX(memory, window->bin);
	window->seen_limit = distinct;
	alert_window_restart(window, now);
	return window;
}

void alert_window_free(struct alert_window *window)
{
	forget_seen(window);
	g_free(window);
}

/* A bin has left the window. */
static void learn(struct alert_window *window, unsigned long count)
{
	double part = (double)window->bin / (window->bin + (double)window->memory);

	window->rate += part * ((double)count / window->bin - window->rate);
	window->weight += part * (1 - window->weight);
}

static void turn(struct alert_window *window, gint64 now)
{
	gint64 target = now / window->bin;

	if (target - window->newest > LEARN_LIMIT + BINS) {
		memset(window->ring, 0, sizeof window->ring);
		window->rate = 0;
		window->weight = 1;
		window->newest = target;
	}
	while (window->newest < target) {
		unsigned long *slot = &window->ring[++window->newest % window->bins];

		if (window->newest - window->bins >= window->first)
			learn(window, *slot);
		*slot = 0;
	}
}

static guint64 hash_of(const char *value)
{
	guint64 hash = 0xcbf29ce484222325u;	/* FNV-1a */

	for (; *value; value++)
		hash = (hash ^ (unsigned char)*value) * 0x100000001b3u;
	return hash;
}

static struct seen *find_seen(const struct alert_window *window, guint64 value)
{
	if (window->by_value)
		return g_hash_table_lookup(window->by_value, &value);
	for (const GList *at = window->seen.head; at; at = at->next)
		if (((struct seen *)at->data)->value == value)
			return at->data;
	return NULL;
}

static void make_table(struct alert_window *window)
{
	window->by_value = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (const GList *at = window->seen.head; at; at = at->next)
		g_hash_table_insert(window->by_value, &((struct seen *)at->data)->value, at->data);
}

/* A new value; where there is no place for it, that which was not seen for the longest time goes. */
static struct seen *add_seen(struct alert_window *window, guint64 value)
{
	struct seen *seen;

	if (window->seen.length >= window->seen_limit)
		forget_oldest(window);
	seen = g_new0(struct seen, 1);
	seen->value = value;
	seen->place.data = seen;
	g_queue_push_tail_link(&window->seen, &seen->place);
	if (window->by_value)
		g_hash_table_insert(window->by_value, &seen->value, seen);
	else if (window->seen.length > FEW)
		make_table(window);
	return seen;
}

static void see(struct alert_window *window, gint64 now, const char *value)
{
	guint64 hash = hash_of(value);
	struct seen *seen = find_seen(window, hash);

	if (!seen)
		seen = add_seen(window, hash);
	seen->at = now;
	g_queue_unlink(&window->seen, &seen->place);
	g_queue_push_tail_link(&window->seen, &seen->place);
}

void alert_window_add(struct alert_window *window, gint64 now, const char *value)
{
	turn(window, now);
	window->ring[window->newest % window->bins]++;
	if (value && *value && window->seen_limit)
		see(window, now, value);
}

unsigned long alert_window_count(struct alert_window *window, gint64 now)
{
	unsigned long count = 0;

	turn(window, now);
	for (unsigned i = 0; i < window->bins; i++)
		count += window->ring[i];
	return count;
}

unsigned alert_window_distinct(struct alert_window *window, gint64 now)
{
	while (window->seen.length > 0 && ((struct seen *)window->seen.head->data)->at <= now - (gint64)window->seconds)
		forget_oldest(window);
	return window->seen.length;
}

bool alert_window_usual(struct alert_window *window, gint64 now, double *usual)
{
	turn(window, now);
	*usual = window->weight > 0 ? window->rate / window->weight * window->seconds : 0;
	return window->newest - window->first >= 2 * (gint64)window->bins;
}
