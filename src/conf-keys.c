/* conf-keys.c - the table of every configuration key: type, default, range, help.
 *
 * Who adds a key adds a row here, a member in struct conf and an entry in smtp-explain.conf(5); the tests compare the three.
 */
#include "conf.h"

#define AT(member) offsetof(struct conf, member)

const struct conf_key conf_keys[] = {
	{"milter", "socket", CONF_STRING, AT(socket), "unix:/run/smtp-explain/milter.sock", 0, 0, NULL, true,
	 "where the MTA connects: unix:PATH, inet:PORT@HOST or inet6:PORT@HOST"},
	{"milter", "socket_mode", CONF_OCTAL, AT(socket_mode), "0660", 0, 0777, NULL, true, "permissions of a unix socket, octal"},
	{"milter", "socket_group", CONF_STRING, AT(socket_group), "", 0, 0, NULL, true, "group of a unix socket (for example postfix)"},
	{"milter", "user", CONF_STRING, AT(user), "", 0, 0, NULL, true, "user to become after the socket is open, when started as root"},
	{"milter", "group", CONF_STRING, AT(group), "", 0, 0, NULL, true, "group to become; empty: the user's own"},
	{"milter", "pid_file", CONF_STRING, AT(pid_file), "", 0, 0, NULL, true, "file for the process id; empty: none"},
	{"milter", "background", CONF_BOOL, AT(background), "no", 0, 0, NULL, true, "go to the background once ready"},
	{"milter", "ordinary_mail", CONF_CHOICE, AT(ordinary_mail), "read", 0, 0, "read skip", false,
	 "mail with a sender: read its header fields, or skip it at MAIL FROM"},
	{"milter", "body_limit", CONF_NUMBER, AT(body_limit), "1048576", 4096, 104857600, NULL, false,
	 "bytes of a report's body that are read; longer ones get header fields only"},
	{"milter", "timeout", CONF_NUMBER, AT(timeout), "7210", 10, 86400, NULL, true, "seconds to wait for the MTA before a connection is given up"},
	{"annotate", "body", CONF_BOOL, AT(body), "yes", 0, 0, NULL, false, "put the explanation into the body too"},
	{"annotate", "dkim_signed", CONF_BOOL, AT(dkim_signed), "no", 0, 0, NULL, false,
	 "change the body of signed (DKIM, ARC) reports too; breaks their signature"},
	{"annotate", "prefix", CONF_STRING, AT(prefix), "X-SMTP-Explain", 0, 0, NULL, false, "name of the fields, and namespace that is stripped from incoming mail"},
	{"annotate", "language", CONF_STRING, AT(language), "en", 0, 0, NULL, false, "language of the explanations"},
	{"annotate", "recipients", CONF_NUMBER, AT(recipients), "10", 1, 100, NULL, false, "recipients that are explained one by one"},
	{"annotate", "host", CONF_STRING, AT(host), "", 0, 0, NULL, false, "this host's name in the fields; empty: the name of the MTA"},
	{"annotate", "kinds", CONF_WORDS, AT(kinds), "bounce delay", 0, 0, "bounce delay", false, "kinds of reports that are annotated"},
	{"annotate", "origins", CONF_WORDS, AT(origins), "ours not-ours unknown", 0, 0, "ours not-ours unknown", false,
	 "whose returned mail: reports of these origins are annotated"},
	{"annotate", "failed_recipients", CONF_ADDRESSES, AT(failed_recipients), "", 0, 0, NULL, false,
	 "addresses and domains: only reports about one of them are annotated; empty: about any"},
	{"annotate", "exempt_failed_recipients", CONF_ADDRESSES, AT(exempt_failed_recipients), "", 0, 0, NULL, false,
	 "addresses and domains: reports about nobody else are not annotated"},
	{"annotate", "exempt_clients", CONF_CLIENTS, AT(exempt_clients), "", 0, 0, NULL, false,
	 "addresses, networks and names of hosts whose reports stay as they are"},
	{"annotate", "exempt_recipients", CONF_ADDRESSES, AT(exempt_recipients), "", 0, 0, NULL, false,
	 "envelope recipients (programs that read bounces) whose reports stay as they are"},
	{"annotate", "trusted_relays", CONF_CLIENTS, AT(trusted_relays), "", 0, 0, NULL, false,
	 "addresses, networks and names of hosts whose explanations are kept and not made anew"},
	{"annotate", "dry_run", CONF_BOOL, AT(dry_run), "no", 0, 0, NULL, false, "log and count only: no message is changed"},
	{"log", "destination", CONF_CHOICE, AT(destination), "syslog", 0, 0, "syslog stderr", true, "where log lines go"},
	{"log", "facility", CONF_STRING, AT(facility), "mail", 0, 0, NULL, true, "syslog facility"},
	{"log", "ident", CONF_STRING, AT(ident), "smtp-explain", 0, 0, NULL, true, "syslog ident"},
	{"log", "format", CONF_CHOICE, AT(format), "kv", 0, 0, "kv json", false, "form of the line for each failed recipient"},
	{"log", "stats_interval", CONF_NUMBER, AT(stats_interval), "600", 0, 86400, NULL, false, "seconds between two stats lines; 0: only at shutdown"},
	{"log", "addresses", CONF_CHOICE, AT(addresses), "full", 0, 0, "full domain hash none", false, "how mail addresses are shown in lines about recipients and alerts"},
	{"log", "hash_key_file", CONF_STRING, AT(hash_key_file), "", 0, 0, NULL, false, "file with the key for addresses = hash"},
	{"log", "lines_per_message", CONF_NUMBER, AT(lines_per_message), "0", 0, 100000, NULL, false, "lines about the recipients of one report; 0: no limit"},
	{"log", "lines_per_minute", CONF_NUMBER, AT(lines_per_minute), "0", 0, 10000000, NULL, false, "lines about recipients in a minute; 0: no limit"},
	{"log", "alerts", CONF_BOOL, AT(alerts), "yes", 0, 0, NULL, false, "write alert lines, by the rules of the sections alert.NAME"},
	{"metrics", "file", CONF_STRING, AT(metrics_file), "", 0, 0, NULL, false, "file for Prometheus (node_exporter's textfile collector); empty: none"},
	{"metrics", "interval", CONF_NUMBER, AT(metrics_interval), "15", 1, 3600, NULL, false, "seconds between two writings of that file"},
	{"site", "domains", CONF_LIST, AT(domains), "", 0, 0, NULL, false, "domains that send from here; .example.com means it and all below"},
	{"site", "hosts", CONF_LIST, AT(hosts), "", 0, 0, NULL, false, "names of our sending hosts"},
	{"catalogue", "files", CONF_LIST, AT(files), "", 0, 0, NULL, false, "files or directories with the site's own texts, read in this order"},
	{NULL, NULL, CONF_STRING, 0, NULL, 0, 0, NULL, false, NULL},
};

#undef AT
#define AT(member) offsetof(struct alert_rule, member)

const struct conf_key alert_keys[] = {
	{"alert", "enabled", CONF_BOOL, AT(enabled), "yes", 0, 0, NULL, false, "whether the rule is in force"},
	{"alert", "kind", CONF_CHOICES, AT(kind), "", 0, 0, "bounce delay", false, "kinds of reports that count; empty: all"},
	{"alert", "reason", CONF_LIST, AT(reason), "", 0, 0, NULL, false, "reasons that count; empty: all"},
	{"alert", "provider", CONF_LIST, AT(provider), "", 0, 0, NULL, false, "providers that count; empty: all"},
	{"alert", "owner", CONF_CHOICES, AT(owner), "", 0, 0, "sender sender-admin recipient recipient-admin nobody", false, "owners that count; empty: all"},
	{"alert", "class", CONF_CHOICES, AT(class), "", 0, 0, "permanent transient", false, "classes that count; empty: all"},
	{"alert", "origin", CONF_CHOICES, AT(origin), "", 0, 0, "ours not-ours unknown", false, "origins that count; empty: all"},
	{"alert", "per", CONF_CHOICE, AT(per), "none", 0, 0, ALERT_ASPECTS, false, "what gets an incident of its own"},
	{"alert", "count", CONF_NUMBER, AT(count), "10", 1, 1000000, NULL, false, "failures within the window that open an incident"},
	{"alert", "window", CONF_NUMBER, AT(window), "3600", 1, 604800, NULL, false, "seconds"},
	{"alert", "distinct", CONF_CHOICE, AT(distinct), "none", 0, 0, ALERT_ASPECTS, false, "of what several different ones are needed"},
	{"alert", "distinct_count", CONF_NUMBER, AT(distinct_count), "2", 1, 1000, NULL, false, "how many different ones"},
	{"alert", "factor", CONF_NUMBER, AT(factor), "0", 0, 1000, NULL, false, "times the usual count that is needed besides; 0: not compared"},
	{"alert", "baseline", CONF_NUMBER, AT(baseline), "86400", 1, 2592000, NULL, false, "seconds over which the usual count is learnt"},
	{"alert", "close", CONF_NUMBER, AT(close), "600", 0, 604800, NULL, false, "seconds below the threshold that close an incident"},
	{NULL, NULL, CONF_STRING, 0, NULL, 0, 0, NULL, false, NULL},
};
