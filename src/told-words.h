/* told-words.h - the words of which reports make sentences about messages, for told.c alone. Floor 1: facts. */
#ifndef SMTP_EXPLAIN_TOLD_WORDS_H
#define SMTP_EXPLAIN_TOLD_WORDS_H

#include <stddef.h>

/* What a word is in such a sentence. */
enum told_part {
	DENIAL,			/* "not", "unable", "kunde": what denies what follows */
	DELIVERY,		/* "delivered", "accepted": what was not done */
	MESSAGE,		/* "message", "Nachricht": to what */
	REFUSAL,		/* "rejected", "returned": what was done to it instead */
	PROMISE,		/* "will", "continues" */
	ATTEMPT,		/* "try", "Zustellversuch" */
	YET,			/* "still", "noch" */
	QUEUE,			/* "queue", "spool" */
	HOURS,			/* "hour", "minuti" */
	SINCE,			/* "for", "seit" */
	CONDITION,		/* "if", "wenn": a wish, a question or a condition */
	REQUEST,		/* right before a denial: somebody is asked for something */
	READER,			/* "you", "Sie" */
	WAIT,			/* "waiting", "held" */
	NEXT,			/* "the next attempt", "a new try" */
	NONE,			/* "no", "keine": that there is none */
	TRIES,			/* a mail system tries, and says for how long or how often: no reader is told to */
	DAYS,			/* "day", "Woche" */
	NOTHING,		/* "nothing": somebody is told that there is nothing to do */
	DEED,			/* "do", "faire" */
	NEED,			/* "must", "nötig" */
	AGAIN,			/* "again", "erneut" */
	LATE,			/* "delayed", "verspätet": it takes longer */
	SO_FAR,			/* "bisher", "finora"; in English that takes two words (phrases-table.c) */
	NUMBER,			/* of digits, in no row */
	PARTS
};

struct told_word {
	const char *text;		/* in lower case; how a word begins, or "$" ends it */
	enum told_part part;
};

/* All of them, in the order of their bytes; a word that is two parts has two rows. */
extern const struct told_word told_words[];
extern const size_t told_words_count;

#endif
