/* signs.h - what the outside of a message says about where it comes from: its envelope sender, its fields, the types of its parts. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_SIGNS_H
#define SMTP_EXPLAIN_SIGNS_H

#include "mail.h"

struct signs {
	bool null_sender;		/* the envelope sender is empty, or MAILER-DAEMON */
	bool daemon;			/* From is called like a mail system, a list server writes, or the message goes where only reports go */
	bool mailer;			/* From's address itself is a mail system's: MAILER-DAEMON, postmaster, none; or the message goes where only reports go */
	bool machine;			/* From names a mail system in other words than "postmaster", who may be a person */
	bool keeper;			/* From is a postmaster's, and the sender is none of a mail system: he may write himself */
	bool role;			/* From is a machine's address or its keeper's, as far as its name tells (role.h) */
	bool program;			/* From is called like a program that answers from an address of its own: a fax gateway, a service's reports */
	bool notification;		/* a service's notice about mail it sent for somebody (Amazon SNS) */
	bool failed_field;		/* X-Failed-Recipients */
	bool subject;			/* the subject is one that mail systems give to reports */
	bool subject_begins;		/* and it begins so */
	bool subject_opens;		/* or it says in a sentence of its own what became of a message, and begins with that */
	bool automatic;			/* Auto-Submitted is there and not "no" */
	bool passed_on;			/* the subject is an answer's or a forward's */
	bool resent;			/* a person with an address sent it again as it was (RFC 5322 section 3.6.6) */
	bool list;			/* came through a mailing list, or is a newsletter or a digest */
	bool list_server;		/* written by a list server about a message to its list */
	bool ticket;			/* a ticket system's notice, whose ticket may be about a bounce */
	bool administration;		/* a list manager's, cron's, a journal's or Postfix's notice to the keeper */
	bool list_notice;		/* a list manager's notice to somebody who is not the list's owner */
	bool list_post;			/* the same, whose fields are those of a post too */
	bool list_program;		/* its address is one where a list server takes commands */
	bool list_request;		/* its address is one where the manager of a list takes commands about it */
	bool request;			/* asks its reader to confirm, is a receipt, or is about an appointment */
	bool sender_known;		/* the envelope sender is known and is neither null nor a mail system's */
	bool sender_absent;		/* neither envelope nor Return-Path tells who sent it: a file without the latter */
	bool writer_absent;		/* there is no From, and no envelope sender that is anybody: people's programs write the field that RFC 5322 §3.6 asks for */
	bool report;			/* multipart/report of a delivery status */
	bool status_part;		/* a delivery-status part outside enclosed messages */
	bool typed;			/* User-Agent or X-Mailer names a program that people write with */
	bool answer;			/* an auto-reply by its fields or subject */
};

/* sender: the envelope sender, with or without angle brackets, "" the null sender; NULL where it is unknown: then Return-Path tells, if there is one. A
 * Return-Path of <> counts in any case: fetchmail and its like deliver again with a sender of their own. */
struct signs signs_read(const struct mail *mail, const char *sender);

/* Does it come from where reports come from, as far as its envelope sender and its writer tell? */
bool signs_by_reporter(const struct signs *signs);

/* Could a message with these fields (struct field, any number of them) be a report or another automatic message worth reading? Cheap: looks at fields only. The milter asks
 * it at the end of the header of messages whose sender is not null; kind.c asks it of an enclosed message. */
bool signs_promise_report(const GArray *fields);

/* The first delivery-status part outside enclosed messages from index on; NULL: none. *index is set to it. */
const struct mail_part *status_part(const struct mail *mail, guint *index);

#endif
