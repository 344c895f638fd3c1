/* site.h - for tests: the catalogue with a site's file over it that stands in the test. */
#ifndef SMTP_EXPLAIN_TESTS_SITE_H
#define SMTP_EXPLAIN_TESTS_SITE_H

#include "catalogue.h"

#include <glib/gstdio.h>
#include <string.h>

/* Loads the embedded catalogue and text as the file site.conf. NULL and *wrong, in which the file is called "site.conf" without its folder, where it is not taken. */
static inline struct catalogue *site_load(const char *text, char **wrong)
{
	char *folder = g_dir_make_tmp("check_site.XXXXXX", NULL), *path = g_build_filename(folder, "site.conf", NULL);
	const char *const paths[] = {path, NULL};
	GError *error = NULL;
	struct catalogue *catalogue;

	if (!g_file_set_contents(path, text, -1, NULL))
		g_error("cannot write %s", path);
	catalogue = catalogue_load(paths, &error);
	*wrong = NULL;
	if (!catalogue) {
		size_t prefix = g_str_has_prefix(error->message, folder) ? strlen(folder) + 1 : 0;

		*wrong = g_strdup(error->message + prefix);
		g_error_free(error);
	}
	g_unlink(path);
	g_rmdir(folder);
	g_free(path);
	g_free(folder);
	return catalogue;
}

/* The same for a text that must be good. */
static inline struct catalogue *site_good(const char *text)
{
	char *wrong;
	struct catalogue *catalogue = site_load(text, &wrong);

	if (!catalogue)
		g_error("%s", wrong);
	return catalogue;
}

#endif
