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

#endif
