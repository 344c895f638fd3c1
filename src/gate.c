/* gate.c - an index of the literals of all patterns (literals.h) by three of their bytes.
 *
 * Each literal is filed under its rarest three bytes, so that common syllables ("mail") do not make every text a hit. The text is walked once;
 * where three bytes have a bucket, the whole literal is compared. Not here: running the patterns (catalogue-match.c).
 */
#include "gate.h"

#include "literals.h"

#include <string.h>

#define BUCKETS 8192u

struct literal {
	const char *text;		/* in strings */
	guint16 length;
	guint16 offset;			/* where in it the filed bytes stand */
	guint32 pattern;
};

struct gate {
	GStringChunk *strings;
	struct literal *literals;	/* by bucket */
	guint32 first[BUCKETS + 1];	/* index of each bucket's first literal */
	guint8 *always;			/* one byte a pattern: has no literal */
	unsigned patterns;
};

G_STATIC_ASSERT(LITERALS_MIN >= 3);

static unsigned bucket_of(const char *text)
{
	guint32 gram = (guint32)(guint8)text[0] << 16 | (guint32)(guint8)text[1] << 8 | (guint8)text[2];

	return gram * 2654435761u >> 19;
}

static GArray *collect(struct gate *gate, const char *const *patterns)
{
	GArray *literals = g_array_new(FALSE, FALSE, sizeof(struct literal));

	for (guint i = 0; i < gate->patterns; i++) {
		GPtrArray *texts = literals_of(patterns[i]);

		gate->always[i] = !texts;
		for (guint j = 0; texts && j < texts->len; j++) {
			const char *text = g_string_chunk_insert_const(gate->strings, texts->pdata[j]);
			struct literal literal = {text, (guint16)MIN(strlen(text), G_MAXUINT16), 0, i};

			g_array_append_val(literals, literal);
		}
		if (texts)
			g_ptr_array_unref(texts);
	}
	return literals;
}

/* Sets the offset of every literal to its rarest three bytes among all literals. */
static void choose_offsets(GArray *literals)
{
	guint32 *uses = g_new0(guint32, BUCKETS);

	for (guint i = 0; i < literals->len; i++) {
		const struct literal *literal = &g_array_index(literals, struct literal, i);

		for (guint at = 0; at + 3u <= literal->length; at++)
			uses[bucket_of(literal->text + at)]++;
	}
	for (guint i = 0; i < literals->len; i++) {
		struct literal *literal = &g_array_index(literals, struct literal, i);

		for (guint at = 1; at + 3u <= literal->length; at++)
			if (uses[bucket_of(literal->text + at)] < uses[bucket_of(literal->text + literal->offset)])
				literal->offset = (guint16)at;
	}
	g_free(uses);
}

/* Counting sort of the literals by bucket. */
static void file_literals(struct gate *gate, const GArray *literals)
{
	guint32 *next = g_new(guint32, BUCKETS);

	for (guint i = 0; i < literals->len; i++) {
		const struct literal *literal = &g_array_index(literals, struct literal, i);

		gate->first[bucket_of(literal->text + literal->offset) + 1]++;
	}
	for (guint i = 0; i < BUCKETS; i++) {
		gate->first[i + 1] += gate->first[i];
		next[i] = gate->first[i];
	}
	gate->literals = g_new(struct literal, literals->len);
	for (guint i = 0; i < literals->len; i++) {
		const struct literal *literal = &g_array_index(literals, struct literal, i);

		gate->literals[next[bucket_of(literal->text + literal->offset)]++] = *literal;
	}
	g_free(next);
}

struct gate *gate_new(const char *const *patterns, unsigned count)
{
	struct gate *gate = g_new0(struct gate, 1);
	GArray *literals;

	gate->patterns = count;
	gate->strings = g_string_chunk_new(4096);
	gate->always = g_new0(guint8, count);
	literals = collect(gate, patterns);
	choose_offsets(literals);
	file_literals(gate, literals);
	g_array_unref(literals);
	return gate;
}

void gate_free(struct gate *gate)
{
	if (!gate)
		return;
	g_string_chunk_free(gate->strings);
	g_free(gate->literals);
	g_free(gate->always);
	g_free(gate);
}

static void mark(const struct gate *gate, const char *lower, size_t length, guint8 *marks)
{
	for (size_t at = 0; at + 3 <= length; at++) {
		unsigned bucket = bucket_of(lower + at);

		for (guint32 i = gate->first[bucket]; i < gate->first[bucket + 1]; i++) {
			const struct literal *literal = &gate->literals[i];

			if (literal->offset <= at && at - literal->offset + literal->length <= length &&
			    memcmp(lower + at - literal->offset, literal->text, literal->length) == 0)
				marks[literal->pattern] = TRUE;
		}
	}
}

GArray *gate_candidates(const struct gate *gate, const char *text, size_t length)
{
	GArray *candidates = g_array_new(FALSE, FALSE, sizeof(guint));
	char *lower = g_ascii_strdown(text, (gssize)length);
	guint8 *marks = g_memdup2(gate->always, gate->patterns);

	mark(gate, lower, strnlen(lower, length), marks);
	for (guint i = 0; i < gate->patterns; i++)
		if (marks[i])
			g_array_append_val(candidates, i);
	g_free(marks);
	g_free(lower);
	return candidates;
}

unsigned gate_always(const struct gate *gate)
{
	unsigned count = 0;

	for (guint i = 0; i < gate->patterns; i++)
		count += gate->always[i];
	return count;
}
