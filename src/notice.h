/* notice.h - notices of machines that have the words of reports, though nobody's own message failed. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_NOTICE_H
#define SMTP_EXPLAIN_NOTICE_H

#include "report-text.h"

/* By words of its own: a copy for the keeper of a mail system, what a scanner tells whom the message was for, a quarantine's list, what went on all the same. */
bool notice_is_about_others(const struct report_text *report);

/* Of what names nobody but its reader and returns no message: does it ask for a click, or speak of goods or of several messages? A report that cannot name anybody
 * says at least in its own words that one message failed. failed: something was read that failed, though for nobody known; in the words of a known mail system that
 * is enough. */
bool notice_concerns_nobody(const struct report_text *report, bool failed);

#endif
