/* language.c - chooses the language of a report: for whom it is, else what the sender's mail program said, else the configured one.
 *
 * Not here: where a text has no translation (catalogue-words.c).
 */
#include "language.h"

#include "lists.h"

#include <string.h>

/* A language as catalogues and mail programs write it: "de", "pt_BR", "zh-Hant-TW". */
static bool is_language(const char *word, size_t length)
{
	if (length < 2 || length > 20 || !g_ascii_isalpha(*word))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!g_ascii_isalnum(word[i]) && word[i] != '-' && word[i] != '_')
			return false;
	return true;
}

char *language_rule_wrong(const char *word)
{
	const char *colon = strrchr(word, ':');
	char *address = g_strndup(word, colon ? (gsize)(colon - word) : 0), *wrong;

	if (!colon || !*address || !is_language(colon + 1, strlen(colon + 1)))
		wrong = g_strdup_printf("%s: must be an address or domain, a colon and a language, such as example.de:de", word);
	else
		wrong = lists_address_wrong(address);
	g_free(address);
	return wrong;
}

/* The language that a rule has for the reader, or NULL. */
static const char *rule_for(const struct language_rules *rules, const char *reader)
{
	for (const char *const *word = rules->readers; word && *word && reader; word++) {
		const char *colon = strrchr(*word, ':');
		char *address = g_strndup(*word, colon ? (gsize)(colon - *word) : 0);
		const char *const list[] = {address, NULL};
		bool fits = lists_have_address(list, reader);

		g_free(address);
		if (fits)
			return colon + 1;
	}
	return NULL;
}

static const char *by_reader(const struct language_rules *rules, const GPtrArray *readers, struct bounce *bounce)
{
	guint count = readers ? readers->len : 0;
	const char *language = NULL;

	for (guint i = 0; i < count && !language; i++) {
		language = rule_for(rules, readers->pdata[i]);
		if (language)
			bounce_trace(bounce, "language: %s, configured for the reader %s", language, (const char *)readers->pdata[i]);
	}
	if (count == 0)
		language = rule_for(rules, bounce->original.from);
	if (count == 0 && language)
		bounce_trace(bounce, "language: %s, configured for %s, who sent the returned message", language, bounce->original.from);
	return language;
}

/* Is the rest of an element ";q=0", "not this one" (RFC 3282)? */
static bool is_refused(const char *rest, size_t length)
{
	const char *weight = g_strstr_len(rest, (gssize)length, "q=0");

	return weight && weight[3 + strspn(weight + 3, ".0")] != '\0' ? !g_ascii_isdigit(weight[3 + strspn(weight + 3, ".0")]) : weight != NULL;
}

/* The first language of "de-DE, en;q=0.5" that the catalogue speaks. The caller frees it. */
static char *by_original(const struct catalogue *catalogue, const char *languages)
{
	while (languages && *languages) {
		size_t length, element;
		char *language;

		languages += strspn(languages, " \t,");
		element = strcspn(languages, ",");
		length = strcspn(languages, " \t,;");
		language = g_strndup(languages, length);
		if (is_language(languages, length) && !is_refused(languages, element) && catalogue_speaks(catalogue, language))
			return language;
		g_free(language);
		languages += element;
	}
	return NULL;
}

char *language_choose(const struct language_rules *rules, const struct catalogue *catalogue, const GPtrArray *readers, struct bounce *bounce)
{
	const char *language;
	char *named;

	if (!rules)
		return NULL;
	language = by_reader(rules, readers, bounce);
	if (language)
		return g_strdup(language);
	named = rules->original ? by_original(catalogue, bounce->original.language) : NULL;
	if (named)
		bounce_trace(bounce, "language: %s, which the returned message names", named);
	return named ? named : g_strdup(rules->fallback);
}

bool language_is_same(const char *one, const char *other)
{
	size_t length;

	one = one ? one : "en";
	other = other ? other : "en";
	length = strcspn(one, "-_");
	return length == strcspn(other, "-_") && g_ascii_strncasecmp(one, other, length) == 0;
}
