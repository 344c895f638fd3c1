/* alert-window.c - a ring of twelve counters that turns with the time.
 *
 * What falls out of the ring is learnt as usual, so that a burst is not compared with itself. Memory does not depend on the number of events.
 */
#include "alert-window.h"

#include <string.h>

#define BINS 12
#define LEARN_LIMIT 10000	/* empty bins that are learnt at once: after so many nothing is left of what was usual */

struct seen {
	guint64 value;			/* hash */
	gint64 at;
};

struct alert_window {
	unsigned seconds, bin, bins, memory;	/* bin: seconds of one; bins: used ones of the ring */
	gint64 first, newest;			/* numbers of bins since 1970 */
	unsigned long ring[BINS];
	double rate, weight;			/* events a second, and how much of it is learnt */
	struct seen *seen;
	unsigned seen_count, seen_limit;
};

struct alert_window *alert_window_new(gint64 now, unsigned seconds, unsigned distinct, unsigned memory)
{
	struct alert_window *window = g_new0(struct alert_window, 1);

	window->seconds = seconds;
	window->bins = MIN(BINS, seconds);
	window->bin = seconds / window->bins;
	window->memory = MAX(memory, window->bin);
	window->first = window->newest = now / window->bin;
	window->seen_limit = distinct;
	return window;
}

void alert_window_free(struct alert_window *window)
{
	g_free(window->seen);
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

/* The place for a new value: a free one, else that of the value that was not seen for the longest time. */
static struct seen *place_for_new(struct alert_window *window)
{
	struct seen *oldest = window->seen;

	if (window->seen_count < window->seen_limit) {
		if (window->seen_count % 16 == 0)
			window->seen = g_renew(struct seen, window->seen, window->seen_count + 16);
		return &window->seen[window->seen_count++];
	}
	for (unsigned i = 1; i < window->seen_count; i++)
		if (window->seen[i].at < oldest->at)
			oldest = &window->seen[i];
	return oldest;
}

static void see(struct alert_window *window, gint64 now, const char *value)
{
	guint64 hash = hash_of(value);
	struct seen *place = NULL;

	for (unsigned i = 0; i < window->seen_count && !place; i++)
		if (window->seen[i].value == hash)
			place = &window->seen[i];
	if (!place)
		place = place_for_new(window);
	*place = (struct seen){.value = hash, .at = now};
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

unsigned alert_window_distinct(const struct alert_window *window, gint64 now)
{
	unsigned count = 0;

	for (unsigned i = 0; i < window->seen_count; i++)
		count += window->seen[i].at > now - (gint64)window->seconds;
	return count;
}

bool alert_window_usual(struct alert_window *window, gint64 now, double *usual)
{
	turn(window, now);
	*usual = window->weight > 0 ? window->rate / window->weight * window->seconds : 0;
	return window->newest - window->first >= 2 * (gint64)window->bins;
}
