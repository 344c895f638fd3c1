/* fuzz_mail.c - any bytes through the door to GMime: parts stay inside the bytes, text is UTF-8. */
#include "mail.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static gsize ready;
	char *exact = g_memdup2(data, size);
	struct mail *mail;

	if (g_once_init_enter(&ready)) {
		mail_init();
		g_once_init_leave(&ready, 1);
	}
	mail = mail_new(exact ? exact : "", size);
	for (guint i = 0; i < mail->parts->len; i++) {
		const struct mail_part *part = mail_part(mail, i);

		g_assert(part->start <= part->end && part->end <= size);
		g_assert(!part->text || g_utf8_validate(part->text, (gssize)part->text_length, NULL));
	}
	mail_field(mail, "Subject");
	mail_free(mail);
	g_free(exact);
	return 0;
}
