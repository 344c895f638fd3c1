/* catalogue-keys.c - which sections and keys a catalogue file may have, and what each value must look like.
 *
 * Who adds a key adds a row here and an entry in smtp-explain-catalogue(5). Not here: what needs more than the value alone, such as
 * whether a reason exists (catalogue-load.c), and what is allowed but bad (catalogue-check.c).
 */
#include "catalogue-entry.h"

#include <string.h>

#define A(sort) (1u << ENTRY_##sort)
#define NUMBERS (A(DSN) | A(CODE) | A(DIGITS) | A(CLASS))
#define SPOKEN (NUMBERS | A(PROVIDER_TEXT) | A(REASON))

static bool is_one_of(const char *value, const char *const *words)
{
	return g_strv_contains(words, value);
}

static const char *wrong_owner(const char *value)
{
	static const char *const owners[] = {"sender", "sender-admin", "recipient", "recipient-admin", "nobody", NULL};

	return is_one_of(value, owners) ? NULL : "must be sender, sender-admin, recipient, recipient-admin or nobody";
}

static const char *wrong_kind(const char *value)
{
	static const char *const kinds[] = {"mailbox", "gateway", "blocklist", "esp", "mta", "list", "generic", "wrapper", NULL};

	return is_one_of(value, kinds) ? NULL : "must be mailbox, gateway, blocklist, esp, mta, list, generic or wrapper";
}

static const char *wrong_confidence(const char *value)
{
	static const char *const words[] = {"high", "medium", "low", NULL};

	return is_one_of(value, words) ? NULL : "must be high, medium or low";
}

static const char *wrong_priority(const char *value)
{
	return g_ascii_string_to_unsigned(value, 10, 1, 100, NULL, NULL) ? NULL : "must be a number from 1 to 100";
}

static const char *wrong_classes(const char *value)
{
	for (size_t i = 0; value[i]; i++)
		if (i % 2 ? value[i] != ' ' : !strchr("245", value[i]))
			return "must be classes with blanks between, such as 4 5";
	return strlen(value) % 2 ? NULL : "must be classes with blanks between, such as 4 5";
}

static const char *wrong_date(const char *value)
{
	GDate date;

	g_date_clear(&date, 1);
	if (strlen(value) == 10 && value[4] == '-' && value[7] == '-')
		g_date_set_parse(&date, value);
	return g_date_valid(&date) ? NULL : "must be a date, YYYY-MM-DD";
}

/* The link goes into mail and HTML: nothing in it may end an attribute or a line. */
static const char *wrong_help(const char *value)
{
	if (!g_str_has_prefix(value, "https://") || !g_ascii_isalnum(value[8]))
		return "must be a link that begins with https://";
	for (const char *c = value; *c; c++)
		if (*c <= ' ' || *c >= 127 || strchr("\"'<>\\`", *c))
			return "must be a link without blanks, quotes and brackets";
	return NULL;
}

/* "550", "5.1.1" or "X.1.1", and nothing behind. */
static bool is_code(const char *word)
{
	struct code code = CODE_NONE;
	char *digits = *word == 'X' ? g_strconcat("5", word + 1, NULL) : g_strdup(word);
	size_t length = strlen(digits);
	bool good = length && code_read(digits, length, &code) == length && *digits != '#' && (*word != 'X' || !code_has_reply(code));

	g_free(digits);
	return good;
}

static const char *wrong_code(const char *value)
{
	char **words = g_strsplit(value, " ", -1);
	bool good = words[0] != NULL;

	for (guint i = 0; words[i]; i++)
		good = good && is_code(words[i]);
	g_strfreev(words);
	return good ? NULL : "must be codes with blanks between, such as 550 5.1.1 X.7.1";
}

static const char *wrong_if_empty(const char *value)
{
	return *value ? NULL : "must not be empty";
}

const struct catalogue_key catalogue_keys[] = {
	/* name, may have it, must have it, translated, check */
	{"title", A(REASON), A(REASON), true, wrong_if_empty},
	{"summary", SPOKEN | A(PROVIDER), A(REASON), true, NULL},
	{"advice", SPOKEN | A(PROVIDER), A(REASON), true, NULL},
	{"admin", SPOKEN | A(PROVIDER), A(REASON), true, NULL},
	{"meaning", NUMBERS, NUMBERS, true, wrong_if_empty},
	{"text", A(PHRASE), A(PHRASE), true, NULL},
	{"name", A(PROVIDER), A(PROVIDER), false, wrong_if_empty},
	{"kind", A(PROVIDER), A(PROVIDER), false, wrong_kind},
	{"group", A(REASON), 0, false, NULL},
	{"reason", NUMBERS | A(PROVIDER_TEXT), NUMBERS | A(PROVIDER_TEXT), false, wrong_if_empty},
	{"owner", SPOKEN, A(REASON), false, wrong_owner},
	{"pattern", A(PROVIDER_TEXT), A(PROVIDER_TEXT), false, NULL},
	{"host", A(PROVIDER) | A(PROVIDER_TEXT), 0, false, NULL},
	{"code", A(PROVIDER_TEXT), 0, false, wrong_code},
	{"priority", A(PROVIDER_TEXT), A(PROVIDER_TEXT), false, wrong_priority},
	{"confidence", SPOKEN, 0, false, wrong_confidence},
	{"classes", A(DSN), 0, false, wrong_classes},
	{"help", SPOKEN | A(PROVIDER), 0, false, wrong_help},
	{"example", A(PROVIDER_TEXT), 0, false, NULL},
	{"example-host", A(PROVIDER_TEXT), 0, false, NULL},
	{"source", SPOKEN | A(PROVIDER), 0, false, NULL},
	{"checked", SPOKEN | A(PROVIDER), 0, false, wrong_date},
	{NULL, 0, 0, false, NULL},
};

int catalogue_key_index(const char *name, size_t length)
{
	for (int i = 0; catalogue_keys[i].name; i++)
		if (strlen(catalogue_keys[i].name) == length && memcmp(catalogue_keys[i].name, name, length) == 0)
			return i;
	return -1;
}

static bool is_word(const char *word)
{
	size_t length = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return length && word[length] == '\0' && *word != '-';
}

/* "X.1" of [digits.X.1], "X5" of [digits.X5]. */
static bool is_digits(const char *rest)
{
	if (*rest++ != 'X')
		return false;
	if (*rest == '.')
		rest++;
	return g_ascii_isdigit(rest[0]) && rest[1] == '\0';
}

/* "example.net" of [reason.mailbox-full@example.net]; names in other scripts too. */
static bool is_domain(const char *domain)
{
	for (const char *c = domain; *c; c++)
		if (!g_ascii_islower(*c) && !g_ascii_isdigit(*c) && *c != '-' && *c != '.' && (unsigned char)*c < 0x80)
			return false;
	return g_ascii_isalnum(*domain) || (unsigned char)*domain >= 0x80;
}

bool catalogue_key_varies(int index)
{
	static const char *const keys[] = {"summary", "advice", "admin", "help", "owner", NULL};

	return g_strv_contains(keys, catalogue_keys[index].name);
}

static bool sort_of(const char *id, enum catalogue_sort *sort)
{
	static const char *const words[] = {
		[ENTRY_DSN] = "dsn", [ENTRY_CODE] = "code", [ENTRY_DIGITS] = "digits", [ENTRY_CLASS] = "class",
		[ENTRY_REASON] = "reason", [ENTRY_PHRASE] = "phrase", [ENTRY_PROVIDER] = "provider",
	};
	const char *rest = strchr(id, '.');
	char *word = rest ? g_strndup(id, (size_t)(rest++ - id)) : NULL;
	bool word_is_good = word && is_word(word);

	*sort = ENTRY_PROVIDER_TEXT;
	for (guint i = 0; word && i < G_N_ELEMENTS(words); i++)
		if (g_strcmp0(words[i], word) == 0)
			*sort = (enum catalogue_sort)i;
	g_free(word);
	if (!word_is_good)
		return false;
	if (*sort == ENTRY_DSN)
		return strchr(rest, '.') && is_code(rest);
	if (*sort == ENTRY_CODE)
		return strlen(rest) == 3 && is_code(rest);
	if (*sort == ENTRY_DIGITS)
		return is_digits(rest);
	if (*sort == ENTRY_CLASS)
		return g_ascii_isdigit(rest[0]) && rest[1] == '\0';
	return is_word(rest);
}

bool catalogue_sort_of(const char *id, enum catalogue_sort *sort, bool *variant)
{
	const char *at = strchr(id, '@');
	char *base = g_strndup(id, at ? (gsize)(at - id) : strlen(id));
	bool good = sort_of(base, sort) && (!at || (is_domain(at + 1) && *sort != ENTRY_PHRASE));

	*variant = at != NULL;
	g_free(base);
	return good;
}
