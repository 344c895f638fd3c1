/* log-read.h - the lines of our log, out of files: plain or gzip, syslog or journal. Floor 2: sources.
 *
 * Takes what journalctl -o export writes besides the lines that log-record.h takes. One line is kept at a time, so memory does not grow with the file. Rotated files may come in any order.
 */
#ifndef SMTP_EXPLAIN_LOG_READ_H
#define SMTP_EXPLAIN_LOG_READ_H

#include "log-record.h"

struct log_progress {
	const char *path;
	guint64 read, size;		/* bytes of this file, compressed ones of a compressed file; size 0: unknown */
	guint64 lines, records;		/* of all files so far */
};

struct log_reading {
	const char *ident;
	gint64 now;			/* seconds since 1970, for times without a year on standard input */
	/* Each line of ours, damaged ones and notices too. The record is valid during the call. */
	void (*visit)(const struct log_record *record, void *data);
	void (*progress)(const struct log_progress *progress, void *data);	/* every few megabytes; NULL: nobody asks */
	void *data;
	guint64 lines, records;		/* counted: lines (or journal entries) of all programs, lines of ours */
};

/* Reads one file, "-" is standard input. False and an error that names the path where it cannot be read to its end; what was read before was visited. */
bool log_read(struct log_reading *reading, const char *path, GError **error);

#endif
