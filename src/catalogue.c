/* catalogue.c - asking the catalogue: entries by id and by code, their raw values.
 *
 * Not here: their sentences (catalogue-words.c), reading it (catalogue-load.c), matching texts (catalogue-match.c), judging it (catalogue-check.c).
 */
#include "catalogue-entry.h"

#include <string.h>

G_DEFINE_QUARK(smtp-explain-catalogue-error-quark, catalogue_error)

struct catalogue *catalogue_ref(struct catalogue *catalogue)
{
	g_atomic_int_inc(&catalogue->references);
	return catalogue;
}

void catalogue_unref(struct catalogue *catalogue)
{
	if (!catalogue || !g_atomic_int_dec_and_test(&catalogue->references))
		return;
	gate_free(catalogue->gate);
	g_array_unref(catalogue->branches);
	g_ptr_array_unref(catalogue->entries);
	g_ptr_array_unref(catalogue->variants);
	g_hash_table_unref(catalogue->by_id);
	g_ptr_array_unref(catalogue->files);
	g_ptr_array_unref(catalogue->languages);
	g_string_chunk_free(catalogue->strings);
	pcre2_match_context_free(catalogue->limits);
	g_free(catalogue);
}

const struct catalogue_entry *catalogue_get(const struct catalogue *catalogue, const char *id)
{
	return g_hash_table_lookup(catalogue->by_id, id);
}

static const struct catalogue_entry *get_formatted(const struct catalogue *catalogue, const char *format, ...) G_GNUC_PRINTF(2, 3);

static const struct catalogue_entry *get_formatted(const struct catalogue *catalogue, const char *format, ...)
{
	char id[32];
	va_list arguments;

	va_start(arguments, format);
	g_vsnprintf(id, sizeof(id), format, arguments);
	va_end(arguments);
	return catalogue_get(catalogue, id);
}

/* An entry written for failures (4, 5) must not explain a success and the other way round; between 4 and 5 the meaning is the same. */
static bool allows_class(const struct catalogue_entry *entry, int class)
{
	const char *classes = entry_value(entry, "classes");

	if (!classes)
		return true;
	return class == 2 ? strchr(classes, '2') != NULL : strpbrk(classes, "45") != NULL;
}

static const struct catalogue_entry *get_enhanced(const struct catalogue *catalogue, struct code code)
{
	char dsn[CODE_ENHANCED_SIZE];
	const struct catalogue_entry *entry;

	if (!code_has_enhanced(code))
		return NULL;
	code_print_enhanced(code, dsn);
	entry = get_formatted(catalogue, "dsn.%s", dsn);
	if (!entry)
		entry = get_formatted(catalogue, "dsn.X%s", dsn + 1);
	return entry && allows_class(entry, code.class) ? entry : NULL;
}

/* Second digits mean the same in 4yz and 5yz only; a 2yz is done, whatever follows. */
static const struct catalogue_entry *get_digits(const struct catalogue *catalogue, struct code code)
{
	const struct catalogue_entry *entry = NULL;
	int class = code_class(code);

	if (class != 4 && class != 5)
		return NULL;
	if (code_has_enhanced(code) && !code_is_vague(code))
		entry = get_formatted(catalogue, "digits.X.%u", code.subject);
	if (!entry && code_has_reply(code))
		entry = get_formatted(catalogue, "digits.X%u", code.reply / 10u % 10u);
	return entry;
}

const struct catalogue_entry *catalogue_get_code(const struct catalogue *catalogue, struct code code, char **rule)
{
	const struct catalogue_entry *enhanced = get_enhanced(catalogue, code), *entry;
	char dsn[CODE_ENHANCED_SIZE];

	entry = code_is_vague(code) ? NULL : enhanced;
	if (!entry && code_has_reply(code))
		entry = get_formatted(catalogue, "code.%u", code.reply);
	if (!entry)
		entry = enhanced;
	if (!entry)
		entry = get_digits(catalogue, code);
	if (!entry && !code_is_none(code))
		entry = get_formatted(catalogue, "class.%d", code_class(code));
	if (!entry)
		*rule = NULL;
	else if (entry == enhanced)
		*rule = g_strconcat("dsn.", code_print_enhanced(code, dsn), NULL);
	else
		*rule = g_strdup(entry->id);
	return entry;
}

const char *entry_id(const struct catalogue_entry *entry)
{
	return entry->id;
}

enum catalogue_sort entry_sort(const struct catalogue_entry *entry)
{
	return entry->sort;
}

const char *entry_place(const struct catalogue_entry *entry)
{
	return entry->place;
}

const struct catalogue_value *entry_find(const struct catalogue_entry *entry, const char *key, unsigned language)
{
	int index = catalogue_key_index(key, strlen(key));

	for (guint i = 0; i < entry->value_count; i++)
		if (entry->values[i].key == index && entry->values[i].language == language)
			return &entry->values[i];
	return NULL;
}

const char *entry_value(const struct catalogue_entry *entry, const char *key)
{
	const struct catalogue_value *value = entry_find(entry, key, 0);

	return value ? value->text : NULL;
}

int entry_priority(const struct catalogue_entry *entry)
{
	return entry->priority;
}

enum confidence entry_confidence(const struct catalogue_entry *entry)
{
	return entry->confidence;
}

bool entry_tells_cause(const struct catalogue_entry *entry)
{
	static const char *const outcomes[] = {"reason.protocol-error", "reason.success", "reason.delivery-expired", "reason.delayed", "reason.unspecified", NULL};

	return entry->reason && !g_strv_contains(outcomes, entry->reason->id);
}

const struct catalogue_entry *entry_reason(const struct catalogue_entry *entry)
{
	return entry->reason;
}

const struct catalogue_entry *entry_provider(const struct catalogue_entry *entry)
{
	return entry->provider;
}

bool entry_provider_is(const struct catalogue_entry *entry, const char *kind)
{
	return entry->provider && g_strcmp0(entry_value(entry->provider, "kind"), kind) == 0;
}

void catalogue_each(const struct catalogue *catalogue, void (*visit)(const struct catalogue_entry *entry, void *data), void *data)
{
	for (guint i = 0; i < catalogue->entries->len; i++)
		visit(catalogue->entries->pdata[i], data);
}
