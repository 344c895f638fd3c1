/* transfer.c - quoted-printable and base64 (RFC 2045 section 6) as far as putting bytes into the middle of encoded text needs them.
 *
 * GMime decodes whole parts; here every decoded byte must be found again in the raw text, and what is inserted must leave all bytes around it
 * as they are. Not here: where to insert (html-place.c, block.c).
 */
#include "block.h"

#include <string.h>

#define LINE 76u	/* RFC 2045 sections 6.7, 6.8 */

/* One step of quoted-printable at raw: bytes read; *decoded is -1 for a soft line break. What is no valid escape stands for itself. */
static size_t quoted_step(const char *raw, size_t length, int *decoded)
{
	size_t blanks = 1;

	*decoded = (unsigned char)raw[0];
	if (raw[0] != '=')
		return 1;
	if (length >= 3 && g_ascii_isxdigit(raw[1]) && g_ascii_isxdigit(raw[2])) {
		*decoded = g_ascii_xdigit_value(raw[1]) * 16 + g_ascii_xdigit_value(raw[2]);
		return 3;
	}
	while (blanks < length && blanks < LINE && (raw[blanks] == ' ' || raw[blanks] == '\t' || raw[blanks] == '\r'))
		blanks++;
	if (blanks < length && raw[blanks] == '\n') {
		*decoded = -1;
		return blanks + 1;
	}
	return 1;
}

static bool is_base64(char c)
{
	return g_ascii_isalnum(c) || c == '+' || c == '/';
}

/* Whole groups up to the first padding: nothing can be inserted behind that. */
static void base64_decode(GString *out, const char *raw, size_t length)
{
	const char *padding = memchr(raw, '=', length);
	size_t readable = padding ? (size_t)(padding - raw) : length;
	guchar *bytes = g_malloc(readable / 4 * 3 + 3);
	gint state = 0;
	guint save = 0;
	gsize written = g_base64_decode_step(raw, readable, bytes, &state, &save);

	g_string_append_len(out, (char *)bytes, (gssize)written);
	g_free(bytes);
}

void transfer_decode(GString *out, enum mail_encoding encoding, const char *raw, size_t length)
{
	size_t at = 0;
	int decoded;

	if (encoding == MAIL_ENCODING_BASE64) {
		base64_decode(out, raw, length);
	} else if (encoding == MAIL_ENCODING_QUOTED_PRINTABLE) {
		while (at < length) {
			at += quoted_step(raw + at, length - at, &decoded);
			if (decoded >= 0)
				g_string_append_c(out, (char)decoded);
		}
	} else {
		g_string_append_len(out, raw, (gssize)length);
	}
}

size_t transfer_offset(enum mail_encoding encoding, const char *raw, size_t length, size_t count)
{
	size_t at = 0, characters = count / 3 * 4 + (count % 3 ? count % 3 + 1 : 0);
	int decoded;

	if (encoding == MAIL_ENCODING_BASE64) {
		for (; at < length && characters > 0; at++)
			characters -= is_base64(raw[at]);
		return at;
	}
	if (encoding == MAIL_ENCODING_QUOTED_PRINTABLE) {
		while (at < length && count > 0) {
			at += quoted_step(raw + at, length - at, &decoded);
			count -= decoded >= 0;
		}
		return at;
	}
	return MIN(count, length);
}

/* Must the byte be written as an escape? last: a line end follows; first: it begins a line, where "From " and "." have a meaning to others. */
static bool must_escape(const char *text, size_t left, bool first)
{
	unsigned char c = (unsigned char)text[0];

	if (c == ' ' || c == '\t')
		return left == 1 || text[1] == '\n' || text[1] == '\r';
	if (c < 33 || c > 126 || c == '=')
		return true;
	return first && (c == '.' || (left >= 5 && memcmp(text, "From ", 5) == 0));
}

void quoted_printable_encode(GString *out, const char *text, size_t length, const char *newline)
{
	size_t column = 0;

	for (size_t i = 0; i < length; i++) {
		bool escape;

		if (text[i] == '\n' || (text[i] == '\r' && i + 1 < length && text[i + 1] == '\n')) {
			i += text[i] == '\r';
			g_string_append(out, newline);
			column = 0;
			continue;
		}
		escape = must_escape(text + i, length - i, column == 0);
		if (column + (escape ? 3 : 1) >= LINE) {
			g_string_append_printf(out, "=%s", newline);
			column = 0;
			escape = must_escape(text + i, length - i, true);
		}
		if (escape)
			g_string_append_printf(out, "=%02X", (unsigned char)text[i]);
		else
			g_string_append_c(out, text[i]);
		column += escape ? 3 : 1;
	}
}

static void append_lines(GString *out, const char *text, size_t length, const char *newline, bool end_line)
{
	for (size_t at = 0; at < length; at += LINE) {
		g_string_append_len(out, text + at, (gssize)MIN(LINE, length - at));
		if (end_line || at + LINE < length)
			g_string_append(out, newline);
	}
}

bool base64_insertion(GString *out, const GString *text, const GString *decoded, size_t place, const char *newline, bool begin_line, bool end_line)
{
	size_t inside = place % 3, group = place - inside, head = inside ? inside + 1 : 0;
	GString *bytes;
	char *before, *after;
	bool possible;

	if (text->len % 3 != 0 || text->len == 0 || group + (inside ? 3 : 0) > decoded->len)
		return false;
	bytes = g_string_new_len(decoded->str + group, (gssize)inside);
	g_string_append_len(bytes, text->str, (gssize)text->len);
	if (inside)
		g_string_append_len(bytes, decoded->str + place, (gssize)(3 - inside));
	before = g_base64_encode((const guchar *)decoded->str + group, inside ? 3 : 0);
	after = g_base64_encode((const guchar *)bytes->str, bytes->len);
	possible = memcmp(before, after, head) == 0;
	if (possible && inside) {
		g_string_append_len(out, after + head, (gssize)(4 - head));
		g_string_append(out, newline);
		append_lines(out, after + 4, strlen(after) - 8, newline, true);
		g_string_append_len(out, after + strlen(after) - 4, (gssize)head);
	} else if (possible) {
		g_string_append(out, begin_line ? "" : newline);
		append_lines(out, after, strlen(after), newline, end_line);
	}
	g_free(before);
	g_free(after);
	g_string_free(bytes, TRUE);
	return possible;
}
