/* snapshot.h - configuration and catalogue of one moment, shared and immutable. Floor 5: process.
 *
 * A reload makes a new snapshot beside the old one and swaps them; a message keeps the one it began with.
 */
#ifndef SMTP_EXPLAIN_SNAPSHOT_H
#define SMTP_EXPLAIN_SNAPSHOT_H

#include "catalogue.h"
#include "conf.h"
#include "explain.h"
#include "privacy.h"

struct snapshot {
	int references;			/* atomic */
	struct conf *conf;
	struct catalogue *catalogue;
	struct privacy privacy;		/* its key: snapshot_read_key() */
	struct origin_domains ours;	/* this and the rest borrowed from conf */
	struct language_rules languages;
	struct site_words site;
};

/* Loads the configuration at conf_path (NULL: defaults) and the catalogue it names. NULL and an error with its place, of domain
 * CATALOGUE_ERROR where the catalogue is at fault. The caller holds the only reference. */
struct snapshot *snapshot_load(const char *conf_path, GError **error);

/* Reads the key for addresses = hash, which only who writes the log needs and may read. Before the snapshot is shared. False and an error that names the file. */
bool snapshot_read_key(struct snapshot *snapshot, GError **error);

struct snapshot *snapshot_ref(struct snapshot *snapshot);
void snapshot_unref(struct snapshot *snapshot);		/* NULL is fine */

/* How a message is to be explained under this snapshot; borrowed from it. */
struct explain_options snapshot_options(const struct snapshot *snapshot);

/* The place where the current snapshot is kept. Thread-safe. */
struct snapshots;

struct snapshots *snapshots_new(struct snapshot *first);		/* takes over the reference */
void snapshots_free(struct snapshots *snapshots);
struct snapshot *snapshots_get(struct snapshots *snapshots);		/* the current one, as a new reference */
void snapshots_swap(struct snapshots *snapshots, struct snapshot *next);	/* takes over the reference */

#endif
