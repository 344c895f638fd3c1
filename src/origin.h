/* origin.h - did this site send the returned message? Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_ORIGIN_H
#define SMTP_EXPLAIN_ORIGIN_H

#include "bounce.h"

enum origin { ORIGIN_UNKNOWN, ORIGIN_OURS, ORIGIN_NOT_OURS };

/* What is ours, as configured: domains of sender addresses, and names of our sending hosts. Strings lower case; names beyond ASCII in either form (RFC 5890). */
struct origin_domains {
	const char *const *domains;	/* NULL-terminated; a leading dot means "and below" */
	const char *const *hosts;
};

/* Judges by the returned header, the first of these that holds:
 *  1. a DKIM-Signature of one of our domains (d=): ours. Signatures are not verified.
 *  2. a Received field that one of our hosts wrote, if it is the topmost or the one above it names a host of ours: ours; but unknown where the message came
 *     to us from another site with our address in From, a foreign Message-ID and no list of ours (List-Id): it may have been forged there.
 *  3. our name in the Message-ID, or in a Received field that does not follow from the one above: ours if no other site's Received is there, else unknown.
 *  4. another site's Received or Message-ID, and nothing of ours: not ours. A From of ours alone is the very thing that is forged.
 *  5. else unknown, and so it is where nothing came back or nothing is configured. Names without a dot, of private top-level domains and address literals tell nothing. */
enum origin origin_of(const struct original *original, const struct origin_domains *ours);
const char *origin_word(enum origin origin);

/* Is the host one of ours, by name or because it lies below one of our domains? Does an address at that domain belong to us? NULL is nobody's. */
bool origin_has_host(const struct origin_domains *ours, const char *host);
bool origin_has_domain(const struct origin_domains *ours, const char *domain);

#endif
