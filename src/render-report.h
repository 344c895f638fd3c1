/* render-report.h - a summary of logs, three ways to show it. Floor 4: presentation. */
#ifndef SMTP_EXPLAIN_RENDER_REPORT_H
#define SMTP_EXPLAIN_RENDER_REPORT_H

#include "log-summary.h"

struct report_page {
	guint top;		/* rows of a list */
	guint columns;		/* of text */
	bool unicode;		/* text may use block characters */
	guint64 lines, records;	/* lines that were read, lines of ours among them */
};

struct report_renderer {
	const char *name;	/* word of --format */
	void (*render)(GString *out, const struct log_summary *summary, const struct report_page *page);
};
extern const struct report_renderer report_as_text, report_as_html, report_as_json;

/* Unknown replies alone as one JSON object and a line end: "v" and what "replies" of the report has, with all rows up to count. */
void report_replies_json(GString *out, const struct top *replies, guint count);

/* What the renderers share. */

#define REPORT_NOTHING "No line of smtp-explain was read: nothing is known."

/* One bar of the course over time. */
struct report_bucket {
	char label[32];		/* "2026-11-23 14:00", "2026-11-23", "2026-11" */
	guint64 failed, delayed;
};

/* The course from the first event to the last without gaps, by the finest of hour, day and month that needs no more than max bars; *unit gets "hour", "day" or
 * "month". If there are more months, the first bar holds all before and is called "before". GArray of struct report_bucket; empty where no event has a time.
 * The caller frees it. */
GArray *report_course(const struct log_summary *summary, guint max, const char **unit);

/* The same for the 24 hours of a day. */
void report_clock(const struct log_summary *summary, struct report_bucket hours[24]);

/* Events of a list that are in none of the rows and not absent. */
guint64 report_rest(const struct top *list, const GPtrArray *rows);

/* "1,234,567"; "12.3 %" of a whole, "-" of none; "2026-11-23 14:05", "-" for no time. buffer is returned. */
#define REPORT_WORD 32
const char *report_number(guint64 number, char buffer[REPORT_WORD]);
const char *report_share(guint64 part, guint64 whole, char buffer[REPORT_WORD]);
const char *report_time(gint64 time, char buffer[REPORT_WORD]);

/* A sentence for each thing that qualifies the numbers: copies, suppressed and damaged lines, limits that were hit. GPtrArray of char *; the caller frees it. */
GPtrArray *report_notes(const struct log_summary *summary);

#endif
