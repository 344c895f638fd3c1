/* literals.h - texts that must stand in whatever a regular expression matches. Floor 1: facts.
 *
 * A thousand patterns are too many to run on every reply; a pattern whose literals do not stand in the text need not run.
 */
#ifndef SMTP_EXPLAIN_LITERALS_H
#define SMTP_EXPLAIN_LITERALS_H

#include <glib.h>

/* Texts of which at least one stands, whatever the case of ASCII letters, in every match of the pattern (PCRE2 syntax, caseless): GPtrArray of
 * lower-case strings of LITERALS_MIN bytes or more, which the caller frees. NULL where nothing can be said, always right: conservative by design. */
GPtrArray *literals_of(const char *pattern);

#define LITERALS_MIN 3u
#define LITERALS_DEPTH 20u	/* nested groups that are read; a deeper pattern gives NULL */

#endif
