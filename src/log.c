/* log.c - one place through which every line to the operator goes.
 *
 * Not here: what a line says. Lines are cut and made harmless here once more, so that no caller can break the log.
 */
#include "log.h"

#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

static const struct {
	const char *name;
	int facility;
} facilities[] = {
	{"auth", LOG_AUTH},	{"cron", LOG_CRON},	{"daemon", LOG_DAEMON}, {"local0", LOG_LOCAL0}, {"local1", LOG_LOCAL1}, {"local2", LOG_LOCAL2},
	{"local3", LOG_LOCAL3}, {"local4", LOG_LOCAL4}, {"local5", LOG_LOCAL5}, {"local6", LOG_LOCAL6}, {"local7", LOG_LOCAL7}, {"mail", LOG_MAIL},
	{"syslog", LOG_SYSLOG}, {"user", LOG_USER},
};

/* openlog() keeps the pointer it is given, so the ident must live as long as the process. Without one, lines go to standard error as they are. */
static struct {
	char *ident;
	bool to_syslog;
} sink;

static int find_facility(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(facilities); i++)
		if (strcmp(facilities[i].name, name) == 0)
			return facilities[i].facility;
	return -1;
}

bool log_facility_is_known(const char *facility)
{
	return find_facility(facility) >= 0;
}

bool log_open(const char *ident, const char *facility, bool to_stderr)
{
	int number = find_facility(facility);

	if (number < 0)
		return false;
	if (sink.to_syslog)
		closelog();
	g_free(sink.ident);
	sink.ident = g_strdup(ident);
	sink.to_syslog = !to_stderr;
	if (sink.to_syslog)
		openlog(sink.ident, LOG_PID | LOG_NDELAY, number);
	return true;
}

void log_line(int level, const char *format, ...)
{
	va_list arguments;
	char *raw, *line;

	va_start(arguments, format);
	raw = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	line = text_printable(raw);
	text_cut(line, LOG_LINE_LIMIT);
	if (sink.to_syslog)
		syslog(level, "%s", line);
	else if (sink.ident)
		fprintf(stderr, "%s[%ld]: %s\n", sink.ident, (long)getpid(), line);
	else
		fprintf(stderr, "%s\n", line);
	g_free(line);
	g_free(raw);
}
