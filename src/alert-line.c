/* alert-line.c - writes the line of an incident.
 *
 * Open and closed lines of one incident have name, group and since in common. Not here: when there is one (alert.c).
 */
#include "alert-line.h"

#include "log-pair.h"

#include <string.h>

/* The value of a group as it may be shown; NULL for not at all. The caller frees it. */
static char *shown_group(const struct alert_rule *rule, const char *group, const struct privacy *privacy)
{
	if (strcmp(rule->per, "sender") == 0 || strcmp(rule->per, "recipient") == 0)
		return privacy_address(privacy, group);
	if (privacy && privacy->mode == PRIVACY_NONE && (strcmp(rule->per, "sender_domain") == 0 || strcmp(rule->per, "recipient_domain") == 0))
		return NULL;
	return g_strdup(group);
}

static void append_text(GString *line, const char *name, const char *value, enum log_style style, size_t share)
{
	log_pair_append(line, &(struct log_pair){name, value, style, share}, false);
}

static void append_number(GString *line, const char *name, unsigned long value)
{
	g_string_append_printf(line, " %s=%lu", name, value);
}

static void append_time(GString *line, const char *name, gint64 seconds)
{
	GDateTime *time = g_date_time_new_from_unix_utc(seconds);
	char *text = time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : NULL;

	append_text(line, name, text, STYLE_TOKEN, 24);
	g_free(text);
	if (time)
		g_date_time_unref(time);
}

static void append_group(GString *line, const struct alert_rule *rule, const char *group, const struct privacy *privacy)
{
	bool address = strcmp(rule->per, "sender") == 0 || strcmp(rule->per, "recipient") == 0;
	char *shown = shown_group(rule, group, privacy);

	if (strcmp(rule->per, "none") == 0 || strcmp(rule->per, "provider") == 0 || strcmp(rule->per, "reason") == 0) {	/* they have their pair already */
		g_free(shown);
		return;
	}
	append_text(line, rule->per, shown, address ? STYLE_ADDRESS : STYLE_TOKEN, 120);
	g_free(shown);
}

static GString *begin(const char *state, const struct alert_rule *rule, const char *group, const struct alert_incident *incident,
		      const struct alert_figures *figures)
{
	GString *line = g_string_new("alert:");
	bool provider = strcmp(rule->per, "provider") == 0, reason = strcmp(rule->per, "reason") == 0;

	append_text(line, "state", state, STYLE_TOKEN, 10);
	append_text(line, "name", rule->name, STYLE_TOKEN, ALERT_NAME_LIMIT);
	append_text(line, "reason", reason ? group : incident->reason, STYLE_TOKEN, 30);
	append_text(line, "provider", provider ? group : incident->provider, STYLE_TOKEN, 60);
	append_number(line, "count", figures->count);
	append_number(line, "window", rule->window);
	append_number(line, "threshold", rule->count);
	append_time(line, "since", incident->since);
	return line;
}

static void append_figures(GString *line, const struct alert_rule *rule, const struct alert_incident *incident, const struct alert_figures *figures)
{
	char usual[G_ASCII_DTOSTR_BUF_SIZE];

	append_text(line, "origin", incident->origin, STYLE_TOKEN, 10);
	if (strcmp(rule->distinct, "none") != 0) {
		append_text(line, "distinct", rule->distinct, STYLE_TOKEN, 20);
		append_number(line, "distinct_count", figures->distinct);
	}
	if (figures->usual >= 0)
		append_text(line, "usual", g_ascii_formatd(usual, sizeof usual, "%.1f", figures->usual), STYLE_TOKEN, 20);
}

char *alert_line_open(const struct alert_rule *rule, const char *group, const struct alert_incident *incident, const struct alert_figures *figures,
		      const struct privacy *privacy)
{
	GString *line = begin("open", rule, group, incident, figures);

	append_figures(line, rule, incident, figures);
	append_group(line, rule, group, privacy);
	return g_string_free(line, FALSE);
}

char *alert_line_closed(const struct alert_rule *rule, const char *group, const struct alert_incident *incident, const struct alert_figures *figures,
			const struct privacy *privacy, gint64 now, const char *why)
{
	GString *line = begin("closed", rule, group, incident, figures);

	append_time(line, "until", now);
	append_number(line, "duration", (unsigned long)(now - incident->since));
	append_number(line, "peak", incident->peak);
	append_number(line, "total", incident->total);
	append_text(line, "why", why, STYLE_TOKEN, 10);
	append_figures(line, rule, incident, figures);
	append_group(line, rule, group, privacy);
	return g_string_free(line, FALSE);
}

char *alert_line_limited(const struct alert_rule *rule, unsigned open)
{
	return g_strdup_printf("alert: state=limited name=%s open=%u", rule->name, open);
}
