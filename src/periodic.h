/* periodic.h - what the daemon does by the clock: lines of statistics, the file of metrics, the end of incidents. Floor 5: process. */
#ifndef SMTP_EXPLAIN_PERIODIC_H
#define SMTP_EXPLAIN_PERIODIC_H

#include "record.h"

struct periodic;

/* recorder is borrowed. version: as shown in the metrics. */
struct periodic *periodic_new(struct recorder *recorder, const char *version);

/* Sets the timers, which run in the default main context, by the configuration in force; again after each reload. */
void periodic_start(struct periodic *periodic, const struct conf *conf);

/* A reload was tried: told in the metrics. */
void periodic_reloaded(struct periodic *periodic, bool good);

/* The line of statistics now, for what was counted since the last one, and the file of metrics. */
void periodic_now(struct periodic *periodic);

/* The last of everything; frees periodic. */
void periodic_end(struct periodic *periodic);

#endif
