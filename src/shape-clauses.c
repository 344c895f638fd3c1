/* shape-clauses.c - prose about several recipients: "bob@example.net is unknown, and the mailbox of carol@example.org is full".
 *
 * Each address has the clause that it stands in; where addresses stand together before one clause ("bob@... and carol@... are unknown"), it is everybody's.
 * Not here: whose addresses they are (dialect-free-text.c).
 */
#include "address.h"
#include "shape.h"
#include "text.h"
#include "told.h"

#include <string.h>

#define CLAUSES_LIMIT 50u	/* addresses of a paragraph that are given their clauses */

/* What parts clauses, in the languages that reports are written in. */
static const char *const boundaries[] = {
	". ", "; ", ", ", " and ", " but ", " while ", " und ", " aber ", " et ", " mais ", " y ", " pero ", " e ", " ma ", " mas ", " en ", " maar ", " i ", " ale ", "、", "，", "。", "；",
};

/* The last boundary in [from, to), *length being its length; to, with 0, where there is none. */
static const char *last_boundary(const char *from, const char *to, size_t *length)
{
	const char *last = to;

	*length = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(boundaries); i++) {
		size_t known = strlen(boundaries[i]);

		for (const char *at = from; (at = g_strstr_len(at, to - at, boundaries[i])); at += known)
			if (last == to || at + known > last + *length) {
				last = at;
				*length = known;
			}
	}
	return last;
}

/* The paragraph that holds line, as one line. The caller frees it. */
static char *paragraph_around(const struct report_text *report, guint line)
{
	guint start = line;
	char *text, *folded;

	while (start > 0 && line - start < 20 && *(const char *)report->lines->pdata[start - 1])
		start--;
	text = shape_paragraph(report, start);
	folded = text_fold(text);
	g_free(text);
	return folded;
}

/* "bob@... and carol@... are unknown": does the next address follow its boundary at once, and nothing but the boundary the one before? */
static bool shares_clause(const char *behind, const char *boundary, const char *next_clause, const char *next)
{
	while (behind < boundary && strchr(">\"') ,", *behind))
		behind++;
	while (next_clause < next && strchr("<\"'(", *next_clause))
		next_clause++;
	return behind >= boundary && next_clause >= next;
}

/* Gives the clause in [begin, end) to those who wait for one. */
static void give(GPtrArray *waiting, const char *begin, const char *end)
{
	char *clause = g_strstrip(g_strndup(begin, (gsize)(end - begin)));
	size_t length = strlen(clause);

	while (length > 0 && strchr(",;", clause[length - 1]))
		clause[--length] = '\0';
	for (guint i = 0; strchr(clause, ' ') && i < waiting->len; i++)
		failure_take_words(waiting->pdata[i], clause);
	g_ptr_array_set_size(waiting, 0);
	g_free(clause);
}

/* "A message to bob@example.net was forwarded to carol@example.org, but was refused": the second failed, the first is what the sender wrote. */
static bool is_forwarded(const char *between, const char *next)
{
	static const char *const words[] = {
		"forwarded to", "redirected to", "weitergeleitet", "umgeleitet", "transféré", "redirig", "reenvi", "inoltrat", "encaminhad", "redirecionad",
		"doorgestuurd", "przekazan", "転送",
	};
	char *text = g_utf8_make_valid(between, next - between), *lower = g_utf8_strdown(text, -1);
	bool forwarded = text_holds_any(lower, words, G_N_ELEMENTS(words));

	g_free(text);
	g_free(lower);
	return forwarded;
}

static bool is_failure(const struct bounce *bounce, const char *address)
{
	for (guint i = 0; i < MIN(bounce->failures->len, CLAUSES_LIMIT); i++) {
		const struct failure *failure = bounce->failures->pdata[i];

		if (failure->to && address_equal(failure->to, address))
			return true;
	}
	return false;
}

/* The address of the next failure at or behind *at, which is set to the place behind it; *start is where it begins. NULL where there is none. */
static char *next_failure(const struct bounce *bounce, const char **at, const char **start)
{
	char *address;

	while ((address = address_find(*at, &*at))) {
		const char *end = *at;

		*start = end - strlen(address);
		if (is_failure(bounce, address))
			return address;
		g_free(address);
	}
	return NULL;
}

static bool take_forwarded(struct bounce *bounce, const char *text)
{
	const char *behind = text, *at, *next = text;
	char *first = bounce->failures->len == 2 ? next_failure(bounce, &behind, &next) : NULL, *second = NULL;

	at = behind;
	if (first)
		second = next_failure(bounce, &at, &next);
	if (second && !address_equal(first, second) && is_forwarded(behind, next)) {
		bounce_drop_failure(bounce, address_equal(first, ((struct failure *)bounce->failures->pdata[0])->to) ? 0 : 1);
		((struct failure *)bounce->failures->pdata[0])->orig_to = g_steal_pointer(&first);
		g_free(second);
		return true;
	}
	g_free(first);
	g_free(second);
	return false;
}

/* Reads the clauses of text one after the other. */
static void take_clauses(struct bounce *bounce, const char *text)
{
	const char *at = text, *next = text, *begin;
	char *address = next_failure(bounce, &at, &next);
	GPtrArray *waiting = g_ptr_array_new();
	size_t length;

	begin = last_boundary(text, next, &length);
	begin = length > 0 ? begin + length : text;
	for (unsigned i = 0; address && i < CLAUSES_LIMIT; i++) {
		const char *behind = at, *end;
		char *following = next_failure(bounce, &at, &next);

		end = following ? last_boundary(behind, next, &length) : behind + told_sentence_length(behind);
		g_ptr_array_add(waiting, bounce_failure(bounce, address));
		if (!following || !shares_clause(behind, end, end + length, next)) {
			give(waiting, begin, end);
			begin = end + (following ? length : 0);
		}
		g_free(address);
		address = following;
	}
	g_free(address);
	g_ptr_array_unref(waiting);
}

void shape_clauses(const struct report_text *report, struct bounce *bounce, guint line)
{
	char *text = paragraph_around(report, line);

	if (!take_forwarded(bounce, text))
		take_clauses(bounce, text);
	g_free(text);
}
