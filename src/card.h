/* card.h - what a reader is told about a report, in order and in words: the text block, the HTML card and the terminal lay it out. Floor 4: presentation.
 *
 * Recipients that share one rule are told about together. Every string is UTF-8 on one line and harmless (text_printable); addresses, hosts and
 * the remote's words come from the message, all else from the catalogue.
 */
#ifndef SMTP_EXPLAIN_CARD_H
#define SMTP_EXPLAIN_CARD_H

#include "explain.h"

/* The remote's own words, and who said them ("mx.example.net said:"). */
struct card_words {
	char *intro;
	char *words;
};

/* Recipients with one rule. Each list holds what differs among them, once, in order of appearance. */
struct card_group {
	const struct explanation *first;	/* borrowed from the report */
	GPtrArray *recipients;			/* addresses; empty where the report names none */
	GPtrArray *notes;			/* forwarded, delayed, contradicting codes */
	GPtrArray *what;			/* summaries */
	char *who;				/* owner, as a phrase; "" where the reader did not send the message and nobody has to act */
	GPtrArray *advice;			/* empty where who is */
	GPtrArray *codes;			/* "550 5.1.1 means: ..." */
	GPtrArray *admin;
	GPtrArray *said;			/* struct card_words, at most CARD_WORDS */
	const char *help;			/* link of the catalogue, NULL */
	GPtrArray *shapes;			/* for card.c: the sentences so far, with the recipient taken out */
	bool same;				/* for card.c: one of them was true of another recipient too */
};

struct card {
	const struct report *report;	/* borrowed */
	const char *host;		/* borrowed: this host; NULL: unknown */
	unsigned recipients;		/* shown at most */
	char *headline;			/* "" for a bare reply */
	GPtrArray *notes;		/* about all of it: delay, backscatter */
	GPtrArray *groups;		/* struct card_group */
	char *more;			/* "and 27 more", NULL where all are shown */
	char *helpdesk;			/* "Need help? ...", NULL where the site names no helpdesk */
	const char *helpdesk_link;	/* of the configuration, part of helpdesk; NULL */
	char *added_by;			/* NULL where the host is not known */
	struct card *second;		/* for card.c: what card_second() made */
};

#define CARD_WORDS 3u		/* different replies shown of one group */
#define CARD_WORDS_LIMIT 1000u	/* bytes shown of one reply */
#define CARD_ADDRESS_LIMIT 330u	/* bytes shown of one address (RFC 5321 section 4.5.3.1 allows 320) */

/* recipients: how many are shown at most. host: this host, or NULL. The caller frees the card, which must not outlive the report and the host. */
struct card *card_new(const struct report *report, unsigned recipients, const char *host);
void card_free(struct card *card);	/* NULL: nothing */

/* The same in the report's second language, without a host; made when it is first asked for, and freed with card. NULL: the report has none. */
struct card *card_second(struct card *card);

/* Who acts, as the reader sees it: owner, but "sender-admin" where the recipient's administrator is our own. */
const char *card_owner(const struct explanation *explanation);

/* "550 5.1.1", "5.1.1", "550" or "". The caller frees it. */
char *card_code(struct code code);

/* A copy of text as card shows it: printable, one line, at most limit bytes; "" for NULL. The caller frees it. */
char *card_text(const char *text, size_t limit);

#endif
