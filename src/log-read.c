/* log-read.c - files of log lines: opened, unpacked, cut into lines, and the entries of a journal export put together.
 *
 * Most lines of a mail log are those of the MTA. A line that does not name us anywhere is passed over without a closer look, which is what makes a
 * million lines a matter of a second. Not here: what a line says (log-record.c).
 */
#ifdef HAVE_CONFIG_H
#include "config.h"	/* memmem() */
#endif

#include "log-read.h"

#include "log-source.h"

#include <string.h>

#define PROGRESS_LINES 65536u	/* lines between two reports of progress */

/* An entry of journalctl -o export that is being read. */
struct entry {
	bool open;
	bool ours;			/* SYSLOG_IDENTIFIER is our ident */
	gint64 time;
	char host[256];
	GString *message;
	bool damaged;			/* the message is too long to be ours */
};

struct job {
	struct log_reading *reading;
	struct log_source *source;
	struct log_origin origin;
	struct entry entry;
	const char *path;
};

static void hand_over(struct job *job, const struct log_record *record)
{
	if (record->sort == LOG_FOREIGN)
		return;
	job->reading->records++;
	job->reading->visit(record, job->reading->data);
}

static void close_entry(struct job *job)
{
	struct entry *entry = &job->entry;
	struct log_record record = {.sort = LOG_DAMAGED, .time = entry->time, .host = *entry->host ? entry->host : NULL};

	if (!entry->open)
		return;
	job->reading->lines++;
	if (entry->ours && !entry->damaged)
		log_record_read_words(&record, entry->message->str);
	if (entry->ours)
		hand_over(job, &record);
	entry->open = entry->ours = entry->damaged = false;
	entry->time = LOG_NO_TIME;
	entry->host[0] = '\0';
	g_string_truncate(entry->message, 0);
}

static void take_export_field(struct job *job, const char *name, const char *value, size_t length)
{
	struct entry *entry = &job->entry;

	if (strcmp(name, "MESSAGE") == 0) {
		g_string_truncate(entry->message, 0);
		g_string_append_len(entry->message, value, (gssize)length);
		entry->damaged = length >= LOG_SOURCE_LINE_LIMIT || memchr(value, '\0', length);
	} else if (strcmp(name, "__REALTIME_TIMESTAMP") == 0) {
		entry->time = g_ascii_strtoll(value, NULL, 10) / G_USEC_PER_SEC;
	} else if (strcmp(name, "_HOSTNAME") == 0) {
		g_strlcpy(entry->host, value, sizeof entry->host);
	} else if (strcmp(name, "SYSLOG_IDENTIFIER") == 0) {
		entry->ours = strcmp(value, job->origin.ident) == 0;
	}
}

/* A field of the export whose value is no plain text: its name alone on the line, then its length (64 bits, little endian), the bytes and a line end. */
static void take_binary_field(struct job *job, const char *name)
{
	unsigned char size[8];
	guint64 length = 0;
	char *kept = g_strndup(name, 255);
	GString *bytes = g_string_new(NULL);

	if (log_source_take(job->source, (char *)size, 8)) {
		for (int i = 7; i >= 0; i--)
			length = length << 8 | size[i];
		if (length < LOG_SOURCE_LINE_LIMIT) {
			g_string_set_size(bytes, length);
			if (log_source_take(job->source, bytes->str, length))
				take_export_field(job, kept, bytes->str, length);
			else
				job->entry.damaged = true;
		} else {
			log_source_skip(job->source, length);
			job->entry.damaged = job->entry.damaged || strcmp(kept, "MESSAGE") == 0;
		}
		log_source_skip(job->source, 1);
	}
	g_string_free(bytes, TRUE);
	g_free(kept);
}

static void take_export_line(struct job *job, char *line, size_t length)
{
	char *equals;

	if (length == 0) {
		close_entry(job);
		return;
	}
	equals = memchr(line, '=', length);
	if (!equals) {
		take_binary_field(job, line);
		return;
	}
	*equals = '\0';
	take_export_field(job, line, equals + 1, length - (size_t)(equals + 1 - line));
}

/* Could it be ours? Our ident, or the key that every object of a line of ours has. */
static bool is_worth_a_look(const struct job *job, const char *line, size_t length)
{
	const char *ident = job->origin.ident;

	return memmem(line, length, ident, strlen(ident)) || (*line == '{' && memmem(line, length, "\"kind\"", 6));
}

static void take_line(struct job *job, char *line, size_t length)
{
	struct log_record record;

	if (job->entry.open) {
		take_export_line(job, line, length);
		return;
	}
	if (strncmp(line, "__CURSOR=", 9) == 0) {
		job->entry.open = true;
		return;
	}
	job->reading->lines += length > 0;
	if (!is_worth_a_look(job, line, length))
		return;
	if (memchr(line, '\0', length)) {
		record = (struct log_record){.sort = LOG_DAMAGED, .time = LOG_NO_TIME};
		hand_over(job, &record);
		return;
	}
	log_record_read(&record, line, &job->origin);
	hand_over(job, &record);
}

static void tell_progress(const struct job *job)
{
	struct log_progress progress = {.path = job->path, .lines = job->reading->lines, .records = job->reading->records};

	log_source_progress(job->source, &progress.read, &progress.size);
	job->reading->progress(&progress, job->reading->data);
}

static bool read_lines(struct job *job, GError **error)
{
	char *line;
	size_t length;
	guint count = 0;

	while ((line = log_source_line(job->source, &length, error))) {
		take_line(job, line, length);
		if (++count % PROGRESS_LINES == 0 && job->reading->progress)
			tell_progress(job);
	}
	close_entry(job);
	if (job->reading->progress)
		tell_progress(job);
	return !log_source_failed(job->source);
}

bool log_read(struct log_reading *reading, const char *path, GError **error)
{
	struct job job = {.reading = reading, .origin = {.ident = reading->ident, .latest = reading->now}, .path = path, .entry = {.time = LOG_NO_TIME}};
	bool good;

	job.source = log_source_open(path, &job.origin.latest, error);
	if (!job.source)
		return false;
	job.entry.message = g_string_new(NULL);
	good = read_lines(&job, error);
	g_string_free(job.entry.message, TRUE);
	log_source_close(job.source);
	return good;
}
