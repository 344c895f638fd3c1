/* annotate.h - what is to be changed in a message, as a value. Floor 4: presentation.
 *
 * The milter applies edits through libmilter, the tool prints the edited message, the tests compare it; nobody else knows how.
 * Edits of a body are insertions only, so that strip gives back the original bytes.
 */
#ifndef SMTP_EXPLAIN_ANNOTATE_H
#define SMTP_EXPLAIN_ANNOTATE_H

#include "explain.h"
#include "render.h"

/* A field to remove: the index-th (from 1) of that name, as smfi_chgheader counts. start and end: its bytes in the message, for who has them. */
struct edit_drop {
	char *name;
	int index;
	size_t start, end;
};

/* Bytes to put into the body. offset: in the body before any edit. */
struct edit_insertion {
	size_t offset;
	char *bytes;
	size_t length;
};

/* A tag put into the value of the first Subject field. */
struct edit_subject {
	char *name;			/* of the field, as it stands there */
	size_t start;			/* of the field in the message, for who has it */
	GArray *insertions;		/* one struct edit_insertion; offset in the value, which begins behind the colon; line ends LF */
	char *value;			/* the new value, line ends LF, none at the end */
};

struct edits {
	GArray *drops;			/* struct edit_drop in order of appearance; apply from the last to the first */
	GPtrArray *adds;		/* struct render_field in their final order, all above the first field */
	GArray *insertions;		/* struct edit_insertion, ascending */
	struct edit_subject *subject;	/* NULL: stays as it is */
	char *annotated;		/* "headers+body", "headers (dkim-signed)", "none (exempt-client)", "" for nothing to add */
	GHashTable *seen;		/* names of drops, lower case, and how often: for edits_see_field alone */
};
/* annotated in full: "headers+body"; "headers": bodies are not to be changed at all; else "headers (WHY)", WHY being one of truncated (not the whole message was
 * kept or read), doubtful (structure), signed, encrypted, s/mime, pgp, json (text for programs), dkim-signed, arc-signed, already-explained, no-text (no text a reader sees first),
 * mta-refused (it gives us no right to change bodies), mta-version (it would damage this one), encoding or charset (the words cannot be written in that part). "none (WHY)": see withheld; the log
 * also tells "none (mta-refused)", of edits that the MTA did not take. */

/* What an -Edits field that came with a message proves (edits-record.h). */
struct earlier_edits {
	char *record;			/* its value; NULL: none came */
	bool body, subject;		/* it proves what was inserted into them */
	GString *original;		/* the message without that and without fields of the namespace; NULL where nothing is proven */
	size_t start;			/* where in it the body begins */
};

struct annotate_options {
	const char *prefix;		/* "X-SMTP-Explain" */
	const char *host;		/* this host */
	const char *withheld;		/* why nothing is to be added at all, a word of choices.h, "trusted-relay" or "dry-run"; NULL: it is to be */
	bool body;			/* false: fields only */
	const char *body_refused;	/* why the MTA takes no new body ("mta-refused"); NULL: it does */
	bool long_lines_damaged;	/* it damages a new body with long lines (mta.h) */
	const char *subject_tag;	/* put in front of the subject, "{title}" and the like expanded (subject.h); NULL or "": nothing */
	bool dkim_signed;		/* annotate bodies (and subjects) of DKIM- or ARC-signed messages too */
	bool truncated;			/* bytes are not the whole message: fields only */
	bool keep_record;		/* an -Edits field that proves itself is written anew, so that strip works behind a second host too (the milter; for the tool -Dropped does it) */
	unsigned recipients;		/* shown at most */
	const struct earlier_edits *earlier;	/* of the message, so that mail may be their original; NULL: mail is as it came */
};

GArray *edits_insertions_new(void);	/* empty, of struct edit_insertion whose bytes it owns */
struct edits *edits_new(void);
void edits_free(struct edits *edits);

/* Notes a field of the namespace for removal, called for every field of the message in order; others are ignored. True when it was noted. */
bool edits_see_field(struct edits *edits, const char *name, size_t name_length, size_t start, size_t end, const char *prefix);

/* Is the explaining field itself among those that were noted, and not only fields of the names below it? */
bool edits_see_explanation(const struct edits *edits, const char *prefix);

/* Forgets what was noted: these fields stay. */
void edits_keep_fields(struct edits *edits);

/* Adds fields and insertions for a report on mail (the message it was made from). Nothing where the report has no news. */
void annotate(struct edits *edits, const struct report *report, const struct mail *mail, const struct annotate_options *options);

/* The body (from mail->body on) with the insertions. The caller frees it. */
GString *edits_apply_body(const struct edits *edits, const char *body, size_t length);

/* The whole message as the milter would deliver it: every field of the namespace removed (noted as a drop or not), adds and insertions done. body: where the body
 * begins. keep_dropped: removed fields are kept in one field PREFIX-Dropped, so that strip can put them back (the tool; the milter does not).
 * Bytes without any field come back unchanged. The caller frees it. */
GString *edits_apply(const struct edits *edits, const char *bytes, size_t length, size_t body, const char *prefix, bool keep_dropped);

/* Takes an annotation off: fields of the namespace removed, insertions cut out where the hash proves the result, dropped fields put back.
 * Works on the message as annotated and after an MTA changed line ends between LF and CRLF. Bytes that carry no annotation come back unchanged.
 * *intact (may be NULL): false when -Edits was there and its hash did not fit; the body is then left as it is. The caller frees the result. */
GString *annotation_strip(const char *bytes, size_t length, const char *prefix, bool *intact);

/* Reads what came with a message; to be cleared. */
struct earlier_edits earlier_edits_read(const char *bytes, size_t length, const char *prefix);
void earlier_edits_clear(struct earlier_edits *earlier);

/* As explain_mail(), but of the message as it was before an annotation whose hash proves it: the words of an explanation must not be read as the server's. */
struct report *explain_original(const struct mail *mail, const char *sender, const struct explain_options *options, const char *prefix);

#endif
