/* block.c - turns the explanation into an insertion for one part: place, charset, format=flowed, transfer encoding, line ends.
 *
 * Insertions only: what stood in the part stays byte for byte, so strip can give it back. Not here: which parts get one (annotate.c).
 */
#include "block.h"

#include <string.h>

struct target {
	const struct mail_part *part;
	const char *raw;		/* the part's content as it stands */
	size_t length;
	GString *decoded;		/* transfer encoding undone */
	const char *newline;		/* of the raw content */
	const char *text_newline;	/* of the decoded text: differs in base64 */
	bool html;
};

/* The line end that the bytes have from an offset on, else the last one before it, else the usual one. */
static const char *newline_at(const char *bytes, size_t length, size_t offset, const char *usual)
{
	const char *newline = memchr(bytes + offset, '\n', length - offset);

	for (size_t at = offset; !newline && at-- > 0; )
		if (bytes[at] == '\n')
			newline = bytes + at;
	if (!newline)
		return usual;
	return newline > bytes && newline[-1] == '\r' ? "\r\n" : "\n";
}

/* Where in the decoded text: behind a byte order mark, or where HTML begins to be shown. */
static struct html_place find_place(const struct target *target)
{
	const GString *decoded = target->decoded;
	struct html_place start = {0, 0};

	if (decoded->len >= 3 && memcmp(decoded->str, "\xef\xbb\xbf", 3) == 0)
		start.inside = start.outside = 3;
	return target->html ? html_place(decoded->str, decoded->len) : start;
}

/* ISO-2022 text: has a escape sequence switched away from ASCII before this place? */
static bool is_shifted(const GString *decoded, size_t place)
{
	while (place > 0 && decoded->str[place - 1] != '\x1b')
		place--;
	return place > 0 && !(decoded->str[place] == '(' && (decoded->str[place + 1] == 'B' || decoded->str[place + 1] == 'J'));
}

/* RFC 3676 section 4.4: a line that begins with a blank, ">" or "From " gets one more blank, which the reader takes off. */
static char *stuff(const char *text)
{
	GString *out = g_string_new(NULL);

	for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		if (*line == ' ' || *line == '>' || g_str_has_prefix(line, "From "))
			g_string_append_c(out, ' ');
		g_string_append_len(out, line, (gssize)(strcspn(line, "\n") + (strchr(line, '\n') ? 1 : 0)));
	}
	return g_string_free(out, FALSE);
}

/* Does the part's own header say that its lines hold bytes over 127? */
static bool is_labelled_eight_bit(const struct mail *mail, const struct mail_part *part)
{
	size_t start = MIN(part->header_start, part->start);
	GArray *fields = fields_split(mail->bytes + start, part->start - start, FIELDS_LIMIT, NULL);
	const struct field *field = fields_find(fields, "Content-Transfer-Encoding");
	char *value = field ? field_value(field) : g_strdup("");
	bool eight = g_ascii_strncasecmp(value, "8bit", 4) == 0 || g_ascii_strncasecmp(value, "binary", 6) == 0;

	g_free(value);
	g_array_unref(fields);
	return eight;
}

/* May bytes over 127 be written here? In a 7bit part only encoded, or where the charset needs none. */
static bool takes_eight_bit(const struct mail *mail, const struct target *target)
{
	if (target->part->encoding != MAIL_ENCODING_IDENTITY)
		return true;
	for (size_t i = 0; i < target->length; i++)
		if ((unsigned char)target->raw[i] > 127)
			return true;
	return is_labelled_eight_bit(mail, target->part);
}

static void identity(GString *out, const struct target *target, const GString *text, size_t offset)
{
	/* Behind a lone CR a line end of ours would make another one of it. */
	if (target->html && offset > 0 && target->raw[offset - 1] != '\n' && target->raw[offset - 1] != '\r')
		g_string_append(out, target->newline);
	g_string_append_len(out, text->str, (gssize)text->len);
}

static void quoted_printable(GString *out, const struct target *target, const GString *text, size_t offset)
{
	if (offset > 0 && target->raw[offset - 1] != '\n')
		g_string_append_printf(out, "=%s", target->newline);
	quoted_printable_encode(out, text->str, text->len, target->newline);
}

/* The text with something harmless before it and line ends behind it, a multiple of three bytes long. */
static GString *padded(const GString *text, const char *before, const char *newline)
{
	GString *out = g_string_new(before);

	g_string_append_len(out, text->str, (gssize)text->len);
	while (out->len % 3 != 0)
		g_string_append(out, newline);
	return out;
}

/* Base64: at the place if its bits allow it, with a blank or line end before the text if need be. Returns whether it could be done. */
static bool base64(GString *out, const struct target *target, const GString *text, size_t place)
{
	const char *const before[] = {"", target->text_newline, " "};
	size_t offset = transfer_offset(MAIL_ENCODING_BASE64, target->raw, target->length, place);
	bool begin_line = offset == 0 || target->raw[offset - 1] == '\n';
	bool end_line = offset >= target->length || (target->raw[offset] != '\r' && target->raw[offset] != '\n');
	bool done = false;

	for (size_t i = 0; i < (target->html ? G_N_ELEMENTS(before) : 1) && !done; i++) {
		GString *bytes = padded(text, before[i], target->text_newline);

		done = base64_insertion(out, bytes, target->decoded, place, target->newline, begin_line, end_line);
		g_string_free(bytes, TRUE);
	}
	return done;
}

/* Chooses the place and writes the bytes there; false where no place will do. */
static bool write_at(struct edit_insertion *insertion, const struct target *target, const GString *text)
{
	struct html_place place = find_place(target);
	const size_t places[] = {place.inside, place.outside, 0};
	GString *out = g_string_new(NULL);
	bool done = false;

	for (size_t i = 0; i < G_N_ELEMENTS(places) && !done; i++) {
		size_t offset = transfer_offset(target->part->encoding, target->raw, target->length, places[i]);

		if (places[i] > 0 && target->part->charset && is_shifted(target->decoded, places[i]))
			continue;
		done = true;
		if (target->part->encoding == MAIL_ENCODING_BASE64)
			done = base64(out, target, text, places[i]);
		else if (target->part->encoding == MAIL_ENCODING_QUOTED_PRINTABLE)
			quoted_printable(out, target, text, offset);
		else
			identity(out, target, text, offset);
		insertion->offset = target->part->start + offset;
	}
	insertion->length = out->len;
	insertion->bytes = g_string_free(out, !done);
	return done;
}

const char *block_insertion(const struct mail *mail, const struct mail_part *part, const char *block, const char *language, struct edit_insertion *insertion)
{
	struct target target = {.part = part, .raw = mail->bytes + part->start, .length = part->end - part->start, .decoded = g_string_new(NULL)};
	char *stuffed = part->flowed ? stuff(block) : NULL;
	GString *text;
	bool done = false;

	target.html = strcmp(part->type, "text/html") == 0;
	transfer_decode(target.decoded, part->encoding, target.raw, target.length);
	target.newline = newline_at(mail->bytes, mail->length, part->start, "\n");
	target.text_newline = part->encoding == MAIL_ENCODING_BASE64 ? newline_at(target.decoded->str, target.decoded->len, 0, "\r\n") : target.newline;
	text = charset_encode(stuffed ? stuffed : block, part->charset, language, takes_eight_bit(mail, &target), target.text_newline);
	if (text)
		done = write_at(insertion, &target, text);
	g_string_free(target.decoded, TRUE);
	g_free(stuffed);
	if (!text)
		return "charset";
	g_string_free(text, TRUE);
	return done ? NULL : "encoding";
}
