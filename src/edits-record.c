/* edits-record.c - writes and reads the fields -Edits and -Dropped, and does their arithmetic of line ends.
 *
 * Linear in the body. What is read here may be forged: numbers are checked against the bytes, and only the hash decides that a cut is right.
 * Not here: where fields stand in a message (edits.c, strip.c).
 */
#include "edits-record.h"

#include <string.h>

#define RANGES_LIMIT 16u	/* insertions of one message; a message gets two at most */

static const struct {
	const char *ranges, *hash;	/* names of the pairs */
} parts[] = {
	[EDITS_RECORD_BODY] = {"body", "sha256"},
	[EDITS_RECORD_SUBJECT] = {"subject", "subject-sha256"},
};

/* A stream of bytes in which every line end counts as CRLF. */
struct canonical {
	GChecksum *sum;
	bool after_cr;
};

static void canonical_add(struct canonical *canonical, const char *bytes, size_t length)
{
	while (length > 0) {
		const char *newline = memchr(bytes, '\n', length);
		size_t run = newline ? (size_t)(newline - bytes) : length;

		if (run > 0) {
			g_checksum_update(canonical->sum, (const guchar *)bytes, (gssize)run);
			canonical->after_cr = bytes[run - 1] == '\r';
		}
		if (!newline)
			return;
		g_checksum_update(canonical->sum, (const guchar *)(canonical->after_cr ? "\n" : "\r\n"), canonical->after_cr ? 1 : 2);
		canonical->after_cr = false;
		bytes += run + 1;
		length -= run + 1;
	}
}

/* A place in bytes, counted both ways. */
struct place {
	size_t raw, canonical;
};

/* Moves forward to a raw offset. */
static void move_to_raw(struct place *place, const char *bytes, size_t target)
{
	while (place->raw < target) {
		const char *newline = memchr(bytes + place->raw, '\n', target - place->raw);
		size_t end = newline ? (size_t)(newline - bytes) : target;

		place->canonical += end - place->raw;
		place->raw = end;
		if (newline) {
			place->canonical += end > 0 && bytes[end - 1] == '\r' ? 1 : 2;
			place->raw++;
		}
	}
}

/* Moves forward to a canonical offset; false where there is no such place (behind the end, or between a CR and LF that are one LF here). */
static bool move_to_canonical(struct place *place, const char *bytes, size_t length, size_t target)
{
	while (place->canonical < target && place->raw < length) {
		const char *newline = memchr(bytes + place->raw, '\n', length - place->raw);
		size_t end = newline ? (size_t)(newline - bytes) : length;

		if (target - place->canonical <= end - place->raw) {
			place->raw += target - place->canonical;
			place->canonical = target;
			return true;
		}
		move_to_raw(place, bytes, newline ? end + 1 : end);
	}
	return place->canonical == target;
}

void edits_record_add(GString *record, enum edits_record_part part, const GArray *insertions, const char *bytes, size_t length)
{
	struct canonical canonical = {g_checksum_new(G_CHECKSUM_SHA256), false};
	struct place original = {0, 0};
	size_t inserted = 0;

	g_string_append_printf(record, "%s%s=\"", record->len ? "; " : "v=1; ", parts[part].ranges);
	for (guint i = 0; i < insertions->len; i++) {
		const struct edit_insertion *insertion = &g_array_index(insertions, struct edit_insertion, i);
		struct place end = {0, 0};

		move_to_raw(&original, bytes, insertion->offset);
		move_to_raw(&end, insertion->bytes, insertion->length);
		g_string_append_printf(record, "%s%zu+%zu", i ? "," : "", original.canonical + inserted, end.canonical);
		inserted += end.canonical;
	}
	canonical_add(&canonical, bytes, length);
	g_string_append_printf(record, "\"; %s=%s", parts[part].hash, g_checksum_get_string(canonical.sum));
	g_checksum_free(canonical.sum);
}

/* Reads "OFFSET+LENGTH" at *text; moves *text behind it and a comma. */
static bool read_range(const char **text, size_t *offset, size_t *length)
{
	char *end;

	if (!g_ascii_isdigit(**text))
		return false;
	*offset = (size_t)g_ascii_strtoull(*text, &end, 10);
	if (*end != '+' || !g_ascii_isdigit(end[1]))
		return false;
	*length = (size_t)g_ascii_strtoull(end + 1, &end, 10);
	*text = *end == ',' ? end + 1 : end;
	return *offset < G_MAXSIZE / 2 && *length < G_MAXSIZE / 2;
}

/* Appends what lies outside the ranges to out; false where a range does not fit the bytes. */
static bool cut(GString *out, const char *ranges, const char *body, size_t length)
{
	struct place place = {0, 0};
	size_t kept = 0, offset, count;

	for (unsigned i = 0; *ranges != '"' && *ranges; i++) {
		if (i == RANGES_LIMIT || !read_range(&ranges, &offset, &count) || offset < place.canonical)
			return false;
		if (!move_to_canonical(&place, body, length, offset))
			return false;
		g_string_append_len(out, body + kept, (gssize)(place.raw - kept));
		if (!move_to_canonical(&place, body, length, offset + count))
			return false;
		kept = place.raw;
	}
	g_string_append_len(out, body + kept, (gssize)(length - kept));
	return true;
}

/* What follows "NAME=" in the record, or NULL. */
static const char *find_pair(const char *record, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = strstr(record, name); at; at = strstr(at + 1, name))
		if (at > record && at[-1] == ' ' && at[length] == '=')
			return at + length + 1;
	return NULL;
}

static bool has_hash(const char *hash, const char *bytes, size_t length)
{
	struct canonical canonical = {g_checksum_new(G_CHECKSUM_SHA256), false};
	bool same;

	canonical_add(&canonical, bytes, length);
	same = g_ascii_strncasecmp(g_checksum_get_string(canonical.sum), hash, 64) == 0;
	g_checksum_free(canonical.sum);
	return same;
}

bool edits_record_has(const char *record, enum edits_record_part part)
{
	return find_pair(record, parts[part].ranges) != NULL;
}

GString *edits_record_cut(const char *record, enum edits_record_part part, const char *bytes, size_t length)
{
	const char *ranges = find_pair(record, parts[part].ranges), *hash = find_pair(record, parts[part].hash);
	GString *out;

	if (!g_str_has_prefix(record, "v=1;") || !ranges || *ranges != '"' || !hash)
		return NULL;
	out = g_string_sized_new(length + 1);
	if (cut(out, ranges + 1, bytes, length) && has_hash(hash, out->str, out->len))
		return out;
	g_string_free(out, TRUE);
	return NULL;
}

void edits_record_keep(GString *record, enum edits_record_part part, const char *proven)
{
	const char *ranges = find_pair(proven, parts[part].ranges), *hash = find_pair(proven, parts[part].hash);

	g_string_append_printf(record, "%s%s=\"%.*s\"; %s=%.64s", record->len ? "; " : "v=1; ", parts[part].ranges, (int)strspn(ranges + 1, "0123456789+,"), ranges + 1,
			       parts[part].hash, hash);
}

bool in_namespace(const char *name, size_t length, const char *prefix)
{
	size_t own = strlen(prefix);

	while (length > 0 && (name[length - 1] == ' ' || name[length - 1] == '\t'))
		length--;
	return length >= own && g_ascii_strncasecmp(name, prefix, own) == 0 && (length == own || name[own] == '-');
}

static void clear_dropped(gpointer data)
{
	g_string_free(((struct dropped_field *)data)->raw, TRUE);
}

GArray *dropped_array_new(void)
{
	GArray *dropped = g_array_new(FALSE, FALSE, sizeof(struct dropped_field));

	g_array_set_clear_func(dropped, clear_dropped);
	return dropped;
}

void dropped_record(GString *out, const char *name, const GArray *dropped, const char *newline)
{
	GString *kept = g_string_new(NULL);
	char *encoded;

	for (guint i = 0; i < dropped->len; i++) {
		const struct dropped_field *field = &g_array_index(dropped, struct dropped_field, i);

		g_string_append_printf(kept, "%zu %zu\n", field->after, field->raw->len);
		g_string_append_len(kept, field->raw->str, (gssize)field->raw->len);
	}
	encoded = g_base64_encode((const guchar *)kept->str, kept->len);
	g_string_append_printf(out, "%s: v=1; eol=%s;", name, strlen(newline) == 2 ? "crlf" : "lf");
	for (size_t at = 0, length = strlen(encoded); at < length; at += 72)
		g_string_append_printf(out, "%s %.72s", newline, encoded + at);
	g_string_append(out, newline);
	g_free(encoded);
	g_string_free(kept, TRUE);
}

/* The bytes of a field with the line ends that the message has now, if those changed since the field was kept. */
static GString *with_newlines(const char *bytes, size_t length, bool was_crlf, bool is_crlf)
{
	GString *out = g_string_sized_new(length + 1);

	for (size_t i = 0; i < length; i++) {
		bool cr_before = i > 0 && bytes[i - 1] == '\r';

		if (bytes[i] == '\n' && !was_crlf && is_crlf && !cr_before)
			g_string_append_c(out, '\r');
		if (bytes[i] == '\n' && was_crlf && !is_crlf && cr_before)
			g_string_truncate(out, out->len - 1);
		g_string_append_c(out, bytes[i]);
	}
	return out;
}

static GArray *read_kept(const char *kept, size_t length, bool was_crlf, bool is_crlf)
{
	GArray *dropped = dropped_array_new();
	const char *at = kept, *limit = kept + length;

	while (at < limit) {
		struct dropped_field field;
		char *end;
		guint64 bytes;

		field.after = (size_t)g_ascii_strtoull(at, &end, 10);
		if (end == at || *end != ' ')
			break;
		at = end + 1;
		bytes = g_ascii_strtoull(at, &end, 10);
		if (end == at || *end != '\n' || bytes > (guint64)(limit - end - 1))
			break;
		field.raw = with_newlines(end + 1, (size_t)bytes, was_crlf, is_crlf);
		g_array_append_val(dropped, field);
		at = end + 1 + bytes;
	}
	return dropped;
}

GArray *dropped_read(const char *value, const char *newline)
{
	const char *eol = strstr(value, "eol="), *text = eol ? strchr(eol, ';') : NULL;
	bool was_crlf = eol && g_str_has_prefix(eol, "eol=crlf"), is_crlf = strlen(newline) == 2;
	GArray *dropped;
	GString *kept;
	gsize length = 0;

	if (!text || !g_str_has_prefix(value, "v=1;"))
		return dropped_array_new();
	kept = g_string_new(text + 1);	/* blanks of the folding do not count in base64 */
	if (kept->len > 0)
		g_base64_decode_inplace(kept->str, &length);
	kept->str[length] = '\0';
	dropped = read_kept(kept->str, length, was_crlf, is_crlf);
	g_string_free(kept, TRUE);
	return dropped;
}
