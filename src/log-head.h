/* log-head.h - when and where a log line was written, and whether it is one of ours. Floor 1: facts. */
#ifndef SMTP_EXPLAIN_LOG_HEAD_H
#define SMTP_EXPLAIN_LOG_HEAD_H

#include <glib.h>

#define LOG_NO_TIME G_MININT64

/* What is known about the source of lines. */
struct log_origin {
	const char *ident;		/* syslog ident of our lines */
	gint64 latest;			/* a time without a year is the last such time before this (plus a day); when the file was written last */
};

/* The head of a line: time and host, and what stands behind "IDENT[PID]: "; NULL where it is another program's line. */
char *log_head_read(char *line, const struct log_origin *origin, gint64 *time, const char **host);

/* A time as log_head_read takes it at the start of text, or RFC 3339: seconds, LOG_NO_TIME where there is none. *end (unless NULL) is set behind it. */
gint64 log_time_read(const char *text, gint64 latest, const char **end);

#endif
