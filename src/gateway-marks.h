/* gateway-marks.h - what mail gateways add to the messages that pass through them: tags before the subject, notices above and below the text. Floor 1: facts. */
#ifndef SMTP_EXPLAIN_GATEWAY_MARKS_H
#define SMTP_EXPLAIN_GATEWAY_MARKS_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes of the tags that subject, in lower case, begins with, blanks behind them included: "[external] ", "***spam*** ", "{spam?} ", "ext: "; 0 where there are none. */
size_t gateway_subject_tags(const char *subject);

/* Is the paragraph, in lower case, a notice that was put in front of somebody's text: that it comes from outside, that links and attachments are dangerous? */
bool gateway_notice_above(const char *paragraph);

/* The same of what is put behind it: that it was scanned, that it is confidential, which list it came through. */
bool gateway_notice_below(const char *paragraph);

#endif
