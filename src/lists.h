/* lists.h - lists of clients and of mail addresses as an administrator writes them. Floor 1: facts.
 *
 * A client is an address ("192.0.2.1"), a network ("192.0.2.0/24", "2001:db8::/32"), a host name ("mx.example.net") or a domain with the hosts below
 * it (".example.net"). An address is "ann@example.com", where "*" stands for any characters ("bounces-*@example.com"), a domain ("example.com", also
 * "@example.com") or a domain and those below it (".example.com"). Case does not matter.
 */
#ifndef SMTP_EXPLAIN_LISTS_H
#define SMTP_EXPLAIN_LISTS_H

#include <stdbool.h>

/* What is wrong with one word of such a list, NULL where nothing is. The caller frees it. */
char *lists_client_wrong(const char *word);
char *lists_address_wrong(const char *word);

/* Is the client in the list (NULL-terminated)? name, address: NULL where unknown; what is unknown is in no list. */
bool lists_have_client(const char *const *list, const char *name, const char *address);
bool lists_have_address(const char *const *list, const char *address);

#endif
