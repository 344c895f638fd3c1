/* conf-value.h - what all keys have in common: a value of a type in a member of a struct. Floor 5: process. */
#ifndef SMTP_EXPLAIN_CONF_VALUE_H
#define SMTP_EXPLAIN_CONF_VALUE_H

#include "conf.h"

/* Sets the key's member of the struct at base. NULL, or what is wrong with the value (the caller frees it). */
char *conf_value_set(void *base, const struct conf_key *key, const char *value);

/* The value as it would stand in a file. The caller frees it. */
char *conf_value_print(const void *base, const struct conf_key *key);

void conf_value_free(void *base, const struct conf_key *key);

#endif
