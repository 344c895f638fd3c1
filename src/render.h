/* render.h - one report in every form: on a terminal, as JSON, as a page; the blocks and fields of a message; the line in the log. Floor 4: presentation.
 *
 * A renderer reads a report and appends to a string; it decides nothing about meaning. No renderer does I/O.
 */
#ifndef SMTP_EXPLAIN_RENDER_H
#define SMTP_EXPLAIN_RENDER_H

#include "card.h"
#include "explain.h"
#include "privacy.h"

struct render_options {
	const char *file;		/* name of the input as given; NULL: a bare reply */
	int message;			/* number in an mbox or Maildir from 1, 0: a single message */
	unsigned recipients;		/* how many recipients to show, then "and N more" */
	unsigned columns;		/* of text */
};

#define RENDER_COLUMNS 72u		/* of the text block */

struct renderer {
	const char *name;		/* word of --format */
	void (*render)(GString *out, const struct report *report, const struct render_options *options);
};

extern const struct renderer render_json;	/* one object and a newline (interfaces.md section 3) */
extern const struct renderer render_text;	/* for a terminal: complete, with codes and words */
extern const struct renderer render_html;	/* a complete page for --format=html */
const struct renderer *renderer_find(const char *name);	/* NULL: unknown */

/* The block that goes to the head of a bounce, as text: begins and ends with a rule line, empty line behind. Line ends are LF. */
void render_text_block(GString *out, struct card *card);
/* The same as HTML: one element with inline styles, everything from the message escaped. */
void render_html_block(GString *out, struct card *card);

/* A header field ready to insert: value folded at 78 columns with "\n " (LF), ASCII only, no leading blank, no line end behind. */
struct render_field {
	char *name;
	char *value;
};

/* The fields of interfaces.md section 2 without -Edits, in their order: GPtrArray of struct render_field with a free function. prefix: "X-SMTP-Explain".
 * annotated: "headers+body" or "headers (dkim-signed)", shown in each. */
GPtrArray *render_fields(const struct card *card, const char *prefix, const char *annotated);
struct render_field *render_field_new(const char *name, const char *value);	/* folds; takes UTF-8, encodes (RFC 2047) what is not ASCII */
void render_field_free(gpointer field);

enum render_log_format { RENDER_LOG_KV, RENDER_LOG_JSON };

struct render_log_options {
	enum render_log_format format;
	const char *queue_id;		/* NULL: unknown, "NOQUEUE" */
	const char *annotated;		/* as in struct edits; "none" where nothing was changed */
	const struct privacy *privacy;	/* how addresses are shown; NULL: whole */
	const char *sender;		/* who sent the message that came back (sender.h); NULL: unknown */
	const char *shown_sender;	/* the same as privacy_address() shows it, made once for all lines of a report; NULL: made here */
	size_t size;			/* bytes of the report; 0: left out */
	double seconds;			/* that it took to explain and annotate it; 0: left out */
	unsigned long suppressed;	/* lines that were not written before this one; 0: left out */
};

/* The log line for explanation number index (interfaces.md section 4), under 900 bytes, no line end; nothing for a recipient that was served
 * (delivered, relayed, expanded). */
void render_log(GString *out, const struct report *report, unsigned index, const struct render_log_options *options);

#endif
