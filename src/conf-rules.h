/* conf-rules.h - the sections [alert.NAME]: as many rules as there are names, all with the same keys. Floor 5: process. */
#ifndef SMTP_EXPLAIN_CONF_RULES_H
#define SMTP_EXPLAIN_CONF_RULES_H

#include "catalogue.h"
#include "conf.h"
#include "keyfile.h"

bool conf_is_rule(const char *section);

/* The shipped rules, as GPtrArray of struct alert_rule, which the caller frees. */
GPtrArray *conf_rules_defaults(void);

/* Sets a key of a rule, made with the defaults of its keys where it is new. NULL, or what is wrong (the caller frees it). */
char *conf_rules_set(GPtrArray *rules, const struct keyfile_item *item);

/* Appends every rule: whether it is enabled, and each key that is not at its default. */
void conf_rules_print(const GPtrArray *rules, GString *out);

/* Reasons and providers that the catalogue does not know would never match: false and an error at their place. */
bool conf_rules_check(const GPtrArray *rules, const struct catalogue *catalogue, GError **error);

#endif
