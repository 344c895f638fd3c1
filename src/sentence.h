/* sentence.h - the sentences of an explanation, with what is known of the failure filled in. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_SENTENCE_H
#define SMTP_EXPLAIN_SENTENCE_H

#include "explain.h"

/* Makes headline, summary, advice and admin in the report's language from explanation->entry; facts that matter for the reason and stand in none of these get a sentence
 * of their own behind the summary (for the person) or behind admin. */
void sentences_make(struct explanation *explanation, const struct report *report);

/* The phrase of the catalogue in the language (NULL: English), "" where there is none; borrowed. */
const char *phrase_text(const struct catalogue *catalogue, const char *name, const char *language);




#endif
