/* session.h - one connection of the MTA, and the message that is passing on it. Floor 5: process.
 *
 * Knows what has to be kept of a message and what becomes of it; knows nothing of libmilter. milter.c hands over bytes and
 * applies the edits that come back. Nothing here can fail: what cannot be explained passes unchanged.
 *
 *   client? ── mail_from ── recipient* ── field* ── end_of_header ── body* ── end_of_message ── finish      (reset at any point; then mail_from again)
 */
#ifndef SMTP_EXPLAIN_SESSION_H
#define SMTP_EXPLAIN_SESSION_H

#include "annotate.h"
#include "envelope.h"
#include "record.h"
#include "snapshot.h"

struct session;

/* What the MTA needs to send next. */
enum session_next {
	SESSION_CONTINUE,		/* go on */
	SESSION_ENOUGH,			/* the (rest of the) body is not needed, but the end of the message is */
	SESSION_DONE			/* nothing more of this message is needed */
};

#define SESSION_HEADER_LIMIT (256u * 1024u)	/* bytes of a header that are kept; of a longer one what fits is read, and fields only are added (Postfix's header_size_limit is 100 kB) */

/* snapshots and recorder are borrowed and must outlive the session. */
struct session *session_new(struct snapshots *snapshots, struct recorder *recorder);
void session_free(struct session *session);	/* NULL is fine */

/* What the configuration in force wants from the MTA, for the negotiation of a new connection: steps that nobody needs cost nothing then. A message that comes under a newer
 * configuration on an older connection has no more than was asked for when the connection began. */
struct session_needs {
	bool body;			/* the right to change bodies */
	bool client;			/* session_client() */
	bool recipients;		/* session_recipient() */
};
struct session_needs session_needs(struct session *session);

/* Whether the MTA lets us change bodies; no, unless this was said. Without the right, reports get fields only. */
void session_allow_body(struct session *session, bool allowed);

/* The MTA's name and version (macro v), NULL where unknown. Any time before the end of a message; holds for the connection. */
void session_mta_version(struct session *session, const char *version);

/* Who connected; as envelope_set_client(). Once, before the first message, or never. */
void session_client(struct session *session, const char *name, const char *address);

/* Whether values of fields come and go with the blank behind the colon, so that a subject can be tagged and given back byte for byte; no, unless this was said. */
void session_exact_fields(struct session *session, bool exact);

/* A message begins; all of an earlier one is forgotten. sender: the argument of MAIL, "" or "<>" for the null sender. */
enum session_next session_mail_from(struct session *session, const char *sender);

/* One recipient that the MTA accepted: the argument of RCPT. */
void session_recipient(struct session *session, const char *recipient);

/* One header field. value: folded lines separated by LF, with the blank that followed the colon. */
void session_field(struct session *session, const char *name, const char *value);

/* The header is over. SESSION_DONE: an ordinary message, which passes as it is; SESSION_ENOUGH: one that loses fields only. */
enum session_next session_end_of_header(struct session *session);

/* A piece of the body, cut anywhere. SESSION_ENOUGH: no more of it is kept. */
enum session_next session_body(struct session *session, const char *bytes, size_t length);

/* What is to be changed; borrowed until the next call. body is NULL where it stays as it is. */
struct session_outcome {
	const struct edits *edits;
	const GString *body;
};

/* The message is complete. host: the MTA's name, NULL where unknown. */
struct session_outcome session_end_of_message(struct session *session, const char *host);

/* The edits were applied, or (applied false) could not be: logs, counts, forgets the message. queue_id: NULL where unknown. */
void session_finish(struct session *session, bool applied, const char *queue_id);

/* Bytes of messages that the session holds at the moment: of one at a time, at most SESSION_HEADER_LIMIT and body_limit, once more while its edits are applied (the room
 * that the buffers have may be twice that; what is not used costs addresses only). 64 KiB at most between messages. */
size_t session_bytes_kept(const struct session *session);

/* The message is given up or over. */
void session_reset(struct session *session);

#endif
