/* conf.h - the configuration: one table, from which parser, check, dump and the manual-page test read. Floor 5: process.
 *
 * A struct conf is immutable once loaded. What each key means to a user: smtp-explain.conf(5).
 */
#ifndef SMTP_EXPLAIN_CONF_H
#define SMTP_EXPLAIN_CONF_H

#include "alert-rule.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct conf {
	/* [milter] */
	char *socket;			/* "unix:/run/smtp-explain/milter.sock", "inet:8891@127.0.0.1" */
	unsigned socket_mode;		/* permission bits of a unix socket */
	char *socket_group;		/* "": that of the process */
	char *user;			/* "": stay who we are */
	char *group;			/* "": primary group of user */
	char *pid_file;			/* "": none */
	bool background;
	char *ordinary_mail;		/* "read" or "skip" */
	unsigned body_limit;		/* bytes of a body that are kept */
	unsigned timeout;		/* seconds libmilter waits for the MTA */
	/* [annotate] */
	bool body;
	bool dkim_signed;
	char *prefix;
	char *language;			/* "en" */
	char *second_language;		/* "": one is enough */
	char **reader_languages;	/* "example.de:de" (language.h) */
	bool original_language;		/* languages that the returned message names count */
	unsigned recipients;
	char *host;			/* name written into fields; "": the MTA's own (macro j) */
	char **kinds;			/* of "bounce" and "delay", NULL-terminated as all lists */
	char **origins;			/* of "ours", "not-ours" and "unknown" */
	char **failed_recipients;	/* addresses as in lists.h; empty: all */
	char **exempt_failed_recipients;
	char **exempt_clients;		/* clients as in lists.h */
	char **exempt_recipients;	/* of the envelope */
	char **trusted_relays;		/* clients */
	bool dry_run;
	char *subject_tag;		/* "": none */
	/* [log] */
	char *destination;		/* "syslog" or "stderr" */
	char *facility;
	char *ident;
	char *format;			/* "kv" or "json" */
	unsigned stats_interval;	/* seconds; 0: at shutdown only */
	char *addresses;		/* "full", "domain", "hash" or "none" */
	char *hash_key_file;		/* "": none */
	unsigned lines_per_message;	/* about recipients; 0: no limit */
	unsigned lines_per_minute;
	bool alerts;
	/* [metrics] */
	char *metrics_file;		/* "": none */
	unsigned metrics_interval;	/* seconds */
	/* [site] */
	char **domains;			/* ours, lower case, NULL-terminated */
	char **hosts;
	char *site_name;
	char *helpdesk_name;
	char *helpdesk_phone;
	char *helpdesk_link;
	/* [catalogue] */
	char **files;			/* files and directories read after the embedded catalogue */
	/* [alert.NAME] */
	GPtrArray *alert_rules;		/* struct alert_rule, the shipped ones first */
};

enum conf_type {
	CONF_STRING, CONF_BOOL, CONF_NUMBER, CONF_OCTAL, CONF_CHOICE,
	CONF_LIST,			/* of any words */
	CONF_WORDS,			/* of words out of choices, one at least */
	CONF_CHOICES,			/* the same, none perhaps */
	CONF_CLIENTS, CONF_ADDRESSES,	/* the lists of lists.h */
	CONF_READERS			/* the list of language.h */
};

struct conf_key {
	const char *section, *key;
	enum conf_type type;
	size_t offset;			/* of the member in struct conf, or in struct alert_rule */
	const char *fallback;		/* default, as it would stand in a file */
	unsigned min, max;		/* of numbers */
	const char *choices;		/* CONF_CHOICE, CONF_WORDS, CONF_CHOICES: blank-separated */
	bool restart;			/* a change takes effect at the next start, not at a reload */
	const char *help;		/* one line for --help and for the dump */
};

extern const struct conf_key conf_keys[];	/* ends with section NULL; keys of a section stand together */
extern const struct conf_key alert_keys[];	/* the same for the sections [alert.NAME], all called "alert" here */

#define CONF_ERROR conf_error_quark()
GQuark conf_error_quark(void);

/* The configuration file to read: the one given, else SYSCONFDIR/smtp-explain.conf if there is one, else NULL (defaults). The caller frees it. */
char *conf_find(const char *given);

/* Defaults, then the file at path (NULL: defaults only). NULL and an error "FILE:LINE: [section] key: what is wrong". The caller frees it with conf_free. */
struct conf *conf_load(const char *path, GError **error);
void conf_free(struct conf *conf);

/* Appends the effective configuration in the form of a configuration file. */
void conf_print(const struct conf *conf, GString *out);

/* The keys that differ and need a restart, as "[milter] socket, [milter] user"; NULL where none does. The caller frees it. */
char *conf_restart_needed(const struct conf *before, const struct conf *after);

#endif
