/* edits.c - edits as a value: made empty, fields noted for removal, applied to bytes.
 *
 * Not here: which edits a message needs (annotate.c), taking them off (strip.c).
 */
#include "annotate.h"

#include "edits-record.h"

#include <string.h>

static void clear_drop(gpointer data)
{
	g_free(((struct edit_drop *)data)->name);
}

static void clear_insertion(gpointer data)
{
	g_free(((struct edit_insertion *)data)->bytes);
}

GArray *edits_insertions_new(void)
{
	GArray *insertions = g_array_new(FALSE, FALSE, sizeof(struct edit_insertion));

	g_array_set_clear_func(insertions, clear_insertion);
	return insertions;
}

struct edits *edits_new(void)
{
	struct edits *edits = g_new0(struct edits, 1);

	edits->drops = g_array_new(FALSE, FALSE, sizeof(struct edit_drop));
	g_array_set_clear_func(edits->drops, clear_drop);
	edits->adds = g_ptr_array_new_with_free_func(render_field_free);
	edits->insertions = edits_insertions_new();
	edits->annotated = g_strdup("");
	edits->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return edits;
}

static void free_subject(struct edit_subject *subject)
{
	if (!subject)
		return;
	g_free(subject->name);
	g_array_unref(subject->insertions);
	g_free(subject->value);
	g_free(subject);
}

void edits_free(struct edits *edits)
{
	if (!edits)
		return;
	g_array_unref(edits->drops);
	g_hash_table_unref(edits->seen);
	g_ptr_array_unref(edits->adds);
	g_array_unref(edits->insertions);
	free_subject(edits->subject);
	g_free(edits->annotated);
	g_free(edits);
}

bool edits_see_field(struct edits *edits, const char *name, size_t name_length, size_t start, size_t end, const char *prefix)
{
	struct edit_drop drop = {.start = start, .end = end};
	char *key;

	if (!in_namespace(name, name_length, prefix))
		return false;
	drop.name = g_strndup(name, name_length);
	key = g_ascii_strdown(name, (gssize)name_length);
	drop.index = GPOINTER_TO_INT(g_hash_table_lookup(edits->seen, key)) + 1;
	g_hash_table_insert(edits->seen, key, GINT_TO_POINTER(drop.index));
	g_array_append_val(edits->drops, drop);
	return true;
}

bool edits_see_explanation(const struct edits *edits, const char *prefix)
{
	for (guint i = 0; i < edits->drops->len; i++) {
		const char *name = g_array_index(edits->drops, struct edit_drop, i).name;

		if (strcspn(name, " \t") == strlen(prefix))
			return true;
	}
	return false;
}

void edits_keep_fields(struct edits *edits)
{
	g_array_set_size(edits->drops, 0);
}

static void append_body(GString *out, const struct edits *edits, const char *body, size_t length)
{
	size_t at = 0;

	for (guint i = 0; i < edits->insertions->len; i++) {
		const struct edit_insertion *insertion = &g_array_index(edits->insertions, struct edit_insertion, i);
		size_t offset = MIN(insertion->offset, length);

		g_string_append_len(out, body + at, (gssize)(offset - at));
		g_string_append_len(out, insertion->bytes, (gssize)insertion->length);
		at = offset;
	}
	g_string_append_len(out, body + at, (gssize)(length - at));
}

/* Bytes that the insertions add: what holds the result is made in its size, not doubled on the way. */
static size_t inserted_length(const struct edits *edits)
{
	size_t length = 0;

	for (guint i = 0; i < edits->insertions->len; i++)
		length += g_array_index(edits->insertions, struct edit_insertion, i).length;
	return length;
}

GString *edits_apply_body(const struct edits *edits, const char *body, size_t length)
{
	GString *out = g_string_sized_new(length + inserted_length(edits) + 1);

	append_body(out, edits, body, length);
	return out;
}

/* The line end of the first field, for the fields that go above it. */
static const char *header_newline(const char *bytes, const GArray *fields)
{
	const struct field *first = &g_array_index(fields, struct field, 0);

	return first->end >= 2 && bytes[first->end - 2] == '\r' && bytes[first->end - 1] == '\n' ? "\r\n" : "\n";
}

static void append_lines(GString *out, const char *text, const char *newline)
{
	char **lines = g_strsplit(text, "\n", -1), *joined = g_strjoinv(newline, lines);

	g_string_append(out, joined);
	g_free(joined);
	g_strfreev(lines);
}

static void append_adds(GString *out, const GPtrArray *adds, const char *newline)
{
	for (guint i = 0; i < adds->len; i++) {
		const struct render_field *field = g_ptr_array_index(adds, i);

		g_string_append_printf(out, "%s: ", field->name);
		append_lines(out, field->value, newline);
		g_string_append(out, newline);
	}
}

/* A field as it is, or the subject with its tag. */
static void append_kept(GString *out, const char *bytes, const struct field *field, const struct edit_subject *subject, const char *newline)
{
	size_t at = field->start;

	if (subject && subject->start == field->start) {
		const struct edit_insertion *insertion = &g_array_index(subject->insertions, struct edit_insertion, 0);

		at = (size_t)(field->value - bytes) + insertion->offset;
		g_string_append_len(out, bytes + field->start, (gssize)(at - field->start));
		append_lines(out, insertion->bytes, newline);
	}
	g_string_append_len(out, bytes + at, (gssize)(field->end - at));
}

/* The fields outside the namespace, in out; those inside in dropped, which the caller frees. */
static GArray *sort_fields(GString *out, const struct edits *edits, const char *bytes, const GArray *fields, const char *prefix)
{
	const char *newline = header_newline(bytes, fields);
	GArray *dropped = dropped_array_new();
	size_t kept = 0;

	for (guint i = 0; i < fields->len; i++) {
		const struct field *field = &g_array_index(fields, struct field, i);

		if (in_namespace(field->name, field->name_length, prefix)) {
			struct dropped_field drop = {kept, g_string_new_len(bytes + field->start, (gssize)(field->end - field->start))};

			g_array_append_val(dropped, drop);
		} else {
			append_kept(out, bytes, field, edits->subject, newline);
			kept++;
		}
	}
	for (guint i = 0; i < dropped->len; i++)
		g_array_index(dropped, struct dropped_field, i).after = kept - g_array_index(dropped, struct dropped_field, i).after;
	return dropped;
}

/* The new header up to its first kept field: lines before the fields (mbox), what is added, what is kept of removed fields. */
static void append_top(GString *out, const struct edits *edits, const GArray *dropped, const char *prefix, const char *newline, bool keep_dropped)
{
	append_adds(out, edits->adds, newline);
	if (keep_dropped && dropped->len > 0) {
		char *name = g_strconcat(prefix, "-Dropped", NULL);

		dropped_record(out, name, dropped, newline);
		g_free(name);
	}
}

GString *edits_apply(const struct edits *edits, const char *bytes, size_t length, size_t body, const char *prefix, bool keep_dropped)
{
	GArray *fields = fields_split(bytes, length, G_MAXSIZE, NULL), *dropped;
	GString *out, *kept;
	size_t top, bottom;

	if (fields->len == 0) {
		g_array_unref(fields);
		return g_string_new_len(bytes, (gssize)length);
	}
	top = g_array_index(fields, struct field, 0).start;
	bottom = g_array_index(fields, struct field, fields->len - 1).end;
	kept = g_string_new(NULL);
	dropped = sort_fields(kept, edits, bytes, fields, prefix);
	out = g_string_sized_new(length + inserted_length(edits) + 1);
	g_string_append_len(out, bytes, (gssize)top);
	append_top(out, edits, dropped, prefix, header_newline(bytes, fields), keep_dropped);
	g_string_append_len(out, kept->str, (gssize)kept->len);
	g_string_append_len(out, bytes + bottom, (gssize)(body - bottom));
	append_body(out, edits, bytes + body, length - body);
	g_string_free(kept, TRUE);
	g_array_unref(dropped);
	g_array_unref(fields);
	return out;
}
