/* catalogue-check.h - what is allowed in a catalogue but wrong all the same. Floor 2: sources. */
#ifndef SMTP_EXPLAIN_CATALOGUE_CHECK_H
#define SMTP_EXPLAIN_CATALOGUE_CHECK_H

#include "catalogue.h"

/* Looks at every entry: examples that are missing, do not match or are won by another entry; entries that can never win; patterns that run away;
 * texts and sources that are missing; unknown variables; translations that the built-in languages lack, and phrases translated with other variables;
 * providers without entries. GPtrArray of "FILE:LINE: [section] key: what is wrong", by id, which the caller frees; never NULL, empty where all is well.
 * Takes a fraction of a second. */
GPtrArray *catalogue_check(const struct catalogue *catalogue);

#endif
