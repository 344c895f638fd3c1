/* charset.c - writes text in the charset of the part that it goes into.
 *
 * What a charset lacks is transliterated ("ue" for a u umlaut in US-ASCII); if too much would be lost, the answer is no. Not here: transfer encodings (transfer.c).
 */
#include "block.h"

#include <string.h>

#define LOST_SHARE 8u	/* one of so many characters may become a question mark */

static bool is_ascii(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)bytes[i] > 127)
			return false;
	return true;
}

/* A converter, or (GIConv)-1 for a charset that nobody knows. The name comes from the message, and iconv gives meaning to some characters. */
static GIConv open_charset(const char *charset)
{
	if (!charset || charset[strspn(charset, "abcdefghijklmnopqrstuvwxyz0123456789-_.:+()")] != '\0')
		return (GIConv)-1;
	return g_iconv_open(charset, "UTF-8");
}

/* Converts with the converter at its initial state and back to it; NULL where a character is missing. */
static GString *convert(GIConv converter, const char *text, size_t length)
{
	GString *out = g_string_new(NULL);
	char buffer[256], *in = (char *)text, *to;
	gsize left = length, room, result;

	g_iconv(converter, NULL, NULL, NULL, NULL);
	do {
		to = buffer;
		room = sizeof buffer;
		result = left > 0 ? g_iconv(converter, &in, &left, &to, &room) : g_iconv(converter, NULL, NULL, &to, &room);
		g_string_append_len(out, buffer, to - buffer);
		if (result == (gsize)-1 && to == buffer) {
			g_string_free(out, TRUE);
			return NULL;
		}
	} while (left > 0 || result == (gsize)-1);
	to = buffer;
	room = sizeof buffer;
	g_iconv(converter, NULL, NULL, &to, &room);
	g_string_append_len(out, buffer, to - buffer);
	return out;
}

/* UTF-16 and its like, EBCDIC: the inserted bytes would not be read as what they are. */
static bool holds_ascii(GIConv converter)
{
	static const char sample[] = "<a href=\"x\">09 AZaz;.,:-/</a>\n";
	GString *converted = convert(converter, sample, sizeof sample - 1);
	bool same = converted && converted->len == sizeof sample - 1 && memcmp(converted->str, sample, converted->len) == 0;

	if (converted)
		g_string_free(converted, TRUE);
	return same;
}

static bool has_character(GIConv converter, const char *character, size_t length)
{
	GString *converted;

	if ((unsigned char)*character < 128)
		return true;
	converted = convert(converter, character, length);
	if (!converted)
		return false;
	g_string_free(converted, TRUE);
	return true;
}

/* The text with every character that the charset lacks in ASCII; NULL where too many are lost. converter: (GIConv)-1 for US-ASCII. */
static char *transliterate(GIConv converter, const char *text, const char *language)
{
	GString *out = g_string_new(NULL);
	size_t seen = 0, lost = 0;

	for (const char *at = text, *next; *at; at = next, seen++) {
		char character[7] = "", *ascii;

		next = g_utf8_next_char(at);
		memcpy(character, at, (size_t)(next - at));
		if ((unsigned char)*at < 128 || (converter != (GIConv)-1 && has_character(converter, character, (size_t)(next - at)))) {
			g_string_append_len(out, at, next - at);
			continue;
		}
		ascii = g_str_to_ascii(character, language ? language : "en");
		lost += strcmp(ascii, "?") == 0;
		g_string_append(out, ascii);
		g_free(ascii);
	}
	return g_string_free(out, lost * LOST_SHARE > seen);
}

static char *with_newline(const char *text, const char *newline)
{
	char **lines = g_strsplit(text, "\n", -1), *joined = g_strjoinv(newline, lines);

	g_strfreev(lines);
	return joined;
}

/* As charset_encode(), without the care for line ends. */
static GString *encode(const char *text, GIConv converter, const char *language, bool eight_bit)
{
	char *fitting = transliterate(converter, text, language);
	GString *out = NULL;

	if (fitting)
		out = converter == (GIConv)-1 ? g_string_new(fitting) : convert(converter, fitting, strlen(fitting));
	g_free(fitting);
	if (!out || eight_bit || is_ascii(out->str, out->len))
		return out;
	g_string_free(out, TRUE);
	return encode(text, (GIConv)-1, language, true);
}

GString *charset_encode(const char *text, const char *charset, const char *language, bool eight_bit, const char *newline)
{
	GIConv converter = open_charset(charset);
	char *lines = with_newline(text, newline);
	GString *out = NULL;

	if (converter == (GIConv)-1 || holds_ascii(converter))
		out = encode(lines, converter, language, eight_bit);
	if (converter != (GIConv)-1)
		g_iconv_close(converter);
	g_free(lines);
	return out;
}
