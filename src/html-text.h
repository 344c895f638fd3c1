/* html-text.h - the words of an HTML text, for reports that come as nothing else. Floor 0: base. */
#ifndef SMTP_EXPLAIN_HTML_TEXT_H
#define SMTP_EXPLAIN_HTML_TEXT_H

#include <glib.h>
#include <stddef.h>

/* Tags removed, blocks and <br> as line ends, table cells apart, entities decoded, style and script left out. "<bob@example.net>" that
 * was not escaped stays. One walk, whatever the input. The caller frees the result. */
char *html_text(const char *html, size_t length);

#endif
