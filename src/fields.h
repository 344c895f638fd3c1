/* fields.h - header fields as they stand in the bytes of a message (RFC 5322 section 2.2). Floor 1: facts.
 *
 * One reader for everything of that form: the header of a message, the groups of a delivery-status part (RFC 3464),
 * the header of a returned message that stands in a text. Total: garbage ends the block, it is never an error.
 */
#ifndef SMTP_EXPLAIN_FIELDS_H
#define SMTP_EXPLAIN_FIELDS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct field {
	size_t start, end;		/* the whole field in the bytes given, its line ends included: [start, end) */
	const char *name;		/* borrowed from the bytes, not terminated */
	size_t name_length;
	const char *value;		/* what follows the colon, folding and last line end included */
	size_t value_length;
};

/* The fields at the start of bytes as a GArray of struct field, which the caller frees; never NULL. Lines may end in LF or CRLF. Reading
 * stops at an empty line or at a line that is no field; *end (unless NULL) is the offset behind the empty line, or of the line that is no field.
 * A "From " line (mbox) at the very start is passed over. At most limit fields are returned; the rest is skipped. */
GArray *fields_split(const char *bytes, size_t length, size_t limit, size_t *end);

/* Is this the field called name? Case does not matter. */
bool field_is(const struct field *field, const char *name);

/* The value on one line: folding removed, trimmed, never NULL. The caller frees it. Bytes that are no UTF-8 stay as they are. */
char *field_value(const struct field *field);

/* The first field called name among fields, or NULL. */
const struct field *fields_find(const GArray *fields, const char *name);

#define FIELDS_LIMIT 2000	/* fields of one header block that anyone asks for */

#endif
