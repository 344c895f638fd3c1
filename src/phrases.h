/* phrases.h - the sentences by which a report says what became of the message, in the languages that reports are written in. Floor 1:
 * facts. */
#ifndef SMTP_EXPLAIN_PHRASES_H
#define SMTP_EXPLAIN_PHRASES_H

#include <stdbool.h>
#include <stddef.h>

enum phrase_sort {
	PHRASE_FAILED,			/* "could not be delivered" */
	PHRASE_DELAYED,			/* "has been delayed" */
	PHRASE_FINAL,			/* "giving up": beats a delay told in the same text */
	PHRASE_DELIVERED,		/* "has been successfully delivered" */
	PHRASE_INFECTED,		/* "contained a virus": why a scanner stopped it */
	PHRASE_SUBJECT_FAILED,		/* the rest: subjects */
	PHRASE_SUBJECT_DELAYED,
	PHRASE_SUBJECT_DELIVERED,
	PHRASE_SUBJECT_ANSWER,		/* "out of office" */
	PHRASE_SUBJECT_REQUEST,		/* "please confirm" */
	PHRASE_SORTS
};

struct phrase {
	const char *text;		/* lower case */
	enum phrase_sort sort;
};

/* All phrases, ordered by their bytes. */
extern const struct phrase phrases[];
extern const size_t phrases_count;

/* Which sorts stand in text (lower case, blanks single)? present[sort] is set to 1 + the offset of the first one, 0 where there is none. */
void phrases_find(const char *text, size_t present[PHRASE_SORTS]);

#endif
