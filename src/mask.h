/* mask.h - replies without what is different each time, so that equal ones can be counted together. Floor 1: facts. */
#ifndef SMTP_EXPLAIN_MASK_H
#define SMTP_EXPLAIN_MASK_H

#include <glib.h>

/* A normalised reply (reply.h) with addresses, IP addresses, host names, ids, times and numbers as <address> <ip> <host> <id> <time> <number>. Codes stay,
 * a link keeps its host and plain words, error codes of a provider (S3140) stay. Cut at a blank before MASK_LIMIT bytes. The caller frees it; never NULL. */
char *mask_reply(const char *reply);
#define MASK_LIMIT 240u

/* From a masked reply: a pattern of the catalogue that matches its first fixed words, NULL where there are too few; a word for the name of its section;
 * and the reply with made-up data (example.com, 192.0.2.1) in place of the masks. The caller frees them. */
char *mask_pattern(const char *masked);
char *mask_name(const char *masked);
char *mask_example(const char *masked);

#endif
