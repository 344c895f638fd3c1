/* dialect-exchange.c - Exchange 5.5 to 2019 and 365.
 *
 * 5.5 and 2000: "did not reach the following recipient(s):" with "bob@example.net on Mon, ..." below it. Since 2007 the technical part
 * comes behind "Diagnostic information for administrators:", as "Generating server:", the address and "Remote Server returned '550
 * ...'" or "#550 5.1.1 ...##".
 */
#include "address.h"
#include "failure.h"
#include "shape.h"
#include "text.h"

#include <string.h>

static const char *const openings[] = {
	"did not reach the following recipient", "generating server:", "diagnostic information for administrators",
	"remote server returned", "msexch:", "serveur de génération", "generierender server", "servidor generador",
	"servidor de geração", "生成サーバー", "正在生成服务器", NULL,
};

static bool claims(const struct report_text *report)
{
	return report_says_any(report, openings);
}

/* The line behind which the recipients stand. */
static guint list_start(const struct report_text *report)
{
	static const char *const starts[] = {
		"did not reach the following recipient", "generating server:", "serveur de génération", "generierender server",
		"servidor generador", "servidor de geração", "server di generazione", "genererende server", "生成サーバー",
		"正在生成服务器", "產生伺服器",
	};
	guint end = report->lines->len;

	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
		guint line = shape_line(report, 0, end, starts[i]);

		if (line < end)
			return line + 1;
	}
	return 0;
}

/* "c=US;a= ;p=Example;dda:SMTP=bob@example.net; on Fri, 4 Oct 2002 ..." */
static void read_x400(const struct report_text *report, struct bounce *bounce, guint from)
{
	for (guint i = from; i < report->lines->len && !bounce->limited; i++) {
		const char *smtp = text_find(report->lines->pdata[i], "SMTP=");
		char *address = smtp ? address_find(smtp, NULL) : NULL, *words = address ? shape_paragraph(report, i + 1) : NULL;
		struct failure *failure = address ? bounce_failure(bounce, address) : NULL;

		if (failure)
			failure_take_words(failure, words);
		g_free(words);
		g_free(address);
	}
}

/* "MSEXCH:IMS:Example:Site:Server 3550 (000B09B6) 550 User unknown" of 5.5: the remote's reply behind the connector's own numbers. */
static void take_connectors_reply(struct failure *failure)
{
	const char *connector = failure->diagnostic ? strstr(failure->diagnostic, "MSEXCH:") : NULL, *close = connector ? strstr(connector, ") ") : NULL;
	struct code code = CODE_NONE;

	if (close && code_is_none(failure->code) && code_read_reply(close + 2, strlen(close + 2), &code) > 0) {
		char *reply = g_strdup(close + 2);

		g_clear_pointer(&failure->diagnostic, g_free);
		failure_take_words(failure, reply);
		g_free(reply);
	}
}

static bool read_bounce(const struct report_text *report, struct bounce *bounce)
{
	guint from = list_start(report);

	if (shape_entries(report, bounce, from, report->lines->len) == 0)
		read_x400(report, bounce, from);
	for (guint i = 0; i < bounce->failures->len; i++)
		take_connectors_reply(bounce->failures->pdata[i]);
	return bounce->failures->len > 0;
}

const struct dialect dialect_exchange = {
	.name = "exchange",
	.writes = "Microsoft Exchange 5.5 to 2019, Microsoft 365",
	.claims = claims,
	.read = read_bounce,
};
