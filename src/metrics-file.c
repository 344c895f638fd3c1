/* metrics-file.c - writes a file that another program reads at any moment.
 *
 * Not here: what stands in it (metrics.c). It is not flushed to the disk: after a crash of the machine the counts begin anew anyway.
 */
#include "metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(smtp-explain-metrics-error-quark, metrics_error)

static bool write_all(int fd, const GString *text)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t written = write(fd, text->str + done, text->len - done);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		done += (size_t)written;
	}
	return true;
}

/* Never through a link that somebody laid, and not with what an earlier run left. errno says what went wrong. */
static bool write_beside(const char *path, const GString *text)
{
	int fd, why = 0;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	if (!write_all(fd, text) || fchmod(fd, 0644) != 0)
		why = errno;
	if (close(fd) != 0 && !why)
		why = errno;
	errno = why;
	return why == 0;
}

bool metrics_write(const char *path, const GString *text, GError **error)
{
	char *beside = g_strconcat(path, ".tmp", NULL);
	bool good = write_beside(beside, text) && rename(beside, path) == 0;

	if (!good) {
		g_set_error(error, METRICS_ERROR, 0, "%s: %s", path, g_strerror(errno));
		unlink(beside);
	}
	g_free(beside);
	return good;
}
