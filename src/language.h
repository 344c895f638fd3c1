/* language.h - in which language a report is explained. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_LANGUAGE_H
#define SMTP_EXPLAIN_LANGUAGE_H

#include "bounce.h"
#include "catalogue.h"

struct language_rules {
	const char *const *readers;	/* "ann@example.com:fr", "example.de:de", ".example.de:de" (lists.h), NULL-terminated; the first that fits counts; NULL: none */
	bool original;			/* do the languages that the returned message names count? */
	const char *fallback;		/* NULL: English */
};

/* What is wrong with one word of rules->readers, NULL where nothing is. The caller frees it. */
char *language_rule_wrong(const char *word);

/* The language for a report: of the first reader (char *, an address) that a rule is for; without readers, of the address that sent the returned message;
 * else the first language of its Accept-Language or Content-Language that the catalogue speaks; else the fallback. The caller frees it; NULL: English. */
char *language_choose(const struct language_rules *rules, const struct catalogue *catalogue, const GPtrArray *readers, struct bounce *bounce);

/* The same main language: "pt_BR" and "pt". NULL is English. */
bool language_is_same(const char *one, const char *other);

#endif
