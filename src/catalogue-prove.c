/* catalogue-prove.c - does a text do what its author meant? Its example is fed to the whole catalogue, its pattern gets texts that it could run away on.
 *
 * Every text entry carries an example; feeding it to the whole catalogue shows both whether the pattern works and whether another entry is in its way.
 * Not here: words, translations and numbers (catalogue-check.c).
 */
#include "catalogue-findings.h"
#include "literals.h"
#include "reply.h"

#include <string.h>

#define LONG_TEXT 700u		/* bytes of the texts that a pattern must survive */

static struct catalogue_query example_of(const struct catalogue_entry *entry, char **diagnostic)
{
	struct catalogue_query query = {.remote = entry_value(entry, "example-host"), .all = true};

	*diagnostic = reply_normalise(entry_value(entry, "example"));
	query.diagnostic = *diagnostic;
	query.code = reply_code(*diagnostic);
	return query;
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
		catalogue_find(check, entry, "example", "the pattern matches it, but host or code does not");
	else
		catalogue_find(check, entry, "example", "the pattern does not match it as it is searched: %s", text);
	g_free(masked);
}

static void check_example(struct check *check, const struct catalogue_entry *entry)
{
	char *diagnostic;
	struct catalogue_query query = example_of(entry, &diagnostic);
	GArray *matches = catalogue_match(check->catalogue, &query);
	const struct catalogue_entry *winner = matches->len ? g_array_index(matches, struct match, 0).entry : NULL;
	bool matched = false;

	for (guint i = 0; i < matches->len; i++)
		matched = matched || g_array_index(matches, struct match, i).entry == entry;
	if (!matched)
		find_mismatch(check, entry, diagnostic);
	else if (winner != entry)
		catalogue_find(check, entry, "example", "is won by %s (priority %d against %d)", winner->id, winner->priority, entry->priority);
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
		catalogue_find(check, entry, "pattern", "%s has the same pattern and conditions", other->id);
	g_hash_table_insert(check->conditions, conditions, (gpointer)entry);
}

/* An id that two files of the site give a pattern: a later file may change single words of an earlier one, but hardly means another text. */
static void check_duplicate(struct check *check, const struct catalogue_entry *entry)
{
	const struct catalogue_value *pattern = entry_find(entry, "pattern", 0);
	const char *file = check->catalogue->files->pdata[pattern->file];

	if (!g_str_has_prefix(entry->place, "embedded:") && !(g_str_has_prefix(entry->place, file) && entry->place[strlen(file)] == ':'))
		catalogue_find(check, entry, "pattern", "the same id has a section with a pattern at %s, which this replaces", entry->place);
}

/* A text of many bytes from a few that the pattern likes. What ends it has every character that a pattern may ask for before it even starts, and lets none
 * match at the end. The caller frees it. */
static char *repeat(const char *text)
{
	GString *out = g_string_new(NULL);

	while (out->len < LONG_TEXT && *text)
		g_string_append(out, text);
	g_string_append(out, "\001!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ 0123456789abcdefghijklmnopqrstuvwxyz\001");
	return g_string_free(out, FALSE);
}

static void check_steps(struct check *check, const struct catalogue_entry *entry, const pcre2_code *regex, const char *bait)
{
	char *text = repeat(bait);
	pcre2_match_data *found = pcre2_match_data_create(1, NULL);
	int result = pcre2_match(regex, (PCRE2_SPTR)text, strlen(text), 0, 0, found, check->catalogue->limits);

	if (result < PCRE2_ERROR_PARTIAL)
		catalogue_find(check, entry, "pattern", "takes too many steps on a long text made of \"%.40s\"", bait);
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

static bool repeats_group(const char *pattern)
{
	return strstr(pattern, ")*") || strstr(pattern, ")+") || strstr(pattern, "){");
}

/* It takes two repetitions to run away, or that of a group with ways to choose from. */
static bool may_run_away(const char *pattern)
{
	const char *first = strpbrk(pattern, "*+{");

	return first && (repeats_group(pattern) || strpbrk(first + 1, "*+{"));
}

/* The same with each of its words alone, where a group is repeated: only there can a word be what runs. */
static void check_own_words(struct check *check, const struct catalogue_entry *entry, const pcre2_code *regex, const char *pattern)
{
	char **words = g_strsplit_set(repeats_group(pattern) ? pattern : "", "\\[](){}.^$|*+?:!<>=,-_/ 0123456789", -1);

	for (guint i = 0; words[i]; i++) {
		char *bait = g_strconcat(words[i], " ", NULL);

		if (strlen(words[i]) > 2)
			check_steps(check, entry, regex, bait);
		g_free(bait);
	}
	g_strfreev(words);
}

/* A built-in pattern is proved where the built-in catalogue is checked alone, as its tests do; who checks files of a site need not wait for it again. */
static bool is_proved(const struct catalogue_entry *entry)
{
	const struct catalogue *catalogue = entry->catalogue;

	return catalogue->files->len > catalogue->embedded_files && entry_find(entry, "pattern", 0)->file < catalogue->embedded_files;
}

static void check_runaway(struct check *check, const struct catalogue_entry *entry)
{
	static const char *const baits[] = {"a", "1", " ", "word ", "a.b-c.", "<user@example.com> ", "550 5.1.1 ", "192.0.2.1 "};

	for (guint i = entry->branch; i < entry->branch + entry->branches; i++) {
		const struct catalogue_branch *branch = &g_array_index(check->catalogue->branches, struct catalogue_branch, i);
		const pcre2_code *regex = branch_regex(branch);
		char *pattern = g_strndup(branch->pattern, branch->length);

		if (!regex)		/* a built-in one: those of a site were tried when they were read */
			catalogue_find(check, entry, "pattern", "is no regular expression");
		for (guint j = 0; regex && may_run_away(pattern) && j < G_N_ELEMENTS(baits); j++)
			check_steps(check, entry, regex, baits[j]);
		if (regex && may_run_away(pattern)) {
			check_own_literals(check, entry, regex, pattern);
			check_own_words(check, entry, regex, pattern);
		}
		g_free(pattern);
	}
}

void check_text_entry(struct check *check, const struct catalogue_entry *entry)
{
	bool host = entry->host || entry->host_of_provider;

	g_hash_table_add(check->used, (gpointer)entry->provider);
	if (entry->branches == 0)	/* switched off */
		return;
	if (!entry_value(entry, "source"))
		catalogue_find(check, entry, "source", "is missing");
	if (!entry_value(entry, "checked"))
		catalogue_find(check, entry, "checked", "is missing");
	if (host && !entry_value(entry, "example-host"))
		catalogue_find(check, entry, "example-host", "is missing, and the entry has a host");
	if (entry_value(entry, "example"))
		check_example(check, entry);
	else
		catalogue_find(check, entry, "example", "is missing");
	check_duplicate(check, entry);
	check_reachable(check, entry);
	if (!is_proved(entry))
		check_runaway(check, entry);
}
