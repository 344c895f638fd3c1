/* block.h - the explanation as bytes of one part: where in the part they go, in which charset and transfer encoding. Floor 4: presentation. */
#ifndef SMTP_EXPLAIN_BLOCK_H
#define SMTP_EXPLAIN_BLOCK_H

#include "annotate.h"
#include "mail.h"

/* Makes the insertion that puts block at the head of what part shows. block: UTF-8 text with LF, or for a text/html part HTML in ASCII; language: of block (NULL: English).
 * NULL on success; else why it cannot be done ("charset", "encoding") and insertion is left alone. insertion->offset counts in the message. */
const char *block_insertion(const struct mail *mail, const struct mail_part *part, const char *block, const char *language, struct edit_insertion *insertion);

/* Where a card goes in decoded HTML. */
struct html_place {
	size_t inside;		/* behind <body ...>, else before the first thing that is shown */
	size_t outside;		/* before <body>; the same as inside where there is none */
};
struct html_place html_place(const char *html, size_t length);

/* The text in that charset (NULL: US-ASCII) with that line end ("\n", "\r\n"); what the charset lacks is transliterated. eight_bit: whether bytes over 127
 * may be used. NULL where most of it would be lost, or the charset does not hold ASCII. The caller frees it. */
GString *charset_encode(const char *text, const char *charset, const char *language, bool eight_bit, const char *newline);

/* Transfer encodings. Decoders append what they could read; bytes of decoded text needed to find its place in the raw text. */
void transfer_decode(GString *out, enum mail_encoding encoding, const char *raw, size_t length);
/* The offset in raw behind what makes up the first count decoded bytes (of base64: rounded up to a whole character). */
size_t transfer_offset(enum mail_encoding encoding, const char *raw, size_t length, size_t count);
/* Quoted-printable lines of text; newline: of the raw text. */
void quoted_printable_encode(GString *out, const char *text, size_t length, const char *newline);
/* What to insert into base64 so that text stands after the first `place` decoded bytes; decoded: the content. False where no pure insertion can do it:
 * inside a group of three bytes the first bits of text must equal those of the byte that it displaces. The length of text must be a multiple of 3. */
bool base64_insertion(GString *out, const GString *text, const GString *decoded, size_t place, const char *newline, bool begin_line, bool end_line);

#endif
