/* conf-value.c - the values of keys: read from words, printed as words, freed.
 *
 * Not here: which keys there are (conf-keys.c), files and sections (conf.c).
 */
#include "conf-value.h"

#include "language.h"
#include "lists.h"

#include <string.h>

static void *member(const void *base, const struct conf_key *key)
{
	return (char *)(gpointer)base + key->offset;
}

static bool is_list(const struct conf_key *key)
{
	return key->type >= CONF_LIST;
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
		if (key->choices && !is_choice(key, *word))
			wrong = g_strdup_printf("%s: each must be one of: %s", *word, key->choices);
		else if (key->type == CONF_CLIENTS)
			wrong = lists_client_wrong(*word);
		else if (key->type == CONF_ADDRESSES)
			wrong = lists_address_wrong(*word);
		else if (key->type == CONF_READERS)
			wrong = language_rule_wrong(*word);
	}
	return wrong;
}

char *conf_value_set(void *base, const struct conf_key *key, const char *value)
{
	void *at = member(base, key);

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
	case CONF_CHOICES:
	case CONF_CLIENTS:
	case CONF_ADDRESSES:
	case CONF_READERS:
		return read_list(key, at, value);
	}
	return NULL;
}

char *conf_value_print(const void *base, const struct conf_key *key)
{
	const void *at = member(base, key);

	switch (key->type) {
	case CONF_BOOL:
		return g_strdup(*(const bool *)at ? "yes" : "no");
	case CONF_NUMBER:
		return g_strdup_printf("%u", *(const unsigned *)at);
	case CONF_OCTAL:
		return g_strdup_printf("%04o", *(const unsigned *)at);
	case CONF_LIST:
	case CONF_WORDS:
	case CONF_CHOICES:
	case CONF_CLIENTS:
	case CONF_ADDRESSES:
	case CONF_READERS:
		return g_strjoinv(" ", *(char **const *)at);
	case CONF_STRING:
	case CONF_CHOICE:
		break;
	}
	return g_strdup(*(char *const *)at);
}

void conf_value_free(void *base, const struct conf_key *key)
{
	void *at = member(base, key);

	if (key->type == CONF_STRING || key->type == CONF_CHOICE)
		g_free(*(char **)at);
	else if (is_list(key))
		g_strfreev(*(char ***)at);
}
