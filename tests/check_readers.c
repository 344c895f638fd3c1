/* check_readers.c - what a mail program on GMime sees of an annotated message: the same parts in the same order, none more, and all but the texts that the
 * explanation stands in byte for byte. Not by way of mail.c, which is tested here too. Cases: every message of tests/ and of the shared corpus where it is present. */
#include "annotate.h"
#include "suite.h"

#include <gmime/gmime.h>
#include <string.h>

static struct catalogue *catalogue;
static GPtrArray *paths;

static const struct annotate_options options = {.prefix = "X-SMTP-Explain", .host = "mx1.example.com", .body = true, .recipients = 10};

/* As the milter would deliver it, if the message were a bounce with this reply; *explained: the body has the explanation. */
static GString *annotated(const char *bytes, gsize length, bool *explained)
{
	struct explain_options explain = {.catalogue = catalogue};
	struct report *report = explain_reply("550 5.1.1 <bob@example.net>: Empf\303\244nger unbekannt", &explain);
	struct mail *mail = mail_new(bytes, length);
	struct edits *edits = edits_new();
	GString *out;

	report->bounce->kind = KIND_BOUNCE;
	annotate(edits, report, mail, &options);
	*explained = edits->insertions->len > 0;
	out = edits_apply(edits, bytes, length, mail->body, options.prefix, false);
	edits_free(edits);
	report_free(report);
	mail_free(mail);
	return out;
}

static void add_content(GString *outline, GMimeObject *object)
{
	GMimeDataWrapper *content = GMIME_IS_PART(object) ? g_mime_part_get_content(GMIME_PART(object)) : NULL;
	GMimeStream *memory = g_mime_stream_mem_new();
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
	char *hash;

	if (content)
		g_mime_data_wrapper_write_to_stream(content, memory);
	hash = g_compute_checksum_for_data(G_CHECKSUM_MD5, bytes->data, bytes->len);
	g_string_append_printf(outline, " %u %s", bytes->len, hash);
	g_free(hash);
	g_object_unref(memory);
}

static void add_part(GString *outline, GMimeObject *object, int depth, bool enclosed)
{
	char *type = object ? g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object)) : g_strdup("-");
	const char *disposition = object ? g_mime_object_get_disposition(object) : NULL;

	g_string_append_printf(outline, "%*s%s %s", depth, "", type, disposition ? disposition : "shown");
	if (GMIME_IS_PART(object) && (enclosed || (g_ascii_strcasecmp(type, "text/plain") != 0 && g_ascii_strcasecmp(type, "text/html") != 0)))
		add_content(outline, object);
	g_string_append_c(outline, '\n');
	if (GMIME_IS_MULTIPART(object))
		for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(object)); i++)
			add_part(outline, g_mime_multipart_get_part(GMIME_MULTIPART(object), i), depth + 1, enclosed);
	if (GMIME_IS_MESSAGE_PART(object)) {
		GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));

		add_part(outline, message ? g_mime_message_get_mime_part(message) : NULL, depth + 1, true);
	}
	g_free(type);
}

/* One line a part: type, disposition and, where nothing of ours may be, length and hash of its decoded content. */
static GString *outline_of(const char *bytes, gsize length)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, length);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	GString *outline = g_string_new(NULL);

	if (message) {
		add_part(outline, g_mime_message_get_mime_part(message), 0, false);
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(stream);
	return outline;
}

#define CHUNK 40

START_TEST(parts_are_the_same)
{
	guint edited = 0;

	for (guint i = (guint)_i * CHUNK; i < paths->len && i < (guint)(_i + 1) * CHUNK; i++) {
		const char *path = g_ptr_array_index(paths, i);
		char *bytes = NULL;
		gsize length = 0;
		bool explained = false;
		GString *with, *before, *after;

		ck_assert_msg(g_file_get_contents(path, &bytes, &length, NULL), "cannot read %s", path);
		with = annotated(bytes, length, &explained);
		before = outline_of(bytes, length);
		after = outline_of(with->str, with->len);
		ck_assert_msg(g_string_equal(before, after), "%s:\n%s\ninstead of\n%s", path, after->str, before->str);
		edited += explained;
		g_string_free(after, TRUE);
		g_string_free(before, TRUE);
		g_string_free(with, TRUE);
		g_free(bytes);
	}
	ck_assert_uint_gt(edited, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("readers");
	TCase *tests = tcase_create("readers");
	int status;

	mail_init();
	catalogue = catalogue_load(NULL, NULL);
	paths = suite_messages();
	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, parts_are_the_same, 0, (int)(paths->len + CHUNK - 1) / CHUNK);
	suite_add_tcase(suite, tests);
	status = run_suite(suite);
	g_ptr_array_unref(paths);
	catalogue_unref(catalogue);
	return status;
}
