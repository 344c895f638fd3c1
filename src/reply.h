/* reply.h - SMTP replies quoted in running text: where they begin, what they say, who said it. Floor 1: facts.
 *
 * Bounces quote replies in a hundred ways ("said: 550-5.1.1 ...", "<<< 550 ...", "Remote host said: ..."). These functions find the codes that are
 * replies and leave alone the numbers that are not: dates, sizes, ids, versions, addresses and address literals.
 */
#ifndef SMTP_EXPLAIN_REPLY_H
#define SMTP_EXPLAIN_REPLY_H

#include "code.h"

#include <stdbool.h>
#include <stddef.h>

/* The reply as one line: lines joined, white space folded, curly quotes straight, the code repeated on continuation lines ("550-5.1.1 ") dropped,
 * an RFC 3464 type ("smtp;", "X-Postfix;") dropped, controls made visible. The caller frees it; never NULL. */
char *reply_normalise(const char *text);

/* The code of the first reply that stands in text; for a wrapped reply (another server's answer quoted inside) the innermost. CODE_NONE where there is none. */
struct code reply_code(const char *text);

/* Does an enhanced code stand in text where a reply could: at the start, behind punctuation or a word that introduces one? */
bool reply_tells_enhanced(const char *text);

/* Where the innermost quoted reply begins in a normalised text; text itself where nothing is wrapped. */
const char *reply_innermost(const char *text);

/* The host that a text says refused ("host mx.example.com[192.0.2.1] said:", "SMTP error from remote mail server ... host x", "(x.example) said:").
 * The caller frees it; NULL where none is named. */
char *reply_host(const char *text);

#endif
