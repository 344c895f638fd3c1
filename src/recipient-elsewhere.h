/* recipient-elsewhere.h - whom a report is about whose text and fields name nobody, or that a list manager wrote. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_RECIPIENT_ELSEWHERE_H
#define SMTP_EXPLAIN_RECIPIENT_ELSEWHERE_H

#include "bounce.h"
#include "report-text.h"
#include "signs.h"

/* Names the recipient of a bounce that names nobody, where the report's returned message, subject or other fields tell it. A list manager's refusal loses
 * what is named besides its list (owners, where to subscribe, who decided), and names its own list where it names another one. Leaves any other as it is. */
void recipient_elsewhere(struct bounce *bounce, const struct report_text *report, const struct signs *signs);

#endif
