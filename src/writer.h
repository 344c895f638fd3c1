/* writer.h - who writes a message, as far as its From tells, or in mail that lost it the Return-Path. Floor 3: understanding.
 *
 * A name proves nothing alone: whoever wants to be read calls himself so.
 */
#ifndef SMTP_EXPLAIN_WRITER_H
#define SMTP_EXPLAIN_WRITER_H

#include <glib.h>
#include <stdbool.h>

/* To be read once and handed on: reading an address costs more than all else here. */
struct writer {
	bool from;	/* there is a From; without one, named is the Return-Path, if that is not null */
	char *named;	/* decoded and in lower case; "" where neither tells */
	char *address;	/* the first in it, so in lower case too; "" for "<>" (mail_address); NULL: none that can be read */
};

/* Never fails; to be cleared. */
struct writer writer_read(const GArray *fields);
void writer_clear(struct writer *writer);

/* A writer of that name (in lower case, "" allowed), which is taken over; to be cleared. */
struct writer writer_called(char *named);

/* As they are called; named: in lower case, such as an envelope sender. */
bool writer_is_machine(const char *named);	/* like a mail system, in other words than "postmaster" */
bool writer_is_daemon(const char *named);	/* the same, or a mail system's keeper */

bool writer_is_mailer(const struct writer *writer);		/* the address itself is a mail system's or its keeper's, or there is none */
bool writer_is_program(const struct writer *writer);		/* called like a program that answers from an address of its own */
bool writer_is_list_program(const struct writer *writer);	/* the address is one where a list server takes commands */
bool writer_is_list_server(const struct writer *writer);	/* the same, or its keeper's */
bool writer_takes_commands(const struct writer *writer);	/* the address is one where a list's manager takes commands about it: "garden-request@" (RFC 2142 section 6) */
bool writer_is_notifier(const struct writer *writer);		/* a service that tells its customers what became of their mail */
bool writer_has_role(const struct writer *writer);		/* the address is a machine's, as far as its words tell (role.h) */

#endif
