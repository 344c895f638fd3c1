/* check_block.c - where in a part the explanation goes, and how its bytes are written there: HTML, charsets, transfer encodings. Cases: rows of the tables. */
#include "block.h"
#include "suite.h"

#include <string.h>

/* '^' marks where a card goes, '~' where it goes if not inside (the same place where there is none). */
static const char *const places[] = {
	"<html><head><title>x</title></head>~<body>^<p>hello</p>",
	"<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\">\n<html>\n~<BODY bgcolor=white>^\ntext",
	"~<body title=\"a > b\" class='>'>^text",
	"<title><body></title>~<body>^",
	"<script>document.write(\"<body>\")</script><style>a { content: '<body>' }</style>~<body\nid=x>^",
	"<!-- <body> --><!--[if mso]><xml><o:x/></xml><![endif]-->~<body>^",
	"<?xml version=\"1.0\"?>\n<html xmlns=\"x\">~<body>^",
	"^~hello <body> there",
	"\n^~<p>hello</p>",
	"<html><head><meta charset=utf-8><link rel=x><base href=y>^~<p>no body</p>",
	"<html><head></head>^~<table><tr><td>x",
	"<html>^~<bodyguard>x",
	"^~<headline>x",
	"^~< body>",
	"<html>^~<body class=\"a",
	"^~",
	"^~<html",
	"^~<title>never closed <body>",
	"^~<!-- never closed <body>",
	"\xef\xbb\xbf^~text",
	"\xef\xbb\xbf<html>~<body>^text",
};

START_TEST(card_goes_where_html_begins_to_show)
{
	GString *html = g_string_new(NULL);
	size_t inside = 0, outside = 0;
	struct html_place place;

	for (const char *c = places[_i]; *c; c++) {
		if (*c == '^')
			inside = html->len;
		else if (*c == '~')
			outside = html->len;
		else
			g_string_append_c(html, *c);
	}
	place = html_place(html->str, html->len);
	ck_assert_msg(place.inside == inside && place.outside == outside, "%s: %zu, %zu", places[_i], place.inside, place.outside);
	g_string_free(html, TRUE);
}
END_TEST

static const struct {
	const char *text, *charset;
	bool eight_bit;
	const char *bytes;		/* NULL: cannot be done */
} encodings[] = {
	{"a\nb\n", NULL, false, "a\nb\n"},
	{"Gr\303\274\303\237e, ten bytes more", NULL, false, "Grusse, ten bytes more"},
	{"Gr\303\274\303\237e, ten bytes more", "us-ascii", true, "Grusse, ten bytes more"},
	{"Gr\303\274\303\237e", "utf-8", true, "Gr\303\274\303\237e"},
	{"Gr\303\274\303\237e", "utf-8", false, "Grusse"},
	{"Gr\303\274\303\237e", "iso-8859-1", true, "Gr\374\337e"},
	{"\342\202\254 5 for it", "iso-8859-1", true, "EUR 5 for it"},
	{"\342\202\254 5", "windows-1252", true, "\200 5"},
	{"\346\227\245\346\234\254", "iso-2022-jp", false, "\033$BF|K\\\033(B"},
	{"\346\227\245\346\234\254\n", "iso-2022-jp", false, "\033$BF|K\\\033(B\n"},
	{"\346\227\245\346\234\254", "us-ascii", false, NULL},
	{"\346\227\245\346\234\254", "iso-8859-1", true, NULL},
	{"plain", "utf-16", true, NULL},
	{"plain", "ucs-2", true, NULL},
	{"plain", "ebcdic-us", true, NULL},
	{"plain", "x-nobody-knows-it", true, "plain"},
	{"plain", "utf-8//translit", true, "plain"},
	{"plain", "", true, "plain"},
	{"", "utf-8", true, ""},
};

START_TEST(text_fits_into_the_charset)
{
	GString *bytes = charset_encode(encodings[_i].text, encodings[_i].charset, NULL, encodings[_i].eight_bit, "\n");

	ck_assert_msg((bytes != NULL) == (encodings[_i].bytes != NULL), "%s in %s", encodings[_i].text, encodings[_i].charset);
	if (bytes) {
		ck_assert_str_eq(bytes->str, encodings[_i].bytes);
		g_string_free(bytes, TRUE);
	}
}
END_TEST

START_TEST(language_and_line_ends_count)
{
	GString *bytes = charset_encode("Gr\303\274\303\237e\nan\nalle\n", NULL, "de", false, "\r\n");

	ck_assert_str_eq(bytes->str, "Gruesse\r\nan\r\nalle\r\n");
	g_string_free(bytes, TRUE);
}
END_TEST

static const struct {
	enum mail_encoding encoding;
	const char *raw, *decoded;
} decodings[] = {
	{MAIL_ENCODING_IDENTITY, "a=3D\r\nb", "a=3D\r\nb"},
	{MAIL_ENCODING_QUOTED_PRINTABLE, "a=3Db=3db=C3=A4", "a=b=b\303\244"},
	{MAIL_ENCODING_QUOTED_PRINTABLE, "<bo=\ndy>=\r\n<p> =  \n x", "<body><p>  x"},
	{MAIL_ENCODING_QUOTED_PRINTABLE, "bad =ZZ =4 =", "bad =ZZ =4 ="},
	{MAIL_ENCODING_BASE64, "aGVs\nbG8s\r\n IHdv!cmxk", "hello, world"},
	{MAIL_ENCODING_BASE64, "aGVsbG8=aGVsbG8=", "hel"},
	{MAIL_ENCODING_BASE64, "", ""},
	{MAIL_ENCODING_BASE64, "====", ""},
};

START_TEST(encoded_text_is_read)
{
	GString *out = g_string_new(NULL);

	transfer_decode(out, decodings[_i].encoding, decodings[_i].raw, strlen(decodings[_i].raw));
	ck_assert_msg(g_str_has_prefix(out->str, decodings[_i].decoded) && out->len <= strlen(decodings[_i].decoded) + 1, "%s", out->str);
	g_string_free(out, TRUE);
}
END_TEST

/* '^' in raw: behind the decoded bytes counted. */
static const struct {
	enum mail_encoding encoding;
	size_t count;
	const char *raw;
} offsets[] = {
	{MAIL_ENCODING_IDENTITY, 2, "ab^cd"},
	{MAIL_ENCODING_IDENTITY, 9, "abcd^"},
	{MAIL_ENCODING_QUOTED_PRINTABLE, 0, "^abc"},
	{MAIL_ENCODING_QUOTED_PRINTABLE, 2, "a=3D^=\r\nbc"},
	{MAIL_ENCODING_QUOTED_PRINTABLE, 3, "a=3D=\r\nb^c"},
	{MAIL_ENCODING_BASE64, 0, "^aGVsbG8s"},
	{MAIL_ENCODING_BASE64, 3, "aGVs^\nbG8s"},
	{MAIL_ENCODING_BASE64, 4, "aGVs\nbG^8s"},
	{MAIL_ENCODING_BASE64, 5, "aG!Vs\nbG8^s"},
	{MAIL_ENCODING_BASE64, 99, "aGVs\nbG8s^"},
};

START_TEST(decoded_place_is_found_in_raw_text)
{
	char **halves = g_strsplit(offsets[_i].raw, "^", 2), *raw = g_strconcat(halves[0], halves[1], NULL);

	ck_assert_uint_eq(transfer_offset(offsets[_i].encoding, raw, strlen(raw), offsets[_i].count), strlen(halves[0]));
	g_free(raw);
	g_strfreev(halves);
}
END_TEST

static const struct {
	const char *text, *encoded;
} quoted[] = {
	{"plain\n", "plain\r\n"},
	{"a=b\303\244\n", "a=3Db=C3=A4\r\n"},
	{"blank \ntab\t\r\nend ", "blank=20\r\ntab=09\r\nend=20"},
	{"From here\n.\n..x\n", "=46rom here\r\n=2E\r\n=2E.x\r\n"},
	{"not From here\n", "not From here\r\n"},
	{"a\rb\n", "a=0Db\r\n"},
	{"", ""},
	{"0123456789012345678901234567890123456789012345678901234567890123456789012345678\n",
	 "012345678901234567890123456789012345678901234567890123456789012345678901234=\r\n5678\r\n"},
	{"01234567890123456789012345678901234567890123456789012345678901234567890123\303\244\n",
	 "01234567890123456789012345678901234567890123456789012345678901234567890123=\r\n=C3=A4\r\n"},
};

static char *with_lf(const char *text)
{
	char **lines = g_strsplit(text, "\r\n", -1), *joined = g_strjoinv("\n", lines);

	g_strfreev(lines);
	return joined;
}

START_TEST(quoted_printable_is_written)
{
	GString *out = g_string_new(NULL), *back = g_string_new(NULL);
	char *wanted = with_lf(quoted[_i].text), *got;

	quoted_printable_encode(out, quoted[_i].text, strlen(quoted[_i].text), "\r\n");
	ck_assert_str_eq(out->str, quoted[_i].encoded);
	for (char *line = out->str; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		ck_assert_uint_le(strcspn(line, "\r\n"), 76);
	transfer_decode(back, MAIL_ENCODING_QUOTED_PRINTABLE, out->str, out->len);
	got = with_lf(back->str);
	ck_assert_str_eq(got, wanted);
	g_free(got);
	g_free(wanted);
	g_string_free(out, TRUE);
	g_string_free(back, TRUE);
}
END_TEST

/* Text put into the middle of base64 is read there, and all around it stays. */
static const struct {
	const char *content, *text;
	size_t place;
	bool possible;
} insertions[] = {
	{"0123456789", "abcabc", 0, true},
	{"0123456789", "abcabc", 3, true},
	{"<x><p>yyy", "<abcd>", 3, true},
	{"<xx><p>yyy", "<abcd>", 4, true},
	{"<xxx><p>yyy", "<abcd>", 5, true},
	{"<xx>word", "<abcd>", 4, false},
	{"<xx>\nword", "\n<bcd>", 4, true},
	{"<xx>\nword", "<abcd>", 4, false},
	{"<xxx>word", "<abcd>", 5, false},
	{"<xx>", "<abcd>", 4, false},
	{"0123456789", "ab", 0, false},
	{"0123456789", "", 0, false},
	{"abc", "abcabc", 3, true},
	{"abc", "abcabc", 6, false},
};

START_TEST(base64_takes_pure_insertions)
{
	const char *content = insertions[_i].content;
	GString *decoded = g_string_new(content), *text = g_string_new(insertions[_i].text), *out = g_string_new(NULL), *back = g_string_new(NULL);
	char *raw = g_base64_encode((const guchar *)content, strlen(content));
	bool done = base64_insertion(out, text, decoded, insertions[_i].place, "\r\n", false, true);

	ck_assert_msg(done == insertions[_i].possible, "%s", content);
	if (done) {
		GString *whole = g_string_new(raw), *wanted = g_string_new(content);

		g_string_insert(whole, (gssize)transfer_offset(MAIL_ENCODING_BASE64, raw, strlen(raw), insertions[_i].place), out->str);
		g_string_insert(wanted, (gssize)insertions[_i].place, text->str);
		transfer_decode(back, MAIL_ENCODING_BASE64, whole->str, whole->len);
		ck_assert_msg(g_str_has_prefix(wanted->str, back->str) && back->len + 3 > wanted->len, "%s", back->str);
		g_string_free(whole, TRUE);
		g_string_free(wanted, TRUE);
	} else {
		ck_assert_uint_eq(out->len, 0);
	}
	g_free(raw);
	g_string_free(decoded, TRUE);
	g_string_free(text, TRUE);
	g_string_free(out, TRUE);
	g_string_free(back, TRUE);
}
END_TEST

START_TEST(base64_lines_are_short)
{
	GString *text = g_string_new("<"), *decoded = g_string_new("<body><p>text"), *out = g_string_new(NULL);

	for (int i = 0; i < 299; i++)
		g_string_append_c(text, 'x');
	ck_assert(base64_insertion(out, text, decoded, 6, "\n", false, true));
	for (char *line = out->str; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		ck_assert_uint_le(strcspn(line, "\n"), 76);
	g_string_free(text, TRUE);
	g_string_free(decoded, TRUE);
	g_string_free(out, TRUE);
}
END_TEST

/* Format=flowed (RFC 3676): no line of ours may end in a blank or begin as a quotation. */
START_TEST(flowed_text_is_stuffed)
{
	static const char message[] = "Subject: x\nContent-Type: text/plain; format=flowed\n\ntext\n";
	struct mail *mail = mail_new(message, sizeof message - 1);
	struct edit_insertion insertion = {0, NULL, 0};

	ck_assert_ptr_null(block_insertion(mail, mail_part(mail, 0), "one\n two\n> three\nFrom four\n\n", NULL, &insertion));
	ck_assert_str_eq(insertion.bytes, "one\n  two\n > three\n From four\n\n");
	ck_assert_uint_eq(insertion.offset, sizeof message - 1 - strlen("text\n"));
	g_free(insertion.bytes);
	mail_free(mail);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("block");
	TCase *tests = tcase_create("block");

	mail_init();
	tcase_add_loop_test(tests, card_goes_where_html_begins_to_show, 0, (int)G_N_ELEMENTS(places));
	tcase_add_loop_test(tests, text_fits_into_the_charset, 0, (int)G_N_ELEMENTS(encodings));
	tcase_add_test(tests, language_and_line_ends_count);
	tcase_add_loop_test(tests, encoded_text_is_read, 0, (int)G_N_ELEMENTS(decodings));
	tcase_add_loop_test(tests, decoded_place_is_found_in_raw_text, 0, (int)G_N_ELEMENTS(offsets));
	tcase_add_loop_test(tests, quoted_printable_is_written, 0, (int)G_N_ELEMENTS(quoted));
	tcase_add_loop_test(tests, base64_takes_pure_insertions, 0, (int)G_N_ELEMENTS(insertions));
	tcase_add_test(tests, base64_lines_are_short);
	tcase_add_test(tests, flowed_text_is_stuffed);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
