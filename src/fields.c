/* fields.c - splits a block of header fields without changing or decoding it.
 *
 * Not here: decoding of encoded words and of addresses (mail.c, the door to GMime), meaning of the fields (status.c, bounce.c).
 */
#include "fields.h"

#include <string.h>

/* The offset behind the line that begins at start. */
static size_t line_end(const char *bytes, size_t length, size_t start)
{
	const char *newline = memchr(bytes + start, '\n', length - start);

	return newline ? (size_t)(newline - bytes) + 1 : length;
}

static bool is_empty_line(const char *bytes, size_t start, size_t end)
{
	return end > start && (bytes[start] == '\n' || (bytes[start] == '\r' && end == start + 2 && bytes[start + 1] == '\n'));
}

/* The length of the field name at the start of a line, 0 where there is none: printable ASCII but the colon (RFC 5322 section 2.2),
 * blanks allowed before the colon (section 4.5, obsolete but alive). */
static size_t name_length(const char *line, size_t length, size_t *colon)
{
	size_t name = 0;

	while (name < length && line[name] > ' ' && line[name] < 127 && line[name] != ':')
		name++;
	for (*colon = name; *colon < length && (line[*colon] == ' ' || line[*colon] == '\t'); ++*colon)
		;
	return *colon < length && line[*colon] == ':' ? name : 0;
}

static size_t skip_envelope_line(const char *bytes, size_t length)
{
	if (length >= 5 && memcmp(bytes, "From ", 5) == 0)
		return line_end(bytes, length, 0);
	if (length >= 6 && memcmp(bytes, ">From ", 6) == 0)
		return line_end(bytes, length, 0);
	return 0;
}

GArray *fields_split(const char *bytes, size_t length, size_t limit, size_t *end)
{
	GArray *fields = g_array_new(FALSE, FALSE, sizeof(struct field));
	size_t at = skip_envelope_line(bytes, length);

	while (at < length) {
		struct field field = {.start = at, .end = line_end(bytes, length, at), .name = bytes + at};
		size_t colon;

		if (is_empty_line(bytes, at, field.end)) {
			at = field.end;
			break;
		}
		field.name_length = name_length(bytes + at, field.end - at, &colon);
		if (field.name_length == 0)
			break;
		while (field.end < length && (bytes[field.end] == ' ' || bytes[field.end] == '\t'))
			field.end = line_end(bytes, length, field.end);
		field.value = bytes + at + colon + 1;
		field.value_length = field.end - (at + colon + 1);
		if (fields->len < limit)
			g_array_append_val(fields, field);
		at = field.end;
	}
	if (end)
		*end = at;
	return fields;
}

bool field_is(const struct field *field, const char *name)
{
	return strlen(name) == field->name_length && g_ascii_strncasecmp(field->name, name, field->name_length) == 0;
}

char *field_value(const struct field *field)
{
	GString *value = g_string_sized_new(field->value_length);
	size_t i;

	for (i = 0; i < field->value_length; i++) {
		char c = field->value[i];

		if (c != '\r' && c != '\n')
			g_string_append_c(value, c == '\0' ? ' ' : c);
	}
	return g_strstrip(g_string_free(value, FALSE));
}

const struct field *fields_find(const GArray *fields, const char *name)
{
	guint i;

	for (i = 0; i < fields->len; i++)
		if (field_is(&g_array_index(fields, struct field, i), name))
			return &g_array_index(fields, struct field, i);
	return NULL;
}
