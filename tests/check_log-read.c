/* check_log-read.c - files of every kind give the lines that are in them: plain, gzip whole and broken, journal export, lines too long, files that are not there. */
#include "log-read.h"
#include "log-source.h"
#include "suite.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define EVENT "Jan 10 12:34:56 mx1 smtp-explain[812]: X: kind=bounce reason="

static char *folder;

/* Reasons of the events, "!" for a damaged line, "-" for a notice. */
static void print_record(const struct log_record *record, void *data)
{
	GString *out = data;

	g_string_append_printf(out, "%s%s", out->len ? " " : "", record->sort == LOG_EVENT ? record->value[LOG_REASON] : record->sort == LOG_DAMAGED ? "!" : "-");
}

static char *read_path(const char *path, char **problem, guint64 *lines)
{
	GString *out = g_string_new(NULL);
	struct log_reading reading = {.ident = "smtp-explain", .now = 1769904000, .visit = print_record, .data = out};
	GError *error = NULL;
	bool good = log_read(&reading, path, &error);

	ck_assert(good == (error == NULL));
	*problem = error ? g_strdup(error->message) : NULL;
	*lines = reading.lines;
	g_clear_error(&error);
	return g_string_free(out, FALSE);
}

static void check_bytes(const char *bytes, size_t length, const char *wanted, const char *wanted_problem, guint64 wanted_lines)
{
	char *path = g_build_filename(folder, "log", NULL), *problem, *got;
	guint64 lines;

	ck_assert(g_file_set_contents(path, bytes, (gssize)length, NULL));
	got = read_path(path, &problem, &lines);
	ck_assert_str_eq(got, wanted);
	ck_assert_uint_eq(lines, wanted_lines);
	if (wanted_problem) {
		ck_assert(problem && g_str_has_prefix(problem, path));
		ck_assert_msg(strstr(problem, wanted_problem) != NULL, "%s", problem);
	} else {
		ck_assert_msg(!problem, "%s", problem);
	}
	g_unlink(path);
	g_free(got);
	g_free(problem);
	g_free(path);
}

static void check_text(const char *text, const char *wanted, guint64 lines)
{
	check_bytes(text, strlen(text), wanted, NULL, lines);
}

static GByteArray *gzip(const char *bytes, size_t length)
{
	GConverter *compressor = G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
	GByteArray *out = g_byte_array_new();
	gsize taken, given = 0;

	g_byte_array_set_size(out, (guint)length + 1000);
	ck_assert_int_eq(g_converter_convert(compressor, bytes, length, out->data, out->len, G_CONVERTER_INPUT_AT_END, &taken, &given, NULL), G_CONVERTER_FINISHED);
	g_byte_array_set_size(out, (guint)given);
	g_object_unref(compressor);
	return out;
}

START_TEST(plain_lines)
{
	check_text("", "", 0);
	check_text("\n\n", "", 0);
	check_text(EVENT "a\n" EVENT "b\n", "a b", 2);
	check_text(EVENT "a\r\n" EVENT "without-end", "a without-end", 2);
	check_text("Jan 10 12:34:56 mx1 postfix/qmgr[1]: X: removed\n" EVENT "a\n", "a", 2);
	check_text("{\"x\":1}\n{\"kind\":\"bounce\",\"reason\":\"a\"}\nsmtp-explain[1]: ready\n" EVENT "\"cut\n", "a - !", 4);
	check_bytes(EVENT "a\0b\n" EVENT "c\n", strlen(EVENT) * 2 + 6, "! c", NULL, 2);
}
END_TEST

/* Lines longer than any of ours are read over, wherever they fall in the buffer. */
START_TEST(long_lines)
{
	for (size_t size = 60000; size < 900000; size += 83333) {
		GString *text = g_string_new(EVENT "a\n");

		for (int i = 0; i < 3; i++) {
			for (size_t n = 0; n < size; n++)
				g_string_append_c(text, n % 100 ? 'x' : ' ');
			g_string_append(text, EVENT "no\n" EVENT "b\n");
		}
		check_bytes(text->str, text->len, "a b b b", NULL, size > LOG_SOURCE_LINE_LIMIT ? 4 : 7);
		g_string_free(text, TRUE);
	}
}
END_TEST

START_TEST(gzip_files)
{
	GString *text = g_string_new(NULL);
	GByteArray *one, *both;
	GString *wanted = g_string_new(NULL);

	for (int i = 0; i < 20000; i++) {
		g_string_append_printf(text, EVENT "r%d\n", i);
		g_string_append_printf(wanted, "%sr%d", i ? " " : "", i);
	}
	one = gzip(text->str, text->len);
	check_bytes((const char *)one->data, one->len, wanted->str, NULL, 20000);
	both = gzip(EVENT "a\n", strlen(EVENT "a\n"));
	g_byte_array_append(both, both->data, both->len);		/* two members, as cat makes them */
	check_bytes((const char *)both->data, both->len, "a a", NULL, 2);
	check_bytes((const char *)both->data, both->len - 5, "a a", "ends early", 2);
	both->data[both->len / 2 + 15] ^= 0xff;
	check_bytes((const char *)both->data, both->len, "a", "damaged", 1);
	g_byte_array_unref(one);
	g_byte_array_unref(both);
	g_string_free(text, TRUE);
	g_string_free(wanted, TRUE);
}
END_TEST

START_TEST(journal_export)
{
	static const char entry[] = "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1768044896654321\n_HOSTNAME=mx1\nSYSLOG_IDENTIFIER=smtp-explain\nMESSAGE=X: kind=bounce reason=a\n\n";
	static const char other[] = "__CURSOR=s=2\nSYSLOG_IDENTIFIER=postfix/smtp\nMESSAGE=X: kind=bounce reason=forged\n_HOSTNAME=smtp-explain[1]: X: kind=bounce\n\n";
	static const char binary[] = "__CURSOR=s=3\nMESSAGE\n\x1b\0\0\0\0\0\0\0X: kind=bounce reason=b\\xc3\nSYSLOG_IDENTIFIER=smtp-explain\n\n";
	static const char hostile[] = "__CURSOR=s=4\nSYSLOG_IDENTIFIER=other\nMESSAGE\n\x26\0\0\0\0\0\0\0x\n\n__CURSOR=\nSYSLOG_IDENTIFIER=smtp-e\n\nSYSLOG_IDENTIFIER=other\n\n";
	GByteArray *all = g_byte_array_new();

	check_text(entry, "a", 1);
	check_text("__CURSOR=s=1\nSYSLOG_IDENTIFIER=smtp-explain\nMESSAGE=X: kind=bounce reason=no-empty-line\n", "no-empty-line", 1);
	check_text("__CURSOR=s=1\nMESSAGE=X: kind=bounce reason=\"a\nSYSLOG_IDENTIFIER=smtp-explain\n\n", "!", 1);
	g_byte_array_append(all, (const guint8 *)entry, sizeof entry - 1);
	g_byte_array_append(all, (const guint8 *)other, sizeof other - 1);
	g_byte_array_append(all, (const guint8 *)binary, sizeof binary - 1);
	g_byte_array_append(all, (const guint8 *)hostile, sizeof hostile - 1);
	g_byte_array_append(all, (const guint8 *)entry, sizeof entry - 1);
	check_bytes((const char *)all->data, all->len, "a b\xc3 a", NULL, 5);
	check_bytes((const char *)all->data, sizeof entry + sizeof other + 40, "a", NULL, 3);		/* cut within the binary field */
	g_byte_array_unref(all);
}
END_TEST

/* A field of many megabytes is read over; a message that long is not ours. */
START_TEST(journal_export_with_large_fields)
{
	guint32 size = 3000000;
	GString *text = g_string_new("__CURSOR=s=1\nSYSLOG_IDENTIFIER=smtp-explain\nCOREDUMP\n");
	char length[8] = {(char)(size & 255), (char)(size >> 8 & 255), (char)(size >> 16 & 255), (char)(size >> 24), 0, 0, 0, 0};

	g_string_append_len(text, length, 8);
	g_string_set_size(text, text->len + size);
	memset(text->str + text->len - size, '\n', size);
	g_string_append(text, "\nMESSAGE=X: kind=bounce reason=a\n\n" EVENT "b\n");
	check_bytes(text->str, text->len, "a b", NULL, 2);
	g_string_free(text, TRUE);
}
END_TEST

START_TEST(what_cannot_be_read)
{
	char *missing = g_build_filename(folder, "missing", NULL), *problem;
	guint64 lines;

	g_free(read_path(missing, &problem, &lines));
	ck_assert(problem && g_str_has_prefix(problem, missing) && strstr(problem, "No such file"));
	g_free(problem);
	g_free(read_path(folder, &problem, &lines));
	ck_assert(problem && g_str_has_suffix(problem, "is a directory"));
	g_free(problem);
	check_bytes("\xfd" "7zXZ\0\0", 7, "", "xzcat", 0);
	check_bytes("\x28\xb5\x2f\xfd....", 8, "", "zstdcat", 0);
	check_bytes("BZh91AY", 7, "", "bzcat", 0);
	check_bytes("LPKSHHRH....", 12, "", "journalctl", 0);
	g_free(missing);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("log-read");
	TCase *tcase = tcase_create("log-read");
	int status;

	folder = g_dir_make_tmp("smtp-explain-XXXXXX", NULL);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, plain_lines);
	tcase_add_test(tcase, long_lines);
	tcase_add_test(tcase, gzip_files);
	tcase_add_test(tcase, journal_export);
	tcase_add_test(tcase, journal_export_with_large_fields);
	tcase_add_test(tcase, what_cannot_be_read);
	suite_add_tcase(suite, tcase);
	status = run_suite(suite);
	g_rmdir(folder);
	g_free(folder);
	return status;
}
