/* dialect-qmail.c - qmail and its kin: "<bob@example.net>:" and the reason in the lines below. */
#include "shape.h"

static bool claims(const struct report_text *report)
{
	return report_says(report, "i wasn't able to deliver your message") || report_says(report, "qmail-send program") || report_says(report, "below this line is a copy of the message") || report_says(report, "giving up on ") || report_says(report, "remote host said:") || report_says(report, "sorry, we were unable to deliver your message to the following address") || report_says(report, "message from yahoo.com");
}

static bool read_bounce(const struct report_text *report, struct bounce *bounce)
{
	return shape_entries(report, bounce, 0, report->lines->len) > 0;
}

const struct dialect dialect_qmail = {
	.name = "qmail",
	.writes = "qmail and its kin (netqmail, s/qmail, Yahoo, MessageLabs)",
	.claims = claims,
	.read = read_bounce,
};
