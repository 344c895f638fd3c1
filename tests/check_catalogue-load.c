/* check_catalogue-load.c - files over the embedded catalogue: what they may replace, and what is said where they are wrong. Cases: rows of the tables below. */
#include "catalogue.h"
#include "site.h"
#include "suite.h"

#define P "[provider.p]\nname=P\nkind=mailbox\n"	/* lines 1 to 3 */
#define TEXT "reason=mailbox-full\npriority=95\n"

static const struct {
	const char *text, *error;
} bad[] = {
	/* what keyfile.c refuses */
	{"hello", "site.conf:1: this is no [section], no key=value and no # comment"},
	/* sections */
	{"[nonsense]\nx=y\n", "site.conf:2: [nonsense] x: there is no such section"},
	{"[a.b.c]\nreason=x\n", "site.conf:2: [a.b.c] reason: there is no such section"},
	{"[A.b]\npattern=x\n", "site.conf:2: [A.b] pattern: there is no such section"},
	{"[a.]\npattern=x\n", "site.conf:2: [a.] pattern: there is no such section"},
	{"[.b]\npattern=x\n", "site.conf:2: [.b] pattern: there is no such section"},
	{"[-a.b]\npattern=x\n", "site.conf:2: [-a.b] pattern: there is no such section"},
	{"[code.55]\nmeaning=x\n", "site.conf:2: [code.55] meaning: there is no such section"},
	{"[code.5500]\nmeaning=x\n", "site.conf:2: [code.5500] meaning: there is no such section"},
	{"[code.5.1.1]\nmeaning=x\n", "site.conf:2: [code.5.1.1] meaning: there is no such section"},
	{"[dsn.5.1]\nmeaning=x\n", "site.conf:2: [dsn.5.1] meaning: there is no such section"},
	{"[dsn.550]\nmeaning=x\n", "site.conf:2: [dsn.550] meaning: there is no such section"},
	{"[dsn.3.1.1]\nmeaning=x\n", "site.conf:2: [dsn.3.1.1] meaning: there is no such section"},
	{"[dsn.#5.1.1]\nmeaning=x\n", "site.conf:2: [dsn.#5.1.1] meaning: there is no such section"},
	{"[digits.5]\nmeaning=x\n", "site.conf:2: [digits.5] meaning: there is no such section"},
	{"[digits.X.11]\nmeaning=x\n", "site.conf:2: [digits.X.11] meaning: there is no such section"},
	{"[class.X]\nmeaning=x\n", "site.conf:2: [class.X] meaning: there is no such section"},
	/* keys */
	{"[code.550]\nmeening=x\n", "site.conf:2: [code.550] meening: there is no such key in this section"},
	{"[code.550]\npattern=x\n", "site.conf:2: [code.550] pattern: there is no such key in this section"},
	{"[phrase.said]\nsummary=x\n", "site.conf:2: [phrase.said] summary: there is no such key in this section"},
	{"[code.550]\nreason[de]=x\n", "site.conf:2: [code.550] reason[de]: this key has no translations"},
	/* values */
	{"[code.550]\nmeaning=\n", "site.conf:2: [code.550] meaning: must not be empty"},
	{"[code.550]\nowner=me\n", "site.conf:2: [code.550] owner: must be sender, sender-admin, recipient, recipient-admin or nobody"},
	{"[code.550]\nreason=buzy\n", "site.conf:2: [code.550] reason: there is no reason called buzy"},
	{"[code.550]\nconfidence=90\n", "site.conf:2: [code.550] confidence: must be high, medium or low"},
	{"[code.550]\nchecked=yesterday\n", "site.conf:2: [code.550] checked: must be a date, YYYY-MM-DD"},
	{"[code.550]\nchecked=2026-13-01\n", "site.conf:2: [code.550] checked: must be a date, YYYY-MM-DD"},
	{"[code.550]\nhelp=http://example.com\n", "site.conf:2: [code.550] help: must be a link that begins with https://"},
	{"[code.550]\nhelp=https://\n", "site.conf:2: [code.550] help: must be a link that begins with https://"},
	{"[code.550]\nhelp=https://example.com/\"x\n", "site.conf:2: [code.550] help: must be a link without blanks, quotes and brackets"},
	{"[code.550]\nhelp=https://example.com/a b\n", "site.conf:2: [code.550] help: must be a link without blanks, quotes and brackets"},
	{"[code.550]\nhelp=https://example.com/\xc3\xa4\n", "site.conf:2: [code.550] help: must be a link without blanks, quotes and brackets"},
	{"[dsn.X.1.1]\nclasses=4,5\n", "site.conf:2: [dsn.X.1.1] classes: must be classes with blanks between, such as 4 5"},
	{"[dsn.X.1.1]\nclasses=\n", "site.conf:2: [dsn.X.1.1] classes: must be classes with blanks between, such as 4 5"},
	{"[dsn.X.1.1]\nclasses=4 \n[dsn.X.1.2]\nclasses=3\n", "site.conf:4: [dsn.X.1.2] classes: must be classes with blanks between, such as 4 5"},
	{"[provider.google]\nkind=big\n", "site.conf:2: [provider.google] kind: must be mailbox, gateway, blocklist, esp, mta, list, generic or wrapper"},
	{P "[p.a]\npattern=x\nreason=mailbox-full\npriority=0\n", "site.conf:7: [p.a] priority: must be a number from 1 to 100"},
	{P "[p.a]\npattern=x\nreason=mailbox-full\npriority=high\n", "site.conf:7: [p.a] priority: must be a number from 1 to 100"},
	{P "[p.a]\npattern=x\n" TEXT "code=55\n", "site.conf:8: [p.a] code: must be codes with blanks between, such as 550 5.1.1 X.7.1"},
	{P "[p.a]\npattern=x\n" TEXT "code=550,551\n", "site.conf:8: [p.a] code: must be codes with blanks between, such as 550 5.1.1 X.7.1"},
	{P "[p.a]\npattern=x\n" TEXT "code=X50\n", "site.conf:8: [p.a] code: must be codes with blanks between, such as 550 5.1.1 X.7.1"},
	/* entries as a whole */
	{"[code.259]\nmeaning=x\n", "site.conf:1: [code.259] reason: is missing"},
	{"[reason.own]\ntitle=x\n", "site.conf:1: [reason.own] summary: is missing"},
	{"[phrase.own]\ntext[de]=x\n", "site.conf:1: [phrase.own] text: is missing"},
	{"[provider.p]\nname=P\n", "site.conf:1: [provider.p] kind: is missing"},
	{P "[p.a]\nreason=mailbox-full\npriority=95\n", "site.conf:4: [p.a] pattern: is missing"},
	{P "[p.a]\npattern=x\nreason=mailbox-full\n", "site.conf:4: [p.a] priority: is missing"},
	{P "[p.a]\npattern=x\nreason=mailbox-ful\npriority=95\n", "site.conf:6: [p.a] reason: there is no reason called mailbox-ful"},
	{"[q.a]\npattern=x\n" TEXT, "site.conf:2: [q.a] pattern: there is no section [provider.q]"},
	{P "[p.a]\npattern=a(b\n" TEXT, "site.conf:5: [p.a] pattern: missing closing parenthesis at character 4"},
	{P "[p.a]\npattern=a|[b\n" TEXT, "site.conf:5: [p.a] pattern: missing terminating ] for character class at character 5"},
	{P "[p.a]\npattern=x\nhost=*\n" TEXT, "site.conf:6: [p.a] host: quantifier does not follow a repeatable item at character 1"},
	{P "[p.a]\npattern=x\nhost=provider\n" TEXT, "site.conf:6: [p.a] host: [provider.p] has no host"},
	{P "host=(\n", "site.conf:4: [provider.p] host: missing closing parenthesis at character 2"},
	{"[google.mailbox-full]\npattern=(\n", "site.conf:2: [google.mailbox-full] pattern: missing closing parenthesis at character 2"},
};

START_TEST(says_where_and_what_is_wrong)
{
	char *wrong;
	struct catalogue *catalogue = site_load(bad[_i].text, &wrong);

	ck_assert_msg(!catalogue, "taken: %s", bad[_i].text);
	ck_assert_str_eq(wrong, bad[_i].error);
	g_free(wrong);
}
END_TEST

START_TEST(one_key_is_replaced_the_others_stay)
{
	struct catalogue *plain = catalogue_load(NULL, NULL), *own = site_good("# ours\n[google.mailbox-full]\nadvice=Call 1234.\n");
	const struct catalogue_entry *before = catalogue_get(plain, "google.mailbox-full"), *after = catalogue_get(own, "google.mailbox-full");
	static const char *const same[] = {"pattern", "reason", "priority", "summary", "admin", "help", "example"};

	ck_assert_str_eq(entry_value(after, "advice"), "Call 1234.");
	ck_assert_str_ne(entry_value(before, "advice"), "Call 1234.");
	for (guint i = 0; i < G_N_ELEMENTS(same); i++)
		ck_assert_pstr_eq(entry_value(after, same[i]), entry_value(before, same[i]));
	ck_assert_str_eq(entry_place(after), entry_place(before));
	catalogue_unref(plain);
	catalogue_unref(own);
}
END_TEST

static guint count_matches(const struct catalogue *catalogue, const char *diagnostic, const char *id)
{
	struct catalogue_query query = {.diagnostic = diagnostic, .remote = "gmail-smtp-in.l.google.com", .all = true};
	GArray *matches = catalogue_match(catalogue, &query);
	guint count = 0;

	for (guint i = 0; i < matches->len; i++)
		count += strcmp(entry_id(g_array_index(matches, struct match, i).entry), id) == 0;
	g_array_unref(matches);
	return count;
}

START_TEST(empty_pattern_switches_off)
{
	static const char reply[] = "552 5.2.2 The recipient's inbox is out of storage space.";
	struct catalogue *plain = catalogue_load(NULL, NULL), *own = site_good("[google.mailbox-full]\npattern=\n");

	ck_assert_uint_eq(count_matches(plain, reply, "google.mailbox-full"), 1);
	ck_assert_uint_eq(count_matches(own, reply, "google.mailbox-full"), 0);
	ck_assert_ptr_nonnull(catalogue_get(own, "google.mailbox-full"));
	catalogue_unref(plain);
	catalogue_unref(own);
}
END_TEST

START_TEST(new_entries_work)
{
	struct catalogue *own = site_good(P "\n[p.closed-for-stocktaking]\npattern=closed for stocktaking\nreason=remote-error\npriority=95\n");
	const struct catalogue_entry *entry = catalogue_get(own, "p.closed-for-stocktaking");

	ck_assert_uint_eq(count_matches(own, "451 Closed for stocktaking until Monday", "p.closed-for-stocktaking"), 1);
	ck_assert_str_eq(entry_sentence(entry, "summary", NULL), entry_value(catalogue_get(own, "reason.remote-error"), "summary"));
	ck_assert(g_str_has_suffix(entry_place(entry), "/site.conf:5"));
	catalogue_unref(own);
}
END_TEST

START_TEST(overriding_pattern_and_priority)
{
	struct catalogue *own = site_good("[google.mailbox-full]\npattern=xyzzy\npriority=99\nhost=\n");

	ck_assert_uint_eq(count_matches(own, "550 xyzzy", "google.mailbox-full"), 1);
	ck_assert_int_eq(entry_priority(catalogue_get(own, "google.mailbox-full")), 99);
	catalogue_unref(own);
}
END_TEST

/* A folder with files, for as long as it is needed. */
static char *make_folder(const char *const *files)
{
	char *folder = g_dir_make_tmp("check_load.XXXXXX", NULL);

	for (guint i = 0; files[i]; i += 2) {
		char *path = g_build_filename(folder, files[i], NULL);

		ck_assert(g_file_set_contents(path, files[i + 1], -1, NULL));
		g_free(path);
	}
	return folder;
}

static void remove_folder(char *folder, const char *const *files)
{
	for (guint i = 0; files[i]; i += 2) {
		char *path = g_build_filename(folder, files[i], NULL);

		g_unlink(path);
		g_free(path);
	}
	g_rmdir(folder);
	g_free(folder);
}

START_TEST(folders_are_read_in_order_of_names)
{
	static const char *const files[] = {
		"b.conf", "[code.550]\nsummary=b\nadvice=b\n", "a.conf", "[code.550]\nsummary=a\nadmin=a\n", "c.conf.old", "broken", ".hidden.conf", "broken", NULL,
	};
	char *folder = make_folder(files);
	const char *const paths[] = {folder, NULL};
	struct catalogue *catalogue = catalogue_load(paths, NULL);

	ck_assert_ptr_nonnull(catalogue);
	ck_assert_str_eq(entry_value(catalogue_get(catalogue, "code.550"), "summary"), "b");
	ck_assert_str_eq(entry_value(catalogue_get(catalogue, "code.550"), "advice"), "b");
	ck_assert_str_eq(entry_value(catalogue_get(catalogue, "code.550"), "admin"), "a");
	catalogue_unref(catalogue);
	remove_folder(folder, files);
}
END_TEST

START_TEST(later_paths_win)
{
	static const char *const files[] = {"a.conf", "[code.550]\nsummary=a\n", "b.conf", "[code.550]\nsummary=b\n", NULL};
	char *folder = make_folder(files), *a = g_build_filename(folder, "a.conf", NULL), *b = g_build_filename(folder, "b.conf", NULL);
	const char *const paths[] = {b, a, NULL};
	struct catalogue *catalogue = catalogue_load(paths, NULL);

	ck_assert_str_eq(entry_value(catalogue_get(catalogue, "code.550"), "summary"), "a");
	catalogue_unref(catalogue);
	remove_folder(folder, files);
	g_free(a);
	g_free(b);
}
END_TEST

START_TEST(missing_paths_are_named)
{
	static const char *const paths[] = {"/nonexistent/site.conf", NULL};
	GError *error = NULL;

	ck_assert_ptr_null(catalogue_load(paths, &error));
	ck_assert_str_eq(error->message, "/nonexistent/site.conf: No such file or directory");
	g_error_free(error);
}
END_TEST

START_TEST(empty_folder_changes_nothing)
{
	static const char *const files[] = {NULL};
	char *folder = make_folder(files);
	const char *const paths[] = {folder, NULL};
	struct catalogue *catalogue = catalogue_load(paths, NULL);

	ck_assert_ptr_nonnull(catalogue);
	catalogue_unref(catalogue);
	remove_folder(folder, files);
}
END_TEST

/* automake packs what files.mk names and the rest would be missing from the release, though not from the developer's build. */
START_TEST(every_file_is_in_the_list)
{
	char *path = source_path("conf/catalogue/files.mk"), *list = NULL;
	static const char *const folders[] = {"conf/catalogue", "conf/catalogue/providers"};
	unsigned files = 0, named = 0;

	ck_assert(g_file_get_contents(path, &list, NULL, NULL));
	for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
		char *folder = source_path(folders[i]);
		GDir *dir = g_dir_open(folder, 0, NULL);
		const char *name;

		while ((name = g_dir_read_name(dir))) {
			char *line = g_strdup_printf("\t%s/%s", folders[i], name);
			const char *found = strstr(list, line);

			if (g_str_has_suffix(name, ".conf")) {
				files++;
				ck_assert_msg(found && strchr(" \n", found[strlen(line)]), "conf/catalogue/files.mk does not name %s", line + 1);
			}
			g_free(line);
		}
		g_dir_close(dir);
		g_free(folder);
	}
	for (const char *at = strstr(list, ".conf"); at; at = strstr(at + 1, ".conf"))
		named++;
	ck_assert_uint_eq(files, named);
	g_free(list);
	g_free(path);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("catalogue-load");
	TCase *tests = tcase_create("catalogue-load");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, says_where_and_what_is_wrong, 0, (int)G_N_ELEMENTS(bad));
	tcase_add_test(tests, one_key_is_replaced_the_others_stay);
	tcase_add_test(tests, empty_pattern_switches_off);
	tcase_add_test(tests, new_entries_work);
	tcase_add_test(tests, overriding_pattern_and_priority);
	tcase_add_test(tests, folders_are_read_in_order_of_names);
	tcase_add_test(tests, later_paths_win);
	tcase_add_test(tests, missing_paths_are_named);
	tcase_add_test(tests, empty_folder_changes_nothing);
	tcase_add_test(tests, every_file_is_in_the_list);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
