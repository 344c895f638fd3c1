/* literals.c - what is known of the texts that a part of a regular expression matches, and how parts combine.
 *
 * Either all texts of a part are known (a few of them: exact), or some of which one must stand (sets). A sequence needs each of its pieces; an alternation
 * needs one of its branches, so every branch must offer something. Not here: the syntax of expressions (literals-read.c), matching (gate.c).
 */
#include "literals-parts.h"

#include <string.h>

#define EXACT_LIMIT 24u			/* texts of a part that are kept exact */
#define TEXT_LIMIT 100u			/* bytes of a text that are kept */

static unsigned length_add(unsigned a, unsigned b)
{
	return MIN(a + b, LITERALS_ANYWHERE);
}

unsigned length_multiply(unsigned a, unsigned b)
{
	return a && b > LITERALS_ANYWHERE / a ? LITERALS_ANYWHERE : a * b;
}

static void literal_clear(void *data)
{
	g_free(((struct literal *)data)->text);
}

static GArray *set_new(void)
{
	GArray *set = g_array_new(FALSE, FALSE, sizeof(struct literal));

	g_array_set_clear_func(set, literal_clear);
	return set;
}

static void set_add(GArray *set, const char *text, unsigned before)
{
	struct literal literal = {g_strdup(text), before};

	g_array_append_val(set, literal);
}

static void set_append(GArray *to, const GArray *from, unsigned shift)
{
	for (guint i = 0; i < from->len; i++) {
		const struct literal *literal = &g_array_index(from, struct literal, i);

		set_add(to, literal->text, length_add(literal->before, shift));
	}
}

static GPtrArray *sets_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
}

/* A set is as good as its shortest literal is long, less what its size costs. */
static int worth(const GArray *set)
{
	size_t least = G_MAXSIZE;

	for (guint i = 0; i < set->len; i++)
		least = MIN(least, strlen(g_array_index(set, struct literal, i).text));
	return (int)MIN(least, 12) - (int)g_bit_storage(set->len);
}

static gint by_worth(gconstpointer a, gconstpointer b)
{
	return worth(*(GArray *const *)b) - worth(*(GArray *const *)a);
}

/* Would this set be kept among those? Of equals the first stay. */
static bool is_wanted(const GPtrArray *sets, const GArray *set)
{
	return set->len <= LITERALS_IN_SET && (!sets || sets->len < LITERALS_SETS || worth(set) > worth(sets->pdata[sets->len - 1]));
}

/* Takes over a set; keeps the best. */
static void sets_offer(GPtrArray **kept, GArray *set)
{
	GPtrArray *sets = *kept ? *kept : (*kept = sets_new());

	if (!is_wanted(sets, set)) {
		g_array_unref(set);
		return;
	}
	g_ptr_array_add(sets, set);
	g_ptr_array_sort(sets, by_worth);
	if (sets->len > LITERALS_SETS)
		g_ptr_array_set_size(sets, LITERALS_SETS);
}

struct part part_unknown(unsigned longest)
{
	return (struct part){.longest = longest};
}

struct part part_exact(const char *text, unsigned longest)
{
	struct part part = part_unknown(longest);

	part.exact = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(part.exact, g_strdup(text));
	return part;
}

void part_clear(struct part *part)
{
	g_clear_pointer(&part->sets, g_ptr_array_unref);
	g_clear_pointer(&part->exact, g_ptr_array_unref);
}

static void add_text(GPtrArray *texts, char *text)
{
	if (g_ptr_array_find_with_equal_func(texts, text, g_str_equal, NULL))
		g_free(text);
	else
		g_ptr_array_add(texts, text);
}

void part_add_text(struct part *part, const char *text)
{
	if (part->exact)
		add_text(part->exact, g_strdup(text));
	if (part->exact && part->exact->len > EXACT_LIMIT)
		g_clear_pointer(&part->exact, g_ptr_array_unref);
}

/* Makes a set of the exact texts, where all are long enough. */
static void part_forget_exact(struct part *part, unsigned before)
{
	size_t least = part->exact && part->exact->len ? G_MAXSIZE : 0;
	GArray *set;

	for (guint i = 0; part->exact && i < part->exact->len; i++)
		least = MIN(least, strlen(part->exact->pdata[i]));
	if (least >= LITERALS_MIN) {
		set = set_new();
		for (guint i = 0; i < part->exact->len; i++)
			set_add(set, part->exact->pdata[i], before);
		sets_offer(&part->sets, set);
	}
	g_clear_pointer(&part->exact, g_ptr_array_unref);
}

/* Every text of one followed by every text of the other; NULL where these are too many or too long. */
static GPtrArray *multiply(const GPtrArray *first, GPtrArray *second)
{
	GPtrArray *product;

	if (first->len == 1 && *(const char *)first->pdata[0] == '\0' && second->len <= EXACT_LIMIT)	/* nothing stands before: a sequence begins */
		return g_ptr_array_ref(second);
	product = first->len * second->len <= EXACT_LIMIT ? g_ptr_array_new_with_free_func(g_free) : NULL;

	for (guint i = 0; product && i < first->len; i++)
		for (guint j = 0; product && j < second->len; j++) {
			add_text(product, g_strconcat(first->pdata[i], second->pdata[j], NULL));
			if (strlen(first->pdata[i]) + strlen(second->pdata[j]) > TEXT_LIMIT)
				g_clear_pointer(&product, g_ptr_array_unref);
		}
	return product;
}

struct sequence sequence_new(void)
{
	return (struct sequence){.known = part_exact("", 0), .is_exact = true};
}

/* The run of exact texts ends here. */
static void end_run(struct sequence *sequence)
{
	part_forget_exact(&sequence->known, sequence->run_before);
	sequence->is_exact = false;
}

void sequence_append(struct sequence *sequence, struct part *part)
{
	struct part *known = &sequence->known;
	GPtrArray *product = part->exact && known->exact ? multiply(known->exact, part->exact) : NULL;

	if (product) {
		g_ptr_array_unref(known->exact);
		known->exact = product;
	} else {
		end_run(sequence);
		known->exact = g_steal_pointer(&part->exact);
		sequence->run_before = known->longest;
	}
	for (guint i = 0; part->sets && i < part->sets->len; i++) {
		GArray *set;

		if (!is_wanted(known->sets, part->sets->pdata[i]))
			continue;
		set = set_new();
		set_append(set, part->sets->pdata[i], known->longest);
		sets_offer(&known->sets, set);
	}
	known->longest = length_add(known->longest, part->longest);
	part_clear(part);
}

void sequence_break(struct sequence *sequence)
{
	end_run(sequence);
}

struct part sequence_end(struct sequence *sequence)
{
	if (!sequence->is_exact)
		end_run(sequence);
	return sequence->known;
}

void branches_add(struct branches *branches, struct part part)
{
	if (!branches->parts)
		branches->parts = g_array_new(FALSE, FALSE, sizeof(struct part));
	g_array_append_val(branches->parts, part);
}

/* All texts of all branches, where they are few; NULL else. */
static GPtrArray *unite_exact(const GArray *parts)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; all && i < parts->len; i++) {
		const struct part *part = &g_array_index(parts, struct part, i);

		for (guint j = 0; part->exact && j < part->exact->len; j++)
			add_text(all, g_strdup(part->exact->pdata[j]));
		if (!part->exact || all->len > EXACT_LIMIT)
			g_clear_pointer(&all, g_ptr_array_unref);
	}
	return all;
}

/* The best set of every branch makes one set of which a literal must stand, the second best of each another. */
static void unite_sets(const GArray *parts, GPtrArray **sets)
{
	guint most = 0, least = G_MAXUINT;

	for (guint i = 0; i < parts->len; i++) {
		struct part *part = &g_array_index(parts, struct part, i);

		if (part->exact)
			part_forget_exact(part, 0);
		most = MAX(most, part->sets ? part->sets->len : 0);
		least = MIN(least, part->sets ? part->sets->len : 0);
	}
	for (guint i = 0; least > 0 && i < most; i++) {
		GArray *set = set_new();

		for (guint j = 0; j < parts->len; j++) {
			const GPtrArray *own = g_array_index(parts, struct part, j).sets;

			set_append(set, own->pdata[MIN(i, own->len - 1)], 0);
		}
		sets_offer(sets, set);
	}
}

struct part branches_end(struct branches *branches)
{
	struct part united = part_unknown(0);

	united.exact = unite_exact(branches->parts);
	for (guint i = 0; i < branches->parts->len; i++)
		united.longest = MAX(united.longest, g_array_index(branches->parts, struct part, i).longest);
	if (!united.exact)
		unite_sets(branches->parts, &united.sets);
	for (guint i = 0; i < branches->parts->len; i++)
		part_clear(&g_array_index(branches->parts, struct part, i));
	g_array_unref(branches->parts);
	return united;
}

GPtrArray *part_take_sets(struct part *part)
{
	if (part->exact)
		part_forget_exact(part, 0);
	return part->sets ? part->sets : sets_new();
}
