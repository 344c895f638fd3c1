/* catalogue-words.c - in whose words and in which language an entry is told.
 *
 * The words of the site's files go before the built-in ones, those for the recipient's domain before those for all; of either the reader's language goes before the
 * words without one. Not here: what goes into the words (sentence.c).
 */
#include "catalogue-entry.h"

#include <string.h>

/* The index of a language, "pt_BR" and "pt-br" alike; 0 where no entry has it. */
static unsigned language_index(const struct catalogue *catalogue, const char *language, size_t length)
{
	for (guint i = 1; i < catalogue->languages->len; i++) {
		const char *known = catalogue->languages->pdata[i];
		size_t at = 0;

		while (at < length && known[at] && (g_ascii_tolower(known[at]) == g_ascii_tolower(language[at]) ||
						    (strchr("-_", known[at]) && strchr("-_", language[at]))))
			at++;
		if (at == length && known[at] == '\0')
			return i;
	}
	return 0;
}

/* The text in the very language, or in its main language ("pt" for "pt_BR"); NULL where there is none. */
static const char *text_in(const struct catalogue_entry *entry, const char *key, const char *language)
{
	unsigned exact = language_index(entry->catalogue, language, strlen(language));
	unsigned main_language = language_index(entry->catalogue, language, strcspn(language, "-_"));
	const struct catalogue_value *value = exact ? entry_find(entry, key, exact) : NULL;

	if (!value && main_language)
		value = entry_find(entry, key, main_language);
	return value && *value->text ? value->text : NULL;
}

static const char *english(const struct catalogue_entry *entry, const char *key)
{
	const char *text = entry_value(entry, key);

	return text && *text ? text : NULL;
}

const char *entry_text(const struct catalogue_entry *entry, const char *key, const char *language)
{
	const char *text = language ? text_in(entry, key, language) : NULL;

	return text ? text : english(entry, key);
}

bool catalogue_speaks(const struct catalogue *catalogue, const char *language)
{
	size_t length = strcspn(language, "-_");

	return (length == 2 && g_ascii_strncasecmp(language, "en", 2) == 0) || language_index(catalogue, language, strlen(language)) ||
	       language_index(catalogue, language, length);
}

/* What one question is about. */
struct question {
	const char *key;
	unsigned exact, main;		/* indexes of the language and of its main language; 0 both: English */
	bool site;			/* among the words of the site's files, else among the built-in ones */
};

static const char *value_in(const struct catalogue_entry *entry, const struct question *question, unsigned language)
{
	const struct catalogue_value *value = entry ? entry_find(entry, question->key, language) : NULL;

	return value && *value->text && (value->file >= entry->catalogue->embedded_files) == question->site ? value->text : NULL;
}

/* The words of one entry: in the language asked for, or (plain) without one. */
static const char *words_of(const struct catalogue_entry *entry, const struct question *question, bool plain)
{
	const char *text = !plain && question->exact ? value_in(entry, question, question->exact) : NULL;

	if (!text && !plain && question->main)
		text = value_in(entry, question, question->main);
	return text || !plain ? text : value_in(entry, question, 0);
}

/* The words for the domain, else for a domain above it, of [ID@DOMAIN]. */
static const char *words_for_domain(const struct catalogue_entry *entry, const char *domain, const struct question *question, bool plain)
{
	const char *text = NULL;

	for (const char *at = domain; entry && at && *at && !text; at = strchr(at, '.') ? strchr(at, '.') + 1 : NULL) {
		char *lower = g_ascii_strdown(at, -1), *id = g_strconcat(entry->id, "@", lower, NULL);
		const struct catalogue_entry *variant = catalogue_get(entry->catalogue, id);

		text = variant ? words_of(variant, question, plain) : NULL;
		g_free(id);
		g_free(lower);
	}
	return text;
}

static const char *words_among(const struct catalogue_entry *entry, const char *domain, const struct question *question, bool plain)
{
	const struct catalogue_entry *const places[] = {entry, entry->provider, entry->reason != entry ? entry->reason : NULL};
	const char *text = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(places) && !text && question->site && entry->catalogue->variants->len > 0; i++)
		text = words_for_domain(places[i], domain, question, plain);
	for (guint i = 0; i < G_N_ELEMENTS(places) && !text; i++)
		text = words_of(places[i], question, plain);
	return text;
}

const char *entry_words(const struct catalogue_entry *entry, const char *key, const char *language, const char *domain)
{
	struct question question = {.key = key};
	const char *text = NULL;

	if (language) {
		question.exact = language_index(entry->catalogue, language, strlen(language));
		question.main = language_index(entry->catalogue, language, strcspn(language, "-_"));
	}
	for (int site = 1; site >= 0 && !text; site--) {
		question.site = site;
		text = words_among(entry, domain, &question, false);
		if (!text)
			text = words_among(entry, domain, &question, true);
	}
	return text;
}

const char *entry_sentence(const struct catalogue_entry *entry, const char *key, const char *language)
{
	return entry_words(entry, key, language, NULL);
}

const char *entry_owner(const struct catalogue_entry *entry)
{
	const char *owner = entry_words(entry, "owner", NULL, NULL);

	return owner ? owner : "nobody";
}
