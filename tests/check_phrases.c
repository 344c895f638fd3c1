/* check_phrases.c - the table of phrases keeps its promises, and the search finds them where words begin. */
#include "phrases.h"
#include "suite.h"

#include <string.h>

START_TEST(rows_are_ordered_and_unique)
{
	for (size_t i = 1; i < phrases_count; i++) {
		int order = strcmp(phrases[i - 1].text, phrases[i].text);

		ck_assert_msg(order < 0 || (order == 0 && phrases[i - 1].sort != phrases[i].sort), "\"%s\" must not follow \"%s\"", phrases[i].text, phrases[i - 1].text);
	}
}
END_TEST

START_TEST(rows_are_lower_case_and_not_empty)
{
	for (size_t i = 0; i < phrases_count; i++) {
		char *lower = g_utf8_strdown(phrases[i].text, -1);

		ck_assert(g_utf8_validate(phrases[i].text, -1, NULL));
		ck_assert_str_eq(phrases[i].text, lower);
		ck_assert_uint_ge(strlen(lower), 3);
		ck_assert(phrases[i].sort < PHRASE_SORTS);
		g_free(lower);
	}
}
END_TEST

START_TEST(every_row_can_be_found)
{
	for (size_t i = 0; i < phrases_count; i++) {
		size_t present[PHRASE_SORTS];

		phrases_find(phrases[i].text, present);
		ck_assert_msg(present[phrases[i].sort] > 0, "\"%s\" is not found", phrases[i].text);
	}
}
END_TEST

static const struct {
	const char *text;
	enum phrase_sort sort;
	size_t present;
} texts[] = {
	{"your mail could not be delivered", PHRASE_FAILED, 17},
	{"knot be delivered", PHRASE_FAILED, 0},
	{"it has been delayed", PHRASE_DELAYED, 8},
	{"das konnte nicht zugestellt werden", PHRASE_FAILED, 5},
	{"\xe6\x82\xa8\xe7\x9a\x84\xe9\x82\xae\xe4\xbb\xb6\xe6\x97\xa0\xe6\xb3\x95\xe6\x8a\x95\xe9\x80\x92", PHRASE_FAILED, 13},
	{"", PHRASE_FAILED, 0},
	{"out of office: invoice", PHRASE_SUBJECT_ANSWER, 1},
};

START_TEST(finds_where_words_begin)
{
	size_t present[PHRASE_SORTS];

	phrases_find(texts[_i].text, present);
	ck_assert_uint_eq(present[texts[_i].sort], texts[_i].present);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("phrases");
	TCase *tests = tcase_create("phrases");

	tcase_add_test(tests, rows_are_ordered_and_unique);
	tcase_add_test(tests, rows_are_lower_case_and_not_empty);
	tcase_add_test(tests, every_row_can_be_found);
	tcase_add_loop_test(tests, finds_where_words_begin, 0, (int)G_N_ELEMENTS(texts));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
