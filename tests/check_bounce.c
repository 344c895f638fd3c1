/* check_bounce.c - recognition of whole messages.
 *
 * Every tests/messages/NAME.eml is read and described in lines; NAME.want holds the lines expected. A new case is two files and no C. All messages are made up
 * for these tests. SMTP_EXPLAIN_DESCRIBE=1 prints the descriptions instead, to start a .want from (then read it).
 */
#include "bounce.h"
#include "signs.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

static GPtrArray *names;	/* of messages, without ".eml" */

static char *message_path(const char *name, const char *suffix)
{
	char *relative = g_strconcat("tests/messages/", name, suffix, NULL), *path = source_path(relative);

	g_free(relative);
	return path;
}

static void describe_failure(GString *out, const struct failure *failure)
{
	char reply[CODE_REPLY_SIZE], enhanced[CODE_ENHANCED_SIZE];

	g_string_append_printf(out, "to: %s\n", failure->to ? failure->to : "-");
	if (failure->orig_to)
		g_string_append_printf(out, " instead of: %s\n", failure->orig_to);
	g_string_append_printf(out, " %s", action_word(failure->action));
	if (code_has_reply(failure->code))
		g_string_append_printf(out, " %s", code_print_reply(failure->code, reply));
	if (code_has_enhanced(failure->code))
		g_string_append_printf(out, " %s", code_print_enhanced(failure->code, enhanced));
	g_string_append(out, failure->conflict ? " conflict\n" : "\n");
	if (failure->remote)
		g_string_append_printf(out, " by: %s\n", failure->remote);
	if (failure->diagnostic)
		g_string_append_printf(out, " says: %s\n", failure->diagnostic);
	if (failure->retry_until)
		g_string_append_printf(out, " until: %s\n", failure->retry_until);
}

static void describe_line(GString *out, const char *label, const char *value)
{
	if (value)
		g_string_append_printf(out, "%s: %s\n", label, value);
}

static char *describe(const struct bounce *bounce)
{
	GString *out = g_string_new(NULL);

	describe_line(out, "kind", kind_word(bounce->kind));
	describe_line(out, "dialect", bounce->dialect);
	describe_line(out, "reporter", bounce->reporter);
	describe_line(out, "message-id", bounce->original.message_id);
	describe_line(out, "subject", bounce->original.subject);
	describe_line(out, "from", bounce->original.from);
	for (guint i = 0; i < bounce->failures->len; i++)
		describe_failure(out, bounce->failures->pdata[i]);
	return g_string_free(out, FALSE);
}

static char *read_and_describe(const char *bytes, size_t length)
{
	struct mail *mail = mail_new(bytes, length);
	struct bounce *bounce = bounce_read(mail, NULL, true);
	char *text = describe(bounce);

	bounce_free(bounce);
	mail_free(mail);
	return text;
}

static char *load(const char *path, gsize *length)
{
	char *bytes = NULL;

	if (!g_file_get_contents(path, &bytes, length, NULL))
		ck_abort_msg("cannot read %s", path);
	return bytes;
}

START_TEST(message_reads_as_wanted)
{
	const char *name = names->pdata[_i];
	char *path = message_path(name, ".eml"), *want_path = message_path(name, ".want");
	gsize length;
	char *bytes = load(path, &length), *want = load(want_path, NULL), *got = read_and_describe(bytes, length);

	ck_assert_msg(strcmp(got, want) == 0, "%s\n--- wanted\n%s--- got\n%s", name, want, got);
	g_free(got);
	g_free(want);
	g_free(bytes);
	g_free(want_path);
	g_free(path);
}
END_TEST

/* Line ends change on the way; what a message says does not. */
START_TEST(line_ends_make_no_difference)
{
	char *path = message_path(names->pdata[_i], ".eml");
	gsize length;
	char *bytes = load(path, &length), *lf = read_and_describe(bytes, length), *crlf;
	GString *other = g_string_new(bytes);

	g_string_replace(other, "\n", "\r\n", 0);
	crlf = read_and_describe(other->str, other->len);
	ck_assert_msg(strcmp(lf, crlf) == 0, "%s\n--- LF\n%s--- CRLF\n%s", (const char *)names->pdata[_i], lf, crlf);
	g_free(crlf);
	g_free(lf);
	g_string_free(other, TRUE);
	g_free(bytes);
	g_free(path);
}
END_TEST

/* A reader of mail is a total function: every beginning of every message gives an answer. */
START_TEST(every_beginning_can_be_read)
{
	char *path = message_path(names->pdata[_i], ".eml");
	gsize length;
	char *bytes = load(path, &length);

	for (gsize cut = 0; cut < length; cut += 1 + length / 150) {
		char *part = g_memdup2(bytes, cut), *text = read_and_describe(part, cut);

		ck_assert(g_str_has_prefix(text, "kind: "));
		g_free(text);
		g_free(part);
	}
	g_free(bytes);
	g_free(path);
}
END_TEST

/* So does every message with bytes changed. The changes are the same in every run. */
START_TEST(damaged_messages_can_be_read)
{
	char *path = message_path(names->pdata[_i], ".eml");
	gsize length;
	char *bytes = load(path, &length);
	GRand *dice = g_rand_new_with_seed((guint32)_i);

	for (int round = 0; round < 40; round++) {
		char *copy = g_memdup2(bytes, length), *text;

		for (int flip = 0; flip < 12 && length > 0; flip++)
			copy[g_rand_int_range(dice, 0, (gint32)length)] = (char)g_rand_int_range(dice, 0, 256);
		text = read_and_describe(copy, length);
		ck_assert(g_utf8_validate(text, -1, NULL));
		g_free(text);
		g_free(copy);
	}
	g_rand_free(dice);
	g_free(bytes);
	g_free(path);
}
END_TEST

static const struct {
	const char *reply, *code, *enhanced;
} replies[] = {
	{"550", "550", ""},
	{"5.1.1", "", "5.1.1"},
	{"550 5.1.1 User unknown", "550", "5.1.1"},
	{"250 2.0.0 Ok", "250", "2.0.0"},
	{"550-5.1.1 one\n550 5.1.1 two", "550", "5.1.1"},
	{"nothing", "", ""},
	{"", "", ""},
};

START_TEST(reads_a_typed_reply)
{
	struct bounce *bounce = bounce_from_reply(replies[_i].reply);
	const struct failure *failure = bounce->failures->pdata[0];
	char reply[CODE_REPLY_SIZE], enhanced[CODE_ENHANCED_SIZE];

	ck_assert_int_eq(bounce->kind, KIND_NONE);
	ck_assert_uint_eq(bounce->failures->len, 1);
	ck_assert_ptr_null(failure->to);
	ck_assert_str_eq(code_print_reply(failure->code, reply), replies[_i].code);
	ck_assert_str_eq(code_print_enhanced(failure->code, enhanced), replies[_i].enhanced);
	bounce_free(bounce);
}
END_TEST

static const struct {
	const char *header;
	bool promise;
} headers[] = {
	{"From: Ann <ann@example.com>\nSubject: Undelivered Mail Returned to Sender\n", false},
	{"From: MAILER-DAEMON@mx.example.com\n", true},
	{"From: Ann <ann@example.com>\nContent-Type: multipart/report; boundary=x\n", true},
	{"From: Ann <ann@example.com>\nContent-Type: text/plain\n", false},
	{"From: a@example.com\nAuto-Submitted: auto-replied\n", true},
	{"From: a@example.com\nX-Failed-Recipients: bob@example.net\n", true},
	{"Return-Path: <>\nFrom: a@example.com\n", true},
	{"From: =?utf-8?Q?Mail_Delivery_Syst?= =?utf-8?Q?em?= <x@mx.example.com>\n", true},
	{"From: =?utf-8?B?0J/QvtGH0YLQvtCy0LDRjyDRgdC40YHRgtC10LzQsA==?= <robot@mx.example.com>\n", true},
	{"From: PostMaster@MX.example.com\n", true},
	{"From: Mail Delivery\n\tSubsystem <x@example.com>\n", true},
	{"From: Ann <ann@example.com>\nContent-Type: Multipart/Report;\n\tReport-Type=\"Delivery-Status\"\n", true},
	{"From: ann@example.com\nTo: Ops-Bounces+bob=example.net@lists.example.com\n", true},
	{"From: ann@example.com\nTo: ops@lists.example.com\n", false},
	{"Return-Path: <MAILER-DAEMON>\nFrom: ann@example.com\n", true},
	{"Return-Path: <ann@example.com>\nFrom: ann@example.com\nSubject: Undeliverable: x\n", false},
	{"From: Post, Anna <anna.post@example.com>\n", false},
	{"From: Masterson <masterson@example.com>\n", false},
	{"To: ann@example.com\nSubject: failure notice\n", true},
	{"Return-Path: <ann@example.com>\nTo: bob@example.com\n", false},
	{"", true},
};

START_TEST(fields_promise_a_report)
{
	GArray *fields = fields_split(headers[_i].header, strlen(headers[_i].header), FIELDS_LIMIT, NULL);

	ck_assert_int_eq(signs_promise_report(fields), headers[_i].promise);
	g_array_unref(fields);
}
END_TEST

#define GATEWAY "From: Mail Gateway <gateway@example.net>\nSubject: Delivery failed\n\nYour message to bob@example.net was not delivered: 550 5.1.1 unknown.\n"
#define PERSON "From: Gill Bates <gill@example.net>\nSubject: Delivery failed\n\nYour message to bob@example.net was not delivered: 550 5.1.1 unknown.\n"
#define POSTMASTER "From: postmaster@example.net\nSubject: Delivery failed\n\nYour message to bob@example.com was not delivered since the mailbox was full.\n"
#define CLIENT "From: MAILER-DAEMON@mx.example.com\nSubject: Postfix SMTP server: errors from pc[192.0.2.7]\n\nOut: 550 5.1.1 <bob@example.net>: unknown\n"

static const struct {
	const char *message, *sender;
	enum kind kind;
} senders[] = {
	/* the same words with nobody behind them, with a sender of their own, and with one that is not known */
	{GATEWAY, "", KIND_BOUNCE},
	{GATEWAY, "<>", KIND_BOUNCE},
	{GATEWAY, "<MAILER-DAEMON@mx.example.net>", KIND_BOUNCE},
	{GATEWAY, "<gateway@example.net>", KIND_BOUNCE},
	{GATEWAY, "gateway@example.net", KIND_BOUNCE},
	{"User-Agent: Mutt/1.5\n" GATEWAY, "gateway@example.net", KIND_NONE},
	{PERSON, "", KIND_BOUNCE},
	{PERSON, "<gill@example.net>", KIND_NONE},
	{POSTMASTER, "", KIND_BOUNCE},
	{POSTMASTER, "<postmaster@example.net>", KIND_BOUNCE},
	{"X-Mailer: Microsoft Outlook 16.0\n" POSTMASTER, "<postmaster@example.net>", KIND_NONE},
	{POSTMASTER "Shall I give it more room?\n", "<postmaster@example.net>", KIND_NONE},
	{POSTMASTER, "<peter@example.net>", KIND_NONE},
	/* fetchmail and its like deliver with a sender of their own; the field still tells */
	{"Return-Path: <>\n" GATEWAY, "<fetchmail@example.com>", KIND_BOUNCE},
	/* Postfix's notices about clients, but not the copies for the postmaster */
	{CLIENT, "", KIND_NONE},
};

START_TEST(the_envelope_sender_decides)
{
	struct mail *mail = mail_new(senders[_i].message, strlen(senders[_i].message));
	struct bounce *bounce = bounce_read(mail, senders[_i].sender, false);

	ck_assert_msg(bounce->kind == senders[_i].kind, "%s from %s: %s", senders[_i].message, senders[_i].sender, kind_word(bounce->kind));
	bounce_free(bounce);
	mail_free(mail);
}
END_TEST

/* What the reader of whole messages recognises, the milter has to let in by its fields alone. */
START_TEST(what_is_recognised_is_promised)
{
	char *path = message_path(names->pdata[_i], ".eml");
	gsize length;
	char *bytes = load(path, &length);
	struct mail *mail = mail_new(bytes, length);
	struct bounce *bounce = bounce_read(mail, NULL, false);

	if (bounce->kind == KIND_BOUNCE || bounce->kind == KIND_DELAY || bounce->kind == KIND_SUCCESS)
		ck_assert_msg(signs_promise_report(mail->fields), "%s", (const char *)names->pdata[_i]);
	bounce_free(bounce);
	mail_free(mail);
	g_free(bytes);
	g_free(path);
}
END_TEST

/* 100,000 recipients in a text of a dialect, in a list without words and in a status part: all stop at the limits. */
START_TEST(many_recipients_are_limited)
{
	static const char *const heads[] = {"This is the mail system at host mx.example.com.\n\n", "Delivery failed:\n\n", "   ----- Transcript of session follows -----\n"};
	GString *text = g_string_new("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.com\nSubject: Undelivered Mail\n\n");
	struct mail *mail;
	struct bounce *bounce;

	g_string_append(text, heads[_i]);
	for (int i = 0; i < 100000; i++)
		g_string_append_printf(text, _i == 2 ? "550 <b%d@example.net>... no\n" : "<b%d@example.net>:\n", i);
	mail = mail_new(text->str, text->len);
	bounce = bounce_read(mail, "", false);
	ck_assert_uint_le(bounce->failures->len, BOUNCE_FAILURES_LIMIT);
	ck_assert(bounce->limited);
	ck_assert_int_eq(bounce->kind, KIND_BOUNCE);
	bounce_free(bounce);
	mail_free(mail);
	g_string_free(text, TRUE);
}
END_TEST

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void find_messages(void)
{
	char *path = source_path("tests/messages");
	GDir *folder = g_dir_open(path, 0, NULL);
	const char *file;

	names = g_ptr_array_new_with_free_func(g_free);
	while (folder && (file = g_dir_read_name(folder)))
		if (g_str_has_suffix(file, ".eml"))
			g_ptr_array_add(names, g_strndup(file, strlen(file) - 4));
	if (folder)
		g_dir_close(folder);
	g_ptr_array_sort(names, compare_names);
	g_free(path);
}

static int print_descriptions(void)
{
	for (guint i = 0; i < names->len; i++) {
		char *path = message_path(names->pdata[i], ".eml"), *bytes = NULL, *text;
		gsize length = 0;

		if (g_file_get_contents(path, &bytes, &length, NULL)) {
			text = read_and_describe(bytes, length);
			printf("==> %s\n%s", (const char *)names->pdata[i], text);
			g_free(text);
		}
		g_free(bytes);
		g_free(path);
	}
	return EXIT_SUCCESS;
}

int main(void)
{
	Suite *suite = suite_create("bounce");
	TCase *tests = tcase_create("bounce");
	int status;

	mail_init();
	find_messages();
	if (g_getenv("SMTP_EXPLAIN_DESCRIBE"))
		return print_descriptions();
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, message_reads_as_wanted, 0, (int)names->len);
	tcase_add_loop_test(tests, line_ends_make_no_difference, 0, (int)names->len);
	tcase_add_loop_test(tests, every_beginning_can_be_read, 0, (int)names->len);
	tcase_add_loop_test(tests, damaged_messages_can_be_read, 0, (int)names->len);
	tcase_add_loop_test(tests, reads_a_typed_reply, 0, (int)G_N_ELEMENTS(replies));
	tcase_add_loop_test(tests, the_envelope_sender_decides, 0, (int)G_N_ELEMENTS(senders));
	tcase_add_loop_test(tests, what_is_recognised_is_promised, 0, (int)names->len);
	tcase_add_loop_test(tests, fields_promise_a_report, 0, (int)G_N_ELEMENTS(headers));
	tcase_add_loop_test(tests, many_recipients_are_limited, 0, 3);
	suite_add_tcase(suite, tests);
	status = run_suite(suite);
	g_ptr_array_unref(names);
	return status;
}
