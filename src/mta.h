/* mta.h - what an MTA's version says about what it can be trusted with. Floor 1: facts. */
#ifndef SMTP_EXPLAIN_MTA_H
#define SMTP_EXPLAIN_MTA_H

#include <stdbool.h>
#include <stddef.h>

#define MTA_LONG_LINE 2048u	/* bytes without line end from which on Postfix cuts a line into records (its line_length_limit) */

/* Does this MTA damage a message when a milter gives back its body with something added and one of its lines is MTA_LONG_LINE or longer? Postfix before 3.6.3, 3.5.13,
 * 3.4.23 and 3.3.20, and every branch before 3.3, wrote a queue file that it could not read. version: macro v ("Postfix 3.7.11", "8.17.1"), NULL where unknown. A Postfix
 * whose number cannot be read counts as one that does. */
bool mta_damages_long_lines(const char *version);

bool mta_has_long_line(const char *bytes, size_t length);	/* is there one among these lines? */

#endif
