/* check_annotate.c - what is changed in a message, and that all of it can be taken back. Cases: annotate.test, tests/annotate/, every message of
 * tests/messages/ and of the shared corpus where it is present. */
#include "annotate.h"
#include "edits-record.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

#define PREFIX "X-SMTP-Explain"

/* Whatever the message says, it gets this explanation: so that every structure is annotated, not only those of real reports. */
#define REPLY "550 5.1.1 <bob@example.net>: Empf\303\244nger unbekannt, \343\201\202 \342\202\254 \"<b>&amp;\" =3D"

static struct catalogue *catalogue;
static char **rows;		/* "NAME\tANNOTATED" */
static GPtrArray *paths;	/* of every message for the properties */

static struct report *report_new(void)
{
	struct explain_options options = {.catalogue = catalogue};
	struct report *report = explain_reply(REPLY, &options);

	report->bounce->kind = KIND_BOUNCE;
	return report;
}

/* With a tag, so that every message proves that it can be taken off. */
static const struct annotate_options standard = {.prefix = PREFIX, .host = "mx1.example.com", .body = true, .recipients = 10, .subject_tag = "[{title}: f\303\274r Sie]"};
static const struct annotate_options plain = {.prefix = PREFIX, .host = "mx1.example.com", .body = true, .recipients = 10};
static const struct annotate_options second_host = {.prefix = PREFIX, .host = "mx2.example.com", .body = true, .recipients = 10, .subject_tag = "[{reason}]", .keep_record = true};

static struct edits *edits_for(const GString *message, const struct annotate_options *options)
{
	struct mail *mail = mail_new(message->str, message->len);
	struct report *report = report_new();
	struct edits *edits = edits_new();

	annotate(edits, report, mail, options);
	report_free(report);
	mail_free(mail);
	return edits;
}

static GString *annotated_with(const GString *message, const struct annotate_options *options, bool keep_dropped)
{
	struct edits *edits = edits_for(message, options);
	struct mail *mail = mail_new(message->str, message->len);
	GString *out = edits_apply(edits, message->str, message->len, mail->body, PREFIX, keep_dropped);

	mail_free(mail);
	edits_free(edits);
	return out;
}

static GString *annotated(const GString *message, bool keep_dropped)
{
	return annotated_with(message, &standard, keep_dropped);
}

static GString *read_message(const char *path)
{
	char *bytes = NULL;
	gsize length = 0;
	GString *message;

	ck_assert_msg(g_file_get_contents(path, &bytes, &length, NULL), "cannot read %s", path);
	message = g_string_new_len(bytes, (gssize)length);
	g_free(bytes);
	return message;
}

static GString *read_case(const char *name)
{
	char *relative = g_strconcat("tests/annotate/", name, ".eml", NULL), *path = source_path(relative);
	GString *message = read_message(path);

	g_free(path);
	g_free(relative);
	return message;
}

/* As a transport with CRLF, or a mailbox with LF, would hand the bytes on. */
static GString *with_ends(const GString *message, bool crlf)
{
	GString *out = g_string_sized_new(message->len + 1);

	for (gsize i = 0; i < message->len; i++) {
		if (message->str[i] == '\n' && crlf && !(i > 0 && message->str[i - 1] == '\r'))
			g_string_append_c(out, '\r');
		if (message->str[i] == '\n' && !crlf && i > 0 && message->str[i - 1] == '\r')
			g_string_truncate(out, out->len - 1);
		g_string_append_c(out, message->str[i]);
	}
	return out;
}

/* Takes given off; frees it. */
static void strips_to(GString *given, const GString *wanted, const char *path, const char *what)
{
	bool intact = false;
	GString *stripped = annotation_strip(given->str, given->len, PREFIX, &intact);

	ck_assert_msg(intact, "%s: %s: the hash does not fit", path, what);
	ck_assert_msg(g_string_equal(stripped, wanted), "%s: %s: %zu bytes instead of %zu, or others", path, what, (size_t)stripped->len, (size_t)wanted->len);
	g_string_free(stripped, TRUE);
	g_string_free(given, TRUE);
}

static void survives_line_ends(const GString *message, const GString *with, const char *path)
{
	for (int crlf = 0; crlf < 2; crlf++) {
		GString *wanted = with_ends(message, crlf);

		strips_to(with_ends(with, crlf), wanted, path, crlf ? "as CRLF" : "as LF");
		g_string_free(wanted, TRUE);
	}
}

static bool has_the_same_subject(const GString *a, const GString *b)
{
	GArray *fields[2] = {fields_split(a->str, a->len, G_MAXSIZE, NULL), fields_split(b->str, b->len, G_MAXSIZE, NULL)};
	const struct field *one = fields_find(fields[0], "Subject"), *other = fields_find(fields[1], "Subject");
	bool same = one && other && one->value_length == other->value_length && memcmp(one->value, other->value, one->value_length) == 0;

	g_array_unref(fields[0]);
	g_array_unref(fields[1]);
	return same;
}

static void survives_a_second_time(const GString *with, const char *path)
{
	GString *twice = annotated(with, true);

	if (strstr(with->str, PREFIX "-Edits: v=1; body="))
		ck_assert_msg(twice->len <= with->len || strstr(twice->str, "already-explained"), "%s: explained twice", path);
	if (strstr(with->str, " subject=\""))
		ck_assert_msg(has_the_same_subject(with, twice), "%s: tagged twice", path);
	strips_to(twice, with, path, "twice");
}

/* A second host that does not trust the first: its fields replace those of the first, and the original can still be had. */
static void survives_a_second_host(const GString *message, const struct annotate_options *first_host, const char *path)
{
	GString *first = annotated_with(message, first_host, false), *second = annotated_with(first, &second_host, false);

	strips_to(second, message, path, "behind a second host");
	g_string_free(first, TRUE);
}

/* The same message with fields of our namespace in it that a stranger wrote. */
static GString *forge(const GString *message)
{
	GString *forged = g_string_new_len(message->str, (gssize)message->len);
	GArray *fields = fields_split(message->str, message->len, G_MAXSIZE, NULL);

	if (fields->len > 0) {
		g_string_insert(forged, (gssize)g_array_index(fields, struct field, fields->len / 2).start, PREFIX "-Edits: v=1; body=\"0+10\";\n sha256=00\n");
		g_string_insert(forged, (gssize)g_array_index(fields, struct field, 0).start, "x-smtp-explain: one\r\n two\n" PREFIX "-Dropped : v=1; eol=lf; AAAA\n");
	}
	g_array_unref(fields);
	return forged;
}

static void survives_forgery(const GString *message, const char *path)
{
	GString *forged = forge(message);

	strips_to(annotated(forged, true), forged, path, "with forged fields");
	g_string_free(forged, TRUE);
}

/* Others put fields on top after us. */
static void survives_more_fields(const GString *message, const GString *with, const char *path)
{
	GString *wanted = g_string_new("Delivered-To: ann@example.com\nX-Other: 1\n"), *given = g_string_new(wanted->str);

	if (!g_str_has_prefix(message->str, "From ") && !g_str_has_prefix(message->str, ">From ")) {
		g_string_append_len(wanted, message->str, (gssize)message->len);
		g_string_append_len(given, with->str, (gssize)with->len);
		strips_to(given, wanted, path, "with more fields");
	} else {
		g_string_free(given, TRUE);
	}
	g_string_free(wanted, TRUE);
}

static bool has_own_fields(const GString *message)
{
	GArray *fields = fields_split(message->str, message->len, G_MAXSIZE, NULL);
	bool found = false;

	for (guint i = 0; i < fields->len; i++)
		found |= in_namespace(g_array_index(fields, struct field, i).name, g_array_index(fields, struct field, i).name_length, PREFIX);
	g_array_unref(fields);
	return found;
}

#define CHUNK 40

START_TEST(strip_restores_every_message)
{
	for (guint i = (guint)_i * CHUNK; i < paths->len && i < (guint)(_i + 1) * CHUNK; i++) {
		const char *path = g_ptr_array_index(paths, i);
		GString *message = read_message(path), *with = annotated(message, true);

		strips_to(annotated(message, true), message, path, "as annotated");
		strips_to(annotated_with(message, &plain, true), message, path, "without a tag");
		if (!has_own_fields(message)) {
			strips_to(annotated(message, false), message, path, "as delivered by the milter");
			survives_a_second_host(message, &standard, path);
			survives_a_second_host(message, &plain, path);
		}
		if (!strstr(message->str, "\r\r\n") && !strstr(path, "forged-mixed"))
			survives_line_ends(message, with, path);
		survives_a_second_time(with, path);
		survives_forgery(message, path);
		survives_more_fields(message, with, path);
		g_string_free(with, TRUE);
		g_string_free(message, TRUE);
	}
}
END_TEST

/* Damaged as mail gets damaged, and worse: the property must hold for any bytes. Always the same damage. */
static void damage(GString *message, GRand *random)
{
	static const char *const pieces[] = {"\r", "\n", "\r\n", "=", "<body>", "X-SMTP-Explain: a\n", "From ", "\033$B", "\n\n", "--", ": ", "\t", "<!--",
					     "Content-Transfer-Encoding: base64\n", "Content-Type: text/html\n", "\357\273\277"};

	for (int i = g_rand_int_range(random, 1, 8); i > 0 && message->len > 0; i--) {
		gssize at = g_rand_int_range(random, 0, (gint32)MIN(message->len, 2000)), count = g_rand_int_range(random, 0, 40);

		switch (g_rand_int_range(random, 0, 3)) {
		case 0:
			g_string_insert(message, at, pieces[g_rand_int_range(random, 0, (gint32)G_N_ELEMENTS(pieces))]);
			break;
		case 1:
			message->str[at] = (char)g_rand_int_range(random, 0, 256);
			break;
		default:
			g_string_erase(message, at, MIN((gssize)message->len - at, count));
		}
	}
}

#define DAMAGES 20

START_TEST(strip_restores_damaged_messages)
{
	char **row = g_strsplit(rows[_i], "\t", 2);
	GRand *random = g_rand_new_with_seed((guint32)_i);

	for (int i = 0; i < DAMAGES; i++) {
		GString *message = read_case(row[0]);

		damage(message, random);
		strips_to(annotated(message, true), message, row[0], "damaged");
		g_string_free(message, TRUE);
	}
	g_rand_free(random);
	g_strfreev(row);
}
END_TEST

/* What was said of the message is said again of the annotated one: our own words are not read as the server's. */
static char *verdict(const GString *message, struct edits *edits)
{
	struct explain_options options = {.catalogue = catalogue};
	struct mail *mail = mail_new(message->str, message->len);
	struct report *report = explain_original(mail, "", &options, PREFIX);
	GString *out = g_string_new(kind_word(report->bounce->kind));

	for (guint i = 0; i < report->explanations->len; i++) {
		const struct explanation *explanation = &g_array_index(report->explanations, struct explanation, i);

		g_string_append_printf(out, " %s %s %s %s", explanation->failure->to, explanation->rule, explanation->id, explanation->failure->diagnostic);
	}
	if (edits)
		annotate(edits, report, mail, &standard);
	report_free(report);
	mail_free(mail);
	return g_string_free(out, FALSE);
}

START_TEST(annotated_message_is_explained_as_before)
{
	for (guint i = (guint)_i * CHUNK; i < paths->len && i < (guint)(_i + 1) * CHUNK; i++) {
		const char *path = g_ptr_array_index(paths, i);
		GString *message = read_message(path), *with;
		struct mail *mail = mail_new(message->str, message->len);
		struct edits *edits = edits_new();
		char *before = verdict(message, edits), *after;

		with = edits_apply(edits, message->str, message->len, mail->body, PREFIX, true);
		after = verdict(with, NULL);
		if (!has_own_fields(message))
			ck_assert_msg(strcmp(before, after) == 0, "%s:\n%s\n%s", path, before, after);
		g_free(before);
		g_free(after);
		edits_free(edits);
		mail_free(mail);
		g_string_free(with, TRUE);
		g_string_free(message, TRUE);
	}
}
END_TEST

START_TEST(row_is_annotated_so)
{
	char **row = g_strsplit(rows[_i], "\t", 2);
	GString *message = read_case(row[0]);
	struct edits *edits = edits_for(message, &standard);

	ck_assert_msg(strcmp(*edits->annotated ? edits->annotated : "-", row[1]) == 0, "%s: %s, not %s", row[0], edits->annotated, row[1]);
	ck_assert_msg((edits->insertions->len > 0) == (strcmp(row[1], "headers+body") == 0), "%s", row[0]);
	ck_assert_msg((edits->adds->len > 0) == (strcmp(row[1], "-") != 0), "%s", row[0]);
	edits_free(edits);
	g_string_free(message, TRUE);
	g_strfreev(row);
}
END_TEST

/* What a reader sees of a part after the edit: the explanation, then all that was there before. */
static void shows_block(const char *name, const struct mail_part *before, const struct mail_part *after)
{
	const char *old = before->text, *block;

	if (g_str_has_prefix(old, "\xef\xbb\xbf"))
		old += 3;
	if (strcmp(after->type, "text/plain") == 0) {
		ck_assert_msg(strstr(after->text, "End of the explanation"), "%s: no block in\n%s", name, after->text);
		ck_assert_msg(g_str_has_suffix(after->text, old), "%s: the text has changed:\n%s", name, after->text);
		return;
	}
	block = strstr(after->text, "<table role=\"presentation\"");
	ck_assert_msg(block && strstr(block, "</td></tr></table>\n"), "%s: no card in\n%s", name, after->text);
	ck_assert_msg(!strstr(after->text, "<b>&amp;\""), "%s: words of the server became markup", name);
	if (strstr(old, "<p>Your message"))
		ck_assert_msg(block < strstr(after->text, "<p>Your message"), "%s: the card is not at the head", name);
}

/* Every line of what is inserted is one that SMTP and its encodings allow. */
static void has_sound_lines(const char *name, const struct edit_insertion *insertion)
{
	size_t line = 0;

	for (size_t i = 0; i < insertion->length; i++) {
		line = insertion->bytes[i] == '\n' ? 0 : line + 1;
		ck_assert_msg(line < 998, "%s: a line of 998 bytes", name);
	}
}

START_TEST(row_shows_explanation_and_all_text)
{
	char **row = g_strsplit(rows[_i], "\t", 2);
	GString *message = read_case(row[0]), *with = annotated(message, true);
	struct mail *before = mail_new(message->str, message->len), *after = mail_new(with->str, with->len);
	struct edits *edits = edits_for(message, &standard);
	guint changed = 0;

	ck_assert_uint_eq(before->parts->len, after->parts->len);
	for (guint i = 0; i < before->parts->len; i++) {
		const struct mail_part *old = mail_part(before, i), *new = mail_part(after, i);

		ck_assert_str_eq(old->type, new->type);
		if (old->end - old->start == new->end - new->start || !old->text || g_str_has_prefix(old->type, "message/"))
			continue;
		shows_block(row[0], old, new);
		changed++;
	}
	ck_assert_msg(changed == edits->insertions->len, "%s: %u parts changed, %u insertions", row[0], changed, edits->insertions->len);
	for (guint i = 0; i < edits->insertions->len; i++)
		has_sound_lines(row[0], &g_array_index(edits->insertions, struct edit_insertion, i));
	edits_free(edits);
	mail_free(before);
	mail_free(after);
	g_string_free(with, TRUE);
	g_string_free(message, TRUE);
	g_strfreev(row);
}
END_TEST

/* Words of the server as a part must show them: in its own charset, else transliterated. */
static const struct {
	const char *name, *shows;
} charsets[] = {
	{"plain-ascii", "Empfanger unbekannt, ? EUR \"<b>&amp;\" =3D"},
	{"plain-no-mime", "Empfanger unbekannt"},
	{"plain-utf8-7bit", "Empfanger unbekannt"},
	{"plain-utf8-8bit", "Empf\303\244nger unbekannt, \343\201\202 \342\202\254 \"<b>&amp;\" =3D"},
	{"plain-utf8-quoted", "Empf\303\244nger unbekannt, \343\201\202 \342\202\254 \"<b>&amp;\" =3D"},
	{"plain-utf8-base64", "Empf\303\244nger unbekannt, \343\201\202 \342\202\254 \"<b>&amp;\" =3D"},
	{"plain-utf8-mark-base64", "Empf\303\244nger unbekannt"},
	{"plain-latin1-8bit", "Empf\303\244nger unbekannt, ? EUR"},
	{"plain-latin1-quoted", "Empf\303\244nger unbekannt, ? \342\202\254"},
	{"plain-windows1252-base64", "Empf\303\244nger unbekannt, ? \342\202\254"},
	{"plain-windows1251-8bit", "Empfanger unbekannt, ? \342\202\254"},
	{"plain-iso2022jp", "Empfanger unbekannt, \343\201\202 EUR"},
	{"plain-gb2312-base64", "Empfanger unbekannt, \343\201\202 EUR"},
	{"plain-unknown-charset", "Empfanger unbekannt"},
	{"html-7bit", "Empf&#228;nger unbekannt, &#12354; &#8364; &quot;&lt;b&gt;&amp;amp;&quot; =3D"},
	{"html-iso2022jp", "Empf&#228;nger unbekannt"},
	{"html-quoted", "&quot;&lt;b&gt;&amp;amp;&quot; =3D"},
};

START_TEST(words_fit_the_charset)
{
	GString *message = read_case(charsets[_i].name), *with = annotated(message, true);
	struct mail *mail = mail_new(with->str, with->len);
	char *text = g_strdelimit(g_strdup(mail_part(mail, 0)->text), "\n", ' ');

	for (char *bar; (bar = strstr(text, " *       | ")); )
		memmove(bar, bar + strlen(" *       | ") - 1, strlen(bar + strlen(" *       | ") - 1) + 1);
	ck_assert_msg(strstr(text, charsets[_i].shows), "%s: no \"%s\" in\n%s", charsets[_i].name, charsets[_i].shows, text);
	g_free(text);
	mail_free(mail);
	g_string_free(with, TRUE);
	g_string_free(message, TRUE);
}
END_TEST

START_TEST(every_message_has_a_row)
{
	char *path = source_path("tests/annotate");
	GDir *folder = g_dir_open(path, 0, NULL);
	guint files = 0;

	ck_assert_ptr_nonnull(folder);
	for (const char *name = g_dir_read_name(folder); name; name = g_dir_read_name(folder)) {
		char *wanted = g_strndup(name, strlen(name) - strlen(".eml"));
		bool found = false;

		for (guint i = 0; rows[i]; i++)
			found |= g_str_has_prefix(rows[i], wanted) && rows[i][strlen(wanted)] == '\t';
		ck_assert_msg(found, "annotate.test says nothing about %s", name);
		g_free(wanted);
		files++;
	}
	ck_assert_uint_eq(files, g_strv_length(rows));
	g_dir_close(folder);
	g_free(path);
}
END_TEST

static const struct {
	const char *name;
	struct annotate_options options;
	const char *annotated;
} choices[] = {
	{"report", {.prefix = PREFIX, .recipients = 10}, "headers"},
	{"report", {.prefix = PREFIX, .recipients = 10, .body = true, .truncated = true}, "headers (truncated)"},
	{"dkim", {.prefix = PREFIX, .recipients = 10, .body = true, .dkim_signed = true}, "headers+body"},
	{"arc", {.prefix = PREFIX, .recipients = 10, .body = true, .dkim_signed = true}, "headers+body"},
	{"signed", {.prefix = PREFIX, .recipients = 10, .body = true, .dkim_signed = true}, "headers (signed)"},
	{"report", {.prefix = "X-Other", .recipients = 10, .body = true}, "headers+body"},
};

START_TEST(choices_are_obeyed)
{
	GString *message = read_case(choices[_i].name);
	struct edits *edits = edits_for(message, &choices[_i].options);
	const struct render_field *field = g_ptr_array_index(edits->adds, 0);

	ck_assert_str_eq(edits->annotated, choices[_i].annotated);
	ck_assert_str_eq(field->name, choices[_i].options.prefix);
	ck_assert_ptr_nonnull(strstr(field->value, "annotated="));
	edits_free(edits);
	g_string_free(message, TRUE);
}
END_TEST

START_TEST(english_where_the_language_cannot_be_written)
{
	static const char *const names[] = {"report", "plain-utf8-8bit", "plain-utf8-quoted"};
	struct site_words site = {.helpdesk_name = "HELPDESK"};
	struct explain_options options = {.catalogue = catalogue, .language = "ja", .site = &site};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		GString *message = read_case(names[i]);
		struct mail *mail = mail_new(message->str, message->len);
		struct report *report = explain_mail(mail, "", &options);
		struct edits *edits = edits_new();
		bool english;

		annotate(edits, report, mail, &standard);
		ck_assert_str_eq(edits->annotated, "headers+body");
		english = strstr(g_array_index(edits->insertions, struct edit_insertion, 0).bytes, "Explanation of the report") != NULL;
		ck_assert_msg(english == (i == 0), "%s", names[i]);
		ck_assert_msg(!english || strstr(g_array_index(edits->insertions, struct edit_insertion, 0).bytes, "HELPDESK"), "%s: the site's words are lost", names[i]);
		edits_free(edits);
		report_free(report);
		mail_free(mail);
		g_string_free(message, TRUE);
	}
}
END_TEST

START_TEST(nothing_for_messages_without_news)
{
	struct explain_options options = {.catalogue = catalogue};
	GString *message = g_string_new("From: ann@example.com\nSubject: lunch\n\nShall we?\n");
	struct mail *mail = mail_new(message->str, message->len);
	struct report *report = explain_mail(mail, NULL, &options);
	struct edits *edits = edits_new();

	annotate(edits, report, mail, &standard);
	ck_assert_uint_eq(edits->adds->len, 0);
	ck_assert_uint_eq(edits->insertions->len, 0);
	ck_assert_str_eq(edits->annotated, "");
	edits_free(edits);
	report_free(report);
	mail_free(mail);
	g_string_free(message, TRUE);
}
END_TEST

static const struct {
	const char *name;
	int index;		/* 0: none of ours */
} seen[] = {
	{"X-SMTP-Explain", 1}, {"x-smtp-explain", 2}, {"X-SMTP-Explain-Summary", 1}, {"X-SMTP-Explainer", 0}, {"X-SMTP-Expla", 0},
	{"X-SMTP-EXPLAIN", 3}, {"X-SMTP-Explain-", 1}, {"X-SMTP-Explain ", 1}, {"Subject", 0},
};

START_TEST(fields_of_the_namespace_are_noted)
{
	struct edits *edits = edits_new();
	guint drops = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(seen); i++) {
		bool noted = edits_see_field(edits, seen[i].name, strlen(seen[i].name), i, i + 1, PREFIX);

		ck_assert_msg(noted == (seen[i].index > 0), "%s", seen[i].name);
		if (!noted)
			continue;
		ck_assert_int_eq(g_array_index(edits->drops, struct edit_drop, drops).index, seen[i].index);
		ck_assert_uint_eq(g_array_index(edits->drops, struct edit_drop, drops).start, i);
		drops++;
	}
	ck_assert_uint_eq(edits->drops->len, drops);
	edits_free(edits);
}
END_TEST

START_TEST(edits_of_the_body_are_counted_in_crlf)
{
	GArray *insertions = g_array_new(FALSE, FALSE, sizeof(struct edit_insertion));
	struct edit_insertion first = {2, "xy\n", 3}, second = {4, "z\r\n", 3};
	GString *record = g_string_new(NULL), *kept = g_string_new(NULL);
	GString *original;

	g_array_append_val(insertions, first);
	g_array_append_val(insertions, second);
	edits_record_add(record, EDITS_RECORD_BODY, insertions, "a\nb\nc\r\nd\re", 10);
	ck_assert_msg(g_str_has_prefix(record->str, "v=1; body=\"3+4,10+3\"; sha256="), "%s", record->str);
	edits_record_add(record, EDITS_RECORD_SUBJECT, insertions, " subject", 8);
	ck_assert_ptr_nonnull(strstr(record->str, "; subject=\"2+4,8+3\"; subject-sha256="));
	original = edits_record_cut(record->str, EDITS_RECORD_BODY, "a\nxy\nb\nz\r\nc\r\nd\re", 16);
	ck_assert_ptr_nonnull(original);
	ck_assert_str_eq(original->str, "a\nb\nc\r\nd\re");
	g_string_free(original, TRUE);
	original = edits_record_cut(record->str, EDITS_RECORD_SUBJECT, " sxy\nubz\r\nject", 14);
	ck_assert_ptr_nonnull(original);
	ck_assert_str_eq(original->str, " subject");
	g_string_free(original, TRUE);
	edits_record_keep(kept, EDITS_RECORD_SUBJECT, record->str);
	ck_assert_ptr_nonnull(strstr(record->str, kept->str + strlen("v=1; ")));
	ck_assert(edits_record_has(kept->str, EDITS_RECORD_SUBJECT) && !edits_record_has(kept->str, EDITS_RECORD_BODY));
	g_string_free(kept, TRUE);
	g_string_free(record, TRUE);
	g_array_unref(insertions);
}
END_TEST

/* "abc" has this hash. */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static const struct {
	const char *value, *body, *original;
} cuts[] = {
	{"v=1; body=\"1+2\"; sha256=" ABC, "aXXbc", "abc"},
	{"v=1; body=\"0+2\"; sha256=" ABC, "XXabc", "abc"},
	{"v=1; body=\"3+2\"; sha256=" ABC, "abcXX", "abc"},
	{"v=1; body=\"0+1,2+1\"; sha256=" ABC, "XaXbc", "abc"},
	{"v=1; body=\"\"; sha256=" ABC, "abc", "abc"},
	{"v=1; body=\"1+2\"; sha256=" ABC, "aXXXbc", NULL},
	{"v=1; body=\"1+200\"; sha256=" ABC, "aXXbc", NULL},
	{"v=1; body=\"2+1,0+1\"; sha256=" ABC, "XaXbc", NULL},
	{"v=1; body=\"18446744073709551615+2\"; sha256=" ABC, "abc", NULL},
	{"v=1; body=\"1+18446744073709551615\"; sha256=" ABC, "abc", NULL},
	{"v=1; body=\"1+2x\"; sha256=" ABC, "aXXbc", NULL},
	{"v=1; body=\"-1+2\"; sha256=" ABC, "abc", NULL},
	{"v=1; body=\"+\"; sha256=" ABC, "abc", NULL},
	{"v=2; body=\"1+2\"; sha256=" ABC, "aXXbc", NULL},
	{"v=1; body=\"1+2\"", "aXXbc", NULL},
	{"v=1; sha256=" ABC, "abc", NULL},
	{"v=1; body=\"1+2\"; subject-sha256=" ABC, "aXXbc", NULL},
	{"v=1; subject=\"1+2\"; sha256=" ABC, "aXXbc", NULL},
	{"v=1; subject=\"0+0\"; subject-sha256=00; body=\"1+2\"; sha256=" ABC, "aXXbc", "abc"},
	{"v=1; body=\"0+1\"; sha256=" ABC, "\nabc", NULL},
	{"v=1; body=\"0+0,0+0,0+0,0+0,0+0,0+0,0+0,0+0,0+0,0+0,0+0,0+0,0+0,0+0,0+0,0+0,0+0\"; sha256=" ABC, "abc", NULL},
	{"", "abc", NULL},
};

START_TEST(only_the_hash_allows_a_cut)
{
	GString *original = edits_record_cut(cuts[_i].value, EDITS_RECORD_BODY, cuts[_i].body, strlen(cuts[_i].body));

	ck_assert_msg((original != NULL) == (cuts[_i].original != NULL), "%s", cuts[_i].value);
	if (original) {
		ck_assert_str_eq(original->str, cuts[_i].original);
		g_string_free(original, TRUE);
	}
}
END_TEST

/* Text that begins so far down is none that a reader sees first. */
START_TEST(text_that_begins_far_down_is_left_alone)
{
	const unsigned before[] = {EDITS_RECORD_HASHED / 4, EDITS_RECORD_HASHED};
	struct explain_options explain = {.catalogue = catalogue};

	for (size_t i = 0; i < G_N_ELEMENTS(before); i++) {
		char *letters = g_strnfill(before[i], 'x');
		char *message = g_strdup_printf("From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/mixed; boundary=b\n\n"
						"--b\nContent-Type: application/octet-stream\n\n%s\n--b\n\n<bob@example.net>: 550 5.1.1 User unknown\n--b--\n",
						letters);
		struct mail *mail = mail_new(message, strlen(message));
		struct report *report = explain_mail(mail, "", &explain);
		struct edits *edits = edits_new();

		annotate(edits, report, mail, &standard);
		ck_assert_str_eq(edits->annotated, i == 0 ? "headers+body" : "headers (no-text)");
		edits_free(edits);
		report_free(report);
		mail_free(mail);
		g_free(message);
		g_free(letters);
	}
}
END_TEST

/* A body so long that its hash takes in the beginning only. The insertion stands there, or just behind, which the hash follows. */
static GString *long_body(bool behind)
{
	GString *body = g_string_new("begin\n");

	g_string_set_size(body, EDITS_RECORD_HASHED + (behind ? 100 : 0));
	memset(body->str + 6, 'x', body->len - 6);
	g_string_append(body, "\nplace\nand more\n");
	return body;
}

static const struct {
	bool behind;			/* where the insertion stands */
	const char *hashed;
	gssize damage;			/* a byte of the annotated body that is changed then, from its end where negative; 0: none */
	bool proven;
} long_records[] = {
	{false, "; hashed=131072", 0, true},	{false, "; hashed=131072", -3, true},	   {false, "; hashed=131072", 2, false}, {false, "; hashed=131072", 100000, false},
	{true, "; hashed=131175", 0, true},	{true, "; hashed=131175", -3, true},	   {true, "; hashed=131175", 131090, false},
};

START_TEST(a_long_body_is_proven_by_its_beginning)
{
	GString *body = long_body(long_records[_i].behind), *record = g_string_new(NULL), *kept = g_string_new(NULL), *original;
	GArray *insertions = g_array_new(FALSE, FALSE, sizeof(struct edit_insertion));
	struct edit_insertion insertion = {long_records[_i].behind ? EDITS_RECORD_HASHED + 101 : 6, "in\n", 3};
	gssize damage = long_records[_i].damage;

	g_array_append_val(insertions, insertion);
	edits_record_add(record, EDITS_RECORD_BODY, insertions, body->str, body->len);
	ck_assert_msg(g_str_has_suffix(record->str, long_records[_i].hashed), "%s", record->str);
	edits_record_keep(kept, EDITS_RECORD_BODY, record->str);
	ck_assert_str_eq(kept->str, record->str);
	g_string_insert(body, (gssize)insertion.offset, "in\n");
	if (damage)
		body->str[damage > 0 ? damage : (gssize)body->len + damage] = '!';
	original = edits_record_cut(record->str, EDITS_RECORD_BODY, body->str, body->len);
	ck_assert(edits_record_proves(record->str, EDITS_RECORD_BODY, body->str, body->len) == long_records[_i].proven);
	ck_assert((original != NULL) == long_records[_i].proven);
	if (original) {
		g_string_erase(body, (gssize)insertion.offset, 3);
		ck_assert(g_string_equal(original, body));
		g_string_free(original, TRUE);
	}
	g_array_unref(insertions);
	g_string_free(kept, TRUE);
	g_string_free(record, TRUE);
	g_string_free(body, TRUE);
}
END_TEST

/* A hash of less than that much proves nothing, nor does one of more than there is. */
START_TEST(how_much_is_hashed_cannot_be_chosen)
{
	static const char *const hashed[] = {"0", "3", "131071", "131072", "99999999999", "18446744073709551616", "-1", "x", ""};

	for (size_t i = 0; i < G_N_ELEMENTS(hashed); i++) {
		char *record = g_strdup_printf("v=1; body=\"1+2\"; sha256=" ABC "; hashed=%s", hashed[i]);

		ck_assert_msg(!edits_record_proves(record, EDITS_RECORD_BODY, "aXXbc", 5), "%s", record);
		g_free(record);
	}
}
END_TEST

static const struct {
	const char *message, *stripped;
	bool intact;
} strips[] = {
	{"Subject: x\n\nbody\n", "Subject: x\n\nbody\n", true},
	{"X-SMTP-Explain: a\nSubject: x\nX-SMTP-Explain-Foo: b\n c\n\nbody\n", "Subject: x\n\nbody\n", true},
	{"X-SMTP-Explain-Edits: v=1; body=\"0+2\"; sha256=" ABC "\nA: b\n\nXXabc", "A: b\n\nabc", true},
	{"X-SMTP-Explain-Edits: v=1; body=\"0+2\"; sha256=" ABC "\nA: b\n\nXXabd", "A: b\n\nXXabd", false},
	{"X-SMTP-Explain-Edits: v=1; subject=\"0+2\"; subject-sha256=" ABC "\nSubject:XXabc\n\nXX", "Subject:abc\n\nXX", true},
	{"X-SMTP-Explain-Edits: v=1; subject=\"0+2\"; subject-sha256=" ABC "\nSubject:XXabd\n\nXX", "Subject:XXabd\n\nXX", false},
	{"X-SMTP-Explain-Edits: v=1; subject=\"0+2\"; subject-sha256=" ABC "\nA: b\n\nXX", "A: b\n\nXX", false},
	{"X-SMTP-Explain-Edits: v=1; subject=\"0+2\"; subject-sha256=" ABC "; body=\"0+2\"; sha256=" ABC "\nSubject:XXabc\nSubject:XXabc\n\nXXabc",
	 "Subject:abc\nSubject:XXabc\n\nabc", true},
	{"X-SMTP-Explain-Edits: garbage\nA: b\n\nabc", "A: b\n\nabc", false},
	{"X-SMTP-Explain-Dropped: v=1; eol=lf; AAAA====\nA: b\n\nabc", "A: b\n\nabc", true},
	{"X-SMTP-Explain-Dropped: v=1; eol=lf; OSA1CmE6IGIK\nA: b\n\nabc", "a: b\nA: b\n\nabc", true},
	{"X-SMTP-Explain-Dropped: v=1; eol=lf; MSA5OTk5OTk5OTk5OQphOiBiCg==\nA: b\n\nabc", "A: b\n\nabc", true},
	{"X-SMTP-Explain-Dropped:\nA: b\n\nabc", "A: b\n\nabc", true},
	{"X-SMTP-Explain-Dropped: v=1; eol=\nA: b\n\nabc", "A: b\n\nabc", true},
	{"\nX-SMTP-Explain: a\n", "\nX-SMTP-Explain: a\n", true},
	{"", "", true},
};

START_TEST(strip_takes_no_strangers_word)
{
	bool intact;
	GString *stripped = annotation_strip(strips[_i].message, strlen(strips[_i].message), PREFIX, &intact);

	ck_assert_str_eq(stripped->str, strips[_i].stripped);
	ck_assert(intact == strips[_i].intact);
	g_string_free(stripped, TRUE);
}
END_TEST

START_TEST(fields_stand_on_top_in_order)
{
	static const char *const wanted[] = {PREFIX, PREFIX "-Summary", PREFIX "-Advice", PREFIX "-Edits", "Return-Path", "Received"};
	GString *message = read_case("report"), *with = annotated(message, true);
	GArray *fields = fields_split(with->str, with->len, FIELDS_LIMIT, NULL);

	for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
		ck_assert_msg(field_is(&g_array_index(fields, struct field, i), wanted[i]), "field %u is not %s", i, wanted[i]);
	g_array_unref(fields);
	g_string_free(with, TRUE);
	g_string_free(message, TRUE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("annotate");
	TCase *tests = tcase_create("annotate");
	int status;

	mail_init();
	catalogue = catalogue_load(NULL, NULL);
	rows = suite_cases("tests/annotate.test");
	paths = suite_messages();
	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, strip_restores_every_message, 0, (int)(paths->len + CHUNK - 1) / CHUNK);
	tcase_add_loop_test(tests, strip_restores_damaged_messages, 0, (int)g_strv_length(rows));
	tcase_add_loop_test(tests, annotated_message_is_explained_as_before, 0, (int)(paths->len + CHUNK - 1) / CHUNK);
	tcase_add_loop_test(tests, row_is_annotated_so, 0, (int)g_strv_length(rows));
	tcase_add_loop_test(tests, row_shows_explanation_and_all_text, 0, (int)g_strv_length(rows));
	tcase_add_loop_test(tests, words_fit_the_charset, 0, (int)G_N_ELEMENTS(charsets));
	tcase_add_test(tests, every_message_has_a_row);
	tcase_add_loop_test(tests, choices_are_obeyed, 0, (int)G_N_ELEMENTS(choices));
	tcase_add_test(tests, english_where_the_language_cannot_be_written);
	tcase_add_test(tests, nothing_for_messages_without_news);
	tcase_add_test(tests, fields_of_the_namespace_are_noted);
	tcase_add_test(tests, edits_of_the_body_are_counted_in_crlf);
	tcase_add_loop_test(tests, only_the_hash_allows_a_cut, 0, (int)G_N_ELEMENTS(cuts));
	tcase_add_loop_test(tests, a_long_body_is_proven_by_its_beginning, 0, G_N_ELEMENTS(long_records));
	tcase_add_test(tests, how_much_is_hashed_cannot_be_chosen);
	tcase_add_test(tests, text_that_begins_far_down_is_left_alone);
	tcase_add_loop_test(tests, strip_takes_no_strangers_word, 0, (int)G_N_ELEMENTS(strips));
	tcase_add_test(tests, fields_stand_on_top_in_order);
	suite_add_tcase(suite, tests);
	status = run_suite(suite);
	g_ptr_array_unref(paths);
	g_strfreev(rows);
	catalogue_unref(catalogue);
	return status;
}
