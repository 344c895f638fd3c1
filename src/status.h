/* status.h - the fields of a delivery-status part (RFC 3464 section 2). Floor 1: facts. */
#ifndef SMTP_EXPLAIN_STATUS_H
#define SMTP_EXPLAIN_STATUS_H

#include "code.h"

#include <glib.h>

/* Fields of one recipient (section 2.3). Owned strings, NULL where absent. */
struct status_recipient {
	char *final;			/* Final-Recipient, address only */
	char *original;			/* Original-Recipient, or X-Original-Recipient ..., address only */
	char *actual;			/* X-Actual-Recipient (Sendmail): the mailbox behind the final one */
	char *action;			/* Action, lower case, first word */
	struct code status;		/* Status; CODE_NONE where it is no code */
	char *diagnostic;		/* Diagnostic-Code without its type, normalised */
	char *diagnostic_type;		/* "smtp", "x-unix", lower case */
	char *remote;			/* Remote-MTA, name only */
	char *retry_until;		/* Will-Retry-Until as it stands */
	char *supplement;		/* X-Supplementary-Info, X-SMTP-Server-Reply and such, normalised */
};

struct status {
	char *reporter;			/* Reporting-MTA, name only */
	char *arrival_date;
	char *envelope_id;		/* Original-Envelope-Id */
	char *queue_id;			/* X-Postfix-Queue-ID and such */
	char *sender;			/* X-Postfix-Sender, address only */
	GPtrArray *recipients;		/* struct status_recipient */
	bool limited;
};

/* Reads the text of the part; total. At most limit recipients. */
struct status *status_read(const char *text, size_t length, unsigned limit);
void status_free(struct status *status);

/* Is text a delivery status by what it holds, whatever its part is called? A disposition notification (RFC 8098) has neither Action nor Status. */
bool status_is(const char *text);

#endif
