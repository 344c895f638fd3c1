/* check_code.c - codes as values: read, compared, printed. Cases: rows of the tables below. */
#include "code.h"
#include "suite.h"

#include <string.h>

static const struct {
	const char *text, *reply, *enhanced;
	size_t used;
} readings[] = {
	{"550", "550", "", 3},
	{"550 5.1.1 no such user", "550", "5.1.1", 9},
	{"550-5.1.1 first line", "550", "5.1.1", 9},
	{"550 #5.1.0 Address rejected", "550", "5.1.0", 10},
	{"5.7.26", "", "5.7.26", 6},
	{"#5.1.1>", "", "5.1.1", 6},
	{"421.", "421", "", 3},
	{"612 odd but seen", "612", "", 3},
	{"5.1.1.", "", "5.1.1", 5},
	{"5.1.1.4", "", "", 0},
	{"5.1", "", "", 0},
	{"5.1.1000", "", "", 0},
	{"3.1.1", "", "", 0},
	{"209.249.1.2", "", "", 0},
	{"507abc", "", "", 0},
	{"5501", "", "", 0},
	{"250:12", "", "", 0},
	{"150", "", "", 0},
	{"700", "", "", 0},
	{"55", "", "", 0},
	{"", "", "", 0},
};

START_TEST(reads_only_codes)
{
	struct code code = CODE_NONE;
	char reply[CODE_REPLY_SIZE], enhanced[CODE_ENHANCED_SIZE];
	size_t used = code_read(readings[_i].text, strlen(readings[_i].text), &code);

	ck_assert_uint_eq(used, readings[_i].used);
	ck_assert_str_eq(code_print_reply(code, reply), readings[_i].reply);
	ck_assert_str_eq(code_print_enhanced(code, enhanced), readings[_i].enhanced);
}
END_TEST

START_TEST(never_reads_beyond_the_length)
{
	struct code code = CODE_NONE;

	ck_assert_uint_eq(code_read("550 5.1.1", 3, &code), 3);
	ck_assert(!code_has_enhanced(code));
	ck_assert_uint_eq(code_read("5.1.15", 5, &code), 5);
	ck_assert_uint_eq(code.detail, 1);
}
END_TEST

static const struct {
	const char *text;
	bool standard;
} numbers[] = {
	{"200", true}, {"250", true}, {"354", true}, {"421", true}, {"555", true}, {"559", true},
	{"260", false}, {"471", false}, {"560", false}, {"571", false}, {"599", false}, {"605", false}, {"5.1.1", false},
};

START_TEST(knows_the_codes_of_rfc_5321)
{
	struct code code = CODE_NONE;

	ck_assert_uint_gt(code_read(numbers[_i].text, strlen(numbers[_i].text), &code), 0);
	ck_assert_msg(code_is_standard(code) == numbers[_i].standard, "%s", numbers[_i].text);
}
END_TEST

START_TEST(class_comes_from_the_reply_first)
{
	ck_assert_int_eq(code_class((struct code){450, 5, 1, 1}), 4);
	ck_assert_int_eq(code_class((struct code){0, 5, 1, 1}), 5);
	ck_assert_int_eq(code_class(CODE_NONE), 0);
}
END_TEST

START_TEST(vague_is_class_only)
{
	ck_assert(code_is_vague((struct code){550, 5, 0, 0}));
	ck_assert(!code_is_vague((struct code){550, 0, 0, 0}));
	ck_assert(!code_is_vague((struct code){0, 5, 0, 1}));
}
END_TEST

START_TEST(absent_is_a_value)
{
	ck_assert(code_is_none(CODE_NONE));
	ck_assert(code_equal(CODE_NONE, CODE_NONE));
	ck_assert(!code_equal(CODE_NONE, (struct code){550, 0, 0, 0}));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("code");
	TCase *tests = tcase_create("code");

	tcase_add_loop_test(tests, reads_only_codes, 0, (int)G_N_ELEMENTS(readings));
	tcase_add_loop_test(tests, knows_the_codes_of_rfc_5321, 0, (int)G_N_ELEMENTS(numbers));
	tcase_add_test(tests, never_reads_beyond_the_length);
	tcase_add_test(tests, class_comes_from_the_reply_first);
	tcase_add_test(tests, vague_is_class_only);
	tcase_add_test(tests, absent_is_a_value);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
