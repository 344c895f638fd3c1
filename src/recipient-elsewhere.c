/* recipient-elsewhere.c - whom a report is about whose text and fields name nobody: the places beside them where it may stand, the surest first. And of
 * whom a list manager names, who did not fail.
 *
 * Not here: recipients that the report lists (dialect-*.c) or that X-Failed-Recipients names (bounce.c).
 */
#include "recipient-elsewhere.h"

#include "address.h"
#include "failure.h"
#include "list-manager.h"
#include "list-role.h"
#include "original.h"
#include "reply.h"
#include "text.h"

#include <string.h>

/* Whom a report is about that names nobody itself. Returns what failed for him. */
static struct failure *name_nameless(struct bounce *bounce, const char *address)
{
	struct failure *nameless = bounce->failures->len > 0 ? bounce->failures->pdata[0] : NULL;

	if (!nameless)
		return bounce_failure(bounce, address);
	bounce_name(bounce, nameless, address);
	return nameless;
}

/* A report that names nobody is about the one recipient of the message that it returns. */
static void read_original_recipient(struct bounce *bounce)
{
	char *address = bounce->original.header ? original_recipient(&bounce->original) : NULL;

	if (address)
		name_nameless(bounce, address);
	g_free(address);
}

/* "Undeliverable mail to bob@example.net": a subject that names the recipient of a report whose text does not. */
static void read_subject_recipient(struct bounce *bounce, const struct mail *mail, const char *sender)
{
	const char *subject = mail_field(mail, "Subject");
	const char *behind = "";
	char *address = subject ? address_find(subject, &behind) : NULL;

	if (address && !(sender && address_equal(address, sender))) {
		struct failure *nameless = name_nameless(bounce, address);

		/* "... could not be delivered: no such user" gives the reason too. */
		if (nameless && !nameless->diagnostic && strstr(behind, ": ") && !bounce_has_codes(bounce))
			nameless->diagnostic = reply_normalise(subject);
	}
	g_free(address);
}

/* A refusal that is written as a disposition notification names the recipient in its fields (RFC 8098 section 3.2.4) where its text does not. What a person's
 * mail program did with a message it tells in the same fields, but not as nobody. */
static void read_disposition_recipient(struct bounce *bounce, const struct report_text *report)
{
	const struct mail_part *part = mail_find_part(report->mail, "message/disposition-notification");
	GArray *fields = part && part->text ? fields_split(part->text, part->text_length, FIELDS_LIMIT, NULL) : NULL;
	const struct field *final = fields ? fields_find(fields, "Final-Recipient") : NULL;
	char *value = final ? field_value(final) : NULL, *address = value ? address_from_field(value) : NULL;

	if (address && !(report->reader && address_equal(address, report->reader)))
		bounce_failure(bounce, address);
	g_free(address);
	g_free(value);
	if (fields)
		g_array_unref(fields);
}

/* The list of the first address in the text that a list manager at domain keeps for it ("WARD7-request@"). The caller frees it; NULL: none. */
static char *list_of_text(const struct report_text *report, const char *domain)
{
	const char *at = report->folded;
	char *address, *list = NULL;

	while (domain && !list && (address = address_find(at, &at))) {
		if ((list_role(address) & (LIST_SENDER | LIST_KEEPER | LIST_COMMANDS)) && g_ascii_strcasecmp(address_domain(address) ? address_domain(address) : "", domain) == 0)
			list = list_of_role(address);
		g_free(address);
	}
	return list;
}

/* A list manager's refusal that names nobody is about its list. */
static void read_list_recipient(struct bounce *bounce, const struct report_text *report)
{
	const struct writer *writer = &report->writer;
	char *address = list_address(report->mail, writer);

	if (!address && writer->from && writer->address)
		address = list_of_text(report, address_domain(writer->address));
	if (address)
		name_nameless(bounce, address);
	g_free(address);
}

#define LIST_ADDRESSES 8u		/* a refusal names no more */

/* "rejected by the list moderator (rose@garden.example)": does the word before the address, where that first stands, call it somebody's who decides? */
static bool decides(const struct report_text *report, const char *address)
{
	static const char *const words[] = {"moder", "modér", "editor", "owner", "propri", "eigent", "beheer"};
	char *lower = g_ascii_strdown(address, -1);
	const char *at = strstr(report->folded, lower), *word = at;

	while (word && word > report->folded && strchr(" (<\"'", word[-1]))
		word--;
	while (word && word > report->folded && word[-1] != ' ')
		word--;
	g_free(lower);
	return word && text_begins_any(word, words, G_N_ELEMENTS(words));
}

/* A list manager's refusal is about its list, and names besides where to write to the owner, or to subscribe, who decided, and who may not post: its reader. */
static void drop_list_keepers(struct bounce *bounce, const struct report_text *report)
{
	for (guint i = bounce->failures->len; i-- > 0 && bounce->failures->len <= LIST_ADDRESSES; ) {
		struct failure *failure = bounce->failures->pdata[i];
		bool keepers = failure->to && ((list_role(failure->to) & LIST_MANAGERS) || list_manager_role(failure->to) || decides(report, failure->to) ||
						(report->reader && address_equal(failure->to, report->reader)));

		if (keepers && bounce->failures->len > 1)
			bounce_drop_failure(bounce, i);
		else if (keepers)
			bounce_unname(bounce, failure);
	}
}

/* It may name another list too, for what this one does not take: its fields say which is its own. Where a reply's code stands with the address, that failed itself,
 * unless the message that comes back went to the list. */
static void prefer_own_list(struct bounce *bounce, const struct report_text *report)
{
	struct failure *only = bounce->failures->len == 1 ? bounce->failures->pdata[0] : NULL;
	char *list = only && only->to ? list_named(report->mail) : NULL, *went_to = list && bounce->original.header ? original_recipient(&bounce->original) : NULL;

	if (list && !address_equal(only->to, list) && (code_is_none(only->code) || (went_to && address_equal(went_to, list)))) {
		bounce_drop_failure(bounce, 0);		/* with the words beside it */
		bounce_failure(bounce, list);
	}
	g_free(went_to);
	g_free(list);
}

void recipient_elsewhere(struct bounce *bounce, const struct report_text *report, const struct signs *signs)
{
	if ((signs->list_notice || signs->list_server) && !signs->report) {
		drop_list_keepers(bounce, report);
		prefer_own_list(bounce, report);
	}
	if (bounce_names_nobody(bounce) && (signs->null_sender || signs->daemon))
		read_disposition_recipient(bounce, report);
	if (bounce_names_nobody(bounce))
		read_original_recipient(bounce);
	if (bounce_names_nobody(bounce))
		read_subject_recipient(bounce, report->mail, report->sender);
	if (bounce_names_nobody(bounce) && signs->list_notice)
		read_list_recipient(bounce, report);
}
