/* check_explain.c - from a message or a reply to what a reader is told. Cases: rows of the tables below. */
#include "explain.h"
#include "site.h"
#include "suite.h"

static const char site[] =
	"[provider.t]\nname=Tester\nkind=mailbox\nhelp=https://help.example/provider\n"
	"[t.all]\npattern=qxqx\nreason=mailbox-full\npriority=99\nowner=sender\nhelp=https://help.example/entry\n"
	"summary={remote} said that {to} of {domain} at {provider} is {unknown} {full. {remote} again.\nadvice={to}. {domain}!\nadmin=Ask {domain}.\n"
	"[t.bare]\npattern=qyqy\nreason=mailbox-full\npriority=99\n"
	"[provider.g]\nname=Generic\nkind=generic\n"
	"[g.words]\npattern=qgqg\nreason=mailbox-full\npriority=99\nsummary=At {provider}.\n"
	"[phrase.fallback-to]\ntext=\xc3\xa4ny {to}\ntext[qq]=qq-to\n"
	"[reason.mailbox-full]\nsummary[qq]=voll {to}.\n"
	"[dsn.X.2.2]\nmeaning[qq]=qq-full\n"
	"[phrase.headline-bounce]\ntext[qq]=qq-headline {to}\n";

static struct catalogue *catalogue;

/* A bounce for one recipient; any part may be NULL. The caller frees it. */
static char *write_bounce(const char *to, const char *action, const char *status, const char *diagnostic, const char *remote)
{
	GString *text = g_string_new("From: MAILER-DAEMON@mx1.example.com\nTo: ann@example.com\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
				     "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nSorry.\n\n"
				     "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx1.example.com\n\n");

	if (to)
		g_string_append_printf(text, "Final-Recipient: rfc822; %s\n", to);
	g_string_append_printf(text, "Action: %s\n", action);
	if (status)
		g_string_append_printf(text, "Status: %s\n", status);
	if (remote)
		g_string_append_printf(text, "Remote-MTA: dns; %s\n", remote);
	if (diagnostic)
		g_string_append_printf(text, "Diagnostic-Code: smtp; %s\n", diagnostic);
	g_string_append(text, "\n--b\nContent-Type: message/rfc822\n\nReceived: from pc by mx1.example.com\nFrom: ann@example.com\nMessage-ID: <1@example.com>\nSubject: x\n\nHello\n--b--\n");
	return g_string_free(text, FALSE);
}

static struct report *explain_text(const char *text, const char *language)
{
	static const char *const domains[] = {"example.com", NULL};
	static const struct origin_domains ours = {domains, NULL};
	struct explain_options options = {.catalogue = catalogue, .ours = &ours, .language = language};
	struct mail *mail = mail_new(text, strlen(text));
	struct report *report = explain_mail(mail, "", &options);

	mail_free(mail);
	return report;
}

static struct report *explain_bounce(const char *to, const char *action, const char *status, const char *diagnostic, const char *remote, const char *language)
{
	char *text = write_bounce(to, action, status, diagnostic, remote);
	struct report *report = explain_text(text, language);

	g_free(text);
	return report;
}

static const struct explanation *first(const struct report *report)
{
	ck_assert_uint_ge(report->explanations->len, 1);
	return &g_array_index(report->explanations, struct explanation, 0);
}

START_TEST(everything_known)
{
	struct report *report = explain_bounce("bob@example.net", "failed", "5.2.2", "552 5.2.2 qxqx", "mx.example.net", NULL);
	const struct explanation *explanation = first(report);

	ck_assert_uint_eq(report->explanations->len, 1);
	ck_assert(report_has_news(report));
	ck_assert_ptr_eq(explanation->failure, report->bounce->failures->pdata[0]);
	ck_assert_str_eq(explanation->class, "permanent");
	ck_assert_str_eq(explanation->reason, "mailbox-full");
	ck_assert_str_eq(explanation->owner, "sender");
	ck_assert_str_eq(explanation->provider, "t");
	ck_assert_str_eq(explanation->provider_name, "Tester");
	ck_assert_str_eq(explanation->help, "https://help.example/entry");
	ck_assert_str_eq(explanation->rule, "t.all");
	ck_assert_int_eq(explanation->confidence, CONFIDENCE_HIGH);
	ck_assert_int_eq(explanation->origin, ORIGIN_OURS);
	ck_assert_str_eq(explanation->headline, "Your message to bob@example.net was not delivered.");
	ck_assert_str_eq(explanation->summary, "mx.example.net said that bob@example.net of example.net at Tester is {unknown} {full. mx.example.net again.");
	ck_assert_str_eq(explanation->advice, "bob@example.net. example.net!");
	ck_assert_str_eq(explanation->admin, "Ask example.net.");
	ck_assert_str_eq(explanation->meaning, entry_value(catalogue_get(catalogue, "dsn.X.2.2"), "meaning"));
	ck_assert_uint_eq(strlen(explanation->id), 12);
	ck_assert_uint_eq(strspn(explanation->id, "0123456789abcdef"), 12);
	report_free(report);
}
END_TEST

START_TEST(unknown_values_have_words)
{
	struct report *report = explain_bounce(NULL, "failed", "5.2.2", "552 5.2.2 qxqx", NULL, NULL);
	const struct explanation *explanation = first(report);

	ck_assert_str_eq(explanation->summary, "The receiving server said that \xc3\xa4ny {to} of the recipient's domain at Tester is {unknown} {full. The receiving server again.");
	ck_assert_str_eq(explanation->advice, "\xc3\x84ny {to}. The recipient's domain!");
	ck_assert_str_eq(explanation->headline, "Your message was not delivered. The report does not name the address.");
	report_free(report);
}
END_TEST

/* A value is only ever a value, whatever it looks like. */
START_TEST(values_are_not_read_again)
{
	struct report *report = explain_bounce("{domain}@{remote}.example", "failed", "5.2.2", "552 5.2.2 qxqx", "{to}.example", NULL);
	const struct explanation *explanation = first(report);

	ck_assert_str_eq(explanation->advice, "{domain}@{remote}.example. {remote}.example!");
	report_free(report);
}
END_TEST

START_TEST(values_are_harmless)
{
	GString *to = g_string_new("\"a\x1b[31m\"@");
	struct report *report;

	for (guint i = 0; i < 600; i++)
		g_string_append_c(to, 'x');
	g_string_append(to, ".example");
	report = explain_bounce(to->str, "failed", "5.2.2", "552 5.2.2 qxqx", NULL, NULL);
	ck_assert_ptr_null(strchr(first(report)->advice, '\x1b'));
	ck_assert_uint_lt(strlen(first(report)->advice), 700);
	report_free(report);
	g_string_free(to, TRUE);
}
END_TEST

START_TEST(reason_fills_in)
{
	struct report *report = explain_bounce("bob@example.net", "failed", "5.2.2", "552 5.2.2 qyqy", NULL, NULL);
	const struct explanation *explanation = first(report);

	ck_assert_str_eq(explanation->summary, "The receiving server reported that the mailbox of bob@example.net is full.");
	ck_assert_str_eq(explanation->owner, "recipient");
	ck_assert_str_eq(explanation->help, "https://help.example/provider");
	report_free(report);
}
END_TEST

START_TEST(generic_words_have_no_provider)
{
	struct report *report = explain_bounce("bob@example.net", "failed", "5.2.2", "552 5.2.2 qgqg", NULL, NULL);
	const struct explanation *explanation = first(report);

	ck_assert_str_eq(explanation->rule, "g.words");
	ck_assert_ptr_null(explanation->provider);
	ck_assert_ptr_null(explanation->provider_name);
	ck_assert_ptr_null(explanation->help);
	ck_assert_str_eq(explanation->summary, "At the receiving mail system.");
	report_free(report);
}
END_TEST

START_TEST(speaks_the_language)
{
	struct report *report = explain_bounce("bob@example.net", "failed", "5.2.2", "552 5.2.2 qyqy", NULL, "qq");
	const struct explanation *explanation = first(report);

	ck_assert_str_eq(explanation->headline, "qq-headline bob@example.net");
	ck_assert_str_eq(explanation->summary, "voll bob@example.net.");
	ck_assert_str_eq(explanation->meaning, "qq-full");
	ck_assert_str_eq(report->language, "qq");
	ck_assert_str_eq(report_phrase(report, "fallback-to"), "qq-to");
	ck_assert_str_eq(report_phrase(report, "fallback-remote"), "the receiving server");
	ck_assert_str_eq(report_phrase(report, "no-such-phrase"), "");
	report_free(report);
}
END_TEST

static const struct {
	const char *action, *status, *diagnostic, *class, *reason, *rule, *headline;
} kinds[] = {
	{"failed", "5.1.1", "550 5.1.1 zxzx", "permanent", "recipient-unknown", "dsn.5.1.1", "Your message to bob@example.net was not delivered."},
	{"failed", "4.4.7", "450 4.2.2 qyqy", "transient", "mailbox-full", "t.bare", "Your message to bob@example.net was not delivered."},
	{"failed", NULL, NULL, "permanent", "unspecified", NULL, "Your message to bob@example.net was not delivered."},
	{"delayed", "4.0.0", NULL, "transient", "delayed", "dsn.4.0.0", "Your message to bob@example.net has not been delivered yet."},
	{"delayed", "4.2.2", "452 4.2.2 qyqy", "transient", "mailbox-full", "t.bare", "Your message to bob@example.net has not been delivered yet."},
	{"delayed", NULL, NULL, "transient", "delayed", NULL, "Your message to bob@example.net has not been delivered yet."},
};

START_TEST(kinds_of_failure)
{
	struct report *report = explain_bounce("bob@example.net", kinds[_i].action, kinds[_i].status, kinds[_i].diagnostic, NULL, NULL);
	const struct explanation *explanation = first(report);

	ck_assert_pstr_eq(explanation->class, kinds[_i].class);
	ck_assert_str_eq(explanation->reason, kinds[_i].reason);
	ck_assert_pstr_eq(explanation->rule, kinds[_i].rule);
	ck_assert_str_eq(explanation->headline, kinds[_i].headline);
	ck_assert(report_has_news(report));
	report_free(report);
}
END_TEST

START_TEST(no_news_is_left_alone)
{
	struct report *receipt = explain_bounce("bob@example.net", "delivered", "2.0.0", NULL, NULL, NULL);
	struct report *mail = explain_text("From: a@example.com\nSubject: lunch\n\nAt one?\n", NULL), *empty = explain_text("", NULL);

	ck_assert(!report_has_news(receipt));
	ck_assert_uint_eq(receipt->explanations->len, 0);
	ck_assert(!report_has_news(mail));
	ck_assert(!report_has_news(empty));
	report_free(receipt);
	report_free(mail);
	report_free(empty);
	report_free(NULL);
}
END_TEST

/* Many recipients, each with words that keep the patterns busy: numbers decide in the end, and soon. */
START_TEST(hostile_message_is_bounded)
{
	GString *text = g_string_new("From: MAILER-DAEMON@mx1.example.com\nSubject: failure\nMIME-Version: 1.0\n"
				     "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
				     "Reporting-MTA: dns; mx1.example.com\n\n");
	struct report *report;
	const struct explanation *last;

	for (guint i = 0; i < 400; i++) {
		g_string_append_printf(text, "Final-Recipient: rfc822; u%u@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1", i);
		for (guint j = 0; j < 30; j++)
			g_string_append_printf(text, "\n user account %u address is mail quota host sender not", i * 100 + j);
		g_string_append(text, "\n\n");
	}
	g_string_append(text, "--b--\n");
	report = explain_text(text->str, NULL);
	ck_assert_uint_ge(report->explanations->len, 20);
	last = &g_array_index(report->explanations, struct explanation, report->explanations->len - 1);
	ck_assert_str_eq(last->rule, "dsn.5.1.1");
	ck_assert(report->bounce->limited);
	report_free(report);
	g_string_free(text, TRUE);
}
END_TEST

/* The id of the first failure of a bounce. */
static void id_of(const char *text, char id[13])
{
	struct report *report = explain_text(text, NULL);

	g_strlcpy(id, first(report)->id, 13);
	report_free(report);
}

START_TEST(id_is_equal_on_every_copy)
{
	char *text = write_bounce("bob@example.net", "failed", "5.2.2", "552 5.2.2 qxqx", NULL), *copy = g_strconcat("Received: by mx9.example.com; later\nX-Extra: 1\n", text, NULL);
	char *shouted = write_bounce("BOB@Example.NET", "failed", "5.2.2", "552 5.2.2 qxqx", NULL), *other = write_bounce("rob@example.net", "failed", "5.2.2", "552 5.2.2 qxqx", NULL);
	char *code = write_bounce("bob@example.net", "failed", "5.1.1", "550 5.1.1 qxqx", NULL);
	char ids[5][13];

	id_of(text, ids[0]);
	id_of(copy, ids[1]);
	id_of(shouted, ids[2]);
	id_of(other, ids[3]);
	id_of(code, ids[4]);
	ck_assert_str_eq(ids[0], ids[1]);
	ck_assert_str_eq(ids[0], ids[2]);
	ck_assert_str_ne(ids[0], ids[3]);
	ck_assert_str_ne(ids[0], ids[4]);
	g_free(code);
	g_free(other);
	g_free(shouted);
	g_free(copy);
	g_free(text);
}
END_TEST

/* The value itself is part of the contract: other programs compute it too. */
START_TEST(id_is_the_documented_hash)
{
	static const char hashed[] = "mx1.example.com\0<1@example.com>\0bob@example.net\0" "5.2.2";
	char *wanted = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)hashed, sizeof(hashed)), *text, id[13];

	text = write_bounce("bob@example.net", "failed", "5.2.2", "552 5.2.2 qxqx", NULL);
	id_of(text, id);
	wanted[12] = '\0';
	ck_assert_str_eq(id, wanted);
	g_free(text);
	g_free(wanted);
}
END_TEST

static const struct {
	const char *reply, *class, *reason, *rule, *confidence;
} replies[] = {
	{"550", "permanent", "recipient-unknown", "code.550", "low"},
	{"5.2.2", "permanent", "mailbox-full", "dsn.5.2.2", "medium"},
	{"450 4.2.2 qyqy", "transient", "mailbox-full", "t.bare", "high"},
	{"250 OK", "success", "success", NULL, NULL},
	{"qyqy", NULL, "mailbox-full", "t.bare", "high"},
	{"zxzx", NULL, "unspecified", NULL, "low"},
	{"612", "permanent", "remote-error", "code.612", "low"},
	{"", NULL, "unspecified", NULL, "low"},
};

START_TEST(bare_replies)
{
	struct explain_options options = {.catalogue = catalogue, .why = true};
	struct report *report = explain_reply(replies[_i].reply, &options);
	const struct explanation *explanation = first(report);

	ck_assert_int_eq(report->bounce->kind, KIND_NONE);
	ck_assert(report_has_news(report) == (explanation->rule != NULL));
	ck_assert_pstr_eq(explanation->class, replies[_i].class);
	ck_assert_str_eq(explanation->reason, replies[_i].reason);
	if (replies[_i].confidence) {
		ck_assert_pstr_eq(explanation->rule, replies[_i].rule);
		ck_assert_str_eq(confidence_word(explanation->confidence), replies[_i].confidence);
	}
	ck_assert_str_eq(explanation->headline, "");
	ck_assert_str_eq(explanation->id, "");
	ck_assert_str_ne(explanation->summary, "");
	ck_assert_str_ne(explanation->advice, "");
	ck_assert_str_ne(explanation->admin, "");
	ck_assert_ptr_nonnull(report->bounce->trace);
	ck_assert_ptr_nonnull(strstr(report->bounce->trace->str, "resolve: won: "));
	report_free(report);
}
END_TEST

/* Every phrase that the source asks for stands in the catalogue: a missing one would be an empty line in somebody's mail. */
START_TEST(phrases_exist)
{
	char *folder = source_path("src");
	GDir *dir = g_dir_open(folder, 0, NULL);
	GRegex *call = g_regex_new("phrase\\([^;\"]*\"([a-z-]+)\"", 0, 0, NULL);
	const char *name;
	unsigned found = 0;

	while ((name = g_dir_read_name(dir))) {
		char *path = g_build_filename(folder, name, NULL), *text = NULL;
		GMatchInfo *match;

		if (g_str_has_suffix(name, ".c") && g_file_get_contents(path, &text, NULL, NULL)) {
			for (g_regex_match(call, text, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL)) {
				char *word = g_match_info_fetch(match, 1), *id = g_strconcat("phrase.", word, NULL);

				ck_assert_msg(catalogue_get(catalogue, id) != NULL, "%s asks for [%s]", name, id);
				found++;
				g_free(id);
				g_free(word);
			}
			g_match_info_free(match);
		}
		g_free(text);
		g_free(path);
	}
	ck_assert_uint_gt(found, 10);
	g_regex_unref(call);
	g_dir_close(dir);
	g_free(folder);
}
END_TEST

/* Whose words, in whose language: the site's own before the built-in ones, those for the domain before those for all. */
static const char own_words[] =
	"[reason.mailbox-full]\nadvice=Call 1234.\nadvice[de]=Rufen Sie 1234 an.\n"
	"[reason.mailbox-full@example.net]\nadvice=Call the branch[ at {helpdesk-phone}].\n"
	"[provider.google]\nadmin=Ask the cloud team.\n"
	"[google.mailbox-full@students.example.edu]\nhelp=https://help.example/students\nsummary=Full, dear student.\n";

static const struct {
	const char *id, *key, *language, *domain, *words;
} words[] = {
	{"reason.mailbox-full", "advice", NULL, NULL, "Call 1234."},
	{"reason.mailbox-full", "advice", "de", NULL, "Rufen Sie 1234 an."},
	{"reason.mailbox-full", "advice", "fr", NULL, "Call 1234."},
	{"google.mailbox-full", "advice", "de_AT", NULL, "Rufen Sie 1234 an."},
	{"google.mailbox-full", "advice", NULL, "example.net", "Call the branch[ at {helpdesk-phone}]."},
	{"google.mailbox-full", "advice", NULL, "mail.EXAMPLE.net", "Call the branch[ at {helpdesk-phone}]."},
	{"google.mailbox-full", "advice", NULL, "anexample.net", "Call 1234."},
	{"google.mailbox-full", "advice", "de", "example.net", "Rufen Sie 1234 an."},
	{"google.mailbox-full", "admin", NULL, NULL, "Ask the cloud team."},
	{"google.mailbox-full", "summary", NULL, "students.example.edu", "Full, dear student."},
	{"google.mailbox-full", "help", NULL, "students.example.edu", "https://help.example/students"},
};

START_TEST(words_of_the_site_go_first)
{
	struct catalogue *own = site_good(own_words);

	ck_assert_str_eq(entry_words(catalogue_get(own, words[_i].id), words[_i].key, words[_i].language, words[_i].domain), words[_i].words);
	catalogue_unref(own);
}
END_TEST

/* The same for one of the built-in catalogue, which a file without a word about it leaves alone. */
START_TEST(words_that_no_site_has_are_built_in)
{
	struct catalogue *own = site_good("[reason.mailbox-full@example.net]\nadvice=x\n");
	const struct catalogue_entry *entry = catalogue_get(own, "reason.virus");

	ck_assert_str_eq(entry_words(entry, "summary", NULL, "example.net"), entry_text(entry, "summary", NULL));
	ck_assert_str_eq(entry_words(entry, "summary", "de", "example.net"), entry_text(entry, "summary", "de"));
	ck_assert_str_ne(entry_text(entry, "summary", "de"), entry_text(entry, "summary", NULL));
	catalogue_unref(own);
}
END_TEST

static const struct {
	const char *text, *wrong;
} bad_words[] = {
	{"[reason.no-such@example.net]\nadvice=x\n", "site.conf:2: [reason.no-such@example.net] advice: there is no section [reason.no-such]"},
	{"[reason.virus@example.net]\ntitle=x\n", "site.conf:2: [reason.virus@example.net] title: there is no such key in this section"},
	{"[reason.virus@Example.net]\nadvice=x\n", "site.conf:2: [reason.virus@Example.net] advice: there is no such section"},
	{"[phrase.begin@example.net]\ntext=x\n", "site.conf:2: [phrase.begin@example.net] text: there is no such section"},
};

START_TEST(wrong_words_have_a_place)
{
	char *wrong;

	ck_assert_ptr_null(site_load(bad_words[_i].text, &wrong));
	ck_assert_str_eq(wrong, bad_words[_i].wrong);
	g_free(wrong);
}
END_TEST

static struct report *explain_with(const char *text, struct explain_options options)
{
	struct mail *mail = mail_new(text, strlen(text));
	struct report *report;

	options.catalogue = catalogue;
	report = explain_mail(mail, "", &options);
	mail_free(mail);
	return report;
}

/* What the reply states goes into sentences, but only for reasons that it matters for; values are harmless. */
START_TEST(facts_are_told)
{
	struct report *report = explain_bounce("bob@example.net", "failed", "5.3.4", "552 5.3.4 message size 41943040 exceeds size limit 20971520", "mx.example.net", NULL);

	ck_assert(g_str_has_suffix(first(report)->summary, " The message has 40 MB, the limit is 20 MB."));
	ck_assert_uint_eq(first(report)->facts.values[FACT_SIZE_LIMIT].number, 20971520);
	report_free(report);
	report = explain_bounce("bob@example.net", "failed", "5.7.1", "554 5.7.1 Client host [192.0.2.25] blocked using zen.spamhaus.org", "mx.example.net", "de");
	ck_assert(g_str_has_suffix(first(report)->admin, " Die gelistete Adresse ist 192.0.2.25, auf der Liste zen.spamhaus.org."));
	report_free(report);
	report = explain_bounce("bob@example.net", "failed", "5.2.2", "552 5.2.2 qxqx size limit 20971520", "mx.example.net", NULL);
	ck_assert_ptr_null(strstr(first(report)->summary, "20 MB"));
	report_free(report);
	report = explain_bounce("bob@example.net", "failed", "5.1.6", "551 5.1.6 user has moved; please try <bob@example.net>", "mx.example.net", NULL);
	ck_assert(!facts_know(&first(report)->facts, FACT_NEW_ADDRESS));
	report_free(report);
}
END_TEST

/* The recipient's administrator is ours where host or mailbox is. */
START_TEST(our_own_side_is_known)
{
	struct report *report = explain_bounce("bob@example.net", "failed", "5.1.1", "550 5.1.1 No such user", "mx.example.net", NULL);

	ck_assert(!first(report)->our_side);
	report_free(report);
	report = explain_bounce("bob@example.com", "failed", "5.1.1", "550 5.1.1 No such user", "gateway.example.net", NULL);
	ck_assert(first(report)->our_side);
	report_free(report);
	report = explain_bounce("bob@example.net", "failed", "5.1.1", "550 5.1.1 No such user", "mx1.example.com", NULL);
	ck_assert(first(report)->our_side);
	report_free(report);
}
END_TEST

/* Rules, original's fields, envelope reader; "" for none of these; and the language that is chosen. */
static const struct {
	const char *rules, *field, *reader;
	bool original;
	const char *language;
} languages[] = {
	{"", "", "", true, "nl"},
	{"", "Accept-Language: de-DE, en\n", "", true, "de-DE"},
	{"", "Accept-Language: xx, it;q=0.8\n", "", true, "it"},
	{"", "Accept-Language: de;q=0, fr\n", "", true, "fr"},
	{"", "Content-Language: en-US\n", "", true, "en-US"},
	{"", "Content-Language: de\nAccept-Language: pl\n", "", true, "pl"},
	{"", "Accept-Language: de-DE, en\n", "", false, "nl"},
	{"", "Accept-Language: x\"y, ;;,,\n", "", true, "nl"},
	{"example.com:fr", "Accept-Language: de\n", "", true, "fr"},
	{"example.org:fr", "Accept-Language: de\n", "", true, "de"},
	{"ann@example.com:es example.com:fr", "", "ann@example.com", true, "es"},
	{"example.com:fr ann@example.com:es", "", "ann@example.com", true, "fr"},
	{".example.com:pt_BR", "", "eve@a.example.com", true, "pt_BR"},
	{"example.com:fr", "Accept-Language: de\n", "eve@example.org", true, "de"},
};

START_TEST(language_is_the_readers)
{
	char **rules = g_strsplit(languages[_i].rules, " ", -1), *written = write_bounce("bob@example.net", "failed", "5.1.1", "550 5.1.1 No such user", NULL);
	char **parts = g_strsplit(written, "Message-ID: <1@example.com>\n", 2);
	char *text = g_strconcat(parts[0], "Message-ID: <1@example.com>\n", languages[_i].field, parts[1], NULL);
	struct language_rules set = {(const char *const *)rules, languages[_i].original, "nl"};
	GPtrArray *readers = g_ptr_array_new();
	struct report *report;

	if (*languages[_i].reader)
		g_ptr_array_add(readers, (gpointer)languages[_i].reader);
	report = explain_with(text, (struct explain_options){.languages = &set, .readers = readers});
	ck_assert_str_eq(report->language, languages[_i].language);
	report_free(report);
	report = explain_with(text, (struct explain_options){.languages = &set, .readers = readers, .language = "ja"});
	ck_assert_str_eq(report->language, "ja");
	report_free(report);
	g_ptr_array_unref(readers);
	g_free(text);
	g_strfreev(parts);
	g_free(written);
	g_strfreev(rules);
}
END_TEST

START_TEST(language_rules_are_checked)
{
	char *wrong = language_rule_wrong("example.de");

	ck_assert_str_eq(wrong, "example.de: must be an address or domain, a colon and a language, such as example.de:de");
	g_free(wrong);
	wrong = language_rule_wrong("example.de:d");
	ck_assert_ptr_nonnull(wrong);
	g_free(wrong);
	ck_assert_ptr_null(language_rule_wrong("*-x@example.de:pt_BR"));
}
END_TEST

START_TEST(second_language_says_the_same)
{
	char *text = write_bounce("bob@example.net", "failed", "5.1.1", "550 5.1.1 No such user", "mx.example.net");
	struct report *report = explain_with(text, (struct explain_options){.language = "de", .second_language = "en"});
	const struct explanation *second;

	ck_assert_ptr_nonnull(report->second);
	second = first(report->second);
	ck_assert_str_eq(second->rule, first(report)->rule);
	ck_assert_str_eq(second->id, first(report)->id);
	ck_assert_str_eq(second->headline, "Your message to bob@example.net was not delivered.");
	ck_assert_str_ne(second->summary, first(report)->summary);
	report_free(report);
	report = explain_with(text, (struct explain_options){.language = "de-AT", .second_language = "de"});
	ck_assert_ptr_null(report->second);
	report_free(report);
	g_free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("explain");
	TCase *tests = tcase_create("explain");
	int failed;

	mail_init();
	catalogue = site_good(site);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, everything_known);
	tcase_add_loop_test(tests, words_of_the_site_go_first, 0, (int)G_N_ELEMENTS(words));
	tcase_add_test(tests, words_that_no_site_has_are_built_in);
	tcase_add_loop_test(tests, wrong_words_have_a_place, 0, (int)G_N_ELEMENTS(bad_words));
	tcase_add_test(tests, facts_are_told);
	tcase_add_test(tests, our_own_side_is_known);
	tcase_add_loop_test(tests, language_is_the_readers, 0, (int)G_N_ELEMENTS(languages));
	tcase_add_test(tests, language_rules_are_checked);
	tcase_add_test(tests, second_language_says_the_same);
	tcase_add_test(tests, unknown_values_have_words);
	tcase_add_test(tests, values_are_not_read_again);
	tcase_add_test(tests, values_are_harmless);
	tcase_add_test(tests, reason_fills_in);
	tcase_add_test(tests, generic_words_have_no_provider);
	tcase_add_test(tests, speaks_the_language);
	tcase_add_loop_test(tests, kinds_of_failure, 0, (int)G_N_ELEMENTS(kinds));
	tcase_add_test(tests, no_news_is_left_alone);
	tcase_add_test(tests, hostile_message_is_bounded);
	tcase_add_test(tests, id_is_equal_on_every_copy);
	tcase_add_test(tests, id_is_the_documented_hash);
	tcase_add_loop_test(tests, bare_replies, 0, (int)G_N_ELEMENTS(replies));
	tcase_add_test(tests, phrases_exist);
	suite_add_tcase(suite, tests);
	failed = run_suite(suite);
	catalogue_unref(catalogue);
	return failed;
}
