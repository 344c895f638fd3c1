/* origin.c - decides from the returned header whether this site sent the message that came back.
 *
 * Most undeserved bounces (backscatter) answer mail that somebody else sent with one of our addresses as the sender. What a forger copies
 * costs nothing: the From field is the very thing that was forged, and many a spammer makes up a Message-ID to it. What he does not have is a way through
 * our servers. A bounce wrongly called foreign would hide a real failure, which is the worse mistake: contradictions make the origin unknown.
 * Not here: verifying signatures.
 */
#include "origin.h"

#include "address.h"
#include "fields.h"
#include "mail.h"
#include "text.h"

#include <string.h>

#define RECEIVED_LIMIT 50u	/* Received fields that are looked at */

/* The name in lower case and as it goes over the wire (xn--...), without the last dot. The caller frees it; NULL where it is none. */
static char *host_name(const char *name, size_t length)
{
	char *copy, *ascii;

	while (length && name[length - 1] == '.')
		length--;
	if (length == 0 || length > 255)
		return NULL;
	copy = g_strndup(name, length);
	ascii = g_str_is_ascii(copy) ? g_ascii_strdown(copy, -1) : g_utf8_validate(copy, -1, NULL) ? g_hostname_to_ascii(copy) : NULL;
	g_free(copy);
	return ascii;
}

static bool is_below(const char *host, const char *domain)
{
	size_t length = strlen(host), domain_length = strlen(domain);

	return domain_length && length > domain_length && host[length - domain_length - 1] == '.' && strcmp(host + length - domain_length, domain) == 0;
}

/* Is the name one of the list? above: a name below a listed one counts too, leading dot or not. */
static bool is_listed(const char *name, size_t length, const char *const *list, bool above)
{
	char *host = host_name(name, length);
	bool listed = false;

	for (; host && list && *list && !listed; list++) {
		const char *entry = **list == '.' ? *list + 1 : *list;
		char *own = host_name(entry, strlen(entry));

		listed = own && (strcmp(own, host) == 0 || ((above || **list == '.') && is_below(host, own)));
		g_free(own);
	}
	g_free(host);
	return listed;
}

/* Does a name tell anything to the outside? "pc", "localhost", "exchange.corp.local" do not. */
static bool is_public(const char *name, size_t length)
{
	static const char *const private[] = {"local", "localdomain", "localhost", "lan", "internal", "intranet", "intern", "home", "corp", "private", "arpa", "invalid"};
	char *host = host_name(name, length);
	const char *top = host ? strrchr(host, '.') : NULL;
	bool public = top && !g_ascii_isdigit(top[1]);

	for (size_t i = 0; i < G_N_ELEMENTS(private) && public; i++)
		public = strcmp(top + 1, private[i]) != 0;
	g_free(host);
	return public;
}

/* A sender's domain. */
static bool is_our_domain(const char *domain, size_t length, const struct origin_domains *ours)
{
	return is_listed(domain, length, ours->domains, false);
}

/* A host: by name, or because it lies below one of our domains. */
static bool is_our_host(const char *host, size_t length, const struct origin_domains *ours)
{
	return is_listed(host, length, ours->hosts, false) || is_listed(host, length, ours->domains, true);
}

static size_t name_length(const char *name)
{
	size_t length = 0;

	while (g_ascii_isalnum(name[length]) || (name[length] && strchr(".-_", name[length])) || (unsigned char)name[length] >= 0x80)
		length++;
	return length;
}

/* The value without what stands in parentheses, which the client may have chosen. The caller frees it. */
static char *without_comments(const char *value)
{
	GString *bare = g_string_sized_new(strlen(value) + 1);
	unsigned depth = 0;

	for (; *value; value++) {
		depth += *value == '(';
		if (depth == 0)
			g_string_append_c(bare, *value);
		depth -= *value == ')' && depth > 0;
	}
	return g_string_free(bare, FALSE);
}

/* Where " by " begins in a Received field without comments; NULL: nowhere. */
static const char *by_clause(const char *bare)
{
	return text_begins(bare, "by ") ? bare : text_find(bare, " by ");
}

enum hop { HOP_NAMELESS, HOP_OURS, HOP_FOREIGN };

/* Who wrote the field: the host behind "by" (RFC 5321 section 4.4). The one behind "from" is what the client called itself: spammers like to use the
 * victim's name. */
static enum hop hop_of(const char *value, const struct origin_domains *ours)
{
	char *bare = without_comments(value);
	const char *by = by_clause(bare);
	enum hop hop = HOP_NAMELESS;

	if (by) {
		by += strcspn(by, "bB") + 2;
		by += strspn(by, " ");
		hop = is_our_host(by, name_length(by), ours) ? HOP_OURS : is_public(by, name_length(by)) ? HOP_FOREIGN : HOP_NAMELESS;
	}
	g_free(bare);
	return hop;
}

/* Does what stands before "by" name a host of ours, comments included? */
static bool comes_from_us(const char *value, const struct origin_domains *ours)
{
	const char *by = text_find(value, " by "), *end = by ? by : value + strlen(value);
	bool found = false;

	for (const char *word = value; word < end && !found; ) {
		size_t length = MIN(name_length(word), (size_t)(end - word));

		found = length > 0 && is_our_host(word, length, ours);
		word += length ? length : 1;
	}
	return found;
}

/* The d= tag (RFC 6376 section 3.5). */
static bool signature_is_ours(const char *value, const struct origin_domains *ours)
{
	for (const char *tag = value; tag; tag = strchr(tag, ';')) {
		tag += strspn(tag, "; \t");
		if (g_ascii_tolower(*tag) != 'd' || tag[1 + strspn(tag + 1, " \t")] != '=')
			continue;
		tag = strchr(tag, '=') + 1;
		tag += strspn(tag, " \t");
		return is_our_domain(tag, name_length(tag), ours);
	}
	return false;
}

/* What the returned header tells. */
struct traces {
	bool signature;			/* of ours */
	bool passed;			/* it went through a host of ours, as far as the hops follow from one another */
	bool entered;			/* and came there from another site */
	bool claimed;			/* one of our hosts is named where the hop above knows nothing of it */
	bool foreign;			/* another site's host handled it */
	bool our_id, foreign_id;	/* Message-ID */
	bool our_from, our_list;	/* From, List-Id */
	enum hop above;			/* the Received field before, as read from the top */
	bool above_names_us;
	unsigned received;
};

static void look_at_received(const char *value, const struct origin_domains *ours, struct traces *traces)
{
	enum hop hop = hop_of(value, ours);
	bool follows = traces->received == 0 || traces->above == HOP_OURS || traces->above == HOP_NAMELESS || traces->above_names_us;

	if (hop == HOP_OURS && follows)
		traces->passed = true;
	else if (hop == HOP_OURS)
		traces->claimed = true;
	else if (hop == HOP_FOREIGN) {
		traces->foreign = true;
		traces->entered |= traces->passed;
	}
	traces->received++;
	traces->above = hop;
	traces->above_names_us = comes_from_us(value, ours);
}

static void look_at_message_id(const char *message_id, const struct origin_domains *ours, struct traces *traces)
{
	const char *domain = address_domain(message_id);

	if (!domain)
		return;
	traces->our_id |= is_our_host(domain, name_length(domain), ours);
	traces->foreign_id |= !traces->our_id && is_public(domain, name_length(domain));
}

static bool from_is_ours(const char *value, const struct origin_domains *ours)
{
	char *address = mail_address(value);
	const char *domain = address ? address_domain(address) : NULL;
	bool found = domain && is_our_domain(domain, strlen(domain), ours);

	g_free(address);
	return found;
}

/* "Our list <ops.lists.example.com>" (RFC 2919). */
static bool list_is_ours(const char *value, const struct origin_domains *ours)
{
	const char *open = strrchr(value, '<'), *id = open ? open + 1 : value;

	return is_our_host(id, name_length(id), ours);
}

static void look_at_field(const struct field *field, const struct origin_domains *ours, struct traces *traces)
{
	static const char *const names[] = {"Received", "DKIM-Signature", "Message-ID", "From", "List-Id"};
	size_t name = 0;
	char *raw, *value;

	while (name < G_N_ELEMENTS(names) && !field_is(field, names[name]))
		name++;
	if (name == G_N_ELEMENTS(names) || (name == 0 && traces->received >= RECEIVED_LIMIT))
		return;
	raw = field_value(field);
	value = text_fold(raw);
	switch (name) {
	case 0: look_at_received(value, ours, traces); break;
	case 1: traces->signature |= signature_is_ours(value, ours); break;
	case 2: look_at_message_id(value, ours, traces); break;
	case 3: traces->our_from |= from_is_ours(value, ours); break;
	default: traces->our_list |= list_is_ours(value, ours);
	}
	g_free(value);
	g_free(raw);
}

static void look_at_header(const char *header, const struct origin_domains *ours, struct traces *traces)
{
	GArray *fields = fields_split(header, strlen(header), FIELDS_LIMIT, NULL);

	for (guint i = 0; i < fields->len; i++)
		look_at_field(&g_array_index(fields, struct field, i), ours, traces);
	g_array_unref(fields);
}

static enum origin judge(const struct traces *traces)
{
	if (traces->signature)
		return ORIGIN_OURS;
	if (traces->passed)
		return traces->entered && traces->our_from && !traces->our_id && !traces->our_list ? ORIGIN_UNKNOWN : ORIGIN_OURS;
	if (traces->our_id || traces->claimed)
		return traces->foreign ? ORIGIN_UNKNOWN : ORIGIN_OURS;
	return traces->foreign || traces->foreign_id ? ORIGIN_NOT_OURS : ORIGIN_UNKNOWN;
}

enum origin origin_of(const struct original *original, const struct origin_domains *ours)
{
	struct traces traces = {.above = HOP_NAMELESS};

	if (!ours || !((ours->domains && *ours->domains) || (ours->hosts && *ours->hosts)))
		return ORIGIN_UNKNOWN;
	if (original->header)
		look_at_header(original->header, ours, &traces);
	if (original->message_id)
		look_at_message_id(original->message_id, ours, &traces);
	return judge(&traces);
}

const char *origin_word(enum origin origin)
{
	static const char *const words[] = {[ORIGIN_UNKNOWN] = "unknown", [ORIGIN_OURS] = "ours", [ORIGIN_NOT_OURS] = "not-ours"};

	return words[origin];
}

bool origin_has_host(const struct origin_domains *ours, const char *host)
{
	return ours && host && is_our_host(host, strlen(host), ours);
}

bool origin_has_domain(const struct origin_domains *ours, const char *domain)
{
	return ours && domain && is_our_domain(domain, strlen(domain), ours);
}
