/* mail-repair.c - mends what gateways break: a charset that is missing or wrong, a boundary that the header lost or changed.
 *
 * Not here: the reading (mail.c, the door to GMime).
 */
#include "mail-repair.h"
#include "text.h"

#include <string.h>

/* Japanese that does not say so: ISO-2022-JP is ASCII with escapes, and so valid in any charset. */
static const char *true_charset(const char *bytes, size_t length, const char *charset)
{
	if (!charset || strcmp(charset, "us-ascii") == 0)
		if (g_strstr_len(bytes, (gssize)length, "\x1b$B") || g_strstr_len(bytes, (gssize)length, "\x1b$@"))
			return "iso-2022-jp";
	return charset;
}

/* The bytes as UTF-8 with LF line ends and without NULs. A wrong or missing charset is common in bounces: what is UTF-8 already stays,
 * then the declared charset is tried, then windows-1252, which reads every byte. */
char *mail_utf8(const char *bytes, size_t length, const char *charset, size_t *out_length)
{
	char *utf8 = NULL;
	gsize written = 0;
	bool stateful = (charset = true_charset(bytes ? bytes : "", length, charset)) &&
			(g_str_has_prefix(charset, "iso-2022") || g_str_has_prefix(charset, "utf-7") ||
			 g_str_has_prefix(charset, "utf-16") || g_str_has_prefix(charset, "hz"));
	GString *clean;

	if (length == 0)
		bytes = "";
	if (stateful || (charset && !g_utf8_validate(bytes, (gssize)length, NULL)))
		utf8 = g_convert_with_fallback(bytes, (gssize)length, "UTF-8", charset, "?", NULL, &written, NULL);
	if (!utf8 && !g_utf8_validate(bytes, (gssize)length, NULL) && !memchr(bytes, '\0', length))
		utf8 = g_convert(bytes, (gssize)length, "UTF-8", "WINDOWS-1252", NULL, &written, NULL);
	clean = g_string_sized_new(length + 1);
	if (utf8) {
		bytes = utf8;
		length = written;
	}
	for (size_t i = 0; i < length; i++)
		if (bytes[i] != '\0' && !(bytes[i] == '\r' && (i + 1 == length || bytes[i + 1] == '\n')))
			g_string_append_c(clean, bytes[i]);
	g_free(utf8);
	if (!g_utf8_validate(clean->str, (gssize)clean->len, NULL)) {
		char *valid = g_utf8_make_valid(clean->str, (gssize)clean->len);

		g_string_assign(clean, valid);
		g_free(valid);
	}
	*out_length = clean->len;
	return g_string_free(clean, FALSE);
}

#define PREAMBLE_LINES 12u	/* before the first boundary */
#define BOUNDARY_LENGTH 200u	/* RFC 2046 allows 70 bytes */

/* May the line stand before the first boundary: nothing, or the note for mail programs without MIME? */
static bool is_preamble(const char *line)
{
	return line[strspn(line, " \t\r")] == '\0' || text_find(line, "mime") || text_find(line, "multi-part") || text_find(line, "multipart");
}

static bool is_boundary(const char *line)
{
	size_t length = strlen(line);

	return g_str_has_prefix(line, "--") && length > 3 && length < BOUNDARY_LENGTH && !strpbrk(line, "\" \t") && strspn(line, "-=_*") < length;
}

GString *mail_with_boundary(const char *body, size_t length)
{
	char *begin = g_strndup(body, MIN(length, 4096)), **lines;
	const char *boundary = NULL;
	GString *entity = NULL;

	lines = g_strsplit(begin, "\n", PREAMBLE_LINES + 2);
	for (guint i = 0; i < PREAMBLE_LINES && lines[i] && lines[i + 1] && !boundary; i++) {
		g_strchomp(lines[i]);
		if (is_boundary(lines[i]) && (text_begins(lines[i + 1], "content-") || *g_strchomp(lines[i + 1]) == '\0'))
			boundary = lines[i] + 2;
		else if (!is_preamble(lines[i]))
			break;
	}
	if (boundary) {
		entity = g_string_new("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"");
		g_string_append_printf(entity, "%s\"\n\n", boundary);
		g_string_append_len(entity, body, (gssize)length);
	}
	g_strfreev(lines);
	g_free(begin);
	return entity;
}
