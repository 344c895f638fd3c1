/* dialect-gmail.c - Gmail and Google Groups: recipients in a sentence or a list, the remote's reply behind a fixed phrase. */
#include "shape.h"
#include "text.h"

#include <string.h>

static const char *const reply_phrases[] = {
	"the response from the remote server was:", "the response was:", "the error that the other server returned was:",
	"technical details of permanent failure", "technical details of temporary failure", "la réponse du serveur distant",
	"die antwort vom remote-server", "la respuesta del servidor", "la risposta dal server", "a resposta do servidor",
	"ответ удаленного сервера",
};

static const char *const openings[] = {
	"technical details of ", "the response from the remote server was", "the response was:", "delivery to the following recipient",
	"we're writing to let you know that the group you tried to contact", NULL,
};

static bool claims(const struct report_text *report)
{
	return report_says_any(report, openings);
}

/* Words for everybody: what follows the first of the phrases. */
static void take_reply(const struct report_text *report, struct bounce *bounce)
{
	for (size_t i = 0; i < G_N_ELEMENTS(reply_phrases); i++) {
		const char *found = text_find(report->text, reply_phrases[i]);

		if (found) {
			bounce_take_common(bounce, found + strlen(reply_phrases[i]));
			return;
		}
	}
}

static bool read_bounce(const struct report_text *report, struct bounce *bounce)
{
	guint end = report->lines->len, technical = shape_line(report, 0, end, "technical details of");

	shape_entries(report, bounce, 0, technical);
	take_reply(report, bounce);
	return bounce->failures->len > 0;
}

const struct dialect dialect_gmail = {
	.name = "gmail",
	.writes = "Gmail, Google Workspace, Google Groups",
	.claims = claims,
	.read = read_bounce,
};
