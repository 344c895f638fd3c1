/* report-text.h - the text of a report that a person would read, without the message that it returns. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_REPORT_TEXT_H
#define SMTP_EXPLAIN_REPORT_TEXT_H

#include "mail.h"
#include "writer.h"

/* The message, and its human-readable text already cut at the returned original: what the readers of reports are given. */
struct report_text {
	const struct mail *mail;
	const char *text;		/* text of the report without the original; UTF-8, LF; never NULL */
	GPtrArray *lines;		/* the same as lines, trailing white space removed */
	const char *original;		/* the returned message as far as it stood in the same text; NULL: a part of its own or absent */
	const char *folded;		/* REPORT_FOLDED_LIMIT bytes of text: lower case, without quoted lines, single blanks */
	struct writer writer;		/* who writes it */
	char *reader;			/* who gets the report; NULL: unknown */
	char *sender;			/* who sent the returned message: not who failed; bounce.c sets it when it has read that; NULL: unknown, or not yet */
};

#define REPORT_FOLDED_LIMIT 6000u

/* The text of mail's report. The caller frees it with report_text_free. */
struct report_text *report_text_new(const struct mail *mail);
void report_text_free(struct report_text *report);

/* Does the returned message come with the report, in the text or as a part? */
bool report_returns_original(const struct report_text *report);

/* Does the folded text hold the phrase (lower case)? */
bool report_says(const struct report_text *report, const char *phrase);

/* Does it hold any of them? phrases ends with NULL. */
bool report_says_any(const struct report_text *report, const char *const *phrases);

#endif
