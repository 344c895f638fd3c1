/* conf.c - reads, checks and prints the configuration from the table in conf-keys.c.
 *
 * Not here: what the values do. An unknown section or key is an error: a typo must not silently mean the default.
 */
#include "conf.h"

#include "conf-rules.h"
#include "conf-value.h"
#include "keyfile.h"
#include "log.h"
#include "subject.h"

#include <string.h>

G_DEFINE_QUARK(smtp-explain-conf-error-quark, conf_error)

static const struct conf_key *find_key(const char *section, const char *name, bool *section_known)
{
	*section_known = false;
	for (const struct conf_key *key = conf_keys; key->section; key++) {
		if (strcmp(key->section, section) != 0)
			continue;
		*section_known = true;
		if (strcmp(key->key, name) == 0)
			return key;
	}
	return NULL;
}

/* A field name of RFC 5322 section 2.2, short enough to leave room for "-Original". */
static bool is_field_name(const char *name)
{
	for (const char *c = name; *c; c++)
		if (*c <= ' ' || *c >= 127 || *c == ':')
			return false;
	return *name && strlen(name) <= 60;
}

/* It goes into mail and HTML: nothing in it may end an attribute or a line. */
static bool is_link(const char *value)
{
	static const char *const schemes[] = {"https://", "http://", "mailto:"};
	bool known = *value == '\0';

	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
		known = known || (g_str_has_prefix(value, schemes[i]) && g_ascii_isalnum(value[strlen(schemes[i])]));
	for (const char *c = value; *c; c++)
		known = known && *c > ' ' && *c < 127 && !strchr("\"'<>\\`", *c);
	return known;
}

/* The daemon may run in "/", and a reload must find what the start found. */
static bool is_relative(const struct conf_key *key, const char *value)
{
	if (strcmp(key->key, "socket") == 0)
		return !g_str_has_prefix(value, "inet") && !g_path_is_absolute(strchr(value, ':') + 1);
	return (strcmp(key->key, "pid_file") == 0 || strcmp(key->key, "hash_key_file") == 0 || strcmp(key->section, "metrics") == 0) && key->type == CONF_STRING &&
	       *value && !g_path_is_absolute(value);
}

static char *check_tag(const char *value)
{
	char *unknown = subject_tag_wrong(value), *wrong = NULL;

	if (unknown)
		wrong = g_strdup_printf("{%s}: must be {title}, {reason}, {kind} or {owner}", unknown);
	else if (strlen(value) > SUBJECT_TAG_LIMIT || !g_utf8_validate(value, -1, NULL))
		wrong = g_strdup_printf("must be at most %u bytes of UTF-8", SUBJECT_TAG_LIMIT);
	g_free(unknown);
	return wrong;
}

/* What the table cannot say. NULL, or what is wrong (the caller frees it). */
static char *check_value(const struct conf_key *key, const char *value)
{
	if (strcmp(key->key, "facility") == 0 && !log_facility_is_known(value))
		return g_strdup("is no syslog facility");
	if (strcmp(key->key, "prefix") == 0 && !is_field_name(value))
		return g_strdup("is no name for a header field");
	if (strcmp(key->key, "subject_tag") == 0)
		return check_tag(value);
	if (strcmp(key->key, "ident") == 0 && !is_field_name(value))
		return g_strdup("must be one word");
	if (strcmp(key->key, "socket") == 0 && !g_str_has_prefix(value, "unix:") && !g_str_has_prefix(value, "local:") &&
	    !g_str_has_prefix(value, "inet:") && !g_str_has_prefix(value, "inet6:"))
		return g_strdup("must be unix:PATH, inet:PORT@HOST or inet6:PORT@HOST");
	if (strcmp(key->key, "helpdesk_link") == 0 && !is_link(value))
		return g_strdup("must be a link that begins with https://, http:// or mailto:, without blanks, quotes and brackets");
	if (is_relative(key, value))
		return g_strdup("must be an absolute path");
	return NULL;
}

static bool apply(struct conf *conf, const struct keyfile_item *item, GError **error)
{
	bool section_known;
	const struct conf_key *key = find_key(item->section, item->key, &section_known);
	char *wrong;

	if (conf_is_rule(item->section))
		wrong = conf_rules_set(conf->alert_rules, item);
	else if (!section_known)
		wrong = g_strdup("there is no such section");
	else if (!key)
		wrong = g_strdup("there is no such key in this section");
	else if (!(wrong = check_value(key, item->value)))
		wrong = conf_value_set(conf, key, item->value);
	if (!wrong)
		return true;
	g_set_error(error, CONF_ERROR, 0, "%s:%d: [%s] %s: %s", item->file, item->line, item->section, item->key, wrong);
	g_free(wrong);
	return false;
}

char *conf_find(const char *given)
{
	const char *path = SYSCONFDIR "/smtp-explain.conf";

	if (given)
		return g_strdup(given);
	return g_file_test(path, G_FILE_TEST_EXISTS) ? g_strdup(path) : NULL;
}

static struct conf *defaults(void)
{
	struct conf *conf = g_new0(struct conf, 1);

	for (const struct conf_key *key = conf_keys; key->section; key++) {
		char *wrong = conf_value_set(conf, key, key->fallback);

		g_assert(!wrong);	/* a default that its own row refuses is a bug of the table */
	}
	conf->alert_rules = conf_rules_defaults();
	return conf;
}

/* What single values cannot say. False and an error at the place of the key. */
static bool check_whole(const struct conf *conf, const struct keyfile *file, GError **error)
{
	for (guint i = 0; file && i < keyfile_items(file)->len; i++) {
		const struct keyfile_item *item = &g_array_index(keyfile_items(file), struct keyfile_item, i);

		if (strcmp(conf->addresses, "hash") != 0 || *conf->hash_key_file || strcmp(item->section, "log") != 0 || strcmp(item->key, "addresses") != 0)
			continue;
		g_set_error(error, CONF_ERROR, 0, "%s:%d: [log] addresses: hash needs a key, see hash_key_file", item->file, item->line);
		return false;
	}
	return true;
}

struct conf *conf_load(const char *path, GError **error)
{
	struct conf *conf = defaults();
	struct keyfile *file = path ? keyfile_load(path, error) : NULL;
	bool good = !path || file;

	for (guint i = 0; good && file && i < keyfile_items(file)->len; i++)
		good = apply(conf, &g_array_index(keyfile_items(file), struct keyfile_item, i), error);
	good = good && check_whole(conf, file, error);
	if (file)
		keyfile_free(file);
	if (good)
		return conf;
	conf_free(conf);
	return NULL;
}

void conf_free(struct conf *conf)
{
	if (!conf)
		return;
	for (const struct conf_key *key = conf_keys; key->section; key++)
		conf_value_free(conf, key);
	g_ptr_array_unref(conf->alert_rules);
	g_free(conf);
}

void conf_print(const struct conf *conf, GString *out)
{
	const char *section = "";

	for (const struct conf_key *key = conf_keys; key->section; key++) {
		char *value = conf_value_print(conf, key);

		if (strcmp(section, key->section) != 0)
			g_string_append_printf(out, "%s[%s]\n", *section ? "\n" : "", key->section);
		section = key->section;
		g_string_append_printf(out, "# %s\n%s = %s\n", key->help, key->key, value);
		g_free(value);
	}
	conf_rules_print(conf->alert_rules, out);
}

char *conf_restart_needed(const struct conf *before, const struct conf *after)
{
	GString *keys = g_string_new(NULL);

	for (const struct conf_key *key = conf_keys; key->section; key++) {
		char *old_value = conf_value_print(before, key), *new_value = conf_value_print(after, key);

		if (key->restart && strcmp(old_value, new_value) != 0)
			g_string_append_printf(keys, "%s[%s] %s", keys->len ? ", " : "", key->section, key->key);
		g_free(old_value);
		g_free(new_value);
	}
	return g_string_free(keys, keys->len == 0);
}
