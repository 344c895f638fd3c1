/* edits-record.h - what fields keep of an annotation, so that it can be taken off again. Floor 4: presentation.
 *
 * PREFIX-Edits     v=1; body="OFFSET+LENGTH,..."; sha256=HEX; subject="OFFSET+LENGTH"; subject-sha256=HEX
 *	where bytes were inserted into the body, and the hash of the body without them; the same of the value of the first Subject field, from behind its colon to before
 *	its last line end. Either may be missing. OFFSET and LENGTH count in the bytes as delivered, ascending, with every line end as CRLF: a bare LF counts two, a bare CR
 *	one. So they hold in a mailbox that stores LF and in one that stores CRLF, and the hashes do too. The hash is of all of it, or, where it is longer than
 *	EDITS_RECORD_HASHED, of the bytes that "hashed=COUNT" says (of the subject "subject-hashed"), the place of each insertion among them: more would prove
 *	nothing more of the insertions, and would cost more the longer a returned message is.
 * PREFIX-Dropped   v=1; eol=lf; BASE64
 *	fields that arrived in our namespace, byte for byte. eol: the line end of this field when it was written (lf or crlf). The base64 text is a row of
 *	"AFTER LENGTH\n" and LENGTH bytes each; AFTER: how many fields outside the namespace follow it, so that fields which others put on top do not matter.
 */
#ifndef SMTP_EXPLAIN_EDITS_RECORD_H
#define SMTP_EXPLAIN_EDITS_RECORD_H

#include "annotate.h"

#define EDITS_RECORD_HASHED (128u * 1024u)	/* bytes, counted as above; a few more where an insertion stands behind them */

enum edits_record_part { EDITS_RECORD_BODY, EDITS_RECORD_SUBJECT };

/* Appends to the value of -Edits ("" at first), on one line: insertions into those bytes, which are without them yet. */
void edits_record_add(GString *record, enum edits_record_part part, const GArray *insertions, const char *bytes, size_t length);

/* The same, copied from another record that edits_record_cut() proved. */
void edits_record_keep(GString *record, enum edits_record_part part, const char *proven);

/* Does the record speak of that part? */
bool edits_record_has(const char *record, enum edits_record_part part);

/* Does the record say of these bytes what was inserted, and does the hash prove it? */
bool edits_record_proves(const char *record, enum edits_record_part part, const char *bytes, size_t length);

/* Appends the bytes without what the record says was inserted; false, and nothing appended, where the hash does not prove it. */
bool edits_record_restore(GString *out, const char *record, enum edits_record_part part, const char *bytes, size_t length);

/* The same as a string of its own, which the caller frees; NULL where nothing is proven. */
GString *edits_record_cut(const char *record, enum edits_record_part part, const char *bytes, size_t length);

struct dropped_field {
	size_t after;			/* fields outside the namespace behind it */
	GString *raw;
};

/* The whole field NAME, line ends (newline) and folding included, appended to out. dropped: struct dropped_field. */
void dropped_record(GString *out, const char *name, const GArray *dropped, const char *newline);

/* Reads the value back, line ends of the fields as in the message now (newline). An array of struct dropped_field, which the caller frees; never NULL. */
GArray *dropped_read(const char *value, const char *newline);
GArray *dropped_array_new(void);

/* Is this a field of ours: prefix itself, or prefix and "-..."? Blanks before the colon do not count. */
bool in_namespace(const char *name, size_t length, const char *prefix);

#endif
