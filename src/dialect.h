/* dialect.h - one way of writing bounces: what each dialect-*.c exports and what it is given. Floor 3: understanding.
 *
 * To add a dialect: one file with one exported const struct, one line in dialects[] (dialect.c), one line in Makefile.am, messages in
 * the tests.
 */
#ifndef SMTP_EXPLAIN_DIALECT_H
#define SMTP_EXPLAIN_DIALECT_H

#include "bounce.h"
#include "report-text.h"

struct dialect {
	const char *name;		/* the JSON's "dialect": lower case, kebab-case */
	const char *writes;		/* which software and versions write so, for --why */
	bool (*claims)(const struct report_text *report);	/* cheap: is this message written so? */
	bool (*read)(const struct report_text *report, struct bounce *bounce);	/* adds what it finds; true if it found anybody */
};

/* The dialects that read the text, in the order they are asked, ends with NULL. dialect_rfc3464 is asked before them (bounce.c). */
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
