/* facts.h - typed facts that a server's reply states: which address is listed and where, sizes, times, a new address, whose authentication failed. Floor 1: facts.
 *
 * Every value stands literally in the text; sizes and times are only converted to bytes and seconds. What is doubtful is left out.
 */
#ifndef SMTP_EXPLAIN_FACTS_H
#define SMTP_EXPLAIN_FACTS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum fact {
	FACT_LISTED_IP,		/* IPv4 or IPv6 address that a blocklist or a server's own list holds */
	FACT_LISTED_DOMAIN,	/* the same of a domain */
	FACT_BLOCKLIST,		/* zone ("zen.spamhaus.org") or name ("Spamhaus") of the list */
	FACT_SIZE_LIMIT,	/* bytes that a message may have */
	FACT_MESSAGE_SIZE,	/* bytes that this one has */
	FACT_QUOTA,		/* bytes that the mailbox may hold */
	FACT_RETRY_UNTIL,	/* until when the server goes on trying, as it stands */
	FACT_RETRY_AFTER,	/* seconds after which a new attempt is welcome */
	FACT_NEW_ADDRESS,	/* address that the recipient has moved to (551, X.1.6) */
	FACT_AUTH_DOMAIN,	/* domain whose SPF, DKIM or DMARC check failed */
	FACT_TLS_CAUSE,		/* a word of ours: certificate-expired name-mismatch not-trusted not-offered dane mta-sts required handshake */
	FACTS
};

struct fact_value {
	const char *text;	/* borrowed from the text that was read, or a constant; NULL: not known */
	size_t length;
	guint64 number;		/* bytes or seconds, for those facts */
};

struct facts {
	struct fact_value values[FACTS];
};

#define FACTS_TEXT_LIMIT 2000u	/* bytes of a text that are read */

/* Reads a reply (normalised or not, need not be UTF-8; NULL: nothing). Total; thread-safe; the values borrow from text. */
struct facts facts_read(const char *text);

static inline bool facts_know(const struct facts *facts, enum fact fact) { return facts->values[fact].text != NULL; }

/* Its word in fields, JSON and log: "listed_ip"; its name as a variable of sentences: "listed-ip". */
const char *fact_word(enum fact fact);
const char *fact_variable(enum fact fact);

/* The value as programs want it: text as it stands, sizes in bytes, times in seconds. The caller frees it; NULL: not known. */
char *fact_print(const struct facts *facts, enum fact fact);

/* The value as people read it: sizes as "25 MB" (units of 1,024), times as "5 min". The caller frees it; NULL: not known. */
char *fact_show(const struct facts *facts, enum fact fact);

/* One way in which a reply states a fact. */
struct fact_pattern {
	enum fact fact;
	const char *word;	/* the value, NULL: what group 1 matches; the unit of a size or time is group 2 */
	const char *pattern;	/* PCRE2, without regard to case */
};

extern const struct fact_pattern fact_patterns[];	/* those of a fact stand together, the surest first */
extern const size_t fact_patterns_count;

/* Words of which one at least must stand in a text (lower case) that states this fact. Ends with NULL. */
extern const char *const *const fact_gates[FACTS];

#endif
