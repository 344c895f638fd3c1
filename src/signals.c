/* signals.c - keeps SIGHUP away from libmilter.
 *
 * libmilter's signal thread waits for SIGHUP, SIGTERM and SIGINT alike and stops on any of them. Blocking SIGHUP there does not help: sigwait() takes what is
 * blocked. The kernel prefers our main thread, which has a handler, but not while that still has a signal pending: two SIGHUPs in a row would end the
 * service. So the program's own sigwait() stands before the C library's, and never waits for a SIGHUP. Not here: what a reload does (daemon.c).
 */
#include <errno.h>
#include <signal.h>
#include <stddef.h>

int sigwait(const sigset_t *set, int *signal_number)
{
	sigset_t without_hangup = *set;
	int got;

	sigdelset(&without_hangup, SIGHUP);
	do
		got = sigwaitinfo(&without_hangup, NULL);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno;
	*signal_number = got;
	return 0;
}
