/* choices.c - compares envelope and report with what the configuration exempts.
 *
 * Not here: where in a message an annotation goes (annotate.c).
 */
#include "choices.h"

#include "lists.h"

/* One of them is enough: a program that reads bounces must get them as they came, and a person who gets a copy can do without. */
static bool is_for_exempt_recipient(const struct conf *conf, const struct envelope *envelope)
{
	for (guint i = 0; i < envelope->recipients->len; i++)
		if (lists_have_address((const char *const *)conf->exempt_recipients, g_ptr_array_index(envelope->recipients, i)))
			return true;
	return false;
}

const char *choices_withhold(const struct conf *conf, const struct envelope *envelope)
{
	if (lists_have_client((const char *const *)conf->exempt_clients, envelope->client_name, envelope->client_address))
		return "exempt-client";
	return is_for_exempt_recipient(conf, envelope) ? "exempt-recipient" : NULL;
}
