/* check_mail.c - the door to GMime: parts, decoded text, raw offsets, limits. */
#include "mail.h"
#include "suite.h"

#include <string.h>

/* parts: "index-parent type text" lines, text cut at 20 bytes, LF shown as '/'. */
static const struct {
	const char *name, *bytes, *parts;
} messages[] = {
	{"empty", "", "0<-1 text/plain []\n"},
	{"no header", "\nhello\n", "0<-1 text/plain [hello/]\n"},
	{"header only", "Subject: x\n", "0<-1 text/plain []\n"},
	{"plain", "Subject: x\n\nhello\n", "0<-1 text/plain [hello/]\n"},
	{"crlf", "Subject: x\r\n\r\nhello\r\nyou\r\n", "0<-1 text/plain [hello/you/]\n"},
	{"latin", "Content-Type: text/plain; charset=iso-8859-1\n\ngr\xfc\xdf\n", "0<-1 text/plain [gr\xc3\xbc\xc3\x9f/]\n"},
	{"wrong charset", "Content-Type: text/plain; charset=us-ascii\n\ngr\xfc\n", "0<-1 text/plain [gr\xc3\xbc/]\n"},
	{"unknown charset", "Content-Type: text/plain; charset=klingon\n\nabc\n", "0<-1 text/plain [abc/]\n"},
	{"japanese", "Content-Type: text/plain; charset=iso-2022-jp\n\n\033$B%a!<%k\033(B\n", "0<-1 text/plain [\xe3\x83\xa1\xe3\x83\xbc\xe3\x83\xab/]\n"},
	{"quoted-printable", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\na=C3=BC=\nb\n", "0<-1 text/plain [a\xc3\xbc" "b/]\n"},
	{"base64", "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\naGVsbG8K\n", "0<-1 text/plain [hello/]\n"},
	{"report",
	 "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; "
	 "x\n--b\nContent-Type: message/rfc822\n\nSubject: old\n\nold body\n--b--\n",
	 "0<-1 multipart/report\n1<0 text/plain [hi]\n2<0 message/delivery-status [Reporting-MTA: dns; ]\n3<0 message/rfc822 [Subject: old/]\n4<3 text/plain [old body] "
	 "enclosed\n"},
	{"boundary that never comes", "Content-Type: multipart/mixed; boundary=b\n\nhello\n", "0<-1 multipart/mixed\n1<0 text/plain [hello/]\n"},
};

static char *describe(const struct mail *mail)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < mail->parts->len; i++) {
		const struct mail_part *part = mail_part(mail, i);

		g_string_append_printf(out, "%u<%d %s", i, part->parent, part->type);
		if (part->text)
			g_string_append_printf(out, " [%.20s]", part->text);
		g_string_append_printf(out, "%s\n", part->enclosed ? " enclosed" : "");
	}
	for (char *c = out->str; *c; c++)
		if (*c == '\n' && c[1] && (c[1] < '0' || c[1] > '9' || c[2] != '<'))
			*c = '/';
	return g_string_free(out, FALSE);
}

START_TEST(reads_structure_and_text)
{
	struct mail *mail = mail_new(messages[_i].bytes, strlen(messages[_i].bytes));
	char *parts = describe(mail);

	ck_assert_msg(strcmp(parts, messages[_i].parts) == 0, "%s:\n%s", messages[_i].name, parts);
	g_free(parts);
	mail_free(mail);
}
END_TEST

START_TEST(offsets_point_at_the_raw_content)
{
	const char *bytes = "Content-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=\r\n--b\r\n\r\nsecond\r\n--b--\r\n";
	struct mail *mail = mail_new(bytes, strlen(bytes));
	const struct mail_part *first = mail_part(mail, 1), *second = mail_part(mail, 2);

	ck_assert_uint_eq(mail->body, (size_t)(strstr(bytes, "preamble") - bytes));
	ck_assert_ptr_eq(bytes + first->start, strstr(bytes, "aGk="));
	ck_assert_ptr_eq(bytes + second->start, strstr(bytes, "second"));
	ck_assert_uint_eq(second->end - second->start, strlen("second"));
	ck_assert_int_eq(first->encoding, MAIL_ENCODING_BASE64);
	ck_assert(!mail->doubtful);
	mail_free(mail);
}
END_TEST

START_TEST(fields_are_decoded)
{
	const char *bytes = "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n =?utf-8?q?_an?= alle\nFrom: \"A. B.\" <a@example.com>\nReturn-Path: <>\n\n";
	struct mail *mail = mail_new(bytes, strlen(bytes));
	char *from = mail_address(mail_field(mail, "From")), *sender = mail_address(mail_field(mail, "return-path"));

	ck_assert_str_eq(mail_field(mail, "subject"), "Gr\xc3\xbc\xc3\x9f" "e an alle");
	ck_assert_str_eq(from, "a@example.com");
	ck_assert_str_eq(sender, "");
	ck_assert_ptr_null(mail_field(mail, "Date"));
	ck_assert_ptr_null(mail_address("undisclosed-recipients:;"));
	g_free(from);
	g_free(sender);
	mail_free(mail);
}
END_TEST

START_TEST(many_parts_are_bounded)
{
	GString *bytes = g_string_new("Content-Type: multipart/mixed; boundary=b\n\n");
	struct mail *mail;

	for (int i = 0; i < 50000; i++)
		g_string_append(bytes, "--b\n\nx\n");
	mail = mail_new(bytes->str, bytes->len);
	ck_assert(mail->truncated);
	ck_assert_uint_le(mail->parts->len, MAIL_PARTS_LIMIT + 1);
	mail_free(mail);
	g_string_free(bytes, TRUE);
}
END_TEST

START_TEST(deep_nesting_is_bounded)
{
	GString *bytes = g_string_new(NULL);
	struct mail *mail;
	int deepest = 0;

	for (int i = 0; i < 2000; i++)
		g_string_append_printf(bytes, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	mail = mail_new(bytes->str, bytes->len);
	for (guint i = 0; i < mail->parts->len; i++)
		deepest = MAX(deepest, mail_part(mail, i)->depth);
	ck_assert(mail->truncated);
	ck_assert_int_le(deepest, (int)MAIL_BOUNDARY_LIMIT + 1);
	mail_free(mail);
	g_string_free(bytes, TRUE);
}
END_TEST

/* What comes before them is read, whatever they are followed by. */
START_TEST(blank_lines_are_bounded)
{
	GString *bytes = g_string_new("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n--b\n\n");
	struct mail *mail;

	for (int i = 0; i < 500000; i++)
		g_string_append_c(bytes, '\n');
	g_string_append(bytes, "--b\n\nlast\n--b--\n");
	mail = mail_new(bytes->str, bytes->len);
	ck_assert(mail->truncated);
	ck_assert_uint_eq(mail->parts->len, 3);
	ck_assert_str_eq(mail_part(mail, 1)->text, "first");
	mail_free(mail);
	g_string_free(bytes, TRUE);
}
END_TEST

START_TEST(long_text_is_cut)
{
	GString *bytes = g_string_new("Subject: x\n\n");
	struct mail *mail;

	for (int i = 0; i < 40000; i++)
		g_string_append(bytes, "0123456789\n");
	mail = mail_new(bytes->str, bytes->len);
	ck_assert(mail->truncated);
	ck_assert_uint_le(mail_part(mail, 0)->text_length, MAIL_TEXT_LIMIT);
	mail_free(mail);
	g_string_free(bytes, TRUE);
}
END_TEST

START_TEST(every_truncation_and_flip_is_survived)
{
	const char *bytes = messages[11].bytes;
	size_t length = strlen(bytes);

	for (size_t i = 0; i < length; i++) {
		char *damaged = g_memdup2(bytes, length);
		struct mail *cut = mail_new(bytes, i), *flipped;

		damaged[i] ^= (char)0x80;
		flipped = mail_new(damaged, length);
		ck_assert_uint_ge(cut->parts->len, 1);
		ck_assert_uint_ge(flipped->parts->len, 1);
		mail_free(cut);
		mail_free(flipped);
		g_free(damaged);
	}
}
END_TEST

static const struct {
	const char *field, *date;
} dates[] = {
	{"Mon, 30 Nov 2026 12:00:00 +0100", "2026-11-30 12:00 (UTC+01:00)"},
	{"Mon, 30 Nov 2026 12:00:00 -0330 (NST)", "2026-11-30 12:00 (UTC-03:30)"},
	{"30 Nov 2026 12:00:59 +0000", "2026-11-30 12:00 (UTC)"},
	{"Mon, 30 Nov 2026 12:00:00 GMT", "2026-11-30 12:00 (UTC)"},
	{"tomorrow", NULL},
	{"", NULL},
};

START_TEST(dates_are_read)
{
	char *date = mail_date(dates[_i].field);

	ck_assert_pstr_eq(date, dates[_i].date);
	g_free(date);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mail");
	TCase *tests = tcase_create("mail");

	mail_init();
	tcase_add_loop_test(tests, reads_structure_and_text, 0, (int)G_N_ELEMENTS(messages));
	tcase_add_test(tests, offsets_point_at_the_raw_content);
	tcase_add_test(tests, fields_are_decoded);
	tcase_add_loop_test(tests, dates_are_read, 0, (int)G_N_ELEMENTS(dates));
	tcase_add_test(tests, many_parts_are_bounded);
	tcase_add_test(tests, deep_nesting_is_bounded);
	tcase_add_test(tests, blank_lines_are_bounded);
	tcase_add_test(tests, long_text_is_cut);
	tcase_add_test(tests, every_truncation_and_flip_is_survived);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
