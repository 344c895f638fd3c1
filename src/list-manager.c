/* list-manager.c - tells what a list manager itself writes from what it passes on, and names its list.
 *
 * Not here: whether a notice is a refusal, which its text decides (report-rules.c).
 */
#include "list-manager.h"

#include "address.h"
#include "list-role.h"
#include "text.h"

#include <string.h>

static bool has_any(const GArray *fields, const char *const *names, size_t count)
{
	bool has = false;

	for (size_t i = 0; i < count && !has; i++)
		has = fields_find(fields, names[i]) != NULL;
	return has;
}

static bool has_precedence(const GArray *fields, const char *word)
{
	char *precedence = mail_lower_field(fields, "Precedence");
	bool has = strcmp(precedence, word) == 0;

	g_free(precedence);
	return has;
}

bool list_marked(const GArray *fields)
{
	static const char *const names[] = {
		"List-Id", "List-Post", "List-Unsubscribe", "X-BeenThere", "X-List-Administrivia", "X-Mailman-Version", "List-Help",
	};

	return has_precedence(fields, "list") || has_any(fields, names, G_N_ELEMENTS(names));
}

/* The address in the field, in lower case; NULL where there is none. The caller frees it. */
static char *field_address(const GArray *fields, const char *name)
{
	char *value = mail_lower_field(fields, name), *address = mail_address(value);

	g_free(value);
	return address;
}

bool list_gets_bounces(const GArray *fields)
{
	/* With whom the bounced message was for, or with a number: each recipient has an address of its own. */
	static const char *const numbered[] = {"bounces+", "bounce+", "bounces-", "bounce-"};
	char *address = field_address(fields, "To"), *domain = address ? strrchr(address, '@') : NULL;
	bool bounces = address && list_role(address) == LIST_BOUNCES;

	if (domain)
		*domain = '\0';
	bounces |= address && text_holds_any(address, numbered, G_N_ELEMENTS(numbered));
	g_free(address);
	return bounces;
}

bool list_returns_posting(const GArray *fields, const char *subject)
{
	const char *writer = g_str_has_prefix(subject, "bounce ") ? strchr(subject, '[') : NULL;
	char *address = writer ? field_address(fields, "To") : NULL;
	bool returns = address && strchr(address, '@') && strstr(writer, address);

	g_free(address);
	return returns;
}

/* It counts posts, and they are from their writers. */
bool list_is_from_fml(const GArray *fields, const struct writer *writer, const char *sender)
{
	char *address;
	bool own;

	if (!fields_find(fields, "X-MLServer") || fields_find(fields, "X-Mail-Count"))
		return false;
	address = sender ? mail_address(sender) : NULL;
	own = !sender || !writer->from || !writer->address || (address && address_equal(writer->address, address));
	g_free(address);
	return own;
}

/* To who keeps a list, or to another address of its manager? */
static bool goes_to_owner(const GArray *fields)
{
	char *to = field_address(fields, "To");
	bool owner = to && !list_gets_bounces(fields) && (list_role(to) || list_manager_role(to) == LIST_KEEPER);

	g_free(to);
	return owner;
}

bool list_reports_to_owner(const GArray *fields, const struct writer *writer)
{
	return writer_is_list_server(writer) && goes_to_owner(fields);
}

/* Does the field name the list, whose local part stands at list and is length bytes long: "<garden.lists.example.net>", "<mailto:garden@...>", "garden"? */
static bool names_list(const GArray *fields, const char *name, const char *list, size_t length)
{
	char *value = mail_lower_field(fields, name);
	bool names = false;

	for (const char *at = value; !names && (at = g_strstr_len(at, -1, list)); at += length)
		names = (at == value || !(g_ascii_isalnum(at[-1]) || strchr("-_.", at[-1]))) && !(g_ascii_isalnum(at[length]) || strchr("-_+", at[length] ? at[length] : '-'));
	names |= strcmp(value, list) == 0;
	g_free(value);
	return names;
}

/* Does a field say that a list manager's program wrote it? Sympa answers with "X-Loop: sympa@...", where what it passes on names the list; what ezmlm passes on says
 * so too. */
static bool is_by_program(const GArray *fields)
{
	static const char *const programs[] = {"sympa", "majordomo", "mailman", "listproc", "smartlist", "listmanager", "ecartis", "minimalist", "ezmlm", "mlmmj", "dada mail"};
	struct writer loop = writer_called(mail_lower_field(fields, "X-Loop"));
	char *mailer = mail_lower_field(fields, "X-Mailer"), *run = mail_lower_field(fields, "Mailing-List");
	bool program = writer_is_list_program(&loop) || text_holds_any(mailer, programs, G_N_ELEMENTS(programs)) || strstr(run, "run by ezmlm");

	g_free(run);
	writer_clear(&loop);
	g_free(mailer);
	return program;
}

/* Do the fields name the list by its local part? "BOUNCE garden@...", "Denied post to garden" do so in the subject of what is automatic. */
static bool fields_name_list(const GArray *fields, const char *local)
{
	static const char *const names[] = {"X-BeenThere", "List-Id", "List-Post", "X-ML-Name", "X-Mailing-List", "X-Loop", "Mailing-List"};
	bool named = false;

	for (size_t i = 0; i < G_N_ELEMENTS(names) && !named; i++)
		named = names_list(fields, names[i], local, strlen(local));
	return named || (has_precedence(fields, "bulk") && names_list(fields, "Subject", local, strlen(local)));
}

/* Does it come from the manager of a list, by the list's name, to somebody alone? People keep such addresses too ("web-admin@") and write to lists from them: but a
 * manager's fields name its program, or the list that its address names. */
static bool is_from_role(const GArray *fields, const struct writer *writer)
{
	char *list = writer->address ? list_of_role(writer->address) : NULL, *to = list ? field_address(fields, "To") : NULL;
	char *local = list ? g_strndup(list, (gsize)(strrchr(list, '@') - list)) : NULL;
	bool alone = to && !address_equal(to, list) && !fields_find(fields, "Cc"), role = alone && (is_by_program(fields) || fields_name_list(fields, local));

	g_free(list);
	g_free(to);
	g_free(local);
	return role;
}

bool list_notifies_as_post(const GArray *fields, const struct writer *writer)
{
	return has_precedence(fields, "list") && !fields_find(fields, "X-List-Administrivia") && !writer_is_list_program(writer) && !is_by_program(fields);
}

bool list_notifies(const GArray *fields, const struct writer *writer)
{
	char *subject = mail_lower_field(fields, "Subject");
	bool managers = fields_find(fields, "X-List-Administrivia") || writer_is_list_program(writer) || (!*writer->named && is_by_program(fields)) || is_from_role(fields, writer);
	/* A digest comes from the manager too, but others wrote it. */
	bool notice = managers && !strstr(subject, "digest") && !goes_to_owner(fields) && !list_gets_bounces(fields);

	g_free(subject);
	return notice;
}

char *list_named(const struct mail *mail)
{
	static const char *const names[] = {"List-Post", "X-BeenThere", "X-Mailing-List", "X-Sympa-To"};
	char *address = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(names) && !address; i++) {
		const char *value = mail_field(mail, names[i]), *mailto = value ? text_find(value, "mailto:") : NULL;

		address = value ? address_find(mailto ? mailto + strlen("mailto:") : value, NULL) : NULL;
	}
	return address;
}

char *list_address(const struct mail *mail, const struct writer *writer)
{
	char *address = list_named(mail);

	if (!address && writer->from && writer->address && !writer_is_list_program(&(struct writer){.named = writer->address, .address = writer->address}))
		address = list_of_role(writer->address);
	return address;
}
