/* periodic.c - timers of the main thread.
 *
 * A timer that is set anew by a reload loses nothing: what was counted goes into the next line. Not here: what is counted (stats.c), its forms
 * (stats-line.c, metrics.c).
 */
#include "periodic.h"

#include "log.h"
#include "metrics.h"

#include <syslog.h>

struct periodic {
	struct recorder *recorder;
	const char *version;
	char *metrics_file;		/* "": none */
	guint stats_timer, metrics_timer, tick_timer;
	gint64 stats_since;		/* monotonic microseconds */
	gint64 started;			/* seconds since 1970 */
	bool reload_good;
	bool metrics_broken;		/* that the file cannot be written was told */
};

struct periodic *periodic_new(struct recorder *recorder, const char *version)
{
	struct periodic *periodic = g_new0(struct periodic, 1);

	periodic->recorder = recorder;
	periodic->version = version;
	periodic->metrics_file = g_strdup("");
	periodic->stats_since = g_get_monotonic_time();
	periodic->started = g_get_real_time() / G_USEC_PER_SEC;
	periodic->reload_good = true;
	return periodic;
}

static void log_stats(struct periodic *periodic)
{
	gint64 now = g_get_monotonic_time();
	GString *line = g_string_new(NULL);

	stats_take(periodic->recorder->stats, (unsigned)((now - periodic->stats_since + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC), line);
	log_line(LOG_INFO, "%s", line->str);
	periodic->stats_since = now;
	g_string_free(line, TRUE);
}

/* An error is told once, until it is over. */
static void write_metrics(struct periodic *periodic)
{
	struct metrics_about about = {.version = periodic->version,
				      .started = periodic->started,
				      .now = g_get_real_time() / G_USEC_PER_SEC,
				      .reload_good = periodic->reload_good};
	GString *text;
	GError *error = NULL;

	if (!*periodic->metrics_file)
		return;
	text = g_string_new(NULL);
	metrics_render(text, periodic->recorder->stats, periodic->recorder->alerts, &about);
	if (!metrics_write(periodic->metrics_file, text, &error)) {
		stats_count_error(periodic->recorder->stats, ERROR_METRICS);
		if (!periodic->metrics_broken)
			log_line(LOG_ERR, "metrics: %s", error->message);
		g_error_free(error);
		periodic->metrics_broken = true;
	} else {
		periodic->metrics_broken = false;
	}
	g_string_free(text, TRUE);
}

static gboolean on_stats_timer(gpointer periodic)
{
	log_stats(periodic);
	return G_SOURCE_CONTINUE;
}

static gboolean on_metrics_timer(gpointer periodic)
{
	write_metrics(periodic);
	return G_SOURCE_CONTINUE;
}

static gboolean on_tick(gpointer data)
{
	recorder_tick(((struct periodic *)data)->recorder, false);
	return G_SOURCE_CONTINUE;
}

/* seconds 0: no timer. */
static void set_timer(guint *timer, unsigned seconds, GSourceFunc function, struct periodic *periodic)
{
	if (*timer)
		g_source_remove(*timer);
	*timer = seconds ? g_timeout_add_seconds(seconds, function, periodic) : 0;
}

void periodic_start(struct periodic *periodic, const struct conf *conf)
{
	g_free(periodic->metrics_file);
	periodic->metrics_file = g_strdup(conf->metrics_file);
	periodic->metrics_broken = false;
	set_timer(&periodic->stats_timer, conf->stats_interval, on_stats_timer, periodic);
	set_timer(&periodic->metrics_timer, *conf->metrics_file ? conf->metrics_interval : 0, on_metrics_timer, periodic);
	set_timer(&periodic->tick_timer, 1, on_tick, periodic);
	write_metrics(periodic);	/* at once: whoever set the key wants to see it work */
}

void periodic_reloaded(struct periodic *periodic, bool good)
{
	periodic->reload_good = good;
	if (!good)
		stats_count_error(periodic->recorder->stats, ERROR_RELOAD);
}

void periodic_now(struct periodic *periodic)
{
	log_stats(periodic);
	write_metrics(periodic);
}

void periodic_end(struct periodic *periodic)
{
	set_timer(&periodic->stats_timer, 0, NULL, NULL);
	set_timer(&periodic->metrics_timer, 0, NULL, NULL);
	set_timer(&periodic->tick_timer, 0, NULL, NULL);
	recorder_tick(periodic->recorder, true);
	periodic_now(periodic);
	g_free(periodic->metrics_file);
	g_free(periodic);
}
