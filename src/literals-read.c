/* literals-read.c - reads the syntax of a PCRE2 expression just far enough to know its literals.
 *
 * What is not understood makes the whole expression "nothing known": it is then always tried. The non-ASCII characters that match a letter of another
 * range in caseless mode (long s, Kelvin sign) are left out of account. Not here: how literals of parts combine (literals.c).
 */
#include "literals-parts.h"

#include <stdlib.h>
#include <string.h>

#define CLASS_LIMIT 6u			/* characters of a class that are read one by one */

struct reader {
	const char *at;
	unsigned depth;
	bool lost;			/* met something it does not understand */
};

/* How often a piece may stand. */
struct quantifier {
	unsigned least, most;
};

static struct part read_alternation(struct reader *reader);

/* Letters that differ from their lower case by 0x20 and take the same two bytes: Latin-1, and Russian without Io. 0: this is none of them. */
static gunichar fold(gunichar c)
{
	if (c < 0x80)
		return (gunichar)g_ascii_tolower((char)c);
	if ((c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x410 && c <= 0x42f))
		return c + 0x20;
	if ((c >= 0xe0 && c <= 0xfe && c != 0xf7) || (c >= 0x430 && c <= 0x44f))
		return c;
	return g_unichar_toupper(c) == g_unichar_tolower(c) ? c : 0;
}

char *literals_fold(const char *text, size_t length)
{
	char *folded = g_strndup(text, length), *at = folded;
	guint8 all = 0;

	for (size_t i = 0; i < length; i++) {	/* no call of a function for each byte: this runs on every diagnostic */
		all |= (guint8)folded[i];
		folded[i] = (char)(folded[i] + (folded[i] >= 'A' && folded[i] <= 'Z' ? 'a' - 'A' : 0));
	}
	for (char *end = folded + length; all >= 0x80 && at + 1 < end; at++) {
		guint8 first = (guint8)at[0], second = (guint8)at[1];

		if (first == 0xc3 && second >= 0x80 && second <= 0x9e && second != 0x97) {
			at[1] = (char)(second + 0x20);
		} else if (first == 0xd0 && second >= 0x90 && second <= 0x9f) {
			at[1] = (char)(second + 0x20);
		} else if (first == 0xd0 && second >= 0xa0 && second <= 0xaf) {
			at[0] = (char)0xd1;
			at[1] = (char)(second - 0x20);
		}
	}
	return folded;
}

static struct part part_of_character(gunichar c)
{
	char text[7] = {0};
	gunichar folded = fold(c);

	if (folded == 0)
		return part_unknown(1);
	text[g_unichar_to_utf8(folded, text)] = '\0';
	return part_exact(text, 1);
}

static struct quantifier read_quantifier(struct reader *reader)
{
	struct quantifier quantifier = {1, 1};
	const char *at = reader->at;
	size_t digits = *at == '{' ? strspn(at + 1, "0123456789,") : 0;

	if (digits && at[1 + digits] == '}') {
		const char *comma = memchr(at, ',', digits + 1);

		quantifier.least = (unsigned)MIN(strtoul(at + 1, NULL, 10), LITERALS_ANYWHERE);
		quantifier.most = !comma ? quantifier.least : comma[1] == '}' ? LITERALS_ANYWHERE : (unsigned)MIN(strtoul(comma + 1, NULL, 10), LITERALS_ANYWHERE);
		reader->at += digits + 2;
	} else if (*at == '*' || *at == '?' || *at == '+') {
		quantifier.least = *at == '+';
		quantifier.most = *at == '?' ? 1 : LITERALS_ANYWHERE;
		reader->at++;
	} else {
		return quantifier;
	}
	if (*reader->at == '?' || *reader->at == '+')	/* lazy, possessive */
		reader->at++;
	return quantifier;
}

/* Reads the quantifier behind a part and appends both. Takes over the part. */
static void append(struct reader *reader, struct sequence *sequence, struct part *part)
{
	struct quantifier quantifier = read_quantifier(reader);

	if (quantifier.least == 0 && (quantifier.most > 1 || !part->exact)) {
		unsigned longest = length_multiply(part->longest, quantifier.most);

		part_clear(part);
		*part = part_unknown(longest);
	} else if (quantifier.least == 0) {
		part_add_text(part, "");
	}
	part->longest = length_multiply(part->longest, quantifier.least ? quantifier.most : 1);
	sequence_append(sequence, part);
	if (quantifier.most != 1)
		sequence_break(sequence);
}

static struct part read_escape(struct reader *reader)
{
	char c = *++reader->at;
	gunichar literal;

	if (c && ((unsigned char)c >= 0x80 || g_ascii_ispunct(c) || c == ' ')) {
		literal = g_utf8_get_char(reader->at);
		reader->at = g_utf8_next_char(reader->at);
		return part_of_character(literal);
	}
	reader->lost = !c || !strchr("bBAzZGdDwWsShHvV", c);
	reader->at += c != '\0';
	return c && strchr("bBAzZG", c) ? part_exact("", 0) : part_unknown(1);
}

/* Passes over a character class; reader stands at its '['. */
static void skip_class(struct reader *reader)
{
	const char *at = reader->at + 1;

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
	reader->lost = *at != ']';
	reader->at = *at ? at + 1 : at;
}

/* A class of a few plain characters is exact. */
static struct part read_class(struct reader *reader)
{
	const char *start = reader->at + 1, *end;
	struct part part;
	bool plain = *start != '^' && *start != ']';

	skip_class(reader);
	end = reader->at - 1;
	for (const char *at = start; at < end; at++)
		plain = plain && *at != '\\' && *at != '[' && (*at != '-' || at == start || at + 1 == end);
	if (reader->lost || !plain || g_utf8_strlen(start, end - start) > CLASS_LIMIT)
		return part_unknown(1);
	part = part_of_character(g_utf8_get_char(start));
	for (const char *at = g_utf8_next_char(start); at < end; at = g_utf8_next_char(at)) {
		struct part other = part_of_character(g_utf8_get_char(at));

		if (other.exact)
			part_add_text(&part, other.exact->pdata[0]);
		else
			g_clear_pointer(&part.exact, g_ptr_array_unref);
		part_clear(&other);
	}
	return part;
}

enum group { GROUP_MATCHES, GROUP_LOOKS, GROUP_UNKNOWN };

/* What stands behind "(": reads up to where the content of the group begins. */
static enum group read_group_head(struct reader *reader)
{
	static const struct {
		const char *head;
		enum group group;
	} heads[] = {
		{"?:", GROUP_MATCHES}, {"?>", GROUP_MATCHES}, {"?=", GROUP_LOOKS}, {"?!", GROUP_LOOKS}, {"?<=", GROUP_LOOKS}, {"?<!", GROUP_LOOKS},
	};
	size_t flags = *reader->at == '?' ? strspn(reader->at + 1, "ims-") : 0;

	if (*reader->at != '?' && *reader->at != '*')
		return GROUP_MATCHES;
	if (flags && reader->at[1 + flags] == ':') {	/* whatever is set, a literal stands there in one case or the other */
		reader->at += flags + 2;
		return GROUP_MATCHES;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
		if (g_str_has_prefix(reader->at, heads[i].head)) {
			reader->at += strlen(heads[i].head);
			return heads[i].group;
		}
	return GROUP_UNKNOWN;
}

/* A group; reader stands behind its '('. */
static struct part read_group(struct reader *reader)
{
	enum group group = read_group_head(reader);
	struct part part;

	if (group == GROUP_UNKNOWN || reader->depth == LITERALS_DEPTH) {
		reader->lost = true;
		return part_unknown(LITERALS_ANYWHERE);
	}
	reader->depth++;
	part = read_alternation(reader);
	reader->depth--;
	reader->lost = reader->lost || *reader->at != ')';
	if (!reader->lost)
		reader->at++;
	if (group == GROUP_MATCHES)
		return part;
	part_clear(&part);
	return part_exact("", 0);
}

/* Plain characters up to the one that a quantifier may belong to: one part instead of many. */
static struct part read_plain(struct reader *reader)
{
	const char *start = reader->at;
	GString *text = g_string_new(NULL);
	unsigned length = 0;
	struct part part;

	while (*reader->at && !strchr("\\[](){}.^$|*+?", *reader->at)) {
		const char *next = g_utf8_next_char(reader->at);
		gunichar folded = fold(g_utf8_get_char(reader->at));

		if (folded == 0 || (reader->at > start && *next && strchr("*+?{", *next)))
			break;
		g_string_append_unichar(text, folded);
		length++;
		reader->at = next;
		if (*next && strchr("*+?{", *next))
			break;
	}
	part = part_exact(text->str, length);
	g_string_free(text, TRUE);
	return part;
}

static struct part read_piece(struct reader *reader)
{
	gunichar c = g_utf8_get_char(reader->at);

	switch (c) {
	case '\\':
		return read_escape(reader);
	case '[':
		return read_class(reader);
	case '(':
		reader->at++;
		return read_group(reader);
	case '.':
		reader->at++;
		return part_unknown(1);
	case '^':
	case '$':
		reader->at++;
		return part_exact("", 0);
	default:
		break;
	}
	if (fold(c) && !strchr("]{}", (int)c))
		return read_plain(reader);
	reader->at = g_utf8_next_char(reader->at);
	return part_of_character(c);
}

/* Up to the next '|' or ')' of this depth. */
static struct part read_sequence(struct reader *reader)
{
	struct sequence sequence = sequence_new();

	while (!reader->lost && *reader->at && *reader->at != '|' && *reader->at != ')') {
		struct part part = read_piece(reader);

		append(reader, &sequence, &part);
	}
	return sequence_end(&sequence);
}

/* Up to the ')' of this depth, or the end. */
static struct part read_alternation(struct reader *reader)
{
	struct branches branches = {NULL};

	branches_add(&branches, read_sequence(reader));
	while (!reader->lost && *reader->at == '|') {
		reader->at++;
		branches_add(&branches, read_sequence(reader));
	}
	return branches_end(&branches);
}

GPtrArray *literals_of(const char *pattern)
{
	struct reader reader = {.at = pattern};
	struct part part = g_utf8_validate(pattern, -1, NULL) ? read_alternation(&reader) : part_unknown(LITERALS_ANYWHERE);
	GPtrArray *sets = part_take_sets(&part);

	if (reader.lost || *reader.at)
		g_ptr_array_set_size(sets, 0);
	return sets;
}

/* Passes over everything up to the next '|' outside groups, or the end. */
static void skip_branch(struct reader *reader)
{
	unsigned depth = 0;

	while (!reader->lost && *reader->at && (depth > 0 || *reader->at != '|')) {
		switch (*reader->at) {
		case '\\':
			reader->lost = reader->at[1] == '\0' || strchr("QE", reader->at[1]);
			reader->at += 2;
			break;
		case '[':
			skip_class(reader);
			break;
		case '(':
			reader->at++;
			depth++;
			reader->lost = read_group_head(reader) == GROUP_UNKNOWN;
			break;
		case ')':
			reader->lost = depth-- == 0;
			/* fall through */
		default:
			reader->at++;
		}
	}
	reader->lost = reader->lost || depth > 0;
}

char **literals_branches(const char *pattern)
{
	GPtrArray *branches = g_ptr_array_new_with_free_func(g_free);
	struct reader reader = {.at = pattern};

	for (const char *start = pattern;; start = ++reader.at) {
		skip_branch(&reader);
		if (reader.lost)
			break;
		g_ptr_array_add(branches, g_strndup(start, (size_t)(reader.at - start)));
		if (*reader.at != '|')
			break;
	}
	if (reader.lost) {		/* not understood to the end: no branch can be trusted */
		g_ptr_array_set_size(branches, 0);
		g_ptr_array_add(branches, g_strdup(pattern));
	}
	g_ptr_array_add(branches, NULL);
	return (char **)g_ptr_array_free(branches, FALSE);
}
