/* role.c - the words that machines' addresses are made of. Not here: MAILER-DAEMON and postmaster, from where mail systems write as a rule (writer.c). */
#include "role.h"

#include <glib.h>
#include <string.h>

static const char *const roles[] = {
	"root", "administrator", "system", "sys", "daemon", "mailer", "mail", "email", "mails", "smtp", "esmtp", "mta", "mx", "relay", "gateway", "gw",
	"noreply", "no", "reply", "donotreply", "do", "not", "automatic", "automailer", "auto", "robot", "bot", "server", "agent", "exchange", "news", "usenet",
	"nntp", "inn", "fax", "sms", "uucp", "antivirus", "antispam", "virus", "spam", "av", "filter", "scanner", "protection", "quarantine", "firewall", "bounce",
	"bounces", "bounced", "error", "errors", "failure", "failures", "failed", "undelivered", "delivery", "deliver", "status", "dsn", "returned", "return", "returns", "notification",
	"notifications", "notify", "notifier", "alert", "alerts", "report", "reports", "reporter", "postoffice", "message", "messages", "messaging", "msg",
	"majordomo", "listserv", "listproc",
};

/* Products call their senders after themselves: "mailshield", "groupshield", "mimesweeper", "spamfilter". */
static const char *const endings[] = {"shield", "guard", "sweeper", "scan", "scanner", "filter", "marshal", "gate", "gateway", "mailer", "daemon", "server"};

static bool is_role(const char *word, size_t length)
{
	for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
		if (strlen(roles[i]) == length && strncmp(roles[i], word, length) == 0)
			return true;
	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		size_t ending = strlen(endings[i]);

		if (length > ending + 2 && strncmp(word + length - ending, endings[i], ending) == 0)
			return true;
	}
	return false;
}

/* Addresses of small firms and departments, where people read and write. */
static bool is_peoples(const char *address, size_t length)
{
	static const char *const locals[] = {"mail", "email", "mails", "news", "fax", "sms", "no", "message", "messages", "system", "server", "agent", "report", "reports"};

	for (size_t i = 0; i < G_N_ELEMENTS(locals); i++)
		if (strlen(locals[i]) == length && strncmp(locals[i], address, length) == 0)
			return true;
	return false;
}

bool role_of_machine(const char *address)
{
	size_t length = strcspn(address, "@"), words = 0;

	if (is_peoples(address, length))
		return false;

	for (size_t at = 0; at < length; ) {
		size_t end = at;

		while (end < length && g_ascii_isalpha(address[end]))
			end++;
		if (end > at && !is_role(address + at, end - at))
			return false;
		words += end > at;
		if (end == at && !strchr("-_.+0123456789", address[at]))
			return false;
		at = end > at ? end : at + 1;
	}
	return words > 0;
}
