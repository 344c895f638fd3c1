/* kind.h - what sort of message this is, as far as its structure and fields tell. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_KIND_H
#define SMTP_EXPLAIN_KIND_H

#include "bounce.h"
#include "report-text.h"
#include "signs.h"

/* The kind as far as structure decides it: feedback, disposition and auto-reply are final; KIND_BOUNCE means a report to be read, whose
 * recipients decide between failure, delay and success; KIND_NONE anything else. report may be NULL: then its text is not asked for, and
 * KIND_BOUNCE means what may be one. *rule: by what a KIND_BOUNCE is one, in words, static (report-rules.h); of no meaning for the others. */
enum kind kind_tell(const struct mail *mail, const struct signs *signs, const struct report_text *report, const char **rule);

/* What the text says about the outcome, from its fixed sentences: KIND_BOUNCE, KIND_DELAY, KIND_SUCCESS, or KIND_NONE where it says
 * nothing. */
enum kind kind_of_text(const struct report_text *report);
enum kind kind_of_subject(const char *subject);

#endif
