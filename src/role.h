/* role.h - addresses that belong to a machine or its keeper rather than to a person. Floor 1: facts. */
#ifndef SMTP_EXPLAIN_ROLE_H
#define SMTP_EXPLAIN_ROLE_H

#include <stdbool.h>

/* Is the local part of address (lower case, with or without a domain) made of words that name a machine's role and nothing else: "root", "noreply-mailer",
 * "mailshield", "smtp-gateway2"? People write from "root" too, so it proves nothing alone. */
bool role_of_machine(const char *address);

#endif
