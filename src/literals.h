/* literals.h - texts that must stand in whatever a regular expression matches. Floor 1: facts.
 *
 * A thousand patterns are too many to run on every reply; a pattern whose literals do not stand in the text need not run, and where they
 * stand tells where a match can begin.
 */
#ifndef SMTP_EXPLAIN_LITERALS_H
#define SMTP_EXPLAIN_LITERALS_H

#include <glib.h>

struct literal {
	char *text;			/* folded, LITERALS_MIN bytes or more */
	unsigned before;		/* characters of a match that can stand before it at most; LITERALS_ANYWHERE: no limit is known */
};

#define LITERALS_MIN 3u
#define LITERALS_ANYWHERE 5000u
#define LITERALS_DEPTH 20u		/* nested groups that are read; a deeper pattern gives nothing */
#define LITERALS_SETS 2u		/* sets that are returned at most */
#define LITERALS_IN_SET 200u		/* a larger set is dropped */

/* Sets of literals, of each of which at least one stands in the folded text of every match of the pattern (PCRE2 syntax, caseless): GPtrArray of
 * GArray of struct literal, which the caller frees. Empty where nothing can be said, which is always right: conservative by design. */
GPtrArray *literals_of(const char *pattern);

/* The branches of a pattern that is an alternation ("a|b"), each a pattern of its own, so that the pattern matches where the first of them does;
 * a single string where it is none. The caller frees it with g_strfreev. */
char **literals_branches(const char *pattern);

/* The text with ASCII, Latin-1 and Russian letters in lower case, byte for byte as long. The caller frees it. */
char *literals_fold(const char *text, size_t length);

#endif
