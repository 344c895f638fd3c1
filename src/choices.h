/* choices.h - whether a report is annotated at all, as the administrator chose. Floor 5: process. */
#ifndef SMTP_EXPLAIN_CHOICES_H
#define SMTP_EXPLAIN_CHOICES_H

#include "conf.h"
#include "envelope.h"
#include "explain.h"

/* Why a message with that envelope is to get no annotation: "exempt-client" or "exempt-recipient"; NULL: it may get one. */
const char *choices_of_envelope(const struct conf *conf, const struct envelope *envelope);

/* Why that report is to get none: "kind", "origin" or "failed-recipient"; NULL: it may get one. What is withheld is logged and counted all the same. */
const char *choices_of_report(const struct conf *conf, const struct report *report);

/* May the client's fields of our namespace be believed? */
bool choices_trust(const struct conf *conf, const struct envelope *envelope);

#endif
