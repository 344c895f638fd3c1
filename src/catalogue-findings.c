/* catalogue-findings.c - a finding as a line with its place, for whichever part of catalogue_check() has made it. Not here: what is wrong (catalogue-check.c, catalogue-prove.c). */
#include "catalogue-findings.h"

/* The place of a value; of its entry where there is none. The caller frees it. */
static char *place_of(const struct check *check, const struct catalogue_entry *entry, const struct catalogue_value *value)
{
	return value ? g_strdup_printf("%s:%u", (const char *)check->catalogue->files->pdata[value->file], value->line) : g_strdup(entry->place);
}

void catalogue_find(struct check *check, const struct catalogue_entry *entry, const char *key, const char *format, ...)
{
	char *place = place_of(check, entry, entry_find(entry, key, 0)), *what;
	va_list arguments;

	va_start(arguments, format);
	what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(check->findings, g_strdup_printf("%s: [%s] %s: %s", place, entry->id, key, what));
	g_free(what);
	g_free(place);
}

void catalogue_find_at(struct check *check, const struct catalogue_entry *entry, const struct catalogue_value *value, const char *what)
{
	char *place = place_of(check, entry, value);
	const char *key = catalogue_keys[value->key].name, *language = check->catalogue->languages->pdata[value->language];

	if (value->language)
		g_ptr_array_add(check->findings, g_strdup_printf("%s: [%s] %s[%s]: %s", place, entry->id, key, language, what));
	else
		g_ptr_array_add(check->findings, g_strdup_printf("%s: [%s] %s: %s", place, entry->id, key, what));
	g_free(place);
}
