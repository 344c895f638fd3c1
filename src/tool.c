/* tool.c - main of smtp-explain: options, the table of commands, and the explanation of a code or a reply.
 *
 * Not here: reading messages (tool-message.c, tool-input.c) and showing the catalogue (tool-catalogue.c).
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "tool.h"

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

const struct tool_command tool_commands[] = {
	{"message", "message [--format=text|json|html] FILE...|-", "explain messages: file, mbox, Maildir, standard input", tool_message},
	{"annotate", "annotate [FILE|-]", "print the message as the milter would deliver it", tool_annotate},
	{"strip", "strip [FILE|-]", "take an annotation off again, byte for byte", tool_strip},
	{"report", "report [--format=text|json|html] [LOG...|-]", "what came back, why and when: reads the log of the milter", tool_report},
	{"unknown", "unknown [--entry] [LOG...|-]", "replies that the catalogue does not know, counted", tool_unknown},
	{"catalogue", "catalogue check|list|show|marks ID", "the knowledge: verify, list, show one entry", tool_catalogue},
	{"config", "config", "print the effective configuration, or say what is wrong", tool_config},
	{NULL, NULL, NULL, NULL},
};

void tool_complain(const char *format, ...)
{
	va_list arguments;
	char *line;

	va_start(arguments, format);
	line = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	fflush(stdout);
	fprintf(stderr, "smtp-explain: %s\n", line);
	g_free(line);
}

const char *tool_host(const struct tool *tool, char buffer[256])
{
	if (*tool->snapshot->conf->host)
		return tool->snapshot->conf->host;
	buffer[255] = '\0';
	return gethostname(buffer, 255) == 0 ? buffer : "localhost";
}

struct explain_options tool_explain_options(const struct tool *tool)
{
	struct explain_options options = snapshot_options(tool->snapshot);

	if (tool->language_given) {
		options.language = tool->language;
		options.second_language = NULL;
	}
	options.why = tool->why;
	return options;
}

int tool_config(const struct tool *tool, char **arguments)
{
	GString *out;

	if (arguments[0]) {
		tool_complain("config takes no argument");
		return EX_USAGE;
	}
	out = g_string_new(NULL);
	conf_print(tool->snapshot->conf, out);
	fputs(out->str, stdout);
	g_string_free(out, TRUE);
	return EX_OK;
}

int tool_explain(const struct tool *tool, char **arguments)
{
	struct explain_options options = tool_explain_options(tool);
	struct render_options render = {.recipients = 1, .columns = 78};
	char *reply = g_strjoinv(" ", arguments);
	struct report *report = explain_reply(reply, &options);
	GString *out = g_string_new(NULL);
	bool news = report_has_news(report);

	if (news)
		tool->format->render(out, report, &render);
	else
		tool_complain("nothing to explain in: %s", reply);
	fputs(out->str, stdout);
	if (report->bounce->trace)
		fputs(report->bounce->trace->str, tool->format == &render_text ? stdout : stderr);
	g_string_free(out, TRUE);
	report_free(report);
	g_free(reply);
	return news ? EX_OK : TOOL_NOTHING;
}

struct command_line {
	char *conf_path, *language, *format;
	gboolean why, version, html, json;
	struct tool_log_options log;
	char **words;
};

static char *describe_commands(void)
{
	GString *text = g_string_new("Commands:\n  550 | 5.7.1 | \"550 5.7.1 text of the reply\"     explain a code or a reply line\n");

	for (const struct tool_command *command = tool_commands; command->name; command++)
		g_string_append_printf(text, "  %-47s %s\n", command->usage, command->help);
	g_string_append(text, "\nExit status: 0, 1 nothing to explain, 64 usage, 65 bad catalogue or data, 66 cannot read input, 78 configuration.");
	return g_string_free(text, FALSE);
}

static bool parse_command_line(struct command_line *line, int *argc, char ***argv, GError **error)
{
	GOptionEntry entries[] = {
		{"format", 'F', 0, G_OPTION_ARG_STRING, &line->format, "text, json or html", "FORMAT"},
		{"lang", 'l', 0, G_OPTION_ARG_STRING, &line->language, "language of the explanation", "LANG"},
		{"conf", 'c', 0, G_OPTION_ARG_FILENAME, &line->conf_path, "read this configuration file", "FILE"},
		{"why", 'w', 0, G_OPTION_ARG_NONE, &line->why, "say which rules were tried and which won", NULL},
		{"html", 0, 0, G_OPTION_ARG_NONE, &line->html, "the same as --format=html", NULL},
		{"json", 0, 0, G_OPTION_ARG_NONE, &line->json, "the same as --format=json", NULL},
		{"since", 0, 0, G_OPTION_ARG_STRING, &line->log.since, "report, unknown: from then on (2026-11-23, yesterday, 7 days ago)", "TIME"},
		{"until", 0, 0, G_OPTION_ARG_STRING, &line->log.until, "report, unknown: up to then", "TIME"},
		{"top", 0, 0, G_OPTION_ARG_INT, &line->log.top, "report, unknown: rows of a list", "N"},
		{"ident", 0, 0, G_OPTION_ARG_STRING, &line->log.ident, "report, unknown: syslog ident of our lines", "IDENT"},
		{"entry", 0, 0, G_OPTION_ARG_NONE, &line->log.entry, "unknown: print entries to complete and paste", NULL},
		{"messages", 0, 0, G_OPTION_ARG_NONE, &line->log.messages, "unknown: read messages (file, mbox, Maildir) instead of logs", NULL},
		{"version", 'V', 0, G_OPTION_ARG_NONE, &line->version, "print the version", NULL},
		{G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &line->words, NULL, "COMMAND|CODE|REPLY"},
		{NULL, 0, 0, 0, NULL, NULL, NULL},
	};
	GOptionContext *context = g_option_context_new(NULL);
	char *commands = describe_commands();
	bool good;

	g_option_context_set_description(context, commands);
	g_option_context_add_main_entries(context, entries, NULL);
	good = g_option_context_parse(context, argc, argv, error);
	g_option_context_free(context);
	g_free(commands);
	return good;
}

static const struct tool_command *find_command(const char *name)
{
	for (const struct tool_command *command = tool_commands; command->name; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

/* A reply has a digit or several words; a single word without one is a command somebody mistyped. */
static bool is_reply(char **words)
{
	return words[1] || strpbrk(words[0], "0123456789 ");
}

static int run(const struct tool *tool, char **words)
{
	const struct tool_command *command = find_command(words[0]);

	if (command)
		return command->run(tool, words + 1);
	if (is_reply(words))
		return tool_explain(tool, words);
	tool_complain("%s: no such command; see smtp-explain --help", words[0]);
	return EX_USAGE;
}

static int load_and_run(const struct command_line *line)
{
	const char *format = line->html ? "html" : line->json ? "json" : line->format ? line->format : "text";
	struct tool tool = {.why = line->why, .format = renderer_find(format), .log = &line->log};
	GError *error = NULL;
	char *conf_path;
	int status;

	if (!tool.format) {
		tool_complain("--format=%s: must be text, json or html", format);
		return EX_USAGE;
	}
	conf_path = conf_find(line->conf_path);
	tool.snapshot = snapshot_load(conf_path, &error);
	g_free(conf_path);
	if (!tool.snapshot) {
		tool_complain("%s", error->message);
		status = error->domain == CATALOGUE_ERROR ? EX_DATAERR : EX_CONFIG;
		g_error_free(error);
		return status;
	}
	tool.language_given = line->language != NULL;
	tool.language = line->language ? line->language : tool.snapshot->conf->language;
	mail_init();
	status = run(&tool, line->words);
	snapshot_unref(tool.snapshot);
	return status;
}

static void free_command_line(struct command_line *line)
{
	g_free(line->conf_path);
	g_free(line->language);
	g_free(line->format);
	g_free(line->log.since);
	g_free(line->log.until);
	g_free(line->log.ident);
	g_strfreev(line->words);
}

int main(int argc, char **argv)
{
	struct command_line line = {0};
	GError *error = NULL;
	int status;

	setlocale(LC_CTYPE, "");	/* only so that arguments in the terminal's charset are understood */
	if (!parse_command_line(&line, &argc, &argv, &error)) {
		tool_complain("%s; see smtp-explain --help", error->message);
		g_error_free(error);
		status = EX_USAGE;
	} else if (line.version) {
		printf("smtp-explain %s\n", PACKAGE_VERSION);
		status = EX_OK;
	} else if (!line.words) {
		tool_complain("nothing to do; see smtp-explain --help");
		status = EX_USAGE;
	} else {
		status = load_and_run(&line);
	}
	free_command_line(&line);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	tool_complain("standard output: cannot write");
	return EX_IOERR;
}
