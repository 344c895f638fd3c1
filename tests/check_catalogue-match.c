/* check_catalogue-match.c - which texts match what, in which order, and at what cost. Cases: rows of the tables below. */
#include "catalogue-entry.h"
#include "reply.h"
#include "site.h"
#include "suite.h"

/* Entries for the tests alone, with words that no other entry knows. */
static const char site[] =
	"[provider.p]\nname=P\nkind=mailbox\nhost=\\bp\\.example$\n"
	"[p.high]\npattern=qxqx|qyqy qzqz\nreason=mailbox-full\npriority=99\n"
	"[p.low]\npattern=qxqx qwqw\nreason=mailbox-full\npriority=98\n"
	"[p.long]\npattern=qlql (?:qmqm)?\nreason=mailbox-full\npriority=97\n"
	"[p.longer]\npattern=qlql qmqm qnqn\nreason=mailbox-full\npriority=97\n"
	"[p.same-b]\npattern=qsqs\nreason=mailbox-full\npriority=97\n"
	"[p.same-a]\npattern=qsqs\nreason=mailbox-full\npriority=97\n"
	"[p.hosted]\npattern=qhqh\nhost=provider\nreason=mailbox-full\npriority=97\n"
	"[p.own-host]\npattern=qoqo\nhost=^mx\\d\\.other\\.example$\nreason=mailbox-full\npriority=97\n"
	"[p.coded]\npattern=qcqc\ncode=552 X.2.2 4.7.1\nreason=mailbox-full\npriority=97\n"
	"[p.any]\npattern=[0-9]{3}q[0-9]\nreason=mailbox-full\npriority=97\n"
	"[p.after]\npattern=(?<=qbqb )qaqa\nreason=mailbox-full\npriority=97\n"
	"[p.runaway]\npattern=(?:r+r+)+q$\nreason=mailbox-full\npriority=97\n"
	"[p.protocol]\npattern=qpqp\nreason=protocol-error\npriority=99\n"
	"[p.wide]\npattern=\xe5\xae\x9b\xe5\x85\x88.{0,3}\xe4\xb8\x8d\xe6\x98\x8e\nreason=mailbox-full\npriority=97\n"
	"[provider.g]\nname=G\nkind=generic\n"
	"[g.quota]\npattern=qgqg\nreason=mailbox-full\npriority=97\n"
	"[g.address]\npattern=<[^<>]+@[^<>]+> qtqt\nreason=mailbox-full\npriority=97\n";

static struct catalogue *catalogue;

/* Ids of what matches, best first, without "p." and "g."; only entries of the site. The caller frees it. */
static char *match_all(const char *diagnostic, const char *remote, const char *domain, struct code code, bool all)
{
	struct catalogue_query query = {.diagnostic = diagnostic, .remote = remote, .domain = domain, .code = code, .all = all};
	GArray *matches = catalogue_match(catalogue, &query);
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < matches->len; i++) {
		const struct match *match = &g_array_index(matches, struct match, i);

		if (g_str_has_prefix(entry_id(match->entry), "p.") || g_str_has_prefix(entry_id(match->entry), "g."))
			g_string_append_printf(out, "%s%s@%zu+%zu", out->len ? " " : "", entry_id(match->entry) + 2, match->start, match->length);
	}
	g_array_unref(matches);
	return g_string_free(out, FALSE);
}

static const struct {
	const char *diagnostic, *remote, *domain;
	struct code code;
	const char *matches;
} cases[] = {
	{"", NULL, NULL, {0}, ""},
	{"nothing", NULL, NULL, {0}, ""},
	{"a qxqx", NULL, NULL, {0}, "high@2+4"},
	{"a QXQX", NULL, NULL, {0}, "high@2+4"},
	{"qyqy qzqz", NULL, NULL, {0}, "high@0+9"},
	{"qyqy qzqz qxqx", NULL, NULL, {0}, "high@0+9"},
	{"qxqx qyqy qzqz", NULL, NULL, {0}, "high@0+4"},
	/* priority, length, id */
	{"qxqx qwqw", NULL, NULL, {0}, "high@0+4 low@0+9"},
	{"qlql qmqm qnqn", NULL, NULL, {0}, "longer@0+14 long@0+9"},
	{"qlql x", NULL, NULL, {0}, "long@0+5"},
	{"qsqs", NULL, NULL, {0}, "same-a@0+4 same-b@0+4"},
	/* hosts */
	{"qhqh", NULL, NULL, {0}, ""},
	{"qhqh", "mx.p.example", NULL, {0}, "hosted@0+4"},
	{"qhqh", "mx.xp.example", NULL, {0}, ""},
	{"qhqh", NULL, "p.example", {0}, "hosted@0+4"},
	{"qhqh says p.example", NULL, NULL, {0}, "hosted@0+4"},
	{"qhqh", "\xff.p.example", NULL, {0}, ""},
	{"qoqo", "mx1.other.example", NULL, {0}, "own-host@0+4"},
	{"qoqo", "mx.p.example", NULL, {0}, ""},
	/* codes */
	{"qcqc", NULL, NULL, {0}, ""},
	{"qcqc", NULL, NULL, {552, 0, 0, 0}, "coded@0+4"},
	{"qcqc", NULL, NULL, {550, 5, 2, 2}, "coded@0+4"},
	{"qcqc", NULL, NULL, {0, 4, 2, 2}, "coded@0+4"},
	{"qcqc", NULL, NULL, {0, 4, 7, 1}, "coded@0+4"},
	{"qcqc", NULL, NULL, {0, 5, 7, 1}, ""},
	{"qcqc", NULL, NULL, {0, 5, 2, 22}, ""},
	{"qcqc", NULL, NULL, {550, 0, 0, 0}, ""},
	/* patterns without literals, lookbehind, other scripts */
	{"x 123q4", NULL, NULL, {0}, "any@2+5"},
	{"qbqb qaqa", NULL, NULL, {0}, "after@5+4"},
	{"qaqa", NULL, NULL, {0}, ""},
	{"550 \xe5\xae\x9b\xe5\x85\x88\xe3\x81\x8c\xe4\xb8\x8d\xe6\x98\x8e", NULL, NULL, {0}, "wide@4+15"},
	/* generic words do not stand in addresses, other words may */
	{"<qgqg@example.net>: refused", NULL, NULL, {0}, ""},
	{"qgqg@example.net: refused", NULL, NULL, {0}, ""},
	{"bob@qgqg.example: refused", NULL, NULL, {0}, ""},
	{"<bob@example.net>: qgqg", NULL, NULL, {0}, "quota@19+4"},
	{"<qxqx@example.net>: refused", NULL, NULL, {0}, "high@1+4"},
	{"<bob@example.net> qtqt", NULL, NULL, {0}, "address@0+22"},
	{"<<< 550 qgqg > said", NULL, NULL, {0}, "quota@8+4"},
	/* bytes that are no UTF-8 */
	{"\xff qxqx", NULL, NULL, {0}, "high@4+4"},
	{"qxqx \xc3", NULL, NULL, {0}, "high@0+4"},
};

START_TEST(matches)
{
	char *got = match_all(cases[_i].diagnostic, cases[_i].remote, cases[_i].domain, cases[_i].code, true);

	ck_assert_str_eq(got, cases[_i].matches);
	g_free(got);
}
END_TEST

START_TEST(leaves_out_what_cannot_win)
{
	char *settled = match_all("qxqx qwqw", NULL, NULL, CODE_NONE, false), *open = match_all("qpqp qxqx qwqw", NULL, NULL, CODE_NONE, false);
	char *not_settled = match_all("qpqp qsqs", NULL, NULL, CODE_NONE, false);

	ck_assert_str_eq(settled, "high@0+4");
	ck_assert_str_eq(open, "high@5+4 protocol@0+4");
	ck_assert_str_eq(not_settled, "protocol@0+4 same-a@5+4 same-b@5+4");
	g_free(settled);
	g_free(open);
	g_free(not_settled);
}
END_TEST

START_TEST(work_is_bounded)
{
	unsigned work = 1000, before;
	struct catalogue_query query = {.diagnostic = "qxqx qwqw", .work = &work};
	GArray *found = catalogue_match(catalogue, &query), *all;

	ck_assert_uint_eq(found->len, 1);
	ck_assert_uint_lt(work, 1000);
	g_array_unref(found);
	before = work;
	work = 1000;
	query.all = true;		/* to look at what cannot win is free, so that --why gives the same answer */
	all = catalogue_match(catalogue, &query);
	ck_assert_uint_eq(all->len, 2);
	ck_assert_uint_eq(work, before);
	g_array_unref(all);
	work = 0;
	found = catalogue_match(catalogue, &query);
	ck_assert_uint_eq(found->len, 0);
	g_array_unref(found);
}
END_TEST

static const struct {
	const char *text, *masked;
} masks[] = {
	{"", ""},
	{"plain text", "plain text"},
	{"<bob@example.net>", "<___@_______.___>"},
	{"<a b> <c", "<a b> <c"},
	{"<<< <x>", "<<< <_>"},
	{"to bob.s+x@example.net now", "to ___._+_@_______.___ now"},
	{"a@b@c", "_@_@_"},
	{"@", "@"},
	{"<quota>", "<_____>"},
	{"<\xc3\xa4@x>", "<__@_>"},
	{"\"a b\"@c", "\"a b\"@_"},
	{"x <y@z", "x <_@_"},
};

START_TEST(masks_addresses)
{
	char *masked = catalogue_mask(masks[_i].text, strlen(masks[_i].text));

	ck_assert_str_eq(masked, masks[_i].masked);
	g_free(masked);
}
END_TEST

#define PLACES 200000u	/* where patterns may be tried in one text: at most the bytes that are looked at, of each of a few dozen patterns */

/* Texts made to hurt: nothing beyond the limit is looked at, and no pattern is tried where its words do not stand. */
START_TEST(no_text_is_much_work)
{
	static const char *const bits[] = {"r", "<", "@", "a@", "<a", "user ", "mailbox full ", "550 5.1.1 ", ".", "\xc3\xa4", "host not found ", "qxqx "};

	for (guint i = 0; i < G_N_ELEMENTS(bits); i++) {
		GString *text = g_string_new(NULL);
		unsigned work = PLACES;
		struct catalogue_query query = {.diagnostic = NULL, .remote = "mx.p.example", .work = &work};

		while (text->len < 100000)
			g_string_append(text, bits[i]);
		query.diagnostic = text->str;
		g_array_unref(catalogue_match(catalogue, &query));
		ck_assert_msg(work > 0, "%s", bits[i]);
		g_string_free(text, TRUE);
	}
}
END_TEST

START_TEST(looks_at_the_beginning_only)
{
	GString *text = g_string_new(NULL);
	char *got;

	while (text->len < CATALOGUE_TEXT_LIMIT)
		g_string_append(text, "x ");
	g_string_append(text, "qxqx");
	got = match_all(text->str, NULL, NULL, CODE_NONE, true);
	ck_assert_str_eq(got, "");
	g_free(got);
	g_string_free(text, TRUE);
}
END_TEST

START_TEST(runaway_does_not_match)
{
	GString *text = g_string_new(NULL);
	char *got;

	for (guint i = 0; i < 60; i++)
		g_string_append_c(text, 'r');
	g_string_append(text, "q!");
	got = match_all(text->str, NULL, NULL, CODE_NONE, true);
	ck_assert_str_eq(got, "");
	g_free(got);
	got = match_all("rrq", NULL, NULL, CODE_NONE, true);
	ck_assert_str_eq(got, "runaway@0+3");
	g_free(got);
	g_string_free(text, TRUE);
}
END_TEST

static void collect_texts(const struct catalogue_entry *entry, void *data)
{
	if (entry_value(entry, "example"))
		g_ptr_array_add(data, reply_normalise(entry_value(entry, "example")));
}

static void collect_entries(const struct catalogue_entry *entry, void *data)
{
	if (entry->branches)
		g_ptr_array_add(data, (gpointer)entry);
}

/* Where the whole pattern matches, without gate, branches and limits; false: nowhere. */
static bool search_plainly(const pcre2_code *regex, pcre2_match_data *found, const char *text, size_t *start, size_t *end)
{
	int result = pcre2_match(regex, (PCRE2_SPTR)text, strlen(text), 0, 0, found, NULL);

	*start = result >= 0 ? pcre2_get_ovector_pointer(found)[0] : 0;
	*end = result >= 0 ? pcre2_get_ovector_pointer(found)[1] : 0;
	return result >= 0;
}

/* The match of an entry among matches, conditions aside. */
static const struct match *find_match(const GArray *found, const struct catalogue_entry *entry)
{
	for (guint i = 0; i < found->len; i++)
		if (g_array_index(found, struct match, i).entry == entry)
			return &g_array_index(found, struct match, i);
	return NULL;
}

static void compare(const GPtrArray *entries, pcre2_code *const *regexes, pcre2_match_data *found, const char *text)
{
	struct catalogue_query query = {.diagnostic = text, .all = true};
	GArray *quick = catalogue_match(catalogue, &query);
	char *masked = catalogue_mask(text, strlen(text));

	for (guint i = 0; i < entries->len; i++) {
		const struct catalogue_entry *entry = entries->pdata[i];
		const struct match *match = find_match(quick, entry);
		size_t start, end;
		bool plain;

		if (entry_value(entry, "host") || entry_value(entry, "code"))
			continue;
		plain = search_plainly(regexes[i], found, entry->masked ? masked : text, &start, &end);
		ck_assert_msg(plain == (match != NULL), "%s: %s", entry->id, text);
		ck_assert_msg(!match || (match->start == start && match->length == end - start), "%s: %s", entry->id, text);
	}
	g_free(masked);
	g_array_unref(quick);
}

/* Gate, branches and ranges are there for speed: they must find what the whole pattern finds over the whole text. */
START_TEST(short_cuts_change_nothing)
{
	GPtrArray *texts = g_ptr_array_new_with_free_func(g_free), *entries = g_ptr_array_new();
	pcre2_match_data *found = pcre2_match_data_create(1, NULL);
	pcre2_code **regexes;

	catalogue_each(catalogue, collect_texts, texts);
	catalogue_each(catalogue, collect_entries, entries);
	ck_assert_uint_gt(texts->len, 800);
	regexes = g_new0(pcre2_code *, entries->len);
	for (guint i = 0; i < entries->len; i++) {
		const char *pattern = entry_value(entries->pdata[i], "pattern");

		regexes[i] = catalogue_compile(pattern, strlen(pattern), NULL);
		ck_assert_msg(regexes[i] != NULL, "%s", entry_id(entries->pdata[i]));
	}
	for (guint i = 0; i < texts->len; i += 5)
		compare(entries, regexes, found, texts->pdata[i]);
	for (guint i = 0; i < entries->len; i++)
		pcre2_code_free(regexes[i]);
	g_free(regexes);
	pcre2_match_data_free(found);
	g_ptr_array_unref(entries);
	g_ptr_array_unref(texts);
}
END_TEST

/* A pattern without a literal runs on every text: a few of those are nothing, many would be slow. */
START_TEST(nearly_every_pattern_has_a_literal)
{
	ck_assert_uint_le(gate_always(catalogue_gate(catalogue)), 12);
}
END_TEST

static gpointer match_in_thread(gpointer data)
{
	(void)data;
	for (guint i = 0; i < 200; i++)
		g_free(match_all("552 5.2.2 mailbox full, user unknown, quota exceeded qxqx qwqw", NULL, NULL, CODE_NONE, true));
	return match_all("qxqx qwqw", NULL, NULL, CODE_NONE, true);
}

START_TEST(threads_share_it)
{
	GThread *threads[4];

	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("match", match_in_thread, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
		char *got = g_thread_join(threads[i]);

		ck_assert_str_eq(got, "high@0+4 low@0+9");
		g_free(got);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("catalogue-match");
	TCase *tests = tcase_create("catalogue-match");
	int failed;

	catalogue = site_good(site);
	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, matches, 0, (int)G_N_ELEMENTS(cases));
	tcase_add_test(tests, leaves_out_what_cannot_win);
	tcase_add_test(tests, work_is_bounded);
	tcase_add_loop_test(tests, masks_addresses, 0, (int)G_N_ELEMENTS(masks));
	tcase_add_test(tests, no_text_is_much_work);
	tcase_add_test(tests, looks_at_the_beginning_only);
	tcase_add_test(tests, runaway_does_not_match);
	tcase_add_test(tests, short_cuts_change_nothing);
	tcase_add_test(tests, nearly_every_pattern_has_a_literal);
	tcase_add_test(tests, threads_share_it);
	suite_add_tcase(suite, tests);
	failed = run_suite(suite);
	catalogue_unref(catalogue);
	return failed;
}
