/* privacy.h - how mail addresses are shown in the log: whole, by domain, as a keyed hash, not at all. Floor 1: facts. */
#ifndef SMTP_EXPLAIN_PRIVACY_H
#define SMTP_EXPLAIN_PRIVACY_H

#include <glib.h>

enum privacy_mode { PRIVACY_FULL, PRIVACY_DOMAIN, PRIVACY_HASH, PRIVACY_NONE };

/* Immutable once made. A NULL pointer means PRIVACY_FULL everywhere. */
struct privacy {
	enum privacy_mode mode;
	GHmac *key;			/* of PRIVACY_HASH: HMAC-SHA256 that has the key and nothing else yet; NULL: nothing is shown, which is the safe reading of a key that is not there */
};

#define PRIVACY_KEY_MIN 16u	/* bytes of a key: below, addresses could be found by trying keys */
#define PRIVACY_KEY_LIMIT 4096u
#define PRIVACY_HASH_DIGITS 16u	/* hexadecimal digits of HMAC-SHA256 that are shown */

#define PRIVACY_TEXT_HASHES 4u	/* addresses of one text that are shown as hashes; those behind them as "*" */

/* An address as it may be shown: "bob@example.net", "*@example.net", "hash:0123456789abcdef" (of the address in lower case), or NULL for not at all (also
 * for NULL). The caller frees it. */
char *privacy_address(const struct privacy *privacy, const char *address);

/* Running text in which every address is replaced by what may be shown of it ("*" for nothing), and so is the local part of each known address where
 * it stands alone ("unknown user bob"). known ends with NULL. The caller frees it; NULL for NULL. */
char *privacy_text(const struct privacy *privacy, const char *text, const char *const *known);

#endif
