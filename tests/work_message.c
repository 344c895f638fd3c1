/* work_message.c - hands each file to a session, as the milter does with a message, so that a tool from outside can count the work.
 *
 * usage: work_message CONF FILE...         under callgrind, --toggle-collect=work_once --dump-after=work_once (check_work.py does it)
 *        work_message --memory CONF FILE   prints by how many kB the process grew at most
 *
 * CONF is a configuration as the daemon reads it; /dev/null has the defaults.
 */
#include "log.h"
#include "mail.h"
#include "session.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((noinline)) void work_once(struct session *session, const char *bytes, size_t length);

#define CHUNK 65535u	/* of a body, as Postfix cuts it */

static void give_fields(struct session *session, const char *bytes, size_t length, size_t *body)
{
	GArray *fields = fields_split(bytes, length, G_MAXUINT, body);

	for (guint i = 0; i < fields->len; i++) {
		const struct field *field = &g_array_index(fields, struct field, i);
		char *name = g_strndup(field->name, field->name_length), *value = g_strndup(field->value, field->value_length);

		session_field(session, name, g_strchomp(value));
		g_free(name);
		g_free(value);
	}
	g_array_unref(fields);
}

void work_once(struct session *session, const char *bytes, size_t length)
{
	size_t at;

	session_mail_from(session, "<>");
	session_recipient(session, "<ann@site.example>");
	give_fields(session, bytes, length, &at);
	session_end_of_header(session);
	for (; at < length; at += CHUNK)
		if (session_body(session, bytes + at, MIN(CHUNK, length - at)) != SESSION_CONTINUE)
			break;
	session_end_of_message(session, "mx.example");
	session_finish(session, true, "4F8EEAAE94F");
}

/* The most memory that was ever resident, of this program alone (getrusage() would begin with that of its parent). */
static long peak_kilobytes(void)
{
	char *status = NULL;
	const char *line;
	long peak = 0;

	if (g_file_get_contents("/proc/self/status", &status, NULL, NULL) && (line = strstr(status, "VmHWM:")))
		peak = strtol(line + strlen("VmHWM:"), NULL, 10);
	g_free(status);
	return peak;
}

/* Log lines are part of the work, but nobody wants to see them. */
static void log_into_nothing(void)
{
	int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

	dup2(nothing, STDERR_FILENO);
	close(nothing);
	log_open("smtp-explain", "mail", true);
}

static struct snapshot *load(const char *path)
{
	GError *error = NULL;
	struct snapshot *snapshot = snapshot_load(path, &error);

	if (!snapshot || !snapshot_read_key(snapshot, &error)) {
		fprintf(stderr, "work_message: %s\n", error->message);
		exit(78);
	}
	return snapshot;
}

int main(int argc, char **argv)
{
	bool memory = argc > 1 && strcmp(argv[1], "--memory") == 0;
	int conf = memory ? 2 : 1;
	struct snapshot *snapshot = load(conf < argc ? argv[conf] : "/dev/null");
	struct snapshots *snapshots = snapshots_new(snapshot);
	struct recorder *recorder = recorder_new(snapshot);
	struct session *session = session_new(snapshots, recorder);

	mail_init();
	catalogue_prepare(snapshot->catalogue);
	log_into_nothing();
	session_allow_body(session, true);
	session_exact_fields(session, true);
	work_once(session, "", 0);	/* what is set up once is nobody's work */
	for (int i = conf + 1; i < argc; i++) {
		char *bytes;
		gsize length;
		long before;

		if (!g_file_get_contents(argv[i], &bytes, &length, NULL))
			return 66;
		before = peak_kilobytes();
		work_once(session, bytes, length);
		if (memory)
			printf("%ld\n", peak_kilobytes() - before);
		g_free(bytes);
	}
	session_free(session);
	recorder_free(recorder);
	snapshots_free(snapshots);
	return 0;
}
