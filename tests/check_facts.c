/* check_facts.c - typed facts in replies. Cases: the lines of facts.test. */
#include "facts.h"
#include "suite.h"

#include <string.h>

static char **cases;

/* Every fact as "name=value", parted by " | "; "-" for none. */
static char *print(const struct facts *facts)
{
	GString *out = g_string_new(NULL);

	for (int fact = 0; fact < FACTS; fact++) {
		char *value = fact_print(facts, (enum fact)fact);

		if (value)
			g_string_append_printf(out, "%s%s=%s", out->len ? " | " : "", fact_word((enum fact)fact), value);
		g_free(value);
	}
	return g_string_free(out->len ? out : g_string_assign(out, "-"), FALSE);
}

START_TEST(reads_what_stands_there)
{
	char **columns = g_strsplit(cases[_i], "\t", -1), *got;
	struct facts facts;

	ck_assert_msg(g_strv_length(columns) == 2, "no case: %s", cases[_i]);
	facts = facts_read(columns[0]);
	got = print(&facts);
	ck_assert_msg(strcmp(got, columns[1]) == 0, "%s\n got: %s", cases[_i], got);
	g_free(got);
	g_strfreev(columns);
}
END_TEST

/* A value is a piece of the text or a word of ours, never anything else. */
START_TEST(invents_nothing)
{
	char **columns = g_strsplit(cases[_i], "\t", -1);
	const char *text = columns[0], *end = text + strlen(text);
	struct facts facts = facts_read(text);

	for (int fact = 0; fact < FACTS; fact++) {
		const struct fact_value *value = &facts.values[fact];

		if (fact != FACT_TLS_CAUSE && value->text)
			ck_assert(value->text >= text && value->text + value->length <= end);
	}
	g_strfreev(columns);
}
END_TEST

static const struct {
	const char *text;
	enum fact fact;
	const char *shown;
} shown[] = {
	{"552 size limit 26214400", FACT_SIZE_LIMIT, "25 MB"},
	{"552 size limit 10240000", FACT_SIZE_LIMIT, "10000 kB"},
	{"552 size limit 36700160", FACT_SIZE_LIMIT, "35 MB"},
	{"552 size limit 41943999", FACT_SIZE_LIMIT, "40 MB"},
	{"552 size limit 5000", FACT_SIZE_LIMIT, "5000 bytes"},
	{"552 size limit 2 GB", FACT_SIZE_LIMIT, "2 GB"},
	{"450 try again in 90 seconds", FACT_RETRY_AFTER, "90 s"},
	{"450 try again in 300 seconds", FACT_RETRY_AFTER, "5 min"},
	{"450 try again in 8 hours", FACT_RETRY_AFTER, "8 h"},
	{"551 please try <bob@example.net>", FACT_NEW_ADDRESS, "bob@example.net"},
	{"550 no", FACT_QUOTA, NULL},
};

START_TEST(shows_quantities_to_people)
{
	struct facts facts = facts_read(shown[_i].text);
	char *got = fact_show(&facts, shown[_i].fact);

	ck_assert_pstr_eq(got, shown[_i].shown);
	ck_assert(facts_know(&facts, shown[_i].fact) == (shown[_i].shown != NULL));
	g_free(got);
}
END_TEST

START_TEST(nothing_is_nothing)
{
	struct facts none = facts_read(NULL), empty = facts_read("");

	for (int fact = 0; fact < FACTS; fact++) {
		ck_assert(!facts_know(&none, (enum fact)fact));
		ck_assert(!facts_know(&empty, (enum fact)fact));
		ck_assert_ptr_nonnull(fact_word((enum fact)fact));
		ck_assert_ptr_nonnull(fact_gates[fact]);
	}
}
END_TEST

/* One name, written as fields and as variables write theirs. */
START_TEST(names_agree)
{
	char *word = g_strdelimit(g_strdup(fact_variable((enum fact)_i)), "-", '_');

	ck_assert_str_eq(word, fact_word((enum fact)_i));
	g_free(word);
}
END_TEST

/* What stands behind the limit is not read; bytes that are no text do no harm. */
START_TEST(limits_hold)
{
	GString *text = g_string_new(NULL);
	struct facts facts;

	while (text->len < FACTS_TEXT_LIMIT)
		g_string_append(text, "word ");
	g_string_append(text, "blocked using zen.spamhaus.org");
	facts = facts_read(text->str);
	ck_assert(!facts_know(&facts, FACT_BLOCKLIST));
	facts = facts_read("\xff\xfe blocked using zen.spamhaus.org \xc3");
	ck_assert(facts_know(&facts, FACT_BLOCKLIST));
	g_string_free(text, TRUE);
}
END_TEST

/* The rows of one fact stand together, or the second group of them would never be tried; every fact has one. */
START_TEST(table_is_in_order)
{
	bool seen[FACTS] = {false};

	for (size_t i = 0; i < fact_patterns_count; i++) {
		bool begins = i == 0 || fact_patterns[i - 1].fact != fact_patterns[i].fact;

		ck_assert_msg(!begins || !seen[fact_patterns[i].fact], "row %zu", i);
		seen[fact_patterns[i].fact] = true;
	}
	for (int fact = 0; fact < FACTS; fact++)
		ck_assert_msg(seen[fact], "%s", fact_word((enum fact)fact));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("facts");
	TCase *test = tcase_create("facts");
	int status;

	cases = suite_cases("tests/facts.test");
	tcase_add_loop_test(test, reads_what_stands_there, 0, (int)g_strv_length(cases));
	tcase_add_loop_test(test, invents_nothing, 0, (int)g_strv_length(cases));
	tcase_add_loop_test(test, shows_quantities_to_people, 0, (int)G_N_ELEMENTS(shown));
	tcase_add_loop_test(test, names_agree, 0, FACTS);
	tcase_add_test(test, nothing_is_nothing);
	tcase_add_test(test, limits_hold);
	tcase_add_test(test, table_is_in_order);
	suite_add_tcase(suite, test);
	status = run_suite(suite);
	g_strfreev(cases);
	return status;
}
