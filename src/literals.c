/* literals.c - reads a regular expression just far enough to know which literal texts it cannot do without.
 *
 * A sequence needs each of its mandatory pieces, so the best of them will do; an alternation needs one of its branches, so every
 * branch must offer something. What is not understood makes the whole pattern "nothing known": it is then always tried.
 * The two non-ASCII letters that fold to ASCII ones (long s, Kelvin sign) are left out of account. Not here: matching (catalogue-match.c).
 */
#include "literals.h"

#include <stdbool.h>
#include <string.h>

struct reader {
	const char *at;
	unsigned depth;
	bool lost;			/* met something it does not understand */
};

/* What is known of a sequence so far. */
struct sequence {
	GString *run;			/* literal characters up to here */
	GPtrArray *best;		/* NULL: nothing yet */
};

static GPtrArray *read_alternation(struct reader *reader);

static size_t shortest(const GPtrArray *texts)
{
	size_t least = G_MAXSIZE;

	for (guint i = 0; texts && i < texts->len; i++)
		least = MIN(least, strlen(texts->pdata[i]));
	return texts ? least : 0;
}

/* Takes over texts. */
static void offer(struct sequence *sequence, GPtrArray *texts)
{
	if (shortest(texts) > shortest(sequence->best)) {
		g_clear_pointer(&sequence->best, g_ptr_array_unref);
		sequence->best = texts;
	} else if (texts) {
		g_ptr_array_unref(texts);
	}
}

static void end_run(struct sequence *sequence)
{
	if (sequence->run->len >= LITERALS_MIN && sequence->run->len > shortest(sequence->best)) {
		GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);

		g_ptr_array_add(texts, g_strdup(sequence->run->str));
		offer(sequence, texts);
	}
	g_string_truncate(sequence->run, 0);
}

/* Is there a quantifier here, and may what stands before it be missing? Reads it. */
static bool read_quantifier(struct reader *reader, bool *optional)
{
	const char *at = reader->at;
	size_t digits = *at == '{' ? strspn(at + 1, "0123456789,") : 0;

	*optional = *at == '*' || *at == '?';
	if (*at == '{' && digits && at[1 + digits] == '}') {
		*optional = at[1] == '0' || at[1] == ',';
		reader->at += digits + 2;
	} else if (*at == '*' || *at == '?' || *at == '+') {
		reader->at++;
	} else {
		return false;
	}
	if (*reader->at == '?' || *reader->at == '+')	/* lazy, possessive */
		reader->at++;
	return true;
}

/* Reads one literal character of the given bytes that stands at the reader. */
static void read_literal(struct reader *reader, struct sequence *sequence, size_t bytes)
{
	gunichar c = g_utf8_get_char(reader->at);
	const char *text = reader->at;
	bool optional, folds = c >= 0x80 && g_unichar_toupper(c) != g_unichar_tolower(c);
	size_t before = sequence->run->len;

	reader->at += bytes;
	if (!folds)
		for (size_t i = 0; i < bytes; i++)
			g_string_append_c(sequence->run, g_ascii_tolower(text[i]));
	if (read_quantifier(reader, &optional)) {
		if (optional)
			g_string_truncate(sequence->run, before);
		end_run(sequence);
	} else if (folds) {
		end_run(sequence);
	}
}

static void read_escape(struct reader *reader, struct sequence *sequence)
{
	bool optional;
	char c = *++reader->at;

	if (c == '\0' || c == 'Q' || c == 'E' || c == 'K') {
		reader->lost = true;
		return;
	}
	if ((unsigned char)c >= 0x80 || g_ascii_ispunct(c) || c == ' ') {
		read_literal(reader, sequence, (size_t)(g_utf8_next_char(reader->at) - reader->at));
		return;
	}
	reader->at++;
	if (strchr("xpPgkoNcu", c) || g_ascii_isdigit(c)) {	/* more of the escape may follow, in forms not worth knowing */
		reader->lost = true;
		return;
	}
	end_run(sequence);
	read_quantifier(reader, &optional);
}

/* A character class; reader stands at its '['. */
static void read_class(struct reader *reader)
{
	const char *at = reader->at + 1;
	bool optional;

	if (*at == '^')
		at++;
	if (*at == ']')
		at++;
	while (*at && *at != ']') {
		const char *posix = *at == '[' && at[1] == ':' ? strstr(at + 2, ":]") : NULL;

		if (posix)
			at = posix + 2;
		else
			at += *at == '\\' && at[1] ? 2 : 1;
	}
	reader->lost = reader->lost || *at != ']';
	reader->at = *at ? at + 1 : at;
	read_quantifier(reader, &optional);
}

enum group { GROUP_MATCHES, GROUP_LOOKS, GROUP_EMPTY, GROUP_UNKNOWN };

/* What stands behind "(": reads up to where the content of the group begins. */
static enum group read_group_head(struct reader *reader)
{
	size_t flags;

	if (*reader->at == '*')
		return GROUP_UNKNOWN;
	if (*reader->at != '?')
		return GROUP_MATCHES;
	flags = strspn(reader->at + 1, "imsn-");
	reader->at += 1 + flags;
	if (*reader->at == ')')
		return GROUP_EMPTY;
	if (*reader->at == ':' || (flags == 0 && (*reader->at == '>' || *reader->at == '|'))) {
		reader->at++;
		return GROUP_MATCHES;
	}
	if (flags == 0 && (*reader->at == '=' || *reader->at == '!')) {
		reader->at++;
		return GROUP_LOOKS;
	}
	if (flags == 0 && *reader->at == '<' && (reader->at[1] == '=' || reader->at[1] == '!')) {
		reader->at += 2;
		return GROUP_LOOKS;
	}
	return GROUP_UNKNOWN;
}

/* A group; reader stands behind its '('. */
static void read_group(struct reader *reader, struct sequence *sequence)
{
	enum group group = read_group_head(reader);
	GPtrArray *texts;
	bool optional;

	end_run(sequence);
	if (group == GROUP_UNKNOWN || ++reader->depth > LITERALS_DEPTH) {
		reader->lost = true;
		return;
	}
	texts = read_alternation(reader);
	reader->depth--;
	reader->lost = reader->lost || *reader->at != ')';
	if (!reader->lost)
		reader->at++;
	if (read_quantifier(reader, &optional) && optional)
		g_clear_pointer(&texts, g_ptr_array_unref);
	if (group == GROUP_MATCHES)
		offer(sequence, texts);
	else
		g_clear_pointer(&texts, g_ptr_array_unref);
}

static void read_piece(struct reader *reader, struct sequence *sequence)
{
	bool optional;

	switch (*reader->at) {
	case '(':
		reader->at++;
		read_group(reader, sequence);
		break;
	case '[':
		end_run(sequence);
		read_class(reader);
		break;
	case '\\':
		read_escape(reader, sequence);
		break;
	case '.':
	case '^':
	case '$':
		reader->at++;
		end_run(sequence);
		read_quantifier(reader, &optional);
		break;
	default:
		read_literal(reader, sequence, (size_t)(g_utf8_next_char(reader->at) - reader->at));
	}
}

/* Up to the next '|' or ')' of this depth. */
static GPtrArray *read_sequence(struct reader *reader)
{
	struct sequence sequence = {.run = g_string_new(NULL)};

	while (!reader->lost && *reader->at && *reader->at != '|' && *reader->at != ')')
		read_piece(reader, &sequence);
	end_run(&sequence);
	g_string_free(sequence.run, TRUE);
	return sequence.best;
}

/* Up to the ')' of this depth, or the end. */
static GPtrArray *read_alternation(struct reader *reader)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
	bool known = true;

	for (;;) {
		GPtrArray *texts = read_sequence(reader);

		known = known && texts;
		if (texts)
			g_ptr_array_extend_and_steal(all, texts);
		if (reader->lost || *reader->at != '|')
			break;
		reader->at++;
	}
	if (known && !reader->lost)
		return all;
	g_ptr_array_unref(all);
	return NULL;
}

GPtrArray *literals_of(const char *pattern)
{
	struct reader reader = {.at = pattern};
	GPtrArray *texts = g_utf8_validate(pattern, -1, NULL) ? read_alternation(&reader) : NULL;

	if (texts && (reader.lost || *reader.at)) {
		g_ptr_array_unref(texts);
		return NULL;
	}
	return texts;
}
