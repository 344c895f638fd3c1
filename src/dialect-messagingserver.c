/* dialect-messagingserver.c - PMDF, iPlanet and Oracle Messaging Server: labelled lines for each recipient. */
#include "address.h"
#include "shape.h"
#include "text.h"

#include <string.h>

static bool claims(const struct report_text *report)
{
	return report_says(report, "recipient address: ");
}

/* What follows the label at the head of line; NULL where another word stands there. */
static const char *labelled(const char *line, const char *label)
{
	while (*line == ' ' || *line == '\t')
		line++;
	return text_begins(line, label) ? line + strlen(label) : NULL;
}

static void take_words(struct failure *failure, GString *words)
{
	if (failure && words->len > 0)
		failure_take_words(failure, words->str);
	g_string_truncate(words, 0);
}

/* "dns;mx.example.net (TCP|192.0.2.7|42550|192.0.2.1|25) (mx.example.net ESMTP ready)" */
static char *remote_host(const char *value)
{
	const char *semicolon = strchr(value, ';'), *host = semicolon ? semicolon + 1 : value;

	host += strspn(host, " ");
	return *host ? g_strndup(host, strcspn(host, " (")) : NULL;
}

/* "Original address:" is the one that the sender wrote, and the only one where the other has no domain ("bob@ims-ms-daemon"). */
static void take_original(struct bounce *bounce, struct failure *failure, const char *value)
{
	char *address = address_find(value, NULL);
	const char *domain = failure->to ? address_domain(failure->to) : NULL;

	if (address && domain && !strchr(domain, '.') && strchr(address_domain(address), '.'))
		bounce_name(bounce, failure, address);
	else if (!failure->orig_to)
		failure->orig_to = g_steal_pointer(&address);
	g_free(address);
}

static bool read_bounce(const struct report_text *report, struct bounce *bounce)
{
	struct failure *failure = NULL;
	GString *words = g_string_new(NULL);

	for (guint i = 0; i < report->lines->len && !bounce->limited; i++) {
		const char *line = report->lines->pdata[i], *value;

		if ((value = labelled(line, "Recipient address:"))) {
			char *address = address_find(value, NULL);

			take_words(failure, words);
			failure = address ? bounce_failure(bounce, address) : NULL;
			g_free(address);
		} else if (failure && (value = labelled(line, "Original address:"))) {
			take_original(bounce, failure, value);
		} else if (failure && (value = labelled(line, "Remote system:"))) {
			if (!failure->remote)
				failure->remote = remote_host(value);
		} else if (failure && words->len < BOUNCE_DIAGNOSTIC_LIMIT) {
			g_string_append_printf(words, "%s\n", line);
		}
	}
	take_words(failure, words);
	g_string_free(words, TRUE);
	return bounce->failures->len > 0;
}

const struct dialect dialect_messagingserver = {
	.name = "messagingserver",
	.writes = "PMDF, Sun and Oracle Messaging Server",
	.claims = claims,
	.read = read_bounce,
};
