/* check_reply.c - replies in running text. Cases: the lines of reply.test. */
#include "reply.h"
#include "suite.h"

#include <string.h>

static char **cases;		/* the lines of reply.test that are cases */

static char *code_of(const char *text)
{
	char reply[CODE_REPLY_SIZE], enhanced[CODE_ENHANCED_SIZE];
	char *normal = reply_normalise(text);
	struct code code = reply_code(normal);
	char *both = g_strstrip(g_strdup_printf("%s %s", code_print_reply(code, reply), code_print_enhanced(code, enhanced)));

	g_free(normal);
	if (*both)
		return both;
	g_free(both);
	return g_strdup("-");
}

START_TEST(reads_what_stands_there)
{
	char **columns = g_strsplit(cases[_i], "\t", 3), *text, *got;

	ck_assert_msg(g_strv_length(columns) == 3, "no case: %s", cases[_i]);
	text = g_strcompress(columns[1]);
	if (strcmp(columns[0], "code") == 0)
		got = code_of(text);
	else if (strcmp(columns[0], "host") == 0)
		got = reply_host(text);
	else
		got = reply_normalise(text);
	ck_assert_msg(strcmp(got ? got : "-", columns[2]) == 0, "%s\n got: %s", cases[_i], got ? got : "-");
	g_free(got);
	g_free(text);
	g_strfreev(columns);
}
END_TEST

START_TEST(innermost_lies_in_the_text)
{
	const char *text = "550 5.0.0 wrapped: 554 5.7.1 inner";

	ck_assert_str_eq(reply_innermost(text), "554 5.7.1 inner");
	ck_assert_str_eq(reply_innermost("nothing here"), "nothing here");
	ck_assert_str_eq(reply_innermost(""), "");
}
END_TEST

START_TEST(controls_are_made_visible)
{
	char *text = reply_normalise("550 \x1b[31mred\x07");

	ck_assert_str_eq(text, "550 \\x1b[31mred\\x07");
	g_free(text);
}
END_TEST

static int load_cases(void)
{
	char *path = source_path("tests/reply.test"), *text = NULL, **lines;
	GPtrArray *kept = g_ptr_array_new();

	if (!g_file_get_contents(path, &text, NULL, NULL))
		g_error("cannot read %s", path);
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i]; i++)
		if (*lines[i] && *lines[i] != '#')
			g_ptr_array_add(kept, g_strdup(lines[i]));
	g_ptr_array_add(kept, NULL);
	g_strfreev(lines);
	g_free(text);
	g_free(path);
	cases = (char **)g_ptr_array_free(kept, FALSE);
	return (int)g_strv_length(cases);
}

int main(void)
{
	Suite *suite = suite_create("reply");
	TCase *tests = tcase_create("reply");
	int status;

	tcase_add_loop_test(tests, reads_what_stands_there, 0, load_cases());
	tcase_add_test(tests, innermost_lies_in_the_text);
	tcase_add_test(tests, controls_are_made_visible);
	suite_add_tcase(suite, tests);
	status = run_suite(suite);
	g_strfreev(cases);
	return status;
}
