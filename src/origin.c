/* origin.c - decides from the returned header whether this site sent the message that came back.
 *
 * Most undeserved bounces (backscatter) answer mail that somebody else sent with one of our addresses as the sender. What a forger copies
 * costs nothing: the From field is the very thing that was forged, so it proves nothing in our favour. What he does not have is a trace of our servers:
 * a Received field written by one of our hosts, a Message-ID made by them, a signature (DKIM d=) of our domain. Any one of these counts as ours: a
 * forger rarely troubles to copy them, and a bounce wrongly called foreign would hide a real failure, which is the worse mistake.
 * A From of ours alone, with a foreign Message-ID and no Received of ours, is therefore not ours. Not here: verifying signatures.
 */
#include "origin.h"

#include "address.h"
#include "fields.h"
#include "text.h"

#include <string.h>

#define RECEIVED_LIMIT 50u	/* Received fields that are looked at */

static bool is_below(const char *host, size_t length, const char *domain)
{
	size_t domain_length;

	if (*domain == '.')
		domain++;
	domain_length = strlen(domain);
	return domain_length && length > domain_length && host[length - domain_length - 1] == '.' &&
	       g_ascii_strncasecmp(host + length - domain_length, domain, domain_length) == 0;
}

/* Is the name one of the list? above: a name below a listed one counts too, leading dot or not. */
static bool is_listed(const char *name, size_t length, const char *const *list, bool above)
{
	while (length && name[length - 1] == '.')
		length--;
	for (; list && length && *list; list++) {
		const char *own = **list == '.' ? *list + 1 : *list;

		if (strlen(own) == length && g_ascii_strncasecmp(own, name, length) == 0)
			return true;
		if ((above || **list == '.') && is_below(name, length, own))
			return true;
	}
	return false;
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
	return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");
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

/* The host behind "by" (RFC 5321 section 4.4). The one behind "from" is what the client called itself: spammers like to use the victim's name. */
static bool received_is_ours(const char *value, const struct origin_domains *ours)
{
	char *bare = without_comments(value);
	const char *by = text_begins(bare, "by ") ? bare : text_find(bare, " by ");
	bool result = false;

	if (by) {
		by += strcspn(by, "bB") + 2;
		by += strspn(by, " ");
		result = is_our_host(by, name_length(by), ours);
	}
	g_free(bare);
	return result;
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

static bool message_id_is_ours(const char *message_id, const struct origin_domains *ours)
{
	const char *domain = address_domain(message_id);

	return domain && is_our_host(domain, name_length(domain), ours);
}

/* What the returned header tells. */
struct traces {
	bool ours;			/* a Received, signature or Message-ID of ours */
	bool any;			/* a Received or Message-ID of anybody: there is something to judge by */
};

static void look_at_field(const struct field *field, const struct origin_domains *ours, struct traces *traces)
{
	bool received = field_is(field, "Received"), signature = field_is(field, "DKIM-Signature"), id = field_is(field, "Message-ID");
	char *raw, *value;

	if (!received && !signature && !id)
		return;
	raw = field_value(field);
	value = text_fold(raw);
	traces->any = traces->any || received || id;
	if ((received && received_is_ours(value, ours)) || (signature && signature_is_ours(value, ours)) || (id && message_id_is_ours(value, ours)))
		traces->ours = true;
	g_free(value);
	g_free(raw);
}

static void look_at_header(const char *header, const struct origin_domains *ours, struct traces *traces)
{
	GArray *fields = fields_split(header, strlen(header), FIELDS_LIMIT, NULL);
	unsigned received = 0;

	for (guint i = 0; i < fields->len && !traces->ours; i++) {
		const struct field *field = &g_array_index(fields, struct field, i);

		if (!field_is(field, "Received") || received++ < RECEIVED_LIMIT)
			look_at_field(field, ours, traces);
	}
	g_array_unref(fields);
}

enum origin origin_of(const struct original *original, const struct origin_domains *ours)
{
	struct traces traces = {false, false};

	if (!ours || !((ours->domains && *ours->domains) || (ours->hosts && *ours->hosts)))
		return ORIGIN_UNKNOWN;
	if (original->header)
		look_at_header(original->header, ours, &traces);
	if (original->message_id) {
		traces.any = true;
		traces.ours = traces.ours || message_id_is_ours(original->message_id, ours);
	}
	if (!traces.any && !traces.ours)
		return ORIGIN_UNKNOWN;
	return traces.ours ? ORIGIN_OURS : ORIGIN_NOT_OURS;
}

const char *origin_word(enum origin origin)
{
	static const char *const words[] = {[ORIGIN_UNKNOWN] = "unknown", [ORIGIN_OURS] = "ours", [ORIGIN_NOT_OURS] = "not-ours"};

	return words[origin];
}
