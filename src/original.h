/* original.h - the returned message: where it begins in a text, and what its header says. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_ORIGINAL_H
#define SMTP_EXPLAIN_ORIGINAL_H

#include "bounce.h"
#include "mail.h"

/* Number of the line (of GPtrArray of strings) where the returned message begins, its marker line included; lines->len where it is not
 * there. */
guint original_line(const GPtrArray *lines);

/* Where the header of the returned message begins in text, behind what announces it; text itself where no known field stands there. */
const char *original_start(const char *text);

/* Fills what the returned message's header says: that of the enclosed part, else of text (may be NULL), the message as far as it stood
 * in the report's text, else of a text part behind the machine-readable one. Where no Message-ID came back, that to which the report answers
 * (In-Reply-To) stands for it. */
void original_read(struct original *original, const struct mail *mail, const char *text);

/* Fills what is still absent from the report's own words about the message (lines: GPtrArray of strings, the report's text): labels such as "Subject:" in
 * the languages of reports. */
void original_read_summary(struct original *original, const GPtrArray *lines);

/* The only address in the returned header's To; NULL where there are none or several, or Cc. The caller frees it. */
char *original_recipient(const struct original *original);

void original_clear(struct original *original);	/* frees what is in it */

#endif
