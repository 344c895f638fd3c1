/* kind.h - what sort of message this is, as far as its structure and fields tell. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_KIND_H
#define SMTP_EXPLAIN_KIND_H

#include "bounce.h"
#include "dialect.h"

/* What the outside of a message says about where it comes from. */
struct signs {
	bool null_sender;		/* envelope sender or Return-Path is empty, or MAILER-DAEMON */
	bool daemon;			/* From is a mail system */
	bool mailer;			/* From's address itself is a mail system's: MAILER-DAEMON, postmaster, none */
	bool notification;		/* a service's notice about mail it sent for somebody (Amazon SNS) */
	bool failed_field;		/* X-Failed-Recipients */
	bool subject;			/* the subject is one that mail systems give to reports */
	bool automatic;			/* Auto-Submitted is there and not "no" */
	bool passed_on;			/* the subject is an answer's or a forward's */
	bool list;			/* came through a mailing list, or is a newsletter */
	bool administration;		/* a list manager's or cron's notice */
	bool request;			/* asks its reader to confirm, or is a receipt */
	bool sender_known;		/* the envelope sender is known and is neither null nor a mail system's */
	bool person;			/* From is a person's, and so is the envelope sender as far as it is known */
	bool report;			/* multipart/report of a delivery status */
	bool status_part;		/* a delivery-status part outside enclosed messages */
	bool answer;			/* an auto-reply by its fields or subject */
};

struct signs signs_read(const struct mail *mail, bool null_sender);

/* The kind as far as structure decides it: feedback, disposition and auto-reply are final; KIND_BOUNCE means a report to be read, whose
 * recipients decide between failure, delay and success; KIND_NONE anything else. report may be NULL: then its text is not asked for. */
enum kind kind_tell(const struct mail *mail, const struct signs *signs, const struct report_text *report);

/* What the text says about the outcome, from its fixed sentences: KIND_BOUNCE, KIND_DELAY, KIND_SUCCESS, or KIND_NONE where it says
 * nothing. */
enum kind kind_of_text(const struct report_text *report);
enum kind kind_of_subject(const char *subject);

/* The first delivery-status part outside enclosed messages from index on; NULL: none. *index is set to it. */
const struct mail_part *status_part(const struct mail *mail, guint *index);

#endif
