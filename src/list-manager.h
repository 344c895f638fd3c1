/* list-manager.h - what the fields of a message say about the mailing list that it came through, or that wrote it. Floor 3: understanding.
 *
 * writer: of the same message (writer_read).
 */
#ifndef SMTP_EXPLAIN_LIST_MANAGER_H
#define SMTP_EXPLAIN_LIST_MANAGER_H

#include "mail.h"
#include "writer.h"

/* Came through a mailing list, or is a newsletter: such mail writes about bounces, but is none. */
bool list_marked(const GArray *fields);

/* Is it a list manager's own notice to somebody who is not the list's owner: about his message, his subscription, his commands? */
bool list_notifies(const GArray *fields, const struct writer *writer);

/* Of such a notice: but for what its text says, could it be a post that the list passed on, from the manager in person ("Precedence: list", as Mailman 3 marks both)? */
bool list_notifies_as_post(const GArray *fields, const struct writer *writer);

/* Does a list server report to who keeps the list ("owner-staff@"), about those who bounce? No message of the keeper's failed. */
bool list_reports_to_owner(const GArray *fields, const struct writer *writer);

/* Does it go where list managers let bounces go ("ops-bounces@", "bounce+7f3a@")? What comes there, no person writes. */
bool list_gets_bounces(const GArray *fields);

/* Majordomo's "BOUNCE garden@lists.example.net: Non-member submission from [ann@example.com]" (subject, in lower case) goes to the list's owner, who is not to be
 * told of a bounce: does it go to whom it names? */
bool list_returns_posting(const GArray *fields, const char *subject);

/* fml names itself in its notices and in the posts that it passes on: is this one of its notices? sender: the envelope sender, NULL where nobody knows it. */
bool list_is_from_fml(const GArray *fields, const struct writer *writer, const char *sender);

/* Where posts to the list go whose manager wrote it, by its fields (RFC 2369 section 3.4, Mailman's own). The caller frees it; NULL: none tells. */
char *list_named(const struct mail *mail);

/* The same, by its fields or else by the manager's address. The caller frees it; NULL: nothing tells. */
char *list_address(const struct mail *mail, const struct writer *writer);

#endif
