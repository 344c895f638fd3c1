/* bench_catalogue.c - how long the catalogue takes to load and to match (not run by make check).
 *
 * usage: bench_catalogue [ROUNDS]. Matches the example of every entry, cut or filled to 500 bytes; prints milliseconds for loading and for the index that the
 * first text needs, and the mean, median, 99 in
 * 100 and worst of the microseconds for a diagnostic.
 */
#include "catalogue.h"
#include "reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH 500u
#define ROUNDS 5

static void collect(const struct catalogue_entry *entry, void *data)
{
	const char *example = entry_value(entry, "example");
	char *diagnostic = example ? reply_normalise(example) : NULL;
	GString *text;

	if (!diagnostic)
		return;
	text = g_string_new(diagnostic);
	while (text->len < LENGTH)		/* what servers fill their lines with: names, ids, links */
		g_string_append(text, " Please visit https://postmaster.example.net/reply/4711 for more, or tell your administrator. a12-20020a17090a.12 mx7.example.net");
	g_string_truncate(text, LENGTH);
	if (!g_utf8_validate(text->str, -1, NULL))
		g_string_truncate(text, LENGTH - 1);
	g_ptr_array_add(data, g_string_free(text, FALSE));
	g_free(diagnostic);
}

static gint by_size(gconstpointer a, gconstpointer b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return one < other ? -1 : one > other;
}

/* Microseconds for one match, the best of several rounds: what disturbs a measurement only ever adds. */
static double measure(const struct catalogue *catalogue, const char *text, int rounds)
{
	struct catalogue_query query = {.diagnostic = text, .remote = "mx.example.net", .domain = "example.net", .code = reply_code(text)};
	double best = 1e9;

	for (int i = 0; i < rounds; i++) {
		gint64 start = g_get_monotonic_time();

		for (int j = 0; j < 10; j++)
			g_array_unref(catalogue_match(catalogue, &query));
		best = MIN(best, (double)(g_get_monotonic_time() - start) / 10);
	}
	return best;
}

static double milliseconds_since(gint64 start)
{
	return (double)(g_get_monotonic_time() - start) / 1000;
}

int main(int count, char **arguments)
{
	int rounds = count > 1 ? atoi(arguments[1]) : ROUNDS;
	gint64 start = g_get_monotonic_time();
	GError *error = NULL;
	struct catalogue *catalogue = catalogue_load(NULL, &error);
	double loaded = milliseconds_since(start), indexed, sum = 0;
	GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
	GArray *times = g_array_new(FALSE, FALSE, sizeof(double));

	if (!catalogue) {
		fprintf(stderr, "%s\n", error->message);
		return EXIT_FAILURE;
	}
	start = g_get_monotonic_time();
	g_array_unref(catalogue_match(catalogue, &(struct catalogue_query){.diagnostic = "550 xyzzy"}));
	indexed = milliseconds_since(start);
	catalogue_each(catalogue, collect, texts);
	for (guint i = 0; i < texts->len; i++) {
		double time = measure(catalogue, texts->pdata[i], MAX(rounds, 1));

		g_array_append_val(times, time);
		sum += time;
	}
	g_array_sort(times, by_size);
	printf("entries %u, load %.1f ms, index for the first text %.1f ms\n", texts->len, loaded, indexed);
	printf("match, us a diagnostic of %u bytes: mean %.1f, median %.1f, 99 in 100 %.1f, worst %.1f\n", LENGTH, sum / texts->len,
	       g_array_index(times, double, times->len / 2), g_array_index(times, double, times->len * 99 / 100), g_array_index(times, double, times->len - 1));
	g_array_unref(times);
	g_ptr_array_unref(texts);
	catalogue_unref(catalogue);
	return EXIT_SUCCESS;
}
