/* check_catalogue-check.c - the built-in catalogue has no findings, and each sort of mistake gives one. Cases: rows of the table below. */
#include "catalogue-check.h"
#include "site.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

#define P "[provider.p]\nname=P\nkind=mailbox\n"
#define GOOD "source=test\nchecked=2026-11-23\n"
#define TEXT "reason=mailbox-full\npriority=99\n" GOOD
#define PROVEN "example=550 qxqx\n"

static const struct {
	const char *text, *finding;	/* NULL: none */
} cases[] = {
	{P "[p.a]\npattern=qxqx\n" TEXT PROVEN, NULL},
	{P "[p.a]\npattern=\nreason=mailbox-full\npriority=99\n", NULL},
	{P, "site.conf:2: [provider.p] name: this provider has no entries"},
	{P "[p.a]\npattern=qxqx\n" TEXT, "site.conf:4: [p.a] example: is missing"},
	{P "[p.a]\npattern=qxqx\nreason=mailbox-full\npriority=99\nchecked=2026-11-23\n" PROVEN, "site.conf:4: [p.a] source: is missing"},
	{P "[p.a]\npattern=qxqx\nreason=mailbox-full\npriority=99\nsource=x\n" PROVEN, "site.conf:4: [p.a] checked: is missing"},
	{P "[p.a]\npattern=qyqy\n" TEXT PROVEN, "site.conf:10: [p.a] example: the pattern does not match it as it is searched: 550 qxqx"},
	{P "[p.a]\npattern=qxqx\nhost=h\\.example\n" TEXT PROVEN, "site.conf:4: [p.a] example-host: is missing, and the entry has a host"},
	{P "[p.a]\npattern=qxqx\nhost=h\\.example\nexample-host=mx.other.example\n" TEXT PROVEN,
	 "site.conf:12: [p.a] example: the pattern matches it, but host or code does not"},
	{P "[p.a]\npattern=qxqx\nhost=h\\.example\nexample-host=mx.h.example\n" TEXT PROVEN, NULL},
	{P "[p.a]\npattern=qxqx\ncode=552\n" TEXT PROVEN, "site.conf:11: [p.a] example: the pattern matches it, but host or code does not"},
	{P "[p.a]\npattern=qxqx\ncode=550\n" TEXT PROVEN, NULL},
	{P "[p.a]\npattern=qxqx\n" TEXT PROVEN "[p.b]\npattern=550 qxqx\nreason=mailbox-full\npriority=98\n" GOOD PROVEN,
	 "site.conf:17: [p.b] example: is won by p.a (priority 99 against 98)"},
	{P "[p.a]\npattern=qxqx\n" TEXT PROVEN "[p.b]\npattern=qxqx\n" TEXT PROVEN, "site.conf:12: [p.b] pattern: p.a has the same pattern and conditions"},
	{P "[p.a]\npattern=qxqx|(?:a+a+)+\\d$\n" TEXT PROVEN, "site.conf:5: [p.a] pattern: takes too many steps on a long text made of \"a\""},
	{P "[p.a]\npattern=qxqx\nsummary=No full stop\n" TEXT PROVEN, "site.conf:6: [p.a] summary: must end with a full stop"},
	{P "[p.a]\npattern=qxqx\nsummary=For {to} at {provider}.\n" TEXT PROVEN, NULL},
	{P "[p.a]\npattern=qxqx\nadvice=For {recipient}.\n" TEXT PROVEN, "site.conf:6: [p.a] advice: there is no variable {recipient}"},
	{P "[p.a]\npattern=qxqx\nadvice=For {count}.\n" TEXT PROVEN, "site.conf:6: [p.a] advice: there is no variable {count}"},
	{P "[p.a]\npattern=qxqx\nadvice=Wait.\nadvice[de]=F\303\274r {foo}.\n" TEXT PROVEN, "site.conf:7: [p.a] advice[de]: there is no variable {foo}"},
	{P "[p.a]\npattern=qxqx\nadvice=For {to.\n" TEXT PROVEN, "site.conf:6: [p.a] advice: there is no variable {to.}"},
	{"[phrase.more]\ntext=and {count} more\n", NULL},
	{"[phrase.more]\ntext=and {number} more\n", "site.conf:2: [phrase.more] text: there is no variable {number}"},
	{"[phrase.more]\ntext[de]=und mehr\n", "embedded:phrases.conf: [phrase.more] text: the translation [de] has not the same variables"},
	{"[phrase.more]\ntext[xx]={count}\n", NULL},
	{P "[p.a]\npattern=qxqx|(?:[a-z]|[a-y])+!$\n" TEXT PROVEN, "site.conf:5: [p.a] pattern: takes too many steps on a long text made of \"a\""},
	{P "[p.a]\npattern=qxqx|(?:\\w+ ?)+:$\n" TEXT PROVEN, "site.conf:5: [p.a] pattern: takes too many steps on a long text made of"},
	{P "[p.a]\npattern=qxqx|(?:(?:wait )*(?:wait ?)*)*qwqw\n" TEXT PROVEN, "site.conf:5: [p.a] pattern: takes too many steps on a long text made of \"wait"},
	{"[reason.mailbox-full]\nadvice=\n", "site.conf:2: [reason.mailbox-full] advice: is empty"},
	{"[reason.mailbox-full]\nadvice[de]=\n", "site.conf:2: [reason.mailbox-full] advice[de]: is empty"},
	{"[phrase.more]\ntext=\n", "site.conf:2: [phrase.more] text: is empty"},
	{P "[p.a]\npattern=qxqx\nadvice=\n" TEXT PROVEN, NULL},
	{"[reason.own]\ntitle=t\nsummary=s.\nadvice=a.\nadmin=a.\nowner=nobody\n", "site.conf:2: [reason.own] title: no entry has this reason"},
	{"[code.599]\nmeaning=test\nreason=virus\nchecked=2026-11-23\n", "site.conf:1: [code.599] source: is missing"},
	{"[code.599]\nmeaning=test\nreason=virus\nsource=x\n", "site.conf:1: [code.599] checked: is missing"},
	{"[code.599]\nmeaning=test\nreason=virus\n" GOOD, NULL},
	{"[dsn.5.1.1]\nmeaning=test\nreason=virus\n" GOOD "[dsn.4.1.1]\nmeaning=test\nreason=virus\n" GOOD "[dsn.2.1.1]\nmeaning=test\nreason=virus\n" GOOD,
	 "enhanced-codes.conf: [dsn.X.1.1] meaning: can never win: other entries speak for each of its codes"},
	{"[reason.mailbox-full]\nsummary[xx]=voll.\n", NULL},
};

/* Findings as one text, without line numbers of the embedded files. The caller frees it. */
static char *check_all(const struct catalogue *catalogue)
{
	GPtrArray *findings = catalogue_check(catalogue);
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < findings->len; i++) {
		char *finding = findings->pdata[i], *site = strstr(finding, "site.conf:");
		GRegex *line = g_regex_new("^(embedded:[^:]*):\\d+", 0, 0, NULL);
		char *shown = g_regex_replace(line, site ? site : finding, -1, 0, "\\1", 0, NULL);

		g_string_append_printf(all, "%s%s", i ? "\n" : "", shown);
		g_free(shown);
		g_regex_unref(line);
	}
	g_ptr_array_unref(findings);
	return g_string_free(all, FALSE);
}

START_TEST(built_in_catalogue_is_clean)
{
	struct catalogue *catalogue = catalogue_load(NULL, NULL);
	char *findings = check_all(catalogue);

	ck_assert_msg(*findings == '\0', "%s", findings);
	g_free(findings);
	catalogue_unref(catalogue);
}
END_TEST

START_TEST(finds_each_mistake)
{
	struct catalogue *catalogue = site_good(cases[_i].text);
	char *findings = check_all(catalogue);

	if (cases[_i].finding)
		ck_assert_msg(strstr(findings, cases[_i].finding), "wanted: %s\ngot: %s", cases[_i].finding, findings);
	else
		ck_assert_msg(!strstr(findings, "site.conf") && !strstr(findings, "variables"), "%s", findings);
	g_free(findings);
	catalogue_unref(catalogue);
}
END_TEST

/* The same id twice: in one file it is an error of loading, in two files of a site a finding. */
START_TEST(finds_duplicate_ids)
{
	char *folder = g_dir_make_tmp("smtp-explain-XXXXXX", NULL), *one = g_build_filename(folder, "a.conf", NULL), *two = g_build_filename(folder, "b.conf", NULL);
	const char *const paths[] = {folder, NULL};
	char *wanted = g_strdup_printf("%s:2: [p.a] pattern: the same id has a section with a pattern at %s:4, which this replaces", two, one), *all;
	struct catalogue *catalogue;
	GPtrArray *findings;

	ck_assert(g_file_set_contents(one, P "[p.a]\npattern=qxqx\n" TEXT PROVEN, -1, NULL));
	ck_assert(g_file_set_contents(two, "[p.a]\npattern=qyqy\nexample=550 qyqy\n", -1, NULL));
	catalogue = catalogue_load(paths, NULL);
	ck_assert_ptr_nonnull(catalogue);
	findings = catalogue_check(catalogue);
	g_ptr_array_add(findings, NULL);
	all = g_strjoinv("\n", (char **)findings->pdata);
	ck_assert_msg(strstr(all, wanted), "wanted: %s\ngot: %s", wanted, all);
	ck_assert(remove(one) == 0 && remove(two) == 0 && remove(folder) == 0);
	g_free(all);
	g_ptr_array_unref(findings);
	catalogue_unref(catalogue);
	g_free(wanted);
	g_free(two);
	g_free(one);
	g_free(folder);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("catalogue-check");
	TCase *tests = tcase_create("catalogue-check");

	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, built_in_catalogue_is_clean);
	tcase_add_loop_test(tests, finds_each_mistake, 0, (int)G_N_ELEMENTS(cases));
	tcase_add_test(tests, finds_duplicate_ids);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
