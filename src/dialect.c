/* dialect.c - the list of dialects, in the order they are asked.
 *
 * Those that recognise themselves by their own words come first; the reader by shape, which claims every text, comes last.
 */
#include "dialect.h"

#include <stddef.h>

const struct dialect *const dialects[] = {
	&dialect_amazon_sns,
	&dialect_sendmail,
	&dialect_postfix,
	&dialect_listing,
	&dialect_qmail,
	&dialect_exim,
	&dialect_opensmtpd,
	&dialect_dma,
	&dialect_messagingserver,
	&dialect_exchange,
	&dialect_gmail,
	&dialect_transcript,
	&dialect_free_text,
	NULL,
};

const struct dialect *dialect_knowing(const struct report_text *report)
{
	for (size_t i = 0; dialects[i] && dialects[i] != &dialect_free_text; i++)
		if (dialects[i]->claims(report))
			return dialects[i];
	return NULL;
}
