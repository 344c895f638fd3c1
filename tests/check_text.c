/* check_text.c - folding, disarming, cutting, finding, expanding and wrapping of text. Cases: rows of the tables. */
#include "suite.h"
#include "text.h"

#include <string.h>

static const struct {
	const char *text, *folded;
} foldings[] = {
	{"", ""}, {"  ", ""}, {"a", "a"}, {" a  b\r\n\tc ", "a b c"}, {"\n\na\n\nb\n", "a b"}, {"a\302\240b", "a\302\240b"}, {"a\fb", "a b"},
};

START_TEST(white_space_is_folded)
{
	char *folded = text_fold(foldings[_i].text);

	ck_assert_str_eq(folded, foldings[_i].folded);
	g_free(folded);
}
END_TEST

static const struct {
	const char *text, *printable;
} printables[] = {
	{"", ""},
	{"plain \\ text", "plain \\ text"},
	{"a\tb\nc\r\nd\re", "a b c d e"},
	{"\x1b[31mred\x07", "\\x1b[31mred\\x07"},
	{"\x7f", "\\x7f"},
	{"\302\205\302\233", "\\x85\\x9b"},
	{"\342\200\256gnp.exe", "<U+202E>gnp.exe"},
	{"\342\200\250\342\200\251", "<U+2028><U+2029>"},
	{"\330\234\342\200\216\342\200\217\342\201\246\342\201\251", "<U+061C><U+200E><U+200F><U+2066><U+2069>"},
	{"\363\240\201\201", "<U+E0041>"},
	{"Gr\303\274\303\237e \346\227\245\346\234\254", "Gr\303\274\303\237e \346\227\245\346\234\254"},
	{"bad \xff\xfe", "bad \357\277\275\357\277\275"},
	{"cut \303", "cut \357\277\275"},
	{"long \300\200", "long \357\277\275\357\277\275"},
	{"half \355\240\200", "half \357\277\275\357\277\275\357\277\275"},
	{"\360\237\244\267\342\200\215\342\231\200 \331\205\333\214\342\200\214\330\256", "\360\237\244\267\342\200\215\342\231\200 \331\205\333\214\342\200\214\330\256"},
	{"pass\342\200\213word a\342\200\215b \342\200\214", "pass<U+200B>word a<U+200D>b <U+200C>"},
	{"\302\255\315\217\341\240\216\342\201\240\357\273\277\343\205\244\357\276\240", "<U+00AD><U+034F><U+180E><U+2060><U+FEFF><U+3164><U+FFA0>"},
};

START_TEST(text_is_made_harmless)
{
	char *printable = text_printable(printables[_i].text);

	ck_assert_str_eq(printable, printables[_i].printable);
	ck_assert(g_utf8_validate(printable, -1, NULL));
	g_free(printable);
}
END_TEST

START_TEST(every_byte_is_made_harmless)
{
	for (int c = 1; c < 256; c++) {
		char text[] = {'a', (char)c, 'b', '\0'}, *printable = text_printable(text);

		ck_assert(g_utf8_validate(printable, -1, NULL));
		for (const char *p = printable; *p; p++)
			ck_assert((unsigned char)*p >= ' ' && *p != 0x7f);
		g_free(printable);
	}
}
END_TEST

static const struct {
	const char *text;
	size_t max;
	const char *cut;
} cuts[] = {
	{"abcdef", 6, "abcdef"}, {"abcdef", 5, "ab..."}, {"abcdef", 3, "..."}, {"abcdef", 2, "ab"}, {"abcdef", 0, ""}, {"", 0, ""},
	{"a\303\274\303\274\303\274", 6, "a\303\274..."}, {"\303\274\303\274\303\274", 4, "..."}, {"\303\274\303\274", 1, ""},
	{"\303\274\342\200\215\303\274\303\274", 8, "\303\274..."},
};

START_TEST(text_is_cut_between_characters)
{
	char *text = g_strdup(cuts[_i].text);

	text_cut(text, cuts[_i].max);
	ck_assert_str_eq(text, cuts[_i].cut);
	g_free(text);
}
END_TEST

START_TEST(text_is_found_whatever_its_case)
{
	ck_assert(text_begins("Subject: x", "subject"));
	ck_assert(text_begins("x", ""));
	ck_assert(!text_begins("sub", "subject"));
	ck_assert_str_eq(text_find("Host SAID: 550", "said"), "SAID: 550");
	ck_assert_str_eq(text_find("ssaid", "said"), "said");
	ck_assert_str_eq(text_find("5505.1.1", "5.1.1"), "5.1.1");
	ck_assert_ptr_null(text_find("sai", "said"));
	ck_assert_str_eq(text_find("x", ""), "x");
	ck_assert_ptr_null(text_find("", "x"));
}
END_TEST

static const struct text_variable variables[] = {
	{.name = "to", .value = "bob@example.net"}, {.name = "none", .value = NULL}, {.name = "trap", .value = "{to}"}, {.name = "t", .value = "short"},
	{.name = "it", .value = "\xc3\xa4ny server", .capital = true}, {.name = "ip", .value = "192.0.2.1]", .optional = true},
	{.name = "list", .value = "[zen]", .optional = true}, {.name = "size", .value = "", .optional = true}, {.name = "quota", .value = NULL, .optional = true},
};

static const struct {
	const char *text, *expanded;
} expansions[] = {
	{"", ""}, {"no braces", "no braces"}, {"Mail to {to}.", "Mail to bob@example.net."}, {"{t}{to}{t}", "shortbob@example.netshort"},
	{"[{none}]", "[]"}, {"{trap}", "{to}"}, {"{unknown} {to", "{unknown} {to"}, {"{{to}}", "{bob@example.net}"},
	{"Refused.[ Address: {ip}.] Wait.", "Refused. Address: 192.0.2.1]. Wait."}, {"Refused.[ Limit: {size}.] Wait.", "Refused. Wait."},
	{"[{ip} on {list}][{ip} of {quota}]", "192.0.2.1] on [zen]"}, {"[{to} {ip}]", "bob@example.net 192.0.2.1]"}, {"[plain] [{to}] [{unknown}]", "[plain] [bob@example.net] [{unknown}]"},
	{"[{ip} open", "[192.0.2.1] open"}, {"{size}[x", "[x"}, {"[{quota}]", ""}, {"[a{size}b]c", "c"},
	{"{it} said: {it}. {it}!", "\xc3\x84ny server said: \xc3\xa4ny server. \xc3\x84ny server!"},
};

START_TEST(variables_are_expanded_once)
{
	char *expanded = text_expand(expansions[_i].text, variables, G_N_ELEMENTS(variables));

	ck_assert_str_eq(expanded, expansions[_i].expanded);
	g_free(expanded);
}
END_TEST

static const struct {
	const char *text, *indent;
	size_t columns;
	const char *wrapped;
} wraps[] = {
	{"", "", 10, ""},
	{" \n ", "> ", 10, ""},
	{"one two three", "", 7, "one two|three|"},
	{"one two three", "", 8, "one two|three|"},
	{"one two three", "", 6, "one|two|three|"},
	{"one two three", "  ", 9, "  one two|  three|"},
	{"  one\n\ttwo  ", "", 20, "one two|"},
	{"a-word-that-is-too-long x", "", 5, "a-wor|d-tha|t-is-|too-l|ong x|"},
	{"an@address.is.kept x", "", 5, "an@address.is.kept|x|"},
	{"see https://a.example/b x", "", 5, "see|https://a.example/b|x|"},
	{"a\314\210\314\210bcde\314\210fg", "", 5, "a\314\210\314\210bcde\314\210|fg|"},
	{"\360\237\221\251\342\200\215\360\237\221\247\360\237\221\215\360\237\217\275", "", 4, "\360\237\221\251\342\200\215\360\237\221\247|\360\237\221\215\360\237\217\275|"},
	{"x a-word-that-is-too-long", "", 5, "x|a-wor|d-tha|t-is-|too-l|ong|"},
	{"\303\244\303\266\303\274 \303\244\303\266\303\274", "", 7, "\303\244\303\266\303\274 \303\244\303\266\303\274|"},
	{"a\314\210o\314\210 ab", "", 5, "a\314\210o\314\210 ab|"},
	{"\346\227\245\346\234\254\350\252\236", "", 4, "\346\227\245\346\234\254|\350\252\236|"},
	{"\346\227\245\346\234\254\350\252\236", "", 5, "\346\227\245\346\234\254|\350\252\236|"},
	{"\346\227\245\346\234\254\343\200\202", "", 4, "\346\227\245|\346\234\254\343\200\202|"},
	{"\346\227\245\343\200\214\346\234\254", "", 4, "\346\227\245|\343\200\214\346\234\254|"},
	{"ab\346\227\245\346\234\254cd", "", 4, "ab\346\227\245|\346\234\254cd|"},
	{"bad \xff\xfe bytes", "", 6, "bad \xff\xfe|bytes|"},
};

START_TEST(text_is_wrapped)
{
	GString *out = g_string_new(NULL);

	text_wrap(out, wraps[_i].text, wraps[_i].indent, wraps[_i].columns, "|");
	ck_assert_str_eq(out->str, wraps[_i].wrapped);
	g_string_free(out, TRUE);
}
END_TEST

/* Whatever comes, no line gets near the limit of 998 bytes. */
static const char *const repeated[] = {"x", "\314\210", "word ", "\346\227\245", "\360\237\230\200\342\200\215", "\xff"};

START_TEST(lines_are_bounded)
{
	GString *text = g_string_new(NULL), *out = g_string_new(NULL);

	for (int i = 0; i < 3000; i++)
		g_string_append(text, repeated[_i]);
	text_wrap(out, text->str, "  | ", 72, "\r\n");
	for (const char *line = out->str; *line; line = strchr(line, '\n') + 1)
		ck_assert_uint_lt(strcspn(line, "\n"), 990);
	g_string_free(text, TRUE);
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(wrapping_is_linear)
{
	char *text = g_strnfill(4 * 1000 * 1000, 'x');
	GString *out = g_string_new(NULL);
	gint64 start = g_get_monotonic_time();

	text_wrap(out, text, "", 72, "\n");
	ck_assert_int_lt(g_get_monotonic_time() - start, 5 * G_USEC_PER_SEC);
	g_string_free(out, TRUE);
	g_free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text");
	TCase *tests = tcase_create("text");

	tcase_add_loop_test(tests, white_space_is_folded, 0, (int)G_N_ELEMENTS(foldings));
	tcase_add_loop_test(tests, text_is_made_harmless, 0, (int)G_N_ELEMENTS(printables));
	tcase_add_test(tests, every_byte_is_made_harmless);
	tcase_add_loop_test(tests, text_is_cut_between_characters, 0, (int)G_N_ELEMENTS(cuts));
	tcase_add_test(tests, text_is_found_whatever_its_case);
	tcase_add_loop_test(tests, variables_are_expanded_once, 0, (int)G_N_ELEMENTS(expansions));
	tcase_add_loop_test(tests, text_is_wrapped, 0, (int)G_N_ELEMENTS(wraps));
	tcase_add_loop_test(tests, lines_are_bounded, 0, (int)G_N_ELEMENTS(repeated));
	tcase_add_test(tests, wrapping_is_linear);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
