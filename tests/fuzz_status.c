/* fuzz_status.c - any bytes as a delivery-status part (RFC 3464). */
#include "status.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *exact = g_memdup2(data, size);
	struct status *status = status_read(exact ? exact : "", size, 100);

	g_assert(status->recipients->len <= 100);
	status_free(status);
	g_free(exact);
	return 0;
}
