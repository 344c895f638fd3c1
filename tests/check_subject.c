/* check_subject.c - the tag in front of a subject: its words, its place, and the subjects that get none. */
#include "subject.h"
#include "suite.h"

#include <string.h>

static struct catalogue *catalogue;

static struct report *report_in(const char *language)
{
	struct explain_options options = {.catalogue = catalogue, .language = language};
	struct report *report = explain_reply("550 5.1.1 User unknown", &options);

	report->bounce->kind = KIND_BOUNCE;
	return report;
}

static const struct {
	const char *tag, *language, *text;
} tags[] = {
	{"[{title}]", NULL, "[Address does not exist] "},
	{"[{title}]", "de", "[Adresse existiert nicht] "},
	{"[{kind}: {reason}, {owner}]", NULL, "[bounce: recipient-unknown, sender] "},
	{"Unzustellbar f\303\274r Sie:", "de", "Unzustellbar =?utf-8?q?f=C3=BCr?= Sie: "},
	{"zur\303\274ck", "de", "=?utf-8?q?zur=C3=BCck?= =?utf-8?q?_?= "},
	{"[{title}]", "ja", NULL},
};

START_TEST(tags_are_one_ascii_line_with_a_blank_behind)
{
	struct report *report = report_in(tags[_i].language);
	char *text = subject_tag_text(report, tags[_i].tag);

	if (tags[_i].text)
		ck_assert_str_eq(text, tags[_i].text);
	ck_assert(g_str_is_ascii(text));
	ck_assert(g_str_has_suffix(text, " "));
	ck_assert_ptr_null(subject_tag_wrong(tags[_i].tag));
	g_free(text);
	report_free(report);
}
END_TEST

static const struct {
	const char *header, *value;	/* value: NULL where there is to be no tag */
} subjects[] = {
	{"Subject: Returned mail\n\n", " [T] Returned mail"},
	{"SUBJECT: Returned mail\r\n\r\n", " [T] Returned mail"},
	{"Subject:\tReturned mail\n\n", "\t[T] Returned mail"},
	{"Subject:  two blanks\n\n", " [T]  two blanks"},
	{"Subject: one\n two\n\n", " [T] one\n two"},
	{"Subject: one\r\n two\r\n\r\n", " [T] one\n two"},
	{"Subject: =?iso-8859-1?q?Zur=FCck?=\n\n", " [T] =?iso-8859-1?q?Zur=FCck?="},
	{"Subject: Zur\374ck\n\n", " [T] Zur\374ck"},
	{"Subject: a\nSubject: b\n\n", " [T] a"},
	{"Subject: 23456789012345678901234567890123456789012345678901234567890123456789012345\n\n",
	 " [T]\n 23456789012345678901234567890123456789012345678901234567890123456789012345"},
	{"Subject: 234567890123456789012345678901234567890123456789012345678901234\n\n", " [T] 234567890123456789012345678901234567890123456789012345678901234"},
	{"Subject:x\n\n", NULL},
	{"Subject:\n\n", NULL},
	{"Subject: \n \n\n", NULL},
	{"Subject : x\n\n", NULL},
	{"Subject: a\rb\n\n", NULL},
	{"X-Subject: a\n\n", NULL},
	{"\n", NULL},
};

START_TEST(the_first_subject_is_tagged_where_it_can_be_given_back)
{
	struct mail *mail = mail_new(subjects[_i].header, strlen(subjects[_i].header));
	struct edits *edits = edits_new();

	subject_edit(edits, mail, "[T] ");
	ck_assert_pstr_eq(edits->subject ? edits->subject->value : NULL, subjects[_i].value);
	edits_free(edits);
	mail_free(mail);
}
END_TEST

START_TEST(endless_and_binary_subjects_stay)
{
	char *filler = g_strnfill(SUBJECT_VALUE_LIMIT, 'x'), *header = g_strdup_printf("Subject: %s\n\n", filler);
	static const char binary[] = "Subject: a\0b\n\n";
	struct mail *mails[] = {mail_new(header, strlen(header)), mail_new(binary, sizeof binary - 1)};
	struct edits *edits = edits_new();

	for (size_t i = 0; i < G_N_ELEMENTS(mails); i++) {
		subject_edit(edits, mails[i], "[T] ");
		ck_assert_ptr_null(edits->subject);
		mail_free(mails[i]);
	}
	edits_free(edits);
	g_free(header);
	g_free(filler);
}
END_TEST

static const struct {
	const char *tag, *wrong;
} mistakes[] = {
	{"[{tilte}]", "tilte"}, {"{title} {to}", "to"}, {"{", ""}, {"{title", "title"}, {"}", NULL}, {"[Undeliverable]", NULL}, {"", NULL},
};

START_TEST(unknown_variables_are_told)
{
	char *wrong = subject_tag_wrong(mistakes[_i].tag);

	ck_assert_pstr_eq(wrong, mistakes[_i].wrong);
	g_free(wrong);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("subject");
	TCase *tests = tcase_create("subject");
	int status;

	mail_init();
	catalogue = catalogue_load(NULL, NULL);
	tcase_add_loop_test(tests, tags_are_one_ascii_line_with_a_blank_behind, 0, (int)G_N_ELEMENTS(tags));
	tcase_add_loop_test(tests, the_first_subject_is_tagged_where_it_can_be_given_back, 0, (int)G_N_ELEMENTS(subjects));
	tcase_add_test(tests, endless_and_binary_subjects_stay);
	tcase_add_loop_test(tests, unknown_variables_are_told, 0, (int)G_N_ELEMENTS(mistakes));
	suite_add_tcase(suite, tests);
	status = run_suite(suite);
	catalogue_unref(catalogue);
	return status;
}
