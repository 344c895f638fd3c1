/* suite.h - what every check_foo.c shares: one suite, its results as TAP on standard output, and where the test data lies. */
#ifndef SMTP_EXPLAIN_TESTS_SUITE_H
#define SMTP_EXPLAIN_TESTS_SUITE_H

#include <check.h>
#include <glib.h>
#include <stdlib.h>

/* Runs a suite of one test case; returns the exit status for main. */
static inline int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Path of a file of the source tree ("tests/code.test"). The caller frees it. */
static inline char *source_path(const char *relative)
{
	const char *top = g_getenv("top_srcdir");

	return g_build_filename(top ? top : ".", relative, NULL);
}

/* The lines of a file of the source tree that are cases, neither empty nor comments. The caller frees them with g_strfreev. */
static inline char **suite_cases(const char *relative)
{
	char *path = source_path(relative), *text = NULL, **lines;
	guint kept = 0;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		g_error("cannot read %s", path);
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		if (*lines[i] && *lines[i] != '#')
			lines[kept++] = lines[i];
		else
			g_free(lines[i]);
	}
	lines[kept] = NULL;
	g_free(text);
	g_free(path);
	return lines;
}

/* Appends the paths of all messages below folder to paths: all files but what they should read as. */
static inline void suite_messages_below(const char *folder, GPtrArray *paths)
{
	GDir *open = g_dir_open(folder, 0, NULL);

	for (const char *name = open ? g_dir_read_name(open) : NULL; name; name = g_dir_read_name(open)) {
		char *path = g_build_filename(folder, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			suite_messages_below(path, paths);
		if (g_file_test(path, G_FILE_TEST_IS_REGULAR) && !g_str_has_suffix(name, ".want") && !g_str_has_suffix(name, ".jsonl"))
			g_ptr_array_add(paths, path);
		else
			g_free(path);
	}
	if (open)
		g_dir_close(open);
}

/* The paths of every message there is to read: those of the source tree, and the shared corpus where it lies beside the tree. The caller unrefs them. */
static inline GPtrArray *suite_messages(void)
{
	static const char *const folders[] = {"tests/annotate", "tests/messages", "tests/corpus", "../shared/corpus/mail"};
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		char *path = source_path(folders[i]);

		suite_messages_below(path, paths);
		g_free(path);
	}
	return paths;
}

#endif
