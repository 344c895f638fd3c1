/* when.h - a point in time as a person writes it: "2026-11-23", "yesterday", "7 days ago". Floor 0: base. */
#ifndef SMTP_EXPLAIN_WHEN_H
#define SMTP_EXPLAIN_WHEN_H

#include <glib.h>
#include <stdbool.h>

#define WHEN_ERROR when_error_quark()
GQuark when_error_quark(void);

/* Reads "2026-11-23", "2026-11-23 12:00", "2026-11-23T12:00:00", with "Z" or "+01:00" behind a time; "now", "today", "yesterday"; "N minutes|hours|days|weeks|months
 * ago". Local time where no zone is given. now: seconds since 1970. A day without a time is its first second, or with end its last. False and an error that says
 * what can be written where text is none of them; *seconds stays. */
bool when_parse(const char *text, gint64 now, bool end, gint64 *seconds, GError **error);

#endif
