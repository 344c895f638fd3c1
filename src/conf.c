/* conf.c - reads, checks and prints the configuration from the table in conf-keys.c.
 *
 * Not here: what the values do. An unknown section or key is an error: a typo must not silently mean the default.
 */
#include "conf.h"

#include "keyfile.h"
#include "lists.h"
#include "log.h"

#include <string.h>

G_DEFINE_QUARK(smtp-explain-conf-error-quark, conf_error)

static void *member(const struct conf *conf, const struct conf_key *key)
{
	return (char *)(gpointer)conf + key->offset;
}

static bool is_list(const struct conf_key *key)
{
	return key->type == CONF_LIST || key->type == CONF_WORDS || key->type == CONF_CLIENTS || key->type == CONF_ADDRESSES;
}

static char **split_list(const char *value)
{
	char **words = g_strsplit_set(value, " \t,", -1);
	guint kept = 0;

	for (guint i = 0; words[i]; i++) {
		if (*words[i])
			words[kept++] = words[i];
		else
			g_free(words[i]);
	}
	words[kept] = NULL;
	return words;
}

static bool is_choice(const struct conf_key *key, const char *value)
{
	char **choices = g_strsplit(key->choices, " ", -1);
	bool found = g_strv_contains((const char *const *)choices, value);

	g_strfreev(choices);
	return found;
}

static const char *read_bool(bool *member_value, const char *value)
{
	static const char *const yes[] = {"yes", "true", "on", "1", NULL}, *const no[] = {"no", "false", "off", "0", NULL};

	*member_value = g_strv_contains(yes, value);
	return *member_value || g_strv_contains(no, value) ? NULL : "must be yes or no";
}

/* NULL, or what is wrong with the value (the caller frees it). */
static char *read_number(const struct conf_key *key, unsigned *number, const char *value)
{
	guint64 read;
	unsigned base = key->type == CONF_OCTAL ? 8 : 10;

	if (!g_ascii_string_to_unsigned(value, base, key->min, key->max, &read, NULL))
		return base == 8 ? g_strdup_printf("must be an octal number up to %04o", key->max)
				 : g_strdup_printf("must be a number from %u to %u", key->min, key->max);
	*number = (unsigned)read;
	return NULL;
}

/* NULL, or what is wrong with one of the words (the caller frees it). */
static char *read_list(const struct conf_key *key, char ***list, const char *value)
{
	char *wrong = NULL;

	g_strfreev(*list);
	*list = split_list(value);
	if (key->type == CONF_WORDS && !**list)
		wrong = g_strdup_printf("must name one of: %s", key->choices);
	for (char **word = *list; *word && !wrong; word++) {
		if (key->type == CONF_CLIENTS)
			wrong = lists_client_wrong(*word);
		else if (key->type == CONF_ADDRESSES)
			wrong = lists_address_wrong(*word);
		else if (key->type == CONF_WORDS && !is_choice(key, *word))
			wrong = g_strdup_printf("%s: each must be one of: %s", *word, key->choices);
	}
	return wrong;
}

/* Sets the member of one key. NULL, or what is wrong with the value (the caller frees it). */
static char *set_value(struct conf *conf, const struct conf_key *key, const char *value)
{
	void *at = member(conf, key);

	switch (key->type) {
	case CONF_CHOICE:
		if (!is_choice(key, value))
			return g_strdup_printf("must be one of: %s", key->choices);
		/* fall through */
	case CONF_STRING:
		g_free(*(char **)at);
		*(char **)at = g_strdup(value);
		return NULL;
	case CONF_BOOL:
		return g_strdup(read_bool(at, value));
	case CONF_NUMBER:
	case CONF_OCTAL:
		return read_number(key, at, value);
	case CONF_LIST:
	case CONF_WORDS:
	case CONF_CLIENTS:
	case CONF_ADDRESSES:
		return read_list(key, at, value);
	}
	return NULL;
}

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

/* The daemon may run in "/", and a reload must find what the start found. */
static bool is_relative(const struct conf_key *key, const char *value)
{
	if (strcmp(key->key, "socket") == 0)
		return !g_str_has_prefix(value, "inet") && !g_path_is_absolute(strchr(value, ':') + 1);
	return strcmp(key->key, "pid_file") == 0 && *value && !g_path_is_absolute(value);
}

/* What the table cannot say. NULL, or what is wrong (the caller frees it). */
static char *check_value(const struct conf_key *key, const char *value)
{
	if (strcmp(key->key, "facility") == 0 && !log_facility_is_known(value))
		return g_strdup("is no syslog facility");
	if (strcmp(key->key, "prefix") == 0 && !is_field_name(value))
		return g_strdup("is no name for a header field");
	if (strcmp(key->key, "ident") == 0 && !is_field_name(value))
		return g_strdup("must be one word");
	if (strcmp(key->key, "socket") == 0 && !g_str_has_prefix(value, "unix:") && !g_str_has_prefix(value, "local:") &&
	    !g_str_has_prefix(value, "inet:") && !g_str_has_prefix(value, "inet6:"))
		return g_strdup("must be unix:PATH, inet:PORT@HOST or inet6:PORT@HOST");
	if (is_relative(key, value))
		return g_strdup("must be an absolute path");
	return NULL;
}

static bool apply(struct conf *conf, const struct keyfile_item *item, GError **error)
{
	bool section_known;
	const struct conf_key *key = find_key(item->section, item->key, &section_known);
	char *wrong;

	if (!section_known)
		wrong = g_strdup("there is no such section");
	else if (!key)
		wrong = g_strdup("there is no such key in this section");
	else if (!(wrong = check_value(key, item->value)))
		wrong = set_value(conf, key, item->value);
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
		char *wrong = set_value(conf, key, key->fallback);

		g_assert(!wrong);	/* a default that its own row refuses is a bug of the table */
	}
	return conf;
}

struct conf *conf_load(const char *path, GError **error)
{
	struct conf *conf = defaults();
	struct keyfile *file = path ? keyfile_load(path, error) : NULL;
	bool good = !path || file;

	for (guint i = 0; good && file && i < keyfile_items(file)->len; i++)
		good = apply(conf, &g_array_index(keyfile_items(file), struct keyfile_item, i), error);
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
	for (const struct conf_key *key = conf_keys; key->section; key++) {
		void *at = member(conf, key);

		if (key->type == CONF_STRING || key->type == CONF_CHOICE)
			g_free(*(char **)at);
		else if (is_list(key))
			g_strfreev(*(char ***)at);
	}
	g_free(conf);
}

/* The value as it would stand in a file. The caller frees it. */
static char *print_value(const struct conf *conf, const struct conf_key *key)
{
	const void *at = member(conf, key);

	switch (key->type) {
	case CONF_BOOL:
		return g_strdup(*(const bool *)at ? "yes" : "no");
	case CONF_NUMBER:
		return g_strdup_printf("%u", *(const unsigned *)at);
	case CONF_OCTAL:
		return g_strdup_printf("%04o", *(const unsigned *)at);
	case CONF_LIST:
	case CONF_WORDS:
	case CONF_CLIENTS:
	case CONF_ADDRESSES:
		return g_strjoinv(" ", *(char **const *)at);
	case CONF_STRING:
	case CONF_CHOICE:
		break;
	}
	return g_strdup(*(char *const *)at);
}

void conf_print(const struct conf *conf, GString *out)
{
	const char *section = "";

	for (const struct conf_key *key = conf_keys; key->section; key++) {
		char *value = print_value(conf, key);

		if (strcmp(section, key->section) != 0)
			g_string_append_printf(out, "%s[%s]\n", *section ? "\n" : "", key->section);
		section = key->section;
		g_string_append_printf(out, "# %s\n%s = %s\n", key->help, key->key, value);
		g_free(value);
	}
}

char *conf_restart_needed(const struct conf *before, const struct conf *after)
{
	GString *keys = g_string_new(NULL);

	for (const struct conf_key *key = conf_keys; key->section; key++) {
		char *old_value = print_value(before, key), *new_value = print_value(after, key);

		if (key->restart && strcmp(old_value, new_value) != 0)
			g_string_append_printf(keys, "%s[%s] %s", keys->len ? ", " : "", key->section, key->key);
		g_free(old_value);
		g_free(new_value);
	}
	return g_string_free(keys, keys->len == 0);
}
