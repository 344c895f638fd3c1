/* sender.c - finds the envelope sender of the returned message.
 *
 * What Postfix writes down, then what the returned header says, then to whom the report goes: a report is sent to the sender (RFC 3464 section 2), but copies for
 * the postmaster are not. A From of the returned message comes last: it is what is forged. Not here: whether that account is ours (origin.c).
 */
#include "sender.h"

#include "address.h"
#include "text.h"

#include <string.h>

/* Between the n-th and the next "=" of text; NULL where there are fewer. */
static const char *behind_equals(const char *text, int count)
{
	for (; text && count > 0; count--) {
		text = strchr(text, '=');
		text = text ? text + 1 : NULL;
	}
	return text;
}

/* SRS0=hash=day=DOMAIN=LOCAL@relay, the first separator being "=", "+" or "-"; SRS1 puts a relay and another "=" in between and tells no more of the sender. */
static char *undo_srs(const char *address)
{
	const char *domain = behind_equals(address, address[4] == '=' ? 3 : 2), *local = behind_equals(domain, 1), *end = strrchr(address, '@');

	if (!local || !end || local >= end)
		return g_strdup(address);
	return g_strdup_printf("%.*s@%.*s", (int)(end - local), local, (int)(local - domain - 1), domain);
}

char *sender_account(const char *address)
{
	const char *end = strrchr(address, '@'), *plus = strchr(address, '+'), *rest;

	if (text_begins(address, "prvs=") && (rest = behind_equals(address, 2)) && rest < end)
		return sender_account(rest);
	if (text_begins(address, "SRS0=") || text_begins(address, "SRS0+") || text_begins(address, "SRS0-"))
		return undo_srs(address);
	if (plus && plus > address && plus < end && memchr(plus, '=', (size_t)(end - plus)))	/* VERP: the recipient stands behind the plus */
		return g_strdup_printf("%.*s%s", (int)(plus - address), address, end);
	return g_strdup(address);
}

/* The address in a field of a header that stands in text; NULL where there is none. The caller frees it. */
static char *field_address(const char *text, size_t length, const char *name)
{
	GArray *fields = fields_split(text, length, FIELDS_LIMIT, NULL);
	const struct field *field = fields_find(fields, name);
	char *value = field ? field_value(field) : NULL, *address = value ? address_from_field(value) : NULL;

	g_free(value);
	g_array_unref(fields);
	return address;
}

/* A copy for the postmaster is not sent to the sender. */
static char *report_recipient(const struct mail *mail)
{
	const char *to = mail_field(mail, "To");
	char *address = to ? mail_address(to) : NULL;

	if (address && (!*address || text_begins(address, "postmaster@") || text_begins(address, "double-bounce@") || text_begins(address, "mailer-daemon@") ||
			!address_domain(address)))
		g_clear_pointer(&address, g_free);
	return address;
}

char *sender_find(const struct mail *mail, const struct bounce *bounce)
{
	const struct mail_part *status = mail_find_part(mail, "message/delivery-status");
	const char *header = bounce->original.header;
	char *address = status && status->text ? field_address(status->text, status->text_length, "X-Postfix-Sender") : NULL, *account;

	if (!address && header)
		address = field_address(header, strlen(header), "Return-Path");
	if (!address)
		address = report_recipient(mail);
	if (!address)
		address = g_strdup(bounce->original.from);
	if (!address || !address_is_plausible(address, false)) {
		g_free(address);
		return NULL;
	}
	account = sender_account(address);
	g_free(address);
	return account;
}
