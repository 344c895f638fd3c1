/* alert-line.h - the lines of alerts (interfaces.md section 4). Floor 4: presentation. */
#ifndef SMTP_EXPLAIN_ALERT_LINE_H
#define SMTP_EXPLAIN_ALERT_LINE_H

#include "alert-rule.h"
#include "privacy.h"

/* What an incident is. Strings are owned by who has the incident. */
struct alert_incident {
	gint64 since, last_true;	/* when it opened; when its condition was last met */
	unsigned long peak, total;	/* largest count of a window; failures in all */
	char *reason, *provider, *origin;	/* of the failure that opened it; NULL: unknown */
};

struct alert_figures {
	unsigned long count;		/* in the window, now */
	unsigned distinct;
	double usual;			/* count; negative: not compared */
};

/* "alert: state=open ..."; group: the aspect's value, "" for none. The caller frees it. */
char *alert_line_open(const struct alert_rule *rule, const char *group, const struct alert_incident *incident, const struct alert_figures *figures,
		      const struct privacy *privacy);
/* why: "quiet", "reload" or "stop". */
char *alert_line_closed(const struct alert_rule *rule, const char *group, const struct alert_incident *incident, const struct alert_figures *figures,
			const struct privacy *privacy, gint64 now, const char *why);
char *alert_line_limited(const struct alert_rule *rule, unsigned open);

#endif
