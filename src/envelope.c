/* envelope.c - keeps client and recipients, in one spelling whoever told them.
 *
 * Not here: which of them matter to the configuration (session.c).
 */
#include "envelope.h"

#include <string.h>

void envelope_init(struct envelope *envelope)
{
	*envelope = (struct envelope){.recipients = g_ptr_array_new_with_free_func(g_free)};
}

void envelope_clear(struct envelope *envelope)
{
	g_free(envelope->client_name);
	g_free(envelope->client_address);
	g_ptr_array_unref(envelope->recipients);
	memset(envelope, 0, sizeof *envelope);
}

/* Postfix says "unknown" where no name belongs to the address, Sendmail gives the address in brackets. */
static bool is_name(const char *name)
{
	return name && *name && *name != '[' && g_ascii_strcasecmp(name, "unknown") != 0;
}

void envelope_set_client(struct envelope *envelope, const char *name, const char *address)
{
	g_free(envelope->client_name);
	g_free(envelope->client_address);
	envelope->client_name = is_name(name) ? g_ascii_strdown(name, -1) : NULL;
	if (envelope->client_name && g_str_has_suffix(envelope->client_name, "."))
		envelope->client_name[strlen(envelope->client_name) - 1] = '\0';
	if (address && g_ascii_strncasecmp(address, "::ffff:", 7) == 0 && strchr(address, '.'))
		address += 7;
	envelope->client_address = g_strdup(address);
}

/* Behind a source route ("@relay.example:ann@site.example", RFC 5321 section 4.1.1.3), which no reader's address begins with. */
static const char *skip_route(const char *path)
{
	const char *colon = *path == '@' ? strchr(path, ':') : NULL;

	return colon ? colon + 1 : path;
}

void envelope_add_recipient(struct envelope *envelope, const char *argument)
{
	const char *path = argument + (*argument == '<');
	size_t length;

	if (envelope->recipients->len >= ENVELOPE_RECIPIENTS_LIMIT) {
		envelope->cut = true;
		return;
	}
	path = skip_route(path);
	length = strlen(path);
	if (*argument == '<' && length > 0 && path[length - 1] == '>')
		length--;
	g_ptr_array_add(envelope->recipients, g_strndup(path, length));
}

void envelope_forget_recipients(struct envelope *envelope)
{
	g_ptr_array_set_size(envelope->recipients, 0);
	envelope->cut = false;
}
