/* edits-record.c - writes and reads the fields -Edits and -Dropped, and does their arithmetic of line ends.
 *
 * Linear in the body, and of a long one in its beginning only. What is read here may be forged: numbers are checked against the bytes, and only the hash decides
 * that a cut is right.
 * Not here: where fields stand in a message (edits.c, strip.c).
 */
#include "edits-record.h"

#include <string.h>

#define RANGES_LIMIT 16u	/* insertions of one message; a message gets two at most */

#define PLACE_LIMIT ((size_t)16 * EDITS_RECORD_HASHED)	/* canonical bytes of an annotated body, before which all insertions stand */

static const struct {
	const char *ranges, *hash, *hashed;	/* names of the pairs */
} parts[] = {
	[EDITS_RECORD_BODY] = {"body", "sha256", "hashed"},
	[EDITS_RECORD_SUBJECT] = {"subject", "subject-sha256", "subject-hashed"},
};

/* A stream of bytes in which every line end counts as CRLF, hashed as far as its limit. */
struct canonical {
	GChecksum *sum;
	size_t left;			/* bytes up to the limit */
	bool after_cr, longer;		/* longer: there were more */
	unsigned used;
	guchar block[4096];		/* what is not in the sum yet */
};

static void canonical_begin(struct canonical *canonical, size_t limit)
{
	canonical->sum = g_checksum_new(G_CHECKSUM_SHA256);
	canonical->left = limit;
	canonical->after_cr = canonical->longer = false;
	canonical->used = 0;
}

static void flush(struct canonical *canonical)
{
	g_checksum_update(canonical->sum, canonical->block, (gssize)canonical->used);
	canonical->used = 0;
}

static inline void put(struct canonical *canonical, char c)
{
	if (canonical->left == 0) {
		canonical->longer = true;
		return;
	}
	canonical->left--;
	canonical->block[canonical->used++] = (guchar)c;
	if (canonical->used == sizeof canonical->block)
		flush(canonical);
}

static void canonical_add(struct canonical *canonical, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length && !canonical->longer; i++) {
		if (bytes[i] == '\n' && !canonical->after_cr)
			put(canonical, '\r');
		put(canonical, bytes[i]);
		canonical->after_cr = bytes[i] == '\r';
	}
}

/* Borrowed until the sum is freed. */
static const char *canonical_end(struct canonical *canonical)
{
	flush(canonical);
	return g_checksum_get_string(canonical->sum);
}

/* A place in bytes, counted both ways. */
struct place {
	size_t raw, canonical;
};

static void move_on(struct place *place, const char *bytes)
{
	bool bare = bytes[place->raw] == '\n' && (place->raw == 0 || bytes[place->raw - 1] != '\r');

	place->canonical += bare ? 2 : 1;
	place->raw++;
}

/* Moves forward to a raw offset. */
static void move_to_raw(struct place *place, const char *bytes, size_t target)
{
	while (place->raw < target)
		move_on(place, bytes);
}

/* Moves forward to a canonical offset; false where there is no such place (behind the end, or between a CR and LF that are one LF here). */
static bool move_to_canonical(struct place *place, const char *bytes, size_t length, size_t target)
{
	while (place->canonical < target && place->raw < length)
		move_on(place, bytes);
	return place->canonical == target;
}

/* Appends the pairs of the hash, which takes in all that is before the last insertion. */
static void add_hash(GString *record, enum edits_record_part part, size_t last, const char *bytes, size_t length)
{
	struct canonical canonical;
	size_t limit = MAX(EDITS_RECORD_HASHED, last);

	canonical_begin(&canonical, limit);
	canonical_add(&canonical, bytes, length);
	g_string_append_printf(record, "; %s=%s", parts[part].hash, canonical_end(&canonical));
	if (canonical.longer)
		g_string_append_printf(record, "; %s=%zu", parts[part].hashed, limit);
	g_checksum_free(canonical.sum);
}

void edits_record_add(GString *record, enum edits_record_part part, const GArray *insertions, const char *bytes, size_t length)
{
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
	g_string_append_c(record, '"');
	add_hash(record, part, original.canonical, bytes, length);
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

/* What a record says was inserted, as raw bytes: [start, end) each, ascending. */
struct cuts {
	struct {
		size_t start, end;
	} at[RANGES_LIMIT];
	unsigned count;
	size_t last;			/* where in the original the last of them stood, canonical */
};

/* Reads the ranges; false where one does not fit the bytes. */
static bool read_cuts(struct cuts *cuts, const char *ranges, const char *bytes, size_t length)
{
	struct place place = {0, 0};
	size_t inserted = 0, offset, count;

	for (cuts->count = 0; *ranges != '"' && *ranges; cuts->count++) {
		if (cuts->count == RANGES_LIMIT || !read_range(&ranges, &offset, &count) || offset < place.canonical || offset + count > PLACE_LIMIT)
			return false;
		if (!move_to_canonical(&place, bytes, length, offset))
			return false;
		cuts->at[cuts->count].start = place.raw;
		if (!move_to_canonical(&place, bytes, length, offset + count))
			return false;
		cuts->at[cuts->count].end = place.raw;
		cuts->last = offset - inserted;
		inserted += count;
	}
	return true;
}

/* Hands over what lies outside the cuts, run by run. */
static void each_kept(const struct cuts *cuts, const char *bytes, size_t length, void (*take)(void *to, const char *run, size_t run_length), void *to)
{
	size_t kept = 0;

	for (unsigned i = 0; i < cuts->count; i++) {
		take(to, bytes + kept, cuts->at[i].start - kept);
		kept = cuts->at[i].end;
	}
	take(to, bytes + kept, length - kept);
}

static void hash_run(void *to, const char *run, size_t length)
{
	canonical_add(to, run, length);
}

static void append_run(void *to, const char *run, size_t length)
{
	g_string_append_len(to, run, (gssize)length);
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

/* How much the hash takes in: what the pair says, 0 where it says nonsense; EDITS_RECORD_HASHED where there is none, for then it is all. */
static size_t read_hashed(const char *pair)
{
	guint64 hashed = pair ? g_ascii_strtoull(pair, NULL, 10) : EDITS_RECORD_HASHED;

	return hashed >= EDITS_RECORD_HASHED && hashed <= PLACE_LIMIT ? (size_t)hashed : 0;
}

/* Do the bytes without the cuts have the hash of the record? */
static bool has_hash(const char *record, enum edits_record_part part, const struct cuts *cuts, const char *bytes, size_t length)
{
	const char *hash = find_pair(record, parts[part].hash), *pair = find_pair(record, parts[part].hashed);
	size_t hashed = read_hashed(pair);
	struct canonical canonical;
	bool same;

	if (!hash || cuts->last > hashed)
		return false;
	canonical_begin(&canonical, hashed);
	each_kept(cuts, bytes, length, hash_run, &canonical);
	same = canonical.longer == (pair != NULL) && g_ascii_strncasecmp(canonical_end(&canonical), hash, 64) == 0;
	g_checksum_free(canonical.sum);
	return same;
}

bool edits_record_has(const char *record, enum edits_record_part part)
{
	return find_pair(record, parts[part].ranges) != NULL;
}

/* Reads what the record says was inserted; false where it does not prove it. */
static bool prove(struct cuts *cuts, const char *record, enum edits_record_part part, const char *bytes, size_t length)
{
	const char *ranges = find_pair(record, parts[part].ranges);

	*cuts = (struct cuts){.count = 0};
	return g_str_has_prefix(record, "v=1;") && ranges && *ranges == '"' && read_cuts(cuts, ranges + 1, bytes, length) && has_hash(record, part, cuts, bytes, length);
}

bool edits_record_proves(const char *record, enum edits_record_part part, const char *bytes, size_t length)
{
	struct cuts cuts;

	return prove(&cuts, record, part, bytes, length);
}

bool edits_record_restore(GString *out, const char *record, enum edits_record_part part, const char *bytes, size_t length)
{
	struct cuts cuts;
	bool proven = prove(&cuts, record, part, bytes, length);

	if (proven)
		each_kept(&cuts, bytes, length, append_run, out);
	return proven;
}

GString *edits_record_cut(const char *record, enum edits_record_part part, const char *bytes, size_t length)
{
	GString *out = g_string_new(NULL);

	if (edits_record_restore(out, record, part, bytes, length))
		return out;
	g_string_free(out, TRUE);
	return NULL;
}

void edits_record_keep(GString *record, enum edits_record_part part, const char *proven)
{
	const char *ranges = find_pair(proven, parts[part].ranges), *hash = find_pair(proven, parts[part].hash), *hashed = find_pair(proven, parts[part].hashed);

	g_string_append_printf(record, "%s%s=\"%.*s\"; %s=%.64s", record->len ? "; " : "v=1; ", parts[part].ranges, (int)strspn(ranges + 1, "0123456789+,"), ranges + 1,
			       parts[part].hash, hash);
	if (hashed)
		g_string_append_printf(record, "; %s=%zu", parts[part].hashed, read_hashed(hashed));
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
