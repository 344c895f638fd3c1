/* process.c - the system calls behind process.h.
 *
 * Not here: configuration, signals (daemon.c).
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>
#ifdef HAVE_LIBSYSTEMD
#include <systemd/sd-daemon.h>
#endif

G_DEFINE_QUARK(smtp-explain-process-error-quark, process_error)

/* Write end of the pipe on which the parent of process_background() waits; -1: nobody waits. */
static int ready_pipe = -1;

static bool fail(GError **error, const char *object, const char *what)
{
	g_set_error(error, PROCESS_ERROR, 0, "%s: %s: %s", object, what, g_strerror(errno));
	return false;
}

/* In the parent: status 0 once the child is ready, else the child's own. */
static void wait_for_child(int pipe_end, pid_t child)
{
	char byte;
	int status = 0;

	if (read(pipe_end, &byte, 1) == 1)
		_exit(EX_OK);
	waitpid(child, &status, 0);
	_exit(WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status) : EX_SOFTWARE);
}

void process_background(void)
{
	int ends[2];
	pid_t child;

	if (pipe(ends) != 0 || (child = fork()) < 0) {
		perror("smtp-explain-milter: cannot go to the background");
		exit(EX_OSERR);
	}
	if (child > 0) {
		close(ends[1]);
		wait_for_child(ends[0], child);
	}
	close(ends[0]);
	ready_pipe = ends[1];
	fcntl(ready_pipe, F_SETFD, FD_CLOEXEC);
	setsid();
	if (chdir("/") != 0)
		perror("smtp-explain-milter: /");
}

void process_ready(void)
{
	if (ready_pipe >= 0) {
		if (write(ready_pipe, "", 1) != 1)
			perror("smtp-explain-milter: the process that started this one is gone");
		close(ready_pipe);
		ready_pipe = -1;
	}
	process_notify_ready();
}

void process_close_terminal(void)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0)
		return;
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
}

static void notify(const char *state)
{
#ifdef HAVE_LIBSYSTEMD
	sd_notify(0, state);
#else
	(void)state;
#endif
}

void process_notify_ready(void)
{
	notify("READY=1");
}

void process_notify_reloading(void)
{
	char *state = g_strdup_printf("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time());

	notify(state);
	g_free(state);
}

void process_notify_stopping(void)
{
	notify("STOPPING=1");
}

bool process_write_pid_file(const char *path, GError **error)
{
	int fd;
	bool good;

	if (!*path)
		return true;
	if (unlink(path) != 0 && errno != ENOENT)
		return fail(error, path, "cannot replace the PID file");
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return fail(error, path, "cannot write the PID file");
	good = fchmod(fd, 0644) == 0 && dprintf(fd, "%ld\n", (long)getpid()) > 0;
	good = close(fd) == 0 && good;
	return good || fail(error, path, "cannot write the PID file");
}

void process_remove_pid_file(const char *path)
{
	if (*path)
		unlink(path);	/* the folder may not be ours any more after privileges were dropped; a stale file does no harm */
}

/* The path of a unix socket, NULL for another one. */
static const char *socket_path(const char *socket)
{
	if (g_str_has_prefix(socket, "unix:"))
		return socket + strlen("unix:");
	if (g_str_has_prefix(socket, "local:"))
		return socket + strlen("local:");
	return NULL;
}

bool process_share_socket(const char *socket, const char *group, GError **error)
{
	const char *path = socket_path(socket);
	const struct group *entry;

	if (!path || !*group)
		return true;
	errno = 0;
	entry = getgrnam(group);
	if (!entry) {
		errno = errno ? errno : ENOENT;
		return fail(error, group, "no such group (socket_group)");
	}
	/* Never through a link: the folder may belong to the user that the daemon will become. */
	return lchown(path, (uid_t)-1, entry->gr_gid) == 0 || fail(error, path, "cannot give the socket to the group");
}

/* The numeric group: the one named, else the user's own. */
static bool find_group(const char *group, const struct passwd *user, gid_t *gid, GError **error)
{
	const struct group *entry;

	*gid = user->pw_gid;
	if (!*group)
		return true;
	errno = 0;
	entry = getgrnam(group);
	if (!entry) {
		errno = errno ? errno : ENOENT;
		return fail(error, group, "no such group (group)");
	}
	*gid = entry->gr_gid;
	return true;
}

bool process_drop_privileges(const char *user, const char *group, GError **error)
{
	const struct passwd *entry;
	gid_t gid;

	if (!*user || geteuid() != 0)
		return true;
	errno = 0;
	entry = getpwnam(user);
	if (!entry) {
		errno = errno ? errno : ENOENT;
		return fail(error, user, "no such user (user)");
	}
	if (!find_group(group, entry, &gid, error))
		return false;
	if (initgroups(user, gid) != 0 || setgid(gid) != 0 || setuid(entry->pw_uid) != 0)
		return fail(error, user, "cannot become this user");
	return true;
}
