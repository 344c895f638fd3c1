/* mail.c - the door to GMime: bytes in, a flat list of parts with decoded text and raw offsets out.
 *
 * GMime is quick on mail and slow on malice (tens of thousands of parts, deep nesting), so the bytes are bounded before it sees them.
 * Not here: what a part means for a bounce (bounce.c and the dialects), any change to a message (annotate.c).
 */
#include "mail.h"
#include "mail-limits.h"
#include "mail-repair.h"
#include "status.h"

#include <gmime/gmime.h>
#include <string.h>

/* GObject registers types on first use. Done here, by a message that has one part of each, it is over before there are threads. */
void mail_init(void)
{
	static const char sample[] = "Content-Type: multipart/report; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: message/rfc822\n\nTo: a@b\n\ntext\n--b--\n";

	g_mime_init();
	mail_free(mail_new(sample, sizeof sample - 1));
}

static enum mail_encoding encoding_of(GMimePart *part)
{
	switch (g_mime_part_get_content_encoding(part)) {
	case GMIME_CONTENT_ENCODING_DEFAULT:
	case GMIME_CONTENT_ENCODING_7BIT:
	case GMIME_CONTENT_ENCODING_8BIT:
	case GMIME_CONTENT_ENCODING_BINARY:
		return MAIL_ENCODING_IDENTITY;
	case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
		return MAIL_ENCODING_QUOTED_PRINTABLE;
	case GMIME_CONTENT_ENCODING_BASE64:
		return MAIL_ENCODING_BASE64;
	default:
		return MAIL_ENCODING_OTHER;
	}
}

static bool has_text(const char *type)
{
	return g_str_has_prefix(type, "text/") || g_str_has_prefix(type, "message/");
}

/* The content of a leaf: transfer encoding undone, at most limit bytes. *cut says that there was more. */
static GByteArray *read_content(GMimeDataWrapper *content, guint limit, bool *cut)
{
	GByteArray *bytes = g_byte_array_new();
	GMimeStream *memory = g_mime_stream_mem_new_with_byte_array(bytes);
	GMimeStream *raw = g_mime_data_wrapper_get_stream(content);
	GMimeStream *source = g_mime_stream_filter_new(raw);
	GMimeFilter *decode = g_mime_filter_basic_new(g_mime_data_wrapper_get_encoding(content), FALSE);
	char buffer[4096];
	ssize_t n;

	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(memory), FALSE);
	g_mime_stream_filter_add(GMIME_STREAM_FILTER(source), decode);
	g_mime_stream_reset(source);
	while (bytes->len < limit && (n = g_mime_stream_read(source, buffer, sizeof buffer)) > 0)
		g_byte_array_append(bytes, (const guint8 *)buffer, (guint)n);
	*cut = bytes->len >= limit;
	g_byte_array_set_size(bytes, MIN(bytes->len, limit));
	g_object_unref(decode);
	g_object_unref(source);
	g_object_unref(memory);
	return bytes;
}

static void set_type(struct mail_part *part, const char *type)
{
	g_free(part->type);
	part->type = g_strdup(type);
}

#define BEGINNING 2048u	/* bytes of a part by which it is known what it holds */

/* Gateways label what they do not know as they like: does a part that is said to be no text hold the fields of a delivery status? */
static bool holds_status(const struct mail_part *part, GMimeDataWrapper *content)
{
	GByteArray *bytes;
	bool cut, holds;

	if (part->parent < 0 || strcmp(part->type, "application/octet-stream") != 0)
		return false;
	bytes = read_content(content, BEGINNING, &cut);
	g_byte_array_append(bytes, (const guint8 *)"", 1);
	holds = status_is((const char *)bytes->data);
	g_byte_array_unref(bytes);
	return holds;
}

static void read_leaf(struct mail *mail, struct mail_part *part, GMimePart *leaf)
{
	GMimeDataWrapper *content = g_mime_part_get_content(leaf);
	GByteArray *bytes;
	bool cut = false;

	part->encoding = encoding_of(leaf);
	if (!content)
		return;
	part->start = (size_t)MAX(0, g_mime_data_wrapper_get_stream(content)->bound_start);
	part->end = (size_t)MAX(0, g_mime_data_wrapper_get_stream(content)->bound_end);
	if (part->end > mail->length || part->end < part->start)
		part->start = part->end = 0;
	if (!has_text(part->type) && !holds_status(part, content))
		return;
	bytes = read_content(content, g_str_has_prefix(part->type, "message/") ? MAIL_STATUS_LIMIT : MAIL_TEXT_LIMIT, &cut);
	part->text = mail_utf8((const char *)bytes->data, bytes->len, part->charset, &part->text_length);
	mail->truncated |= cut;
	if (part->parent >= 0 && (!g_str_has_prefix(part->type, "message/") || strstr(part->type, "status")) && status_is(part->text))
		set_type(part, "message/delivery-status");
	g_byte_array_unref(bytes);
}

static void describe(struct mail_part *part, GMimeObject *object)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	char *name = g_mime_content_type_get_mime_type(type);
	const char *charset = g_mime_content_type_get_parameter(type, "charset");
	const char *format = g_mime_content_type_get_parameter(type, "format");
	GMimeContentDisposition *disposition = g_mime_object_get_content_disposition(object);
	GMimeHeaderList *headers = g_mime_object_get_header_list(object);

	part->type = g_ascii_strdown(name, -1);
	part->charset = charset && *charset ? g_ascii_strdown(charset, -1) : NULL;
	part->flowed = format && g_ascii_strcasecmp(format, "flowed") == 0;
	part->attachment = disposition && g_mime_content_disposition_is_attachment(disposition);
	part->file = GMIME_IS_PART(object) ? g_strdup(g_mime_part_get_filename(GMIME_PART(object))) : NULL;
	part->header_start = headers && g_mime_header_list_get_count(headers) > 0
				     ? (size_t)MAX(0, g_mime_header_get_offset(g_mime_header_list_get_header_at(headers, 0)))
				     : 0;
	g_free(name);
}

/* The header of the enclosed message, up to the text limit, as text. */
static void read_enclosed_header(struct mail *mail, struct mail_part *part, GMimeMessage *message)
{
	char *header = g_mime_object_get_headers(GMIME_OBJECT(message), NULL);
	size_t length = header ? strlen(header) : 0;

	mail->truncated |= length > MAIL_TEXT_LIMIT;
	part->text = mail_utf8(header ? header : "", MIN(length, MAIL_TEXT_LIMIT), NULL, &part->text_length);
	g_free(header);
}

static void collect(struct mail *mail, GMimeObject *object, int parent, int depth, bool enclosed)
{
	struct mail_part part = {.parent = parent, .depth = depth, .enclosed = enclosed};
	int index = (int)mail->parts->len;

	describe(&part, object);
	if (GMIME_IS_MESSAGE_PART(object)) {
		GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));

		if (message)
			read_enclosed_header(mail, &part, message);
		g_array_append_val(mail->parts, part);
		if (message && g_mime_message_get_mime_part(message))
			collect(mail, g_mime_message_get_mime_part(message), index, depth + 1, true);
		return;
	}
	if (GMIME_IS_PART(object))
		read_leaf(mail, &part, GMIME_PART(object));
	g_array_append_val(mail->parts, part);
	if (GMIME_IS_MULTIPART(object))
		for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(object)); i++)
			collect(mail, g_mime_multipart_get_part(GMIME_MULTIPART(object), i), index, depth + 1, enclosed);
}

static void read_report_type(struct mail *mail, GMimeObject *top)
{
	GMimeContentType *type = g_mime_object_get_content_type(top);
	const char *report = g_mime_content_type_get_parameter(type, "report-type");

	if (report && g_mime_content_type_is_type(type, "multipart", "report"))
		mail->report_type = g_ascii_strdown(report, -1);
}

static void clear_part(gpointer data)
{
	struct mail_part *part = data;

	g_free(part->type);
	g_free(part->charset);
	g_free(part->text);
	g_free(part->file);
}

/* Broken boundaries leave multiparts without a part. What stands there is then read as text. */
static bool has_content(const struct mail *mail)
{
	for (guint i = 0; i < mail->parts->len; i++)
		if (!g_str_has_prefix(mail_part(mail, i)->type, "multipart/"))
			return true;
	return false;
}

/* For bytes that GMime finds nothing in: one text part that holds the body. */
static void collect_plain(struct mail *mail)
{
	struct mail_part part = {.type = g_strdup("text/plain"),
				 .parent = mail->parts->len > 0 ? 0 : -1,
				 .depth = mail->parts->len > 0,
				 .start = mail->body,
				 .end = mail->length};

	part.text = mail_utf8(mail->bytes + mail->body, MIN(mail->length - mail->body, MAIL_TEXT_LIMIT), NULL, &part.text_length);
	g_array_append_val(mail->parts, part);
}

/* GMime and fields_split() must agree where the body begins, else no offset can be trusted. */
static bool is_doubtful(const struct mail *mail)
{
	const struct mail_part *top = mail_part(mail, 0);
	bool leaf = mail->parts->len == 1 && top->end > 0;

	return leaf ? top->start != mail->body
		    : mail->parts->len > 1 && mail_part(mail, 1)->header_start > 0 && mail_part(mail, 1)->header_start < mail->body;
}

static void parse(struct mail *mail, const char *bytes, size_t skip, size_t length)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, length);
	GMimeParser *parser;
	GMimeMessage *message;

	g_mime_stream_seek(stream, (gint64)skip, GMIME_STREAM_SEEK_SET);
	parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_persist_stream(parser, TRUE);
	message = g_mime_parser_construct_message(parser, NULL);
	if (message && g_mime_message_get_mime_part(message)) {
		read_report_type(mail, g_mime_message_get_mime_part(message));
		collect(mail, g_mime_message_get_mime_part(message), -1, 0, false);
	}
	if (message)
		g_object_unref(message);
	g_object_unref(parser);
	g_object_unref(stream);
}

/* A text that is none, but the parts of a message whose header has lost their boundary, or names another: reads the parts. No offset of theirs is known. */
static void repair(struct mail *mail)
{
	const struct mail_part *top = mail_part(mail, 0);
	bool text = mail->parts->len == 1 && strcmp(top->type, "text/plain") == 0 && top->encoding == MAIL_ENCODING_IDENTITY;
	GString *bytes = text || !has_content(mail) ? mail_with_boundary(mail->bytes + mail->body, mail->length - mail->body) : NULL;
	char *type = bytes && top && !text ? g_strdup(top->type) : NULL;

	if (!bytes)
		return;
	g_array_set_size(mail->parts, 0);
	parse(mail, bytes->str, 0, mail_safe_length(bytes->str, bytes->len));
	for (guint i = 0; i < mail->parts->len; i++) {
		struct mail_part *part = &g_array_index(mail->parts, struct mail_part, i);

		part->start = part->end = part->header_start = 0;
	}
	if (type && mail->parts->len > 0)
		set_type(&g_array_index(mail->parts, struct mail_part, 0), type);
	mail->doubtful = true;
	g_free(type);
	g_string_free(bytes, TRUE);
}

struct mail *mail_new(const char *bytes, size_t length)
{
	struct mail *mail = g_new0(struct mail, 1);
	size_t safe;

	/* Nothing may come as a null pointer, on which C allows no arithmetic. */
	bytes = bytes ? bytes : "";
	safe = mail_safe_length(bytes, length);

	mail->bytes = bytes;
	mail->length = length;
	mail->truncated = safe < length;
	mail->fields = fields_split(bytes, length, FIELDS_LIMIT, &mail->body);
	mail->parts = g_array_new(FALSE, FALSE, sizeof(struct mail_part));
	g_array_set_clear_func(mail->parts, clear_part);
	mail->decoded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (safe > 0)
		parse(mail, bytes, mail->fields->len ? g_array_index(mail->fields, struct field, 0).start : 0, safe);
	mail->doubtful = is_doubtful(mail);
	repair(mail);
	if (!has_content(mail)) {
		mail->doubtful |= mail->parts->len > 0;
		collect_plain(mail);
	}
	return mail;
}

void mail_free(struct mail *mail)
{
	if (!mail)
		return;
	g_array_unref(mail->fields);
	g_array_unref(mail->parts);
	g_hash_table_unref(mail->decoded);
	g_free(mail->report_type);
	g_free(mail);
}

char *mail_decode_words(const char *text)
{
	char *decoded = g_mime_utils_header_decode_text(NULL, text);
	char *valid = g_utf8_make_valid(decoded ? decoded : "", -1);

	g_free(decoded);
	return valid;
}

const char *mail_field(const struct mail *mail, const char *name)
{
	const struct field *field;
	char *key = g_ascii_strdown(name, -1), *known, *value;

	known = g_hash_table_lookup(mail->decoded, key);
	field = known ? NULL : fields_find(mail->fields, name);
	if (known || !field) {
		g_free(key);
		return known;
	}
	value = field_value(field);
	if (strlen(value) > MAIL_FIELD_LIMIT)
		value[MAIL_FIELD_LIMIT] = '\0';
	known = mail_decode_words(value);
	g_free(value);
	g_hash_table_insert(mail->decoded, key, known);
	return known;
}

char *mail_lower_field(const GArray *fields, const char *name)
{
	const struct field *field = fields_find(fields, name);
	char *value = field ? field_value(field) : g_strdup(""), *decoded, *lower;

	if (strlen(value) > MAIL_FIELD_LIMIT)
		value[MAIL_FIELD_LIMIT] = '\0';
	decoded = strstr(value, "=?") ? mail_decode_words(value) : g_utf8_make_valid(value, -1);
	lower = g_utf8_strdown(decoded, -1);
	g_free(value);
	g_free(decoded);
	return lower;
}

char *mail_date(const char *value)
{
	GDateTime *date = g_mime_utils_header_decode_date(value);
	char *text;

	if (!date)
		return NULL;
	text = g_date_time_format(date, g_date_time_get_utc_offset(date) == 0 ? "%Y-%m-%d %H:%M (UTC)" : "%Y-%m-%d %H:%M (UTC%:z)");
	g_date_time_unref(date);
	return text;
}

char *mail_address(const char *value)
{
	InternetAddressList *list;
	char *address = NULL;

	if (!value || !mail_value_is_safe(value))
		return NULL;
	if (strstr(value, "<>"))
		return g_strdup("");
	list = internet_address_list_parse(NULL, value);
	for (int i = 0; list && !address && i < internet_address_list_length(list); i++) {
		InternetAddress *entry = internet_address_list_get_address(list, i);

		if (INTERNET_ADDRESS_IS_MAILBOX(entry))
			address = g_strdup(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(entry)));
	}
	if (list)
		g_object_unref(list);
	return address;
}

const struct mail_part *mail_find_part(const struct mail *mail, const char *type)
{
	for (guint i = 0; i < mail->parts->len; i++)
		if (!mail_part(mail, i)->enclosed && strcmp(mail_part(mail, i)->type, type) == 0)
			return mail_part(mail, i);
	return NULL;
}

GArray *mail_enclosed_fields(const struct mail *mail)
{
	const struct mail_part *part = mail_find_part(mail, "message/rfc822");

	return part && part->text ? fields_split(part->text, part->text_length, FIELDS_LIMIT, NULL) : NULL;
}
