/* keyfile.c - files of sections and keys, with the place of each, in one pass over the lines.
 *
 * The syntax is that of GKeyFile, which is not used itself: it forgets places, passes over a section or key given twice in silence, and reading every
 * file a second time for its values took a quarter of the start. Not here: which sections and keys make sense (conf.c, catalogue-keys.c).
 */
#include "keyfile.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct keyfile {
	GStringChunk *strings;
	GArray *items;
};

/* The scan's state: where it is, and what it has seen. */
struct scan {
	struct keyfile *keyfile;
	const char *name;		/* of the file */
	int line;
	const char *section;		/* NULL before the first */
	int section_line;
	GHashTable *seen;		/* "[section" and "[section]key" */
};

G_DEFINE_QUARK(smtp-explain-keyfile-error-quark, keyfile_error)

static bool fail(const struct scan *scan, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool fail(const struct scan *scan, GError **error, const char *format, ...)
{
	va_list arguments;
	char *what;

	va_start(arguments, format);
	what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error(error, KEYFILE_ERROR, KEYFILE_ERROR_SYNTAX, "%s:%d: %s", scan->name, scan->line, what);
	g_free(what);
	return false;
}

static bool see_section(struct scan *scan, const char *line, size_t length, GError **error)
{
	char *seen;

	if (length < 3 || line[length - 1] != ']')
		return fail(scan, error, "a section must be a name in brackets, [like-this]");
	for (size_t i = 1; i < length - 1; i++)
		if (line[i] == '[' || line[i] == ']' || g_ascii_iscntrl(line[i]))
			return fail(scan, error, "a section's name must have no bracket or control character");
	scan->section = g_string_chunk_insert_len(scan->keyfile->strings, line + 1, (gssize)length - 2);
	scan->section_line = scan->line;
	seen = g_strconcat("[", scan->section, NULL);
	if (!g_hash_table_add(scan->seen, seen))
		return fail(scan, error, "[%s] stands twice in this file", scan->section);
	return true;
}

/* "key", "key[de]", "key[pt_BR]": what GKeyFile takes for a key. */
static bool is_key(const char *key)
{
	size_t name = strcspn(key, "[]"), length = strlen(key);

	if (name == 0 || g_ascii_isspace(key[name - 1]))
		return false;
	if (name == length)
		return true;
	if (key[name] != '[' || key[length - 1] != ']' || length < name + 3)
		return false;
	for (size_t i = name + 1; i < length - 1; i++)
		if (!g_ascii_isalnum(key[i]) && !strchr("-_.@", key[i]))
			return false;
	return true;
}

static bool see_key(struct scan *scan, const char *line, size_t length, GError **error)
{
	const char *equals = memchr(line, '=', length);
	struct keyfile_item item = {.section = scan->section, .file = scan->name, .line = scan->line, .section_line = scan->section_line};
	size_t key_length = equals ? (size_t)(equals - line) : 0;

	if (!equals)
		return fail(scan, error, "this is no [section], no key=value and no # comment");
	if (!scan->section)
		return fail(scan, error, "a key must stand below a [section]");
	while (key_length && g_ascii_isspace(line[key_length - 1]))
		key_length--;
	for (length -= (size_t)(++equals - line); length && g_ascii_isspace(*equals); length--)
		equals++;
	item.key = g_string_chunk_insert_len(scan->keyfile->strings, line, (gssize)key_length);
	if (!is_key(item.key))
		return fail(scan, error, "[%s] \"%s\" is no name for a key", scan->section, item.key);
	if (!g_hash_table_add(scan->seen, g_strconcat("[", scan->section, "]", item.key, NULL)))
		return fail(scan, error, "[%s] %s: stands twice in this section", scan->section, item.key);
	item.value = g_string_chunk_insert_len(scan->keyfile->strings, equals, (gssize)length);
	g_array_append_val(scan->keyfile->items, item);
	return true;
}

static bool see_line(struct scan *scan, const char *line, size_t length, GError **error)
{
	if (memchr(line, '\0', length) || !g_utf8_validate_len(line, length, NULL))
		return fail(scan, error, "this line is not UTF-8 text");
	while (length && g_ascii_isspace(line[length - 1]))
		length--;
	while (length && g_ascii_isspace(*line)) {
		line++;
		length--;
	}
	if (length == 0 || *line == '#')
		return true;
	if (*line == '[')
		return see_section(scan, line, length, error);
	return see_key(scan, line, length, error);
}

static bool see_lines(struct scan *scan, const char *text, size_t length, GError **error)
{
	const char *end = text + length;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *line_end = newline ? newline : end;

		scan->line++;
		if (!see_line(scan, text, (size_t)(line_end - text), error))
			return false;
		text = newline ? newline + 1 : end;
	}
	return true;
}

struct keyfile *keyfile_parse(const char *text, size_t length, const char *name, GError **error)
{
	struct keyfile *keyfile = g_new0(struct keyfile, 1);
	struct scan scan = {.keyfile = keyfile, .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
	bool good;

	keyfile->strings = g_string_chunk_new(4096);
	keyfile->items = g_array_new(FALSE, FALSE, sizeof(struct keyfile_item));
	scan.name = g_string_chunk_insert(keyfile->strings, name);
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {	/* some editors begin every file with this mark */
		text += 3;
		length -= 3;
	}
	good = see_lines(&scan, text, length, error);
	g_hash_table_unref(scan.seen);
	if (good)
		return keyfile;
	keyfile_free(keyfile);
	return NULL;
}

/* NULL where it cannot be read, errno says why. */
static GString *read_file(const char *path)
{
	FILE *file = fopen(path, "re");
	GString *text = file ? g_string_new(NULL) : NULL;
	char buffer[4096];
	size_t length;

	while (file && (length = fread(buffer, 1, sizeof(buffer), file)) > 0)
		g_string_append_len(text, buffer, (gssize)length);
	if (file && ferror(file)) {
		int why = errno;

		fclose(file);
		g_string_free(text, TRUE);
		errno = why;
		return NULL;
	}
	if (file)
		fclose(file);
	return text;
}

struct keyfile *keyfile_load(const char *path, GError **error)
{
	GString *text = read_file(path);
	struct keyfile *keyfile;

	if (!text) {
		g_set_error(error, KEYFILE_ERROR, KEYFILE_ERROR_READ, "%s: %s", path, g_strerror(errno));
		return NULL;
	}
	keyfile = keyfile_parse(text->str, text->len, path, error);
	g_string_free(text, TRUE);
	return keyfile;
}

void keyfile_free(struct keyfile *keyfile)
{
	if (!keyfile)
		return;
	g_string_chunk_free(keyfile->strings);
	g_array_unref(keyfile->items);
	g_free(keyfile);
}

const GArray *keyfile_items(const struct keyfile *keyfile)
{
	return keyfile->items;
}
