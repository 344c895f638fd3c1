/* catalogue-entry.h - the inside of the catalogue, for the catalogue-*.c files alone. Floor 2: sources. */
#ifndef SMTP_EXPLAIN_CATALOGUE_ENTRY_H
#define SMTP_EXPLAIN_CATALOGUE_ENTRY_H

#include "catalogue.h"
#include "gate.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* One key of an entry. 16 bytes: there are some 15,000 of them. */
struct catalogue_value {
	const char *text;		/* in catalogue->strings */
	guint32 line;
	guint16 file;			/* index in catalogue->files */
	guint8 key;			/* index in catalogue_keys */
	guint8 language;		/* index in catalogue->languages; 0: English, or a key without languages */
};

struct catalogue_entry {
	const struct catalogue *catalogue;
	const char *id;
	const char *place;
	struct catalogue_value *values;	/* in order of appearance; owned */
	guint value_count;
	enum catalogue_sort sort;
	int priority;
	enum confidence confidence;
	bool decides;			/* a match of it settles the matter: no text of lower priority can win any more */
	bool masked;			/* addresses in the text must not match: the pattern is of generic words */
	const struct catalogue_entry *reason, *provider;
	guint branch, branches;		/* in catalogue->branches; none: no provider text, or switched off */
	pcre2_code *host;		/* own condition; NULL: none, or the provider's */
	bool host_of_provider;
	bool variant;			/* [ID@DOMAIN]: only words, for recipients at that domain */
};

/* One branch of the alternation that a pattern is (literals_branches), so that of a long pattern only what can match has to run. */
struct catalogue_branch {
	const char *pattern;		/* in the entry's pattern */
	guint length;
	pcre2_code *regex;		/* atomic; NULL: not used so far */
	const struct catalogue_entry *entry;
};

struct catalogue {
	int references;			/* atomic */
	GStringChunk *strings;
	GPtrArray *files, *languages;	/* const char *, in strings */
	GHashTable *by_id;		/* id to struct catalogue_entry, owned */
	GPtrArray *entries;		/* all, by id, without the variants */
	GPtrArray *variants;		/* the sections [ID@DOMAIN], by id */
	guint embedded_files;		/* the first so many of files are embedded ones */
	guint embedded_languages;	/* the same of languages */
	GArray *branches;		/* struct catalogue_branch, numbered as in gate, those of an entry together */
	struct gate *gate;		/* atomic; NULL: not used so far */
	pcre2_match_context *limits;
};

/* A key that an entry may have. */
struct catalogue_key {
	const char *name;
	unsigned sorts;			/* 1 << enum catalogue_sort of the entries that may have it */
	unsigned required;		/* the same of those that must */
	bool translated;		/* may have a language: summary[de] */
	const char *(*wrong)(const char *value);	/* what is wrong with a value, or NULL; NULL: anything goes */
};

extern const struct catalogue_key catalogue_keys[];	/* ends with name NULL */

int catalogue_key_index(const char *name, size_t length);	/* -1: unknown */
bool catalogue_sort_of(const char *id, enum catalogue_sort *sort, bool *variant);	/* false: no section may be called so */
bool catalogue_key_varies(int index);	/* may [ID@DOMAIN] have that key? */

/* The value of a key in a language (index), or NULL. */
const struct catalogue_value *entry_find(const struct catalogue_entry *entry, const char *key, unsigned language);

/* Checks the entries as a whole once all files are read, ties them to their reasons and providers, tries the patterns. */
bool catalogue_link(struct catalogue *catalogue, GError **error);

/* Compiles a pattern as the catalogue matches it: caseless, UTF-8. NULL and *wrong (the caller frees it; wrong may be NULL) where it is no
 * regular expression. */
pcre2_code *catalogue_compile(const char *pattern, size_t length, char **wrong);

/* The compiled pattern of a branch, made on first use: most patterns never are, and together they would take a megabyte. NULL where it is no
 * regular expression. */
const pcre2_code *branch_regex(const struct catalogue_branch *branch);

/* The index of the literals of all branches, made on first use: it takes as long as everything else at the start, and a number needs none. */
const struct gate *catalogue_gate(const struct catalogue *catalogue);

/* What one search works with. */
struct catalogue_search {
	pcre2_match_data *found;
	pcre2_match_context *limits;
	const char *text;		/* valid UTF-8 */
	size_t length;
};

struct catalogue_search catalogue_search_new(const struct catalogue *catalogue, const char *text, size_t length);
void catalogue_search_clear(struct catalogue_search *search);

/* Does a match of the regex begin at from or behind it, not behind to? Sets *start and *end. to may be PCRE2_UNSET. */
bool catalogue_search_run(const struct catalogue_search *search, const pcre2_code *regex, size_t from, size_t to, size_t *start, size_t *end);

/* text (length bytes) with what stands in <...> and in mail addresses made unreadable, byte for byte as long. The caller frees it. */
char *catalogue_mask(const char *text, size_t length);

#endif
