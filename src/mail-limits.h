/* mail-limits.h - how much of a message is safe to hand to GMime. Floor 2: sources. */
#ifndef SMTP_EXPLAIN_MAIL_LIMITS_H
#define SMTP_EXPLAIN_MAIL_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

/* How many of the bytes GMime may see: all of them, or those before the line that hits a limit. */
size_t mail_safe_length(const char *bytes, size_t length);

/* May GMime read value as a list of addresses? */
bool mail_value_is_safe(const char *value);

#endif
