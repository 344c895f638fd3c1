/* check_metrics.c - the text for Prometheus: bounded whatever comes, escaped, whole; and how its file is replaced. */
#include "metrics.h"
#include "stats-parts.h"
#include "suite.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void nothing(const char *line, void *data)
{
	(void)line, (void)data;
}

static struct alerts *alerts_with(unsigned rules)
{
	struct alerts *alerts = alerts_new(nothing, NULL);
	GPtrArray *list = g_ptr_array_new_with_free_func(alert_rule_free);

	for (unsigned i = 0; i < rules; i++) {
		char *name = g_strdup_printf("rule-%u", i);
		struct alert_rule *rule = alert_rule_new(name);

		rule->enabled = true;
		rule->per = g_strdup("none");
		rule->distinct = g_strdup("none");
		g_ptr_array_add(list, rule);
		g_free(name);
	}
	alerts_configure(alerts, list, NULL, 0);
	g_ptr_array_unref(list);
	return alerts;
}

static const struct metrics_about about = {.version = "1.\"2\\3", .started = 1000, .now = 2000, .reload_good = true};

static unsigned count_series(const char *text)
{
	unsigned count = 0;
	char **lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++)
		count += **line && **line != '#';
	g_strfreev(lines);
	return count;
}

/* Every table is filled beyond its limit with names that nobody expects. */
START_TEST(series_are_bounded_whatever_comes)
{
	struct stats *stats = stats_new();
	struct alerts *alerts = alerts_with(ALERT_RULES_LIMIT);
	GString *text = g_string_new(NULL);
	char name[64];

	for (int i = 0; i < 5000; i++)
		for (int table = 0; table < STATS_TABLES; table++) {
			g_snprintf(name, sizeof name, "\"\\\n%d\t%d", i, i);
			tally_add(stats->tables[table], name, 1);
		}
	metrics_render(text, stats, alerts, &about);
	ck_assert_uint_le(count_series(text->str), METRICS_SERIES_LIMIT);
	ck_assert_uint_gt(count_series(text->str), METRICS_SERIES_LIMIT * 9 / 10);	/* a limit that says something */
	ck_assert_ptr_nonnull(strstr(text->str, "smtp_explain_failures_by_provider_total{provider=\"other\"} 4800\n"));
	g_string_free(text, TRUE);
	alerts_free(alerts);
	stats_free(stats);
}
END_TEST

/* NAME{LABEL="VALUE",...} NUMBER, a HELP and a TYPE before the first of each family, no series twice. */
static void check_line(const char *line, const char *family)
{
	char *pattern = g_strdup_printf("^%s(_bucket|_sum|_count)?(\\{[a-z]+=\"([^\"\\\\]|\\\\.)*\"(,[a-z]+=\"([^\"\\\\]|\\\\.)*\")*\\})? [0-9.e+-]+$", family);

	ck_assert_msg(g_regex_match_simple(pattern, line, G_REGEX_RAW, 0), "%s: %s", family, line);
	g_free(pattern);
}

START_TEST(text_is_well_formed)
{
	struct stats *stats = stats_new();
	struct alerts *alerts = alerts_with(3);
	struct catalogue *catalogue = catalogue_load(NULL, NULL);
	GString *text = g_string_new(NULL);
	GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	char family[100] = "";

	stats_know(stats, catalogue);
	stats_count_message(stats);
	stats_count_pass(stats, PASS_ORDINARY);
	tally_add(stats->tables[BY_ANNOTATED], "x\"y\\z", 1);
	metrics_render(text, stats, alerts, &about);
	ck_assert(g_str_has_suffix(text->str, "\n"));
	for (char **lines = g_strsplit(text->str, "\n", -1), **line = lines; *line || (g_strfreev(lines), FALSE); line++) {
		if (g_str_has_prefix(*line, "# HELP ")) {
			ck_assert_int_eq(sscanf(*line, "# HELP %99s", family), 1);
			ck_assert_msg(g_hash_table_add(seen, g_strconcat("help ", family, NULL)), "%s twice", family);
		} else if (g_str_has_prefix(*line, "# TYPE ")) {
			ck_assert_ptr_nonnull(strstr(*line, family));
		} else if (**line) {
			check_line(*line, family);
			ck_assert_msg(g_hash_table_add(seen, g_strndup(*line, (gsize)(strrchr(*line, ' ') - *line))), "twice: %s", *line);
		}
	}
	ck_assert_ptr_nonnull(strstr(text->str, "\nsmtp_explain_messages_total 1\n"));
	ck_assert_ptr_nonnull(strstr(text->str, "\nsmtp_explain_skipped_total{why=\"ordinary\"} 1\n"));
	ck_assert_ptr_nonnull(strstr(text->str, "\nsmtp_explain_failures_total{reason=\"ip-blocklisted\",class=\"permanent\"} 0\n"));
	ck_assert_ptr_nonnull(strstr(text->str, "{annotated=\"x\\\"y\\\\z\"} 1\n"));
	ck_assert_ptr_nonnull(strstr(text->str, "smtp_explain_build_info{version=\"1.\\\"2\\\\3\"} 1\n"));
	ck_assert_ptr_nonnull(strstr(text->str, "\nsmtp_explain_last_write_timestamp_seconds 2000\n"));
	g_hash_table_unref(seen);
	g_string_free(text, TRUE);
	catalogue_unref(catalogue);
	alerts_free(alerts);
	stats_free(stats);
}
END_TEST

START_TEST(the_file_is_replaced_whole)
{
	char *folder = g_dir_make_tmp("smtp-explain-metrics.XXXXXX", NULL), *path = g_build_filename(folder, "x.prom", NULL), *beside = g_strconcat(path, ".tmp", NULL);
	GString *text = g_string_new("a 1\n");
	char *read;
	struct stat status;
	mode_t mask = umask(0777);
	GDir *dir;

	ck_assert_int_eq(symlink("/nonexistent/elsewhere", beside), 0);	/* what somebody laid there is not followed */
	ck_assert(metrics_write(path, text, NULL));
	g_string_assign(text, "a 2\n");
	ck_assert(metrics_write(path, text, NULL));
	umask(mask);
	ck_assert(g_file_get_contents(path, &read, NULL, NULL));
	ck_assert_str_eq(read, "a 2\n");
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 0777, 0644);
	dir = g_dir_open(folder, 0, NULL);
	ck_assert_str_eq(g_dir_read_name(dir), "x.prom");
	ck_assert_ptr_null(g_dir_read_name(dir));
	g_dir_close(dir);
	g_unlink(path);
	g_rmdir(folder);
	g_free(read);
	g_free(beside);
	g_free(path);
	g_free(folder);
	g_string_free(text, TRUE);
}
END_TEST

START_TEST(an_error_names_the_file)
{
	GString *text = g_string_new("a 1\n");
	GError *error = NULL;

	ck_assert(!metrics_write("/nonexistent/x.prom", text, &error));
	ck_assert_str_eq(error->message, "/nonexistent/x.prom: No such file or directory");
	g_error_free(error);
	g_string_free(text, TRUE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("metrics");
	TCase *tests = tcase_create("metrics");

	tcase_add_test(tests, series_are_bounded_whatever_comes);
	tcase_add_test(tests, text_is_well_formed);
	tcase_add_test(tests, the_file_is_replaced_whole);
	tcase_add_test(tests, an_error_names_the_file);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
