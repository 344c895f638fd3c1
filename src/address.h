/* address.h - mail addresses as they stand in reports. Floor 1: facts. */
#ifndef SMTP_EXPLAIN_ADDRESS_H
#define SMTP_EXPLAIN_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#define ADDRESS_LIMIT 1000u	/* bytes of an address that anyone keeps (RFC 5321 allows 320, RFC 6533 encodes them longer) */

/* The address in the value of a Final-Recipient or Original-Recipient field ("rfc822; bob@example.net", "utf-8;b\x{f6}b@example.net", xtext): type, comments and angle
 * brackets removed, decoded (RFC 3461 section 4, RFC 6533 section 3). The caller frees it; NULL where there is none. */
char *address_from_field(const char *value);

/* The first address in running text: in angle brackets, quotes or plain, but not in a link. *end (unless NULL) is set behind it. The caller frees it; NULL where there is none. */
char *address_find(const char *text, const char **end);

/* Local part and domain, or a bare local part where bare is true; no white space, no control characters. */
bool address_is_plausible(const char *address, bool bare);

/* The part behind the last '@', or NULL. Borrowed from address. */
const char *address_domain(const char *address);

/* Same mailbox as far as strings tell: case of ASCII letters does not matter. */
bool address_equal(const char *a, const char *b);

#endif
