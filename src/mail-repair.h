/* mail-repair.h - what of a message is not as its header says, and is read all the same: character sets, boundaries. Floor 2: sources. */
#ifndef SMTP_EXPLAIN_MAIL_REPAIR_H
#define SMTP_EXPLAIN_MAIL_REPAIR_H

#include <glib.h>

/* The bytes as UTF-8 with LF line ends and without NULs, whatever their charset (as declared, in lower case; NULL where none is). The caller frees it. */
char *mail_utf8(const char *bytes, size_t length, const char *charset, size_t *out_length);

/* A body that begins with the boundary of parts, or with a note that it is in MIME and the boundary, as an entity whose header names that boundary; NULL where it does
 * not begin so. The caller frees it. */
GString *mail_with_boundary(const char *body, size_t length);

#endif
