/* catalogue-check.c - looks for entries that load but do not do what their author meant.
 *
 * Every text entry carries an example; feeding it to the whole catalogue shows both whether the pattern works and whether another entry is in its way.
 * Not here: mistakes that keep a catalogue from loading (catalogue-keys.c, catalogue-link.c).
 */
#include "catalogue-check.h"

#include "catalogue-entry.h"
#include "facts.h"
#include "literals.h"
#include "reply.h"

#include <stdio.h>
#include <string.h>

#define LONG_TEXT 2000u		/* bytes of the texts that a pattern must survive */

struct check {
	const struct catalogue *catalogue;
	GPtrArray *findings;
	GHashTable *used;		/* providers that have an entry, reasons that an entry has */
	GHashTable *conditions;		/* pattern, host and code to the entry that has them */
};

/* The place of a value; of its entry where there is none. The caller frees it. */
static char *place_of(const struct check *check, const struct catalogue_entry *entry, const struct catalogue_value *value)
{
	return value ? g_strdup_printf("%s:%u", (const char *)check->catalogue->files->pdata[value->file], value->line) : g_strdup(entry->place);
}

static void find(struct check *check, const struct catalogue_entry *entry, const char *key, const char *format, ...) G_GNUC_PRINTF(4, 5);

static void find(struct check *check, const struct catalogue_entry *entry, const char *key, const char *format, ...)
{
	char *place = place_of(check, entry, entry_find(entry, key, 0)), *what;
	va_list arguments;

	va_start(arguments, format);
	what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(check->findings, g_strdup_printf("%s: [%s] %s: %s", place, entry->id, key, what));
	g_free(what);
	g_free(place);
}

/* The same for one value, which may be a translation. */
static void find_at(struct check *check, const struct catalogue_entry *entry, const struct catalogue_value *value, const char *what)
{
	char *place = place_of(check, entry, value);
	const char *key = catalogue_keys[value->key].name, *language = check->catalogue->languages->pdata[value->language];

	if (value->language)
		g_ptr_array_add(check->findings, g_strdup_printf("%s: [%s] %s[%s]: %s", place, entry->id, key, language, what));
	else
		g_ptr_array_add(check->findings, g_strdup_printf("%s: [%s] %s: %s", place, entry->id, key, what));
	g_free(place);
}

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

		if (brace[length + 1] != '}' || !is_variable(brace + 1, length, entry->sort == ENTRY_PHRASE))
			find(check, entry, catalogue_keys[value->key].name, "there is no variable {%.*s}", (int)MIN(length, 40), brace + 1);
		else if (entry->sort != ENTRY_PHRASE && is_fact(brace + 1, length) && !is_in_brackets(value->text, brace))
			find(check, entry, catalogue_keys[value->key].name, "{%.*s} must stand in square brackets: it is not always known", (int)length, brace + 1);
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
			find_at(check, entry, value, "is empty");
		if (sentence && value->language == 0 && length && value->text[length - 1] != '.')
			find(check, entry, key, "must end with a full stop");
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
				find(check, entry, key, "the translation [%s] has not the same variables", (const char *)catalogue->languages->pdata[language]);
			if (!translated && required && language < catalogue->embedded_languages)
				find(check, entry, key, "has no translation [%s]", (const char *)catalogue->languages->pdata[language]);
		}
	}
}

static struct evidence example_of(const struct catalogue_entry *entry, char **diagnostic)
{
	struct evidence evidence = {.remote = entry_value(entry, "example-host"), .all = true};

	*diagnostic = reply_normalise(entry_value(entry, "example"));
	evidence.diagnostic = *diagnostic;
	evidence.code = reply_code(*diagnostic);
	return evidence;
}

static const pcre2_code *regex_of(const struct catalogue *catalogue, guint branch)
{
	return branch_regex(&g_array_index(catalogue->branches, struct catalogue_branch, branch));
}

static bool pattern_matches(const struct catalogue_entry *entry, const char *text)
{
	struct catalogue_search search = catalogue_search_new(entry->catalogue, text, strlen(text));
	size_t start, end;
	bool matches = false;

	for (guint i = entry->branch; i < entry->branch + entry->branches && !matches; i++)
		matches = catalogue_search_run(&search, regex_of(entry->catalogue, i), 0, PCRE2_UNSET, &start, &end);
	catalogue_search_clear(&search);
	return matches;
}

/* Says why an entry does not match its own example. */
static void find_mismatch(struct check *check, const struct catalogue_entry *entry, const char *diagnostic)
{
	char *masked = catalogue_mask(diagnostic, strlen(diagnostic));
	const char *text = entry->masked ? masked : diagnostic;

	if (pattern_matches(entry, text))
		find(check, entry, "example", "the pattern matches it, but host or code does not");
	else
		find(check, entry, "example", "the pattern does not match it as it is searched: %s", text);
	g_free(masked);
}

static void check_example(struct check *check, const struct catalogue_entry *entry)
{
	char *diagnostic;
	struct evidence evidence = example_of(entry, &diagnostic);
	GArray *matches = catalogue_match(check->catalogue, &evidence);
	const struct catalogue_entry *winner = matches->len ? g_array_index(matches, struct match, 0).entry : NULL;
	bool matched = false;

	for (guint i = 0; i < matches->len; i++)
		matched = matched || g_array_index(matches, struct match, i).entry == entry;
	if (!matched)
		find_mismatch(check, entry, diagnostic);
	else if (winner != entry)
		find(check, entry, "example", "is won by %s (priority %d against %d)", winner->id, winner->priority, entry->priority);
	g_array_unref(matches);
	g_free(diagnostic);
}

/* The same text under the same conditions: only the one with the better rank is ever seen. */
static void check_reachable(struct check *check, const struct catalogue_entry *entry)
{
	const char *host = entry_value(entry, "host"), *code = entry_value(entry, "code");
	char *conditions = g_strjoin("\n", entry_value(entry, "pattern"), host ? host : "", code ? code : "", entry->host_of_provider ? entry->provider->id : "", NULL);
	const struct catalogue_entry *other = g_hash_table_lookup(check->conditions, conditions);

	if (other)
		find(check, entry, "pattern", "%s has the same pattern and conditions", other->id);
	g_hash_table_insert(check->conditions, conditions, (gpointer)entry);
}

/* An id that two files of the site give a pattern: a later file may change single words of an earlier one, but hardly means another text. */
static void check_duplicate(struct check *check, const struct catalogue_entry *entry)
{
	const struct catalogue_value *pattern = entry_find(entry, "pattern", 0);
	const char *file = check->catalogue->files->pdata[pattern->file];

	if (!g_str_has_prefix(entry->place, "embedded:") && !(g_str_has_prefix(entry->place, file) && entry->place[strlen(file)] == ':'))
		find(check, entry, "pattern", "the same id has a section with a pattern at %s, which this replaces", entry->place);
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

	for (unsigned class = 2; class <= 5; class++) {
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
		find(check, entry, "source", "is missing");
	if (!entry_value(entry, "checked"))
		find(check, entry, "checked", "is missing");
	if (!number_is_reachable(entry))
		find(check, entry, "meaning", "can never win: other entries speak for each of its codes");
}

/* A text of many bytes from a few that the pattern likes. The caller frees it. */
static char *repeat(const char *text)
{
	GString *out = g_string_new(NULL);

	while (out->len < LONG_TEXT && *text)
		g_string_append(out, text);
	return g_string_free(out, FALSE);
}

static void check_steps(struct check *check, const struct catalogue_entry *entry, const pcre2_code *regex, const char *bait)
{
	char *text = repeat(bait);
	pcre2_match_data *found = pcre2_match_data_create(1, NULL);
	int result = pcre2_match(regex, (PCRE2_SPTR)text, strlen(text), 0, 0, found, check->catalogue->limits);

	if (result < PCRE2_ERROR_PARTIAL)
		find(check, entry, "pattern", "takes too many steps on a long text made of \"%.40s\"", bait);
	pcre2_match_data_free(found);
	g_free(text);
}

/* Its own literals again and again are what makes a pattern run. */
static void check_own_literals(struct check *check, const struct catalogue_entry *entry, const pcre2_code *regex, const char *pattern)
{
	GPtrArray *sets = literals_of(pattern);

	for (guint i = 0; i < sets->len; i++) {
		GString *bait = g_string_new(NULL);
		const GArray *set = sets->pdata[i];

		for (guint j = 0; j < set->len; j++)
			g_string_append_printf(bait, "%s ", g_array_index(set, struct literal, j).text);
		check_steps(check, entry, regex, bait->str);
		g_string_free(bait, TRUE);
	}
	g_ptr_array_unref(sets);
}

/* Without a repetition nothing can run. */
static bool may_run_away(const char *pattern)
{
	return strpbrk(pattern, "*+{") != NULL;
}

static void check_runaway(struct check *check, const struct catalogue_entry *entry)
{
	static const char *const baits[] = {"a", "1", " ", "word ", "a.b-c.", "<user@example.com> ", "550 5.1.1 ", "192.0.2.1 "};

	for (guint i = entry->branch; i < entry->branch + entry->branches; i++) {
		const struct catalogue_branch *branch = &g_array_index(check->catalogue->branches, struct catalogue_branch, i);
		const pcre2_code *regex = branch_regex(branch);
		char *pattern = g_strndup(branch->pattern, branch->length);

		if (!regex)		/* a built-in one: those of a site were tried when they were read */
			find(check, entry, "pattern", "is no regular expression");
		for (guint j = 0; regex && may_run_away(pattern) && j < G_N_ELEMENTS(baits); j++)
			check_steps(check, entry, regex, baits[j]);
		if (regex && may_run_away(pattern))
			check_own_literals(check, entry, regex, pattern);
		g_free(pattern);
	}
}

static void check_text_entry(struct check *check, const struct catalogue_entry *entry)
{
	bool host = entry->host || entry->host_of_provider;

	g_hash_table_add(check->used, (gpointer)entry->provider);
	if (entry->branches == 0)	/* switched off */
		return;
	if (!entry_value(entry, "source"))
		find(check, entry, "source", "is missing");
	if (!entry_value(entry, "checked"))
		find(check, entry, "checked", "is missing");
	if (host && !entry_value(entry, "example-host"))
		find(check, entry, "example-host", "is missing, and the entry has a host");
	if (entry_value(entry, "example"))
		check_example(check, entry);
	else
		find(check, entry, "example", "is missing");
	check_duplicate(check, entry);
	check_reachable(check, entry);
	check_runaway(check, entry);
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
		find(check, entry, "name", "this provider has no entries");
	if (entry->sort == ENTRY_REASON)
		find(check, entry, "title", "no entry has this reason");
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
	g_hash_table_unref(check.used);
	g_hash_table_unref(check.conditions);
	return check.findings;
}
