/* envelope.h - who handed a message over, and for whom: client and recipients as the MTA tells them. Floor 1: facts.
 *
 * The client lives as long as its connection, the recipients as long as their message. What the MTA did not tell stays unknown; nothing is looked up.
 */
#ifndef SMTP_EXPLAIN_ENVELOPE_H
#define SMTP_EXPLAIN_ENVELOPE_H

#include <glib.h>
#include <stdbool.h>

struct envelope {
	char *client_name;		/* host name, lower case, no dot behind; NULL: unknown, or not confirmed by the address */
	char *client_address;		/* "192.0.2.1", "2001:db8::1"; NULL: unknown */
	GPtrArray *recipients;		/* char *: "ann@site.example", without angle brackets and source route, case as it came; in order */
	bool cut;			/* there were more than ENVELOPE_RECIPIENTS_LIMIT */
};

#define ENVELOPE_RECIPIENTS_LIMIT 1000u

void envelope_init(struct envelope *envelope);
void envelope_clear(struct envelope *envelope);		/* frees what it holds */

/* name: "mx.example.net"; NULL, "unknown" and "[192.0.2.1]" are none. address: NULL where unknown; one of IPv4 in IPv6 clothes is undressed. */
void envelope_set_client(struct envelope *envelope, const char *name, const char *address);

/* argument: of RCPT, "<ann@site.example>" (smtpd, Sendmail) or "ann@site.example" (Postfix's own mail). */
void envelope_add_recipient(struct envelope *envelope, const char *argument);
void envelope_forget_recipients(struct envelope *envelope);

#endif
