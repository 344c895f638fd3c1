/* log.h - where messages to the operator go: syslog, or standard error. Floor 0: base. */
#ifndef SMTP_EXPLAIN_LOG_H
#define SMTP_EXPLAIN_LOG_H

#include <glib.h>
#include <stdbool.h>

/* facility: "mail", "daemon", "local0" ... (unknown: false, nothing opened); ident: copied. to_stderr: lines go to standard error with "ident[pid]: " before them. */
bool log_open(const char *ident, const char *facility, bool to_stderr);
bool log_facility_is_known(const char *facility);

/* One line each, at most LOG_LINE_LIMIT bytes, controls made visible. Thread-safe. Levels of syslog(3): LOG_INFO, LOG_WARNING, LOG_ERR. */
void log_line(int level, const char *format, ...) G_GNUC_PRINTF(2, 3);

#define LOG_LINE_LIMIT 900

#endif
