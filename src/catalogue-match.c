/* catalogue-match.c - which provider texts match a diagnostic, best first.
 *
 * The gate names the few patterns that can match; those are run, without JIT (its memory would be larger than the rest of the program) and with
 * limits. Not here: which match is to be believed (resolve.c).
 */
#include "catalogue-entry.h"

#include <string.h>

#define OPTIONS (PCRE2_CASELESS | PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT)

pcre2_code *catalogue_compile(const char *pattern, size_t length, char **wrong)
{
	int error;
	PCRE2_SIZE at;
	PCRE2_UCHAR message[120];
	pcre2_code *regex = pcre2_compile((PCRE2_SPTR)pattern, length, OPTIONS, &error, &at, NULL);

	if (!regex && wrong) {
		pcre2_get_error_message(error, message, sizeof(message));
		*wrong = g_strdup_printf("%s at character %zu", (const char *)message, at + 1);
	}
	return regex;
}

const pcre2_code *branch_regex(const struct catalogue_branch *branch)
{
	pcre2_code **place = (pcre2_code **)&branch->regex, *regex = g_atomic_pointer_get(place);

	if (regex)
		return regex;
	regex = catalogue_compile(branch->pattern, branch->length, NULL);
	if (!regex || g_atomic_pointer_compare_and_exchange(place, NULL, regex))
		return regex;
	pcre2_code_free(regex);		/* another thread was faster */
	return g_atomic_pointer_get(place);
}

const struct gate *catalogue_gate(const struct catalogue *catalogue)
{
	struct gate **place = (struct gate **)&catalogue->gate, *gate = g_atomic_pointer_get(place);
	GPtrArray *patterns;

	if (gate)
		return gate;
	patterns = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < catalogue->branches->len; i++) {
		const struct catalogue_branch *branch = &g_array_index(catalogue->branches, struct catalogue_branch, i);

		g_ptr_array_add(patterns, g_strndup(branch->pattern, branch->length));
	}
	gate = gate_new((const char *const *)patterns->pdata, patterns->len);
	g_ptr_array_unref(patterns);
	if (g_atomic_pointer_compare_and_exchange(place, NULL, gate))
		return gate;
	gate_free(gate);		/* another thread was faster */
	return g_atomic_pointer_get(place);
}

void catalogue_prepare(const struct catalogue *catalogue)
{
	catalogue_gate(catalogue);
}

struct catalogue_search catalogue_search_new(const struct catalogue *catalogue, const char *text, size_t length)
{
	struct catalogue_search search = {.text = text, .length = length};

	search.found = pcre2_match_data_create(1, NULL);
	search.limits = pcre2_match_context_copy(catalogue->limits);
	return search;
}

void catalogue_search_clear(struct catalogue_search *search)
{
	pcre2_match_data_free(search->found);
	pcre2_match_context_free(search->limits);
}

bool catalogue_search_run(const struct catalogue_search *search, const pcre2_code *regex, size_t from, size_t to, size_t *start, size_t *end)
{
	const PCRE2_SIZE *places = pcre2_get_ovector_pointer(search->found);
	int result;

	if (!regex)
		return false;
	pcre2_set_offset_limit(search->limits, to);
	result = pcre2_match(regex, (PCRE2_SPTR)search->text, search->length, from, PCRE2_NO_UTF_CHECK, search->found, search->limits);
	if (result < 0 || places[1] < places[0])	/* no match, a limit, or \K in a lookahead */
		return false;
	*start = places[0];
	*end = places[1];
	return true;
}

static bool is_address_character(char c)
{
	return g_ascii_isalnum(c) || (unsigned char)c >= 0x80 || strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL;
}

static void hide(char *text, size_t start, size_t end)
{
	for (size_t i = start; i < end; i++)
		if (g_ascii_isalnum(text[i]) || (unsigned char)text[i] >= 0x80)
			text[i] = '_';
}

char *catalogue_mask(const char *text, size_t length)
{
	char *masked = g_strndup(text, length);
	size_t free_from = 0;		/* nothing before was looked at for an address */

	for (size_t at = 0; at < length; at++) {
		size_t start = at, end = at + 1;

		if (text[at] == '<') {
			while (end < length && text[end] != '<' && text[end] != '>' && text[end] != ' ')
				end++;
			if (end == length || text[end] != '>')
				continue;
		} else if (text[at] == '@') {
			while (start > free_from && text[start - 1] && is_address_character(text[start - 1]))
				start--;
			while (end < length && text[end] && is_address_character(text[end]))
				end++;
		} else {
			continue;
		}
		hide(masked, start, end);
		free_from = end;
		at = end - 1;
	}
	return masked;
}

static bool host_matches(const struct catalogue *catalogue, const struct catalogue_query *query, const char *text, const pcre2_code *host)
{
	const char *const places[] = {query->remote, query->domain, text};
	bool matches = false;

	for (guint i = 0; i < G_N_ELEMENTS(places) && !matches; i++) {
		size_t length = places[i] ? strnlen(places[i], CATALOGUE_TEXT_LIMIT) : 0, start, end;
		struct catalogue_search search;

		if (length == 0 || !g_utf8_validate_len(places[i], length, NULL))
			continue;
		search = catalogue_search_new(catalogue, places[i], length);
		matches = catalogue_search_run(&search, host, 0, PCRE2_UNSET, &start, &end);
		catalogue_search_clear(&search);
	}
	return matches;
}

/* Is the word of a condition ("550", "5.1.1", "X.1.1") one of the two codes? */
static bool is_code_of(struct code code, const char *word, size_t length)
{
	char reply[CODE_REPLY_SIZE], enhanced[CODE_ENHANCED_SIZE];
	const char *own = length == 3 ? code_print_reply(code, reply) : code_print_enhanced(code, enhanced);

	if (strlen(own) != length || length == 0)
		return false;
	return *word == 'X' ? memcmp(own + 1, word + 1, length - 1) == 0 : memcmp(own, word, length) == 0;
}

static bool code_matches(struct code code, const char *condition)
{
	while (*condition) {
		size_t length = strcspn(condition, " ");

		if (is_code_of(code, condition, length))
			return true;
		condition += length + strspn(condition + length, " ");
	}
	return false;
}

/* The condition of the entry that does not hold, "host" or "code"; NULL: all do. */
static const char *unmet_condition(const struct catalogue *catalogue, const struct catalogue_entry *entry, const struct catalogue_query *query, const char *text)
{
	const char *code = entry_value(entry, "code");
	const pcre2_code *host = entry->host_of_provider ? entry->provider->host : entry->host;

	if (code && !code_matches(query->code, code))
		return "code";
	return host && !host_matches(catalogue, query, text, host) ? "host" : NULL;
}

static gint by_rank(gconstpointer a, gconstpointer b)
{
	const struct match *one = a, *other = b;

	if (!one->unmet != !other->unmet)
		return one->unmet ? 1 : -1;
	if (one->entry->priority != other->entry->priority)
		return other->entry->priority - one->entry->priority;
	if (one->length != other->length)
		return one->length > other->length ? -1 : 1;
	return strcmp(one->entry->id, other->entry->id);
}

/* What the query asks about, as valid UTF-8 of a bounded length. The caller frees it. */
static char *text_of(const struct catalogue_query *query)
{
	char *cut = g_strndup(query->diagnostic ? query->diagnostic : "", CATALOGUE_TEXT_LIMIT), *valid;

	if (g_utf8_validate(cut, -1, NULL))
		return cut;
	valid = g_utf8_make_valid(cut, -1);
	g_free(cut);
	return valid;
}

/* Takes the places of a candidate off the work that is left; false: there is not enough. */
static bool spend(unsigned *work, size_t places)
{
	if (!work)
		return true;
	if (*work < places) {
		*work = 0;
		return false;
	}
	*work -= (unsigned)places;
	return true;
}

/* Runs the candidates that belong to one entry, from *index on; the match that begins first counts, of several the first branch's. */
static bool run_entry(const struct catalogue *catalogue, const struct catalogue_search *search, const GArray *candidates, guint *index, unsigned *work,
		      struct match *match)
{
	size_t start, end, length = 0;
	bool found = false;

	for (match->entry = NULL; *index < candidates->len; ++*index) {
		const struct candidate *candidate = &g_array_index(candidates, struct candidate, *index);
		const struct catalogue_branch *branch = &g_array_index(catalogue->branches, struct catalogue_branch, candidate->pattern);
		size_t to = found ? MIN(candidate->to, match->start - 1) : candidate->to;

		if (match->entry && match->entry != branch->entry)
			break;
		match->entry = branch->entry;
		if ((found && match->start == 0) || to < candidate->from || !spend(work, to - candidate->from + 1) ||
		    !catalogue_search_run(&search[branch->entry->masked], branch_regex(branch), candidate->from, to, &start, &end))
			continue;
		match->start = start;
		length = end - start;
		found = true;
	}
	match->length = length;
	return found;
}

static int next_priority(const struct catalogue *catalogue, const GArray *candidates, guint index)
{
	const struct candidate *candidate = &g_array_index(candidates, struct candidate, index);

	return g_array_index(catalogue->branches, struct catalogue_branch, candidate->pattern).entry->priority;
}

static void match_text(const struct catalogue *catalogue, const struct catalogue_query *query, const char *text, GArray *matches)
{
	size_t length = strlen(text);
	int decided = 0;		/* priority of the match that settles the matter: candidates come in order of theirs */
	char *masked = catalogue_mask(text, length);
	struct catalogue_search search[] = {catalogue_search_new(catalogue, text, length), catalogue_search_new(catalogue, masked, length)};
	GArray *candidates = gate_candidates(catalogue_gate(catalogue), text, length);

	for (guint i = 0; i < candidates->len;) {
		struct match match = {NULL, 0, 0, NULL};
		bool can_win = next_priority(catalogue, candidates, i) >= decided;

		if (!can_win && !query->all)
			break;
		if (run_entry(catalogue, search, candidates, &i, can_win ? query->work : NULL, &match)) {
			match.unmet = unmet_condition(catalogue, match.entry, query, text);
			if (!match.unmet || query->unmet)
				g_array_append_val(matches, match);
			if (!match.unmet && match.entry->decides)
				decided = match.entry->priority;
		}
	}
	g_array_sort(matches, by_rank);
	g_array_unref(candidates);
	catalogue_search_clear(&search[0]);
	catalogue_search_clear(&search[1]);
	g_free(masked);
}

GArray *catalogue_match(const struct catalogue *catalogue, const struct catalogue_query *query)
{
	GArray *matches = g_array_new(FALSE, FALSE, sizeof(struct match));
	char *text;

	if (query->work && *query->work == 0)
		return matches;
	text = text_of(query);
	match_text(catalogue, query, text, matches);
	g_free(text);
	return matches;
}
