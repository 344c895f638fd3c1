/* catalogue-check.c - looks for entries that load but do not do what their author meant: words, translations, numbers; and puts all findings together.
 *
 * Not here: mistakes that keep a catalogue from loading (catalogue-keys.c, catalogue-link.c), the proofs of texts (catalogue-prove.c).
 */
#include "catalogue-check.h"

#include "catalogue-findings.h"
#include "catalogue-marks.h"
#include "facts.h"

#include <stdio.h>
#include <string.h>

/* Those up to the empty one may stand in every sentence, the others in phrases; the facts of facts.h may stand in both. */
static const char *const variables[] = {
	"to", "domain", "remote", "provider", "site-name", "helpdesk-name", "helpdesk-phone", "helpdesk-link", "",
	"count", "until", "status", "reply", "code", "meaning", "orig_to", "host", "contact",
};

static bool is_fact(const char *name, size_t length)
{
	for (int fact = 0; fact < FACTS; fact++)
		if (strlen(fact_variable((enum fact)fact)) == length && memcmp(fact_variable((enum fact)fact), name, length) == 0)
			return true;
	return false;
}

static bool is_variable(const char *name, size_t length, bool phrase)
{
	for (size_t i = 0; i < G_N_ELEMENTS(variables) && (phrase || *variables[i]); i++)
		if (length && strlen(variables[i]) == length && memcmp(variables[i], name, length) == 0)
			return true;
	return is_fact(name, length);
}

/* Does the brace stand between square brackets? */
static bool is_in_brackets(const char *text, const char *brace)
{
	while (brace > text && *brace != '[' && *brace != ']')
		brace--;
	return *brace == '[';
}

static bool has_variable(const char *text, const char *name)
{
	char braced[24];

	g_snprintf(braced, sizeof(braced), "{%s}", name);
	return strstr(text, braced) != NULL;
}

static void check_variables(struct check *check, const struct catalogue_entry *entry, const struct catalogue_value *value)
{
	for (const char *brace = strchr(value->text, '{'); brace; brace = strchr(brace + 1, '{')) {
		size_t length = strcspn(brace + 1, "{}");
		char *wrong = NULL;

		if (brace[length + 1] != '}' || !is_variable(brace + 1, length, entry->sort == ENTRY_PHRASE))
			wrong = g_strdup_printf("there is no variable {%.*s}", (int)MIN(length, 40), brace + 1);
		else if (entry->sort != ENTRY_PHRASE && is_fact(brace + 1, length) && !is_in_brackets(value->text, brace))
			wrong = g_strdup_printf("{%.*s} must stand in square brackets: it is not always known", (int)length, brace + 1);
		if (wrong)
			catalogue_find_at(check, entry, value, wrong);
		g_free(wrong);
	}
}

static void check_sentences(struct check *check, const struct catalogue_entry *entry)
{
	for (guint i = 0; i < entry->value_count; i++) {
		const struct catalogue_value *value = &entry->values[i];
		const char *key = catalogue_keys[value->key].name;
		size_t length = strlen(value->text);
		bool sentence = strcmp(key, "summary") == 0 || strcmp(key, "advice") == 0 || strcmp(key, "admin") == 0;

		if (!catalogue_keys[value->key].translated)
			continue;
		check_variables(check, entry, value);
		if (length == 0 && (entry->sort == ENTRY_REASON || entry->sort == ENTRY_PHRASE))	/* nothing stands behind them to take words from */
			catalogue_find_at(check, entry, value, "is empty");
		if (sentence && value->language == 0 && length && value->text[length - 1] != '.')
			catalogue_find(check, entry, key, "must end with a full stop");
	}
}

static bool has_same_variables(const char *one, const char *other)
{
	for (int fact = 0; fact < FACTS; fact++)
		if (has_variable(one, fact_variable((enum fact)fact)) != has_variable(other, fact_variable((enum fact)fact)))
			return false;
	for (size_t i = 0; i < G_N_ELEMENTS(variables); i++)
		if (has_variable(one, variables[i]) != has_variable(other, variables[i]))
			return false;
	return true;
}

/* What the built-in languages promise: every reason, every phrase, the meaning of every number. */
static bool must_be_translated(const struct catalogue_entry *entry, const struct catalogue_value *value)
{
	const char *key = catalogue_keys[value->key].name;

	if (value->file >= entry->catalogue->embedded_files || !catalogue_keys[value->key].translated || entry->sort == ENTRY_PROVIDER_TEXT)
		return false;
	return entry->sort == ENTRY_REASON || entry->sort == ENTRY_PHRASE || strcmp(key, "meaning") == 0;
}

static void check_translations(struct check *check, const struct catalogue_entry *entry)
{
	const struct catalogue *catalogue = check->catalogue;

	for (guint i = 0; i < entry->value_count; i++) {
		const struct catalogue_value *value = &entry->values[i];
		const char *key = catalogue_keys[value->key].name;
		bool required = must_be_translated(entry, value);

		for (guint language = 1; language < catalogue->languages->len && value->language == 0; language++) {
			const struct catalogue_value *translated = entry_find(entry, key, language);

			if (translated && entry->sort == ENTRY_PHRASE && !has_same_variables(value->text, translated->text))
				catalogue_find(check, entry, key, "the translation [%s] has not the same variables", (const char *)catalogue->languages->pdata[language]);
			if (!translated && required && language < catalogue->embedded_languages)
				catalogue_find(check, entry, key, "has no translation [%s]", (const char *)catalogue->languages->pdata[language]);
		}
	}
}

/* Every code that a number's entry could speak for, class by class; absent parts of a code are 0. */
static bool speaks(const struct catalogue_entry *entry, struct code code)
{
	char *rule = NULL;
	bool does = catalogue_get_code(entry->catalogue, code, &rule) == entry;

	g_free(rule);
	return does;
}

static bool number_is_reachable(const struct catalogue_entry *entry)
{
	const char *id = strchr(entry->id, '.') + 1;
	unsigned one = 0, other = 0;

	for (unsigned class = 2; class <= 5; class += class == 2 ? 2 : 1) {
		if (entry->sort == ENTRY_CODE && sscanf(id, "%u", &one) == 1)
			return speaks(entry, (struct code){.reply = (unsigned short)one});
		if (entry->sort == ENTRY_DSN && sscanf(id + 2, "%u.%u", &one, &other) == 2 && speaks(entry, (struct code){0, (unsigned char)class, (unsigned short)one, (unsigned short)other}))
			return true;
		if (entry->sort == ENTRY_DIGITS && sscanf(id + 2, "%u", &one) == 1 && speaks(entry, (struct code){0, (unsigned char)class, (unsigned short)one, 999}))
			return true;
		if (entry->sort == ENTRY_DIGITS && sscanf(id + 1, "%u", &one) == 1 && speaks(entry, (struct code){.reply = (unsigned short)(class * 100 + one * 10 + 7)}))
			return true;
		if (entry->sort == ENTRY_CLASS && sscanf(id, "%u", &one) == 1)
			return speaks(entry, (struct code){.reply = (unsigned short)(one * 100 + 99)});
	}
	return false;
}

static void check_number(struct check *check, const struct catalogue_entry *entry)
{
	if (!entry_value(entry, "source"))
		catalogue_find(check, entry, "source", "is missing");
	if (!entry_value(entry, "checked"))
		catalogue_find(check, entry, "checked", "is missing");
	if (!number_is_reachable(entry))
		catalogue_find(check, entry, "meaning", "can never win: other entries speak for each of its codes");
}

static void check_entry(struct check *check, const struct catalogue_entry *entry)
{
	check_sentences(check, entry);
	check_translations(check, entry);
	if (entry->reason && entry->sort != ENTRY_REASON)
		g_hash_table_add(check->used, (gpointer)entry->reason);
	if (entry->sort == ENTRY_PROVIDER_TEXT)
		check_text_entry(check, entry);
	if (entry->sort == ENTRY_DSN || entry->sort == ENTRY_CODE || entry->sort == ENTRY_DIGITS || entry->sort == ENTRY_CLASS)
		check_number(check, entry);
}

static void check_used(struct check *check, const struct catalogue_entry *entry)
{
	if (g_hash_table_contains(check->used, entry))
		return;
	if (entry->sort == ENTRY_PROVIDER)
		catalogue_find(check, entry, "name", "this provider has no entries");
	if (entry->sort == ENTRY_REASON)
		catalogue_find(check, entry, "title", "no entry has this reason");
}

static void find_stale(const struct catalogue_entry *entry, const char *key, const char *language, void *data)
{
	catalogue_find(data, entry, key, "the translation [%s] is older than the English text", language);
}

static void check_stale(struct check *check)
{
	char *marks = catalogue_marks_embedded();

	catalogue_marks_stale(check->catalogue, marks, find_stale, check);
	g_free(marks);
}

GPtrArray *catalogue_check(const struct catalogue *catalogue)
{
	struct check check = {.catalogue = catalogue, .findings = g_ptr_array_new_with_free_func(g_free)};

	check.used = g_hash_table_new(NULL, NULL);
	check.conditions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < catalogue->entries->len; i++)
		check_entry(&check, catalogue->entries->pdata[i]);
	for (guint i = 0; i < catalogue->entries->len; i++)
		check_used(&check, catalogue->entries->pdata[i]);
	check_stale(&check);
	g_hash_table_unref(check.used);
	g_hash_table_unref(check.conditions);
	return check.findings;
}
