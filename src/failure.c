/* failure.c - the failures of a bounce as data: made, named, merged, completed. Not here: how reports are written (dialect-*.c), what words say (failure-words.c). */
#include "failure.h"
#include "address.h"
#include "original.h"

#include <string.h>

static void failure_free(gpointer data)
{
	struct failure *failure = data;

	g_free(failure->to);
	g_free(failure->orig_to);
	g_free(failure->diagnostic);
	g_free(failure->remote);
	g_free(failure->retry_until);
	g_free(failure);
}

struct bounce *bounce_new(bool trace)
{
	struct bounce *bounce = g_new0(struct bounce, 1);

	bounce->failures = g_ptr_array_new_with_free_func(failure_free);
	bounce->index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	bounce->kind = KIND_BOUNCE;
	bounce->trace = trace ? g_string_new(NULL) : NULL;
	return bounce;
}

void bounce_free(struct bounce *bounce)
{
	if (!bounce)
		return;
	g_ptr_array_unref(bounce->failures);
	g_hash_table_unref(bounce->index);
	original_clear(&bounce->original);
	g_free(bounce->reporter);
	if (bounce->trace)
		g_string_free(bounce->trace, TRUE);
	g_free(bounce);
}

struct failure *bounce_failure(struct bounce *bounce, const char *to)
{
	char *key = g_ascii_strdown(to ? to : "", -1);
	struct failure *failure = g_hash_table_lookup(bounce->index, key);

	if (failure || bounce->failures->len >= BOUNCE_FAILURES_LIMIT) {
		bounce->limited |= !failure;
		g_free(key);
		return failure;
	}
	failure = g_new0(struct failure, 1);
	failure->to = g_strdup(to);
	g_ptr_array_add(bounce->failures, failure);
	g_hash_table_insert(bounce->index, key, failure);
	return failure;
}

void bounce_name(struct bounce *bounce, struct failure *failure, const char *to)
{
	char *key = g_ascii_strdown(to, -1);

	if (g_hash_table_contains(bounce->index, key)) {
		g_free(key);
		return;
	}
	g_free(failure->to);
	failure->to = g_strdup(to);
	g_hash_table_insert(bounce->index, key, failure);
}

/* The failure of bounce that found, read from the text, is about: the same address, or the only one on both sides. */
static struct failure *counterpart(const struct bounce *bounce, const struct failure *found, guint found_count)
{
	char *key = g_ascii_strdown(found->to ? found->to : "", -1);
	struct failure *same = g_hash_table_lookup(bounce->index, key);

	for (guint i = 0; !same && found->to && i < MIN(bounce->failures->len, 20u); i++) {
		struct failure *failure = bounce->failures->pdata[i];

		if (failure->orig_to && address_equal(failure->orig_to, found->to))
			same = failure;
	}
	g_free(key);
	return same ? same : bounce->failures->len == 1 && found_count == 1 ? bounce->failures->pdata[0] : NULL;
}

static void take(char **place, char **from)
{
	if (!*place)
		*place = g_steal_pointer(from);
}

/* Fills what is absent. The text's reply replaces a diagnostic without a reply code: the machine-readable field often holds the
 * reporter's words only. */
static void fill(struct failure *failure, struct failure *found)
{
	if (!code_has_reply(failure->code) && code_has_reply(found->code)) {
		g_clear_pointer(&failure->diagnostic, g_free);
		failure->code.reply = found->code.reply;
		if (code_has_enhanced(found->code) || !code_has_enhanced(failure->code))
			failure->code = found->code;
	} else if (!code_has_enhanced(failure->code) && code_has_enhanced(found->code)) {
		unsigned short reply = failure->code.reply;

		failure->code = found->code;
		failure->code.reply = reply;
	}
	take(&failure->diagnostic, &found->diagnostic);
	take(&failure->remote, &found->remote);
	take(&failure->orig_to, &found->orig_to);
	if (failure->number == 0)
		failure->number = found->number;
	if (failure->action == ACTION_NONE)
		failure->action = found->action;
	if (failure->stage == STAGE_NONE)
		failure->stage = found->stage;
}

/* Takes over what the text said. Where the machine-readable part named recipients, the text adds none. */
void bounce_merge(struct bounce *bounce, struct bounce *found)
{
	bool closed = bounce->failures->len > 0;

	for (guint i = 0; i < found->failures->len; i++) {
		struct failure *from = found->failures->pdata[i];
		struct failure *to = closed	? counterpart(bounce, from, found->failures->len)
				     : from->to ? bounce_failure(bounce, from->to)
						: NULL;

		if (!to && !from->to && !closed)
			to = bounce_failure(bounce, NULL);
		if (to && !to->to && from->to)
			bounce_name(bounce, to, from->to);
		if (to)
			fill(to, from);
	}
	take(&bounce->reporter, &found->reporter);
	take(&bounce->original.message_id, &found->original.message_id);
	take(&bounce->original.subject, &found->original.subject);
	take(&bounce->original.from, &found->original.from);
	take(&bounce->original.date, &found->original.date);
	bounce->limited |= found->limited;
}

bool bounce_is_complete(const struct bounce *bounce)
{
	for (guint i = 0; i < bounce->failures->len; i++) {
		const struct failure *failure = bounce->failures->pdata[i];

		if (!failure->diagnostic || !code_has_reply(failure->code))
			return false;
	}
	return bounce->failures->len > 0;
}

bool bounce_has_codes(const struct bounce *bounce)
{
	for (guint i = 0; i < bounce->failures->len; i++)
		if (!code_is_none(((const struct failure *)bounce->failures->pdata[i])->code))
			return true;
	return false;
}

/* The verdict is the remote's own code; Status fills in the enhanced one where the reply has none. */
static void settle(struct failure *failure)
{
	const struct code *code = &failure->code, *status = &failure->status;

	if (code_has_reply(*code) && !code_is_standard(*code)) {
		failure->number = code->reply;
		failure->code.reply = 0;
	}
	failure->conflict = (code_has_reply(*code) && code_has_enhanced(*code) && code->reply / 100 != code->class) ||
			    (code_has_reply(*code) && code_has_enhanced(*status) && code->reply / 100 != status->class) ||
			    (code_has_enhanced(*code) && code_has_enhanced(*status) && !code_is_vague(*status) && !code_is_vague(*code) &&
			     (code->class != status->class || code->subject != status->subject || code->detail != status->detail));
	if (!code_has_enhanced(*code) && code_has_enhanced(*status)) {
		failure->code.class = status->class;
		failure->code.subject = status->subject;
		failure->code.detail = status->detail;
	}
	if (!code_has_reply(*code))
		failure->code.reply = status->reply;
	if (failure->orig_to && failure->to && address_equal(failure->orig_to, failure->to))
		g_clear_pointer(&failure->orig_to, g_free);
}

static enum action default_action(enum kind kind)
{
	return kind == KIND_BOUNCE    ? ACTION_FAILED
	       : kind == KIND_DELAY   ? ACTION_DELAYED
	       : kind == KIND_SUCCESS ? ACTION_DELIVERED
				      : ACTION_NONE;
}

void bounce_drop_failures(struct bounce *bounce)
{
	g_hash_table_remove_all(bounce->index);
	g_ptr_array_set_size(bounce->failures, 0);
	bounce->dialect = NULL;
}

static gboolean is_value(gpointer key, gpointer value, gpointer failure)
{
	(void)key;
	return value == failure;
}

void bounce_unname(struct bounce *bounce, struct failure *failure)
{
	g_hash_table_foreach_remove(bounce->index, is_value, failure);
	g_clear_pointer(&failure->to, g_free);
}

void bounce_drop_failure(struct bounce *bounce, guint number)
{
	/* It may have got its address after it was made: then it stands under two keys. */
	g_hash_table_foreach_remove(bounce->index, is_value, bounce->failures->pdata[number]);
	g_ptr_array_remove_index(bounce->failures, number);
}

bool bounce_names_nobody(const struct bounce *bounce)
{
	for (guint i = 0; i < bounce->failures->len; i++)
		if (((const struct failure *)bounce->failures->pdata[i])->to)
			return false;
	return true;
}

/* What the wrapped report says in numbers is another message's: who failed, and in which words, is what is passed on. */
void bounce_drop_codes(struct bounce *found)
{
	for (guint i = 0; i < found->failures->len; i++) {
		struct failure *failure = found->failures->pdata[i];

		failure->code = failure->status = CODE_NONE;
	}
}

/* Who got the message has not failed; a report of success and failure is about those who did not. */
static void drop_delivered(struct bounce *bounce)
{
	for (guint i = bounce->failures->len; i-- > 0; ) {
		const struct failure *failure = bounce->failures->pdata[i];

		if (action_delivered(failure->action))
			g_ptr_array_remove_index(bounce->failures, i);
	}
}

void bounce_settle(struct bounce *bounce)
{
	g_hash_table_remove_all(bounce->index);
	if (bounce->kind == KIND_BOUNCE || bounce->kind == KIND_DELAY)
		drop_delivered(bounce);
	for (guint i = 0; i < bounce->failures->len; i++) {
		struct failure *failure = bounce->failures->pdata[i];

		if (failure->action == ACTION_NONE)
			failure->action = default_action(bounce->kind);
		settle(failure);
	}
}

struct code failure_code_to_explain(const struct failure *failure)
{
	struct code code = failure->code;

	if (!code_has_reply(code))
		code.reply = failure->number;
	return code;
}
