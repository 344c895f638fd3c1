/* fuzz_text.c - any bytes as the text of a bounce: every dialect and the reading by shape; no code and no address is made up. */
#include "bounce.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char header[] = "From: MAILER-DAEMON@mx.example\nTo: ann@site.example\nSubject: Undelivered Mail Returned to Sender\nReturn-Path: <>\n\n";

/* What the readers see. */
static char *plain_text(const struct mail *mail)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < mail->parts->len; i++)
		g_string_append(text, mail_part(mail, i)->text ? mail_part(mail, i)->text : "");
	return g_string_free(text, FALSE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static gsize ready;
	GString *message = g_string_new(header);
	char digits[CODE_REPLY_SIZE], *text;
	struct mail *mail;
	struct bounce *bounce;

	if (g_once_init_enter(&ready)) {
		mail_init();
		g_once_init_leave(&ready, 1);
	}
	g_string_append_len(message, (const char *)data, (gssize)size);
	mail = mail_new(message->str, message->len);
	bounce = bounce_read(mail, "", false);
	text = plain_text(mail);
	for (guint i = 0; i < bounce->failures->len; i++) {
		const struct failure *failure = bounce->failures->pdata[i];

		g_assert(!code_has_reply(failure->code) || strstr(text, code_print_reply(failure->code, digits)));
	}
	g_assert(bounce->failures->len <= BOUNCE_FAILURES_LIMIT);
	g_free(text);
	bounce_free(bounce);
	mail_free(mail);
	g_string_free(message, TRUE);
	return 0;
}
