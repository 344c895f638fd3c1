/* tool-catalogue.c - the command catalogue: verify, list and show what the program knows.
 *
 * Not here: what makes a catalogue good (catalogue-check.c); one that does not even load is reported by whoever loads it.
 */
#include "catalogue-check.h"
#include "catalogue-marks.h"
#include "catalogue.h"
#include "text.h"
#include "tool.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static int check(const struct tool *tool)
{
	GPtrArray *findings = catalogue_check(tool->snapshot->catalogue);
	int status = findings->len ? EX_DATAERR : EX_OK;

	for (guint i = 0; i < findings->len; i++)
		puts(g_ptr_array_index(findings, i));
	if (findings->len)
		tool_complain("%u findings", findings->len);
	g_ptr_array_unref(findings);
	return status;
}

struct listing {
	const struct tool *tool;
	char **words;			/* all must fit */
	unsigned count;
};

/* Is the word the entry's reason, owner or provider, or a part of its id? */
static bool fits(const struct catalogue_entry *entry, const char *word)
{
	const struct catalogue_entry *reason = entry_reason(entry), *provider = entry_provider(entry);

	return strstr(entry_id(entry), word) || (reason && (strcmp(entry_id(reason) + strlen("reason."), word) == 0 || strcmp(entry_owner(entry), word) == 0)) ||
	       (provider && g_ascii_strcasecmp(entry_text(provider, "name", NULL), word) == 0);
}

static bool fits_all(const struct catalogue_entry *entry, char **words)
{
	for (guint i = 0; words[i]; i++)
		if (!fits(entry, words[i]))
			return false;
	return true;
}

static void list_entry(const struct catalogue_entry *entry, void *data)
{
	struct listing *listing = data;
	const struct catalogue_entry *reason = entry_reason(entry);
	const char *language = listing->tool->language, *text = entry_sentence(entry, "summary", language);

	if (entry_sort(entry) == ENTRY_PHRASE || entry_sort(entry) == ENTRY_PROVIDER || !fits_all(entry, listing->words))
		return;
	if (entry_sort(entry) == ENTRY_DSN || entry_sort(entry) == ENTRY_CODE || entry_sort(entry) == ENTRY_DIGITS || entry_sort(entry) == ENTRY_CLASS)
		text = entry_text(entry, "meaning", language);
	printf("%-44s %-24s %s\n", entry_id(entry), reason ? entry_id(reason) + strlen("reason.") : "-", text ? text : "");
	listing->count++;
}

static int list(const struct tool *tool, char **words)
{
	struct listing listing = {.tool = tool, .words = words};

	if (isatty(STDOUT_FILENO))
		printf("%-44s %-24s %s\n", "ENTRY", "REASON", "SUMMARY OR MEANING");
	catalogue_each(tool->snapshot->catalogue, list_entry, &listing);
	if (!listing.count)
		tool_complain("catalogue: no entry fits all of these words");
	return listing.count ? EX_OK : TOOL_NOTHING;
}

/* "mailbox-full", "google", "550", "5.1.1": what a person calls [reason.mailbox-full] and so on. */
static const struct catalogue_entry *find_short(const struct catalogue *catalogue, const char *id)
{
	static const char *const sorts[] = {"reason", "provider", "code", "dsn", "phrase"};
	const struct catalogue_entry *entry = NULL;

	for (size_t i = 0; !entry && i < G_N_ELEMENTS(sorts); i++) {
		char *whole = g_strconcat(sorts[i], ".", id, NULL);

		entry = catalogue_get(catalogue, whole);
		g_free(whole);
	}
	return entry;
}

/* "dsn.5.1.1" is a rule's word; the entry that speaks for it may be dsn.X.1.1. */
static const struct catalogue_entry *find_entry(const struct catalogue *catalogue, const char *id)
{
	const struct catalogue_entry *entry = catalogue_get(catalogue, id);
	struct code code = CODE_NONE;
	const char *number = strchr(id, '.');
	char *rule = NULL;

	if (!entry)
		entry = find_short(catalogue, id);
	if (entry || !number || code_read(number + 1, strlen(number + 1), &code) == 0)
		return entry;
	entry = catalogue_get_code(catalogue, code, &rule);
	if (g_strcmp0(rule, id) != 0)
		entry = NULL;
	g_free(rule);
	return entry;
}

static void show_value(const char *key, const char *value)
{
	GString *out = g_string_new(NULL);

	if (!value)
		return;
	text_wrap(out, value, "                ", 78, "\n");
	if (out->len > strlen(key) + 1)
		memcpy(out->str, key, strlen(key));
	fputs(out->str, stdout);
	g_string_free(out, TRUE);
}

static void show_entry(const struct tool *tool, const struct catalogue_entry *entry)
{
	static const char *const raw[] = {"pattern", "host", "code", "priority", "confidence", "classes", "kind", "group", "help", "example", "example-host", "source", "checked"};
	static const char *const sentences[] = {"summary", "advice", "admin"};
	static const char *const texts[] = {"title", "name", "meaning", "text"};

	printf("[%s]\n", entry_id(entry));
	show_value("file", entry_place(entry));
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		show_value(texts[i], entry_text(entry, texts[i], tool->language));
	if (entry_reason(entry)) {
		show_value("reason", entry_id(entry_reason(entry)) + strlen("reason."));
		show_value("owner", entry_owner(entry));
	} else {
		show_value("owner", entry_value(entry, "owner"));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++)	/* words of a provider or for a domain fall back on nothing here */
		show_value(sentences[i], entry_reason(entry) ? entry_sentence(entry, sentences[i], tool->language) : entry_text(entry, sentences[i], tool->language));
	for (size_t i = 0; i < G_N_ELEMENTS(raw); i++)
		show_value(raw[i], entry_value(entry, raw[i]));
}

static int show(const struct tool *tool, const char *id)
{
	const struct catalogue_entry *entry = find_entry(tool->snapshot->catalogue, id);

	if (!entry) {
		tool_complain("catalogue: there is no entry %s; see smtp-explain catalogue list", id);
		return TOOL_NOTHING;
	}
	show_entry(tool, entry);
	return EX_OK;
}

/* Marks for conf/catalogue/translations.marks; ids: entries whose translations were read again and are right as they are. */
static int print_marks(const struct tool *tool, char **ids)
{
	char *before = catalogue_marks_embedded(), *marks = catalogue_marks(tool->snapshot->catalogue, before, (const char *const *)ids);

	fputs(marks, stdout);
	g_free(marks);
	g_free(before);
	return EX_OK;
}

int tool_catalogue(const struct tool *tool, char **arguments)
{
	guint count = g_strv_length(arguments);

	if (count == 1 && strcmp(arguments[0], "check") == 0)
		return check(tool);
	if (count >= 1 && strcmp(arguments[0], "marks") == 0)
		return print_marks(tool, arguments + 1);
	if (count >= 1 && strcmp(arguments[0], "list") == 0)
		return list(tool, arguments + 1);
	if (count == 2 && strcmp(arguments[0], "show") == 0)
		return show(tool, arguments[1]);
	tool_complain("usage: smtp-explain catalogue check|list [WORD...]|show ID|marks [ID...]");
	return EX_USAGE;
}
