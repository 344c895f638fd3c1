/* check_conf.c - the configuration table: defaults, good and bad files, dump, what a reload cannot change. */
#include "conf.h"
#include "suite.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *path;

static void write_conf(const char *text)
{
	ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static void setup(void)
{
	int fd = g_file_open_tmp("smtp-explain-conf.XXXXXX", &path, NULL);

	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void teardown(void)
{
	g_unlink(path);
	g_free(path);
}

START_TEST(rows_are_sound)
{
	for (const struct conf_key *key = conf_keys; key->section; key++) {
		ck_assert_msg(key->help && *key->help, "%s has no help", key->key);
		ck_assert_msg(key->fallback != NULL, "%s has no default", key->key);
		ck_assert_msg((key->type == CONF_CHOICE || key->type == CONF_WORDS) == (key->choices != NULL), "%s: choices", key->key);
		ck_assert_msg((key->type != CONF_NUMBER && key->type != CONF_OCTAL) || key->min <= key->max, "%s: range", key->key);
		for (const struct conf_key *other = key + 1; other->section; other++) {
			ck_assert_msg(strcmp(key->section, other->section) || strcmp(key->key, other->key), "%s twice", key->key);
			ck_assert_msg(key->offset != other->offset, "%s and %s share a member", key->key, other->key);
		}
	}
}
END_TEST

START_TEST(defaults_need_no_file)
{
	struct conf *conf = conf_load(NULL, NULL);

	ck_assert_ptr_nonnull(conf);
	ck_assert_str_eq(conf->socket, "unix:/run/smtp-explain/milter.sock");
	ck_assert_uint_eq(conf->socket_mode, 0660);
	ck_assert_str_eq(conf->ordinary_mail, "read");
	ck_assert(conf->body);
	ck_assert(!conf->dkim_signed);
	ck_assert_str_eq(conf->facility, "mail");
	ck_assert_ptr_null(conf->domains[0]);
	conf_free(conf);
}
END_TEST

START_TEST(reads_every_type)
{
	struct conf *conf;

	write_conf("# comment\n[milter]\nsocket = inet:8891@127.0.0.1\nsocket_mode=0600\nbody_limit = 65536\nordinary_mail = skip\n[annotate]\nbody = no\n"
		   "[site]\ndomains = example.com, .example.net  example.org\n");
	conf = conf_load(path, NULL);
	ck_assert_ptr_nonnull(conf);
	ck_assert_str_eq(conf->socket, "inet:8891@127.0.0.1");
	ck_assert_uint_eq(conf->socket_mode, 0600);
	ck_assert_uint_eq(conf->body_limit, 65536);
	ck_assert_str_eq(conf->ordinary_mail, "skip");
	ck_assert(!conf->body);
	ck_assert_uint_eq(g_strv_length(conf->domains), 3);
	ck_assert_str_eq(conf->domains[1], ".example.net");
	conf_free(conf);
}
END_TEST

static const struct {
	const char *text, *error;	/* error: what follows the file's name */
} mistakes[] = {
	{"[milter]\nsockett = unix:/x\n", ":2: [milter] sockett: there is no such key in this section"},
	{"[milters]\nsocket = unix:/x\n", ":2: [milters] socket: there is no such section"},
	{"\n[milter]\n\nsocket = /run/x\n", ":4: [milter] socket: must be unix:PATH, inet:PORT@HOST or inet6:PORT@HOST"},
	{"[milter]\nsocket = unix:sock\n", ":2: [milter] socket: must be an absolute path"},
	{"[milter]\npid_file = run/pid\n", ":2: [milter] pid_file: must be an absolute path"},
	{"[milter]\nsocket_mode = 888\n", ":2: [milter] socket_mode: must be an octal number up to 0777"},
	{"[milter]\nbody_limit = 12\n", ":2: [milter] body_limit: must be a number from 4096 to 33554432"},
	{"[milter]\nbody_limit = 33554433\n", ":2: [milter] body_limit: must be a number from 4096 to 33554432"},
	{"[milter]\nbody_limit = many\n", ":2: [milter] body_limit: must be a number from 4096 to 33554432"},
	{"[milter]\nbackground = perhaps\n", ":2: [milter] background: must be yes or no"},
	{"[milter]\nordinary_mail = reject\n", ":2: [milter] ordinary_mail: must be one of: read skip"},
	{"[log]\nfacility = post\n", ":2: [log] facility: is no syslog facility"},
	{"[log]\nident = two words\n", ":2: [log] ident: must be one word"},
	{"[log]\naddresses = some\n", ":2: [log] addresses: must be one of: full domain hash none"},
	{"[log]\n\naddresses = hash\n", ":3: [log] addresses: hash needs a key, see hash_key_file"},
	{"[log]\nhash_key_file = key\n", ":2: [log] hash_key_file: must be an absolute path"},
	{"[metrics]\nfile = x.prom\n", ":2: [metrics] file: must be an absolute path"},
	{"[metrics]\ninterval = 0\n", ":2: [metrics] interval: must be a number from 1 to 3600"},
	{"[alert.Mine]\ncount = 3\n", ":2: [alert.Mine] count: the name behind \"alert.\" must be at most 40 small letters, digits and hyphens"},
	{"[alert.]\ncount = 3\n", ":2: [alert.] count: the name behind \"alert.\" must be at most 40 small letters, digits and hyphens"},
	{"[alert]\ncount = 3\n", ":2: [alert] count: there is no such section"},
	{"[alert.mine]\ncounts = 3\n", ":2: [alert.mine] counts: there is no such key in this section"},
	{"[alert.mine]\ncount = 0\n", ":2: [alert.mine] count: must be a number from 1 to 1000000"},
	{"[alert.mine]\norigin = ours theirs\n", ":2: [alert.mine] origin: theirs: each must be one of: ours not-ours unknown"},
	{"[alert.tls]\nper = domain\n", ":2: [alert.tls] per: must be one of: none reason provider remote_domain sender sender_domain recipient recipient_domain"},
	{"[alert.tls]\ncount = 3\n[alert.tls]\nwindow = 60\n", ":3: [alert.tls] stands twice in this file"},
	{"[annotate]\nprefix = X Bad\n", ":2: [annotate] prefix: is no name for a header field"},
	{"[annotate]\nexempt_clients = 192.0.2.1 192.0.2.0/33\n",
	 ":2: [annotate] exempt_clients: 192.0.2.0/33: is no address or network (192.0.2.0/24; bits behind the prefix must be zero)"},
	{"[annotate]\nexempt_clients = *.example.net\n",
	 ":2: [annotate] exempt_clients: *.example.net: is neither an address, a network (192.0.2.0/24) nor a host name"},
	{"[annotate]\nsubject_tag = [{tilte}]\n", ":2: [annotate] subject_tag: {tilte}: must be {title}, {reason}, {kind} or {owner}"},
	{"[annotate]\nsubject_tag = 2345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901x\n",
	 ":2: [annotate] subject_tag: must be at most 100 bytes of UTF-8"},
	{"[annotate]\nkinds = bounce success\n", ":2: [annotate] kinds: success: each must be one of: bounce delay"},
	{"[annotate]\norigins =\n", ":2: [annotate] origins: must name one of: ours not-ours unknown"},
	{"[annotate]\nexempt_recipients = ann@\n", ":2: [annotate] exempt_recipients: ann@: is neither an address nor a domain"},
	{"[annotate]\nprefix =\n", ":2: [annotate] prefix: is no name for a header field"},
};

START_TEST(mistakes_are_told_with_their_place)
{
	GError *error = NULL;
	char *wanted = g_strconcat(path, mistakes[_i].error, NULL);

	write_conf(mistakes[_i].text);
	ck_assert_ptr_null(conf_load(path, &error));
	ck_assert_str_eq(error->message, wanted);
	g_error_free(error);
	g_free(wanted);
}
END_TEST

static const struct alert_rule *rule_of(const struct conf *conf, const char *name)
{
	for (guint i = 0; i < conf->alert_rules->len; i++)
		if (strcmp(((const struct alert_rule *)g_ptr_array_index(conf->alert_rules, i))->name, name) == 0)
			return g_ptr_array_index(conf->alert_rules, i);
	return NULL;
}

START_TEST(rules_of_alerts_are_changed_and_added)
{
	struct conf *conf;
	guint shipped;

	conf = conf_load(NULL, NULL);
	shipped = conf->alert_rules->len;
	ck_assert_uint_eq(rule_of(conf, "ip-blocklisted")->count, 10);
	ck_assert_uint_eq(rule_of(conf, "ip-blocklisted")->window, 600);
	conf_free(conf);
	write_conf("[alert.ip-blocklisted]\ncount = 3\n[alert.mine]\nreason = tls auth-*\nenabled = no\n");
	conf = conf_load(path, NULL);
	ck_assert_uint_eq(conf->alert_rules->len, shipped + 1);
	ck_assert_uint_eq(rule_of(conf, "ip-blocklisted")->count, 3);
	ck_assert_uint_eq(rule_of(conf, "ip-blocklisted")->window, 600);
	ck_assert_str_eq(rule_of(conf, "mine")->reason[1], "auth-*");
	ck_assert_uint_eq(rule_of(conf, "mine")->window, 3600);
	ck_assert(!rule_of(conf, "mine")->enabled);
	conf_free(conf);
}
END_TEST

START_TEST(rules_are_bounded)
{
	GString *text = g_string_new(NULL);
	GError *error = NULL;

	for (unsigned i = 0; i <= ALERT_RULES_LIMIT; i++)
		g_string_append_printf(text, "[alert.rule-%u]\ncount = 3\n", i);
	write_conf(text->str);
	ck_assert_ptr_null(conf_load(path, &error));
	ck_assert_ptr_nonnull(strstr(error->message, "count: there are more than 32 rules"));
	g_error_free(error);
	g_string_free(text, TRUE);
}
END_TEST

START_TEST(bad_syntax_names_the_line)
{
	GError *error = NULL;
	char *wanted = g_strconcat(path, ":3:", NULL);

	write_conf("[milter]\nsocket = unix:/x\nwhat is this\n");
	ck_assert_ptr_null(conf_load(path, &error));
	ck_assert_msg(g_str_has_prefix(error->message, wanted), "%s", error->message);
	g_error_free(error);
	g_free(wanted);
}
END_TEST

START_TEST(missing_file_is_an_error)
{
	GError *error = NULL;

	ck_assert_ptr_null(conf_load("/nonexistent/smtp-explain.conf", &error));
	ck_assert(g_str_has_prefix(error->message, "/nonexistent/smtp-explain.conf:"));
	g_error_free(error);
}
END_TEST

START_TEST(dump_reads_back_the_same)
{
	GString *first = g_string_new(NULL), *second = g_string_new(NULL);
	struct conf *conf;

	write_conf("[milter]\nsocket = inet:1@127.0.0.1\nsocket_mode = 0640\nbackground = yes\n[site]\nhosts = a b\n[log]\nstats_interval = 0\n[alert.tls]\nenabled = no\n[alert.mine]\nper = sender\nreason = tls\n");
	conf = conf_load(path, NULL);
	conf_print(conf, first);
	conf_free(conf);
	write_conf(first->str);
	conf = conf_load(path, NULL);
	ck_assert_ptr_nonnull(conf);
	conf_print(conf, second);
	conf_free(conf);
	ck_assert_str_eq(first->str, second->str);
	ck_assert_ptr_nonnull(strstr(first->str, "socket_mode = 0640\n"));
	ck_assert_ptr_nonnull(strstr(first->str, "\n[alert.tls]\nenabled = no\n"));
	ck_assert_ptr_nonnull(strstr(first->str, "\n[alert.mine]\nenabled = yes\nreason = tls\nper = sender\n"));
	g_string_free(first, TRUE);
	g_string_free(second, TRUE);
}
END_TEST

START_TEST(restart_is_named_key_by_key)
{
	struct conf *before, *after;
	char *keys;

	write_conf("[milter]\nsocket = inet:1@127.0.0.1\nuser = nobody\n[annotate]\nlanguage = de\n");
	before = conf_load(NULL, NULL);
	after = conf_load(path, NULL);
	keys = conf_restart_needed(before, after);
	ck_assert_str_eq(keys, "[milter] socket, [milter] user");
	ck_assert_ptr_null(conf_restart_needed(after, after));
	g_free(keys);
	conf_free(before);
	conf_free(after);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conf");
	TCase *tests = tcase_create("conf");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, rows_are_sound);
	tcase_add_test(tests, defaults_need_no_file);
	tcase_add_test(tests, reads_every_type);
	tcase_add_loop_test(tests, mistakes_are_told_with_their_place, 0, (int)G_N_ELEMENTS(mistakes));
	tcase_add_test(tests, rules_of_alerts_are_changed_and_added);
	tcase_add_test(tests, rules_are_bounded);
	tcase_add_test(tests, bad_syntax_names_the_line);
	tcase_add_test(tests, missing_file_is_an_error);
	tcase_add_test(tests, dump_reads_back_the_same);
	tcase_add_test(tests, restart_is_named_key_by_key);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
