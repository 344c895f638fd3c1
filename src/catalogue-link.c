/* catalogue-link.c - makes one whole of the entries that were read: ties, patterns that are tried.
 *
 * Done after the last file, because a site's file may give only one key of an entry that stands elsewhere. Not here: the form of single
 * values (catalogue-keys.c).
 */
#include "catalogue-entry.h"
#include "literals.h"

#include <stdlib.h>
#include <string.h>

#define SPLIT_FROM 100u		/* bytes of a pattern */

static bool fail(GError **error, const struct catalogue_entry *entry, const char *key, const char *format, ...) G_GNUC_PRINTF(4, 5);

/* An error at the place of that key, or of the entry where it has no such key. */
static bool fail(GError **error, const struct catalogue_entry *entry, const char *key, const char *format, ...)
{
	const struct catalogue_value *value = entry_find(entry, key, 0);
	char *place = value ? g_strdup_printf("%s:%u", (const char *)entry->catalogue->files->pdata[value->file], value->line) : g_strdup(entry->place);
	va_list arguments;
	char *what;

	va_start(arguments, format);
	what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error(error, CATALOGUE_ERROR, 0, "%s: [%s] %s: %s", place, entry->id, key, what);
	g_free(what);
	g_free(place);
	return false;
}

static bool has_required(const struct catalogue_entry *entry, GError **error)
{
	for (const struct catalogue_key *key = catalogue_keys; key->name; key++)
		if (key->required & 1u << entry->sort && !entry_find(entry, key->name, 0))
			return fail(error, entry, key->name, "is missing");
	return true;
}

static bool link_reason(struct catalogue_entry *entry, GError **error)
{
	const char *reason = entry_value(entry, "reason");
	char *id = reason ? g_strconcat("reason.", reason, NULL) : NULL;

	entry->reason = entry->sort == ENTRY_REASON ? entry : id ? catalogue_get(entry->catalogue, id) : NULL;
	g_free(id);
	return !reason || entry->reason || fail(error, entry, "reason", "there is no reason called %s", reason);
}

static bool link_provider(struct catalogue_entry *entry, GError **error)
{
	char *id;

	if (entry->sort != ENTRY_PROVIDER_TEXT)
		return true;
	id = g_strdup_printf("provider.%.*s", (int)strcspn(entry->id, "."), entry->id);
	entry->provider = catalogue_get(entry->catalogue, id);
	if (!entry->provider)
		fail(error, entry, "pattern", "there is no section [%s]", id);
	g_free(id);
	return entry->provider != NULL;
}

static bool compile(const struct catalogue_entry *entry, const char *key, const char *pattern, pcre2_code **regex, GError **error)
{
	char *wrong = NULL;

	*regex = catalogue_compile(pattern, strlen(pattern), &wrong);
	if (!*regex)
		fail(error, entry, key, "%s", wrong);
	g_free(wrong);
	return *regex != NULL;
}

/* Patterns of a site's files are tried at once, because an administrator waits for the answer; those of the embedded ones are tried by the tests. */
static bool try_pattern(const struct catalogue *catalogue, const struct catalogue_entry *entry, GError **error)
{
	const struct catalogue_value *value = entry_find(entry, "pattern", 0);
	pcre2_code *regex = NULL;
	bool good = value->file < catalogue->embedded_files || compile(entry, "pattern", value->text, &regex, error);

	pcre2_code_free(regex);
	return good;
}

/* Short patterns are not worth the memory of several, unless they would always have to run as a whole. */
static char **split(const char *pattern)
{
	const char *whole[] = {pattern, NULL};
	GPtrArray *sets = strchr(pattern, '|') && strlen(pattern) < SPLIT_FROM ? literals_of(pattern) : NULL;
	bool is_short = strlen(pattern) < SPLIT_FROM && (!sets || sets->len > 0);

	if (sets)
		g_ptr_array_unref(sets);
	return is_short ? g_strdupv((char **)whole) : literals_branches(pattern);
}

static bool link_pattern(struct catalogue *catalogue, struct catalogue_entry *entry, GError **error)
{
	const char *pattern = entry_value(entry, "pattern");
	char **branches;

	if (!pattern || !*pattern)
		return true;
	if (!try_pattern(catalogue, entry, error))
		return false;
	branches = split(pattern);
	entry->branch = catalogue->branches->len;
	entry->branches = g_strv_length(branches);
	for (guint i = 0; i < entry->branches; i++) {
		struct catalogue_branch branch = {.pattern = pattern, .length = (guint)strlen(branches[i]), .entry = entry};

		pattern += branch.length + 1;	/* behind the '|' */
		g_array_append_val(catalogue->branches, branch);
	}
	g_strfreev(branches);
	return true;
}

static bool link_host(struct catalogue_entry *entry, GError **error)
{
	const char *host = entry_value(entry, "host");

	entry->host_of_provider = entry->sort == ENTRY_PROVIDER_TEXT && g_strcmp0(host, "provider") == 0;
	if (!entry->host_of_provider)
		return !host || !*host || compile(entry, "host", host, &entry->host, error);
	return entry_value(entry->provider, "host") || fail(error, entry, "host", "[%s] has no host", entry->provider->id);
}

static enum confidence read_confidence(const struct catalogue_entry *entry)
{
	const char *word = entry_value(entry, "confidence");

	return !word || *word == 'h' ? CONFIDENCE_HIGH : *word == 'm' ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
}

static bool link_entry(struct catalogue_entry *entry, GError **error)
{
	const char *priority = entry_value(entry, "priority");

	if (!has_required(entry, error) || !link_reason(entry, error) || !link_provider(entry, error) || !link_host(entry, error))
		return false;
	entry->priority = priority ? atoi(priority) : 0;	/* checked when it was read */
	entry->confidence = read_confidence(entry);
	entry->masked = entry_provider_is(entry, "generic") || entry_provider_is(entry, "wrapper");
	entry->decides = !entry_provider_is(entry, "wrapper") && entry_tells_cause(entry);	/* else resolve.c may set it aside for a text of lower priority */
	return true;
}

/* Words for a domain need an entry whose words they are. */
static bool link_variant(struct catalogue_entry *entry, GError **error)
{
	char *id = g_strndup(entry->id, strcspn(entry->id, "@"));
	bool known = catalogue_get(entry->catalogue, id) != NULL;

	if (!known)
		fail(error, entry, catalogue_keys[entry->values[0].key].name, "there is no section [%s]", id);
	g_free(id);
	return known;
}

static gint by_id(gconstpointer a, gconstpointer b)
{
	const struct catalogue_entry *const *one = a, *const *other = b;

	return strcmp((*one)->id, (*other)->id);
}

static gint by_priority(gconstpointer a, gconstpointer b)
{
	const struct catalogue_entry *const *one = a, *const *other = b;

	return (*one)->priority != (*other)->priority ? (*other)->priority - (*one)->priority : by_id(a, b);
}

/* Adds the patterns in order of priority, so that matching can stop when what is left cannot win. */
static bool link_patterns(struct catalogue *catalogue, GError **error)
{
	GPtrArray *texts = g_ptr_array_new();
	bool good = true;

	for (guint i = 0; i < catalogue->entries->len; i++)
		if (((struct catalogue_entry *)catalogue->entries->pdata[i])->sort == ENTRY_PROVIDER_TEXT)
			g_ptr_array_add(texts, catalogue->entries->pdata[i]);
	g_ptr_array_sort(texts, by_priority);
	for (guint i = 0; good && i < texts->len; i++)
		good = link_pattern(catalogue, texts->pdata[i], error);
	g_ptr_array_unref(texts);
	return good;
}

bool catalogue_link(struct catalogue *catalogue, GError **error)
{
	GHashTableIter iterator;
	gpointer entry;
	bool good = true;

	g_hash_table_iter_init(&iterator, catalogue->by_id);
	while (g_hash_table_iter_next(&iterator, NULL, &entry))
		g_ptr_array_add(((struct catalogue_entry *)entry)->variant ? catalogue->variants : catalogue->entries, entry);
	g_ptr_array_sort(catalogue->entries, by_id);
	g_ptr_array_sort(catalogue->variants, by_id);
	for (guint i = 0; good && i < catalogue->entries->len; i++)
		good = link_entry(catalogue->entries->pdata[i], error);
	for (guint i = 0; good && i < catalogue->variants->len; i++)
		good = link_variant(catalogue->variants->pdata[i], error);
	return good && link_patterns(catalogue, error);
}
