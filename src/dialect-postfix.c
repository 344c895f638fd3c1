/* dialect-postfix.c - Postfix: "<bob@example.net>: host mx.example.net[192.0.2.1] said: 550 ... (in reply to RCPT TO command)". */
#include "shape.h"

static const char *const openings[] = {
	"this is the mail system at host", "this is the postfix program at host",
	"inform you that your message could not be delivered to one or more",
	"inform you that the message returned below could not be delivered", NULL,
};

static bool claims(const struct report_text *report)
{
	return report_says_any(report, openings);
}

static bool read_bounce(const struct report_text *report, struct bounce *bounce)
{
	return shape_entries(report, bounce, 0, report->lines->len) > 0;
}

const struct dialect dialect_postfix = {
	.name = "postfix",
	.writes = "Postfix",
	.claims = claims,
	.read = read_bounce,
};
