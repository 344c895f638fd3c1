/* check_session.c - what a session asks the MTA for, what it keeps, what comes back; with many sessions in threads and a reload among them. */
#include "session.h"
#include "suite.h"

#include "log.h"
#include "mail.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static struct snapshots *snapshots;
static struct recorder *recorder;
static char *conf_file;

static struct snapshot *snapshot_with(const char *conf)
{
	GError *error = NULL;
	struct snapshot *snapshot;

	ck_assert(g_file_set_contents(conf_file, conf, -1, NULL));
	snapshot = snapshot_load(conf_file, &error);
	ck_assert_msg(snapshot != NULL, "%s", error ? error->message : "");
	return snapshot;
}

static void setup(void)
{
	struct snapshot *first;

	close(g_file_open_tmp("smtp-explain-session.XXXXXX", &conf_file, NULL));
	first = snapshot_with("[annotate]\nhost = mx.site.example\n[milter]\nbody_limit = 8192\n");
	snapshots = snapshots_new(first);
	recorder = recorder_new(first);
}

static void teardown(void)
{
	snapshots_free(snapshots);
	recorder_free(recorder);
	g_unlink(conf_file);
	g_free(conf_file);
}

static const char report_body[] = "--b\r\nContent-Type: text/plain\r\n\r\n<bob@example.net>: 550 5.1.1 User unknown\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
				  "Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; bob@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n"
				  "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n--b--\r\n";

static void give_report_header(struct session *session)
{
	session_field(session, "From", " MAILER-DAEMON@mx.example.net");
	session_field(session, "Subject", " Undelivered Mail Returned to Sender");
	session_field(session, "Content-Type", " multipart/report;\n\treport-type=delivery-status; boundary=b");
}

static struct session_outcome give_report(struct session *session, const char *sender)
{
	session_allow_body(session, true);
	ck_assert_int_eq(session_mail_from(session, sender), SESSION_CONTINUE);
	give_report_header(session);
	ck_assert_int_eq(session_end_of_header(session), SESSION_CONTINUE);
	for (size_t at = 0; at < strlen(report_body); at += 7)	/* chunks are cut anywhere */
		ck_assert_int_eq(session_body(session, report_body + at, MIN(7, strlen(report_body) - at)), SESSION_CONTINUE);
	return session_end_of_message(session, "mta.example");
}

static const struct render_field *find_added(const struct edits *edits, const char *name)
{
	for (guint i = 0; i < edits->adds->len; i++) {
		const struct render_field *field = g_ptr_array_index(edits->adds, i);

		if (strcmp(field->name, name) == 0)
			return field;
	}
	return NULL;
}

START_TEST(a_report_is_explained_for_any_null_sender)
{
	static const char *const senders[] = {"", "<>", "<double-bounce@site.example>"};
	struct session *session = session_new(snapshots, recorder);
	struct session_outcome outcome = give_report(session, senders[_i]);
	const struct render_field *field = find_added(outcome.edits, "X-SMTP-Explain");

	ck_assert_ptr_nonnull(field);
	ck_assert_ptr_nonnull(strstr(field->value, "reason=recipient-unknown"));
	ck_assert(g_str_has_prefix(field->value, "mx.site.example;"));
	ck_assert_ptr_nonnull(outcome.body);
	ck_assert_uint_gt(outcome.body->len, strlen(report_body));
	session_finish(session, true, "ABC");
	session_free(session);
}
END_TEST

START_TEST(without_the_right_to_change_bodies_there_are_fields_only)
{
	struct session *session = session_new(snapshots, recorder);
	struct session_outcome outcome;

	session_mail_from(session, "<>");
	give_report_header(session);
	session_end_of_header(session);
	session_body(session, report_body, strlen(report_body));
	outcome = session_end_of_message(session, NULL);
	ck_assert_ptr_null(outcome.body);
	ck_assert_ptr_nonnull(strstr(find_added(outcome.edits, "X-SMTP-Explain")->value, "annotated=headers (mta-refused)"));
	ck_assert_ptr_null(find_added(outcome.edits, "X-SMTP-Explain-Edits"));
	session_finish(session, true, NULL);
	session_free(session);
}
END_TEST

START_TEST(ordinary_mail_is_let_go_at_the_end_of_its_header)
{
	struct session *session = session_new(snapshots, recorder);

	ck_assert_int_eq(session_mail_from(session, "<ann@example.com>"), SESSION_CONTINUE);
	session_field(session, "From", " ann@example.com");
	session_field(session, "Subject", " lunch");
	ck_assert_int_eq(session_end_of_header(session), SESSION_DONE);
	session_free(session);
}
END_TEST

START_TEST(forged_fields_need_the_end_of_the_message_but_no_body)
{
	struct session *session = session_new(snapshots, recorder);
	struct session_outcome outcome;

	session_mail_from(session, "<ann@example.com>");
	session_field(session, "X-SMTP-Explain", " forged");
	session_field(session, "From", " ann@example.com");
	session_field(session, "x-smtp-explain", " forged again");
	session_field(session, "X-SMTP-Explain-Help", " forged");
	session_field(session, "X-SMTP-Explainer", " not ours");
	ck_assert_int_eq(session_end_of_header(session), SESSION_ENOUGH);
	ck_assert_int_eq(session_body(session, "x", 1), SESSION_ENOUGH);
	outcome = session_end_of_message(session, NULL);
	ck_assert_uint_eq(outcome.edits->drops->len, 3);
	ck_assert_int_eq(g_array_index(outcome.edits->drops, struct edit_drop, 1).index, 2);
	ck_assert_uint_eq(outcome.edits->adds->len, 0);
	ck_assert_ptr_null(outcome.body);
	session_finish(session, true, NULL);
	session_free(session);
}
END_TEST

START_TEST(skip_lets_ordinary_mail_go_at_mail_from)
{
	struct session *session = session_new(snapshots, recorder);

	snapshots_swap(snapshots, snapshot_with("[milter]\nordinary_mail = skip\n"));
	ck_assert_int_eq(session_mail_from(session, "<ann@example.com>"), SESSION_DONE);
	ck_assert_int_eq(session_mail_from(session, "<>"), SESSION_CONTINUE);
	session_free(session);
}
END_TEST

START_TEST(a_long_body_gets_fields_only)
{
	struct session *session = session_new(snapshots, recorder);
	char *filler = g_strnfill(4000, 'x');
	struct session_outcome outcome;
	enum session_next next = SESSION_CONTINUE;

	session_mail_from(session, "<>");
	give_report_header(session);
	session_end_of_header(session);
	session_body(session, report_body, strlen(report_body));
	for (int i = 0; i < 5; i++)
		next = session_body(session, filler, 4000);
	ck_assert_int_eq(next, SESSION_ENOUGH);
	outcome = session_end_of_message(session, NULL);
	ck_assert_ptr_null(outcome.body);
	ck_assert_ptr_nonnull(find_added(outcome.edits, "X-SMTP-Explain"));
	ck_assert_ptr_null(find_added(outcome.edits, "X-SMTP-Explain-Edits"));
	session_finish(session, true, NULL);
	session_free(session);
	g_free(filler);
}
END_TEST

/* Thirty megabytes with a limit of 8192 bytes, whether the MTA stops at once or not at all. */
START_TEST(no_more_is_kept_than_the_limit)
{
	struct session *session = session_new(snapshots, recorder);
	char *chunk = g_strnfill(65535, 'x');

	session_allow_body(session, true);
	session_mail_from(session, "<>");
	give_report_header(session);
	session_end_of_header(session);
	session_body(session, report_body, strlen(report_body));
	for (int i = 0; i < 30 * 16; i++) {
		session_body(session, chunk, 65535);
		ck_assert_uint_le(session_bytes_kept(session), 2 * (8192 + 1024));
	}
	session_end_of_message(session, NULL);
	ck_assert_uint_le(session_bytes_kept(session), 2 * (8192 + 1024));
	session_finish(session, true, NULL);

	snapshots_swap(snapshots, snapshot_with("[milter]\nbody_limit = 1000000\n"));
	session_mail_from(session, "<>");
	give_report_header(session);
	session_end_of_header(session);
	session_body(session, report_body, strlen(report_body));
	for (int i = 0; i < 14; i++)
		ck_assert_int_eq(session_body(session, chunk, 65535), SESSION_CONTINUE);
	ck_assert_ptr_nonnull(session_end_of_message(session, NULL).body);
	ck_assert_uint_gt(session_bytes_kept(session), 14 * 65535 * 2);	/* the body as it came, and with the explanation */
	ck_assert_uint_le(session_bytes_kept(session), 4 * 1000000);
	session_finish(session, true, NULL);
	ck_assert_uint_le(session_bytes_kept(session), 64 * 1024);	/* a large message leaves no large buffer behind */
	session_free(session);
	g_free(chunk);
}
END_TEST

START_TEST(an_endless_header_is_bounded_and_passes)
{
	struct session *session = session_new(snapshots, recorder);
	char *filler = g_strnfill(60000, 'x');
	struct session_outcome outcome;

	session_mail_from(session, "<>");
	for (int i = 0; i < 100; i++)
		session_field(session, "X-Long", filler);
	session_end_of_header(session);
	session_body(session, "hello\r\n", 7);
	outcome = session_end_of_message(session, NULL);
	ck_assert_ptr_null(outcome.body);
	session_finish(session, true, NULL);
	session_free(session);
	g_free(filler);
}
END_TEST

START_TEST(a_report_behind_an_endless_header_gets_its_fields)
{
	struct session *session = session_new(snapshots, recorder);
	char *filler = g_strnfill(900, 'x');
	struct session_outcome outcome;

	session_allow_body(session, true);
	session_mail_from(session, "<>");
	for (int i = 0; i < 400; i++)
		session_field(session, "X-Long", filler);
	give_report_header(session);
	ck_assert_int_eq(session_end_of_header(session), SESSION_CONTINUE);
	ck_assert_int_eq(session_body(session, report_body, strlen(report_body)), SESSION_CONTINUE);
	outcome = session_end_of_message(session, NULL);
	ck_assert_ptr_nonnull(find_added(outcome.edits, "X-SMTP-Explain"));
	ck_assert_ptr_null(outcome.body);
	session_finish(session, true, NULL);
	session_free(session);
	g_free(filler);
}
END_TEST

START_TEST(a_field_cannot_end_the_header)
{
	struct session *session = session_new(snapshots, recorder);
	struct session_outcome outcome;

	session_mail_from(session, "<>");
	session_field(session, "X-Odd", " one\n\nTo: two\r\n\r\nthree");
	give_report_header(session);
	session_end_of_header(session);
	session_body(session, report_body, strlen(report_body));
	outcome = session_end_of_message(session, NULL);
	ck_assert_ptr_nonnull(find_added(outcome.edits, "X-SMTP-Explain"));
	session_finish(session, true, NULL);
	session_free(session);
}
END_TEST

START_TEST(nothing_of_a_message_survives_the_next)
{
	struct session *session = session_new(snapshots, recorder);
	struct session_outcome outcome;

	give_report(session, "<>");
	session_mail_from(session, "<>");	/* Sendmail sends no abort in between */
	session_field(session, "Subject", " hello");
	session_end_of_header(session);
	session_body(session, "plain\r\n", 7);
	outcome = session_end_of_message(session, NULL);
	ck_assert_uint_eq(outcome.edits->adds->len, 0);
	ck_assert_uint_eq(outcome.edits->drops->len, 0);
	ck_assert_ptr_null(outcome.body);
	session_finish(session, true, NULL);
	session_free(session);
}
END_TEST

START_TEST(callbacks_out_of_order_do_nothing)
{
	struct session *session = session_new(snapshots, recorder);

	session_field(session, "Subject", " x");
	ck_assert_int_eq(session_end_of_header(session), SESSION_DONE);
	ck_assert_int_eq(session_body(session, "x", 1), SESSION_ENOUGH);
	ck_assert_ptr_null(session_end_of_message(session, NULL).edits);
	session_finish(session, true, NULL);
	session_reset(session);
	session_free(session);
	session_free(NULL);
}
END_TEST

START_TEST(a_refused_edit_is_counted_as_an_error)
{
	struct session *session = session_new(snapshots, recorder);
	GString *line = g_string_new(NULL);

	give_report(session, "<>");
	session_finish(session, false, "4F8EEAAE94F");
	stats_take(recorder->stats, 0, line);
	ck_assert_ptr_nonnull(strstr(line->str, " messages=1 reports=1 "));
	ck_assert_ptr_nonnull(strstr(line->str, " errors=1"));
	g_string_free(line, TRUE);
	session_free(session);
}
END_TEST

static const struct {
	const char *conf, *name, *address, *recipient;
	const char *annotated;
} withheld[] = {
	{"exempt_clients = 192.0.2.0/24", "mx.example.net", "192.0.2.7", "<ann@site.example>", "none (exempt-client)"},
	{"exempt_clients = .example.net", "MX.example.net", "192.0.2.7", "<ann@site.example>", "none (exempt-client)"},
	{"exempt_clients = .example.net", "unknown", "192.0.2.7", "<ann@site.example>", "headers+body"},
	{"exempt_clients = 0.0.0.0/0", NULL, NULL, "<ann@site.example>", "headers+body"},
	{"exempt_recipients = bounces-*@site.example", "mx.example.net", "192.0.2.7", "<bounces-7@site.example>", "none (exempt-recipient)"},
	{"exempt_recipients = .example", "mx.example.net", "192.0.2.7", "ann@site.example", "none (exempt-recipient)"},
	{"exempt_recipients = other.example", "mx.example.net", "192.0.2.7", "ann@site.example", "headers+body"},
	{"kinds = delay", NULL, NULL, "ann@site.example", "none (kind)"},
	{"kinds = bounce", NULL, NULL, "ann@site.example", "headers+body"},
	{"origins = ours, not-ours", NULL, NULL, "ann@site.example", "none (origin)"},
	{"origins = unknown", NULL, NULL, "ann@site.example", "headers+body"},
	{"failed_recipients = example.net", NULL, NULL, "ann@site.example", "headers+body"},
	{"failed_recipients = example.com", NULL, NULL, "ann@site.example", "none (failed-recipient)"},
	{"exempt_failed_recipients = bob@example.net", NULL, NULL, "ann@site.example", "none (failed-recipient)"},
	{"exempt_failed_recipients = carol@example.net", NULL, NULL, "ann@site.example", "headers+body"},
	{"failed_recipients = example.net\nexempt_failed_recipients = bob@*", NULL, NULL, "ann@site.example", "none (failed-recipient)"},
};

START_TEST(exempt_reports_stay_as_they_are)
{
	struct session *session = session_new(snapshots, recorder);
	char *conf = g_strdup_printf("[annotate]\n%s\n", withheld[_i].conf);
	bool none = g_str_has_prefix(withheld[_i].annotated, "none");
	struct session_outcome outcome;
	GString *line = g_string_new(NULL);

	snapshots_swap(snapshots, snapshot_with(conf));
	ck_assert(session_needs(session).client == (strstr(conf, "exempt_clients") != NULL));
	ck_assert(session_needs(session).recipients == (strstr(conf, "exempt_recipients") != NULL));
	session_allow_body(session, true);
	session_client(session, withheld[_i].name, withheld[_i].address);
	session_mail_from(session, "<>");
	session_recipient(session, "<carol@elsewhere.invalid>");
	session_recipient(session, withheld[_i].recipient);
	session_field(session, "X-SMTP-Explain", " forged");
	give_report_header(session);
	session_end_of_header(session);
	session_body(session, report_body, strlen(report_body));
	outcome = session_end_of_message(session, NULL);
	ck_assert_str_eq(outcome.edits->annotated, withheld[_i].annotated);
	ck_assert_uint_eq(outcome.edits->drops->len, 1);	/* forged fields go, whoever is exempt */
	ck_assert(none == (outcome.edits->adds->len == 0));
	ck_assert(none == (outcome.body == NULL));
	session_finish(session, true, "ABC");
	stats_take(recorder->stats, 0, line);
	ck_assert_ptr_nonnull(strstr(line->str, " reports=1 "));
	g_string_free(line, TRUE);
	g_free(conf);
	session_free(session);
}
END_TEST

static const struct {
	const char *conf, *address, *fields[3];
	const char *annotated;
	guint drops;
} kept[] = {
	{"trusted_relays = 192.0.2.0/24", "192.0.2.7", {"X-SMTP-Explain", "X-SMTP-Explain-Summary", NULL}, "none (trusted-relay)", 0},
	{"trusted_relays = 192.0.2.0/24", "192.0.2.7", {"x-smtp-explain ", NULL}, "none (trusted-relay)", 0},
	{"trusted_relays = 192.0.2.0/24", "192.0.2.7", {NULL}, "headers+body", 0},	/* the relay did not explain it */
	{"trusted_relays = 192.0.2.0/24", "192.0.2.7", {"X-SMTP-Explain-Summary", NULL}, "headers+body", 1},
	{"trusted_relays = 192.0.2.0/24", "192.0.3.7", {"X-SMTP-Explain", "X-SMTP-Explain-Summary", NULL}, "headers+body", 2},
	{"trusted_relays = 0.0.0.0/0", NULL, {"X-SMTP-Explain", NULL}, "headers+body", 1},
	{"trusted_relays = 192.0.2.7\nexempt_clients = 192.0.2.7", "192.0.2.7", {"X-SMTP-Explain", NULL}, "none (trusted-relay)", 0},
	{"dry_run = yes", NULL, {"X-SMTP-Explain", "X-SMTP-Explain-Summary", NULL}, "none (dry-run)", 0},
	{"dry_run = yes\nkinds = delay", NULL, {NULL}, "none (kind)", 0},
	{"dry_run = yes\ntrusted_relays = 192.0.2.7", "192.0.2.7", {"X-SMTP-Explain", NULL}, "none (trusted-relay)", 0},
};

START_TEST(a_trusted_relay_is_believed_and_a_dry_run_changes_nothing)
{
	struct session *session = session_new(snapshots, recorder);
	char *conf = g_strdup_printf("[annotate]\n%s\n", kept[_i].conf);
	struct session_outcome outcome;

	snapshots_swap(snapshots, snapshot_with(conf));
	session_allow_body(session, true);
	session_client(session, NULL, kept[_i].address);
	session_mail_from(session, "<>");
	for (guint i = 0; kept[_i].fields[i]; i++)
		session_field(session, kept[_i].fields[i], " v=1");
	give_report_header(session);
	session_end_of_header(session);
	session_body(session, report_body, strlen(report_body));
	outcome = session_end_of_message(session, NULL);
	ck_assert_str_eq(outcome.edits->annotated, kept[_i].annotated);
	ck_assert_uint_eq(outcome.edits->drops->len, kept[_i].drops);
	ck_assert((outcome.edits->adds->len == 0) == g_str_has_prefix(kept[_i].annotated, "none"));
	session_finish(session, true, "ABC");

	session_mail_from(session, "<carol@example.com>");	/* ordinary mail needs its end only for what is to be removed */
	session_field(session, "From", " carol@example.com");
	for (guint i = 0; kept[_i].fields[i]; i++)
		session_field(session, kept[_i].fields[i], " v=1");
	ck_assert_int_eq(session_end_of_header(session), kept[_i].drops > 0 ? SESSION_ENOUGH : SESSION_DONE);
	g_free(conf);
	session_free(session);
}
END_TEST

START_TEST(recipients_are_forgotten_with_their_message_and_the_client_is_not)
{
	struct session *session = session_new(snapshots, recorder);

	snapshots_swap(snapshots, snapshot_with("[annotate]\nexempt_clients = 192.0.2.7\nexempt_recipients = lists.example\n"));
	session_recipient(session, "<early@lists.example>");	/* before any message: nothing to keep it for */
	session_mail_from(session, "<>");
	session_recipient(session, "<a@lists.example>");
	session_reset(session);
	ck_assert_str_eq(give_report(session, "<>").edits->annotated, "headers+body");
	session_client(session, NULL, "192.0.2.7");
	ck_assert_str_eq(give_report(session, "<>").edits->annotated, "none (exempt-client)");
	ck_assert_str_eq(give_report(session, "<>").edits->annotated, "none (exempt-client)");
	session_free(session);
}
END_TEST

START_TEST(nothing_is_asked_for_that_nobody_needs)
{
	struct session *session = session_new(snapshots, recorder);

	ck_assert(session_needs(session).body);
	ck_assert(!session_needs(session).client);
	ck_assert(!session_needs(session).recipients);
	snapshots_swap(snapshots, snapshot_with("[annotate]\nbody = no\n"));
	ck_assert(!session_needs(session).body);
	session_free(session);
}
END_TEST

static const struct {
	const char *version;
	guint line;		/* bytes of the longest line */
	const char *annotated;
} mtas[] = {
	{"Postfix 3.5.12", 2048, "headers (mta-version)"},
	{"Postfix 3.5.12", 2047, "headers+body"},
	{"Postfix 3.5.13", 2048, "headers+body"},
	{"8.17.1", 2048, "headers+body"},
	{NULL, 2048, "headers+body"},
};

START_TEST(a_body_that_the_mta_would_damage_stays)
{
	struct session *session = session_new(snapshots, recorder);
	char *line = g_strnfill(mtas[_i].line, 'x'), *body = g_strconcat(report_body, line, "\r\n", NULL);
	struct session_outcome outcome;

	session_allow_body(session, true);
	session_mta_version(session, mtas[_i].version);
	session_mail_from(session, "<>");
	give_report_header(session);
	session_end_of_header(session);
	session_body(session, body, strlen(body));
	outcome = session_end_of_message(session, NULL);
	ck_assert_str_eq(outcome.edits->annotated, mtas[_i].annotated);
	ck_assert((outcome.body != NULL) == (strcmp(outcome.edits->annotated, "headers+body") == 0));
	session_finish(session, true, NULL);
	session_free(session);
	g_free(body);
	g_free(line);
}
END_TEST

static bool tags_subject(struct session *session, const char *subject)
{
	struct session_outcome outcome;
	bool tagged;

	session_mail_from(session, "<>");
	session_field(session, "From", " MAILER-DAEMON@mx.example.net");
	session_field(session, "Subject", subject);
	session_field(session, "Content-Type", " multipart/report; report-type=delivery-status; boundary=b");
	session_end_of_header(session);
	session_body(session, report_body, strlen(report_body));
	outcome = session_end_of_message(session, NULL);
	ck_assert_ptr_nonnull(find_added(outcome.edits, "X-SMTP-Explain"));
	tagged = outcome.edits->subject != NULL;
	session_finish(session, true, NULL);
	return tagged;
}

/* A subject that could not be given back as it came gets no tag; the next one on the connection does. */
START_TEST(an_odd_subject_speaks_for_itself_alone)
{
	struct session *session = session_new(snapshots, recorder);

	snapshots_swap(snapshots, snapshot_with("[annotate]\nsubject_tag = [{title}]\n"));
	session_allow_body(session, true);
	session_exact_fields(session, true);
	ck_assert(tags_subject(session, " Undelivered Mail"));
	ck_assert(!tags_subject(session, " Undelivered\r Mail"));
	ck_assert(tags_subject(session, " Undelivered Mail"));
	session_free(session);
}
END_TEST

static gpointer run_messages(gpointer data)
{
	struct session *session = session_new(snapshots, recorder);

	(void)data;
	for (int i = 0; i < 50; i++) {
		struct session_outcome outcome = give_report(session, "<>");

		if (!find_added(outcome.edits, "X-SMTP-Explain"))
			g_atomic_int_inc((gint *)data);
		session_finish(session, true, "4F8EEAAE94F");
	}
	session_free(session);
	return NULL;
}

START_TEST(threads_and_a_reload_lose_nothing)
{
	GThread *threads[4];
	gint missing = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("session", run_messages, &missing);
	for (int i = 0; i < 3; i++)
		snapshots_swap(snapshots, snapshot_with("[annotate]\nhost = again.site.example\n"));
	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
	ck_assert_int_eq(missing, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session");
	TCase *tests = tcase_create("session");
	int null = open("/dev/null", O_WRONLY);

	mail_init();
	log_open("check", "mail", true);
	dup2(null, STDERR_FILENO);	/* the log lines of a few hundred messages help nobody here */
	close(null);
	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, a_report_is_explained_for_any_null_sender, 0, 3);
	tcase_add_test(tests, without_the_right_to_change_bodies_there_are_fields_only);
	tcase_add_test(tests, ordinary_mail_is_let_go_at_the_end_of_its_header);
	tcase_add_test(tests, forged_fields_need_the_end_of_the_message_but_no_body);
	tcase_add_test(tests, skip_lets_ordinary_mail_go_at_mail_from);
	tcase_add_test(tests, a_long_body_gets_fields_only);
	tcase_add_test(tests, no_more_is_kept_than_the_limit);
	tcase_add_test(tests, an_endless_header_is_bounded_and_passes);
	tcase_add_test(tests, a_report_behind_an_endless_header_gets_its_fields);
	tcase_add_test(tests, a_field_cannot_end_the_header);
	tcase_add_test(tests, nothing_of_a_message_survives_the_next);
	tcase_add_test(tests, callbacks_out_of_order_do_nothing);
	tcase_add_test(tests, a_refused_edit_is_counted_as_an_error);
	tcase_add_loop_test(tests, exempt_reports_stay_as_they_are, 0, (int)G_N_ELEMENTS(withheld));
	tcase_add_loop_test(tests, a_trusted_relay_is_believed_and_a_dry_run_changes_nothing, 0, (int)G_N_ELEMENTS(kept));
	tcase_add_test(tests, recipients_are_forgotten_with_their_message_and_the_client_is_not);
	tcase_add_loop_test(tests, a_body_that_the_mta_would_damage_stays, 0, (int)G_N_ELEMENTS(mtas));
	tcase_add_test(tests, an_odd_subject_speaks_for_itself_alone);
	tcase_add_test(tests, nothing_is_asked_for_that_nobody_needs);
	tcase_add_test(tests, threads_and_a_reload_lose_nothing);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
