/* report-rules.c - the rules by which text alone is a report: who wrote it decides how much it has to hold.
 *
 * A mail system's own address needs little, a nameless one with a null sender more, and a stranger's nearly all: people pass bounces on, and whoever wants to be
 * read calls himself "Mail Delivery System". A rule is a row; a message is a report when one row of its writer's holds. Not here: where the facts come from
 * (signs.c, evidence.c), and mail that no text can make a report (kind.c).
 */
#include "report-rules.h"

#include <stdint.h>

/* Who wrote it. */
enum writer_sort {
	MAILER = 1 << 0,	/* a mail system's own address */
	NAMELESS = 1 << 1,	/* a nameless address with a null sender, or one called like a mail system, or nobody knows who sent it */
	NAMED = 1 << 2,		/* one called like a mail system, with an envelope sender of its own that is none */
	STRANGER = 1 << 3,	/* a sender of its own, and an address that is no mail system's */
	SERVICE = 1 << 4,	/* a service that tells its customer what became of mail */
	ROLE = 1 << 5,		/* besides: the address is a machine's or its keeper's, though no mail system's */
	LIST_MANAGER = 1 << 6,	/* besides: a list manager, to somebody who is not the list's owner */
	LIST_PROGRAM = 1 << 7,	/* besides: the same, by an address for commands */
	LIST_REQUEST = 1 << 8,	/* besides: the same, by the address for commands about one list */
	LIST_SERVER = 1 << 9,	/* besides: a list manager, by a null sender or fields of its own */
	ADMINISTRATION = 1 << 10,	/* a list manager's notice by its fields, or another that is for a keeper */
};

/* What there is. The outside (signs.h) ... */
enum fact {
	NULL_SENDER = 1 << 0,
	PROGRAM = 1 << 1,		/* nobody could answer it, or it has a mail system's name: no postmaster in person */
	MACHINE = 1 << 2,
	DAEMON = 1 << 3,
	SENDER_ABSENT = 1 << 4,
	LIST = 1 << 5,
	OWN = 1 << 6,			/* the returned message is the reader's */
	PASSED_ON = 1 << 7,
	ANSWER = 1 << 8,
	ANSWERER = 1 << 9,		/* an answer, by no mail system's name */
	AUTOMATIC = 1 << 10,		/* by its fields or by its writer's name */
	SUBJECT = 1 << 11,
	SUBJECT_BEGINS = 1 << 12,
	SUBJECT_TELLS = 1 << 13,	/* it begins so, or with a sentence of its own about it */
	/* ... and the text (evidence.h). */
	DIALECT = 1 << 14,
	ORIGINAL = 1 << 15,
	WRAPPED = 1 << 16,
	ENTRY = 1 << 17,
	REPLY = 1 << 18,
	OTHER = 1 << 19,
	PARTY = 1 << 20,
	SAYS = 1 << 21,
	FAILED = 1 << 22,
	PERSONAL = 1 << 23,
	ADDRESSED = 1 << 24,
	SENTENCE = 1 << 25,
	EMPTY = 1 << 26,
	TYPED = 1 << 27,		/* by a person's mail program */
	ASKS = 1 << 28,
	KNOWN = 1 << 29,		/* an envelope sender that is no mail system's */
	GREETED = 1 << 30,		/* by name */
	REFUSED = 1ll << 31,
	RULED_OUT = 1ll << 32,		/* refused by a rule, not by a person */
	OWN_SUBJECT = 1ll << 33,
	DENIED = 1ll << 34,
	POST = 1ll << 35,		/* a list manager's notice, by fields that posts have too */
};

#define ANYTHING 0u		/* a rule that asks for no choice */
#define LISTED (ENTRY | REPLY)
#define NO_MACHINE (PASSED_ON | LIST | ANSWER | PERSONAL | TYPED | ASKS | GREETED)	/* what a person writes from such an address */

struct rule {
	unsigned writers;		/* enum writer_sort: for whom it is */
	uint64_t all;			/* enum fact: all of these ... */
	uint64_t either;		/* ... one of these ... */
	uint64_t none;			/* ... and none of these */
	const char *words;
};

static const struct rule rules[] = {
	{MAILER, DIALECT, ORIGINAL | LISTED | SUBJECT | PROGRAM, 0, "a mail system's address, and the words of a known one"},
	{MAILER, ORIGINAL, SUBJECT | NULL_SENDER | LISTED, 0, "a mail system's address, and the returned message"},
	{MAILER, ORIGINAL | MACHINE | SAYS, ANYTHING, 0, "a mail system's address and name, the returned message, and what became of it"},
	{MAILER, SUBJECT | SAYS, LIST | ANSWERER, 0, "a mail system's address, though a list's or an answer; its subject and its text say what became of a message"},
	{MAILER, PROGRAM | SAYS, SUBJECT | LISTED | OTHER, LIST | ANSWERER, "a mail system's address, no person's; it says what became of a message to somebody"},
	{MAILER, PROGRAM | SUBJECT_TELLS, LISTED | EMPTY, LIST | ANSWERER, "a mail system's address, no person's; the subject, and a recipient, a reply or nothing"},
	{MAILER, NULL_SENDER | SUBJECT_TELLS | OTHER, ANYTHING, LIST | ANSWERER, "a mail system's address, a null sender; the subject, and somebody's address"},
	{MAILER, PROGRAM | REPLY, ENTRY | OTHER, LIST | ANSWERER, "a mail system's address, no person's; a reply and somebody's address"},
	{MAILER, SENDER_ABSENT | SUBJECT | ENTRY | REPLY, ANYTHING, LIST | ANSWERER | GREETED, "a mail system's address, no sender known; the subject, a recipient and a reply"},
	/* The postmaster writes about replies and addresses in sentences, to somebody whom he greets, and his program lists them. */
	{MAILER, SAYS | ENTRY, SUBJECT | REPLY, LIST | ANSWERER | GREETED, "a postmaster's address; a recipient, the subject or a reply, and what became of a message"},
	{MAILER, SAYS | SUBJECT | OTHER, REPLY | SENDER_ABSENT, LIST | ANSWERER | GREETED, "a postmaster's address; the subject, somebody's address, and what became of a message"},
	{MAILER, SUBJECT_TELLS | SENTENCE, ANYTHING, NO_MACHINE | KNOWN, "a postmaster's address; subject and a sentence about the reader's message to somebody"},

	{NAMELESS, DIALECT, ANYTHING, ANSWER, "the words of a known mail system"},
	{NAMELESS, DIALECT, ORIGINAL | LISTED, 0, "the words of a known mail system, and what it returns or lists"},
	{NAMELESS, ANSWERER | ORIGINAL | REPLY | SAYS, ANYTHING, 0, "an answer that returns the message with a reply"},
	{NAMELESS, NULL_SENDER | SUBJECT_BEGINS | WRAPPED, ANYTHING, ANSWERER | LIST, "a null sender; the subject, and a report within"},
	{NAMELESS, NULL_SENDER | ORIGINAL, LISTED, ANSWERER, "a null sender; the returned message, and a recipient or a reply"},
	{NAMELESS, NULL_SENDER | SUBJECT_TELLS, LISTED, ANSWERER, "a null sender; the subject, and a recipient or a reply"},
	{NAMELESS, NULL_SENDER | SUBJECT | ENTRY, ANYTHING, ANSWERER, "a null sender; the subject, and a recipient"},
	{NAMELESS, ORIGINAL | SAYS, DAEMON | SUBJECT, ANSWERER, "a mail system's name or the subject; the returned message, and what became of it"},
	{NAMELESS, NULL_SENDER | ENTRY | ADDRESSED | SAYS, ANYTHING, ANSWERER | PERSONAL | PASSED_ON | LIST | ASKS, "a null sender; a recipient, and what became of the reader's message"},
	{NAMELESS, NULL_SENDER | SUBJECT_TELLS | PARTY | SAYS, ANYTHING, ANSWERER | PERSONAL | PASSED_ON | LIST | ASKS, "a null sender; subject and text say what became of a message, and somebody's address"},
	{NAMELESS, NULL_SENDER | FAILED | ENTRY, ANYTHING, ANSWERER | PERSONAL | PASSED_ON | LIST | ASKS, "a null sender; a recipient, and that a message failed"},
	{NAMELESS, NULL_SENDER | FAILED | REPLY | OTHER, ADDRESSED | SUBJECT, ANSWERER | PERSONAL | PASSED_ON | LIST | ASKS, "a null sender; a reply, somebody's address, and that a message, the reader's or by the subject, failed"},
	{NAMELESS, NULL_SENDER | ORIGINAL | SAYS | ADDRESSED, ANYTHING, ANSWERER, "a null sender; the returned message, and what became of it"},
	{NAMELESS, NULL_SENDER | SENTENCE, ANYTHING, ANSWERER | PERSONAL, "a null sender; a sentence about the reader's message to somebody"},
	{NAMELESS, NULL_SENDER | PARTY | FAILED | ADDRESSED, ANYTHING, ANSWERER | PERSONAL | PASSED_ON | LIST, "a null sender; the reader's message failed, and somebody's address"},
	{NAMELESS, SUBJECT_BEGINS | SAYS, LISTED, ANSWERER, "the subject, a recipient or a reply, and what became of a message"},
	{NAMELESS, SUBJECT | SAYS | ENTRY, ANYTHING, ANSWERER, "the subject, a recipient, and what became of a message"},
	{NAMELESS, SAYS | ENTRY | REPLY, ANYTHING, ANSWERER | ORIGINAL, "a recipient, a reply, and what became of a message"},

	{LIST_SERVER, SAYS, ORIGINAL | DENIED | REFUSED, 0, "a list server, and what became of a message"},

	/* A gateway's report returns the message, or says that it is automatic and in one sentence what became of the reader's message to somebody. */
	{NAMED, DAEMON | SUBJECT | ORIGINAL, DIALECT | SAYS, PASSED_ON, "a mail system's name; the subject, and the returned message"},
	{NAMED | STRANGER, SUBJECT | SENTENCE | SUBJECT_TELLS | AUTOMATIC, ANYTHING, NO_MACHINE, "automatic; subject and a sentence about the reader's message to somebody"},

	/* "root@", "noreply-mailer@", "mailshield@": the subject says that a message failed, and the text holds what its keeper would not write. */
	{ROLE, SUBJECT_TELLS | ORIGINAL | SAYS, DIALECT | LISTED | ADDRESSED, NO_MACHINE, "a machine's address; the subject, the returned message, and what became of it"},
	{ROLE, SUBJECT_TELLS | DIALECT | SAYS, ENTRY | OTHER, NO_MACHINE, "a machine's address; the subject, and the words of a known mail system about somebody"},
	{ROLE, SUBJECT_TELLS | SENTENCE, ANYTHING, NO_MACHINE, "a machine's address; subject and a sentence about the reader's message to somebody"},
	{ROLE, SUBJECT_TELLS | REPLY | SAYS | ENTRY, ANYTHING, NO_MACHINE, "a machine's address; the subject, a recipient, a reply, and what became of a message"},
	{ROLE, SUBJECT_TELLS | REPLY | SAYS | ADDRESSED | OTHER, ANYTHING, NO_MACHINE, "a machine's address; the subject, a reply about somebody, and what became of the reader's message"},

	{LIST_MANAGER, SUBJECT | SENTENCE, ANYTHING, TYPED | POST, "a list manager says in subject and text that the reader's message to somebody was refused"},
	/* Its keeper answers under the subject, too; a server's address has none. */
	{LIST_MANAGER, OWN, DENIED | SUBJECT, TYPED | PASSED_ON, "a list manager returns the reader's message, and says in text or subject that one failed"},
	{LIST_PROGRAM | LIST_REQUEST, OWN, DENIED | SUBJECT, TYPED, "a list server's address; the reader's message comes back, and text or subject says that one failed"},
	{LIST_MANAGER, OWN_SUBJECT, ANYTHING, TYPED, "a list manager returns the reader's message under its subject"},
	{LIST_PROGRAM, REFUSED, SUBJECT | SENTENCE, TYPED | PASSED_ON, "a list server's address; the reader's message was refused"},
	{ADMINISTRATION, RULED_OUT, ANYTHING, TYPED, "a list manager says that it refused the reader's message by itself"},
	{SERVICE, DIALECT, ANYTHING, 0, "a service's notice in the words that it is known by"},
};

/* Mail of a list is one of its messages: nothing less than what a report alone has says otherwise. */
static bool is_lists_own(const struct signs *signs, const struct evidence *evidence)
{
	bool listed = evidence->entry || evidence->reply;

	if (!signs->list)
		return false;
	if (signs->mailer)
		return signs->passed_on && !signs->null_sender;
	return signs->passed_on ||
	       (!(evidence->original && (evidence->dialect || (evidence->says && (signs->subject || listed)))) &&
		!(signs->null_sender && evidence->dialect && signs->subject_begins && listed));
}

/* What the writer is besides. */
static unsigned roles_of(const struct signs *signs)
{
	return (signs->role ? ROLE : 0) | (signs->list_notice ? LIST_MANAGER : 0) | (signs->list_program ? LIST_PROGRAM : 0) |
	       (signs->list_request ? LIST_REQUEST : 0) | (signs->list_server ? LIST_SERVER : 0);
}

static enum writer_sort writer_of(const struct signs *signs)
{
	if (signs->administration)
		return ADMINISTRATION;
	if (signs->notification)
		return SERVICE;
	if (!signs->daemon && !signs->null_sender && !signs->sender_absent)
		return STRANGER;
	if (signs->mailer)
		return MAILER;
	return signs->sender_known ? NAMED : NAMELESS;
}

struct finding {
	bool there;
	uint64_t fact;
};

static uint64_t facts_of(const struct finding *findings, size_t count)
{
	uint64_t facts = 0;

	for (size_t i = 0; i < count; i++)
		facts |= findings[i].there ? findings[i].fact : 0;
	return facts;
}

static uint64_t facts_outside(const struct signs *signs)
{
	bool named = signs->mailer ? signs->machine : signs->daemon;
	const struct finding outside[] = {
		{signs->null_sender, NULL_SENDER},
		{signs->null_sender || (signs->machine && !signs->sender_known), PROGRAM},
		{signs->machine, MACHINE},
		{signs->daemon, DAEMON},
		{signs->sender_absent, SENDER_ABSENT},
		{signs->list, LIST},
		{signs->passed_on, PASSED_ON},
		{signs->answer, ANSWER},
		{signs->answer && !named, ANSWERER},
		{signs->automatic || signs->program, AUTOMATIC},
		{signs->subject, SUBJECT},
		{signs->subject_begins, SUBJECT_BEGINS},
		{signs->subject_begins || signs->subject_opens, SUBJECT_TELLS},
		{signs->typed && !signs->null_sender && !(signs->mailer && signs->machine), TYPED},
		{signs->sender_known, KNOWN},
		{signs->list_post, POST},
	};

	return facts_of(outside, G_N_ELEMENTS(outside));
}

static uint64_t facts_inside(const struct evidence *evidence)
{
	const struct finding inside[] = {
		{evidence->own, OWN}, {evidence->own_subject, OWN_SUBJECT}, {evidence->dialect, DIALECT}, {evidence->original, ORIGINAL},
		{evidence->wrapped, WRAPPED}, {evidence->entry, ENTRY}, {evidence->reply, REPLY}, {evidence->other, OTHER}, {evidence->party, PARTY},
		{evidence->says, SAYS}, {evidence->failed, FAILED}, {evidence->denied, DENIED}, {evidence->refused, REFUSED}, {evidence->ruled_out, RULED_OUT},
		{evidence->sentence, SENTENCE}, {evidence->addressed, ADDRESSED}, {evidence->personal, PERSONAL}, {evidence->greeted, GREETED},
		{evidence->asks, ASKS}, {evidence->empty, EMPTY},
	};

	return facts_of(inside, G_N_ELEMENTS(inside));
}

const char *report_rule(const struct signs *signs, const struct evidence *evidence)
{
	uint64_t facts = facts_outside(signs) | facts_inside(evidence);
	unsigned roles = roles_of(signs), writer = writer_of(signs);

	/* Nobody knows who sent it, and it is written as people write; or not even who wrote it, and no known mail system returns a message. */
	if (writer == NAMELESS && !signs->daemon && !signs->null_sender && ((facts & NO_MACHINE) || (signs->writer_absent && !((facts & DIALECT) && (facts & ORIGINAL)))))
		writer = STRANGER;
	if ((writer & (MAILER | NAMELESS)) && is_lists_own(signs, evidence))
		writer = 0;
	/* The postmaster wrote it himself. */
	if (writer == MAILER && (facts & TYPED))
		return NULL;
	writer |= roles;
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		const struct rule *rule = &rules[i];

		if ((rule->writers & writer) && (facts & rule->all) == rule->all && (rule->either == ANYTHING || (facts & rule->either)) && !(facts & rule->none))
			return rule->words;
	}
	return NULL;
}
