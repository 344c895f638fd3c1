/* writer.c - the names and addresses that mail systems, their programs and their keepers write under.
 *
 * Not here: the envelope sender and the other fields (signs.c); what a name is worth as evidence (report-rules.c).
 */
#include "writer.h"

#include "list-role.h"
#include "mail.h"
#include "role.h"
#include "text.h"

#include <string.h>

/* Parts of the names and addresses of mail systems. */
static const char *const daemon_words[] = {
	"mailer-daemon", "mailerdaemon", "mailer_daemon", "mail-daemon", "maildaemon", "mail daemon", "mailer daemon", "mail delivery",
	"mail.delivery", "mail_delivery", "delivery subsystem", "delivery system", "system administrator", "systemadministrator",
	"mail system", "smtp_mail_service", "mail service", "content-filter", "e-mail interconnect", "ndr administrator",
	"microsoftexchange", "mail router", "mailsystem", "mail transfer", "mailmaster", "mail subsystem", "email delivery",
	"delivery status", "mailerdeamon", "mailer-deamon", "smtp server", "mailmarshal", "mailsweeper", "mail gateway", "mail server",
	"mailserver", "mdaemon", "ndr@", "inetgw", "mailgw", "smtpgw", "mailsvr", "internet mail", "jetmail", "no-reply-dsn",
	"delivery-notification", "delivery notification", "mailhub", "virus", "spam firewall", "mail-system", "nondelivery", "non-delivery",
	"undeliverable", "mail_system", "delivery agent", "mail agent", "mail security", "mailsecurity", "email security", "e-mail security",
	"mail protection", "content filter", "antispam", "anti-spam", "list server", "listserv", "email system", "e-mail system",
	"email server", "email gateway", "e-mail gateway", "bounce handler", "mail-gateway", "mail-delivery", "x400", "x.400", "zustell",
	"distribution du courrier", "système de messagerie", "remise du courrier", "sistema de correo", "entrega de correo",
	"sistema di posta", "sistema de e-mail", "sistema de email", "postbezorging", "administrator systemu", "system pocztowy",
	"почтовая система", "доставка почты", "邮件系统", "系统退信", "郵件系統", "邮局", "メール配送", "メールシステム", "配送システム",
	"メールサーバ", "메일 시스템", "메일시스템", "메일 서버", "network mailer", "smtplink",
};

/* The same, of programs that answer from addresses of their own: as an envelope sender such an address is one like any other. */
static const char *const program_words[] = {
	"mailscanner", "mail scanner", "mailguard", "mail filter", "mail relay", "mail transport", "mail robot", "delivery report", "facsimile agent", "hylafax",
	"fax server", "fax gateway", "sms gateway", "sms-gateway", "fax-gateway", "uucp@", "post office server", "bounces@", "bounce@", "mail notification",
	"message center", "mail exchanger", "mail hub", "servidor de correo", "servidor de e-mail", "server di posta", "serveur de messagerie", "serveur de courrier", "mailsysteem",
	"serwer poczt", "почтовый сервер", "majordomo@", "sieve", "mail administration system", "returned mail", "mail-router", "mailrouter",
	"interscan", "viruswall", "scanmail", "groupshield", "webshield", "mimesweeper", "mailmonitor", "antigen", "imss", "iwss", "mimecast", "proofpoint", "ironport",
	"nav for", "norton antivirus", "antivirus", "anti-virus", "symantec", "sophos", "kaspersky", "mcafee", "trend micro", "f-secure", "dr.web", "drweb",
	"barracuda", "messagelabs", "fortimail", "mailfoundry", "surfcontrol", "mailenable", "amavis", "hmailserver", "icewarp", "kerio",
};

/* Those of the mail systems' keepers, which their systems use too. */
static const char *const keeper_words[] = {"postmast", "post_master", "post master", "poostmaster", "mail administrator", "administrador", "administrateur", "amministratore",
	"администратор", "systeembeheer", "메일 관리자", "메일관리자", "メール管理者", "邮件管理员", "郵件管理員"};

/* The same at the beginning of an address: who writes from there is a mail system, or its keeper. */
static const char *const mailer_locals[] = {
	"mailer-daemon", "mailerdaemon", "mailer_daemon", "mail-daemon", "maildaemon", "mailer-deamon", "mailerdeamon", "mdaemon", "postmaster@", "postmaster+",
	"postmaster-", "post_master@", "postmast@", "microsoftexchange", "double-bounce@", "mmdf@", "mailsystem@", "bounce-handler@", "uucp@",
};

struct writer writer_read(const GArray *fields)
{
	bool from = fields_find(fields, "From") != NULL;
	char *named = mail_lower_field(fields, from ? "From" : "Return-Path");
	struct writer writer;

	if (!from && !strchr(named, '@'))
		*named = '\0';		/* a null sender is nobody's name */
	writer = writer_called(named);
	writer.from = from;
	return writer;
}

struct writer writer_called(char *named)
{
	return (struct writer){.named = named, .address = mail_address(named)};
}

void writer_clear(struct writer *writer)
{
	g_clear_pointer(&writer->named, g_free);
	g_clear_pointer(&writer->address, g_free);
}

bool writer_is_machine(const char *named)
{
	return strstr(named, "<>") || text_holds_any(named, daemon_words, G_N_ELEMENTS(daemon_words));
}

bool writer_is_daemon(const char *named)
{
	return writer_is_machine(named) || text_holds_any(named, keeper_words, G_N_ELEMENTS(keeper_words));
}

bool writer_is_program(const struct writer *writer)
{
	const char *at = strrchr(writer->named, '@');
	/* The domain is that of everybody who works there. */
	char *name = at ? g_strndup(writer->named, (gsize)(at + 1 - writer->named)) : g_strdup(writer->named), *bracket = strrchr(name, '<');
	/* The local part alone tells a role, also of an address that cannot be read ("owner-garden@"). */
	bool list = list_role(bracket ? bracket + 1 : name) & (LIST_SENDER | LIST_KEEPER), program = list || text_holds_any(name, program_words, G_N_ELEMENTS(program_words));

	g_free(name);
	return program;
}

/* A name without any address is what a mail system writes that has none. */
bool writer_is_mailer(const struct writer *writer)
{
	return strstr(writer->named, "<>") || (!strchr(writer->named, '@') && writer_is_daemon(writer->named)) ||
	       (writer->address && text_begins_any(writer->address, mailer_locals, G_N_ELEMENTS(mailer_locals)));
}

/* Addresses that people write to for commands: what comes from there, the program wrote. */
bool writer_is_list_program(const struct writer *writer)
{
	const char *address = writer->address;
	/* mlmmj's "garden+owner@"; a person writes his name before it. */
	bool mlmmj = address && strstr(address, "+owner@") && g_str_has_prefix(writer->named + strspn(writer->named, "< "), address);

	return mlmmj || (address && list_manager_role(address) == LIST_COMMANDS);
}

bool writer_takes_commands(const struct writer *writer)
{
	return writer->address && list_role(writer->address) == LIST_COMMANDS;
}

/* What a list server writes with a null sender about a message to its list is as good as a mail system's. */
bool writer_is_list_server(const struct writer *writer)
{
	return writer_is_list_program(writer) || (writer->address && (list_manager_role(writer->address) || list_role(writer->address) == LIST_SENDER));
}

bool writer_has_role(const struct writer *writer)
{
	return writer->address && role_of_machine(writer->address);
}

/* A service that tells its customer by mail what became of mail (Amazon SNS). */
bool writer_is_notifier(const struct writer *writer)
{
	return strstr(writer->named, "@sns.amazonaws.com") != NULL;
}
