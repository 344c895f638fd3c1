/* fuzz_reply.c - any text as a quoted reply: normalised once it does not change again, and no code is made up. */
#include "reply.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *raw = g_strndup((const char *)data, size), *text = g_utf8_make_valid(raw, -1), *normal = reply_normalise(text), *host = reply_host(normal);
	char digits[CODE_REPLY_SIZE];
	struct code code = reply_code(normal);

	g_assert(!code_has_reply(code) || strstr(normal, code_print_reply(code, digits)));
	g_free(host);
	g_free(normal);
	g_free(text);
	g_free(raw);
	return 0;
}
