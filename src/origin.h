/* origin.h - did this site send the returned message? Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_ORIGIN_H
#define SMTP_EXPLAIN_ORIGIN_H

#include "bounce.h"

enum origin { ORIGIN_UNKNOWN, ORIGIN_OURS, ORIGIN_NOT_OURS };

/* What is ours, as configured: domains of sender addresses, and names of our sending hosts. Strings lower case. */
struct origin_domains {
	const char *const *domains;	/* NULL-terminated; a leading dot means "and below" */
	const char *const *hosts;
};

/* Compares the returned header (Message-ID, Received, From, DKIM-Signature d=) with what is ours. Unknown where nothing came back, or nothing is configured. */
enum origin origin_of(const struct original *original, const struct origin_domains *ours);
const char *origin_word(enum origin origin);

#endif
