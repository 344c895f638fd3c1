/* stage.h - at which step of the SMTP dialogue a server refused. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_STAGE_H
#define SMTP_EXPLAIN_STAGE_H

#include "bounce.h"

/* The step that a text names ("in reply to RCPT TO command", "after end of data", "refused to talk to me"); STAGE_NONE where it names none. Of several the first. */
enum stage stage_read(const char *text);

/* Fills in the stage of each failure from its own words, else from what the report (lines: char *) says about it. */
void stages_take(struct bounce *bounce, const GPtrArray *lines);

const char *stage_word(enum stage stage);	/* "connect" "helo" "mail" "rcpt" "data"; "" for none */

#endif
