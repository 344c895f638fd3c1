/* announcement.h - the lines by which reports announce the message that they return. Floor 3: understanding.
 *
 * line: one line of a text, without its end.
 */
#ifndef SMTP_EXPLAIN_ANNOUNCEMENT_H
#define SMTP_EXPLAIN_ANNOUNCEMENT_H

#include <stdbool.h>

/* Do the words of line announce a returned message? Then *marked tells whether it stands as a heading does: ornaments before it, or a colon or "follows" at its end
 * that opens neither a reply nor facts about the message. Else *marked means nothing. */
bool announcement_read(const char *line, bool *marked);

/* A line of ornaments only, as it stands below a heading. */
bool announcement_is_rule(const char *line);

#endif
