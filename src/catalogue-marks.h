/* catalogue-marks.h - which translations are older than their English. Floor 2: sources.
 *
 * Marks are lines "ID KEY ENGLISH LANGUAGE:TRANSLATION ...", hashes of texts as they stood when the translations were last known to be right.
 */
#ifndef SMTP_EXPLAIN_CATALOGUE_MARKS_H
#define SMTP_EXPLAIN_CATALOGUE_MARKS_H

#include "catalogue.h"

/* The marks that are built in (conf/catalogue/translations.marks). The caller frees them. */
char *catalogue_marks_embedded(void);

/* New marks for the built-in texts: those of translations that are stale stay as marks has them, unless their entry's id is among confirmed (NULL-terminated). The caller frees them. */
char *catalogue_marks(const struct catalogue *catalogue, const char *marks, const char *const *confirmed);

/* Calls found for every translation that is stale: the English text is another one than that of its mark, and the translation is still the same. What has no mark is not stale. */
void catalogue_marks_stale(const struct catalogue *catalogue, const char *marks, void (*found)(const struct catalogue_entry *entry, const char *key, const char *language, void *data), void *data);

#endif
