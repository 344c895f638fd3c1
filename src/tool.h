/* tool.h - what the commands of smtp-explain(1) share. Floor 5: process. */
#ifndef SMTP_EXPLAIN_TOOL_H
#define SMTP_EXPLAIN_TOOL_H

#include "explain.h"
#include "render.h"
#include "snapshot.h"

/* What report and unknown are asked for; NULL and 0: not given. */
struct tool_log_options {
	char *since, *until, *ident;
	int top;
	gboolean entry, messages;
};

/* What stands on the command line besides the command, and what was loaded for it. */
struct tool {
	struct snapshot *snapshot;
	const char *language;		/* --lang, else as configured */
	bool language_given;		/* --lang: whoever the reader is */
	const struct renderer *format;	/* --format, else text */
	bool why;
	const struct tool_log_options *log;
};

struct tool_command {
	const char *name;		/* "catalogue check" has its second word among the arguments */
	const char *usage;		/* behind the program's name */
	const char *help;		/* one line */
	int (*run)(const struct tool *tool, char **arguments);	/* NULL-terminated; returns an exit status of sysexits.h or interfaces.md section 5 */
};

extern const struct tool_command tool_commands[];	/* ends with name NULL */

#define TOOL_NOTHING 1			/* exit status: nothing to explain */

/* Says "smtp-explain: ..." on standard error. */
void tool_complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* This host's name for fields and text: as configured, else gethostname. Borrowed from buffer or the configuration. */
const char *tool_host(const struct tool *tool, char buffer[256]);

struct explain_options tool_explain_options(const struct tool *tool);

struct log_summary;
struct report_page;

/* Reads the logs that are named (none: standard input) as the options want. *summary is freed with log_summary_free, also on error; NULL where nothing was read.
 * Returns an exit status; EX_NOINPUT where a file could not be read, and the others are in the summary. */
int tool_read_logs(const struct tool *tool, const char *command, char **arguments, struct log_summary **summary, struct report_page *page);

int tool_explain(const struct tool *tool, char **arguments);	/* a code or a reply */
int tool_message(const struct tool *tool, char **arguments);
int tool_annotate(const struct tool *tool, char **arguments);
int tool_strip(const struct tool *tool, char **arguments);
int tool_catalogue(const struct tool *tool, char **arguments);
int tool_report(const struct tool *tool, char **arguments);
int tool_unknown(const struct tool *tool, char **arguments);
int tool_config(const struct tool *tool, char **arguments);

#endif
