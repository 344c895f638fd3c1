/* fuzz_fields.c - any bytes are split into fields without reading beyond them, and offsets stay in order. */
#include "fields.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t end, last = 0;
	char *exact = g_memdup2(data, size);	/* so that a sanitizer sees every byte read beyond the end */
	GArray *fields = fields_split(exact ? exact : "", size, FIELDS_LIMIT, &end);

	g_assert(end <= size);
	for (guint i = 0; i < fields->len; i++) {
		const struct field *field = &g_array_index(fields, struct field, i);
		char *value = field_value(field);

		g_assert(field->start >= last && field->end > field->start && field->end <= size);
		last = field->end;
		g_free(value);
	}
	g_array_unref(fields);
	g_free(exact);
	return 0;
}
