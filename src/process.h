/* process.h - what makes a program a daemon: background, privileges, PID file, socket permissions, systemd. Floor 5: process. */
#ifndef SMTP_EXPLAIN_PROCESS_H
#define SMTP_EXPLAIN_PROCESS_H

#include <glib.h>
#include <stdbool.h>

#define PROCESS_ERROR process_error_quark()
GQuark process_error_quark(void);

/* Forks; the parent waits until process_ready() (exit status 0) or the end of the child (its status), so that whoever
 * started the daemon learns whether it runs. Only the child returns. Before any thread is made. */
void process_background(void);

/* Tells the waiting parent and systemd that the daemon serves. */
void process_ready(void);

/* Connects the standard streams to /dev/null. */
void process_close_terminal(void);

void process_notify_ready(void);
void process_notify_reloading(void);
void process_notify_stopping(void);

/* path "": nothing to do. The file is created anew, never through a link. */
bool process_write_pid_file(const char *path, GError **error);
void process_remove_pid_file(const char *path);

/* Gives a unix socket to a group ("": leaves it); nothing for an inet one. */
bool process_share_socket(const char *socket, const char *group, GError **error);

/* Becomes user and group when started as root ("": stay). An error when the names are unknown or the change fails. */
bool process_drop_privileges(const char *user, const char *group, GError **error);

#endif
