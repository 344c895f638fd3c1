/* shape.h - the shapes in which reports name recipients and quote replies, shared by the dialects. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_SHAPE_H
#define SMTP_EXPLAIN_SHAPE_H

#include "dialect.h"
#include "failure.h"

/* The address that opens line as an entry of a list of recipients: bullets and brackets passed over, then nothing, a colon, a comment,
 * "...", a dash or a date. *words (unless NULL) is what follows on the line, borrowed. The caller frees the address; NULL where line is
 * no such entry. */
char *shape_entry(const char *line, const char **words);

/* Behind the bullet or number of an entry; behind the label ("Failed recipient:") that announces its address. line where there is none. */
const char *shape_skip_bullet(const char *line);
const char *shape_skip_label(const char *line);

/* Reads the entries in lines [from, to) with the words that belong to each: the rest of the line and the lines below it, as far as its
 * paragraph goes. Addresses that stand together before one text share it. Returns how many recipients there were. */
unsigned shape_entries(const struct report_text *report, struct bounce *bounce, guint from, guint to);

/* Gives each of several recipients the clause that it stands in, in the paragraph of prose that holds line; of two of which one was forwarded to the other, the
 * other remains. */
void shape_clauses(const struct report_text *report, struct bounce *bounce, guint line);

/* The first line in [from, to) that holds phrase (case of ASCII letters does not matter); to where none does. */
guint shape_line(const struct report_text *report, guint from, guint to, const char *phrase);

/* The first line in [from, to) that a failed reply opens ("550 ...", "<<< 550 ...") or in which one is quoted; to where none does. */
guint shape_reply_line(const struct report_text *report, guint from, guint to);

/* The same for an enhanced code that stands alone ("5.1.1 - no such user", "status: 4.4.1"). */
guint shape_enhanced_line(const struct report_text *report, guint from, guint to);

/* The reply in line and the lines that go on with it: to the end of the paragraph, or of a transcript's line. The caller frees it. */
char *shape_reply(const struct report_text *report, guint line);

/* The paragraph from line on. The caller frees it. */
char *shape_paragraph(const struct report_text *report, guint line);

/* The text without what every report says and without lists of addresses: what is left explains. The caller frees it. */
char *shape_explanation(const struct report_text *report);

/* Lines [from, to) as one text, at most BOUNCE_DIAGNOSTIC_LIMIT bytes of it. The caller frees it. */
char *shape_join(const struct report_text *report, guint from, guint to);

#endif
