/* sender.h - who sent the message that came back: the account an operator has to look at. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_SENDER_H
#define SMTP_EXPLAIN_SENDER_H

#include "bounce.h"

/* The sender of the returned message, as an address of an account: tags of BATV, SRS and VERP are taken off. NULL where nothing tells. The caller frees it. */
char *sender_find(const struct mail *mail, const struct bounce *bounce);

/* The account behind an envelope address: "prvs=1a2b3c=ann@example.com", "SRS0=x=y=example.com=ann@relay.example", "list-bounces+bob=example.net@example.com".
 * The caller frees it. */
char *sender_account(const char *address);

#endif
