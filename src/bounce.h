/* bounce.h - what a message says about the fate of another: its kind, and each failed recipient with codes and words. Floor 3: understanding.
 *
 * Recognition reads what stands in the message and invents nothing: every code, address and host in a struct bounce stands literally
 * in it. Meaning (reason, owner, advice) is added later by the resolver.
 */
#ifndef SMTP_EXPLAIN_BOUNCE_H
#define SMTP_EXPLAIN_BOUNCE_H

#include "code.h"
#include "mail.h"

#include <glib.h>

enum kind { KIND_NONE, KIND_BOUNCE, KIND_DELAY, KIND_SUCCESS, KIND_FEEDBACK, KIND_DISPOSITION, KIND_AUTO_REPLY };
enum stage { STAGE_NONE, STAGE_CONNECT, STAGE_HELO, STAGE_MAIL, STAGE_RCPT, STAGE_DATA };
enum action { ACTION_NONE, ACTION_FAILED, ACTION_DELAYED, ACTION_DELIVERED, ACTION_RELAYED, ACTION_EXPANDED };

/* Did the recipient get it, as far as the reporter knows (RFC 3464 section 2.3.3)? Such a one is no news; a bare reply (ACTION_NONE) is. */
static inline bool action_delivered(enum action action)
{
	return action == ACTION_DELIVERED || action == ACTION_RELAYED || action == ACTION_EXPANDED;
}

/* One recipient whose delivery failed, is delayed or succeeded. Strings are owned, UTF-8, NULL where the message says nothing. */
struct failure {
	char *to;			/* address that failed, no angle brackets, no address type */
	char *orig_to;			/* address the sender wrote, only where it differs from to */
	enum action action;
	struct code code;		/* the verdict: what the remote really said, else Status; every digit literal */
	unsigned short number;		/* a number of the remote's own where a reply code would stand ("605", code_is_standard); 0: none */
	struct code status;		/* Status field as it stands (RFC 3464 section 2.3.4) */
	char *diagnostic;		/* the remote's own words: reply lines joined, white space folded, no "smtp;" type */
	char *remote;			/* host that refused: Remote-MTA, else named in the text */
	char *retry_until;		/* Will-Retry-Until as it stands (section 2.3.9) */
	enum stage stage;		/* step of the dialogue at which it was refused (stage.h) */
	bool refused_by_list;		/* a list manager refused it (list-manager.h), for who may decide that */
	bool conflict;			/* Status and the remote's own codes contradict each other */
};

/* The returned message (RFC 3462: message/rfc822 or its header), as far as it came back. NULL: unknown. */
struct original {
	char *message_id;		/* with angle brackets */
	char *subject;			/* decoded */
	char *from;			/* address only */
	char *date;			/* as it stands */
	char *queue_id;			/* X-Postfix-Queue-ID, Arrival id of the reporter: part of the event id */
	char *language;			/* Accept-Language, else Content-Language, as it stands: "de-DE, en;q=0.5" */
	char *header;			/* the returned header, as text, for origin.c */
};

struct bounce {
	enum kind kind;
	const char *dialect;		/* name of the dialect that read most of it; NULL for anything but bounces, delays and successes */
	char *reporter;			/* host that wrote the report: Reporting-MTA, else the fields */
	struct original original;
	GPtrArray *failures;		/* struct failure, in order of appearance, each address once */
	bool limited;			/* a limit was hit: there is more in the message than here */
	GString *trace;			/* what was tried and why, one line each, for --why; NULL: not wanted */
	GHashTable *index;		/* lower-case address to its struct failure, so that many recipients cost no more each than a few */
};

#define BOUNCE_FAILURES_LIMIT 1000u	/* recipients kept of one message */
#define BOUNCE_DIAGNOSTIC_LIMIT 2000u	/* bytes kept of one diagnostic */

/* Recognises mail. sender: the envelope sender, with or without angle brackets, "" the null sender; NULL where
 * it is unknown: then the Return-Path field tells, if there is one. trace: whether to
 * fill bounce->trace. Never NULL; what is no report of a delivery (none, feedback, disposition, auto-reply) has no failures. The caller frees it with bounce_free. */
struct bounce *bounce_read(const struct mail *mail, const char *sender, bool trace);
void bounce_free(struct bounce *bounce);

/* A bounce of one nameless failure made from a reply as somebody typed it ("550 5.1.1 text", "5.1.1", "550"): kind none. */
struct bounce *bounce_from_reply(const char *reply);

/* The words of interfaces.md; "" for ACTION_NONE. */
const char *kind_word(enum kind kind);
const char *action_word(enum action action);

/* For recognisers: */

/* The failure for that address, made if there is none yet (to NULL: a nameless one). NULL when BOUNCE_FAILURES_LIMIT is reached. */
struct failure *bounce_failure(struct bounce *bounce, const char *to);

/* Notes a line for --why. */
void bounce_trace(struct bounce *bounce, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
