/* check_html-write.c - text of strangers as HTML: what is written, that a reader reads the same, that nothing in it is linked. Cases: rows of the tables. */
#include "html-text.h"
#include "html-write.h"
#include "suite.h"

#include <string.h>

static const struct {
	const char *text, *html;
} cases[] = {
	{"", ""},
	{"plain words", "plain words"},
	{"<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"},
	{"Gr\303\274\303\237e", "Gr&#252;&#223;e"},
	{"550 5.1.1 no", "550 5.1.1 no"},
	{"[192.0.2.25]", "[<span dir=\"ltr\"><span>192.0.2.25</span></span>]"},
	{"to bob@example.net.", "to <span dir=\"ltr\"><span>bob</span>@<span>example</span>.<span>net</span></span>."},
	{"<bob@example.net>:", "&lt;<span dir=\"ltr\"><span>bob</span>@<span>example</span>.<span>net</span></span>&gt;:"},
	{"https://a.example/b?c", "<span dir=\"ltr\"><span>https</span>://<span>a</span>.<span>example/b?c</span></span>"},
	{"javascript:x", "javascript:x"},
	{"\"><script>", "&quot;&gt;&lt;script&gt;"},
	{"15550104477", "<span dir=\"ltr\"><span>155</span><span>501</span><span>044</span><span>77</span></span>"},
	{"year 2026", "year 2026"},
	{"\327\223@\327\223.example", "<span dir=\"ltr\"><span dir=\"auto\">&#1491;</span>@<span dir=\"auto\">&#1491;</span>.<span>example</span></span>"},
	{"@", "@"},
	{"a@b", "<span dir=\"ltr\"><span>a</span>@<span>b</span></span>"},
	{"...", "..."},
};

START_TEST(text_is_written)
{
	GString *out = g_string_new(NULL);

	html_write_unlinked(out, cases[_i].text);
	ck_assert_str_eq(out->str, cases[_i].html);
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(text_is_read_as_it_was)
{
	GString *out = g_string_new("<p>");
	char *read;

	html_write_unlinked(out, cases[_i].text);
	read = html_text(out->str, out->len);
	ck_assert_str_eq(read + strspn(read, "\n"), cases[_i].text);
	g_free(read);
	g_string_free(out, TRUE);
}
END_TEST

/* Whatever comes, no line gets near the limit of 998 bytes, and markup is ours. */
static const char *const repeated[] = {"x", "@", "a.", "://", "1", "<", "\314\210", "\327\223.", "word ", "a@b "};

START_TEST(lines_are_bounded)
{
	GString *text = g_string_new(NULL), *out = g_string_new(NULL);
	size_t line = 0;

	while (text->len < 5000)
		g_string_append(text, repeated[_i]);
	html_write_unlinked(out, text->str);
	for (const char *c = out->str; *c; c++) {
		line = *c == '\n' ? 0 : line + 1;
		ck_assert_uint_lt(line, 900);
		ck_assert(*c != '<' || g_str_has_prefix(c, "<span") || g_str_has_prefix(c, "</span>") || g_str_has_prefix(c, "<wbr\n>"));
	}
	g_string_free(text, TRUE);
	g_string_free(out, TRUE);
}
END_TEST

static const struct {
	const char *language, *attributes;
	gboolean right_to_left;
} languages[] = {
	{NULL, " lang=\"en\" dir=\"ltr\"", FALSE}, {"de", " lang=\"de\" dir=\"ltr\"", FALSE}, {"pt_BR", " lang=\"pt-BR\" dir=\"ltr\"", FALSE},
	{"ar", " lang=\"ar\" dir=\"rtl\"", TRUE}, {"he_IL", " lang=\"he-IL\" dir=\"rtl\"", TRUE}, {"fake", " lang=\"fake\" dir=\"ltr\"", FALSE},
	{"e\"><b>", " lang=\"e\" dir=\"ltr\"", FALSE},
};

START_TEST(language_has_a_direction)
{
	GString *out = g_string_new(NULL);

	html_write_language(out, languages[_i].language);
	ck_assert_str_eq(out->str, languages[_i].attributes);
	ck_assert_int_eq(html_is_right_to_left(languages[_i].language), languages[_i].right_to_left);
	g_string_free(out, TRUE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("html-write");
	TCase *tests = tcase_create("html-write");

	tcase_add_loop_test(tests, text_is_written, 0, (int)G_N_ELEMENTS(cases));
	tcase_add_loop_test(tests, text_is_read_as_it_was, 0, (int)G_N_ELEMENTS(cases));
	tcase_add_loop_test(tests, lines_are_bounded, 0, (int)G_N_ELEMENTS(repeated));
	tcase_add_loop_test(tests, language_has_a_direction, 0, (int)G_N_ELEMENTS(languages));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
