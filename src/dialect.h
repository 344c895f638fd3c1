/* dialect.h - one way of writing bounces: what each dialect-*.c exports and what it is given. Floor 3: understanding.
 *
 * To add a dialect: one file with one exported const struct, one line in dialects[] (dialect.c), one line in Makefile.am, messages in
 * the tests.
 */
#ifndef SMTP_EXPLAIN_DIALECT_H
#define SMTP_EXPLAIN_DIALECT_H

#include "bounce.h"
#include "mail.h"

/* What a recogniser reads: the message, and its human-readable text already cut at the returned original. */
struct report_text {
	const struct mail *mail;
	const char *text;		/* text of the report without the original; UTF-8, LF; never NULL */
	GPtrArray *lines;		/* the same as lines, trailing white space removed */
	const char *original;		/* the returned message as far as it stood in the same text; NULL: a part of its own or absent */
	const char *folded;		/* REPORT_FOLDED_LIMIT bytes of text: lower case, without quoted lines, single blanks */
	char *reader;			/* who gets the report; NULL: unknown */
	char *sender;			/* who sent the returned message: not who failed; NULL: unknown */
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

struct dialect {
	const char *name;		/* the JSON's "dialect": lower case, kebab-case */
	const char *writes;		/* which software and versions write so, for --why and HACKING */
	bool (*claims)(const struct report_text *report);	/* cheap: is this message written so? */
	bool (*read)(const struct report_text *report, struct bounce *bounce);	/* adds what it finds; true if it found anybody */
};

/* All dialects in the order they are asked, ends with NULL. */
extern const struct dialect *const dialects[];

/* The first of them that knows the text by its own words; NULL where only the reader by shape is left. */
const struct dialect *dialect_knowing(const struct report_text *report);

extern const struct dialect dialect_rfc3464;
extern const struct dialect dialect_amazon_sns;
extern const struct dialect dialect_sendmail;
extern const struct dialect dialect_postfix;
extern const struct dialect dialect_qmail;
extern const struct dialect dialect_exim;
extern const struct dialect dialect_opensmtpd;
extern const struct dialect dialect_dma;
extern const struct dialect dialect_exchange;
extern const struct dialect dialect_gmail;
extern const struct dialect dialect_messagingserver;
extern const struct dialect dialect_listing;
extern const struct dialect dialect_transcript;
extern const struct dialect dialect_free_text;

#endif
