/* status.c - reads the fields of a delivery-status part, as forgivingly as its writers need.
 *
 * Blank lines between the fields of one recipient, missing blank lines between recipients, unfolded continuation lines and
 * wrong types are all seen in real reports. Not here: the part's place in the message, the meaning (dialect-rfc3464.c).
 */
#include "status.h"
#include "address.h"
#include "reply.h"
#include "text.h"

#include "fields.h"

#include <string.h>

enum status_field {
	FIELD_FINAL, FIELD_ORIGINAL, FIELD_ACTION, FIELD_STATUS, FIELD_DIAGNOSTIC, FIELD_REMOTE, FIELD_RETRY, FIELD_SUPPLEMENT, FIELD_ACTUAL,
	FIELD_REPORTER, FIELD_ARRIVAL, FIELD_ENVELOPE, FIELD_QUEUE, FIELD_SENDER, FIELD_UNKNOWN
};

/* Names that are read, those of the extensions of several MTAs too. */
static const struct {
	const char *name;
	enum status_field field;
} names[] = {
	{"final-recipient", FIELD_FINAL},
	{"original-recipient", FIELD_ORIGINAL},
	{"x-original-recipient", FIELD_ORIGINAL},
	{"x-actual-recipient", FIELD_ACTUAL},
	{"action", FIELD_ACTION},
	{"status", FIELD_STATUS},
	{"diagnostic-code", FIELD_DIAGNOSTIC},
	{"remote-mta", FIELD_REMOTE},
	{"will-retry-until", FIELD_RETRY},
	{"x-supplementary-info", FIELD_SUPPLEMENT},
	{"x-smtp-server-reply", FIELD_SUPPLEMENT},
	{"x-display-name", FIELD_UNKNOWN},
	{"reporting-mta", FIELD_REPORTER},
	{"arrival-date", FIELD_ARRIVAL},
	{"original-envelope-id", FIELD_ENVELOPE},
	{"x-postfix-queue-id", FIELD_QUEUE},
	{"x-powermta-virtualmta", FIELD_UNKNOWN},
	{"x-postfix-sender", FIELD_SENDER},
};

#define VALUE_LIMIT 8192u	/* bytes of a value that are looked at */

struct reader {
	struct status *status;
	struct status_recipient *recipient;	/* the one being filled, NULL: none yet */
	unsigned limit;
	bool boundary;				/* an empty line stood since the last field of the recipient */
};

static void recipient_free(gpointer data)
{
	struct status_recipient *recipient = data;

	g_free(recipient->final);
	g_free(recipient->original);
	g_free(recipient->actual);
	g_free(recipient->action);
	g_free(recipient->diagnostic);
	g_free(recipient->diagnostic_type);
	g_free(recipient->remote);
	g_free(recipient->retry_until);
	g_free(recipient->supplement);
	g_free(recipient);
}

static enum status_field field_of(const struct field *field)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (field_is(field, names[i].name))
			return names[i].field;
	return FIELD_UNKNOWN;
}

/* The host in a field of the form "dns; mx.example.net (192.0.2.1)". */
static char *host_of(const char *value)
{
	const char *semicolon = strchr(value, ';'), *start = semicolon ? semicolon + 1 : value;
	size_t length;

	while (g_ascii_isspace(*start))
		start++;
	length = strcspn(start, " \t(;,");
	while (length > 0 && start[length - 1] == '.')
		length--;
	return length > 0 && length < 256 ? g_strndup(start, length) : NULL;
}

static char *word_of(const char *value)
{
	size_t length = 0;

	while (g_ascii_isalpha(value[length]) || value[length] == '-')
		length++;
	return length > 0 ? g_ascii_strdown(value, (gssize)length) : NULL;
}

static void set_once(char **place, char *value)
{
	if (*place || (value && *value == '\0'))
		g_free(value);
	else if (value)
		*place = value;
}

static char *type_of(const char *value)
{
	size_t length = strcspn(value, "; \t");

	return value[length] == ';' && length > 0 && length < 40 ? g_ascii_strdown(value, (gssize)length) : NULL;
}

/* Some write the reply code where the enhanced one belongs, or both; some a lone digit, which is no code. */
static struct code status_of(const char *value)
{
	struct code code = CODE_NONE;

	code_read(value, strlen(value), &code);
	return code;
}

static void set_recipient_field(struct status_recipient *recipient, enum status_field field, const char *value)
{
	switch (field) {
	case FIELD_FINAL:
		set_once(&recipient->final, address_from_field(value));
		break;
	case FIELD_ORIGINAL:
		set_once(&recipient->original, address_from_field(value));
		break;
	case FIELD_ACTION:
		set_once(&recipient->action, word_of(value));
		break;
	case FIELD_STATUS:
		if (code_is_none(recipient->status))
			recipient->status = status_of(value);
		break;
	case FIELD_DIAGNOSTIC:
		set_once(&recipient->diagnostic_type, type_of(value));
		set_once(&recipient->diagnostic, reply_normalise(value));
		break;
	case FIELD_REMOTE:
		set_once(&recipient->remote, host_of(value));
		break;
	case FIELD_RETRY:
		set_once(&recipient->retry_until, g_strdup(value));
		break;
	case FIELD_ACTUAL:
		set_once(&recipient->actual, address_from_field(value));
		break;
	case FIELD_SUPPLEMENT:
		set_once(&recipient->supplement, reply_normalise(value));
		break;
	default:
		break;
	}
}

static void set_message_field(struct status *status, enum status_field field, const char *value)
{
	switch (field) {
	case FIELD_REPORTER:
		set_once(&status->reporter, host_of(value));
		break;
	case FIELD_ARRIVAL:
		set_once(&status->arrival_date, g_strdup(value));
		break;
	case FIELD_ENVELOPE:
		set_once(&status->envelope_id, g_strdup(value));
		break;
	case FIELD_QUEUE:
		set_once(&status->queue_id, g_strdup(value));
		break;
	case FIELD_SENDER:
		set_once(&status->sender, address_from_field(value));
		break;
	default:
		break;
	}
}

/* A recipient's group begins at a field that the current one has already, or at its first field behind an empty line. */
static bool begins_recipient(const struct reader *reader, enum status_field field)
{
	const struct status_recipient *now = reader->recipient;

	if (!now)
		return true;
	switch (field) {
	case FIELD_FINAL:
		return now->final || (reader->boundary && now->action);
	case FIELD_ORIGINAL:
		return now->original ? reader->boundary || now->final : reader->boundary && now->final;
	case FIELD_ACTION:
		return now->action && reader->boundary;
	case FIELD_STATUS:
		return code_has_enhanced(now->status) && reader->boundary && now->final;
	default:
		return false;
	}
}

static void take_field(struct reader *reader, const struct field *raw)
{
	enum status_field field = field_of(raw);
	char *value;

	if (field == FIELD_UNKNOWN)
		return;
	value = field_value(raw);
	text_cut(value, VALUE_LIMIT);
	if (field >= FIELD_REPORTER) {
		set_message_field(reader->status, field, value);
	} else {
		if (begins_recipient(reader, field)) {
			if (reader->status->recipients->len >= reader->limit) {
				reader->status->limited = true;
				g_free(value);
				return;
			}
			reader->recipient = g_new0(struct status_recipient, 1);
			g_ptr_array_add(reader->status->recipients, reader->recipient);
		}
		set_recipient_field(reader->recipient, field, value);
		reader->boundary = false;
	}
	g_free(value);
}

/* Blanks before a field's name, or a line that is no field, must not end the reading. Returns the offset to go on at. */
static size_t skip_line(const char *text, size_t length, size_t at)
{
	const char *newline = memchr(text + at, '\n', length - at);

	return newline ? (size_t)(newline - text) + 1 : length;
}

/* The blanks before every line of some reports would make each a continuation of the one above: a copy without those of the first line. */
static char *without_margin(const char *text, size_t length)
{
	GString *bare = g_string_sized_new(length + 1);
	size_t begin = 0, margin = 0;

	while (begin < length && (text[begin] == '\n' || text[begin] == '\r'))
		begin++;
	while (begin + margin < length && (text[begin + margin] == ' ' || text[begin + margin] == '\t'))
		margin++;
	while (begin < length) {
		size_t end = skip_line(text, length, begin), skip = 0;

		while (skip < margin && begin + skip < end && (text[begin + skip] == ' ' || text[begin + skip] == '\t'))
			skip++;
		g_string_append_len(bare, text + begin + skip, (gssize)(end - begin - skip));
		begin = end;
	}
	return g_string_free(bare, FALSE);
}

struct status *status_read(const char *bytes, size_t length, unsigned limit)
{
	struct status *status = g_new0(struct status, 1);
	struct reader reader = {.status = status, .limit = limit};
	char *text = without_margin(bytes, length);
	size_t at = 0;

	length = strlen(text);
	status->recipients = g_ptr_array_new_with_free_func(recipient_free);
	while (at < length && !status->limited) {
		size_t end;
		GArray *fields = fields_split(text + at, length - at, FIELDS_LIMIT, &end);

		for (guint i = 0; i < fields->len && !status->limited; i++)
			take_field(&reader, &g_array_index(fields, struct field, i));
		g_array_unref(fields);
		reader.boundary = true;
		at = end > 0 ? at + end : skip_line(text, length, at);
	}
	g_free(text);
	return status;
}

void status_free(struct status *status)
{
	if (!status)
		return;
	g_ptr_array_unref(status->recipients);
	g_free(status->reporter);
	g_free(status->arrival_date);
	g_free(status->envelope_id);
	g_free(status->queue_id);
	g_free(status->sender);
	g_free(status);
}

bool status_is(const char *text)
{
	static const char *const openings[] = {"reporting-mta:", "final-recipient:", "original-recipient:", "original-envelope-id:", "x-postfix-queue-id:"};

	text += strspn(text, " \t\r\n");
	for (size_t i = 0; i < G_N_ELEMENTS(openings); i++)
		if (text_begins(text, openings[i]))
			return text_find(text, "final-recipient:") && (text_find(text, "action:") || text_find(text, "status:"));
	return false;
}
