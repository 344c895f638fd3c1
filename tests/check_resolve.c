/* check_resolve.c - which entry explains a failure. Cases: the lines of resolve.test. */
#include "resolve.h"
#include "site.h"
#include "suite.h"

static char **cases;			/* lines of resolve.test */
static struct catalogue *catalogue;

enum { ACTION, CODE, STATUS, REMOTE, TO, DIAGNOSTIC, RULE, REASON, CONFIDENCE, PROVIDER, COLUMNS };

static char *given(const char *column)
{
	return strcmp(column, "-") == 0 ? NULL : (char *)column;
}

static enum action read_action(const char *word)
{
	static const char *const words[] = {"-", "failed", "delayed", "delivered", "relayed", "expanded"};

	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(words[i], word) == 0)
			return (enum action)i;
	ck_abort_msg("no action: %s", word);
}

/* "550 5.1.1", "550", "5.1.1", "-"; "!" behind: the failure is marked as a conflict. */
static struct code read_code(const char *text)
{
	struct code code = CODE_NONE;

	if (given(text))
		ck_assert_uint_gt(code_read(text, strlen(text), &code), 0);
	return code;
}

static struct failure read_failure(char **columns)
{
	struct failure failure = {.action = read_action(columns[ACTION]), .code = read_code(columns[CODE]), .status = read_code(columns[STATUS])};

	failure.remote = given(columns[REMOTE]);
	failure.to = given(columns[TO]);
	failure.diagnostic = given(columns[DIAGNOSTIC]);
	failure.conflict = strchr(columns[STATUS], '!') != NULL;
	return failure;
}

static char *print_verdict(const struct verdict *verdict)
{
	static const char *const confidences[] = {"low", "medium", "high"};

	return g_strdup_printf("%s %s %s %s", verdict->rule ? verdict->rule : "-", entry_id(verdict->reason) + strlen("reason."), confidences[verdict->confidence],
			       verdict->provider ? entry_id(verdict->provider) + strlen("provider.") : "-");
}

START_TEST(explains)
{
	char **columns = g_strsplit(cases[_i], "\t", -1), *got, *wanted;
	GString *trace = g_string_new(NULL);
	struct failure failure;
	struct verdict verdict, untraced;

	ck_assert_msg(g_strv_length(columns) == COLUMNS, "no case: %s", cases[_i]);
	failure = read_failure(columns);
	verdict = resolve(catalogue, &failure, NULL, trace);
	untraced = resolve(catalogue, &failure, NULL, NULL);
	got = print_verdict(&verdict);
	wanted = g_strjoin(" ", columns[RULE], columns[REASON], columns[CONFIDENCE], columns[PROVIDER], NULL);
	ck_assert_msg(strcmp(got, wanted) == 0, "%s\n got: %s\n%s", cases[_i], got, trace->str);
	ck_assert_pstr_eq(untraced.rule, verdict.rule);		/* short cuts change nothing */
	ck_assert_ptr_eq(untraced.entry, verdict.entry);
	ck_assert_ptr_eq(untraced.reason, verdict.reason);
	ck_assert_int_eq(untraced.confidence, verdict.confidence);
	ck_assert(g_str_has_suffix(trace->str, "\n"));
	g_free(untraced.rule);
	g_free(verdict.rule);
	g_free(wanted);
	g_free(got);
	g_string_free(trace, TRUE);
	g_strfreev(columns);
}
END_TEST

/* The lines of --why for a failure. The caller frees it. */
static char *why(struct failure failure)
{
	GString *trace = g_string_new(NULL);
	struct verdict verdict = resolve(catalogue, &failure, NULL, trace);

	g_free(verdict.rule);
	return g_string_free(trace, FALSE);
}

static const struct {
	struct failure failure;
	const char *lines;
} traces[] = {
	{{.code = {550, 5, 1, 1}, .diagnostic = (char *)"550 qxqx qyqy"},
	 "resolve: text: t.high (mailbox-full, priority 99, 4 bytes): best text\n"
	 "resolve: text: t.low (spam-content, priority 98, 4 bytes): lower priority\n"
	 "resolve: text: t.elsewhere (virus, priority 99, 4 bytes): the host did not match\n"
	 "resolve: text: t.other-code (virus, priority 99, 4 bytes): the code did not match\n"
	 "resolve: dsn.5.1.1 (recipient-unknown): not used, text beats number\n"
	 "resolve: won: t.high (mailbox-full)\n"},
	{{.action = ACTION_FAILED, .code = {450, 5, 1, 1}},
	 "resolve: text: the report quotes no words of a server\n"
	 "resolve: dsn: class 5 contradicts the reply 450, which tells nothing\n"
	 "resolve: won: dsn.5.1.1 (recipient-unknown)\n"},
	{{.action = ACTION_FAILED, .code = {550, 4, 4, 7}},
	 "resolve: text: the report quotes no words of a server\n"
	 "resolve: dsn: class 4 contradicts the reply 550, not used\n"
	 "resolve: won: code.550 (recipient-unknown)\n"},
	{{.action = ACTION_FAILED, .code = {0, 5, 1, 1}, .diagnostic = (char *)"zxzx", .conflict = true},
	 "resolve: text: no text of the catalogue matches\n"
	 "resolve: confidence: lowered, Status and reply contradict each other\n"
	 "resolve: won: dsn.5.1.1 (recipient-unknown)\n"},
	{{.action = ACTION_FAILED, .code = {250, 0, 0, 0}, .diagnostic = (char *)"zxzx"},
	 "resolve: text: no text of the catalogue matches\n"
	 "resolve: code: a code of success with a recipient that failed, not used\n"
	 "resolve: won: nothing (unspecified)\n"},
	{{.action = ACTION_DELIVERED, .code = {0, 2, 0, 0}},
	 "resolve: action: delivered, so it is a success\n"
	 "resolve: won: dsn.2.0.0 (success)\n"},
};

/* The stage speaks where only a number or loose words do, and never against a text. */
static const struct {
	enum stage stage;
	struct code code;
	const char *diagnostic, *reason;
} stages[] = {
	{STAGE_CONNECT, {421, 0, 0, 0}, NULL, "connection-failed"},
	{STAGE_CONNECT, {0, 0, 0, 0}, NULL, "connection-failed"},
	{STAGE_CONNECT, {554, 0, 0, 0}, NULL, "ip-reputation"},
	{STAGE_CONNECT, {550, 0, 0, 0}, NULL, "ip-reputation"},
	{STAGE_HELO, {550, 0, 0, 0}, NULL, "reverse-dns"},
	{STAGE_MAIL, {550, 0, 0, 0}, NULL, "sender-invalid"},
	{STAGE_MAIL, {553, 0, 0, 0}, NULL, "sender-invalid"},
	{STAGE_RCPT, {550, 0, 0, 0}, NULL, "recipient-unknown"},
	{STAGE_DATA, {550, 0, 0, 0}, NULL, "policy-rejected"},
	{STAGE_DATA, {552, 0, 0, 0}, NULL, "mailbox-full"},
	{STAGE_CONNECT, {550, 5, 1, 1}, "550 qxqx", "mailbox-full"},
	{STAGE_MAIL, {550, 5, 1, 1}, "550 qxqx", "mailbox-full"},
	{STAGE_NONE, {550, 0, 0, 0}, NULL, "recipient-unknown"},
};

static void check_reason(const struct failure *failure, const char *reason)
{
	GString *trace = g_string_new(NULL);
	struct verdict verdict = resolve(catalogue, failure, NULL, trace);

	ck_assert_msg(strcmp(entry_id(verdict.reason), "reason.") > 0 && strcmp(entry_id(verdict.reason) + strlen("reason."), reason) == 0, "%s instead of %s\n%s",
		      entry_id(verdict.reason), reason, trace->str);
	g_free(verdict.rule);
	g_string_free(trace, TRUE);
}

START_TEST(stage_is_evidence)
{
	struct failure failure = {.action = ACTION_FAILED, .stage = stages[_i].stage, .code = stages[_i].code, .diagnostic = (char *)stages[_i].diagnostic};

	check_reason(&failure, stages[_i].reason);
}
END_TEST

/* Where a list manager refused, a reason in which nobody says who may decide is the list's; one that says more stays. */
static const struct {
	bool list;
	struct code code;
	const char *diagnostic, *reason;
} lists[] = {
	{true, {0, 0, 0, 0}, NULL, "list-restricted"},
	{false, {0, 0, 0, 0}, NULL, "unspecified"},
	{true, {0, 0, 0, 0}, "Your message was rejected.", "list-restricted"},
	{false, {0, 0, 0, 0}, "Your message was rejected.", "policy-rejected"},
	{true, {0, 0, 0, 0}, "Sie sind nicht berechtigt, an diese Adresse zu schreiben.", "list-restricted"},
	{true, {0, 0, 0, 0}, "The message is larger than the 200 KB maximum size", "message-too-large"},
	{true, {552, 0, 0, 0}, NULL, "mailbox-full"},
	{true, {550, 5, 1, 1}, "550 qxqx", "mailbox-full"},
};

START_TEST(list_manager_is_evidence)
{
	struct failure failure = {.action = ACTION_FAILED, .refused_by_list = lists[_i].list, .code = lists[_i].code, .diagnostic = (char *)lists[_i].diagnostic};

	check_reason(&failure, lists[_i].reason);
}
END_TEST

START_TEST(says_why)
{
	char *lines = why(traces[_i].failure);

	ck_assert_str_eq(lines, traces[_i].lines);
	g_free(lines);
}
END_TEST

/* The resolver makes something of every combination; nothing is left without a reason. */
START_TEST(always_has_a_reason)
{
	static const struct code codes[] = {{0}, {550, 0, 0, 0}, {550, 5, 1, 1}, {0, 5, 0, 0}, {450, 5, 1, 1}, {699, 0, 0, 0}, {250, 2, 0, 0}, {0, 2, 0, 0}, {599, 5, 99, 99}};
	static const char *const diagnostics[] = {NULL, "", "qxqx", "zxzx", "250 2.1.5 OK", "\xff\xfe"};

	for (guint i = 0; i < G_N_ELEMENTS(codes) * G_N_ELEMENTS(codes) * G_N_ELEMENTS(diagnostics) * 6 * 2; i++) {
		struct failure failure = {.code = codes[i % 9], .status = codes[i / 9 % 9], .diagnostic = (char *)diagnostics[i / 81 % 6],
					  .action = (enum action)(i / 486 % 6), .conflict = i / 2916};
		struct verdict verdict = resolve(catalogue, &failure, NULL, NULL);

		ck_assert_ptr_nonnull(verdict.reason);
		ck_assert_int_eq(entry_sort(verdict.reason), ENTRY_REASON);
		ck_assert(verdict.rule || !verdict.provider);
		ck_assert_int_ge(verdict.confidence, 0);
		ck_assert_int_le(verdict.confidence, 2);
		if (failure.action >= ACTION_DELIVERED)
			ck_assert_str_eq(entry_id(verdict.reason), "reason.success");
		else if (failure.action != ACTION_NONE)
			ck_assert_str_ne(entry_id(verdict.reason), "reason.success");
		g_free(verdict.rule);
	}
}
END_TEST

static const char site[] =
	"[provider.t]\nname=T\nkind=mta\n"
	"[t.high]\npattern=qxqx\nreason=mailbox-full\npriority=99\n"
	"[t.elsewhere]\npattern=qxqx\nreason=virus\npriority=99\nhost=elsewhere\n"
	"[t.other-code]\npattern=qxqx\nreason=virus\npriority=99\ncode=451\n"
	"[t.low]\npattern=qyqy\nreason=spam-content\npriority=98\nconfidence=medium\n"
	"[t.lowest]\npattern=qzqz\nreason=spam-content\npriority=97\nconfidence=low\n"
	"[t.protocol]\npattern=qpqp\nreason=protocol-error\npriority=99\n"
	"[t.expired]\npattern=qeqe\nreason=delivery-expired\npriority=99\n"
	"[t.success]\npattern=qsqs\nreason=success\npriority=99\n"
	"[t.nothing]\npattern=qnqn\nreason=unspecified\npriority=99\n"
	"[provider.g]\nname=G\nkind=generic\n"
	"[g.quota]\npattern=qgqg\nreason=mailbox-full\npriority=30\n"
	"[g.loose]\npattern=qlql\nreason=remote-error\npriority=14\n"
	"[provider.w]\nname=W\nkind=wrapper\n"
	"[w.wrapped]\npattern=qwqw\nreason=connection-failed\npriority=20\n"
	"[w.delayed]\npattern=qdqd\nreason=delayed\npriority=20\n";

int main(void)
{
	Suite *suite = suite_create("resolve");
	TCase *tests = tcase_create("resolve");
	int failed;

	cases = suite_cases("tests/resolve.test");
	catalogue = site_good(site);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, explains, 0, (int)g_strv_length(cases));
	tcase_add_loop_test(tests, stage_is_evidence, 0, (int)G_N_ELEMENTS(stages));
	tcase_add_loop_test(tests, list_manager_is_evidence, 0, (int)G_N_ELEMENTS(lists));
	tcase_add_loop_test(tests, says_why, 0, (int)G_N_ELEMENTS(traces));
	tcase_add_test(tests, always_has_a_reason);
	suite_add_tcase(suite, tests);
	failed = run_suite(suite);
	catalogue_unref(catalogue);
	g_strfreev(cases);
	return failed;
}
