/* gate.c - an index of the literals of all patterns (literals.h) by three of their bytes.
 *
 * Each literal is filed under its rarest three bytes, so that common syllables ("mail") do not make every text a hit. The text is walked once;
 * where three bytes have a bucket, the whole literal is compared. Not here: running the patterns (catalogue-match.c).
 */
#include "gate.h"

#include "literals.h"

#include <stdbool.h>
#include <string.h>

#define BUCKETS 8192u
#define BLOOM_BITS 65536u
#define GRAM 4u				/* bytes that a literal is filed by; shorter ones by all they have */

/* A literal, filed. */
struct filed {
	const char *text;		/* in strings */
	guint16 length;
	guint16 offset;			/* where in it the filed bytes stand */
	guint16 before;			/* as in struct literal */
	guint32 set;
	guint32 hashed;			/* of the filed bytes */
};

struct gate {
	GStringChunk *strings;
	guint64 bloom[BLOOM_BITS / 64];	/* bytes by which something is filed: a small table that says no to most of a text */
	guint32 first[BUCKETS + 1];	/* index in filed of each bucket's first literal */
	struct filed *filed;		/* by bucket */
	guint32 *owners;		/* the pattern of each set */
	guint32 *sets;			/* for each pattern, and one more: the number of its first set */
	guint32 patterns;
	GArray *always;			/* guint: patterns without sets */
};

G_STATIC_ASSERT(LITERALS_MIN == 3 && GRAM == 4);

/* The gram at text, of 3 or 4 bytes; different for different lengths. */
static guint32 hash(const char *text, guint length)
{
	guint32 gram = (guint32)(guint8)text[0] << 16 | (guint32)(guint8)text[1] << 8 | (guint8)text[2];

	return (length < GRAM ? gram : gram << 8 | (guint8)text[3]) * 2654435761u ^ length;
}

static guint gram_length(size_t length)
{
	return length < GRAM ? 3 : GRAM;
}

static unsigned bucket_of(guint32 hashed)
{
	return hashed >> 19;
}

static unsigned bloom_of(guint32 hashed)
{
	return hashed >> 3 & (BLOOM_BITS - 1);
}

static guint32 sets_of(const struct gate *gate, guint pattern)
{
	return gate->sets[pattern + 1] - gate->sets[pattern];
}

static void collect_set(struct gate *gate, const GArray *set, guint32 number, GArray *all)
{
	for (guint i = 0; i < set->len; i++) {
		const struct literal *literal = &g_array_index(set, struct literal, i);
		struct filed filed = {.text = g_string_chunk_insert_const(gate->strings, literal->text), .before = (guint16)literal->before, .set = number};

		filed.length = (guint16)MIN(strlen(filed.text), G_MAXUINT16);
		g_array_append_val(all, filed);
	}
}

/* All literals of all patterns, with their sets numbered through. */
static GArray *collect(struct gate *gate, const char *const *patterns)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct filed));

	gate->owners = g_new0(guint32, gate->patterns * LITERALS_SETS);
	for (guint i = 0; i < gate->patterns; i++) {
		GPtrArray *sets = literals_of(patterns[i]);

		gate->sets[i + 1] = gate->sets[i] + sets->len;
		for (guint j = 0; j < sets->len; j++) {
			collect_set(gate, sets->pdata[j], gate->sets[i] + j, all);
			gate->owners[gate->sets[i] + j] = i;
		}
		if (sets->len == 0)
			g_array_append_val(gate->always, i);
		g_ptr_array_unref(sets);
	}
	return all;
}

/* Sets the offset of every literal to its rarest bytes among all literals. */
static void choose_offsets(GArray *all)
{
	guint32 *uses = g_new0(guint32, BUCKETS);

	for (guint i = 0; i < all->len; i++) {
		const struct filed *filed = &g_array_index(all, struct filed, i);
		guint length = gram_length(filed->length);

		for (guint at = 0; at + length <= filed->length; at++)
			uses[bucket_of(hash(filed->text + at, length))]++;
	}
	for (guint i = 0; i < all->len; i++) {
		struct filed *filed = &g_array_index(all, struct filed, i);
		guint length = gram_length(filed->length);

		filed->hashed = hash(filed->text, length);
		for (guint at = 1; at + length <= filed->length; at++) {
			guint32 hashed = hash(filed->text + at, length);

			if (uses[bucket_of(hashed)] < uses[bucket_of(filed->hashed)]) {
				filed->offset = (guint16)at;
				filed->hashed = hashed;
			}
		}
	}
	g_free(uses);
}

/* Counting sort by bucket. */
static void file_all(struct gate *gate, const GArray *all)
{
	guint32 *next = g_new(guint32, BUCKETS);

	for (guint i = 0; i < all->len; i++)
		gate->first[bucket_of(g_array_index(all, struct filed, i).hashed) + 1]++;
	for (guint i = 0; i < BUCKETS; i++) {
		gate->first[i + 1] += gate->first[i];
		next[i] = gate->first[i];
	}
	gate->filed = g_new(struct filed, all->len);
	for (guint i = 0; i < all->len; i++) {
		const struct filed *filed = &g_array_index(all, struct filed, i);

		gate->filed[next[bucket_of(filed->hashed)]++] = *filed;
		gate->bloom[bloom_of(filed->hashed) / 64] |= (guint64)1 << bloom_of(filed->hashed) % 64;
	}
	g_free(next);
}

struct gate *gate_new(const char *const *patterns, unsigned count)
{
	struct gate *gate = g_new0(struct gate, 1);
	GArray *all;

	gate->patterns = count;
	gate->strings = g_string_chunk_new(4096);
	gate->sets = g_new0(guint32, count + 1);
	gate->always = g_array_new(FALSE, FALSE, sizeof(guint));
	all = collect(gate, patterns);
	choose_offsets(all);
	file_all(gate, all);
	g_array_unref(all);
	return gate;
}

void gate_free(struct gate *gate)
{
	if (!gate)
		return;
	g_string_chunk_free(gate->strings);
	g_array_unref(gate->always);
	g_free(gate->owners);
	g_free(gate->sets);
	g_free(gate->filed);
	g_free(gate);
}

/* What one walk over a text finds. */
struct walk {
	const struct gate *gate;
	const char *folded;
	size_t length;
	bool ascii;
	guint8 *set_hit;		/* for each set: one of its literals stands in the text */
	guint8 *sets_hit;		/* for each pattern: how many of its sets are hit */
	struct candidate *spans;	/* for each set that is hit: where a match can begin as far as it tells */
	GArray *complete;		/* guint: patterns all of whose sets are hit, in no order */
};

/* A literal stands at start: a match begins at most its "before" characters earlier. */
static void hit(struct walk *walk, const struct filed *filed, size_t start)
{
	size_t bytes = filed->before >= LITERALS_ANYWHERE ? start : walk->ascii ? filed->before : filed->before * 4u;
	gsize from = start > bytes ? start - bytes : 0;
	struct candidate *span = &walk->spans[filed->set];
	guint pattern = walk->gate->owners[filed->set];

	if (walk->set_hit[filed->set]) {
		span->from = MIN(span->from, from);
		span->to = MAX(span->to, start);
		return;
	}
	*span = (struct candidate){pattern, from, start};
	walk->set_hit[filed->set] = TRUE;
	if (++walk->sets_hit[pattern] == sets_of(walk->gate, pattern))
		g_array_append_val(walk->complete, pattern);
}

static void look_up(struct walk *walk, size_t at, guint32 hashed)
{
	const struct gate *gate = walk->gate;
	unsigned bucket = bucket_of(hashed);

	if (!(gate->bloom[bloom_of(hashed) / 64] & (guint64)1 << bloom_of(hashed) % 64))
		return;
	for (guint32 i = gate->first[bucket]; i < gate->first[bucket + 1]; i++) {
		const struct filed *filed = &gate->filed[i];

		if (filed->hashed == hashed && filed->offset <= at && at - filed->offset + filed->length <= walk->length &&
		    memcmp(walk->folded + at - filed->offset, filed->text, filed->length) == 0)
			hit(walk, filed, at - filed->offset);
	}
}

/* Where all sets of a pattern allow a match. */
static struct candidate intersect(const struct walk *walk, guint pattern, const char *text)
{
	struct candidate candidate = {pattern, 0, walk->length};

	for (guint32 i = walk->gate->sets[pattern]; i < walk->gate->sets[pattern + 1]; i++) {
		candidate.from = MAX(candidate.from, walk->spans[i].from);
		candidate.to = MIN(candidate.to, walk->spans[i].to);
	}
	while (candidate.from > 0 && candidate.from < walk->length && ((guint8)text[candidate.from] & 0xc0) == 0x80)
		candidate.from--;
	return candidate;
}

static void walk(struct walk *walk)
{
	for (size_t at = 0; at + 3 <= walk->length; at++) {
		look_up(walk, at, hash(walk->folded + at, 3));
		look_up(walk, at, hash(walk->folded + at, GRAM));	/* the terminating NUL at most */
	}
}

static gint by_number(gconstpointer a, gconstpointer b)
{
	guint one = *(const guint *)a, other = *(const guint *)b;

	return one < other ? -1 : one > other;
}

GArray *gate_candidates(const struct gate *gate, const char *text, size_t length)
{
	GArray *candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate));
	char *folded = literals_fold(text, length);
	guint32 sets = gate->sets[gate->patterns];
	struct walk found = {.gate = gate, .folded = folded, .length = strnlen(folded, length), .ascii = g_str_is_ascii(folded)};

	found.set_hit = g_new0(guint8, sets + gate->patterns);
	found.sets_hit = found.set_hit + sets;
	found.spans = g_new(struct candidate, sets);
	found.complete = g_array_new(FALSE, FALSE, sizeof(guint));
	g_array_append_vals(found.complete, gate->always->data, gate->always->len);
	walk(&found);
	g_array_sort(found.complete, by_number);
	for (guint i = 0; i < found.complete->len; i++) {
		struct candidate candidate = intersect(&found, g_array_index(found.complete, guint, i), text);

		if (candidate.from <= candidate.to)
			g_array_append_val(candidates, candidate);
	}
	g_array_unref(found.complete);
	g_free(found.spans);
	g_free(found.set_hit);
	g_free(folded);
	return candidates;
}

unsigned gate_always(const struct gate *gate)
{
	return gate->always->len;
}
