/* catalogue-findings.h - what the parts of catalogue_check() share. Floor 2: sources. Private to them. */
#ifndef SMTP_EXPLAIN_CATALOGUE_FINDINGS_H
#define SMTP_EXPLAIN_CATALOGUE_FINDINGS_H

#include "catalogue-entry.h"

struct check {
	const struct catalogue *catalogue;
	GPtrArray *findings;
	GHashTable *used;		/* providers that have an entry, reasons that an entry has */
	GHashTable *conditions;		/* pattern, host and code to the entry that has them */
};

/* Adds a finding: "FILE:LINE: [section] key: what", with the place of the key's English value, or of the entry where it has none. */
void catalogue_find(struct check *check, const struct catalogue_entry *entry, const char *key, const char *format, ...) G_GNUC_PRINTF(4, 5);

/* The same for one value of an entry, which may be a translation. */
void catalogue_find_at(struct check *check, const struct catalogue_entry *entry, const struct catalogue_value *value, const char *what);

/* The proofs of a provider text: its example, its conditions, whether it can win, whether its pattern can run away. */
void check_text_entry(struct check *check, const struct catalogue_entry *entry);

#endif
