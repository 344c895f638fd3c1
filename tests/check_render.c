/* check_render.c - every form of a report: what it looks like (tests/golden/NAME.golden; SMTP_EXPLAIN_GOLDEN=write writes them anew), and that nothing a stranger
 * wrote gets out of its place. Cases: recipients[] for the golden files, hostile[] for the rest. */
#include "card.h"
#include "render.h"
#include "suite.h"
#include "text.h"

#include <json-glib/json-glib.h>
#include <string.h>

static struct catalogue *catalogue;

/* One failed recipient of a made-up report. */
struct recipient {
	const char *report;		/* which report it belongs to */
	const char *to, *orig_to;
	enum action action;
	struct code code, status;
	const char *diagnostic, *remote, *retry_until;
	const char *class, *reason, *owner, *provider, *rule;
	const char *headline, *summary, *advice, *admin, *meaning, *help;
	enum origin origin;
};

#define UNKNOWN .code = {550, 5, 1, 1}, .status = {0, 5, 1, 1}, .class = "permanent", .reason = "recipient-unknown", .owner = "sender", .provider = "google", \
		.rule = "google.recipient-unknown", .advice = "Check the spelling. Sending again unchanged will not help.", .admin = "Nothing to repair here.", \
		.meaning = "mailbox does not exist", .help = "https://support.example.com/unknown?a=1&b=2"
#define FULL .code = {452, 4, 2, 2}, .status = {0, 5, 2, 2}, .class = "permanent", .reason = "mailbox-full", .owner = "recipient", .provider = "microsoft-365", \
	     .rule = "microsoft-365.mailbox-full", .summary = "The mailbox is full.", .advice = "Tell the recipient another way.", .meaning = "mailbox is full"
#define SLOW .code = {451, 4, 7, 1}, .status = {0, 4, 7, 1}, .class = "transient", .reason = "greylisted", .owner = "nobody", .rule = "generic.greylisted", \
	     .summary = "The server asked to try again later.", .advice = "Please wait.", .meaning = "delivery not allowed"

static const struct recipient recipients[] = {
	{"one", "bob@example.net", .action = ACTION_FAILED, .diagnostic = "550-5.1.1 The email account that you tried to reach does not exist. https://evil.example/x?a=b&c=d",
	 .remote = "gmail-smtp-in.l.google.com", .headline = "Your message to bob@example.net was not delivered.",
	 .summary = "This address does not exist at Google.", .origin = ORIGIN_OURS, UNKNOWN},
	{"several", "bob@example.net", .action = ACTION_FAILED, .diagnostic = "550 5.1.1 <bob@example.net>: unknown", .remote = "mx.example.net",
	 .headline = "Your message to bob@example.net was not delivered.", .summary = "There is no mailbox for bob@example.net.", UNKNOWN},
	{"several", "eve@example.net", "eve@example.org", ACTION_FAILED, .diagnostic = "550 5.1.1 <eve@example.net>: unknown", .remote = "mx.example.net",
	 .headline = "Your message to eve@example.net was not delivered.", .summary = "There is no mailbox for eve@example.net.", UNKNOWN},
	{"several", "full@example.com", .action = ACTION_FAILED, .diagnostic = "452 4.2.2 Mailbox full", .headline = "Your message to full@example.com was not delivered.", FULL},
	{"several", "gone@example.com", .action = ACTION_DELIVERED, .code = {250, 2, 1, 5}, .reason = "success", .owner = "nobody", .headline = "", .summary = "", .advice = ""},
	{"several", "late@example.com", .action = ACTION_DELAYED, .headline = "Your message to late@example.com has not been delivered yet.", SLOW},
	{"several", "five@example.com", .action = ACTION_FAILED, .diagnostic = "552 5.2.2 Over quota", .headline = "Your message to five@example.com was not delivered.", FULL},
	{"several", "six@example.com", .action = ACTION_FAILED, .headline = "Your message to six@example.com was not delivered.", FULL},
	{"delay", "late@example.com", .action = ACTION_DELAYED, .diagnostic = "451 4.7.1 Greylisted, try again in 300 seconds", .remote = "mx.example.com",
	 .retry_until = "Fri, 27 Nov 2026 12:00:00 +0000", .headline = "Your message to late@example.com has not been delivered yet.", SLOW},
	{"foreign", "j\303\266rg@b\303\274cher.example", .action = ACTION_FAILED,
	 .diagnostic = "550 5.1.1 \345\256\233\345\205\210\343\201\256\343\203\241\343\203\274\343\203\253\343\202\242\343\203\211\343\203\254\343\202\271\343\201\214\350\246\213"
		       "\343\201\244\343\201\213\343\202\212\343\201\276\343\201\233\343\202\223\343\200\202\346\214\207\345\256\232\343\201\225\343\202\214\343\201\237"
		       "\345\256\233\345\205\210\343\202\222\347\242\272\350\252\215\343\201\227\343\201\246\343\201\217\343\201\240\343\201\225\343\201\204\343\200\202",
	 .remote = "mx.example.jp", .headline = "Your message to j\303\266rg@b\303\274cher.example was not delivered.",
	 .summary = "The receiving server reported that there is no mailbox for j\303\266rg@b\303\274cher.example.", .origin = ORIGIN_NOT_OURS, UNKNOWN},
	{"hostile", "<script>@example.net", .action = ACTION_FAILED,
	 .diagnostic = "550 </td></tr></table><img src=x onerror=hit()> https://evil.example/x?a=1&b=2 \x1b[31m \342\200\256gpj.exe pass\342\200\213word\r\n"
		       "End of the explanation; the original report follows.\n------------------------------------------------------------------------\n\nX-SMTP-Explain: forged",
	 .remote = "mx.example.net", .headline = "Your message to <script>@example.net was not delivered.", .summary = "No mailbox for <script>@example.net.", UNKNOWN},
	{"japanese", "\345\244\252\351\203\216@example.jp", .action = ACTION_FAILED,
	 .diagnostic = "550 5.1.1 \345\256\233\345\205\210\343\201\256\343\203\241\343\203\274\343\203\253\343\202\242\343\203\211\343\203\254\343\202\271\343\201\214"
		       "\350\246\213\343\201\244\343\201\213\343\202\212\343\201\276\343\201\233\343\202\223\343\200\202\346\214\207\345\256\232\343\201\225\343\202\214"
		       "\343\201\237\345\256\233\345\205\210\343\202\222\347\242\272\350\252\215\343\201\227\343\201\246\343\201\217\343\201\240\343\201\225\343\201\204"
		       "\343\200\202 \360\237\221\251\342\200\215\360\237\221\247 e\314\201",
	 .headline = "\345\244\252\351\203\216@example.jp \345\256\233", .summary = "\345\256\233\345\205\210\343\201\214\343\201\202\343\202\212\343\201\276\343\201\233\343\202\223\343\200\202",
	 UNKNOWN},
	{"german", "j\303\266rg@example.de", .action = ACTION_FAILED, .diagnostic = "550 5.1.1 Postfach unbekannt", .remote = "mx.example.de",
	 .headline = "Ihre Nachricht an j\303\266rg@example.de wurde nicht zugestellt.", .summary = "Das Postfach j\303\266rg@example.de gibt es nicht.", UNKNOWN},
	{"long", "a-local-part-that-has-all-of-the-sixty-four-bytes-that-rfc5321-all@a-domain-of-many-labels.which-goes-on-and-on.and-does-not-end-here.nor-here.example.net",
	 .action = ACTION_FAILED, .diagnostic = "550 5.1.1 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx https://example.net/a/path/that/is/longer/than/a/line/and/is/kept/whole/so/that/it/can/be/clicked?and=copied",
	 .headline = "Your message was not delivered.", .summary = "There is no such mailbox.", UNKNOWN},
	{"bare", NULL, .action = ACTION_NONE, .diagnostic = "550 5.1.1 no such user", .headline = "", .summary = "There is no such mailbox.", UNKNOWN},
};

static void fill(struct explanation *explanation, struct failure *failure, const struct recipient *from)
{
	static const struct explanation none = {.reason = NULL};

	failure->orig_to = g_strdup(from->orig_to);
	failure->action = from->action;
	failure->code = from->code;
	failure->status = from->status;
	g_free(failure->diagnostic);
	failure->diagnostic = g_strdup(from->diagnostic);
	g_free(failure->remote);
	failure->remote = g_strdup(from->remote);
	failure->retry_until = g_strdup(from->retry_until);
	failure->conflict = from->code.class != from->status.class;
	*explanation = none;
	explanation->failure = failure;
	explanation->class = from->class;
	explanation->reason = from->reason;
	explanation->owner = from->owner;
	explanation->provider = from->provider;
	explanation->help = from->help;
	explanation->rule = g_strdup(from->rule);
	explanation->confidence = CONFIDENCE_HIGH;
	explanation->origin = from->origin;
	explanation->headline = g_strdup(from->headline);
	explanation->summary = g_strdup(from->summary);
	explanation->advice = g_strdup(from->advice);
	explanation->admin = g_strdup(from->admin);
	explanation->meaning = g_strdup(from->meaning);
	explanation->meaning_of = explanation->failure->code;
	g_strlcpy(explanation->id, from->to ? "9f2c61d0a7b3" : "", sizeof explanation->id);
}

static void add_recipient(struct report *report, const struct recipient *from)
{
	struct explanation explanation;
	struct failure *failure;

	if (report->explanations->len == 0 && report->bounce->failures->len > 0) {
		failure = g_ptr_array_index(report->bounce->failures, 0);
		failure->to = g_strdup(from->to);
	} else {
		failure = bounce_failure(report->bounce, from->to);
	}
	fill(&explanation, failure, from);
	g_array_append_val(report->explanations, explanation);
}

static struct report *empty_report(enum kind kind)
{
	struct explain_options options = {.catalogue = catalogue};
	struct report *report = explain_reply("550", &options);

	g_array_set_size(report->explanations, 0);
	report->bounce->kind = kind;
	if (kind != KIND_NONE) {
		report->bounce->dialect = "rfc3464";
		report->bounce->reporter = g_strdup("mx1.example.com");
		report->bounce->original.message_id = g_strdup("<1@example.com>");
		report->bounce->original.subject = g_strdup("Rechnung \342\202\254 4711");
		report->bounce->original.from = g_strdup("ann@example.com");
	}
	return report;
}

static void add_numbered(struct report *report, int number)
{
	char *to = g_strdup_printf("user%d@example.net", number), *summary = g_strdup_printf("There is no mailbox for %s.", to);
	struct recipient from = {"many", to, .action = ACTION_FAILED, .headline = "x", .summary = summary, UNKNOWN};

	add_recipient(report, &from);
	g_free(summary);
	g_free(to);
}

static struct report *report_called(const char *name)
{
	struct report *report = empty_report(strcmp(name, "bare") == 0 ? KIND_NONE : strcmp(name, "delay") == 0 ? KIND_DELAY : KIND_BOUNCE);

	if (strcmp(name, "japanese") == 0 || strcmp(name, "german") == 0)
		report->language = g_strdup(*name == 'j' ? "ja" : "de");
	for (size_t i = 0; i < G_N_ELEMENTS(recipients); i++)
		if (strcmp(recipients[i].report, name) == 0)
			add_recipient(report, &recipients[i]);
	for (int i = 1; strcmp(name, "many") == 0 && i <= 37; i++)
		add_numbered(report, i);
	return report;
}

static void title(GString *out, const char *form)
{
	g_string_append_printf(out, "=== %s\n", form);
}

static void append_block(GString *out, const struct report *report, unsigned shown, void (*render)(GString *out, struct card *card))
{
	struct card *card = card_new(report, shown, "mx1.example.com");

	render(out, card);
	card_free(card);
}

static GPtrArray *fields_of(const struct report *report, unsigned shown, const char *annotated)
{
	struct card *card = card_new(report, shown, "mx1.example.com");
	GPtrArray *fields = render_fields(card, "X-SMTP-Explain", annotated);

	card_free(card);
	return fields;
}

static void append_fields(GString *out, const struct report *report)
{
	GPtrArray *fields = fields_of(report, 5, "headers (dkim-signed)");

	for (guint i = 0; i < fields->len; i++) {
		const struct render_field *field = g_ptr_array_index(fields, i);

		g_string_append_printf(out, "%s: %s\n", field->name, field->value);
	}
	g_ptr_array_unref(fields);
}

/* All forms of a report, one below the other. */
static void log_line_of(GString *out, const struct report *report, const char *queue_id, const char *annotated, enum render_log_format format)
{
	render_log(out, report, 0, &(struct render_log_options){.format = format, .queue_id = queue_id, .annotated = annotated});
}

static GString *all_forms(const struct report *report, const char *name)
{
	struct render_options options = {.file = strcmp(name, "bare") == 0 ? NULL : name, .recipients = 5, .columns = RENDER_COLUMNS};
	static const char *const forms[] = {"text", "json", "html"};
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		title(out, forms[i]);
		renderer_find(forms[i])->render(out, report, &options);
	}
	title(out, "text block");
	append_block(out, report, 5, render_text_block);
	title(out, "html block");
	append_block(out, report, 5, render_html_block);
	title(out, "fields");
	append_fields(out, report);
	title(out, "log");
	for (int format = RENDER_LOG_KV; format <= RENDER_LOG_JSON; format++) {
		log_line_of(out, report, "4F8EEAAE94F", "headers+body", (enum render_log_format)format);
		g_string_append_c(out, '\n');
	}
	return out;
}

/* Names the first line that differs. */
static void is_same(const char *got, const char *wanted)
{
	char **a = g_strsplit(got, "\n", -1), **b = g_strsplit(wanted, "\n", -1);

	for (guint i = 0; a[i] || b[i]; i++)
		ck_assert_msg(g_strcmp0(a[i], b[i]) == 0, "line %u: %.300s\ninstead of: %.300s", i + 1, a[i] ? a[i] : "(end)", b[i] ? b[i] : "(end)");
	g_strfreev(a);
	g_strfreev(b);
}

static const char *const golden[] = {"one", "several", "delay", "foreign", "bare", "none", "hostile", "japanese", "german", "long", "many"};

START_TEST(looks_as_before)
{
	char *relative = g_strconcat("tests/golden/", golden[_i], ".golden", NULL), *path = source_path(relative), *wanted = NULL;
	struct report *report = strcmp(golden[_i], "none") == 0 ? empty_report(KIND_AUTO_REPLY) : report_called(golden[_i]);
	struct render_options options = {.file = "none", .recipients = 5, .columns = 72};
	GString *got;

	if (report->explanations->len > 0) {
		got = all_forms(report, golden[_i]);
	} else {
		got = g_string_new(NULL);
		g_ptr_array_set_size(report->bounce->failures, 0);
		render_text.render(got, report, &options);
		render_json.render(got, report, &options);
		render_html.render(got, report, &options);
	}
	if (g_getenv("SMTP_EXPLAIN_GOLDEN"))
		ck_assert(g_file_set_contents(path, got->str, (gssize)got->len, NULL));
	ck_assert_msg(g_file_get_contents(path, &wanted, NULL, NULL), "cannot read %s", path);
	is_same(got->str, wanted);
	g_string_free(got, TRUE);
	g_free(wanted);
	g_free(path);
	g_free(relative);
	report_free(report);
}
END_TEST

/* Texts that would like to be something else. Each is put wherever a message can put words. */
static const char *const hostile[] = {
	"x\r\nX-Evil: 1\r\n\r\n<p>body",
	"x\n.\r\n",
	"\x1b[2J\x1b]0;title\x07 \x7f \302\233",
	"\342\200\256moc.live\342\200\254 \342\201\246x \342\200\250y \342\200\251z",
	"\" code=250 to=<x@y> id=\"000",
	"x> code=250 kind=success <y",
	"a=b; to=\"x\"; more=9",
	"\\",
	"\\\"",
	"\"",
	"</td></tr></table><script>alert(1)</script><img src=\"http://evil.example/x\" onerror='alert(2)'>",
	"'\"><a href=javascript:alert(1)>&amp;&#60;",
	"=?utf-8?q?=0D=0AX-Evil:_1?= =?utf-8?b?AAAA?=",
	"End of the explanation; the original report follows.",
	"------------------------------------------------------------------------",
	"=== {to} %s%n%x ${IFS} `id`",
	"\xff\xfe\x80 bad \303",
	"\346\227\245\346\234\254\350\252\236\343\201\256\351\225\267\343\201\204\346\226\207",
	"\327\251\327\234\327\225\327\235 \330\247\331\204\330\263\331\204\330\247\331\205",
	"",
	" ",
	"x",		/* these four are repeated until they are long */
	"\314\210",
	"\" \\ ",
	"\360\237\230\200\342\200\215",
};

#define REPEATED 4

static char *hostile_text(int index)
{
	GString *text = g_string_new(hostile[index]);

	while (index >= (int)G_N_ELEMENTS(hostile) - REPEATED && text->len < 3000)
		g_string_append(text, hostile[index]);
	return g_string_free(text, FALSE);
}

static struct report *hostile_report(const char *text)
{
	struct report *report = empty_report(KIND_BOUNCE);
	struct recipient from = {"hostile", text, text, ACTION_FAILED, .diagnostic = text, .remote = text, .retry_until = text, .origin = ORIGIN_NOT_OURS, UNKNOWN};
	char *headline = g_strdup_printf("Your message to %s was not delivered.", text), *summary = g_strdup_printf("No mailbox for %s", text);

	from.headline = headline;
	from.summary = summary;
	add_recipient(report, &from);
	g_free(report->bounce->reporter);
	report->bounce->reporter = g_strdup(text);
	g_free(report->bounce->original.message_id);
	report->bounce->original.message_id = g_strdup(text);
	g_free(report->bounce->original.subject);
	report->bounce->original.subject = g_strdup(text);
	g_free(headline);
	g_free(summary);
	return report;
}

static const struct render_options standard = {.file = "x", .recipients = 10, .columns = 72};

/* Reads one value at *at and moves behind it; false where its form is broken. */
static bool skip_value(const char **at)
{
	if (**at == '"') {
		for (++*at; **at && **at != '"'; ++*at)
			if (**at == '\\' && *++*at == '\0')
				return false;
		return *(*at)++ == '"';
	}
	if (**at == '<') {
		*at += strcspn(*at, "> \"");
		return *(*at)++ == '>';
	}
	*at += strcspn(*at, " \"<>");
	return true;
}

/* The pairs of a log line must be the known ones, each once and in their order. */
static void pairs_are_known(const char *line)
{
	static const char *const keys[] = {"kind", "to", "orig_to", "code", "dsn", "class", "reason", "owner", "provider", "rule", "confidence", "origin", "remote",
					   "reporter", "sender", "size", "seconds", "suppressed", "annotated", "id", "diagnostic"};
	const char *at = strstr(line, ": kind=");
	size_t next = 0;

	ck_assert_msg(at && !memchr(line, ' ', (size_t)(at - line)), "%s", line);
	at++;

	while (*at) {
		size_t length = strcspn(at + 1, "=");

		ck_assert_msg(*at == ' ', "%s", line);
		while (next < G_N_ELEMENTS(keys) && (strlen(keys[next]) != length || memcmp(at + 1, keys[next], length) != 0))
			next++;
		ck_assert_msg(next++ < G_N_ELEMENTS(keys), "unknown or out of order at \"%s\"", at);
		at += length + 2;
		ck_assert_msg(skip_value(&at), "%s", line);
	}
}

static void is_one_harmless_line(const char *line)
{
	ck_assert_uint_lt(strlen(line), 880);
	ck_assert(g_utf8_validate(line, -1, NULL));
	for (const char *c = line; *c; c = g_utf8_next_char(c)) {
		gunichar character = g_utf8_get_char(c);

		if (g_unichar_iscntrl(character) || (character >= 0x2028 && character <= 0x202e))	/* an assertion for each character would take seconds */
			ck_abort_msg("U+%04X in %s", character, line);
	}
}

START_TEST(log_line_cannot_be_forged)
{
	char *text = hostile_text(_i);
	struct report *report = hostile_report(text);
	GString *line = g_string_new(NULL);

	log_line_of(line, report, text, "headers (dkim-signed)", RENDER_LOG_KV);
	is_one_harmless_line(line->str);
	pairs_are_known(line->str);
	ck_assert_ptr_nonnull(strstr(line->str, " code=550 dsn=5.1.1 "));
	ck_assert_ptr_nonnull(strstr(line->str, " annotated=\"headers (dkim-signed)\" id=9f2c61d0a7b3"));
	*strstr(line->str, " id=") = '\0';
	ck_assert_ptr_null(strstr(line->str, "code=250 "));
	g_string_free(line, TRUE);
	report_free(report);
	g_free(text);
}
END_TEST

START_TEST(json_log_line_is_one_object)
{
	char *text = hostile_text(_i);
	struct report *report = hostile_report(text);
	GString *line = g_string_new(NULL);
	JsonNode *node;

	log_line_of(line, report, "4F8EEAAE94F", "headers+body", RENDER_LOG_JSON);
	is_one_harmless_line(line->str);
	node = json_from_string(line->str, NULL);
	ck_assert_msg(node && JSON_NODE_HOLDS_OBJECT(node), "%s", line->str);
	ck_assert_str_eq(json_object_get_string_member(json_node_get_object(node), "code"), "550");
	ck_assert(g_str_has_prefix(line->str, "{\"queue_id\":\"4F8EEAAE94F\",\"kind\":\"bounce\","));
	json_node_unref(node);
	g_string_free(line, TRUE);
	report_free(report);
	g_free(text);
}
END_TEST

START_TEST(field_cannot_be_left)
{
	char *text = hostile_text(_i);
	struct report *report = hostile_report(text);
	GPtrArray *fields = fields_of(report, 10, "headers+body");

	for (guint i = 0; i < fields->len; i++) {
		const struct render_field *field = g_ptr_array_index(fields, i);
		char **lines = g_strsplit(field->value, "\n", -1);

		ck_assert_uint_lt(strlen(field->value), 20000);
		for (guint j = 0; lines[j]; j++) {
			size_t length = strlen(lines[j]) + (j ? 0 : strlen(field->name) + 2);

			ck_assert_msg(length <= 78 || !strchr(lines[j] + 1, ' '), "%s", lines[j]);
			ck_assert_uint_lt(length, 998);
			ck_assert_msg(j == 0 || (lines[j][0] == ' ' && lines[j][1] != ' ' && lines[j][1] != '\0'), "%s", field->value);
			for (const char *c = lines[j]; *c; c++)
				ck_assert_msg(*c >= ' ' && *c < 127, "%s", field->value);
		}
		ck_assert_msg(!strstr(field->value, "=?utf-8?b?AAAA?="), "%s", field->value);
		g_strfreev(lines);
	}
	g_ptr_array_unref(fields);
	report_free(report);
	g_free(text);
}
END_TEST

/* What a reader of fields decodes is what the report says, and no pair in it is forged. */
START_TEST(field_says_what_the_report_says)
{
	char *text = hostile_text(_i), *shown = card_text(text, 500), *decoded, *wanted;
	struct report *report = hostile_report(text);
	GPtrArray *fields = fields_of(report, 10, "headers+body");
	const struct render_field *field = g_ptr_array_index(fields, 0);
	char **lines = g_strsplit(field->value, "\n", -1), *unfolded = g_strjoinv("", lines);
	GString *quoted = g_string_new(NULL);

	for (const char *c = shown; *c; c++) {
		if (*c == '"' || *c == '\\')
			g_string_append_c(quoted, '\\');
		g_string_append_c(quoted, *c);
	}
	wanted = *shown ? g_strconcat("mx1.example.com; v=1; kind=bounce; to=\"", quoted->str, "\"; code=550; dsn=5.1.1; ", NULL)
			: g_strdup("mx1.example.com; v=1; kind=bounce; code=550; dsn=5.1.1; ");
	decoded = mail_decode_words(unfolded);
	ck_assert_msg(g_str_has_prefix(decoded, wanted), "%s\ninstead of\n%s", decoded, wanted);
	g_string_free(quoted, TRUE);
	g_strfreev(lines);
	g_free(unfolded);
	g_free(decoded);
	g_free(wanted);
	g_free(shown);
	g_free(text);
	g_ptr_array_unref(fields);
	report_free(report);
}
END_TEST

START_TEST(text_block_cannot_be_ended)
{
	char *text = hostile_text(_i);
	struct report *report = hostile_report(text);
	GString *block = g_string_new(NULL);
	guint frame = 0;
	char **lines;

	append_block(block, report, 10, render_text_block);
	lines = g_strsplit(block->str, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		ck_assert(*lines[i] == '\0' || strcmp(lines[i], "*") == 0 || g_str_has_prefix(lines[i], "* "));
		frame += g_str_has_prefix(lines[i], "* ") && lines[i][2] != ' ';
		ck_assert_uint_lt(strlen(lines[i]), 990);
		for (const char *c = lines[i]; *c; c = g_utf8_next_char(c))
			ck_assert(!g_unichar_iscntrl(g_utf8_get_char(c)));
	}
	ck_assert_uint_eq(frame, 5);
	ck_assert(g_str_has_prefix(lines[0], "* ------"));
	ck_assert(g_str_has_suffix(block->str, "------\n\n"));
	g_strfreev(lines);
	g_string_free(block, TRUE);
	report_free(report);
	g_free(text);
}
END_TEST

/* Nobody is told that a message is his own which this site did not send, delayed or failed. */
START_TEST(a_strangers_message_is_not_called_yours)
{
	static const struct {
		enum kind kind;
		const char *words;
	} rows[] = {{KIND_BOUNCE, "A message that you probably did not send was not"}, {KIND_DELAY, "A message that you probably did not send has not"}};
	struct report *report = hostile_report("bob@example.net");
	GString *block = g_string_new(NULL);

	report->bounce->kind = rows[_i].kind;
	append_block(block, report, 10, render_text_block);
	ck_assert_msg(strstr(block->str, rows[_i].words), "%s", block->str);
	ck_assert_ptr_null(strstr(block->str, "Your message to"));
	g_string_free(block, TRUE);
	report_free(report);
}
END_TEST

/* Tags that a card consists of; attributes come from the renderer alone. */
static bool is_tag_of_ours(const char *tag)
{
	static const char *const tags[] = {"div role=\"region\" aria-label=\"Explanation of the report below\" lang=\"en\" dir=\"ltr\">", "table role=\"presentation\" ", "tr>",
					   "td style=\"", "td width=\"25%\" style=\"", "h2 style=\"", "h3 style=\"", "p style=\"", "span>", "span dir=\"ltr\">",
					   "span dir=\"auto\">", "ul style=\"", "li style=\"", "hr style=\"", "blockquote dir=\"auto\" style=\"", "wbr\n>",
					   "a style=\"color:inherit\" href=\"https://support.example.com/", "/div>", "/table>", "/tr>", "/td>", "/h2>", "/h3>", "/p>",
					   "/span>", "/ul>", "/li>", "/blockquote>", "/a>"};

	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++)
		if (g_str_has_prefix(tag, tags[i]))
			return true;
	return false;
}

START_TEST(html_cannot_become_markup)
{
	char *text = hostile_text(_i);
	struct report *report = hostile_report(text);
	GString *block = g_string_new(NULL);
	size_t line = 0;

	append_block(block, report, 10, render_html_block);
	for (const char *c = block->str; *c; c++) {
		line = *c == '\n' ? 0 : line + 1;
		ck_assert_uint_lt(line, 900);
		ck_assert_msg((*c >= ' ' && *c < 127) || *c == '\n', "%s", block->str);
		ck_assert_msg(*c != '<' || is_tag_of_ours(c + 1), "%.60s", c);
	}
	ck_assert(g_str_has_suffix(block->str, "</td></tr></table>\n</div>\n"));
	ck_assert_ptr_null(strstr(block->str, "url("));
	g_string_free(block, TRUE);
	report_free(report);
	g_free(text);
}
END_TEST

/* Members of an object in their order, as a text. */
static char *members(JsonObject *object)
{
	GList *names = json_object_get_members(object);
	GString *out = g_string_new(NULL);

	for (GList *name = names; name; name = name->next)
		g_string_append_printf(out, "%s ", (const char *)name->data);
	g_list_free(names);
	return g_string_free(out, FALSE);
}

static void has_members(JsonObject *object, const char *first)
{
	char *names = members(object);

	ck_assert_msg(g_str_has_prefix(names, first), "%s", names);
	g_free(names);
}

START_TEST(json_has_every_key_in_order)
{
	char *text = hostile_text(_i);
	struct report *report = hostile_report(text);
	GString *out = g_string_new(NULL);
	JsonNode *node;
	JsonObject *object;

	render_json.render(out, report, &standard);
	ck_assert_ptr_eq(strchr(out->str, '\n'), out->str + out->len - 1);
	node = json_from_string(out->str, NULL);
	ck_assert_msg(node && JSON_NODE_HOLDS_OBJECT(node), "%s", out->str);
	object = json_node_get_object(node);
	has_members(object, "v file kind dialect reporter original recipients ");
	has_members(json_object_get_object_member(object, "original"), "message_id subject from ");
	has_members(json_array_get_object_element(json_object_get_array_member(object, "recipients"), 0),
		    "to orig_to action code dsn class reason owner provider rule confidence origin remote diagnostic id summary advice help ");
	json_node_unref(node);
	g_string_free(out, TRUE);
	report_free(report);
	g_free(text);
}
END_TEST

START_TEST(json_counts_messages_of_a_mailbox)
{
	struct render_options options = standard;
	struct report *report = report_called("one");
	GString *out = g_string_new(NULL);

	options.file = "box \xff.mbox";
	options.message = 3;
	render_json.render(out, report, &options);
	ck_assert_msg(g_str_has_prefix(out->str, "{\"v\":1,\"file\":\"box \357\277\275.mbox\",\"message\":3,\"kind\":\"bounce\","), "%s", out->str);
	g_string_free(out, TRUE);
	report_free(report);
}
END_TEST

/* Thousands of recipients: a few fields, a short block. */
START_TEST(many_recipients_are_counted_not_listed)
{
	struct report *report = empty_report(KIND_BOUNCE);
	GString *block = g_string_new(NULL);
	GPtrArray *fields;
	guint with_more = 0;

	for (int i = 0; i < 900; i++) {
		char *to = g_strdup_printf("user%d@example.net", i);
		struct recipient from = {"many", to, .action = ACTION_FAILED, .headline = "x", .summary = to, UNKNOWN};

		add_recipient(report, &from);
		g_free(to);
	}
	fields = fields_of(report, 10, "headers+body");
	for (guint i = 0; i < fields->len; i++) {
		const struct render_field *field = g_ptr_array_index(fields, i);

		with_more += strstr(field->value, "more=890") != NULL;
		ck_assert(!strstr(field->value, "more=890") || i == 9);
	}
	ck_assert_uint_eq(with_more, 1);
	append_block(block, report, 10, render_text_block);
	ck_assert_uint_lt(block->len, 4000);
	ck_assert_ptr_nonnull(strstr(block->str, "890"));
	ck_assert_ptr_nonnull(strstr(block->str, "900 recipients"));
	ck_assert_ptr_null(strstr(block->str, "user10@"));
	g_string_free(block, TRUE);
	g_ptr_array_unref(fields);
	report_free(report);
}
END_TEST

/* Random pieces of what is special somewhere, in every value that a stranger can write, in every form and with every privacy: one line, the known pairs in their
 * order, and nothing that another tool would count. */
START_TEST(random_words_forge_no_log_line)
{
	static const char *const pieces[] = {"\"", "\\", " ", "<", ">", "=", "@", "\n", "\r\n", "kind=bounce", " code=250 ", "status=bounced", "postfix/smtp", "status", "postfix", "/",
					     "\x1b[0m", "\xc3", "\xa4", "\342\200\256", "{", "}", "\",\"code\":\"250", "a", "b@c.example", "%40", "...", "\xff"};
	static struct privacy modes[] = {{PRIVACY_FULL, NULL}, {PRIVACY_DOMAIN, NULL}, {PRIVACY_HASH, NULL}, {PRIVACY_NONE, NULL}};
	GRand *random = g_rand_new_with_seed((guint32)_i);

	for (int round = 0; round < 100; round++) {
		GString *text = g_string_new(NULL), *line = g_string_new(NULL);
		struct report *report;

		for (int i = g_rand_int_range(random, 0, 120); i > 0; i--)
			g_string_append(text, pieces[g_rand_int_range(random, 0, (gint32)G_N_ELEMENTS(pieces))]);
		report = hostile_report(text->str);
		for (int form = 0; form < 8; form++) {
			struct render_log_options options = {.format = form % 2 ? RENDER_LOG_JSON : RENDER_LOG_KV, .queue_id = text->str, .annotated = "headers (dkim-signed)",
							     .privacy = &modes[form / 2], .sender = text->str, .size = G_MAXSIZE, .seconds = 1e9, .suppressed = G_MAXULONG};

			g_string_truncate(line, 0);
			render_log(line, report, 0, &options);
			is_one_harmless_line(line->str);
			ck_assert_msg(!strstr(line->str, "status=") && !strstr(line->str, "postfix/"), "%s", line->str);
			if (form % 2) {
				JsonNode *node = json_from_string(line->str, NULL);

				ck_assert_msg(node && JSON_NODE_HOLDS_OBJECT(node), "%s", line->str);
				ck_assert_str_eq(json_object_get_string_member(json_node_get_object(node), "code"), "550");
				json_node_unref(node);
			} else {
				pairs_are_known(line->str);
			}
		}
		report_free(report);
		g_string_free(line, TRUE);
		g_string_free(text, TRUE);
	}
	g_rand_free(random);
}
END_TEST

static void fits(const struct catalogue_entry *entry, void *data)
{
	const char *id = entry_id(entry), *reason = entry_value(entry, "reason");

	(void)data;
	ck_assert_msg(strlen(id) <= 61, "%s", id);
	ck_assert_msg(!reason || strlen(reason) <= 30, "%s: %s", id, reason);
	ck_assert_msg(entry_sort(entry) != ENTRY_PROVIDER || strlen(strchr(id, '.') + 1) <= 30, "%s", id);
}

/* Words of the catalogue stand in the line whole: who reads it must not have to guess the end of one. */
START_TEST(no_word_of_the_catalogue_is_cut_in_a_log_line)
{
	catalogue_each(catalogue, fits, NULL);
}
END_TEST

START_TEST(log_line_hides_addresses)
{
	static const struct privacy domain = {PRIVACY_DOMAIN, NULL}, none = {PRIVACY_NONE, NULL};
	struct report *report = empty_report(KIND_BOUNCE);
	struct recipient from = {"privacy", "bob@example.net", "robert@example.org", ACTION_FAILED, .diagnostic = "550 5.1.1 <bob@example.net>: bob unknown", .remote = "bob@example.net", UNKNOWN};
	struct render_log_options options = {.queue_id = "4F8EEAAE94F", .privacy = &domain, .sender = "ann@example.com", .size = 2048, .seconds = 0.00125, .suppressed = 7};
	GString *line = g_string_new(NULL);

	from.headline = from.summary = "x";
	add_recipient(report, &from);
	render_log(line, report, 0, &options);
	ck_assert_ptr_nonnull(strstr(line->str, " to=<*@example.net> orig_to=<*@example.org> "));
	ck_assert_ptr_nonnull(strstr(line->str, " sender=<*@example.com> size=2048 seconds=0.001250 suppressed=7 "));
	ck_assert_ptr_nonnull(strstr(line->str, " diagnostic=\"550 5.1.1 <*@example.net>: * unknown\""));
	ck_assert_ptr_null(strstr(line->str, "bob"));
	options.privacy = &none;
	g_string_truncate(line, 0);
	render_log(line, report, 0, &options);
	ck_assert_ptr_null(strstr(line->str, "bob"));
	ck_assert_ptr_null(strstr(line->str, " to="));
	ck_assert_ptr_null(strstr(line->str, " sender="));
	ck_assert_ptr_nonnull(strstr(line->str, " diagnostic=\"550 5.1.1 <*>: * unknown\""));
	g_string_free(line, TRUE);
	report_free(report);
}
END_TEST

/* As many recipients as can be configured, each with a rule of its own and as many bytes as fit: the fields stay within what an MTA takes. */
START_TEST(fields_are_bounded_together)
{
	static const char *const fillers[] = {"x", "\"", "\360\237\230\200", "\303\274 "};
	GString *text = g_string_new(NULL);
	struct report *report = empty_report(KIND_BOUNCE);
	GPtrArray *fields;
	size_t bytes = 0;
	guint with_more = 0;
	const struct render_field *last;

	while (text->len < 2000)
		g_string_append(text, fillers[_i]);
	for (int i = 0; i < 100; i++) {
		char *to = g_strdup_printf("%d%s", i, text->str), *rule = g_strdup_printf("rule.%d", i);
		struct recipient from = {"bounded", to, to, ACTION_FAILED, .remote = text->str, .headline = to, .summary = to, UNKNOWN};

		from.rule = rule;
		from.advice = text->str;
		add_recipient(report, &from);
		g_free(rule);
		g_free(to);
	}
	g_free(report->bounce->original.subject);
	report->bounce->original.subject = g_strdup(text->str);
	fields = fields_of(report, 100, "headers+body");
	for (guint i = 0; i < fields->len; i++) {
		const struct render_field *field = g_ptr_array_index(fields, i);

		bytes += strlen(field->name) + strlen(field->value) + 4;
		with_more += strstr(field->value, "; more=") != NULL || strstr(field->value, "\n more=") != NULL;
	}
	ck_assert_msg(bytes > 28000 && bytes < 60000, "%zu", bytes);
	ck_assert_uint_eq(with_more, 1);
	last = g_ptr_array_index(fields, fields->len - 1);
	ck_assert_str_eq(last->name, "X-SMTP-Explain-Original");
	g_ptr_array_unref(fields);
	report_free(report);
	g_string_free(text, TRUE);
}
END_TEST

/* The longest line there can be has its id and is short enough. */
START_TEST(longest_log_line_keeps_its_id)
{
	char *text = g_strnfill(2000, '\\');
	struct report *report = hostile_report(text);
	GString *line = g_string_new(NULL);

	for (int format = RENDER_LOG_KV; format <= RENDER_LOG_JSON; format++) {
		g_string_truncate(line, 0);
		render_log(line, report, 0, &(struct render_log_options){.format = (enum render_log_format)format, .queue_id = text, .annotated = text, .sender = text,
									 .size = G_MAXSIZE, .seconds = 1e9, .suppressed = G_MAXULONG});
		ck_assert_msg(line->len < 880, "%zu", (size_t)line->len);
		ck_assert_ptr_nonnull(strstr(line->str, "9f2c61d0a7b3"));
	}
	g_string_free(line, TRUE);
	report_free(report);
	g_free(text);
}
END_TEST

static const struct {
	const char *name, *value, *field;
} foldings[] = {
	{"X", "short", "short"},
	{"X", "  two   blanks  ", "two blanks"},
	{"X-SMTP-Explain-Summary", "Your message to bob@example.net was not delivered: no such user",
	 "Your message to bob@example.net was not delivered: no\n such user"},
	{"X", "Gr\303\274\303\237e", "=?utf-8?q?Gr=C3=BC=C3=9Fe?="},
	{"X", "a Gr\303\274\303\237e b", "a =?utf-8?q?Gr=C3=BC=C3=9Fe?= b"},
	{"X", "\303\244 \303\266 x \303\274", "=?utf-8?q?=C3=A4_=C3=B6?= x =?utf-8?q?=C3=BC?="},
	{"X", "\346\227\245\346\234\254\350\252\236\343\201\256\351\225\267\343\201\204\346\226\207\343\201\247",
	 "=?utf-8?q?=E6=97=A5=E6=9C=AC=E8=AA=9E=E3=81=AE=E9=95=B7=E3=81=84=E6=96=87?=\n =?utf-8?q?=E3=81=A7?="},
	{"X", "=?x?", "=?utf-8?q?=3D=3Fx=3F?="},
	{"X", "a\r\nb", "a b"},
};

START_TEST(field_is_folded_and_encoded)
{
	struct render_field *field = render_field_new(foldings[_i].name, foldings[_i].value);

	ck_assert_str_eq(field->name, foldings[_i].name);
	ck_assert_str_eq(field->value, foldings[_i].field);
	render_field_free(field);
}
END_TEST

START_TEST(renderers_have_names)
{
	ck_assert_ptr_eq(renderer_find("text"), &render_text);
	ck_assert_ptr_eq(renderer_find("json"), &render_json);
	ck_assert_ptr_eq(renderer_find("html"), &render_html);
	ck_assert_ptr_null(renderer_find("xml"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("render");
	TCase *tests = tcase_create("render");
	int status;

	mail_init();
	catalogue = catalogue_load(NULL, NULL);
	tcase_add_loop_test(tests, a_strangers_message_is_not_called_yours, 0, 2);
	tcase_add_loop_test(tests, looks_as_before, 0, (int)G_N_ELEMENTS(golden));
	tcase_add_loop_test(tests, log_line_cannot_be_forged, 0, (int)G_N_ELEMENTS(hostile));
	tcase_add_loop_test(tests, json_log_line_is_one_object, 0, (int)G_N_ELEMENTS(hostile));
	tcase_add_loop_test(tests, field_cannot_be_left, 0, (int)G_N_ELEMENTS(hostile));
	tcase_add_loop_test(tests, field_says_what_the_report_says, 0, (int)G_N_ELEMENTS(hostile));
	tcase_add_loop_test(tests, text_block_cannot_be_ended, 0, (int)G_N_ELEMENTS(hostile));
	tcase_add_loop_test(tests, html_cannot_become_markup, 0, (int)G_N_ELEMENTS(hostile));
	tcase_add_loop_test(tests, json_has_every_key_in_order, 0, (int)G_N_ELEMENTS(hostile));
	tcase_add_test(tests, json_counts_messages_of_a_mailbox);
	tcase_add_test(tests, many_recipients_are_counted_not_listed);
	tcase_add_loop_test(tests, random_words_forge_no_log_line, 0, 8);
	tcase_add_test(tests, no_word_of_the_catalogue_is_cut_in_a_log_line);
	tcase_add_test(tests, log_line_hides_addresses);
	tcase_add_loop_test(tests, fields_are_bounded_together, 0, 4);
	tcase_add_test(tests, longest_log_line_keeps_its_id);
	tcase_add_loop_test(tests, field_is_folded_and_encoded, 0, (int)G_N_ELEMENTS(foldings));
	tcase_add_test(tests, renderers_have_names);
	suite_add_tcase(suite, tests);
	status = run_suite(suite);
	catalogue_unref(catalogue);
	return status;
}
