/* milter.h - the door to libmilter: callbacks that hand bytes to the session and apply its edits. Floor 5: process. */
#ifndef SMTP_EXPLAIN_MILTER_H
#define SMTP_EXPLAIN_MILTER_H

#include "record.h"
#include "snapshot.h"

#define MILTER_ERROR milter_error_quark()
GQuark milter_error_quark(void);

struct milter_options {
	struct snapshots *snapshots;	/* borrowed, as recorder; both must outlive milter_run() */
	struct recorder *recorder;
	unsigned timeout;		/* seconds to wait for the MTA */
};

/* Registers the callbacks and opens the listening socket ("unix:PATH", "inet:PORT@HOST"), replacing a stale unix one. Done before privileges
 * are dropped, so that errors reach the terminal. Once in the life of a process. False and an error that names the socket. */
bool milter_open(const struct milter_options *options, const char *socket, GError **error);

/* Serves until SIGTERM or SIGINT. False if libmilter gave up by itself. */
bool milter_run(void);

#endif
