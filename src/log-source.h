/* log-source.h - a file or standard input, unpacked and cut into lines. Floor 1: facts. */
#ifndef SMTP_EXPLAIN_LOG_SOURCE_H
#define SMTP_EXPLAIN_LOG_SOURCE_H

#include <glib.h>
#include <stdbool.h>

struct log_source;

#define LOG_SOURCE_ERROR log_source_error_quark()
GQuark log_source_error_quark(void);

/* Opens a file, "-" is standard input. gzip is told by its first bytes, whatever the name. *written gets the time it was last written, and stays for a pipe.
 * NULL and an error that names the path. */
struct log_source *log_source_open(const char *path, gint64 *written, GError **error);
void log_source_close(struct log_source *source);

/* The next line without its end (LF or CRLF), with NUL behind it; valid and changeable until the next call. A line of
 * LOG_SOURCE_LINE_LIMIT bytes or more is read over: none of ours is so long. NULL at the end, or with an error: log_source_failed tells. */
char *log_source_line(struct log_source *source, size_t *length, GError **error);
bool log_source_failed(const struct log_source *source);

#define LOG_SOURCE_LINE_LIMIT 65536u

/* The next length bytes; false where there are not so many. */
bool log_source_take(struct log_source *source, char *bytes, size_t length);
void log_source_skip(struct log_source *source, guint64 length);

/* Bytes of the file that were read and its size (0: unknown). */
void log_source_progress(const struct log_source *source, guint64 *read, guint64 *size);

#endif
