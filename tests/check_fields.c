/* check_fields.c - header fields are found where they stand, whatever the line ends, and garbage ends the block. */
#include "fields.h"
#include "suite.h"

#include <string.h>

static const struct {
	const char *bytes;
	const char *fields;	/* "name=value|..." */
	size_t end;
} blocks[] = {
	{"", "", 0},
	{"\n", "", 1},
	{"\r\nbody", "", 2},
	{"A: 1\nB: 2\n\nbody", "A=1|B=2|", 11},
	{"A: 1\r\nB: 2\r\n\r\nbody", "A=1|B=2|", 14},
	{"A: 1\n two\n\tthree\nB:2", "A=1 two\tthree|B=2|", 20},
	{"A : old style\n\n", "A=old style|", 15},
	{"A: 1\nno field here\nB: 2\n", "A=1|", 5},
	{"From ann Mon Nov 23\nA: 1\n\n", "A=1|", 26},
	{">From ann Mon Nov 23\nA: 1\n\n", "A=1|", 27},
	{"A:\n\n", "A=|", 4},
	{": no name\n", "", 0},
	{" leading blank: 1\n", "", 0},
	{"A: 1\n \n\nbody", "A=1|", 8},
	{"\xe9: 8-bit name\n", "", 0},
};

START_TEST(splits_blocks)
{
	size_t end = 99;
	GArray *fields = fields_split(blocks[_i].bytes, strlen(blocks[_i].bytes), FIELDS_LIMIT, &end);
	GString *got = g_string_new(NULL);

	for (guint i = 0; i < fields->len; i++) {
		const struct field *field = &g_array_index(fields, struct field, i);
		char *value = field_value(field);

		g_string_append_printf(got, "%.*s=%s|", (int)field->name_length, field->name, value);
		g_free(value);
	}
	ck_assert_str_eq(got->str, blocks[_i].fields);
	ck_assert_uint_eq(end, blocks[_i].end);
	g_string_free(got, TRUE);
	g_array_unref(fields);
}
END_TEST

START_TEST(offsets_cover_the_block_without_a_gap)
{
	const char *bytes = "A: 1\r\n folded\r\nBee: 2\r\n\r\nbody";
	GArray *fields = fields_split(bytes, strlen(bytes), FIELDS_LIMIT, NULL);
	const struct field *first = &g_array_index(fields, struct field, 0), *second = &g_array_index(fields, struct field, 1);

	ck_assert_uint_eq(fields->len, 2);
	ck_assert_uint_eq(first->start, 0);
	ck_assert_uint_eq(first->end, second->start);
	ck_assert_uint_eq(second->end, 23);
	g_array_unref(fields);
}
END_TEST

START_TEST(limit_keeps_the_end_right)
{
	const char *bytes = "A: 1\nB: 2\nC: 3\n\nbody";
	size_t end;
	GArray *fields = fields_split(bytes, strlen(bytes), 2, &end);

	ck_assert_uint_eq(fields->len, 2);
	ck_assert_uint_eq(end, 16);
	g_array_unref(fields);
}
END_TEST

START_TEST(names_compare_without_case)
{
	const char *bytes = "Content-Type: a\nCONTENT-TYPE: b\n";
	GArray *fields = fields_split(bytes, strlen(bytes), FIELDS_LIMIT, NULL);

	ck_assert_ptr_eq(fields_find(fields, "content-type"), &g_array_index(fields, struct field, 0));
	ck_assert_ptr_null(fields_find(fields, "Content-Typ"));
	ck_assert_ptr_null(fields_find(fields, "Content-Type-X"));
	g_array_unref(fields);
}
END_TEST

START_TEST(nul_in_a_value_is_a_blank)
{
	static const char bytes[] = "A: 1\0 2\n";
	GArray *fields = fields_split(bytes, sizeof bytes - 1, FIELDS_LIMIT, NULL);
	char *value = field_value(&g_array_index(fields, struct field, 0));

	ck_assert_str_eq(value, "1  2");
	g_free(value);
	g_array_unref(fields);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fields");
	TCase *tests = tcase_create("fields");

	tcase_add_loop_test(tests, splits_blocks, 0, (int)G_N_ELEMENTS(blocks));
	tcase_add_test(tests, offsets_cover_the_block_without_a_gap);
	tcase_add_test(tests, limit_keeps_the_end_right);
	tcase_add_test(tests, names_compare_without_case);
	tcase_add_test(tests, nul_in_a_value_is_a_blank);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
