/* dialect-qmail.c - qmail and its kin: "<bob@example.net>:" and the reason in the lines below. */
#include "shape.h"

static bool claims(const struct report_text *report)
{
	return report_says(report, "qmail-send program") || report_says(report, "below this line is a copy of the message") || report_says(report, "giving up on ") || report_says(report, "remote host said:");
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
