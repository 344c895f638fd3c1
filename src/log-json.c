/* log-json.c - reads a flat JSON object of a log line, in place.
 *
 * Logs have millions of them, of which a few keys count: this walk costs a tenth of building a tree with JSON-GLib. Values inside of values are read over.
 */
#include "log-json.h"

#include <glib.h>
#include <string.h>

static char *skip_blanks(char *at)
{
	while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')
		at++;
	return at;
}

/* Four hexadecimal digits; -1 where they are none. */
static int read_hex(const char *at)
{
	int value = 0;

	for (int i = 0; i < 4; i++) {
		int digit = g_ascii_xdigit_value(at[i]);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* Behind "\u": appends the character at *out and returns what follows, or NULL. A half of a pair alone becomes U+FFFD, as does NUL, which would end the text. */
static char *read_unicode(char *at, char **out)
{
	int high = read_hex(at), low;
	gunichar c = (gunichar)high;

	if (high < 0)
		return NULL;
	at += 4;
	if (high >= 0xd800 && high < 0xdc00 && at[0] == '\\' && at[1] == 'u' && (low = read_hex(at + 2)) >= 0xdc00 && low < 0xe000) {
		c = 0x10000 + (((gunichar)high - 0xd800) << 10) + ((gunichar)low - 0xdc00);
		at += 6;
	}
	if (c == 0 || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd;
	*out += g_unichar_to_utf8(c, *out);
	return at;
}

/* at: behind the opening quote. Undoes the escapes and ends the string with NUL; returns what follows the closing quote, NULL where there is none. */
static char *read_string(char *at)
{
	static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	char *out = at;

	while (*at && *at != '"') {
		const char *name;

		if (*at != '\\') {
			*out++ = *at++;
			continue;
		}
		if (at[1] == 'u') {
			at = read_unicode(at + 2, &out);
			if (!at)
				return NULL;
			continue;
		}
		name = at[1] ? strchr(names, at[1]) : NULL;
		if (!name)
			return NULL;
		*out++ = meanings[name - names];
		at += 2;
	}
	if (*at != '"')
		return NULL;
	*out = '\0';
	return at + 1;
}

/* Behind an array or object that begins at at; NULL where it does not end. */
static char *skip_nested(char *at)
{
	unsigned depth = 0;

	for (; *at; at++) {
		if (*at == '[' || *at == '{') {
			depth++;
		} else if (*at == ']' || *at == '}') {
			if (--depth == 0)
				return at + 1;
		} else if (*at == '"') {
			for (at++; *at && *at != '"'; at++)
				if (*at == '\\' && at[1])
					at++;
			if (!*at)
				return NULL;
		}
	}
	return NULL;
}

/* "[83, 77]" becomes "SM"; anything that is no array of bytes stays. */
static void make_bytes(char *array)
{
	char *out = array, *at = array + 1;

	for (char *c = at; *c; c++)
		if (!g_ascii_isdigit(*c) && !strchr(", ]", *c))
			return;
	while (*at) {
		if (g_ascii_isdigit(*at))
			*out++ = (char)g_ascii_strtoull(at, &at, 10);
		else
			at++;
	}
	*out = '\0';
}

/* Reads the value at at and sets *value, which a bare one does not end with NUL yet. Returns what follows, NULL on a mistake. */
static char *read_value(char *at, char **value)
{
	char *end;

	if (*at == '"') {
		*value = at + 1;
		return read_string(at + 1);
	}
	*value = at;
	if (*at == '[' || *at == '{')
		return skip_nested(at);
	end = at + strspn(at, "-+.0123456789eEtrufalsn");
	return end == at ? NULL : end;
}

bool log_json_each(char *text, log_json_visit visit, void *data)
{
	char *at = skip_blanks(text);

	if (*at++ != '{')
		return false;
	at = skip_blanks(at);
	for (bool more = *at != '}'; more; ) {
		char *name = at + 1, *value, *end;

		at = *at == '"' ? read_string(name) : NULL;
		at = at ? skip_blanks(at) : NULL;
		if (!at || *at != ':')
			return false;
		end = read_value(skip_blanks(at + 1), &value);
		at = end ? skip_blanks(end) : NULL;
		if (!at || (*at != ',' && *at != '}'))
			return false;
		more = *at == ',';
		*end = '\0';
		if (*value == '[' && value[-1] != '"')
			make_bytes(value);
		visit(name, strcmp(value, "null") == 0 && value[-1] != '"' ? NULL : value, data);
		if (more)
			at = skip_blanks(at + 1);
	}
	return *skip_blanks(at + 1) == '\0';
}
