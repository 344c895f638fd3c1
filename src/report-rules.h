/* report-rules.h - when is mail without any structure of a report one all the same? Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_REPORT_RULES_H
#define SMTP_EXPLAIN_REPORT_RULES_H

#include "evidence.h"
#include "signs.h"

/* The rule by which a message with these signs and this evidence is a report, in words, static; NULL where none holds. */
const char *report_rule(const struct signs *signs, const struct evidence *evidence);

#endif
