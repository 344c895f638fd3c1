/* list-role.h - the addresses that list managers keep beside those of their lists, and what each is for. Floor 1: facts.
 *
 * address: with its domain, in any case. People have such addresses too, so one alone proves nothing.
 */
#ifndef SMTP_EXPLAIN_LIST_ROLE_H
#define SMTP_EXPLAIN_LIST_ROLE_H

/* One bit each, so that several can be asked for at once. */
enum list_role {
	LIST_ROLE_NONE = 0,
	LIST_SENDER = 1 << 0,		/* under which the list's mail is sent: "owner-garden@" */
	LIST_KEEPER = 1 << 1,		/* who keeps the list: "garden-owner@"; its manager writes from there too */
	LIST_EDITOR = 1 << 2,		/* people who decide about posts, to whom a manager writes and from whom it never does: "garden-moderator@" */
	LIST_COMMANDS = 1 << 3,		/* where the manager takes commands: "garden-request@" (RFC 2142 section 6) */
	LIST_SUBSCRIPTION = 1 << 4,	/* each one command: "garden-join@" */
	LIST_BOUNCES = 1 << 5,		/* where reports about the list's mail go: "garden-bounces@" */
	LIST_DESK = 1 << 6,		/* such as departments have for people to ask: "garden-admin@", "garden-help@" */
	LIST_MANAGERS = LIST_SENDER | LIST_KEEPER | LIST_COMMANDS | LIST_SUBSCRIPTION | LIST_BOUNCES | LIST_DESK,	/* all that the manager itself uses */
};

/* What the address is for that names its list. */
enum list_role list_role(const char *address);

/* The list of such an address that is the manager's: garden@lists.example.net of garden-owner@lists.example.net. The caller frees it; NULL: none. */
char *list_of_role(const char *address);

/* What the address of a manager is for that serves all of its lists: LIST_COMMANDS ("listserv@"), LIST_KEEPER ("listmaster@"). */
enum list_role list_manager_role(const char *address);

#endif
