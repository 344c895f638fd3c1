/* lists.c - reads and compares the words of lists in the configuration.
 *
 * Not here: which keys are such lists (conf-keys.c), and what follows from being in one (choices.c).
 */
#include "lists.h"

#include "address.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

/* Has it the letters of an address or network, so that it cannot be meant as a name? */
static bool looks_numeric(const char *word)
{
	return strchr(word, ':') || strchr(word, '/') || word[strspn(word, "0123456789.")] == '\0';
}

static bool is_host_name(const char *word)
{
	const char *name = word + (*word == '.');

	return *name && !strstr(name, "..") && name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] == '\0' && *name != '.';
}

/* NULL where it is neither an address nor a network. GLib complains on standard error of a prefix that no address has. */
static GInetAddressMask *read_network(const char *word)
{
	const char *slash = strchr(word, '/');

	return slash && strtoul(slash + 1, NULL, 10) > 128 ? NULL : g_inet_address_mask_new_from_string(word, NULL);
}

char *lists_client_wrong(const char *word)
{
	GInetAddressMask *mask;

	if (!looks_numeric(word))
		return is_host_name(word) ? NULL : g_strdup_printf("%s: is neither an address, a network (192.0.2.0/24) nor a host name", word);
	mask = read_network(word);
	if (mask) {
		g_object_unref(mask);
		return NULL;
	}
	return g_strdup_printf("%s: is no address or network (192.0.2.0/24; bits behind the prefix must be zero)", word);
}

/* The domain that a word of an address list stands for; NULL where it has a local part. */
static const char *whole_domain(const char *word)
{
	if (*word == '@')
		return word + 1;
	return strchr(word, '@') ? NULL : word;
}

char *lists_address_wrong(const char *word)
{
	const char *domain = whole_domain(word);

	if (domain ? is_host_name(domain) || !g_str_is_ascii(domain) : word[strlen(word) - 1] != '@')
		return NULL;
	return g_strdup_printf("%s: is neither an address nor a domain", word);
}

/* Does the list's name, with a leading dot also all below it, cover this one? */
static bool covers(const char *own, const char *name)
{
	size_t length = strlen(name), own_length = strlen(own);

	if (*own != '.')
		return g_ascii_strcasecmp(own, name) == 0;
	return g_ascii_strcasecmp(own + 1, name) == 0 || (length > own_length && g_ascii_strcasecmp(own, name + length - own_length) == 0);
}

static bool in_network(const char *word, GInetAddress *address)
{
	GInetAddressMask *mask = read_network(word);
	bool inside = mask && g_inet_address_mask_get_family(mask) == g_inet_address_get_family(address) && g_inet_address_mask_matches(mask, address);

	if (mask)
		g_object_unref(mask);
	return inside;
}

bool lists_have_client(const char *const *list, const char *name, const char *address)
{
	GInetAddress *number = address && *list ? g_inet_address_new_from_string(address) : NULL;
	bool found = false;

	for (; *list && !found; list++)
		found = looks_numeric(*list) ? number && in_network(*list, number) : name && covers(*list, name);
	if (number)
		g_object_unref(number);
	return found;
}

static bool address_fits(const char *word, const char *address)
{
	const char *domain = whole_domain(word), *own = address_domain(address);
	char *pattern, *text;
	bool fits;

	if (domain)
		return own && covers(domain, own);
	pattern = g_ascii_strdown(word, -1);
	text = g_ascii_strdown(address, -1);
	fits = g_utf8_validate(text, -1, NULL) && g_pattern_match_simple(pattern, text);
	g_free(pattern);
	g_free(text);
	return fits;
}

bool lists_have_address(const char *const *list, const char *address)
{
	for (; address && *list; list++)
		if (address_fits(*list, address))
			return true;
	return false;
}
