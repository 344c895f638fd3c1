/* dialect-free-text.c - the last resort: reads by shape what no dialect knows.
 *
 * A list of addresses if there is one; else the addresses of the sentences that are neither the sender's nor the reporter's own. Guesses at nothing: what no
 * line says stays absent.
 */
#include "address.h"
#include "shape.h"
#include "text.h"

#include <string.h>

static bool claims(const struct report_text *report)
{
	return *report->text != '\0';
}

/* An address that reports give for help or as their own. */
static bool is_contact(const char *address)
{
	static const char *const locals[] = {"postmaster@", "mailer-daemon@", "abuse@", "support@", "helpdesk@", "webmaster@", "noreply@", "no-reply@", "hostmaster@", "info@", "help@", "mailmaster@", "servicedesk@"};

	for (size_t i = 0; i < G_N_ELEMENTS(locals); i++)
		if (text_begins(address, locals[i]))
			return true;
	return false;
}

/* Words right before an address that say it is somebody else's. */
static bool is_other_party(const char *text, const char *at)
{
	static const char *const words[] = {"from", "contact", "by", "mailto", "from:", "sender", "sender:", "von", "de", "email", "e-mail", "reply-to:", "cc:", "please", "at"};
	const char *end = at, *start;

	while (end > text && strchr(" \t\n<\"'([", end[-1]))
		end--;
	for (start = end; start > text && end - start < 20 && !g_ascii_isspace(start[-1]); start--)
		;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strlen(words[i]) == (size_t)(end - start) && g_ascii_strncasecmp(start, words[i], (size_t)(end - start)) == 0)
			return true;
	return false;
}

static bool is_sender(const struct report_text *report, const char *address)
{
	return report->sender && address_equal(report->sender, address);
}

static unsigned read_sentences(const struct report_text *report, struct bounce *bounce)
{
	const char *at = report->text, *end;
	unsigned count = 0;
	char *address;

	while (count < 20 && (address = address_find(at, &end))) {
		const char *start = end - strlen(address);

		while (start > at && strncmp(start, address, strlen(address)) != 0)
			start--;
		if (!is_contact(address) && !is_sender(report, address) && !is_other_party(report->text, start) && bounce_failure(bounce, address))
			count++;
		g_free(address);
		at = end;
	}
	return count;
}

static bool read(const struct report_text *report, struct bounce *bounce)
{
	if (shape_entries(report, bounce, 0, report->lines->len) == 0 && read_sentences(report, bounce) > 0 && bounce->failures->len == 1)
		shape_take_common(bounce, report->text);
	return bounce->failures->len > 0;
}

const struct dialect dialect_free_text = {
	.name = "free-text",
	.writes = "anything else",
	.claims = claims,
	.read = read,
};
