/* text.h - small things that are done to UTF-8 text. Floor 0: base. */
#ifndef SMTP_EXPLAIN_TEXT_H
#define SMTP_EXPLAIN_TEXT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Trims, and turns every run of white space into one blank. The caller frees it. */
char *text_fold(const char *text);

/* A line that somebody quotes, as mail programs mark it: '>' before it, with a blank or without. ">>> MAIL From:" is what Sendmail's transcript says it sent, ">: 550"
 * the end of a wrapped address. */
bool text_is_quoted(const char *line);

/* Harmless on a terminal, in a log and in a field: controls (C0, C1, DEL) as "\x1b", bidi controls, line separators and characters without width as "<U+202E>" (joiners
 * stay between letters beyond ASCII, where scripts and emoji need them), bytes that are no UTF-8 as U+FFFD. Tabs and line ends become blanks. The caller frees it. */
char *text_printable(const char *text);

/* Cuts at max bytes, never inside a character; a cut text ends in "..." within max. Changes text. */
void text_cut(char *text, size_t max);

/* Does text begin with / contain what, whatever the case of ASCII letters? */
bool text_begins(const char *text, const char *what);
const char *text_find(const char *text, const char *what);

/* Does text begin with one of the count words, whatever the case of ASCII letters? */
bool text_begins_any(const char *text, const char *const *words, size_t count);

/* Does text contain one of the count words, letter for letter? */
bool text_holds_any(const char *text, const char *const *words, size_t count);

/* A copy of text with every "{name}" of the variables replaced; what stands in braces and is no variable stays, values are not read again.
 * A part in square brackets with optional variables loses its brackets where all of those have a value, and is left out where one has none.
 * The caller frees it. */
struct text_variable {
	const char *name, *value;	/* value NULL: the empty string */
	bool capital;			/* its first letter becomes a capital at the beginning of a sentence */
	bool optional;			/* may decide about a part in brackets */
};
char *text_expand(const char *text, const struct text_variable *variables, size_t count);

/* Appends text, broken at blanks into lines of at most columns, indent included (wide characters count two, combining ones none; a longer word is cut,
 * but for an address or a URL, which stands alone, in pieces of TEXT_PIECE_LIMIT bytes), each line with indent before it and newline ("\n" or "\r\n") behind
 * it. Every run of white space is one blank; an empty text gives no line. East Asian text without blanks breaks between wide characters, never before closing or after opening punctuation. */
void text_wrap(GString *out, const char *text, const char *indent, size_t columns, const char *newline);

#define TEXT_PIECE_LIMIT 500u	/* no mail address is longer, and no line may have 998 bytes (RFC 5322 section 2.1.1) */

#endif
