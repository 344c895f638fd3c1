/* log-json.h - the members of a flat JSON object, read in place. Floor 1: facts. */
#ifndef SMTP_EXPLAIN_LOG_JSON_H
#define SMTP_EXPLAIN_LOG_JSON_H

#include <stdbool.h>

/* Calls visit for each member of the object at text, which is changed. A string has its escapes undone; an array of numbers is made the bytes it lists (as
 * journalctl prints what is no UTF-8); null is NULL; any other value is its text. False where text is no object, ends early or has more behind it. */
typedef void (*log_json_visit)(const char *name, const char *value, void *data);
bool log_json_each(char *text, log_json_visit visit, void *data);

#endif
