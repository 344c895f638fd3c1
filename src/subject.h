/* subject.h - a tag in front of the subject of a report: off unless somebody configures it. Floor 4: presentation. */
#ifndef SMTP_EXPLAIN_SUBJECT_H
#define SMTP_EXPLAIN_SUBJECT_H

#include "annotate.h"

#define SUBJECT_TAG_LIMIT 100u		/* bytes of the template */
#define SUBJECT_VALUE_LIMIT 2000u	/* bytes of a subject that still gets a tag */

/* The name of a variable in braces that tags do not know ("tilte"), as an owned string; NULL: the template is good. Known: title (of the reason, in the reader's language),
 * reason, kind, owner. */
char *subject_tag_wrong(const char *tag);

/* The tag for a report: one line, ASCII (RFC 2047), a blank behind it that is shown before any subject. The caller frees it. */
char *subject_tag_text(const struct report *report, const char *tag);

/* Sets edits->subject for the first Subject field, unless its value is empty, too long, does not begin with a blank, or holds what no MTA gives back as it was (CR, NUL). */
void subject_edit(struct edits *edits, const struct mail *mail, const char *text);

/* The value of a field without the line end behind it: what edits-record.h calls the value. */
size_t subject_length(const struct field *field);

#endif
