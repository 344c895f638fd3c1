/* daemon.c - main of smtp-explain-milter: options, socket, privileges, background, signals, reload, the end.
 *
 * Two threads matter. libmilter's smfi_main() runs in one of its own and takes SIGTERM and SIGINT; the main thread takes SIGHUP and SIGUSR1
 * (reload), SIGUSR2 (statistics now) and does what the clock asks for (periodic.c). libmilter would take SIGHUP as a wish to stop, so it must not see one (signals.c).
 */
#include "log.h"
#include "mail.h"
#include "milter.h"
#include "periodic.h"
#include "process.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <sysexits.h>
#include <unistd.h>

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "?"
#endif

struct daemon {
	char *conf_path;		/* NULL: defaults */
	struct snapshots *snapshots;
	struct recorder *recorder;
	struct periodic *periodic;
	GMainLoop *loop;
	GThread *milter;
	bool milter_good;
};

struct command_line {
	char *conf_path;
	gboolean check, foreground, version;
};

static bool parse_command_line(struct command_line *options, int *argc, char ***argv, GError **error)
{
	GOptionEntry entries[] = {
		{"conf", 'c', 0, G_OPTION_ARG_FILENAME, &options->conf_path, "read this configuration file", "FILE"},
		{"check", 'n', 0, G_OPTION_ARG_NONE, &options->check, "check configuration and catalogue, print nothing if they are good", NULL},
		{"foreground", 'f', 0, G_OPTION_ARG_NONE, &options->foreground, "stay in the foreground, whatever the configuration says", NULL},
		{"version", 'V', 0, G_OPTION_ARG_NONE, &options->version, "print the version", NULL},
		{NULL, 0, 0, 0, NULL, NULL, NULL},
	};
	GOptionContext *context = g_option_context_new("- explain bounces on their way through the MTA");
	bool good;

	g_option_context_add_main_entries(context, entries, NULL);
	good = g_option_context_parse(context, argc, argv, error);
	if (good && *argc > 1) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "unexpected argument: %s", (*argv)[1]);
		good = false;
	}
	g_option_context_free(context);
	return good;
}

static gboolean on_stats_wanted(gpointer data)
{
	periodic_now(((struct daemon *)data)->periodic);
	return G_SOURCE_CONTINUE;
}

/* What the daemon needs: configuration, catalogue and the key of the log. NULL and an error. */
static struct snapshot *load_snapshot(const char *path, GError **error)
{
	struct snapshot *snapshot = snapshot_load(path, error);

	if (snapshot && !snapshot_read_key(snapshot, error)) {
		snapshot_unref(snapshot);
		return NULL;
	}
	if (snapshot)
		catalogue_prepare(snapshot->catalogue);
	return snapshot;
}

/* A new snapshot beside the old one, which stays on error; says what changed only at the next start. */
static gboolean on_reload(gpointer data)
{
	struct daemon *daemon = data;
	GError *error = NULL;
	struct snapshot *before, *next;
	char *restart;

	process_notify_reloading();
	next = load_snapshot(daemon->conf_path, &error);
	periodic_reloaded(daemon->periodic, next != NULL);
	if (!next) {
		log_line(LOG_ERR, "reload: %s; the former configuration and catalogue stay in force", error->message);
		g_error_free(error);
		process_notify_ready();
		return G_SOURCE_CONTINUE;
	}
	before = snapshots_get(daemon->snapshots);
	restart = conf_restart_needed(before->conf, next->conf);
	snapshot_unref(before);
	recorder_configure(daemon->recorder, next);
	periodic_start(daemon->periodic, next->conf);
	snapshots_swap(daemon->snapshots, next);
	log_line(LOG_INFO, "reload: configuration and catalogue read%s%s", restart ? "; takes effect at the next start: " : "", restart ? restart : "");
	g_free(restart);
	process_notify_ready();
	return G_SOURCE_CONTINUE;
}

static gboolean on_milter_end(gpointer data)
{
	g_main_loop_quit(((struct daemon *)data)->loop);
	return G_SOURCE_REMOVE;
}

static gpointer run_milter(gpointer data)
{
	struct daemon *daemon = data;
	sigset_t reload;

	sigemptyset(&reload);
	sigaddset(&reload, SIGHUP);
	sigaddset(&reload, SIGUSR1);
	sigaddset(&reload, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &reload, NULL);	/* libmilter's threads inherit it: these are the main thread's alone */
	daemon->milter_good = milter_run();
	g_idle_add(on_milter_end, daemon);
	return NULL;
}

#define POSTFIX_QUEUE "/var/spool/postfix/"

/* The socket as Postfix names it: inet:HOST:PORT for our inet:PORT@HOST, and below the queue directory a path relative to it, which is right with and without
 * a chroot. The caller frees it. */
static char *postfix_socket(const char *socket)
{
	const char *path = strchr(socket, ':') + 1, *host = strchr(path, '@');

	if (!g_str_has_prefix(socket, "inet"))
		return g_strconcat("unix:", g_str_has_prefix(path, POSTFIX_QUEUE) ? path + strlen(POSTFIX_QUEUE) : path, NULL);
	return host ? g_strdup_printf("inet:%s:%.*s", host + 1, (int)(host - path), path) : g_strdup_printf("inet:127.0.0.1:%s", path);
}

static void say_how_to_connect(const struct conf *conf)
{
	char *socket = postfix_socket(conf->socket);

	log_line(LOG_INFO, "ready on %s; Postfix: smtpd_milters = { %s, connect_timeout=5s, command_timeout=5s, content_timeout=10s, default_action=accept }",
		 conf->socket, socket);
	g_free(socket);
}

static int serve(struct daemon *daemon, const struct conf *conf)
{
	sigset_t blocked;

	/* Blocked in every thread, so that libmilter's own sigwait() gets them and stops. */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	pthread_sigmask(SIG_BLOCK, &blocked, NULL);
	signal(SIGPIPE, SIG_IGN);

	daemon->loop = g_main_loop_new(NULL, FALSE);
	g_unix_signal_add(SIGHUP, on_reload, daemon);
	g_unix_signal_add(SIGUSR1, on_reload, daemon);
	g_unix_signal_add(SIGUSR2, on_stats_wanted, daemon);
	daemon->periodic = periodic_new(daemon->recorder, PACKAGE_VERSION);
	periodic_start(daemon->periodic, conf);
	daemon->milter = g_thread_new("milter", run_milter, daemon);
	process_ready();
	say_how_to_connect(conf);
	g_main_loop_run(daemon->loop);

	process_notify_stopping();
	g_thread_join(daemon->milter);
	periodic_end(daemon->periodic);
	log_line(daemon->milter_good ? LOG_INFO : LOG_ERR, daemon->milter_good ? "stopped" : "stopped: libmilter gave up");
	g_main_loop_unref(daemon->loop);
	return daemon->milter_good ? EX_OK : EX_SOFTWARE;
}

/* Everything that may fail for a reason an administrator can mend, in an order that lets the error reach the terminal. */
static bool prepare(const struct daemon *daemon, const struct conf *conf, bool background, GError **error)
{
	struct milter_options milter = {.snapshots = daemon->snapshots, .recorder = daemon->recorder, .timeout = conf->timeout};

	umask(~conf->socket_mode & 0777);	/* a unix socket takes its mode from it; nothing else is made but the PID file, which sets its own */
	/* The PID file comes behind the socket: a second daemon that finds the socket taken must not replace the file of the first. */
	if (!milter_open(&milter, conf->socket, error) || !process_share_socket(conf->socket, conf->socket_group, error) ||
	    !process_write_pid_file(conf->pid_file, error))
		return false;
	if (!process_drop_privileges(conf->user, conf->group, error)) {
		process_remove_pid_file(conf->pid_file);
		return false;
	}
	log_open(conf->ident, conf->facility, strcmp(conf->destination, "stderr") == 0);
	if (background && strcmp(conf->destination, "stderr") != 0)
		process_close_terminal();
	return true;
}

static int run(struct daemon *daemon, bool foreground)
{
	struct snapshot *snapshot = snapshots_get(daemon->snapshots);
	bool background = snapshot->conf->background && !foreground;
	GError *error = NULL;
	int status = EX_CONFIG;

	if (background)
		process_background();
	mail_init();
	daemon->recorder = recorder_new(snapshot);
	if (prepare(daemon, snapshot->conf, background, &error)) {
		status = serve(daemon, snapshot->conf);
		process_remove_pid_file(snapshot->conf->pid_file);
	} else {
		fprintf(stderr, "smtp-explain-milter: %s\n", error->message);
		g_error_free(error);
	}
	snapshot_unref(snapshot);
	/* Statistics and snapshots are not freed: libmilter ends without closing the sessions that are open, and one of its threads may still be at work. */
	return status;
}

/* The first snapshot; NULL after the error was told, with the exit status for it. */
static struct snapshot *load(const char *path, int *status)
{
	GError *error = NULL;
	struct snapshot *snapshot = load_snapshot(path, &error);

	if (snapshot)
		return snapshot;
	fprintf(stderr, "smtp-explain-milter: %s\n", error->message);
	*status = error->domain == CATALOGUE_ERROR ? EX_DATAERR : EX_CONFIG;
	g_error_free(error);
	return NULL;
}

static int load_and_run(const struct command_line *options)
{
	struct daemon daemon = {.conf_path = conf_find(options->conf_path)};
	int status = EX_OK;
	struct snapshot *snapshot = load(daemon.conf_path, &status);

	if (snapshot && options->check) {
		snapshot_unref(snapshot);
	} else if (snapshot) {
		char *given = daemon.conf_path;

		daemon.conf_path = given ? g_canonicalize_filename(given, NULL) : NULL;	/* a reload must find it from "/" too, where the background is */
		g_free(given);
		daemon.snapshots = snapshots_new(snapshot);
		status = run(&daemon, options->foreground);
	}
	g_free(daemon.conf_path);
	return status;
}

int main(int argc, char **argv)
{
	struct command_line options = {0};
	GError *error = NULL;
	int status = EX_OK;

	if (!parse_command_line(&options, &argc, &argv, &error)) {
		fprintf(stderr, "smtp-explain-milter: %s\n", error->message);
		g_error_free(error);
		status = EX_USAGE;
	} else if (options.version) {
		printf("smtp-explain-milter %s\n", PACKAGE_VERSION);
	} else {
		status = load_and_run(&options);
	}
	g_free(options.conf_path);
	return status;
}
