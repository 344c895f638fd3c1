/* evidence.h - what the text of a message holds that makes it a report, where no structure says so. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_EVIDENCE_H
#define SMTP_EXPLAIN_EVIDENCE_H

#include "report-text.h"
#include "signs.h"

struct evidence {
	bool empty;			/* nothing at all */
	bool dialect;			/* the words of a known mail system */
	bool original;			/* the returned message */
	bool own;			/* which is the reader's own to a list ... */
	bool own_subject;		/* ... and whose subject the report has */
	bool wrapped;			/* which is a report itself */
	bool entry;			/* an address listed as reports do */
	bool reply;			/* a failed reply */
	bool other;			/* an address that is not the reader's own */
	bool party;			/* such a one on a line that does not say whom to ask for help */
	bool says;			/* what became of a message */
	bool failed;			/* that it failed */
	bool denied;			/* the same, by a known phrase too, which may stand in a condition, or that its writer may not post */
	bool personal;			/* somebody speaks of himself or is away, or a confirmation is asked for */
	bool greeted;			/* the text begins with the name of whom it is for: "Hi Ann," */
	bool asks;			/* a line ends with a question */
	bool addressed;			/* the reader wrote it: "your message", "you sent", "From: " and the reader's address */
	bool refused;			/* a sentence says that the reader's message failed, whomever it names: "your message was rejected"; read up to the first of the next sort */
	bool ruled_out;			/* such a sentence says that a program did so by itself: "was automatically rejected" */
	bool sentence;			/* one sentence says so of such a message and of somebody's address: "your message to bob@example.net was not delivered" */
};

/* Does text (in lower case) speak of the reader's own message: "your message", "votre courriel"? */
bool evidence_addresses(const char *text);

/* What of it is about a list manager's refusal (own, own_subject) is looked for in its notices only. */
struct evidence evidence_of(const struct report_text *report, const struct signs *signs);

#endif
