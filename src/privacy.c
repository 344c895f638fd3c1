/* privacy.c - replaces addresses, alone and in running text.
 *
 * Rather too much is hidden than too little: what could be part of an address goes with it. Not here: where the key comes from (snapshot.c).
 */
#include "privacy.h"

#include "address.h"

#include <stdbool.h>
#include <string.h>

/* The caller frees it. */
static char *hash_of(const GHmac *key, const char *address)
{
	char *lower = g_ascii_strdown(address, -1), *shown;
	GHmac *hmac = g_hmac_copy(key);

	g_hmac_update(hmac, (const guchar *)lower, -1);
	shown = g_strconcat("hash:", g_hmac_get_string(hmac), NULL);
	shown[strlen("hash:") + PRIVACY_HASH_DIGITS] = '\0';
	g_hmac_unref(hmac);
	g_free(lower);
	return shown;
}

char *privacy_address(const struct privacy *privacy, const char *address)
{
	const char *domain;

	if (!address || !*address)
		return NULL;
	switch (privacy ? privacy->mode : PRIVACY_FULL) {
	case PRIVACY_FULL:
		return g_strdup(address);
	case PRIVACY_DOMAIN:
		domain = address_domain(address);
		return domain && *domain ? g_strconcat("*@", domain, NULL) : g_strdup("*");
	case PRIVACY_HASH:
		return privacy->key ? hash_of(privacy->key, address) : NULL;
	case PRIVACY_NONE:
		break;
	}
	return NULL;
}

static char *shown_in_text(const struct privacy *privacy, const char *address)
{
	char *shown = privacy_address(privacy, address);

	return shown ? shown : g_strdup("*");
}

/* The at sign at this place, as it is or as in links; its length, or 0. */
static size_t at_sign(const char *text)
{
	if (*text == '@')
		return 1;
	return *text == '%' && text[1] == '4' && text[2] == '0' ? 3 : 0;
}

/* atext (RFC 5322 section 3.2.3), dots and all beyond ASCII (RFC 6532); in a link only what is never a separator there. */
static bool is_local(char c, bool link)
{
	return g_ascii_isalnum(c) || (c & 0x80) || (c && strchr(link ? ".-_+" : ".-_+!#$%&'*/=?^`{|}~", c));
}

/* Where the local part that ends before at begins, not before start. */
static const char *local_start(const char *start, const char *at, bool link)
{
	const char *from = at;

	if (from > start && from[-1] == '"') {	/* a quoted string: to the quote before it that is not escaped */
		for (from--; from > start && !(from[-1] == '"' && (from - 1 == start || from[-2] != '\\')); )
			from--;
		return from > start ? from - 1 : at - 1;
	}
	while (from > start && is_local(from[-1], link))
		from--;
	return from;
}

static const char *domain_end(const char *domain)
{
	const char *end = domain;

	if (*end == '[') {
		end += strcspn(end, "] ");
		return *end == ']' ? end + 1 : end;
	}
	while (g_ascii_isalnum(*end) || *end == '-' || *end == '.' || (*end & 0x80))
		end++;
	while (end > domain && end[-1] == '.')
		end--;
	return end;
}

/* Appends what is shown of the address whose at sign is of that length, in running text. hashes: how many there were so far. */
static void append_shown(GString *out, const struct privacy *privacy, const char *from, const char *at, size_t sign, const char *end, unsigned *hashes)
{
	char *shown, *address;

	if (privacy->mode == PRIVACY_NONE || (privacy->mode == PRIVACY_HASH && (*hashes)++ >= PRIVACY_TEXT_HASHES)) {
		g_string_append_c(out, '*');
		return;
	}
	address = g_malloc((gsize)(end - from) + 1);
	memcpy(address, from, (size_t)(at - from));
	address[at - from] = '@';
	memcpy(address + (at - from) + 1, at + sign, (size_t)(end - at) - sign);
	address[end - from - (gssize)sign + 1] = '\0';
	shown = shown_in_text(privacy, address);
	g_string_append(out, shown);
	g_free(shown);
	g_free(address);
}

/* Appends text with its addresses replaced. */
static void append_addresses(GString *out, const struct privacy *privacy, const char *text)
{
	const char *done = text;
	unsigned hashes = 0;

	for (const char *at = text + strcspn(text, "@%"); *at; at++, at += strcspn(at, "@%")) {
		size_t sign = at_sign(at);
		const char *from = sign ? local_start(done, at, sign > 1) : NULL, *end;

		if (!from || from == at)
			continue;
		end = domain_end(at + sign);
		g_string_append_len(out, done, from - done);
		append_shown(out, privacy, from, at, sign, end, &hashes);
		done = end;
		at = end - 1;
	}
	g_string_append(out, done);
}

static bool is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_' || (c & 0x80);
}

/* Where word stands alone in text, from at on, whatever its case; the length of text where it does not. */
static gsize find_word(const GString *text, gsize at, const char *word, size_t length)
{
	const char first[] = {g_ascii_tolower(*word), g_ascii_toupper(*word), '\0'};

	for (at += strcspn(text->str + at, first); at + length <= text->len; at++, at += strcspn(text->str + at, first))
		if ((at == 0 || !is_word(text->str[at - 1])) && !is_word(text->str[at + length]) && g_ascii_strncasecmp(text->str + at, word, length) == 0)
			return at;
	return text->len;
}

/* Replaces word, standing alone, by what is shown of address. */
static void replace_word(GString *text, const char *word, size_t length, const struct privacy *privacy, const char *address)
{
	gsize at = length ? find_word(text, 0, word, length) : text->len;
	char *shown;

	if (at == text->len)
		return;
	shown = privacy->mode == PRIVACY_HASH ? shown_in_text(privacy, address) : g_strdup("*");
	for (; at < text->len; at = find_word(text, at + strlen(shown), word, length)) {
		g_string_erase(text, (gssize)at, (gssize)length);
		g_string_insert(text, (gssize)at, shown);
	}
	g_free(shown);
}

/* The local part of an address of the report, as some servers say it: whole, and without an extension behind "+". */
static void hide_local_part(GString *text, const struct privacy *privacy, const char *address)
{
	const char *domain = address_domain(address);
	size_t length = domain ? (size_t)(domain - address) - 1 : strlen(address), plain = strcspn(address, "+@");

	replace_word(text, address, length, privacy, address);
	if (plain < length)
		replace_word(text, address, plain, privacy, address);
}

char *privacy_text(const struct privacy *privacy, const char *text, const char *const *known)
{
	GString *out;

	if (!text || !privacy || privacy->mode == PRIVACY_FULL)
		return g_strdup(text);
	out = g_string_new(NULL);
	append_addresses(out, privacy, text);
	for (; *known; known++)
		hide_local_part(out, privacy, *known);
	return g_string_free(out, FALSE);
}
