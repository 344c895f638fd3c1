/* mail-limits.c - guards the door to GMime: what is slow or deadly in it is counted beforehand.
 *
 * Measured: 60,000 nested groups in a To field overflow the stack, 50,000 From fields take 140 ms. Not here: what a limit means for the
 * message (mail.c).
 */
#include "mail-limits.h"
#include "mail.h"

#include <string.h>

/* What makes GMime slow or worse, counted over all lines, for any of them may be a field of some part's header. */
struct effort {
	unsigned lines;
	unsigned dashes;		/* lines that may be a boundary: each is compared with all open boundaries */
	unsigned boundaries;		/* "boundary=": each may open a level */
	unsigned fields;		/* lines that may begin a field */
	unsigned costly;		/* fields that GMime takes apart unasked: addresses, Content-Type and its kin */
	bool in_costly;
	size_t length;			/* of the costly field so far */
	unsigned colons;		/* in it: the groups of addresses ("a:b;") are read by recursion */
};

#define LINES_LIMIT 50000u	/* a megabyte of lines with twenty letters each: mail is hardly written like that, but blank lines cost GMime as much as full ones */
#define FIELD_LINES_LIMIT 10000u
#define COSTLY_FIELDS_LIMIT 1000u
#define COSTLY_LENGTH_LIMIT (32u * 1024u)
#define COLONS_LIMIT 200u

static bool begins_costly_field(const char *line, size_t length)
{
	static const char *const names[] = {
		"from:", "to:", "cc:", "bcc:", "sender:", "reply-to:", "resent-", "disposition-notification-to:", "content-",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if ((*line | 0x20) == *names[i] && length > strlen(names[i]) && g_ascii_strncasecmp(line, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static unsigned count_colons(const char *line, size_t length)
{
	unsigned count = 0;

	for (size_t i = 0; i < length; i++)
		count += line[i] == ':';
	return count;
}

/* The word "boundary" in any case. */
static bool holds_boundary(const char *line, size_t length)
{
	for (size_t i = 0; i + 8 <= length; i++)
		if ((line[i] | 0x20) == 'b' && g_ascii_strncasecmp(line + i, "boundary", 8) == 0)
			return true;
	return false;
}

/* Adds a line, its line end included; false when that is too much. */
static bool effort_allows(struct effort *effort, const char *line, size_t length)
{
	if (*line != ' ' && *line != '\t') {
		effort->in_costly = begins_costly_field(line, length);
		effort->costly += effort->in_costly;
		effort->fields += memchr(line, ':', MIN(length, 80u)) != NULL;
		effort->length = effort->colons = 0;
	}
	if (effort->in_costly) {
		effort->length += length;
		effort->colons += count_colons(line, MIN(length, COSTLY_LENGTH_LIMIT));
	}
	effort->lines++;
	effort->dashes += length > 2 && line[0] == '-' && line[1] == '-';
	effort->boundaries += holds_boundary(line, length);
	return effort->lines <= LINES_LIMIT && effort->dashes <= MAIL_PARTS_LIMIT && effort->boundaries <= MAIL_BOUNDARY_LIMIT &&
	       effort->fields <= FIELD_LINES_LIMIT && effort->costly <= COSTLY_FIELDS_LIMIT && effort->length <= COSTLY_LENGTH_LIMIT && effort->colons <= COLONS_LIMIT;
}

size_t mail_safe_length(const char *bytes, size_t length)
{
	size_t at = 0, limit = MIN(length, MAIL_BYTES_LIMIT);
	struct effort effort = {0};

	while (at < limit) {
		const char *newline = memchr(bytes + at, '\n', limit - at);
		size_t end = newline ? (size_t)(newline - bytes) + 1 : limit;

		if (!effort_allows(&effort, bytes + at, end - at))
			return at;
		at = end;
	}
	return limit;
}

bool mail_value_is_safe(const char *value)
{
	size_t length = strlen(value);

	return length <= COSTLY_LENGTH_LIMIT && count_colons(value, length) <= COLONS_LIMIT;
}
