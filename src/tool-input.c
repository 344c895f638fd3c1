/* tool-input.c - reads messages from wherever a person keeps them.
 *
 * Not here: what is in them. A file that holds one message is given as it is, with its "From " line if it has one.
 */
#include "tool-input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(smtp-explain-input-error-quark, input_error)

static void fail(GError **error, const char *path, const char *why)
{
	g_set_error(error, INPUT_ERROR, 0, "%s: %s", path, why);
}

static GBytes *read_stream(int fd, const char *name, GError **error)
{
	GByteArray *bytes = g_byte_array_new();
	guint8 buffer[65536];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof buffer)) > 0)
		g_byte_array_append(bytes, buffer, (guint)n);
	if (n < 0) {
		fail(error, name, g_strerror(errno));
		g_byte_array_unref(bytes);
		return NULL;
	}
	return g_byte_array_free_to_bytes(bytes);
}

GBytes *input_read(const char *path, GError **error)
{
	GBytes *bytes;
	int fd;

	if (strcmp(path, "-") == 0)
		return read_stream(STDIN_FILENO, "standard input", error);
	if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
		fail(error, path, "is a directory");
		return NULL;
	}
	/* Read, not mapped: it may be a pipe, and a mapped file that shrinks meanwhile kills the reader. */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fail(error, path, g_strerror(errno));
		return NULL;
	}
	bytes = read_stream(fd, path, error);
	close(fd);
	return bytes;
}

/* "From ann@example.com Mon Nov 23 12:00:00 2026": a time with colons and a year at its end tell an mbox separator from a sentence. */
static bool is_separator(const char *line, size_t length)
{
	const char *colon;

	if (length < 20 || memcmp(line, "From ", 5) != 0)
		return false;
	while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
		length--;
	colon = memchr(line, ':', length);
	return colon && colon > line + 7 && g_ascii_isdigit(colon[-1]) && g_ascii_isdigit(line[length - 1]);
}

/* Does the text before the empty line announce what follows ("bounced E-Mail:")? Then a message is quoted here, and none begins. */
static bool is_announced(const char *bytes, size_t at)
{
	while (at > 0 && g_ascii_isspace(bytes[at - 1]))
		at--;
	return at > 0 && bytes[at - 1] == ':';
}

/* The offset of the next separator that begins a line behind an empty one, at or after start; length where there is none. */
static size_t next_message(const char *bytes, size_t length, size_t start)
{
	for (size_t at = start; at < length;) {
		const char *newline = memchr(bytes + at, '\n', length - at);
		size_t end = newline ? (size_t)(newline - bytes) + 1 : length;
		bool after_empty = at >= 2 && (bytes[at - 2] == '\n' || (at >= 3 && bytes[at - 2] == '\r' && bytes[at - 3] == '\n'));

		if (after_empty && is_separator(bytes + at, end - at) && !is_announced(bytes, at))
			return at;
		at = end;
	}
	return length;
}

static void visit_file(const char *path, const char *bytes, size_t length, input_visit visit, void *data)
{
	size_t start = 0, end = length;
	int number = 0;

	if (length >= 5 && memcmp(bytes, "From ", 5) == 0)
		end = next_message(bytes, length, 5);
	if (end == length) {
		visit(path, 0, bytes, length, data);
		return;
	}
	while (start < length) {
		visit(path, ++number, bytes + start, end - start, data);
		start = end;
		end = start < length ? next_message(bytes, length, start + 5) : length;
	}
}

static gint compare_paths(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void list_folder(GPtrArray *paths, const char *maildir, const char *folder)
{
	char *path = g_build_filename(maildir, folder, NULL);
	GDir *directory = g_dir_open(path, 0, NULL);
	const char *name;

	while (directory && (name = g_dir_read_name(directory)))
		if (name[0] != '.')
			g_ptr_array_add(paths, g_build_filename(path, name, NULL));
	if (directory)
		g_dir_close(directory);
	g_free(path);
}

static bool visit_maildir(const char *path, input_visit visit, void *data, GError **error)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	bool good = true;

	list_folder(paths, path, "cur");
	list_folder(paths, path, "new");
	g_ptr_array_sort(paths, compare_paths);
	for (guint i = 0; i < paths->len; i++) {
		GBytes *bytes = input_read(g_ptr_array_index(paths, i), good ? error : NULL);	/* the first error is told, the other files are still read */
		gsize length = 0;
		const char *start = bytes ? g_bytes_get_data(bytes, &length) : NULL;

		good = good && bytes;
		if (bytes)
			visit(g_ptr_array_index(paths, i), (int)i + 1, start ? start : "", length, data);
		g_bytes_unref(bytes);
	}
	g_ptr_array_unref(paths);
	return good;
}

static bool is_maildir(const char *path)
{
	char *cur = g_build_filename(path, "cur", NULL);
	bool maildir = g_file_test(cur, G_FILE_TEST_IS_DIR);

	g_free(cur);
	return maildir;
}

bool input_each(const char *path, input_visit visit, void *data, GError **error)
{
	GBytes *bytes;
	const char *start;
	gsize length;

	if (is_maildir(path))
		return visit_maildir(path, visit, data, error);
	if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
		fail(error, path, "is a directory, but no Maildir");
		return false;
	}
	bytes = input_read(path, error);
	if (!bytes)
		return false;
	start = g_bytes_get_data(bytes, &length);
	visit_file(path, start ? start : "", length, visit, data);
	g_bytes_unref(bytes);
	return true;
}
