/* check_catalogue.c - asking the catalogue, and what must hold of the one that is built in. Cases: rows of the tables below. */
#include "catalogue.h"
#include "site.h"
#include "suite.h"

#include <math.h>

static struct catalogue *catalogue;

static const struct {
	struct code code;
	const char *rule, *entry;
} codes[] = {
	{{550, 5, 1, 1}, "dsn.5.1.1", "dsn.X.1.1"},
	{{0, 4, 1, 1}, "dsn.4.1.1", "dsn.X.1.1"},
	{{0, 5, 0, 0}, "dsn.5.0.0", "dsn.X.0.0"},
	{{550, 5, 0, 0}, "code.550", "code.550"},
	{{559, 5, 0, 0}, "dsn.5.0.0", "dsn.X.0.0"},
	{{550, 0, 0, 0}, "code.550", "code.550"},
	{{550, 5, 1, 999}, "code.550", "code.550"},
	{{0, 5, 1, 999}, "digits.X.1", "digits.X.1"},
	{{559, 5, 7, 999}, "digits.X.7", "digits.X.7"},
	{{457, 0, 0, 0}, "digits.X5", "digits.X5"},
	{{509, 0, 0, 0}, "digits.X0", "digits.X0"},
	{{599, 0, 0, 0}, "class.5", "class.5"},
	{{499, 0, 0, 0}, "class.4", "class.4"},
	{{299, 0, 0, 0}, "class.2", "class.2"},
	{{0, 2, 9, 9}, "class.2", "class.2"},
	{{0, 0, 0, 0}, NULL, NULL},
	{{699, 0, 0, 0}, NULL, NULL},
};

START_TEST(number_alone)
{
	char *rule = (char *)"unset";
	const struct catalogue_entry *entry = catalogue_get_code(catalogue, codes[_i].code, &rule);

	ck_assert_pstr_eq(rule, codes[_i].rule);
	ck_assert_pstr_eq(entry ? entry_id(entry) : NULL, codes[_i].entry);
	g_free(rule);
}
END_TEST

/* 5.1.5 is no success although X.1.5 ("address valid") is one. */
START_TEST(failure_is_not_explained_as_success)
{
	char *rule;
	const struct catalogue_entry *entry = catalogue_get_code(catalogue, (struct code){550, 5, 1, 5}, &rule);

	ck_assert_str_ne(entry_id(entry_reason(entry)), "reason.success");
	g_free(rule);
}
END_TEST

static const unsigned short common[] = {220, 221, 250, 251, 252, 421, 450, 451, 452, 500, 501, 502, 503, 504, 550, 551, 552, 553, 554};

START_TEST(common_codes_are_explained)
{
	char *rule, *wanted = g_strdup_printf("code.%u", common[_i]);
	const struct catalogue_entry *entry = catalogue_get_code(catalogue, (struct code){.reply = common[_i]}, &rule);

	ck_assert_str_eq(rule, wanted);
	ck_assert_ptr_nonnull(entry_text(entry, "meaning", NULL));
	ck_assert_ptr_nonnull(entry_sentence(entry, "summary", NULL));
	ck_assert_ptr_nonnull(entry_sentence(entry, "advice", NULL));
	ck_assert_ptr_nonnull(entry_sentence(entry, "admin", NULL));
	g_free(wanted);
	g_free(rule);
}
END_TEST

/* What visits collect. */
struct visits {
	unsigned count, reasons, texts;
	const char *last;
	unsigned words, sentences, syllables;
};

static void visit(const struct catalogue_entry *entry, void *data)
{
	struct visits *visits = data;

	ck_assert(!visits->last || strcmp(visits->last, entry_id(entry)) < 0);
	ck_assert_ptr_eq(catalogue_get(catalogue, entry_id(entry)), entry);
	ck_assert(g_str_has_prefix(entry_place(entry), "embedded:"));
	visits->last = entry_id(entry);
	visits->count++;
	visits->texts += entry_sort(entry) == ENTRY_PROVIDER_TEXT;
}

START_TEST(visits_all_in_order)
{
	struct visits visits = {0};

	catalogue_each(catalogue, visit, &visits);
	ck_assert_uint_gt(visits.count, 1000);
	ck_assert_uint_gt(visits.texts, 800);
}
END_TEST

static void visit_reason(const struct catalogue_entry *entry, void *data)
{
	static const char *const keys[] = {"title", "summary", "advice", "admin", "owner"};
	struct visits *visits = data;

	if (entry_sort(entry) != ENTRY_REASON)
		return;
	visits->reasons++;
	ck_assert_ptr_eq(entry_reason(entry), entry);
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
		ck_assert_msg(entry_value(entry, keys[i]) && *entry_value(entry, keys[i]), "%s has no %s", entry_id(entry), keys[i]);
}

START_TEST(reasons_are_complete)
{
	struct visits visits = {0};

	catalogue_each(catalogue, visit_reason, &visits);
	ck_assert_uint_eq(visits.reasons, 45);
}
END_TEST

static void visit_explainer(const struct catalogue_entry *entry, void *data)
{
	(void)data;
	if (entry_sort(entry) == ENTRY_PHRASE || entry_sort(entry) == ENTRY_PROVIDER)
		return;
	ck_assert_ptr_nonnull(entry_reason(entry));
	ck_assert_ptr_nonnull(entry_sentence(entry, "summary", NULL));
	ck_assert_ptr_nonnull(entry_sentence(entry, "advice", "de"));
	ck_assert_ptr_nonnull(entry_sentence(entry, "admin", "xx"));
	ck_assert(strcmp(entry_owner(entry), "sender") == 0 || strcmp(entry_owner(entry), "sender-admin") == 0 || strcmp(entry_owner(entry), "recipient") == 0 ||
		  strcmp(entry_owner(entry), "recipient-admin") == 0 || strcmp(entry_owner(entry), "nobody") == 0);
	ck_assert((entry_sort(entry) == ENTRY_PROVIDER_TEXT) == (entry_provider(entry) != NULL));
	ck_assert((entry_sort(entry) == ENTRY_PROVIDER_TEXT) == (entry_priority(entry) > 0));
}

START_TEST(every_entry_explains)
{
	catalogue_each(catalogue, visit_explainer, NULL);
}
END_TEST

static unsigned syllables(const char *word, size_t length)
{
	unsigned count = 0;
	bool vowel = false;

	for (size_t i = 0; i < length; i++) {
		bool now = strchr("aeiouy", g_ascii_tolower(word[i])) != NULL;

		count += now && !vowel;
		vowel = now;
	}
	if (count > 1 && g_ascii_tolower(word[length - 1]) == 'e' && g_ascii_tolower(word[length - 2]) != 'l')
		count--;
	return MAX(count, 1);
}

static void read_sentences(const char *text, struct visits *visits)
{
	while (*text) {
		size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'-");

		if (length) {
			visits->words++;
			visits->syllables += syllables(text, length);
		}
		text += length;
		visits->sentences += *text && strchr(".!?:;", *text) && (text[1] == ' ' || text[1] == '\0');
		text += *text != '\0';
	}
}

static double grade(const struct visits *visits)
{
	return 0.39 * visits->words / visits->sentences + 11.8 * visits->syllables / visits->words - 15.59;
}

/* Of one text: short ones with a long name in them are harder by the measure than to a reader. */
#define HARDEST 13

static void visit_sentences(const struct catalogue_entry *entry, void *data)
{
	static const char *const keys[] = {"summary", "advice"};

	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *text = entry_value(entry, keys[i]);
		struct visits one = {0}, *all = data;

		if (!text || !*text)
			continue;
		read_sentences(text, all);
		read_sentences(text, &one);
		ck_assert_msg(grade(&one) <= HARDEST, "%s: %s: grade %.1f, over %d: %s", entry_place(entry), keys[i], grade(&one), HARDEST, text);
		ck_assert_msg(one.sentences > 0 && one.words <= 20 * one.sentences, "%s: %s: sentences too long: %s", entry_place(entry), keys[i], text);
	}
}

START_TEST(sentences_are_plain)
{
	struct visits visits = {0};

	catalogue_each(catalogue, visit_sentences, &visits);
	ck_assert_uint_gt(visits.sentences, 1000);
	ck_assert_msg(grade(&visits) <= 8, "Flesch-Kincaid grade %.2f", grade(&visits));
}
END_TEST

/* The measure itself, against sentences graded by hand. */
START_TEST(grade_is_what_flesch_and_kincaid_meant)
{
	struct visits easy = {0}, hard = {0};

	read_sentences("The cat sat on the mat.", &easy);
	ck_assert_uint_eq(easy.words, 6);
	ck_assert_uint_eq(easy.sentences, 1);
	ck_assert_uint_eq(easy.syllables, 6);
	ck_assert(fabs(grade(&easy) - -1.45) < 0.01);
	read_sentences("The authentication infrastructure repudiated unauthenticated correspondents.", &hard);
	ck_assert(grade(&hard) > 12);
}
END_TEST

static const struct {
	const char *id, *key, *language, *text;
} languages[] = {
	{"t.full", "summary", NULL, "one"},
	{"t.full", "summary", "en", "one"},
	{"t.full", "summary", "qq", "eins"},
	{"t.full", "summary", "QQ", "eins"},
	{"t.full", "summary", "qq_AA", "eins-aa"},
	{"t.full", "summary", "qq-aa", "eins-aa"},
	{"t.full", "summary", "qq-BB", "eins"},
	{"t.full", "summary", "qqq", "one"},
	{"t.full", "summary", "q", "one"},
	{"t.full", "summary", "", "one"},
	{"t.full", "advice", "qq", NULL},
	{"t.full", "admin", "qq", "drei"},
	{"reason.test", "advice", "qq", "zwei"},
};

static const char site[] = "[provider.t]\nname=T\nkind=mailbox\n"
			   "[reason.test]\ntitle=t\nsummary=r-one\nadvice=r-two\nadmin=r-three\nowner=nobody\nsummary[qq]=r-eins\nadvice[qq]=zwei\nadmin[qq]=r-drei\n"
			   "[t.full]\npattern=xyzzy\nreason=test\npriority=95\nsummary=one\nsummary[qq]=eins\nsummary[qq_AA]=eins-aa\nadmin[qq]=drei\n"
			   "[t.bare]\npattern=xyzzz\nreason=test\npriority=95\nsummary=bare\nowner=sender\nconfidence=low\n";

START_TEST(text_in_a_language)
{
	struct catalogue *own = site_good(site);
	const struct catalogue_entry *entry = catalogue_get(own, languages[_i].id);

	ck_assert_pstr_eq(entry_text(entry, languages[_i].key, languages[_i].language), languages[_i].text);
	catalogue_unref(own);
}
END_TEST

START_TEST(sentences_are_inherited)
{
	struct catalogue *own = site_good(site);
	const struct catalogue_entry *full = catalogue_get(own, "t.full"), *bare = catalogue_get(own, "t.bare");

	ck_assert_str_eq(entry_sentence(full, "advice", NULL), "r-two");
	ck_assert_str_eq(entry_sentence(full, "advice", "qq"), "zwei");
	ck_assert_str_eq(entry_sentence(full, "admin", NULL), "r-three");
	ck_assert_str_eq(entry_sentence(bare, "summary", NULL), "bare");
	ck_assert_str_eq(entry_sentence(bare, "summary", "qq"), "r-eins");	/* the reason in the reader's language beats the entry in English */
	ck_assert_str_eq(entry_sentence(bare, "summary", "zz"), "bare");
	ck_assert_str_eq(entry_owner(full), "nobody");
	ck_assert_str_eq(entry_owner(bare), "sender");
	ck_assert_int_eq(entry_confidence(full), CONFIDENCE_HIGH);
	ck_assert_int_eq(entry_confidence(bare), CONFIDENCE_LOW);
	ck_assert_str_eq(entry_id(entry_provider(full)), "provider.t");
	ck_assert(entry_provider_is(full, "mailbox"));
	ck_assert(!entry_provider_is(full, "mta"));
	ck_assert(!entry_provider_is(entry_reason(full), "mailbox"));
	catalogue_unref(own);
}
END_TEST

START_TEST(unknown_ids_and_keys)
{
	const struct catalogue_entry *entry = catalogue_get(catalogue, "code.550");

	ck_assert_ptr_null(catalogue_get(catalogue, "code.999"));
	ck_assert_ptr_null(catalogue_get(catalogue, ""));
	ck_assert_ptr_null(entry_value(entry, "pattern"));
	ck_assert_ptr_null(entry_value(entry, "no-such-key"));
	ck_assert_ptr_null(entry_provider(entry));
	ck_assert_int_eq(entry_sort(entry), ENTRY_CODE);
}
END_TEST

START_TEST(references_keep_it_alive)
{
	struct catalogue *own = catalogue_load(NULL, NULL), *other = catalogue_ref(own);

	catalogue_unref(own);
	ck_assert_ptr_nonnull(catalogue_get(other, "code.550"));
	catalogue_unref(other);
	catalogue_unref(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("catalogue");
	TCase *tests = tcase_create("catalogue");
	int failed;

	catalogue = catalogue_load(NULL, NULL);
	g_assert(catalogue);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, number_alone, 0, (int)G_N_ELEMENTS(codes));
	tcase_add_test(tests, failure_is_not_explained_as_success);
	tcase_add_loop_test(tests, common_codes_are_explained, 0, (int)G_N_ELEMENTS(common));
	tcase_add_test(tests, visits_all_in_order);
	tcase_add_test(tests, reasons_are_complete);
	tcase_add_test(tests, every_entry_explains);
	tcase_add_test(tests, sentences_are_plain);
	tcase_add_test(tests, grade_is_what_flesch_and_kincaid_meant);
	tcase_add_loop_test(tests, text_in_a_language, 0, (int)G_N_ELEMENTS(languages));
	tcase_add_test(tests, sentences_are_inherited);
	tcase_add_test(tests, unknown_ids_and_keys);
	tcase_add_test(tests, references_keep_it_alive);
	suite_add_tcase(suite, tests);
	failed = run_suite(suite);
	catalogue_unref(catalogue);
	return failed;
}
