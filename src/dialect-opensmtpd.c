/* dialect-opensmtpd.c - OpenSMTPD: "bob@example.net: 550 5.1.1 ..." under a greeting. */
#include "shape.h"

static bool claims(const struct report_text *report)
{
	return report_says(report, "this is the mailer-daemon, please do not reply");
}

static bool read_bounce(const struct report_text *report, struct bounce *bounce)
{
	return shape_entries(report, bounce, 0, report->lines->len) > 0;
}

const struct dialect dialect_opensmtpd = {
	.name = "opensmtpd",
	.writes = "OpenSMTPD",
	.claims = claims,
	.read = read_bounce,
};
