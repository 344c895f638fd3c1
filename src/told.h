/* told.h - what a sentence says became of a message, by its words and not by a fixed phrase. Floor 1: facts. */
#ifndef SMTP_EXPLAIN_TOLD_H
#define SMTP_EXPLAIN_TOLD_H

#include <stdbool.h>
#include <stddef.h>

/* What one sentence tells of a message. */
struct told {
	bool failed;			/* it was not delivered, or refused: "has been REFUSED", "we did not send your message", "konnte nicht als SMS zugestellt werden" */
	bool retried;			/* somebody promises to go on: "our server keeps retrying", "is still in the queue" */
	bool waits;			/* it takes time: "has not been delivered for 4 hours"; the last word about it may be said with that too */
	bool conditional;		/* it is a condition or a question: then nothing else is told */
	bool opens;			/* the sentence begins with the message: "your mail to ...", not "ticket opened: your mail ..." */
};

/* Reads the first length bytes of sentence, which is in lower case, blanks single. What is asked for or made a condition ("please do not send",
 * "if it was not delivered") is not told. */
struct told told_by(const char *sentence, size_t length);

/* The bytes of the sentence that text begins with, its stop included; 0 only at the end of text. */
size_t told_sentence_length(const char *text);

/* What the sentences of a text tell, taken together. */
struct told told_by_text(const char *text);

#endif
