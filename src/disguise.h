/* disguise.h - what no mail system sends, though the message calls itself a report: viruses and web forms do so. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_DISGUISE_H
#define SMTP_EXPLAIN_DISGUISE_H

#include "mail.h"

/* Was it sent by a script of a web site, as contact forms and most phishing are, by the fields that such scripts leave? */
bool disguise_is_scripted(const GArray *fields);

/* Does it bring a program, an archive or a page to open, outside of any message that it encloses? A report returns a message or its text. */
bool disguise_brings_file(const struct mail *mail);

/* Is it one page with a link to click on? Mail systems that write pages give the same as plain text. */
bool disguise_is_page(const struct mail *mail);

#endif
