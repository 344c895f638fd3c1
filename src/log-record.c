/* log-record.c - the words of our own lines: name=value pairs or a JSON object, in place.
 *
 * What strangers wrote stands in these lines, quoted by render-log.c; a reader that guesses would undo that. So pairs are read by the grammar of
 * smtp-explain-milter(8) and by nothing else: what breaks it is damaged. Not here: time and host before them (log-head.c), files (log-read.c).
 */
#include "log-record.h"

#include "log-json.h"

#include <string.h>

static const char *const names[LOG_KEYS] = {
	[LOG_KIND] = "kind", [LOG_TO] = "to", [LOG_CODE] = "code", [LOG_DSN] = "dsn", [LOG_CLASS] = "class", [LOG_REASON] = "reason",
	[LOG_OWNER] = "owner", [LOG_PROVIDER] = "provider", [LOG_RULE] = "rule", [LOG_ORIGIN] = "origin", [LOG_REMOTE] = "remote",
	[LOG_REPORTER] = "reporter", [LOG_ID] = "id", [LOG_DIAGNOSTIC] = "diagnostic", [LOG_SENDER] = "sender", [LOG_DOMAIN] = "domain",
	[LOG_SENDER_DOMAIN] = "sender_domain", [LOG_QUEUE_ID] = "queue_id", [LOG_SUPPRESSED] = "suppressed", [LOG_STATE] = "state",
	[LOG_NAME] = "name", [LOG_COUNT] = "count", [LOG_SINCE] = "since", [LOG_INTERVAL] = "interval", [LOG_MESSAGES] = "messages",
	[LOG_REPORTS] = "reports", [LOG_BOUNCES] = "bounces", [LOG_DELAYS] = "delays", [LOG_ERRORS] = "errors", [LOG_FAILURES] = "failures",
	[LOG_SLOWEST] = "slowest", [LOG_SECONDS] = "seconds", [LOG_TIME] = "time", [LOG_HOST] = "host",
};

/* A name given twice keeps its first value: what comes later may have been smuggled in. */
static void keep(struct log_record *record, const char *name, const char *value)
{
	for (int i = 0; i < LOG_KEYS; i++)
		if (names[i][0] == name[0] && strcmp(names[i], name) == 0) {
			if (!record->value[i])
				record->value[i] = value;
			return;
		}
}

/* "\xHH" at at; -1 where there is none. */
static int escaped_byte(const char *at)
{
	int high, low;

	if (at[0] != '\\' || at[1] != 'x' || (high = g_ascii_xdigit_value(at[2])) < 0 || (low = g_ascii_xdigit_value(at[3])) < 0)
		return -1;
	return high * 16 + low;
}

/* Reads a token or an address up to end (' ' or '>'), escapes undone; returns where it ends, NULL where something stands there that may not. */
static char *read_bare(char *at, char end)
{
	char *out = at;

	while (*at && *at != end) {
		int byte = escaped_byte(at);

		if (*at == ' ' || *at == '"' || *at == '<' || *at == '>' || (*at == '\\' && byte < 0))
			return NULL;
		*out++ = byte > 0 ? (char)byte : *at;
		at += byte < 0 ? 1 : 4;
	}
	if (end == '>' && *at != '>')
		return NULL;
	if (out < at)
		*out = '\0';
	return at;
}

static char *read_quoted(char *at)
{
	char *out = at;

	for (; *at && *at != '"'; at++) {
		if (*at == '\\' && at[1] != '"' && at[1] != '\\')
			return NULL;
		if (*at == '\\')
			at++;
		*out++ = *at;
	}
	if (*at != '"')
		return NULL;
	*out = '\0';
	return at;
}

/* Reads the value at at and ends it with NUL. Returns what follows (the blank's successor or the end), NULL where the grammar is broken. */
static char *read_pair_value(char *at, char **value)
{
	char frame = *at, *end;

	*value = frame == '"' || frame == '<' ? at + 1 : at;
	end = frame == '"' ? read_quoted(*value) : read_bare(*value, frame == '<' ? '>' : ' ');
	if (!end || (end == at && frame != '"'))
		return NULL;
	if (frame == '"' || frame == '<')
		*end++ = '\0';
	if (*end != ' ' && *end != '\0')
		return NULL;
	if (*end == ' ')
		*end++ = '\0';
	return end;
}

static bool read_pairs(struct log_record *record, char *at)
{
	while (*at) {
		size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
		char *name = at, *value;

		if (length == 0 || at[length] != '=')
			return false;
		at[length] = '\0';
		at = read_pair_value(at + length + 1, &value);
		if (!at)
			return false;
		keep(record, name, value);
	}
	return true;
}

static enum log_sort sort_of(const struct log_record *record)
{
	if (record->value[LOG_KIND])
		return LOG_EVENT;
	if (record->value[LOG_STATE] && record->value[LOG_NAME])
		return LOG_ALERT;
	if (record->value[LOG_INTERVAL] && record->value[LOG_MESSAGES])
		return LOG_STATS;
	return LOG_NOTICE;
}

static void visit_member(const char *name, const char *value, void *data)
{
	if (value && *value)
		keep(data, name, value);
}

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

void log_record_read_words(struct log_record *record, char *words)
{
	size_t word = strcspn(words, ": ");
	char *pairs = words + word + 2;
	bool promised;

	if (*words == '{') {
		record->sort = log_json_each(words, visit_member, record) ? sort_of(record) : LOG_DAMAGED;
		return;
	}
	record->sort = LOG_NOTICE;
	if (word == 0 || words[word] != ':' || words[word + 1] != ' ')
		return;
	promised = has_prefix(pairs, "kind=") || has_prefix(words, "stats: ") || has_prefix(words, "alert: ");
	words[word] = '\0';
	if (read_pairs(record, pairs))
		record->sort = sort_of(record);
	else if (promised)
		record->sort = LOG_DAMAGED;
	if (record->sort == LOG_EVENT)
		keep(record, "queue_id", words);
}

/* An entry of journalctl -o json, or our own object with time and host put before it. */
struct entry {
	struct log_record *record;
	const char *ident, *message, *microseconds, *host;
};

static void visit_entry(const char *name, const char *value, void *data)
{
	struct entry *entry = data;

	if (strcmp(name, "SYSLOG_IDENTIFIER") == 0)
		entry->ident = value;
	else if (strcmp(name, "MESSAGE") == 0)
		entry->message = value ? value : "";
	else if (strcmp(name, "__REALTIME_TIMESTAMP") == 0)
		entry->microseconds = value;
	else if (strcmp(name, "_HOSTNAME") == 0)
		entry->host = value;
	else if (value && *value)
		keep(entry->record, name, value);
}

static void read_object(struct log_record *record, char *line, const struct log_origin *origin)
{
	struct entry entry = {.record = record};
	bool good = log_json_each(line, visit_entry, &entry);

	if (entry.message || entry.ident) {
		memset(record->value, 0, sizeof record->value);
		if (g_strcmp0(entry.ident, origin->ident) != 0)
			return;
		record->host = entry.host;
		record->time = entry.microseconds ? g_ascii_strtoll(entry.microseconds, NULL, 10) / G_USEC_PER_SEC : LOG_NO_TIME;
		record->sort = LOG_DAMAGED;
		if (good && entry.message)
			log_record_read_words(record, (char *)(gpointer)entry.message);
		return;
	}
	/* Many programs log objects; only the kinds of our events tell ours. */
	if (g_strcmp0(record->value[LOG_KIND], "bounce") != 0 && g_strcmp0(record->value[LOG_KIND], "delay") != 0)
		return;
	record->sort = good ? LOG_EVENT : LOG_DAMAGED;
	record->host = record->value[LOG_HOST];
	record->time = record->value[LOG_TIME] ? log_time_read(record->value[LOG_TIME], origin->latest, NULL) : LOG_NO_TIME;
}

void log_record_read(struct log_record *record, char *line, const struct log_origin *origin)
{
	char *words;

	memset(record, 0, sizeof *record);
	record->time = LOG_NO_TIME;
	if (*line == '{') {
		read_object(record, line, origin);
		return;
	}
	words = log_head_read(line, origin, &record->time, &record->host);
	if (words) {
		log_record_read_words(record, words);
	} else {
		record->time = LOG_NO_TIME;
		record->host = NULL;
	}
}

bool log_rule_is_number(const char *rule, const char *reason)
{
	return !rule || !reason || strcmp(reason, "unspecified") == 0 || has_prefix(rule, "dsn.") || has_prefix(rule, "code.") || has_prefix(rule, "digits.") ||
	       has_prefix(rule, "class.");
}
