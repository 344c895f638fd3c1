/* common-words.h - words that a report says of all its recipients at once. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_COMMON_WORDS_H
#define SMTP_EXPLAIN_COMMON_WORDS_H

#include "bounce.h"
#include "report-text.h"

/* Gives every recipient the reply that stands apart, where none has a code. */
void common_take_reply(const struct report_text *report, struct bounce *bounce);

/* The same of an enhanced code alone; the words on its line go to those who have none. */
void common_take_enhanced(const struct report_text *report, struct bounce *bounce);

/* Gives a lone recipient without a code the words that a label names as the reason ("Reason: unknown recipient"), before those that it has. */
void common_take_labelled(const struct report_text *report, struct bounce *bounce);

/* Gives a lone recipient without any words the whole text, as far as it is no boilerplate; its code stays as it is. */
void common_take_explanation(const struct report_text *report, struct bounce *bounce);

#endif
