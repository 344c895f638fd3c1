/* dialect.h - one way of writing bounces: what each dialect-*.c exports and what it is given. Floor 3: understanding.
 *
 * To add a dialect: one file with one exported const struct, one line in dialects[] (dialect.c), one line in Makefile.am, messages in the tests.
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
	const char *original;		/* the returned message as far as it stood in the same text; NULL: it is a part of its own or absent */
};

struct dialect {
	const char *name;		/* the JSON's "dialect": lower case, kebab-case */
	const char *writes;		/* which software and versions write so, for --why and HACKING */
	bool (*claims)(const struct report_text *report);	/* cheap: is this message written so? */
	bool (*read)(const struct report_text *report, struct bounce *bounce);	/* adds what it finds; true if it found a recipient or a verdict */
};

/* All dialects in the order they are asked, ends with NULL. */
extern const struct dialect *const dialects[];

extern const struct dialect dialect_rfc3464;
extern const struct dialect dialect_free_text;

#endif
