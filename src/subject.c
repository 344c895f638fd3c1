/* subject.c - makes the tag and the insertion for a subject.
 *
 * An insertion only, as in a body: the record of it and its hash give the subject back byte for byte. Not here: whether a report gets a tag (annotate.c).
 */
#include "subject.h"

#include "card.h"
#include "text.h"

#include <string.h>

#define COLUMNS 78u		/* RFC 5322 section 2.1.1 */
#define TAG_LIMIT 200u		/* bytes of a tag before it is encoded */

static const char *const names[] = {"title", "reason", "kind", "owner"};

char *subject_tag_wrong(const char *tag)
{
	for (const char *brace = strchr(tag, '{'); brace; brace = strchr(brace + 1, '{')) {
		size_t length = strcspn(brace + 1, "}");
		bool known = false;

		for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
			known |= brace[1 + length] == '}' && strlen(names[i]) == length && strncmp(brace + 1, names[i], length) == 0;
		if (!known)
			return g_strndup(brace + 1, length);
	}
	return NULL;
}

/* The first recipient that the reader is told about. */
static const struct explanation *first_news(const struct report *report)
{
	for (guint i = 0; i < report->explanations->len; i++)
		if (explanation_is_news(&g_array_index(report->explanations, struct explanation, i)))
			return &g_array_index(report->explanations, struct explanation, i);
	return NULL;
}

static const char *title_of(const struct report *report, const struct explanation *explanation)
{
	char *id = g_strconcat("reason.", explanation->reason, NULL);
	const struct catalogue_entry *entry = catalogue_get(report->catalogue, id);

	g_free(id);
	return entry ? entry_text(entry, "title", report->language) : NULL;
}

char *subject_tag_text(const struct report *report, const char *tag)
{
	const struct explanation *explanation = first_news(report);
	struct text_variable variables[G_N_ELEMENTS(names)] = {
		{.name = names[0], .value = title_of(report, explanation)},
		{.name = names[1], .value = explanation->reason},
		{.name = names[2], .value = kind_word(report->bounce->kind)},
		{.name = names[3], .value = explanation->owner},
	};
	char *expanded = text_expand(tag, variables, G_N_ELEMENTS(variables)), *text = card_text(expanded, TAG_LIMIT);
	struct render_field *field = render_field_new("Subject", text);
	/* A reader drops the blank between two encoded words: this one shows a blank of its own. */
	char *ascii = g_strconcat(field->value, g_str_has_suffix(field->value, "?=") ? " =?utf-8?q?_?= " : " ", NULL);

	render_field_free(field);
	g_free(text);
	g_free(expanded);
	return ascii;
}

size_t subject_length(const struct field *field)
{
	size_t length = field->value_length;

	length -= length > 0 && field->value[length - 1] == '\n';
	length -= length > 0 && length < field->value_length && field->value[length - 1] == '\r';
	return length;
}

/* Will it come back as it is when the MTA gets it again? Line ends are all alike in a header, so CRLF counts as LF. */
static bool is_returnable(const struct field *field, size_t length)
{
	size_t blanks = 0;

	if (length == 0 || length > SUBJECT_VALUE_LIMIT || (*field->value != ' ' && *field->value != '\t') || field->name[field->name_length] != ':')
		return false;
	for (size_t i = 0; i < length; i++) {
		char c = field->value[i];

		if (c == '\0' || (c == '\r' && !(i + 1 < length && field->value[i + 1] == '\n')))
			return false;
		blanks += g_ascii_isspace(c);
	}
	return blanks < length;
}

/* The tag and what follows it on the first line in 78 columns, or the rest on a line of its own. */
static char *inserted_bytes(const struct field *field, size_t length, const char *text)
{
	const char *last = strrchr(text, '\n');
	size_t column = last ? strlen(last + 1) : field->name_length + 2 + strlen(text);
	size_t rest = 0;

	while (1 + rest < length && field->value[1 + rest] != '\n')
		rest++;
	if (column + rest <= COLUMNS || length < 2 || g_ascii_isspace(field->value[1]))
		return g_strdup(text);
	return g_strdup_printf("%.*s\n ", (int)strlen(text) - 1, text);
}

static char *with_newlines(const char *value, size_t length)
{
	char *copy = g_strndup(value, length), **lines = g_strsplit(copy, "\r\n", -1), *joined = g_strjoinv("\n", lines);

	g_strfreev(lines);
	g_free(copy);
	return joined;
}

void subject_edit(struct edits *edits, const struct mail *mail, const char *text)
{
	const struct field *field = fields_find(mail->fields, "Subject");
	size_t length = field ? subject_length(field) : 0;
	struct edit_insertion insertion = {.offset = 1};
	char *value;

	if (!field || !is_returnable(field, length))
		return;
	insertion.bytes = inserted_bytes(field, length, text);
	insertion.length = strlen(insertion.bytes);
	edits->subject = g_new0(struct edit_subject, 1);
	edits->subject->name = g_strndup(field->name, field->name_length);
	edits->subject->start = field->start;
	edits->subject->insertions = edits_insertions_new();
	g_array_append_val(edits->subject->insertions, insertion);
	value = with_newlines(field->value, length);
	edits->subject->value = g_strdup_printf("%c%s%s", *value, insertion.bytes, value + 1);
	g_free(value);
}
