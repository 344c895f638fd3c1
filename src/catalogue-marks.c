/* catalogue-marks.c - hashes of texts and translations, compared and written.
 *
 * Who edits a text or a translation need not know of them: a changed translation is taken for an answer to its changed English. Not here: translations that are
 * missing (catalogue-check.c).
 */
#include "catalogue-marks.h"

#include "catalogue-entry.h"

#include <gio/gio.h>
#include <string.h>

#define HASH_LENGTH 8u

GResource *catalogue_embedded_get_resource(void);

char *catalogue_marks_embedded(void)
{
	GBytes *bytes = g_resource_lookup_data(catalogue_embedded_get_resource(), "/smtp-explain/translations.marks", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	gsize length = 0;
	const char *text = bytes ? g_bytes_get_data(bytes, &length) : NULL;
	char *marks = g_strndup(text ? text : "", length);

	if (bytes)
		g_bytes_unref(bytes);
	return marks;
}

static void hash(char out[HASH_LENGTH + 1], const char *text)
{
	char *whole = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

	g_strlcpy(out, whole, HASH_LENGTH + 1);
	g_free(whole);
}

/* "ID KEY LANGUAGE" to "ENGLISH TRANSLATION". */
static GHashTable *read_marks(const char *marks)
{
	GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	char **lines = g_strsplit(marks, "\n", -1);

	for (guint i = 0; lines[i]; i++) {
		char **words = g_strsplit(lines[i], " ", -1);
		guint count = g_strv_length(words);

		for (guint j = 3; j < count && *lines[i] != '#'; j++) {
			char *colon = strchr(words[j], ':');

			if (!colon)
				continue;
			*colon = '\0';
			g_hash_table_insert(table, g_strjoin(" ", words[0], words[1], words[j], NULL), g_strjoin(" ", words[2], colon + 1, NULL));
		}
		g_strfreev(words);
	}
	g_strfreev(lines);
	return table;
}

/* Is it the mark of a translation that has not changed since, of a text that has? */
static bool is_stale(const char *mark, const char *english, const char *translation)
{
	return mark && strncmp(mark, english, HASH_LENGTH) != 0 && strcmp(mark + HASH_LENGTH + 1, translation) == 0;
}

typedef void (*visitor)(const struct catalogue_entry *entry, const struct catalogue_value *english, const struct catalogue_value *translation, void *data);

/* Every built-in translation of a built-in text, those of one text together. */
static void each_translation(const struct catalogue *catalogue, visitor visit, void *data)
{
	for (guint i = 0; i < catalogue->entries->len; i++) {
		const struct catalogue_entry *entry = catalogue->entries->pdata[i];

		for (guint j = 0; j < entry->value_count; j++) {
			const struct catalogue_value *english = &entry->values[j];

			if (english->language != 0 || !catalogue_keys[english->key].translated || english->file >= catalogue->embedded_files)
				continue;
			for (guint language = 1; language < catalogue->embedded_languages; language++) {
				const struct catalogue_value *translation = entry_find(entry, catalogue_keys[english->key].name, language);

				if (translation && translation->file < catalogue->embedded_files)
					visit(entry, english, translation, data);
			}
		}
	}
}

struct writing {
	GHashTable *marks;
	const char *const *confirmed;
	GString *out;
	const struct catalogue_value *last;
	char last_english[HASH_LENGTH + 1];
};

static const char *mark_of(GHashTable *marks, const struct catalogue_entry *entry, const struct catalogue_value *translation)
{
	char *name = g_strjoin(" ", entry->id, catalogue_keys[translation->key].name, (const char *)entry->catalogue->languages->pdata[translation->language], NULL);
	const char *mark = g_hash_table_lookup(marks, name);

	g_free(name);
	return mark;
}

static void write_mark(const struct catalogue_entry *entry, const struct catalogue_value *english, const struct catalogue_value *translation, void *data)
{
	struct writing *writing = data;
	const char *mark = mark_of(writing->marks, entry, translation);
	char of_english[HASH_LENGTH + 1], of_translation[HASH_LENGTH + 1];

	hash(of_english, english->text);
	hash(of_translation, translation->text);
	if (is_stale(mark, of_english, of_translation) && !(writing->confirmed && g_strv_contains(writing->confirmed, entry->id)))
		g_strlcpy(of_english, mark, sizeof of_english);
	if (writing->last != english || strcmp(writing->last_english, of_english) != 0)
		g_string_append_printf(writing->out, "%s%s %s %s", writing->out->len ? "\n" : "", entry->id, catalogue_keys[english->key].name, of_english);
	g_string_append_printf(writing->out, " %s:%s", (const char *)entry->catalogue->languages->pdata[translation->language], of_translation);
	writing->last = english;
	g_strlcpy(writing->last_english, of_english, sizeof writing->last_english);
}

char *catalogue_marks(const struct catalogue *catalogue, const char *marks, const char *const *confirmed)
{
	struct writing writing = {.marks = read_marks(marks), .confirmed = confirmed, .out = g_string_new(NULL)};

	each_translation(catalogue, write_mark, &writing);
	if (writing.out->len)
		g_string_append_c(writing.out, '\n');
	g_hash_table_unref(writing.marks);
	return g_string_free(writing.out, FALSE);
}

struct search {
	GHashTable *marks;
	void (*found)(const struct catalogue_entry *entry, const char *key, const char *language, void *data);
	void *data;
};

static void check_mark(const struct catalogue_entry *entry, const struct catalogue_value *english, const struct catalogue_value *translation, void *data)
{
	struct search *search = data;
	char of_english[HASH_LENGTH + 1], of_translation[HASH_LENGTH + 1];

	hash(of_english, english->text);
	hash(of_translation, translation->text);
	if (is_stale(mark_of(search->marks, entry, translation), of_english, of_translation))
		search->found(entry, catalogue_keys[english->key].name, entry->catalogue->languages->pdata[translation->language], search->data);
}

void catalogue_marks_stale(const struct catalogue *catalogue, const char *marks, void (*found)(const struct catalogue_entry *entry, const char *key, const char *language, void *data), void *data)
{
	struct search search = {read_marks(marks), found, data};

	each_translation(catalogue, check_mark, &search);
	g_hash_table_unref(search.marks);
}
