/* log-source.c - reads bytes, unpacks gzip (GIO's converter around zlib) and cuts lines out of one buffer.
 *
 * The buffer is the only memory: it does not grow with the file, nor with a line.
 */
#include "log-source.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(smtp-explain-log-source-error-quark, log_source_error)

#define BUFFER_SIZE (256u * 1024u)

struct log_source {
	char *path;
	int fd;
	guint64 read, size;
	bool ended, failed;
	GConverter *gzip;		/* NULL: plain */
	bool between;			/* at a place where a compressed file may end */
	char *packed;			/* what was read and not unpacked yet */
	size_t packed_start, packed_end;
	char *buffer;			/* one byte longer than BUFFER_SIZE, for a NUL */
	size_t start, end;
	GError *error;			/* found while filling, told with the next line */
};

static void fail(struct log_source *source, const char *why)
{
	source->failed = source->ended = true;
	if (!source->error)
		source->error = g_error_new(LOG_SOURCE_ERROR, 0, "%s: %s", strcmp(source->path, "-") == 0 ? "standard input" : source->path, why);
}

/* Reads at most room bytes of the file to bytes. */
static size_t read_some(struct log_source *source, char *bytes, size_t room)
{
	ssize_t count;

	do
		count = read(source->fd, bytes, room);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		fail(source, g_strerror(errno));
	source->ended = source->ended || count <= 0;
	source->read += count > 0 ? (guint64)count : 0;
	return count > 0 ? (size_t)count : 0;
}

/* Unpacks to the end of the buffer. A gzip file may be several, one behind the other. */
static void unpack(struct log_source *source)
{
	GError *error = NULL;
	gsize taken = 0, given = 0;
	GConverterResult result;

	if (source->packed_start == source->packed_end) {
		source->packed_start = 0;
		source->packed_end = read_some(source, source->packed, BUFFER_SIZE);
		if (source->ended) {
			if (!source->between)
				fail(source, "the compressed file ends early");
			return;
		}
	}
	source->between = false;
	result = g_converter_convert(source->gzip, source->packed + source->packed_start, source->packed_end - source->packed_start, source->buffer + source->end,
				     BUFFER_SIZE - source->end, G_CONVERTER_NO_FLAGS, &taken, &given, &error);
	source->packed_start += taken;
	source->end += given;
	if (result == G_CONVERTER_FINISHED) {
		g_converter_reset(source->gzip);
		source->between = true;
	} else if (result == G_CONVERTER_ERROR && (source->packed_start < source->packed_end || !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))) {
		fail(source, "the compressed file is damaged");
	}
	g_clear_error(&error);
}

/* Moves what is left to the front and reads more behind it. False where there is no more. */
static bool fill(struct log_source *source)
{
	size_t before;

	if (source->ended)
		return false;
	memmove(source->buffer, source->buffer + source->start, source->end - source->start);
	source->end -= source->start;
	source->start = 0;
	before = source->end;
	while (source->end == before && !source->ended) {
		if (source->gzip)
			unpack(source);
		else
			source->end += read_some(source, source->buffer + source->end, BUFFER_SIZE - source->end);
	}
	return source->end > before;
}

/* What the first bytes say about a file that is not read as it is. */
static const char *hint(const char *bytes, size_t length)
{
	static const struct {
		const char *magic;
		size_t length;
		const char *hint;
	} forms[] = {
		{"\xfd" "7zXZ", 5, "is compressed with xz: xzcat FILE | smtp-explain report -"},
		{"\x28\xb5\x2f\xfd", 4, "is compressed with zstd: zstdcat FILE | smtp-explain report -"},
		{"BZh", 3, "is compressed with bzip2: bzcat FILE | smtp-explain report -"},
		{"LPKSHHRH", 8, "is a journal: journalctl --file=FILE -o export | smtp-explain report -"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
		if (length >= forms[i].length && memcmp(bytes, forms[i].magic, forms[i].length) == 0)
			return forms[i].hint;
	return NULL;
}

/* Reads the beginning and tells from it whether there is something to unpack. */
static void begin(struct log_source *source)
{
	const char *what;

	fill(source);
	what = hint(source->buffer, source->end);
	if (what)
		fail(source, what);
	if (source->end < 3 || memcmp(source->buffer, "\x1f\x8b\x08", 3) != 0)
		return;
	source->gzip = G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP));
	source->packed = source->buffer;
	source->packed_end = source->end;
	source->buffer = g_malloc(BUFFER_SIZE + 1);
	source->start = source->end = 0;
}

struct log_source *log_source_open(const char *path, gint64 *written, GError **error)
{
	struct log_source *source = g_new0(struct log_source, 1);
	bool standard = strcmp(path, "-") == 0;
	struct stat status;

	source->path = g_strdup(path);
	source->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	source->buffer = g_malloc(BUFFER_SIZE + 1);
	if (source->fd < 0)
		fail(source, g_strerror(errno));
	else if (fstat(source->fd, &status) == 0 && S_ISDIR(status.st_mode))
		fail(source, "is a directory");
	else
		begin(source);
	if (source->failed) {
		g_propagate_error(error, g_steal_pointer(&source->error));
		log_source_close(source);
		return NULL;
	}
	if (fstat(source->fd, &status) == 0 && S_ISREG(status.st_mode)) {
		source->size = (guint64)status.st_size;
		*written = status.st_mtime;
	}
	return source;
}

void log_source_close(struct log_source *source)
{
	if (source->fd > STDIN_FILENO)
		close(source->fd);
	g_clear_object(&source->gzip);
	g_clear_error(&source->error);
	g_free(source->packed);
	g_free(source->buffer);
	g_free(source->path);
	g_free(source);
}

/* Reads over the rest of a line that is too long. */
static void skip_line(struct log_source *source)
{
	for (;;) {
		char *newline = memchr(source->buffer + source->start, '\n', source->end - source->start);

		if (newline) {
			source->start = (size_t)(newline - source->buffer) + 1;
			return;
		}
		source->start = source->end;
		if (!fill(source))
			return;
	}
}

/* Ends the line of size bytes and gives it out. */
static char *finish_line(char *line, size_t size, size_t *length)
{
	*length = size > 0 && line[size - 1] == '\r' ? size - 1 : size;
	line[*length] = '\0';
	return line;
}

char *log_source_line(struct log_source *source, size_t *length, GError **error)
{
	for (;;) {
		char *line = source->buffer + source->start, *newline = memchr(line, '\n', source->end - source->start);
		size_t size = newline ? (size_t)(newline - line) : source->end - source->start;

		if (size >= LOG_SOURCE_LINE_LIMIT) {
			skip_line(source);
			continue;
		}
		if (!newline && fill(source))
			continue;
		if (source->error)
			g_propagate_error(error, g_steal_pointer(&source->error));
		if (!newline && source->start == source->end)
			return NULL;
		source->start = newline ? source->start + size + 1 : source->end;
		return finish_line(source->buffer + source->start - size - (newline ? 1 : 0), size, length);
	}
}

bool log_source_failed(const struct log_source *source)
{
	return source->failed;
}

bool log_source_take(struct log_source *source, char *bytes, size_t length)
{
	while (length > 0) {
		size_t have = MIN(length, source->end - source->start);

		memcpy(bytes, source->buffer + source->start, have);
		source->start += have;
		bytes += have;
		length -= have;
		if (length > 0 && !fill(source))
			return false;
	}
	return true;
}

void log_source_skip(struct log_source *source, guint64 length)
{
	while (length > 0) {
		size_t have = (size_t)MIN(length, source->end - source->start);

		source->start += have;
		length -= have;
		if (length > 0 && !fill(source))
			return;
	}
}

void log_source_progress(const struct log_source *source, guint64 *read, guint64 *size)
{
	*read = source->read;
	*size = source->size;
}
