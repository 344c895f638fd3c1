/* dialect-qmail.c - qmail and its kin: "<bob@example.net>:" and the reason in the lines below. */
#include "shape.h"

static const char *const openings[] = {
	"qmail-send program", "below this line is a copy of the message", "giving up on ", "remote host said:", NULL,
};

static bool claims(const struct report_text *report)
{
	return report_says_any(report, openings);
}

static bool read_bounce(const struct report_text *report, struct bounce *bounce)
{
	return shape_entries(report, bounce, 0, report->lines->len) > 0;
}

const struct dialect dialect_qmail = {
	.name = "qmail",
	.writes = "qmail and its kin (netqmail, s/qmail)",
	.claims = claims,
	.read = read_bounce,
};
