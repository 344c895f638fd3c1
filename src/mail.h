/* mail.h - a message as the rest of the program sees it: fields, and a flat list of its parts with decoded text. Floor 2: sources.
 *
 * The one door to GMime: no other file includes it. Total: any bytes give a struct mail, if need be one with no field
 * and a single empty part. Everything a struct mail hands out is borrowed from it and lives as long as it does.
 */
#ifndef SMTP_EXPLAIN_MAIL_H
#define SMTP_EXPLAIN_MAIL_H

#include "fields.h"

enum mail_encoding { MAIL_ENCODING_IDENTITY, MAIL_ENCODING_QUOTED_PRINTABLE, MAIL_ENCODING_BASE64, MAIL_ENCODING_OTHER };

struct mail_part {
	char *type;			/* "text/plain", lower case; never NULL */
	char *charset;			/* as declared, lower case; NULL where none is */
	enum mail_encoding encoding;	/* Content-Transfer-Encoding (RFC 2045 section 6) */
	bool flowed;			/* format=flowed (RFC 3676) */
	bool attachment;		/* Content-Disposition: attachment */
	char *file;			/* the name of a file, by Content-Disposition or Content-Type (RFC 2183 section 2.3); NULL: none */
	int parent;			/* index of the part around this one, -1 for the outermost */
	int depth;			/* 0 for the outermost */
	bool enclosed;			/* inside a message/rfc822: belongs to a returned or forwarded message */
	size_t start, end;		/* the content's raw bytes in the message: [start, end); equal where unknown */
	size_t header_start;		/* offset of the part's own header (that of the message for the outermost) */
	char *text;			/* see below; NULL for a part without text */
	size_t text_length;
};
/* text: decoded and in UTF-8, lines end in LF, NULs removed, at most MAIL_TEXT_LIMIT bytes. Of text/...: the content; of message/rfc822 and
 * message/global: the header of the message inside; of message/delivery-status and the other machine-readable types: the content. */

struct mail {
	const char *bytes;		/* the message as given to mail_new, borrowed from its caller */
	size_t length;
	GArray *fields;			/* struct field, the header in order */
	size_t body;			/* offset of the body in bytes */
	GArray *parts;			/* struct mail_part, in order of appearance; the first is the outermost, always there */
	bool truncated;			/* a limit was hit: parts, depth or bytes beyond it were not read */
	bool doubtful;			/* GMime and RFC 5322 disagree where the body begins: offsets must not be used */
	char *report_type;		/* report-type parameter of a multipart/report, lower case; NULL else */
	GHashTable *decoded;		/* cache of mail_field */
};

#define MAIL_BYTES_LIMIT (1024u * 1024u)	/* bytes of a message that are handed to GMime */
#define MAIL_BOUNDARY_LIMIT 24u			/* "boundary=" in a message: what comes after one more is not read */
#define MAIL_PARTS_LIMIT 400u			/* lines that may begin a part; the same */
#define MAIL_FIELD_LIMIT 8192u			/* bytes of a field's value that are decoded */
#define MAIL_TEXT_LIMIT (64u * 1024u)		/* bytes of text kept of one part */
#define MAIL_STATUS_LIMIT (256u * 1024u)	/* the same of a machine-readable one, where a recipient takes 100 to 200 bytes */

/* Call once before the first mail_new, from the main thread. */
void mail_init(void);

/* Reads a message. bytes stay the caller's and must outlive the result. */
struct mail *mail_new(const char *bytes, size_t length);
void mail_free(struct mail *mail);

/* The first field called name, decoded (RFC 2047) to UTF-8 on one line; NULL where the message has none. */
const char *mail_field(const struct mail *mail, const char *name);

/* The first field called name, decoded, in lower case; "" where there is none. The caller frees it. */
char *mail_lower_field(const GArray *fields, const char *name);

/* Decodes encoded words of any text to UTF-8. The caller frees the result. */
char *mail_decode_words(const char *text);

/* The first address (addr-spec) in the value of an address field, "" for the null address <>; NULL where there is none. The caller frees it. */
char *mail_address(const char *value);

/* A date field (RFC 5322 section 3.3) as a person reads it, "2026-11-30 12:00 (UTC+01:00)"; NULL where it is none. The caller frees it. */
char *mail_date(const char *value);

static inline const struct mail_part *mail_part(const struct mail *mail, unsigned index)
{
	return index < mail->parts->len ? &g_array_index(mail->parts, struct mail_part, index) : NULL;
}

/* The first part of that type outside enclosed messages, or NULL. */
const struct mail_part *mail_find_part(const struct mail *mail, const char *type);

/* The header fields of the first enclosed message, as fields_split() gives them; NULL where none is enclosed. The caller unrefs the array. */
GArray *mail_enclosed_fields(const struct mail *mail);

#endif
