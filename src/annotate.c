/* annotate.c - decides what is changed in a message: which fields it gets, whether its body may be touched, and which of its parts.
 *
 * Where anything speaks against an edit of the body the message gets its fields and the reason why, nothing more. Not here: how the edits are
 * applied (edits.c, the milter), how bytes are written into a part (block.c).
 */
#include "annotate.h"

#include "block.h"
#include "edits-record.h"
#include "mta.h"
#include "subject.h"

#include <string.h>

struct obstacle {
	const char *what, *why;
};

/* Types whose content is signed or hidden as a whole (RFC 1847, 3156, 8551). */
static const struct obstacle sealed_types[] = {
	{"multipart/signed", "signed"},
	{"multipart/encrypted", "encrypted"},
	{"application/pgp-encrypted", "encrypted"},
	{"application/pgp-signature", "signed"},
	{"application/pkcs7-mime", "s/mime"},
	{"application/x-pkcs7-mime", "s/mime"},
	{"application/pkcs7-signature", "s/mime"},
	{"application/x-pkcs7-signature", "s/mime"},
};

/* Fields that sign the body. */
static const struct obstacle sealing_fields[] = {
	{"DKIM-Signature", "dkim-signed"},
	{"DomainKey-Signature", "dkim-signed"},
	{"ARC-Message-Signature", "arc-signed"},
	{"ARC-Seal", "arc-signed"},
};

static const char *sealed_by_type(const struct mail *mail)
{
	for (guint i = 0; i < mail->parts->len; i++)
		for (size_t j = 0; j < G_N_ELEMENTS(sealed_types); j++)
			if (!mail_part(mail, i)->enclosed && strcmp(mail_part(mail, i)->type, sealed_types[j].what) == 0)
				return sealed_types[j].why;
	return NULL;
}

static const char *sealed_by_field(const struct mail *mail)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sealing_fields); i++)
		if (fields_find(mail->fields, sealing_fields[i].what))
			return sealing_fields[i].why;
	return NULL;
}

/* For a mail that is as it came, of which no original is needed. */
static struct earlier_edits read_earlier(const struct mail *mail, const char *prefix)
{
	char *name = g_strconcat(prefix, "-Edits", NULL);
	const struct field *field = fields_find(mail->fields, name), *subject = field ? fields_find(mail->fields, "Subject") : NULL;
	struct earlier_edits earlier = {.record = field ? field_value(field) : NULL};

	if (field)
		earlier.body = edits_record_proves(earlier.record, EDITS_RECORD_BODY, mail->bytes + mail->body, mail->length - mail->body);
	if (subject)
		earlier.subject = edits_record_proves(earlier.record, EDITS_RECORD_SUBJECT, subject->value, subject_length(subject));
	g_free(name);
	return earlier;
}

/* Why the body must stay as it is; NULL where nothing speaks against an edit. */
static const char *find_obstacle(const struct mail *mail, const struct earlier_edits *earlier, const struct annotate_options *options)
{
	const char *why;

	if (options->body_refused)
		return options->body_refused;
	if (options->truncated)	/* what mail.c left unread does not matter: the places to insert lie before it */
		return "truncated";
	if (mail->doubtful || mail->fields->len >= FIELDS_LIMIT)	/* what is not read may be a signature */
		return "doubtful";
	why = sealed_by_type(mail);
	if (!why && !options->dkim_signed)
		why = sealed_by_field(mail);
	if (!why && earlier->body)
		why = "already-explained";
	return why;
}

/* A reader sees what stands at the head; and what the record has to prove reaches as far as the insertion (edits-record.h). */
#define TEXT_START_LIMIT (EDITS_RECORD_HASHED / 2)

static bool is_shown_text(const struct mail *mail, const struct mail_part *part)
{
	bool text = strcmp(part->type, "text/plain") == 0 || strcmp(part->type, "text/html") == 0;

	return text && !part->enclosed && !part->attachment && part->start >= mail->body && part->start - mail->body < TEXT_START_LIMIT &&
	       part->start < part->end && part->start > 0 && mail->bytes[part->start - 1] == '\n';
}

static bool has_type(const struct mail *mail, const GArray *texts, const char *type)
{
	for (guint i = 0; i < texts->len; i++)
		if (strcmp(mail_part(mail, g_array_index(texts, guint, i))->type, type) == 0)
			return true;
	return false;
}

/* The parts of that container which a reader sees first, in order: plain text and HTML of an alternative, else the first text. Adds their indexes to texts. */
static void find_texts(const struct mail *mail, guint index, GArray *texts)
{
	const struct mail_part *part = mail_part(mail, index);
	bool alternative = strcmp(part->type, "multipart/alternative") == 0, report = strcmp(part->type, "multipart/report") == 0;
	guint before = texts->len;

	if (is_shown_text(mail, part) && !has_type(mail, texts, part->type))
		g_array_append_val(texts, index);
	if (!g_str_has_prefix(part->type, "multipart/"))
		return;
	for (guint i = index + 1; i < mail->parts->len; i++) {
		if (mail_part(mail, i)->parent != (int)index)
			continue;
		find_texts(mail, i, texts);
		if (report || (!alternative && texts->len > before))
			return;
	}
}

/* Signed or encrypted text between lines of dashes (RFC 4880 section 6.2). */
static bool is_pgp(const struct mail_part *part)
{
	return part->text && (g_str_has_prefix(part->text, "-----BEGIN PGP ") || strstr(part->text, "\n-----BEGIN PGP "));
}

/* Text that is for programs alone, which a word of ours would break: JSON, as Amazon SNS sends it. */
static bool is_json(const struct mail_part *part)
{
	const char *text = part->text ? part->text + strspn(part->text, " \t\r\n") : "";

	return *text == '{' && text[1 + strspn(text + 1, " \t\r\n")] == '"';
}

static char *make_block(struct card *card, bool html)
{
	GString *block = g_string_new(NULL);

	if (html)
		render_html_block(block, card);
	else
		render_text_block(block, card);
	return g_string_free(block, FALSE);
}

/* Adds the insertion for one part; returns why it cannot be, or NULL. */
static const char *insert(struct edits *edits, struct card *card, const struct mail *mail, const struct mail_part *part)
{
	struct edit_insertion insertion = {0, NULL, 0};
	const char *why = part->encoding == MAIL_ENCODING_OTHER ? "encoding" : is_pgp(part) ? "pgp" : is_json(part) ? "json" : NULL;
	char *block;

	if (why)
		return why;
	block = make_block(card, strcmp(part->type, "text/html") == 0);
	why = block_insertion(mail, part, block, card->report->language, &insertion);
	g_free(block);
	if (why)
		return why;
	insertion.offset -= mail->body;
	g_array_append_val(edits->insertions, insertion);
	return NULL;
}

/* Adds the insertions for all of them or for none; returns why, or NULL. */
static const char *insert_blocks(struct edits *edits, struct card *card, const struct mail *mail)
{
	GArray *texts = g_array_new(FALSE, FALSE, sizeof(guint));
	const char *why;

	find_texts(mail, 0, texts);
	why = texts->len == 0 ? "no-text" : NULL;
	for (guint i = 0; i < texts->len && !why; i++)
		why = insert(edits, card, mail, mail_part(mail, g_array_index(texts, guint, i)));
	if (why)
		g_array_set_size(edits->insertions, 0);
	g_array_unref(texts);
	return why;
}

/* Would the MTA damage the new body? Takes the insertions back then. */
static const char *find_damage(struct edits *edits, const struct mail *mail, const struct annotate_options *options)
{
	GString *body;
	bool damaged;

	if (!options->long_lines_damaged || edits->insertions->len == 0)
		return NULL;
	body = edits_apply_body(edits, mail->bytes + mail->body, mail->length - mail->body);
	damaged = mta_has_long_line(body->str, body->len);
	if (damaged)
		g_array_set_size(edits->insertions, 0);
	g_string_free(body, TRUE);
	return damaged ? "mta-version" : NULL;
}

/* Where the reader's language cannot be written (Japanese in US-ASCII), English is better than nothing; most reports are English themselves. */
static const char *insert_in_english(struct edits *edits, const struct card *card, const struct mail *mail)
{
	struct report *report = report_translate(card->report, NULL);
	struct card *english = card_new(report, card->recipients, card->host);
	const char *why = insert_blocks(edits, english, mail);

	card_free(english);
	report_free(report);
	return why;
}

/* The tag in the subject, unless the message is signed or has one already. A body that is too long says nothing against it. */
static void tag_subject(struct edits *edits, const struct report *report, const struct mail *mail, const struct earlier_edits *earlier, const struct annotate_options *options)
{
	char *text;

	if (!options->subject_tag || !*options->subject_tag || sealed_by_type(mail) || (!options->dkim_signed && sealed_by_field(mail)) || mail->fields->len >= FIELDS_LIMIT)
		return;
	if (earlier->subject)
		return;
	text = subject_tag_text(report, options->subject_tag);
	subject_edit(edits, mail, text);
	g_free(text);
}

/* The field that lets strip restore the message: of each part what was inserted here, else what another host inserted and is to be kept. */
static void add_record(struct edits *edits, const struct mail *mail, const struct earlier_edits *earlier, const struct annotate_options *options)
{
	const struct field *subject = fields_find(mail->fields, "Subject");
	char *name = g_strconcat(options->prefix, "-Edits", NULL);
	GString *record = g_string_new(NULL);

	if (edits->insertions->len > 0)
		edits_record_add(record, EDITS_RECORD_BODY, edits->insertions, mail->bytes + mail->body, mail->length - mail->body);
	else if (options->keep_record && earlier->body)
		edits_record_keep(record, EDITS_RECORD_BODY, earlier->record);
	if (edits->subject && edits->subject->insertions->len > 0)
		edits_record_add(record, EDITS_RECORD_SUBJECT, edits->subject->insertions, subject->value, subject_length(subject));
	else if (options->keep_record && earlier->subject)
		edits_record_keep(record, EDITS_RECORD_SUBJECT, earlier->record);
	if (record->len > 0)
		g_ptr_array_add(edits->adds, render_field_new(name, record->str));
	g_string_free(record, TRUE);
	g_free(name);
}

/* Adds what the body gets; returns why that is nothing, or NULL. */
static const char *annotate_body(struct edits *edits, struct card *card, const struct mail *mail, const struct earlier_edits *earlier, const struct annotate_options *options)
{
	const char *why = find_obstacle(mail, earlier, options);

	if (!why)
		why = insert_blocks(edits, card, mail);
	if (g_strcmp0(why, "charset") == 0 && card->report->language)
		why = insert_in_english(edits, card, mail);
	return why ? why : find_damage(edits, mail, options);
}

void annotate(struct edits *edits, const struct report *report, const struct mail *mail, const struct annotate_options *options)
{
	struct earlier_edits own = {.record = NULL};
	const struct earlier_edits *earlier = options->earlier ? options->earlier : &own;
	struct card *card;
	const char *why;

	if (!report_has_news(report) || mail->fields->len == 0)
		return;
	g_free(edits->annotated);
	if (options->withheld) {
		edits->annotated = g_strdup_printf("none (%s)", options->withheld);
		return;
	}
	if (!options->earlier)
		own = read_earlier(mail, options->prefix);
	card = card_new(report, options->recipients, options->host);
	why = options->body ? annotate_body(edits, card, mail, earlier, options) : NULL;
	if (!options->body)
		edits->annotated = g_strdup("headers");
	else
		edits->annotated = why ? g_strdup_printf("headers (%s)", why) : g_strdup("headers+body");
	g_ptr_array_unref(edits->adds);
	edits->adds = render_fields(card, options->prefix, edits->annotated);
	card_free(card);
	tag_subject(edits, report, mail, earlier, options);
	add_record(edits, mail, earlier, options);
	earlier_edits_clear(&own);
}
