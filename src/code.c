/* code.c - reading, comparing and printing reply codes (RFC 5321 section 4.2) and enhanced status codes (RFC 3463).
 *
 * Not here: where in a text a code may stand (reply.c) and what it means (the catalogue).
 */
#include "code.h"

#include <glib.h>
#include <string.h>

bool code_equal(struct code a, struct code b)
{
	return a.reply == b.reply && a.class == b.class && a.subject == b.subject && a.detail == b.detail;
}

bool code_is_standard(struct code code)
{
	return code.reply >= 200 && code.reply < 600 && code.reply / 10u % 10u <= 5;
}

int code_class(struct code code)
{
	return code_has_reply(code) ? code.reply / 100 : code.class;
}

bool code_is_vague(struct code code)
{
	return code_has_enhanced(code) && code.subject == 0 && code.detail == 0;
}

/* A letter, digit, dot-and-digit or colon-and-digit right behind says that the digits are part of an address, a time or a version. */
static bool may_follow_reply(const char *text, size_t length)
{
	if (length == 0)
		return true;
	if (text[0] == '.')
		return length == 1 || !g_ascii_isalnum(text[1]);
	if (text[0] == ':')
		return length == 1 || g_ascii_isspace(text[1]);
	/* "550/5.1.1" */
	if (text[0] == '/')
		return length > 2 && strchr("45", text[1]) && text[1] && text[2] == '.';
	return !g_ascii_isalnum(text[0]) && text[0] != '_' && text[0] != '@' && text[0] != '/';
}

size_t code_read_reply(const char *text, size_t length, struct code *code)
{
	if (length < 3 || text[0] < '2' || text[0] > '6' || !g_ascii_isdigit(text[1]) || !g_ascii_isdigit(text[2]))
		return 0;
	if (!may_follow_reply(text + 3, length - 3))
		return 0;
	code->reply = (unsigned short)((text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0'));
	return 3;
}

/* One to three digits. Returns how many were read, 0 where the number is missing or longer. */
static size_t read_number(const char *text, size_t length, unsigned short *number)
{
	size_t digits = 0;
	unsigned value = 0;

	while (digits < length && g_ascii_isdigit(text[digits])) {
		if (digits == 3)
			return 0;
		value = value * 10 + (unsigned)(text[digits++] - '0');
	}
	*number = (unsigned short)value;
	return digits;
}

size_t code_read_enhanced(const char *text, size_t length, struct code *code)
{
	size_t at = 0, digits;
	struct code read = *code;

	if (at < length && text[at] == '#')
		at++;
	if (at + 1 >= length || (text[at] != '2' && text[at] != '4' && text[at] != '5') || text[at + 1] != '.')
		return 0;
	read.class = (unsigned char)(text[at] - '0');
	at += 2;
	digits = read_number(text + at, length - at, &read.subject);
	at += digits;
	if (digits == 0 || at >= length || text[at] != '.')
		return 0;
	at++;
	digits = read_number(text + at, length - at, &read.detail);
	at += digits;
	if (digits == 0)
		return 0;
	if (at < length && (g_ascii_isalnum(text[at]) || text[at] == '_' || text[at] == '@'))
		return 0;
	if (at + 1 < length && text[at] == '.' && g_ascii_isdigit(text[at + 1]))
		return 0;
	*code = read;
	return at;
}

size_t code_read(const char *text, size_t length, struct code *code)
{
	size_t at = code_read_reply(text, length, code), between, enhanced;

	if (at == 0)
		return code_read_enhanced(text, length, code);
	for (between = at; between < length && (text[between] == ' ' || strchr("-:/", text[between])) && text[between]; between++)
		;
	enhanced = between > at ? code_read_enhanced(text + between, length - between, code) : 0;
	return enhanced ? between + enhanced : at;
}

char *code_print_reply(struct code code, char buffer[CODE_REPLY_SIZE])
{
	buffer[0] = '\0';
	if (code_has_reply(code))
		g_snprintf(buffer, CODE_REPLY_SIZE, "%03u", code.reply % 1000u);
	return buffer;
}

char *code_print_enhanced(struct code code, char buffer[CODE_ENHANCED_SIZE])
{
	buffer[0] = '\0';
	if (code_has_enhanced(code))
		g_snprintf(buffer, CODE_ENHANCED_SIZE, "%u.%u.%u", code.class % 10u, code.subject % 1000u, code.detail % 1000u);
	return buffer;
}
