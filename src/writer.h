/* writer.h - who writes a message, as far as its From tells. Floor 3: understanding.
 *
 * from: as writer_named() gives it. A name proves nothing alone: whoever wants to be read calls himself so.
 */
#ifndef SMTP_EXPLAIN_WRITER_H
#define SMTP_EXPLAIN_WRITER_H

#include <glib.h>
#include <stdbool.h>

/* The From field, or in mail that lost it the Return-Path where that is not null, decoded and in lower case; "" where there is neither. The caller frees it. */
char *writer_named(const GArray *fields);

bool writer_is_machine(const char *from);	/* called like a mail system, in other words than "postmaster" */
bool writer_is_daemon(const char *from);	/* the same, or a mail system's keeper */
bool writer_is_mailer(const char *from);	/* the address itself is a mail system's or its keeper's, or there is none */
bool writer_is_program(const char *from);	/* called like a program that answers from an address of its own */
bool writer_is_list_program(const char *from);	/* the address is one where a list server takes commands */
bool writer_takes_commands(const char *from);	/* the address is one where a list's manager takes commands about it: "garden-request@" (RFC 2142 section 6) */
bool writer_is_list_server(const char *from);	/* the same, or its keeper's */
bool writer_is_notifier(const char *from);	/* a service that tells its customers what became of their mail */
bool writer_has_role(const char *from);		/* the address is a machine's, as far as its words tell (role.h) */

#endif
