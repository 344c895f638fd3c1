/* alert-rule.h - a rule of alerts as it stands in the configuration ([alert.NAME]), and what a failure is to it. Floor 4: presentation. */
#ifndef SMTP_EXPLAIN_ALERT_RULE_H
#define SMTP_EXPLAIN_ALERT_RULE_H

#include <glib.h>
#include <stdbool.h>

#define ALERT_RULES_LIMIT 32u	/* each may follow each of a thousand recipients */
#define ALERT_NAME_LIMIT 40u	/* letters of a name */

/* Strings and lists are owned; lists end with NULL, an empty one lets everything through; a word of reason and provider may have a "*" in it. */
struct alert_rule {
	char *name;
	bool enabled;
	char **kind, **reason, **provider, **owner, **class, **origin;
	char *per;			/* what gets an incident of its own: a word of ALERT_ASPECTS */
	unsigned count;			/* failures within the window that open an incident */
	unsigned window;		/* seconds */
	char *distinct;			/* of what several are needed: a word of ALERT_ASPECTS */
	unsigned distinct_count;
	unsigned factor;		/* times the usual count; 0: any */
	unsigned baseline;		/* seconds over which the usual count is learnt */
	unsigned close;			/* seconds without the condition that close an incident */
	char *place;			/* "FILE:LINE" of its reasons or providers, for errors; NULL: built in */
};

#define ALERT_ASPECTS "none reason provider remote_domain sender sender_domain recipient recipient_domain"
#define ALERT_ASPECT_COUNT 8u	/* words of that */

/* A failed or delayed recipient; NULL for what is not known. Borrowed for the length of a call. */
struct alert_event {
	const char *kind, *reason, *provider, *owner, *class, *origin;
	const char *sender, *to;	/* addresses */
	const char *remote;		/* host that refused */
	const char *id;			/* of the event, in hexadecimal digits, by which a copy is known; NULL: none that can be trusted */
};

struct alert_rule *alert_rule_new(const char *name);	/* empty lists, numbers 0 */
struct alert_rule *alert_rule_copy(const struct alert_rule *rule);
void alert_rule_free(gpointer rule);

/* The lists of a rule. */
enum alert_filter { ALERT_KIND, ALERT_REASON, ALERT_PROVIDER, ALERT_OWNER, ALERT_CLASS, ALERT_ORIGIN, ALERT_FILTERS };

/* Does that list let the value through (NULL: not known)? An event is for a rule that lets all of its values through; whether the rule is enabled is not looked at. */
bool alert_rule_lets(const struct alert_rule *rule, enum alert_filter filter, const char *value);

/* Do two rules count the same things in the same way, so that what one has counted is good for the other? Thresholds may differ. */
bool alert_rule_counts_alike(const struct alert_rule *a, const struct alert_rule *b);

/* What the event is under that aspect, in lower case: "example.net" for recipient_domain; "" for none and for what is not known. A provider that is not known is
 * named by the domain of its host, else by that of the recipient; a remote_domain by that of the recipient. The caller frees it. */
char *alert_aspect(const struct alert_event *event, const char *aspect);

/* The shipped rules, as they would stand in a file: ends with name NULL. */
struct alert_default {
	const char *name, *key, *value;
};
extern const struct alert_default alert_defaults[];

#endif
