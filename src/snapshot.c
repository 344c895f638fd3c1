/* snapshot.c - loading, counting references, swapping.
 *
 * Not here: when to reload and what to say about it (daemon.c).
 */
#include "snapshot.h"

#include <pthread.h>

struct snapshots {
	pthread_mutex_t lock;	/* not GMutex, which ThreadSanitizer cannot see */
	struct snapshot *current;
};

/* Whatever is wrong with a catalogue file is an error of the catalogue, also what keyfile.c found: callers tell it from one of the configuration. */
static struct catalogue *load_catalogue(const struct conf *conf, GError **error)
{
	GError *cause = NULL;
	struct catalogue *catalogue = catalogue_load((const char *const *)conf->files, &cause);

	if (cause) {
		cause->domain = CATALOGUE_ERROR;
		g_propagate_error(error, cause);
	}
	return catalogue;
}

struct snapshot *snapshot_load(const char *conf_path, GError **error)
{
	struct conf *conf = conf_load(conf_path, error);
	struct catalogue *catalogue = conf ? load_catalogue(conf, error) : NULL;
	struct snapshot *snapshot;

	if (!catalogue) {
		conf_free(conf);
		return NULL;
	}
	snapshot = g_new0(struct snapshot, 1);
	snapshot->references = 1;
	snapshot->conf = conf;
	snapshot->catalogue = catalogue;
	snapshot->ours.domains = (const char *const *)conf->domains;
	snapshot->ours.hosts = (const char *const *)conf->hosts;
	return snapshot;
}

struct snapshot *snapshot_ref(struct snapshot *snapshot)
{
	g_atomic_int_inc(&snapshot->references);
	return snapshot;
}

void snapshot_unref(struct snapshot *snapshot)
{
	if (!snapshot || !g_atomic_int_dec_and_test(&snapshot->references))
		return;
	conf_free(snapshot->conf);
	catalogue_unref(snapshot->catalogue);
	g_free(snapshot);
}

struct explain_options snapshot_options(const struct snapshot *snapshot)
{
	return (struct explain_options){.catalogue = snapshot->catalogue, .ours = &snapshot->ours, .language = snapshot->conf->language};
}

struct snapshots *snapshots_new(struct snapshot *first)
{
	struct snapshots *snapshots = g_new0(struct snapshots, 1);

	pthread_mutex_init(&snapshots->lock, NULL);
	snapshots->current = first;
	return snapshots;
}

void snapshots_free(struct snapshots *snapshots)
{
	snapshot_unref(snapshots->current);
	pthread_mutex_destroy(&snapshots->lock);
	g_free(snapshots);
}

struct snapshot *snapshots_get(struct snapshots *snapshots)
{
	struct snapshot *snapshot;

	pthread_mutex_lock(&snapshots->lock);
	snapshot = snapshot_ref(snapshots->current);
	pthread_mutex_unlock(&snapshots->lock);
	return snapshot;
}

void snapshots_swap(struct snapshots *snapshots, struct snapshot *next)
{
	struct snapshot *before;

	pthread_mutex_lock(&snapshots->lock);
	before = snapshots->current;
	snapshots->current = next;
	pthread_mutex_unlock(&snapshots->lock);
	snapshot_unref(before);
}
