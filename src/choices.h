/* choices.h - whether a report is annotated at all, as the administrator chose. Floor 5: process. */
#ifndef SMTP_EXPLAIN_CHOICES_H
#define SMTP_EXPLAIN_CHOICES_H

#include "conf.h"
#include "envelope.h"

/* Why this message is to get no annotation: "exempt-client" or "exempt-recipient"; NULL: it may get one. It is explained, logged and counted all the same. */
const char *choices_withhold(const struct conf *conf, const struct envelope *envelope);

#endif
