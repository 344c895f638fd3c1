/* failure-words.c - what the words of a report say about a failure: the remote's own words, their code, its host, the address that was written to.
 *
 * Words that several recipients share are read once, however many they are. Not here: where in a report the words stand (shape.c, the dialects).
 */
#include "failure.h"

#include "address.h"
#include "reply.h"
#include "stage.h"
#include "text.h"

#include <string.h>

struct failure_words {
	struct code code;
	enum stage stage;
	char *forwarded;	/* the address that was written to; NULL: none is told */
	char *remote;		/* NULL: unknown */
	char *diagnostic;	/* NULL: nothing is said, or nothing but what message came back */
};

/* "(expanded from <list@example.net>)" of Postfix and Sendmail, "(generated from ...)" of Exim: the address that was written to. Takes it out of words. */
static char *take_forwarded(char *words)
{
	static const char *const openings[] = {"(expanded from", "(ultimately generated from", "(generated from"};

	for (size_t i = 0; i < G_N_ELEMENTS(openings); i++) {
		char *open = (char *)text_find(words, openings[i]), *close = open ? strchr(open, ')') : NULL, *address;

		if (!close || close - open > (ptrdiff_t)ADDRESS_LIMIT)
			continue;
		*close = '\0';
		address = address_find(open, NULL);
		memset(open, ' ', (size_t)(close + 1 - open));
		return address;
	}
	return NULL;
}

/* Takes off a closing bracket or quote at the end of words that was opened before they begin: "(550 no such user)" is quoted from its digits on. */
static void drop_unopened(char *words)
{
	static const char *const pairs[] = {"()", "[]", "{}", "''", "\"\""};
	size_t length = strlen(words), end = length;

	while (end > 8 && strchr(". ", words[end - 1]))
		end--;
	for (size_t i = 0; i < G_N_ELEMENTS(pairs) && end > 8; i++) {
		char *opening = memchr(words, pairs[i][0], end - 1);

		if (words[end - 1] == pairs[i][1] && !opening && !strchr(words, '`')) {
			words[end - 1] = '\0';
			return;
		}
	}
}

char *failure_own_words(const char *normalised)
{
	static const char *const ends[] = {" #SMTP#", ">", " ##", "##"};
	static const char *const followers[] = {" Giving up on ", " --> ", " >>> ", " --- End "};
	const char *inner = reply_innermost(normalised), *tail;
	char *words = g_strdup(strlen(inner) > 8 ? inner : normalised);

	for (size_t i = 0; i < G_N_ELEMENTS(followers); i++)
		if ((tail = strstr(words, followers[i])) && tail > words + 8)
			words[tail - words] = '\0';
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		if (g_str_has_suffix(words, ends[i]))
			words[strlen(words) - strlen(ends[i])] = '\0';
	drop_unopened(words);
	text_cut(words, BOUNCE_DIAGNOSTIC_LIMIT);
	return words;
}

bool failure_is_about_original(const char *words)
{
	static const char *const labels[] = {"subject:", "betreff:", "objet:", "asunto:", "oggetto:", "assunto:", "onderwerp:", "temat:", "тема:", "件名:", "主题:", "sent:", "to:", "date:", "message-id:"};

	return text_begins_any(words, labels, G_N_ELEMENTS(labels));
}

struct failure_words *failure_words_read(const char *text)
{
	struct failure_words *words = g_new0(struct failure_words, 1);
	char *cut = g_strndup(text, 2 * BOUNCE_DIAGNOSTIC_LIMIT), *copy = g_utf8_make_valid(cut, -1), *normalised;
	const char *said;

	words->forwarded = take_forwarded(copy);
	normalised = reply_normalise(copy);
	said = normalised + strspn(normalised, ":). ");
	if (*said && !failure_is_about_original(said)) {
		words->code = reply_code(said);
		words->remote = reply_host(said);
		words->diagnostic = failure_own_words(said);
		words->stage = stage_read(said);
	}
	g_free(normalised);
	g_free(copy);
	g_free(cut);
	return words;
}

void failure_words_free(struct failure_words *words)
{
	g_free(words->forwarded);
	g_free(words->remote);
	g_free(words->diagnostic);
	g_free(words);
}

bool failure_words_have_code(const struct failure_words *words)
{
	return !code_is_none(words->code);
}

void failure_take(struct failure *failure, const struct failure_words *words)
{
	if (words->forwarded && !failure->orig_to && failure->to && !address_equal(words->forwarded, failure->to))
		failure->orig_to = g_strdup(words->forwarded);
	if (!words->diagnostic)
		return;
	/* "Some recipients failed" has less to say than the reply that stands elsewhere. */
	if (code_is_none(failure->code) && code_has_reply(words->code))
		g_clear_pointer(&failure->diagnostic, g_free);
	if (code_is_none(failure->code))
		failure->code = words->code;
	if (!failure->remote)
		failure->remote = g_strdup(words->remote);
	if (!failure->diagnostic)
		failure->diagnostic = g_strdup(words->diagnostic);
	if (failure->stage == STAGE_NONE)
		failure->stage = words->stage;
}

void failure_take_words(struct failure *failure, const char *text)
{
	struct failure_words *words = failure_words_read(text);

	failure_take(failure, words);
	failure_words_free(words);
}

void failure_take_enhanced(struct failure *failure, const char *text)
{
	struct code code = reply_code(text);

	if (code_has_enhanced(failure->code) || !code_has_enhanced(code) ||
	    (code_has_reply(failure->code) && failure->code.reply / 100 != code.class))
		return;
	code.reply = failure->code.reply;
	failure->code = code;
}

void bounce_take_common(struct bounce *bounce, const char *text)
{
	struct failure_words *words = failure_words_read(text);

	for (guint i = 0; i < bounce->failures->len; i++) {
		struct failure *failure = bounce->failures->pdata[i];

		if (!failure->diagnostic)
			failure_take(failure, words);
	}
	failure_words_free(words);
}
