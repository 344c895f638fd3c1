/* check_html-text.c - HTML to words. Cases: rows of the table below. */
#include "html-text.h"
#include "suite.h"

#include <string.h>

static const struct {
	const char *html, *text;
} cases[] = {
	{"plain", "plain"},
	{"<p>one</p><p>two<br>three", "\none\n\ntwo\nthree"},
	{"<b>bold</b> and <i class=\"x\">not</i>", "bold and not"},
	{"<style>p { x: 550 }</style>seen<script>var a = '</b>';</script>!", "seen!"},
	{"&lt;bob@example.net&gt; &amp; &#39;x&#39; &#x41;&nbsp;B", "<bob@example.net> & 'x' A B"},
	{"to <bob@example.net> no", "to <bob@example.net> no"},
	{"<!-- 550 5.1.1 -->x", "x"},
	{"a < b, 1 << 2", "a < b, 1 << 2"},
	{"<td>a</td><td>b</td>", "a  b "},
	{"<table><tr><td>a</td></tr>\n<tr><td>b</td><td>c</td></tr></table>", "\na \nb  c \n\n"},
	{"<div>a</div><div><br></div><div>b</div>c", "a\n\nb\nc"},
	{"&unknown; &", "&unknown; &"},
	{"&#0;&#xffffffff;", "&#0;&#xffffffff;"},
	{"a line\nof source<br>\n  next<br/>\n", "a line of source\nnext\n"},
	{"<p>x</p><pre>a\n  b</pre>", "\nx\n\na\n  b\n"},
	{"no tag that breaks:\n  <b>x</b>\n", "no tag that breaks:\n  x\n"},
	{"open <b", "open <b"},
	{"<style>never closed", ""},
	{"", ""},
};

START_TEST(takes_tags_off)
{
	char *text = html_text(cases[_i].html, strlen(cases[_i].html));

	ck_assert_str_eq(text, cases[_i].text);
	g_free(text);
}
END_TEST

START_TEST(endless_markup_is_cheap)
{
	char *html = g_strnfill(1u << 16, '<');
	char *text = html_text(html, 1u << 16);

	ck_assert_uint_eq(strlen(text), 1u << 16);
	g_free(text);
	g_free(html);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("html-text");
	TCase *tests = tcase_create("html-text");

	tcase_add_loop_test(tests, takes_tags_off, 0, (int)G_N_ELEMENTS(cases));
	tcase_add_test(tests, endless_markup_is_cheap);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
