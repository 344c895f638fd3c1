/* check_keyfile.c - files of sections and keys, with their places. Cases: rows of the tables below. */
#include "keyfile.h"
#include "suite.h"

#include <glib/gstdio.h>
#include <string.h>

/* What a file says, one line an item: "LINE [section] key=value". The caller frees it. */
static char *read_all(const char *text, size_t length)
{
	GError *error = NULL;
	struct keyfile *keyfile = keyfile_parse(text, length, "x.conf", &error);
	GString *all = g_string_new(NULL);

	if (!keyfile) {
		g_string_append(all, error->message);
		g_error_free(error);
		return g_string_free(all, FALSE);
	}
	for (guint i = 0; i < keyfile_items(keyfile)->len; i++) {
		const struct keyfile_item *item = &g_array_index(keyfile_items(keyfile), struct keyfile_item, i);

		ck_assert_str_eq(item->file, "x.conf");
		g_string_append_printf(all, "%d/%d [%s] %s=%s\n", item->section_line, item->line, item->section, item->key, item->value);
	}
	keyfile_free(keyfile);
	return g_string_free(all, FALSE);
}

static const struct {
	const char *text, *items;
} good[] = {
	{"", ""},
	{"\n\n", ""},
	{"# a comment\n", ""},
	{"[a]\n", ""},
	{"[a]\nb=c\n", "1/2 [a] b=c\n"},
	{"[a]\nb=c", "1/2 [a] b=c\n"},
	{"[a]\r\nb=c\r\n", "1/2 [a] b=c\n"},
	{"\n# x\n[a]\n\n# y\nb = c \n", "3/6 [a] b=c\n"},
	{"  [a]\n  b=c\n", "1/2 [a] b=c\n"},
	{"[a]\nb=\n", "1/2 [a] b=\n"},
	{"[a]\nb=c=d\n", "1/2 [a] b=c=d\n"},
	{"[a]\nb=# no comment\n", "1/2 [a] b=# no comment\n"},
	{"[a]\nb=\\d{3}\\s\\\\ \"x\";\n", "1/2 [a] b=\\d{3}\\s\\\\ \"x\";\n"},
	{"[a]\nb=[c] {d}\n", "1/2 [a] b=[c] {d}\n"},
	{"[a]\nb=1\nb[de]=2\nb[pt_BR]=3\n", "1/2 [a] b=1\n1/3 [a] b[de]=2\n1/4 [a] b[pt_BR]=3\n"},
	{"[a]\nb=1\n[c.d-e]\nb=2\n", "1/2 [a] b=1\n3/4 [c.d-e] b=2\n"},
	{"\xef\xbb\xbf[a]\nb=c\n", "1/2 [a] b=c\n"},
	{"[a]\nb=\xc3\xa4\n", "1/2 [a] b=\xc3\xa4\n"},
};

START_TEST(reads_every_key_with_its_place)
{
	char *items = read_all(good[_i].text, strlen(good[_i].text));

	ck_assert_str_eq(items, good[_i].items);
	g_free(items);
}
END_TEST

static const struct {
	const char *text, *error;
} bad[] = {
	{"b=c\n", "x.conf:1: a key must stand below a [section]"},
	{"[a]\nhello\n", "x.conf:2: this is no [section], no key=value and no # comment"},
	{"[a]\n; old style\n", "x.conf:2: this is no [section], no key=value and no # comment"},
	{"[a]\n=c\n", "x.conf:2: [a] \"\" is no name for a key"},
	{"[a]\nb[=c\n", "x.conf:2: [a] \"b[\" is no name for a key"},
	{"[a]\nb[]=c\n", "x.conf:2: [a] \"b[]\" is no name for a key"},
	{"[a]\nb[d e]=c\n", "x.conf:2: [a] \"b[d e]\" is no name for a key"},
	{"[a]\nb]=c\n", "x.conf:2: [a] \"b]\" is no name for a key"},
	{"[a]\nb [de]=c\n", "x.conf:2: [a] \"b [de]\" is no name for a key"},
	{"[a\nb=c\n", "x.conf:1: a section must be a name in brackets, [like-this]"},
	{"[]\nb=c\n", "x.conf:1: a section must be a name in brackets, [like-this]"},
	{"[a[b]]\n", "x.conf:1: a section's name must have no bracket or control character"},
	{"[a\tb]\n", "x.conf:1: a section's name must have no bracket or control character"},
	{"[a]\nb=1\nb=2\n", "x.conf:3: [a] b: stands twice in this section"},
	{"[a]\nb[de]=1\nb[de]=2\n", "x.conf:3: [a] b[de]: stands twice in this section"},
	{"[a]\nb=1\n[c]\nb=1\n[a]\nd=1\n", "x.conf:5: [a] stands twice in this file"},
	{"[a]\n\nb=\xe4\n", "x.conf:3: this line is not UTF-8 text"},
	{"# \xff\n", "x.conf:1: this line is not UTF-8 text"},
};

START_TEST(says_where_and_what_is_wrong)
{
	char *error = read_all(bad[_i].text, strlen(bad[_i].text));

	ck_assert_str_eq(error, bad[_i].error);
	g_free(error);
}
END_TEST

START_TEST(refuses_nul_bytes)
{
	char *error = read_all("[a]\nb=c\0d\n", 10);

	ck_assert_str_eq(error, "x.conf:2: this line is not UTF-8 text");
	g_free(error);
}
END_TEST

START_TEST(error_has_domain_and_code)
{
	GError *error = NULL;

	ck_assert_ptr_null(keyfile_parse("x", 1, "x.conf", &error));
	ck_assert(g_error_matches(error, KEYFILE_ERROR, KEYFILE_ERROR_SYNTAX));
	g_clear_error(&error);
	ck_assert_ptr_null(keyfile_parse("x", 1, "x.conf", NULL));
}
END_TEST

START_TEST(unreadable_files_are_named)
{
	GError *error = NULL;

	ck_assert_ptr_null(keyfile_load("/nonexistent/x.conf", &error));
	ck_assert(g_error_matches(error, KEYFILE_ERROR, KEYFILE_ERROR_READ));
	ck_assert_str_eq(error->message, "/nonexistent/x.conf: No such file or directory");
	g_clear_error(&error);
	ck_assert_ptr_null(keyfile_load("/", &error));
	ck_assert_str_eq(error->message, "/: Is a directory");
	g_clear_error(&error);
}
END_TEST

START_TEST(reads_files)
{
	char *folder = g_dir_make_tmp("check_keyfile.XXXXXX", NULL), *path = g_build_filename(folder, "a.conf", NULL);
	struct keyfile *keyfile;
	const struct keyfile_item *item;

	ck_assert(g_file_set_contents(path, "[a]\n\nb=c\n", -1, NULL));
	keyfile = keyfile_load(path, NULL);
	ck_assert_ptr_nonnull(keyfile);
	ck_assert_uint_eq(keyfile_items(keyfile)->len, 1);
	item = &g_array_index(keyfile_items(keyfile), struct keyfile_item, 0);
	ck_assert_str_eq(item->file, path);
	ck_assert_int_eq(item->line, 3);
	keyfile_free(keyfile);
	g_unlink(path);
	g_rmdir(folder);
	g_free(path);
	g_free(folder);
}
END_TEST

/* Every beginning of a good file is read or refused, never anything else. */
START_TEST(survives_cut_files)
{
	static const char text[] = "\xef\xbb\xbf# c\n[a.b]\nkey[de]=v\xc3\xa4lue\r\n\n[c]\nx=y\n";

	for (size_t length = 0; length < sizeof(text); length++) {
		char *copy = g_memdup2(text, length + 1);
		struct keyfile *keyfile = keyfile_parse(copy, length, "x", NULL);

		keyfile_free(keyfile);
		g_free(copy);
	}
}
END_TEST

START_TEST(freeing_nothing_is_fine)
{
	keyfile_free(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("keyfile");
	TCase *tests = tcase_create("keyfile");

	tcase_add_loop_test(tests, reads_every_key_with_its_place, 0, (int)G_N_ELEMENTS(good));
	tcase_add_loop_test(tests, says_where_and_what_is_wrong, 0, (int)G_N_ELEMENTS(bad));
	tcase_add_test(tests, refuses_nul_bytes);
	tcase_add_test(tests, error_has_domain_and_code);
	tcase_add_test(tests, unreadable_files_are_named);
	tcase_add_test(tests, reads_files);
	tcase_add_test(tests, survives_cut_files);
	tcase_add_test(tests, freeing_nothing_is_fine);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
