/* address.c - finding and reading mail addresses in fields and in running text.
 *
 * Total and linear: a local part is looked for at most ADDRESS_LIMIT bytes back from its '@'. Not here: whose address
 * it is and whether it failed (the dialects); addresses in the fields of a message (mail.c, the door to GMime).
 */
#include "address.h"

#include <glib.h>
#include <string.h>

#define LINK_LIMIT 320		/* bytes of a link that may stand before an address in it */

/* Characters of an unquoted local part that running text holds (RFC 5322 atext without '/', which separates words there more often). */
static bool is_local(char c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("!#$%&'*+-=?^_`{|}~.", c));
}

static bool is_high(char c)
{
	return (unsigned char)c >= 0x80;
}

/* The length of a letter beyond ASCII of a script that parts words by blanks (Latin, Greek, Cyrillic ...: two bytes in UTF-8), 0 where none stands there. Those belong
 * to an address like ASCII letters (RFC 6531). */
static size_t letter_length(const char *text)
{
	gunichar c = is_high(*text) ? g_utf8_get_char_validated(text, 2) : 0;

	return c < 0x800 && g_unichar_isalpha(c) ? 2 : 0;
}

/* Does such a letter end right before end? */
static bool letter_before(const char *text, const char *end)
{
	return end - text >= 2 && letter_length(end - 2) > 0;
}

static bool is_domain(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '.' || c == '_';
}

bool address_is_plausible(const char *address, bool bare)
{
	const char *at = strrchr(address, '@');
	size_t length = strlen(address);

	if (length == 0 || length > ADDRESS_LIMIT || (!at && !bare) || at == address || (at && at[1] == '\0'))
		return false;
	for (const char *c = address; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f || *c == '<' || *c == '>')
			return *c == ' ' && address[0] == '"' && at && at[-1] == '"' && g_ascii_isalnum(at[1]);
	return true;
}

const char *address_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return at ? at + 1 : NULL;
}

bool address_equal(const char *a, const char *b)
{
	return g_ascii_strcasecmp(a, b) == 0;
}

/* Where a quoted local part begins whose closing quote is at close; NULL where it does not open on the same line. */
static const char *quoted_start(const char *text, const char *close)
{
	const char *c = close;

	while (c > text && close - c < 70 && c[-1] != '\n') {
		c--;
		if (*c == '"')
			return c;
	}
	return NULL;
}

/* "/s=smith/g=bob@x400.example", "/S=Smith/C=US/@x400.example": the attributes that a gateway to X.400 writes belong together (RFC 2156). start itself where none stand before it. */
static const char *x400_start(const char *text, const char *start)
{
	const char *first = start;

	if (start == text || start[-1] != '/')
		return start;
	while (first > text && start - first < 320 && (is_local(first[-1]) || first[-1] == '/'))
		first--;
	return first[1] != '/' && memchr(first, '=', (size_t)(start - first)) && (*start == '@' || strchr("=", start[strcspn(start, "=@")])) ? first : start;
}

/* Where the local part before at begins; at itself where there is none. Letters beyond ASCII belong to it only where ASCII alone
 * gives nothing: Chinese and Japanese run on into the address without a blank. */
static const char *local_start(const char *text, const char *at)
{
	const char *start = at;

	if (at > text && at[-1] == '"' && quoted_start(text, at - 1) && quoted_start(text, at - 1) + 2 < at)
		return quoted_start(text, at - 1);
	while (start > text && at - start < 320 && (is_local(start[-1]) || letter_before(text, start)))
		start -= is_local(start[-1]) ? 1 : 2;
	if (start == at || (start > text && is_high(start[-1]) && is_high(at[-1])))
		while (start > text && at - start < 320 && (is_local(start[-1]) || is_high(start[-1])))
			start--;
	start = x400_start(text, start);
	while (start < at && ((unsigned char)*start & 0xc0) == 0x80)
		start++;
	if (at - start > 5 && g_ascii_strncasecmp(start, "smtp=", 5) == 0)
		start += 5;
	if (at - start > 2 && start[0] == '-' && start[1] == '-')	/* a signature's line */
		start += 2;
	while (start < at && strchr("'`.*=|", *start) && !(start[0] == '=' && start[1] == '?'))
		start++;
	return start;
}

/* Where the link ends that runs on into start, "http://example.org/?user=bob@example.net"; NULL where none does. An address in it tells the page something, not the
 * reader. To be gone on from behind it: so each link is looked at once, however many addresses it holds. */
static const char *link_end(const char *text, const char *start)
{
	static const char ends[] = " \t\r\n<>\"()[],;";
	const char *c = start;

	while (c > text && start - c < LINK_LIMIT && !strchr(ends, c[-1]))
		c--;
	return g_strstr_len(c, start - c, "://") ? start + strcspn(start, ends) : NULL;
}

static const char *domain_end(const char *domain)
{
	const char *end = domain;

	if (*end == '[') {
		while (end - domain < 64 && (g_ascii_isalnum(*end) || strchr("[.:-", *end)) && *end)
			end++;
		return *end == ']' ? end + 1 : domain;
	}
	while ((is_domain(*end) || letter_length(end)) && end - domain < 256 && !(end[0] == '.' && end[1] == '.'))
		end += is_domain(*end) ? 1 : 2;
	if (end == domain)
		while ((is_domain(*end) || is_high(*end)) && end - domain < 256)
			end++;
	while (end > domain && ((unsigned char)*end & 0xc0) == 0x80)
		end--;
	while (end > domain && !g_ascii_isalnum(end[-1]) && !is_high(end[-1]))
		end--;
	return end;
}

/* "<anything@domain>" may hold what running text may not: the brackets say where it ends. */
static char *in_brackets(const char *open, const char **end)
{
	const char *close = open + 1;

	while (*close && *close != '>' && *close != '<' && *close != '\n' && close - open <= (ptrdiff_t)ADDRESS_LIMIT)
		close++;
	if (*close == '>' && close - open > 3 && memchr(open, '@', (size_t)(close - open))) {
		char *address = g_strstrip(g_strndup(open + 1, (gsize)(close - open - 1)));

		if (g_ascii_strncasecmp(address, "mailto:", 7) == 0)
			memmove(address, address + 7, strlen(address + 7) + 1);
		if (address_is_plausible(address, false) && !strstr(address, "://")) {
			*end = close + 1;
			return address;
		}
		g_free(address);
	}
	return NULL;
}

char *address_find(const char *text, const char **end)
{
	const char *behind, *at, *open;

	for (const char *from = text; (at = strchr(from, '@')); from = at + 1) {
		const char *start = local_start(from, at), *stop = domain_end(at + 1);
		char *address;

		for (open = at; open > from && *open != '<' && *open != '>' && *open != '\n' && at - open < 320; open--)
			;
		address = *open == '<' ? in_brackets(open, &behind) : NULL;
		if (!address && start < at && stop > at + 1) {
			const char *link = link_end(text, start);

			if (link) {
				at = MAX(at, link - 1);
				continue;
			}
			address = g_strndup(start, (gsize)(stop - start));
			behind = stop;
		}
		if (!address)
			continue;
		if (end)
			*end = behind;
		return address;
	}
	return NULL;
}

/* "\x{1f408}" of RFC 6533 section 3. */
static char *decode_unitext(const char *text)
{
	GString *out = g_string_new(NULL);

	while (*text) {
		const char *digits = text + 3;
		char *close;
		guint64 c = g_str_has_prefix(text, "\\x{") ? g_ascii_strtoull(digits, &close, 16) : 0;

		if (c > ' ' && c <= 0x10ffff && *close == '}' && g_unichar_validate((gunichar)c)) {
			g_string_append_unichar(out, (gunichar)c);
			text = close + 1;
		} else {
			g_string_append_c(out, *text++);
		}
	}
	return g_string_free(out, FALSE);
}

/* "bob+40example.net" (RFC 3461 section 4). Only asked where no '@' stands: "ann+42@example.net" is an address as it is. */
static char *decode_xtext(const char *text)
{
	GString *out = g_string_new(NULL);

	while (*text) {
		int high = text[0] == '+' ? g_ascii_xdigit_value(text[1]) : -1, low = high >= 0 ? g_ascii_xdigit_value(text[2]) : -1;

		if (low >= 0 && high * 16 + low > ' ') {
			g_string_append_c(out, (char)(high * 16 + low));
			text += 3;
		} else {
			g_string_append_c(out, *text++);
		}
	}
	return g_string_free(out, FALSE);
}

/* The length of an address type with its semicolon ("rfc822;", "utf-8 ;") at the start, 0 where there is none. */
static size_t type_length(const char *value)
{
	size_t length = 0;

	while (g_ascii_isalnum(value[length]) || value[length] == '-')
		length++;
	while (length > 0 && g_ascii_isspace(value[length]))
		length++;
	return length > 0 && value[length] == ';' ? length + 1 : 0;
}

static void decode_replace(char **address, char *(*decode)(const char *))
{
	char *decoded = decode(*address);

	g_free(*address);
	*address = g_utf8_make_valid(decoded, -1);
	g_free(decoded);
}

char *address_from_field(const char *value)
{
	size_t type;
	const char *comment;
	char *address;

	while (g_ascii_isspace(*value))
		value++;
	type = type_length(value);
	value += type;
	while (g_ascii_isspace(*value) || *value == ';')
		value++;
	comment = strstr(value, " (");
	address = g_strstrip(comment ? g_strndup(value, (gsize)(comment - value)) : g_strndup(value, 4 * ADDRESS_LIMIT));
	if (strpbrk(address, "<>") || (strpbrk(address, " \t") && address[0] != '"')) {
		char *found = strchr(address, '@') ? address_find(address, NULL) : NULL;

		g_free(address);
		address = found;
	}
	if (address && strstr(address, "\\x{"))
		decode_replace(&address, decode_unitext);
	if (address && !strchr(address, '@') && strstr(address, "+40"))
		decode_replace(&address, decode_xtext);
	if (address && !address_is_plausible(address, true))
		g_clear_pointer(&address, g_free);
	return address;
}
