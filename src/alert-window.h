/* alert-window.h - how many events of late, of how many different values, and how many there usually are. Floor 0: base. Time is an argument. */
#ifndef SMTP_EXPLAIN_ALERT_WINDOW_H
#define SMTP_EXPLAIN_ALERT_WINDOW_H

#include <glib.h>
#include <stdbool.h>

struct alert_window;

/* seconds: its length. distinct: values that are told apart at most, 0: none. memory: seconds over which the usual count is learnt. */
struct alert_window *alert_window_new(gint64 now, unsigned seconds, unsigned distinct, unsigned memory);
void alert_window_free(struct alert_window *window);

/* Forgets everything, as if it were made anew at now. */
void alert_window_restart(struct alert_window *window, gint64 now);

/* An event at now, with a value (NULL: none). Times must not go back. */
void alert_window_add(struct alert_window *window, gint64 now, const char *value);

/* Events of the last seconds up to now; those of the oldest twelfth may be left out. */
unsigned long alert_window_count(struct alert_window *window, gint64 now);

/* Different values among them, at most the number that is told apart. */
unsigned alert_window_distinct(struct alert_window *window, gint64 now);

/* The usual count: an exponentially weighted mean of what left the window. False before the window has passed twice: nothing is usual yet. */
bool alert_window_usual(struct alert_window *window, gint64 now, double *usual);

#endif
