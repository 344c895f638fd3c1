/* snapshot.c - loading, counting references, swapping.
 *
 * Not here: when to reload and what to say about it (daemon.c).
 */
#include "snapshot.h"

#include "conf-rules.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

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

static enum privacy_mode privacy_mode(const struct conf *conf)
{
	static const char *const modes[] = {[PRIVACY_FULL] = "full", [PRIVACY_DOMAIN] = "domain", [PRIVACY_HASH] = "hash", [PRIVACY_NONE] = "none"};
	size_t mode = 0;

	while (mode + 1 < G_N_ELEMENTS(modes) && strcmp(modes[mode], conf->addresses) != 0)
		mode++;
	return (enum privacy_mode)mode;
}

struct snapshot *snapshot_load(const char *conf_path, GError **error)
{
	struct conf *conf = conf_load(conf_path, error);
	struct catalogue *catalogue = conf ? load_catalogue(conf, error) : NULL;
	struct snapshot *snapshot;

	if (!catalogue || !conf_rules_check(conf->alert_rules, catalogue, error)) {
		if (catalogue)
			catalogue_unref(catalogue);
		conf_free(conf);
		return NULL;
	}
	snapshot = g_new0(struct snapshot, 1);
	snapshot->references = 1;
	snapshot->conf = conf;
	snapshot->catalogue = catalogue;
	snapshot->ours.domains = (const char *const *)conf->domains;
	snapshot->ours.hosts = (const char *const *)conf->hosts;
	snapshot->privacy.mode = privacy_mode(conf);
	snapshot->languages = (struct language_rules){(const char *const *)conf->reader_languages, conf->original_language, conf->language};
	snapshot->site = (struct site_words){conf->site_name, conf->helpdesk_name, conf->helpdesk_phone, conf->helpdesk_link};
	return snapshot;
}

bool snapshot_read_key(struct snapshot *snapshot, GError **error)
{
	const char *path = snapshot->conf->hash_key_file;
	char key[PRIVACY_KEY_LIMIT];
	size_t length;
	FILE *file;

	if (snapshot->privacy.mode != PRIVACY_HASH)
		return true;
	file = fopen(path, "re");
	if (!file) {
		g_set_error(error, CONF_ERROR, 0, "%s: %s (hash_key_file)", path, g_strerror(errno));
		return false;
	}
	length = fread(key, 1, sizeof key, file);
	fclose(file);
	while (length > 0 && (key[length - 1] == '\n' || key[length - 1] == '\r'))
		length--;
	if (length < PRIVACY_KEY_MIN) {
		g_set_error(error, CONF_ERROR, 0, "%s: a key must have at least %u bytes (hash_key_file)", path, PRIVACY_KEY_MIN);
		return false;
	}
	snapshot->privacy.key = g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)key, length);
	return true;
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
	if (snapshot->privacy.key)
		g_hmac_unref(snapshot->privacy.key);
	g_free(snapshot);
}

struct explain_options snapshot_options(const struct snapshot *snapshot)
{
	return (struct explain_options){.catalogue = snapshot->catalogue,
					.ours = &snapshot->ours,
					.languages = &snapshot->languages,
					.second_language = snapshot->conf->second_language,
					.site = &snapshot->site};
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
