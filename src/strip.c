/* strip.c - takes an annotation off again: the fields of the namespace, what the field -Edits proves to be inserted, and what -Dropped kept.
 *
 * Works on what a mailbox gives back, whoever wrote it: a field may be forged, so nothing is cut out of a body without its hash. Not here: how those fields are
 * written (edits-record.c).
 */
#include "annotate.h"

#include "edits-record.h"
#include "subject.h"

#include <string.h>

static const struct field *find(const GArray *fields, const char *prefix, const char *suffix)
{
	char *name = g_strconcat(prefix, suffix, NULL);
	const struct field *field = fields_find(fields, name);

	g_free(name);
	return field;
}

static const char *newline_of(const struct field *field)
{
	return field->value_length >= 2 && field->value[field->value_length - 2] == '\r' ? "\r\n" : "\n";
}

static GArray *read_dropped(const GArray *fields, const char *prefix)
{
	const struct field *field = find(fields, prefix, "-Dropped");
	GArray *dropped;
	char *value;

	if (!field)
		return dropped_array_new();
	value = field_value(field);
	dropped = dropped_read(value, newline_of(field));
	g_free(value);
	return dropped;
}

/* Puts back what stood above the last `after` fields, from number *next on. */
static void put_back(GString *out, const GArray *dropped, guint *next, size_t after)
{
	for (; *next < dropped->len && g_array_index(dropped, struct dropped_field, *next).after >= after; ++*next) {
		const GString *raw = g_array_index(dropped, struct dropped_field, *next).raw;

		g_string_append_len(out, raw->str, (gssize)raw->len);
	}
}

/* The subject without its tag. NULL where no record proves one; *intact: false where a record speaks of one in vain. The caller frees it. */
static GString *untagged(const GArray *fields, const char *record, bool *intact)
{
	const struct field *subject = fields_find(fields, "Subject");
	GString *original = subject && record ? edits_record_cut(record, EDITS_RECORD_SUBJECT, subject->value, subject_length(subject)) : NULL;

	*intact = original || !record || !edits_record_has(record, EDITS_RECORD_SUBJECT);
	if (original) {
		g_string_prepend_len(original, subject->name, (gssize)(subject->value - subject->name));
		g_string_append_len(original, subject->value + subject_length(subject), (gssize)(subject->value_length - subject_length(subject)));
	}
	return original;
}

static void strip_fields(GString *out, const char *bytes, const GArray *fields, const char *prefix, const char *record, bool *intact)
{
	const struct field *tagged = fields_find(fields, "Subject");
	GString *subject = untagged(fields, record, intact);
	GArray *dropped = read_dropped(fields, prefix);
	size_t after = 0;
	guint next = 0;

	for (guint i = 0; i < fields->len; i++)
		after += !in_namespace(g_array_index(fields, struct field, i).name, g_array_index(fields, struct field, i).name_length, prefix);
	for (guint i = 0; i < fields->len; i++) {
		const struct field *field = &g_array_index(fields, struct field, i);

		if (in_namespace(field->name, field->name_length, prefix))
			continue;
		put_back(out, dropped, &next, after--);
		if (subject && field == tagged)
			g_string_append_len(out, subject->str, (gssize)subject->len);
		else
			g_string_append_len(out, bytes + field->start, (gssize)(field->end - field->start));
	}
	put_back(out, dropped, &next, 0);
	g_array_unref(dropped);
	if (subject)
		g_string_free(subject, TRUE);
}

/* The body without its insertions, or as it is. */
static void strip_body(GString *out, const char *record, const char *body, size_t length, bool *intact)
{
	bool original = record && edits_record_restore(out, record, EDITS_RECORD_BODY, body, length);

	/* A record of neither part is garbage. */
	*intact = original || !record || (!edits_record_has(record, EDITS_RECORD_BODY) && edits_record_has(record, EDITS_RECORD_SUBJECT));
	if (!original)
		g_string_append_len(out, body, (gssize)length);
}

static GString *strip(const char *bytes, size_t length, const char *prefix, struct earlier_edits *earlier, bool *intact)
{
	size_t body = 0, bottom;
	GArray *fields = fields_split(bytes, length, G_MAXSIZE, &body);
	GString *out = g_string_sized_new(length + 1);
	const struct field *field = find(fields, prefix, "-Edits");
	char *record = field ? field_value(field) : NULL;
	bool subject_intact = true, body_intact = true;

	if (fields->len == 0) {
		g_string_append_len(out, bytes, (gssize)length);
	} else {
		bottom = g_array_index(fields, struct field, fields->len - 1).end;
		g_string_append_len(out, bytes, (gssize)g_array_index(fields, struct field, 0).start);
		strip_fields(out, bytes, fields, prefix, record, &subject_intact);
		g_string_append_len(out, bytes + bottom, (gssize)(body - bottom));
		earlier->start = out->len;
		strip_body(out, record, bytes + body, length - body, &body_intact);
	}
	g_array_unref(fields);
	*intact = subject_intact && body_intact;
	earlier->record = record;
	earlier->body = record && body_intact && edits_record_has(record, EDITS_RECORD_BODY);
	earlier->subject = record && subject_intact && edits_record_has(record, EDITS_RECORD_SUBJECT);
	return out;
}

GString *annotation_strip(const char *bytes, size_t length, const char *prefix, bool *intact)
{
	struct earlier_edits earlier = {.record = NULL};
	bool whole;
	GString *out = strip(bytes, length, prefix, &earlier, &whole);

	if (intact)
		*intact = whole;
	g_free(earlier.record);
	return out;
}

static bool has_record(const char *bytes, size_t length, const char *prefix)
{
	GArray *fields = fields_split(bytes, length, FIELDS_LIMIT, NULL);
	bool has = find(fields, prefix, "-Edits") != NULL;

	g_array_unref(fields);
	return has;
}

struct earlier_edits earlier_edits_read(const char *bytes, size_t length, const char *prefix)
{
	struct earlier_edits earlier = {.record = NULL};
	bool intact;

	if (!has_record(bytes, length, prefix))
		return earlier;
	earlier.original = strip(bytes, length, prefix, &earlier, &intact);
	if (!earlier.body && !earlier.subject) {	/* a record may be forged: what it does not prove changes nothing */
		g_string_free(earlier.original, TRUE);
		earlier.original = NULL;
	}
	return earlier;
}

void earlier_edits_clear(struct earlier_edits *earlier)
{
	if (earlier->original)
		g_string_free(earlier->original, TRUE);
	g_free(earlier->record);
}

struct report *explain_original(const struct mail *mail, const char *sender, const struct explain_options *options, const char *prefix)
{
	struct earlier_edits earlier = earlier_edits_read(mail->bytes, mail->length, prefix);
	struct mail *original = earlier.original ? mail_new(earlier.original->str, earlier.original->len) : NULL;
	struct report *report = explain_mail(original ? original : mail, sender, options);

	mail_free(original);
	earlier_edits_clear(&earlier);
	return report;
}
