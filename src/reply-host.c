/* reply-host.c - the host that a text says refused.
 *
 * Not here: the reply itself (reply.c).
 */
#include "reply.h"
#include "text.h"

#include <glib.h>
#include <string.h>

static bool is_host(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '.' || c == '_';
}

/* The host name or address at at, "[192.0.2.1]" included; NULL where none stands there. */
static char *host_at(const char *at)
{
	size_t length = 0;
	bool dot = false;

	while (*at == ' ' || *at == '(' || *at == '<')
		at++;
	if (*at == '[') {
		const char *close = strchr(at, ']');

		return close && close - at < 64 && close - at > 3 ? g_strndup(at, (gsize)(close + 1 - at)) : NULL;
	}
	while (is_host(at[length]) && length < 255) {
		dot |= at[length] == '.' && length > 0;
		length++;
	}
	while (length > 0 && at[length - 1] == '.')
		length--;
	/* "5.7.1" is no host, "192.0.2.1" is one. */
	if (strspn(at, "0123456789.") >= length && length < 7)
		return NULL;
	return length > 3 && dot && memchr(at, '.', length) && at[length] != '@' ? g_strndup(at, length) : NULL;
}

/* The host before at ("mx.example.net said:", "mx.example.net [192.0.2.1] said:"). */
static char *host_before(const char *text, const char *at)
{
	const char *end = at, *start;

	while (end > text && (end[-1] == ' ' || end[-1] == ')' || end[-1] == '(' || end[-1] == ':'))
		end--;
	if (end > text && end[-1] == ']') {
		const char *open = end;

		while (open > text && end - open < 64 && *open != '[')
			open--;
		while (open > text && (open[-1] == ' ' || open[-1] == '('))
			open--;
		start = open;
		while (start > text && open - start < 255 && is_host(start[-1]))
			start--;
		return host_at(start < open ? start : open);
	}
	for (start = end; start > text && end - start < 255 && is_host(start[-1]); start--)
		;
	return start < end && (start == text || start[-1] != '@') ? host_at(start) : NULL;
}

static char *host_of(const char *text)
{
	static const char *const before_host[] = {
		"host: ", "host ", "while talking to ", "connected to ", "connect to ", "connecting to ", "remote server ",
		"mail server for the recipient domain ", "from server ", "remote mail server ", "the server ", "server at ",
		"remote host ", "from mta(", "by mx", "by ",
	};
	static const char *const behind_host[] = {
		" said:", " does not like recipient", " refused", " rejected your message", " responded", " failed after",
		" gave this error", " replied",
	};
	char *host = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(before_host) && !host; i++) {
		const char *found = text_find(text, before_host[i]);

		if (found && (found == text || !g_ascii_isalnum(found[-1])))
			host = host_at(found + strlen(before_host[i]) - (g_str_has_suffix(before_host[i], "mx") ? 2 : 0));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(behind_host) && !host; i++) {
		const char *found = text_find(text, behind_host[i]);

		host = found ? host_before(text, found) : NULL;
	}
	return host;
}

/* Where the words begin that the innermost speaker is introduced by: "host a said: 550 host b said: 550 ..." is b's refusal, which a passes on. */
static const char *innermost_speaker(const char *text)
{
	static const char said[] = " said:";
	const char *found = text_find(text, said), *next;

	while (found && (next = text_find(found + strlen(said), said))) {
		text = found + strlen(said);
		found = next;
	}
	return text;
}

char *reply_host(const char *text)
{
	const char *inner = innermost_speaker(text);
	char *host = host_of(inner);

	return host || inner == text ? host : host_of(text);
}
