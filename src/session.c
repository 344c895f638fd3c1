/* session.c - what is kept of a passing message, and the one place where its fate is decided.
 *
 * Ordinary mail: its header is kept until it is known to be ordinary (signs_promise_report), nothing else. What may be a report: header and body are
 * kept, within limits, and explained at the end.
 * Not here: libmilter (milter.c), how a message is understood (explain.c), what an annotation looks like (annotate.c).
 */
#include "session.h"

#include "choices.h"
#include "log.h"
#include "mta.h"
#include "sender.h"
#include "signs.h"

#include <string.h>
#include <syslog.h>
#include <unistd.h>

/* A message that passes; session_reset() forgets all of it, and its recipients, which the envelope holds. */
struct message {
	struct snapshot *snapshot;	/* the one it began with; NULL: no message */
	bool null_sender;
	char *sender;			/* of the envelope, as the MTA gives it */
	bool subject_odd;		/* a subject holds what is not kept as it came */
	bool header_cut, body_cut;	/* they were longer than what is kept */
	GString *kept;			/* fields as "Name: value\n", an empty line, the body; empty where nothing is to be kept */
	size_t body;			/* where in it the body begins */
	struct edits *edits;
	const char *withheld;		/* why it is not to be annotated, as far as its envelope and header tell; NULL: it may be */
	struct report *report;		/* after the end of the message; NULL: not a report */
	GString *edited;		/* the new body, NULL: unchanged */
	char *original_sender;		/* of the message that came back; NULL: unknown */
	double seconds;			/* that it took to explain and annotate it */
	bool counted;			/* what became of it is among the statistics */
};

struct session {
	struct snapshots *snapshots;
	struct recorder *recorder;
	bool body_allowed;		/* the MTA lets us change bodies */
	bool exact_fields;		/* a field that is given back is the one that came */
	bool long_lines_damaged;	/* by this MTA, in a replaced body */
	struct envelope envelope;	/* the connection's client; the recipients are the message's */
	struct message message;
};

/* A buffer that once held a large message is given back rather than kept for the life of the connection. */
#define SESSION_KEEP_BUFFER (64u * 1024u)

struct session *session_new(struct snapshots *snapshots, struct recorder *recorder)
{
	struct session *session = g_new0(struct session, 1);

	session->snapshots = snapshots;
	session->recorder = recorder;
	envelope_init(&session->envelope);
	session->message.kept = g_string_new(NULL);
	return session;
}

struct session_needs session_needs(struct session *session)
{
	struct snapshot *snapshot = snapshots_get(session->snapshots);
	const struct conf *conf = snapshot->conf;
	struct session_needs needs = {.body = conf->body, .client = *conf->exempt_clients || *conf->trusted_relays, .recipients = *conf->exempt_recipients || *conf->reader_languages};

	snapshot_unref(snapshot);
	return needs;
}

void session_allow_body(struct session *session, bool allowed)
{
	session->body_allowed = allowed;
}

void session_exact_fields(struct session *session, bool exact)
{
	session->exact_fields = exact;
}

void session_mta_version(struct session *session, const char *version)
{
	session->long_lines_damaged = mta_damages_long_lines(version);
}

void session_client(struct session *session, const char *name, const char *address)
{
	envelope_set_client(&session->envelope, name, address);
}

static void clear_buffer(GString **buffer)
{
	if ((*buffer)->allocated_len > SESSION_KEEP_BUFFER) {
		g_string_free(*buffer, TRUE);
		*buffer = g_string_new(NULL);
	}
	g_string_truncate(*buffer, 0);
}

static void count_pass(struct session *session, enum stats_pass why)
{
	stats_count_pass(session->recorder->stats, why);
	session->message.counted = true;
}

static void forget(struct message *message)
{
	GString *kept = message->kept;

	edits_free(message->edits);
	report_free(message->report);
	if (message->edited)
		g_string_free(message->edited, TRUE);
	snapshot_unref(message->snapshot);
	g_free(message->original_sender);
	g_free(message->sender);
	clear_buffer(&kept);
	*message = (struct message){.kept = kept};
}

void session_reset(struct session *session)
{
	if (!session->message.snapshot)
		return;
	if (!session->message.counted)
		count_pass(session, PASS_GIVEN_UP);
	forget(&session->message);
	envelope_forget_recipients(&session->envelope);
}

void session_free(struct session *session)
{
	if (!session)
		return;
	session_reset(session);
	envelope_clear(&session->envelope);
	g_string_free(session->message.kept, TRUE);
	g_free(session);
}

enum session_next session_mail_from(struct session *session, const char *sender)
{
	struct message *message = &session->message;

	session_reset(session);
	stats_count_message(session->recorder->stats);
	message->snapshot = snapshots_get(session->snapshots);
	message->edits = edits_new();
	message->sender = g_strdup(sender);
	message->null_sender = *sender == '\0' || strcmp(sender, "<>") == 0;
	if (!message->null_sender && strcmp(message->snapshot->conf->ordinary_mail, "skip") == 0) {
		count_pass(session, PASS_SENDER);
		return SESSION_DONE;
	}
	return SESSION_CONTINUE;
}

void session_recipient(struct session *session, const char *recipient)
{
	if (session->message.snapshot)
		envelope_add_recipient(&session->envelope, recipient);
}

/* Does append_value() keep it as it is? */
static bool is_kept_exactly(const char *value)
{
	for (const char *c = strpbrk(value, "\r\n"); c; c = strpbrk(c + 1, "\r\n"))
		if (*c == '\r' || (c[1] != ' ' && c[1] != '\t'))
			return false;
	return true;
}

/* Appends a value so that it stays one field: no line of it may look like the next field or the end of the header. */
static void append_value(GString *header, const char *value)
{
	for (const char *c = value; *c; c++) {
		if (*c == '\r')
			continue;
		g_string_append_c(header, *c);
		if (*c == '\n' && c[1] != ' ' && c[1] != '\t')
			g_string_append_c(header, ' ');
	}
}

void session_field(struct session *session, const char *name, const char *value)
{
	struct message *message = &session->message;
	const char *prefix;

	if (!message->snapshot)
		return;
	prefix = message->snapshot->conf->prefix;
	/* Of what arrived in our namespace only a record of edits tells anything. */
	if (edits_see_field(message->edits, name, strlen(name), 0, 0, prefix) && g_ascii_strcasecmp(name + strlen(prefix), "-Edits") != 0)
		return;
	if (message->kept->len + strlen(name) + strlen(value) > SESSION_HEADER_LIMIT) {
		message->header_cut = true;
		return;
	}
	message->subject_odd |= g_ascii_strcasecmp(name, "Subject") == 0 && !is_kept_exactly(value);
	g_string_append_printf(message->kept, "%s:", name);
	append_value(message->kept, value);
	g_string_append_c(message->kept, '\n');
}

static bool promises_report(const struct message *message)
{
	GArray *fields = fields_split(message->kept->str, message->kept->len, FIELDS_LIMIT, NULL);
	bool promise = signs_promise_report(fields);

	g_array_unref(fields);
	return promise;
}

/* What envelope and header say about changing this message at all. */
static void apply_choices(struct session *session)
{
	struct message *message = &session->message;
	const struct conf *conf = message->snapshot->conf;

	message->withheld = choices_of_envelope(conf, &session->envelope);
	if (edits_see_explanation(message->edits, conf->prefix) && choices_trust(conf, &session->envelope)) {
		message->withheld = "trusted-relay";
		edits_keep_fields(message->edits);
	}
	if (conf->dry_run)
		edits_keep_fields(message->edits);
}

enum session_next session_end_of_header(struct session *session)
{
	struct message *message = &session->message;

	if (!message->snapshot)
		return SESSION_DONE;
	apply_choices(session);
	if (message->null_sender || promises_report(message)) {
		g_string_append_c(message->kept, '\n');
		message->body = message->kept->len;
		return SESSION_CONTINUE;
	}
	g_string_truncate(message->kept, 0);
	count_pass(session, PASS_ORDINARY);
	return message->edits->drops->len > 0 ? SESSION_ENOUGH : SESSION_DONE;
}

enum session_next session_body(struct session *session, const char *bytes, size_t length)
{
	struct message *message = &session->message;
	size_t limit, room;

	if (!message->snapshot || message->kept->len == 0 || message->body_cut)
		return SESSION_ENOUGH;
	limit = message->snapshot->conf->body_limit;
	room = limit - MIN(limit, message->kept->len - message->body);
	g_string_append_len(message->kept, bytes, (gssize)MIN(room, length));
	message->body_cut = length > room;
	return message->body_cut ? SESSION_ENOUGH : SESSION_CONTINUE;
}

static struct annotate_options annotate_options(const struct session *session, const char *host)
{
	const struct message *message = &session->message;
	const struct conf *conf = message->snapshot->conf;

	return (struct annotate_options){.prefix = conf->prefix,
					 .host = host,
					 .body = conf->body,
					 .body_refused = session->body_allowed ? NULL : "mta-refused",
					 .long_lines_damaged = session->long_lines_damaged,
					 .subject_tag = session->exact_fields && !message->subject_odd && !message->header_cut ? conf->subject_tag : NULL,
					 .dkim_signed = conf->dkim_signed,
					 .truncated = message->header_cut || message->body_cut,
					 .keep_record = true,
					 .recipients = conf->recipients};
}

/* Reads the kept message, or what it was before another host explained it: the words of an explanation must not be read as the server's. */
static struct mail *read_message(const struct message *message, const struct earlier_edits *earlier)
{
	const GString *kept = earlier->original ? earlier->original : message->kept;
	struct mail *mail = mail_new(kept->str, kept->len);

	if (mail->body != (earlier->original ? earlier->start : message->body))
		mail->doubtful = true;
	return mail;
}

static void explain_and_annotate(struct session *session, const char *host)
{
	struct message *message = &session->message;
	struct explain_options explain = snapshot_options(message->snapshot);
	struct annotate_options options = annotate_options(session, host);
	gint64 began = g_get_monotonic_time();
	struct earlier_edits earlier = earlier_edits_read(message->kept->str, message->kept->len, options.prefix);
	struct mail *mail = read_message(message, &earlier);

	explain.readers = session->envelope.recipients;
	explain.sentences = EXPLAIN_SHOWN_LIMIT;
	message->report = explain_mail(mail, message->sender, &explain);
	options.earlier = &earlier;
	options.withheld = message->withheld ? message->withheld : choices_of_report(message->snapshot->conf, message->report);
	if (!options.withheld && message->snapshot->conf->dry_run)
		options.withheld = "dry-run";
	annotate(message->edits, message->report, mail, &options);
	if (message->edits->insertions->len > 0)
		message->edited = edits_apply_body(message->edits, message->kept->str + message->body, message->kept->len - message->body);
	message->original_sender = sender_find(mail, message->report->bounce);
	mail_free(mail);
	earlier_edits_clear(&earlier);
	message->seconds = (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
}

struct session_outcome session_end_of_message(struct session *session, const char *host)
{
	struct message *message = &session->message;
	const char *configured;
	char name[256] = "localhost";

	if (!message->snapshot)
		return (struct session_outcome){NULL, NULL};
	configured = message->snapshot->conf->host;
	if (!*configured && !host && gethostname(name, sizeof name - 1) == 0)
		host = name;
	if (message->kept->len > 0)
		explain_and_annotate(session, *configured ? configured : host);
	return (struct session_outcome){message->edits, message->edited};
}

size_t session_bytes_kept(const struct session *session)
{
	const struct message *message = &session->message;

	return message->kept->allocated_len + (message->edited ? message->edited->allocated_len : 0);
}

void session_finish(struct session *session, bool applied, const char *queue_id)
{
	struct message *message = &session->message;

	if (!message->snapshot)
		return;
	if (!applied) {
		stats_count_error(session->recorder->stats, ERROR_EDITS);
		log_line(LOG_ERR, "%s: error: the MTA did not take the changes; message passes as it is", queue_id ? queue_id : "NOQUEUE");
	}
	if (message->report) {
		recorder_report(session->recorder, &(struct recorder_message){.snapshot = message->snapshot,
									      .report = message->report,
									      .queue_id = queue_id,
									      .annotated = applied ? message->edits->annotated : "none (mta-refused)",
									      .sender = message->original_sender,
									      .size = message->kept->len,
									      .seconds = message->seconds});
		message->counted = true;
	}
	session_reset(session);
}
