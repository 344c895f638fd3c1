/* catalogue.h - the knowledge: codes, reasons, provider texts, phrases, in every language. Floor 2: sources.
 *
 * Read from the copy embedded in the program and then from files, later ones overriding single keys of earlier ones (see
 * smtp-explain-catalogue(5)). Immutable once loaded: any number of threads may ask it at the same time.
 */
#ifndef SMTP_EXPLAIN_CATALOGUE_H
#define SMTP_EXPLAIN_CATALOGUE_H

#include "code.h"

#include <glib.h>
#include <stdbool.h>

struct catalogue;
struct catalogue_entry;

enum catalogue_sort { ENTRY_PROVIDER_TEXT, ENTRY_DSN, ENTRY_CODE, ENTRY_DIGITS, ENTRY_CLASS, ENTRY_REASON, ENTRY_PHRASE, ENTRY_PROVIDER };

/* How sure the explanation is. */
enum confidence { CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH };

#define CATALOGUE_ERROR catalogue_error_quark()
GQuark catalogue_error_quark(void);

/* Loads the embedded catalogue, then each of the paths (a file, or a directory whose *.conf are read in the order of their
 * names, NULL-terminated; may be NULL). Returns a reference, or NULL and an error "FILE:LINE: [section] key: what is wrong". */
struct catalogue *catalogue_load(const char *const *paths, GError **error);
struct catalogue *catalogue_ref(struct catalogue *catalogue);
void catalogue_unref(struct catalogue *catalogue);

/* The entry with that id ("google.mailbox-full", "dsn.X.1.1", "reason.mailbox-full"), or NULL. */
const struct catalogue_entry *catalogue_get(const struct catalogue *catalogue, const char *id);

/* The most exact entry for the code alone, in this order: dsn.5.1.1, dsn.X.1.1 (X.0.0 only after the next); code.550; digits.X.1 of the enhanced
 * code; digits.X5; class.5.
 * *rule gets the word for the rule in the output ("dsn.5.1.1" also where the entry is dsn.X.1.1), which the caller frees. NULL: no entry at all. */
const struct catalogue_entry *catalogue_get_code(const struct catalogue *catalogue, struct code code, char **rule);

const char *entry_id(const struct catalogue_entry *entry);
enum catalogue_sort entry_sort(const struct catalogue_entry *entry);
const char *entry_place(const struct catalogue_entry *entry);	/* "embedded:providers/google.conf:41" */

/* The raw value of a key ("reason", "help", "pattern"); NULL where the entry has none. */
const char *entry_value(const struct catalogue_entry *entry, const char *key);

/* A sentence ("summary", "advice", "admin", "meaning", "text", "title", "name") in the language ("de", "pt_BR"; NULL: English); falls back to "pt",
 * then English. NULL where the entry has none: ask its reason's entry then. */
const char *entry_text(const struct catalogue_entry *entry, const char *key, const char *language);

/* The sentence ("summary", "advice", "admin") or setting ("help", "owner") in force for a recipient at domain (NULL: not known). First the words of the site's files: for
 * the domain or one above it, then for all; then the built-in ones. Of each the entry's own, its provider's, its reason's; all of these in the language, then without one.
 * NULL where none is given. */
const char *entry_words(const struct catalogue_entry *entry, const char *key, const char *language, const char *domain);

/* The same for any recipient. */
const char *entry_sentence(const struct catalogue_entry *entry, const char *key, const char *language);

/* Does any entry speak that language ("de", "pt-BR"), or its main language? English always is. */
bool catalogue_speaks(const struct catalogue *catalogue, const char *language);

int entry_priority(const struct catalogue_entry *entry);
enum confidence entry_confidence(const struct catalogue_entry *entry);	/* high, unless it says otherwise */
const char *entry_owner(const struct catalogue_entry *entry);	/* its own or its reason's; "nobody" where neither says */

/* The entry [reason.ID] of an entry that has one (itself for a reason), else NULL; the entry [provider.ID] of a provider text, else NULL. */
const struct catalogue_entry *entry_reason(const struct catalogue_entry *entry);
const struct catalogue_entry *entry_provider(const struct catalogue_entry *entry);

/* Does its reason say why, and not only how it ended ("delayed", "delivery-expired"), or nothing ("unspecified")? */
bool entry_tells_cause(const struct catalogue_entry *entry);

/* Is that the kind of its provider ("generic", "wrapper", "mailbox" ...)? */
bool entry_provider_is(const struct catalogue_entry *entry, const char *kind);

/* What one diagnostic is matched against. */
struct catalogue_query {
	const char *diagnostic;		/* normalised (reply.h), UTF-8 */
	const char *remote;		/* host that refused, or NULL */
	const char *domain;		/* domain of the recipient, or NULL */
	struct code code;
	bool all;			/* also texts that cannot win, for --why */
	bool unmet;			/* also texts whose condition does not hold, for --why */
	unsigned *work;			/* places where a pattern may still be tried; counts down, at 0 nothing more is found; NULL: no limit */
};

struct match {
	const struct catalogue_entry *entry;
	size_t start, length;		/* where in the diagnostic */
	const char *unmet;		/* condition that does not hold, "host" or "code", so that it counts for nothing; only where those were asked for */
};

/* Provider texts that match, best first: higher priority, then longer match, then id. Those of lower priority than a match that settles the matter
 * are left out (what does not settle it: wrappers, and reasons that resolve.c may set aside, such as protocol-error). A GArray of struct match, which the
 * caller frees; never NULL. Patterns run with match limits over at most CATALOGUE_TEXT_LIMIT bytes, so no text can take long; an entry that hits the limit
 * does not match. */
GArray *catalogue_match(const struct catalogue *catalogue, const struct catalogue_query *query);

#define CATALOGUE_TEXT_LIMIT 4096u

/* Does now what the first text would have to wait for (some 20 ms). Who asks for one code only never needs it. */
void catalogue_prepare(const struct catalogue *catalogue);

/* Calls visit for every entry in order of id. */
void catalogue_each(const struct catalogue *catalogue, void (*visit)(const struct catalogue_entry *entry, void *data), void *data);

#endif
