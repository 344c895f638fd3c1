/* html-write.h - text of strangers as HTML that stays text. Floor 1: facts.
 *
 * What is written is ASCII with character references, in lines short enough for mail, so it fits into any part whatever its charset.
 */
#ifndef SMTP_EXPLAIN_HTML_WRITE_H
#define SMTP_EXPLAIN_HTML_WRITE_H

#include <glib.h>

/* Appends text (UTF-8 without controls) as character data or as the value of a quoted attribute. */
void html_write(GString *out, const char *text);

/* The same as character data in which a mail program finds nothing to link: an address, a host name, a URL or a long number reads from left to right whatever
 * its letters, and each of its parts stands in an element of its own, which is neither seen nor copied. */
void html_write_unlinked(GString *out, const char *text);

/* Appends " lang=... dir=..." for a language of the catalogue ("pt_BR" is pt-BR in BCP 47); NULL: English. */
void html_write_language(GString *out, const char *language);

/* Is a language written from right to left? NULL: English. */
gboolean html_is_right_to_left(const char *language);

#endif
