/* unknown.c - collects what no entry of the catalogue explains, and drafts the entry.
 *
 * Not here: what is masked (mask.c), where the replies come from (log-summary.c, tool-unknown.c).
 */
#include "unknown.h"

#include "mask.h"
#include "reply.h"
#include "text.h"

#include <string.h>

static void free_sources(gpointer data)
{
	struct unknown_sources *sources = data;

	for (guint i = 0; i < UNKNOWN_SOURCES; i++) {
		g_free(sources->rules[i]);
		g_free(sources->remotes[i]);
		g_free(sources->providers[i]);
	}
	g_free(sources);
}

struct top *unknown_new(guint limit)
{
	return top_new(limit, free_sources);
}

static void keep(char *kept[UNKNOWN_SOURCES], const char *name)
{
	char *shown;

	if (!name || !*name)
		return;
	shown = text_printable(name);
	text_cut(shown, 100);
	for (guint i = 0; i < UNKNOWN_SOURCES; i++) {
		if (!kept[i]) {
			kept[i] = shown;
			return;
		}
		if (g_ascii_strcasecmp(kept[i], shown) == 0)
			break;
	}
	g_free(shown);
}

void unknown_add(struct top *replies, const char *diagnostic, const char *rule, const char *remote, const char *provider, gint64 time)
{
	char *reply = diagnostic ? reply_normalise(diagnostic) : NULL, *masked = reply ? mask_reply(reply) : NULL;
	char *shown = masked ? text_printable(masked) : NULL;
	struct top_row *row = top_add(replies, shown, time);

	g_free(shown);
	g_free(masked);
	g_free(reply);
	if (!row)
		return;
	if (!row->data)
		row->data = g_new0(struct unknown_sources, 1);
	keep(((struct unknown_sources *)row->data)->rules, rule);
	keep(((struct unknown_sources *)row->data)->remotes, remote);
	keep(((struct unknown_sources *)row->data)->providers, provider);
}

void unknown_entry(GString *out, const struct top_row *row, const char *date, guint number)
{
	const struct unknown_sources *sources = row->data;
	char *pattern = mask_pattern(row->name), *name = mask_name(row->name), *example = mask_example(row->name);

	g_string_append_printf(out, "# %" G_GUINT64_FORMAT " times: %s\n", row->count, row->name);
	if (pattern) {
		g_string_append_printf(out, "[generic.site-%u-%s]\npattern=%s\nreason=?\npriority=95\nexample=%s\n", number, name, pattern, example);
		g_string_append_printf(out, "source=the log%s%s\nchecked=%s\n\n", sources && sources->remotes[0] ? ", said by " : "",
				       sources && sources->remotes[0] ? sources->remotes[0] : "", date);
	} else {
		g_string_append(out, "# Too few words that stay the same for a pattern.\n\n");
	}
	g_free(pattern);
	g_free(name);
	g_free(example);
}
