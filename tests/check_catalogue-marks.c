/* check_catalogue-marks.c - a changed English text makes exactly its translations stale. */
#include "catalogue-marks.h"

#include "catalogue-entry.h"
#include "suite.h"

#include <string.h>

static struct catalogue *catalogue;
static char *marks;

static void note(const struct catalogue_entry *entry, const char *key, const char *language, void *data)
{
	g_string_append_printf(data, "%s %s %s\n", entry_id(entry), key, language);
}

static char *stale(const char *of)
{
	GString *out = g_string_new(NULL);

	catalogue_marks_stale(catalogue, of, note, out);
	return g_string_free(out, FALSE);
}

static struct catalogue_value *value(const char *id, const char *key, const char *language)
{
	guint index = 0;

	for (guint i = 0; i < catalogue->languages->len; i++)
		if (strcmp(catalogue->languages->pdata[i], language) == 0)
			index = i;
	return (struct catalogue_value *)entry_find(catalogue_get(catalogue, id), key, index);
}

static void set_up(void)
{
	catalogue = catalogue_load(NULL, NULL);
	marks = catalogue_marks(catalogue, "", NULL);
}

static void tear_down(void)
{
	g_free(marks);
	catalogue_unref(catalogue);
}

/* The languages of the stale translations of one text, and that no other text has any; "" for none. */
static void is_stale(const char *of, const char *languages)
{
	char *got = stale(of), **lines = g_strsplit(got, "\n", -1);
	guint count = 0;

	for (guint i = 0; lines[i] && *lines[i]; i++, count++) {
		ck_assert_msg(g_str_has_prefix(lines[i], "reason.virus advice "), "%s", lines[i]);
		ck_assert_msg(strstr(languages, lines[i] + strlen("reason.virus advice ")) != NULL, "%s", lines[i]);
	}
	ck_assert_uint_eq(count, (guint)strlen(languages) / 3);
	g_strfreev(lines);
	g_free(got);
}

START_TEST(what_is_unchanged_is_not_stale)
{
	is_stale(marks, "");
	is_stale("", "");
	is_stale("# no mark\nreason.virus\n\nreason.virus advice 00000000 de\n", "");
}
END_TEST

START_TEST(a_changed_text_makes_its_translations_stale)
{
	const char *const ids[] = {"reason.virus", NULL};
	char *written, *confirmed;

	value("reason.virus", "advice", "")->text = "Something else.";
	is_stale(marks, "de es fr it ja nl pl pt ");
	value("reason.virus", "advice", "pl")->text = "Co innego.";		/* whoever translates it anew need do nothing more */
	is_stale(marks, "de es fr it ja nl pt ");
	written = catalogue_marks(catalogue, marks, NULL);			/* new marks do not make the others right */
	is_stale(written, "de es fr it ja nl pt ");
	confirmed = catalogue_marks(catalogue, marks, ids);
	is_stale(confirmed, "");
	g_free(written);
	g_free(confirmed);
}
END_TEST

START_TEST(the_built_in_marks_are_there)
{
	char *embedded = catalogue_marks_embedded();

	ck_assert_ptr_nonnull(strstr(embedded, "reason.virus advice "));
	g_free(embedded);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("catalogue-marks");
	TCase *tests = tcase_create("catalogue-marks");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, what_is_unchanged_is_not_stale);
	tcase_add_test(tests, a_changed_text_makes_its_translations_stale);
	tcase_add_test(tests, the_built_in_marks_are_there);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
