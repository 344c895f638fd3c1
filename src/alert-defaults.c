/* alert-defaults.c - the alerts that every site gets. conf/smtp-explain.conf shows them to the administrator; a test compares the two.
 *
 * Thresholds are for a site of some hundred to some thousand mailboxes. Returned mail that was never sent from here (origin=not-ours) tells nothing about our
 * servers, so most rules leave it out.
 */
#include "alert-rule.h"

#define ADDRESS_UNKNOWN "recipient-unknown recipient-domain-unknown recipient-inactive"

const struct alert_default alert_defaults[] = {
	{"ip-blocklisted", "reason", "ip-blocklisted"},
	{"ip-blocklisted", "origin", "ours unknown"},
	{"ip-blocklisted", "count", "10"},
	{"ip-blocklisted", "window", "600"},

	{"authentication", "reason", "auth-*"},
	{"authentication", "origin", "ours unknown"},
	{"authentication", "per", "sender_domain"},
	{"authentication", "distinct", "remote_domain"},
	{"authentication", "distinct_count", "2"},
	{"authentication", "count", "5"},
	{"authentication", "window", "3600"},

	{"provider-down", "kind", "bounce"},
	{"provider-down", "reason", "connection-failed dns-failure remote-error delivery-expired"},
	{"provider-down", "origin", "ours unknown"},
	{"provider-down", "per", "remote_domain"},
	{"provider-down", "count", "20"},
	{"provider-down", "window", "3600"},

	{"provider-slow", "kind", "delay"},
	{"provider-slow", "origin", "ours unknown"},
	{"provider-slow", "per", "remote_domain"},
	{"provider-slow", "count", "20"},
	{"provider-slow", "window", "3600"},

	{"tls", "reason", "tls"},
	{"tls", "origin", "ours unknown"},
	{"tls", "count", "5"},
	{"tls", "window", "3600"},

	{"account-compromised", "reason", ADDRESS_UNKNOWN},
	{"account-compromised", "origin", "ours"},
	{"account-compromised", "per", "sender"},
	{"account-compromised", "distinct", "recipient"},
	{"account-compromised", "distinct_count", "20"},
	{"account-compromised", "count", "20"},
	{"account-compromised", "window", "3600"},

	{"account-spoofed", "reason", ADDRESS_UNKNOWN},
	{"account-spoofed", "origin", "not-ours"},
	{"account-spoofed", "per", "sender"},
	{"account-spoofed", "distinct", "recipient"},
	{"account-spoofed", "distinct_count", "20"},
	{"account-spoofed", "count", "20"},
	{"account-spoofed", "window", "3600"},

	{"account-suspicious", "reason", ADDRESS_UNKNOWN},
	{"account-suspicious", "origin", "unknown"},
	{"account-suspicious", "per", "sender"},
	{"account-suspicious", "distinct", "recipient"},
	{"account-suspicious", "distinct_count", "20"},
	{"account-suspicious", "count", "20"},
	{"account-suspicious", "window", "3600"},

	{"unexplained", "reason", "unspecified"},
	{"unexplained", "count", "20"},
	{"unexplained", "window", "3600"},
	{"unexplained", "factor", "3"},

	{NULL, NULL, NULL},
};
