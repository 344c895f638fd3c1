/* shape.c - lists of recipients with the reason of each, as most mail servers write them.
 *
 * Postfix, qmail, Exim, Sendmail and most others write an address at the head of a line and the reason behind or below it; they differ
 * in brackets, colons and indentation only. Not here: the words by which a product is known (dialect-*.c), what a reply looks like
 * (reply.c).
 */
#include "shape.h"
#include "address.h"
#include "reply.h"
#include "text.h"

#include <string.h>

guint shape_line(const struct report_text *report, guint from, guint to, const char *phrase)
{
	for (guint i = from; i < to; i++)
		if (text_find(report->lines->pdata[i], phrase))
			return i;
	return to;
}

guint shape_reply_line(const struct report_text *report, guint from, guint to)
{
	for (guint i = from; i < to; i++) {
		const char *line = report->lines->pdata[i];

		if (strpbrk(line, "45") && code_has_reply(reply_code(line)) && !failure_is_about_original(line + strspn(line, " \t")))
			return i;
	}
	return to;
}

guint shape_enhanced_line(const struct report_text *report, guint from, guint to)
{
	for (guint i = from; i < to; i++)
		if (reply_tells_enhanced(report->lines->pdata[i]))
			return i;
	return to;
}

static void append_words(GString *words, const char *more)
{
	if (words->len >= BOUNCE_DIAGNOSTIC_LIMIT)
		return;
	if (words->len > 0)
		g_string_append_c(words, '\n');
	g_string_append_len(words, more, (gssize)strnlen(more, BOUNCE_DIAGNOSTIC_LIMIT));
}

char *shape_join(const struct report_text *report, guint from, guint to)
{
	GString *words = g_string_new(NULL);
	char *valid;

	for (guint i = from; i < to && i < report->lines->len; i++)
		append_words(words, report->lines->pdata[i]);
	valid = g_utf8_make_valid(words->str, (gssize)words->len);
	g_string_free(words, TRUE);
	return valid;
}

#define PARAGRAPH_LIMIT 100u	/* lines */

char *shape_paragraph(const struct report_text *report, guint line)
{
	guint end = line;

	while (end < report->lines->len && end - line < PARAGRAPH_LIMIT && *(const char *)report->lines->pdata[end])
		end++;
	return shape_join(report, line, end);
}

char *shape_reply(const struct report_text *report, guint line)
{
	guint end = line + 1;

	while (end < report->lines->len && end - line < PARAGRAPH_LIMIT && *(const char *)report->lines->pdata[end] &&
	       !strstr(report->lines->pdata[end], "--> ") && !strstr(report->lines->pdata[end], ">>> ") &&
	       !strstr(report->lines->pdata[line], "<-- "))
		end++;
	return shape_join(report, line, end);
}

/* What is said to the reader at the end of a report. */
static bool is_closing(const char *paragraph)
{
	static const char *const openings[] = {
		"please reply to ", "please contact ", "if you feel ", "if you believe ", "if you have any questions", "for assistance",
	};

	return text_begins_any(paragraph + strspn(paragraph, " \t"), openings, G_N_ELEMENTS(openings));
}

/* What every report of a mail system says, whatever the reason. */
static bool is_boilerplate(const char *paragraph)
{
	static const char *const texts[] = {
		"created automatically by mail delivery software", "sorry to have to inform you", "for further assistance",
		"delete your own text from", "following address(es) failed", "this is an automatically generated",
		"message was received at", "please do not reply", "the message identifier is",
		"address failed:", "addresses failed:", "this is the mail system at host", "to the following recipient",
		"to these recipients", "below this line is", "your message could not be delivered to one or more",
		"is a permanent error; i've given up", "this is a delivery status notification from", "message was received on", "was also sent to additional recipients",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (text_find(paragraph, texts[i]))
			return true;
	if (is_closing(paragraph) || (text_find(paragraph, "for the following reason") && g_str_has_suffix(paragraph, ":")))
		return true;
	paragraph += strspn(paragraph, " \t");
	return g_ascii_strcasecmp(paragraph, "undeliverable mail") == 0 || text_begins(paragraph, "the mail system");
}

/* A line that divides, one that announces the returned message, or its header. */
static bool is_of_original(const char *paragraph)
{
	return strspn(paragraph, "-=_*+~# ") == strlen(paragraph) || text_begins(paragraph, "received: from") || failure_is_about_original(paragraph);
}

char *shape_explanation(const struct report_text *report)
{
	GString *words = g_string_new(NULL);

	for (guint i = 0; i < report->lines->len && words->len < BOUNCE_DIAGNOSTIC_LIMIT; i++) {
		char *paragraph = shape_paragraph(report, i), *address = shape_entry(paragraph, NULL);
		const char *start = shape_skip_bullet(paragraph);

		/* "Unknown user: bob@example.net" is an entry that explains itself. */
		if (*paragraph && !is_boilerplate(paragraph) && !is_of_original(start) && (!address || shape_skip_label(start) > start))
			g_string_append_printf(words, "%s\n", paragraph);
		while (i < report->lines->len && *(const char *)report->lines->pdata[i])
			i++;
		g_free(paragraph);
		g_free(address);
	}
	return g_string_free(words, FALSE);
}

/* How an entry is written. Where no empty line parts two entries, the second is written like the first; another address at the head of a line
 * belongs to the words of the entry above. */
struct style {
	size_t indent;
	bool brackets, colon, label, bullet;
};

static struct style style_of(const char *line, const char *words)
{
	const char *start = shape_skip_bullet(line), *bare = shape_skip_label(start);

	return (struct style){
		.indent = strspn(line, " \t"),
		.brackets = strchr("<[\"'(", *bare) != NULL,
		.colon = words[-1] == ':',
		.label = bare > start,
		.bullet = start > line + strspn(line, " \t"),
	};
}

#define SEVERAL_LIMIT 1000u		/* bytes of a line that may hold several entries with their replies */

/* A list that is being read. */
struct list {
	struct bounce *bounce;
	GPtrArray *open;		/* struct failure whose words are being collected */
	GString *words;
	GHashTable *shared;		/* struct failure that took words meant for several: words of its own replace them */
	struct style style;		/* of the last entry */
	bool apart;			/* an empty line stood since the last address, or several addresses on one line */
	bool ended;			/* an empty line stood since the last words */
	char *reporter;			/* the address that the report comes from: it signs, and is no recipient; NULL: none */
	bool program;			/* the entry above was a program: for whom it ran stands below */
	unsigned count;
};

/* "<<< 250 2.0.0 accepted" under the address of somebody whose mail went through. */
static bool tells_success(const char *words)
{
	const char *reply = strstr(words, "<<< 250 ");

	return (reply || text_begins(words, "(relayed to ") || text_begins(words, "(successfully ")) && code_is_none(reply_code(words));
}

/* Gives the collected words to the open entries from number first on. */
static void take_own_words(struct list *list, guint first)
{
	struct failure_words *words = failure_words_read(list->words->str);
	bool success = tells_success(list->words->str), reply = code_has_reply(reply_code(list->words->str)), several = list->open->len - first > 1;

	for (guint i = first; i < list->open->len; i++) {
		struct failure *failure = list->open->pdata[i];

		if (g_hash_table_remove(list->shared, failure) && reply) {
			failure->code = CODE_NONE;
			g_clear_pointer(&failure->diagnostic, g_free);
			g_clear_pointer(&failure->remote, g_free);
		}
		failure_take(failure, words);
		if (success)
			failure->action = ACTION_DELIVERED;
		if (several)
			g_hash_table_add(list->shared, failure);
	}
	failure_words_free(words);
}

static void close_entry(struct list *list)
{
	guint first = list->open->len > 0 && !list->apart ? list->open->len - 1 : 0;

	if (list->words->len > 0 && list->open->len > 0 && !is_closing(list->words->str))
		take_own_words(list, first);
	g_ptr_array_set_size(list->open, 0);
	g_string_truncate(list->words, 0);
	list->apart = list->ended = false;
}

static void add_open(struct list *list, const char *address)
{
	struct failure *failure = bounce_failure(list->bounce, address);

	if (!failure)
		return;
	list->count++;
	g_ptr_array_add(list->open, failure);
	list->apart = list->ended = false;
}

/* A line that is not long enough to be a list of lists: each entry of a line searches the rest of it. */
static bool several_replies(const char *words)
{
	return strnlen(words, SEVERAL_LIMIT) < SEVERAL_LIMIT && (*words == '(' || *words == '[') && code_has_reply(reply_code(words));
}

/* "(550 no such user), carol@example.org (552 mailbox full)": where the next entry of the same line begins; NULL where there is none. */
static const char *next_on_line(const char *words)
{
	for (const char *at = words; (at = strpbrk(at, ")\"'>]")); at++) {
		const char *next = at + 1 + strspn(at + 1, " \t");
		char *address = *next == ',' || *next == ';' ? shape_entry(next + 1, NULL) : NULL;

		g_free(address);
		if (address)
			return next + 1;
	}
	return NULL;
}

static void take_line(struct list *list, const char *line);

static void take_words(struct list *list, const char *words)
{
	const char *next = several_replies(words) ? next_on_line(words) : NULL;
	char *own = next ? g_strndup(words, (gsize)(next - 1 - words)) : NULL;

	if (*words)
		append_words(list->words, own ? own : words);
	if (own) {
		close_entry(list);
		take_line(list, next);
	}
	g_free(own);
}

static void open_entry(struct list *list, const char *address, const char *words, struct style style)
{
	unsigned before = list->count;
	bool several = false;

	if (list->words->len > 0)
		close_entry(list);
	add_open(list, address);
	list->style = style;
	/* "<bob@example.net>, <carol@example.net>" */
	while ((*words == ',' || *words == ';') && !list->bounce->limited) {
		char *next = shape_entry(words + 1, &words);

		if (!next)
			break;
		add_open(list, next);
		several = true;
		g_free(next);
	}
	if (list->count == before)
		return;
	list->apart = several;
	words += strspn(words, " ");
	take_words(list, words);
}

/* Does the address at the head of a line belong to the words that are being read? It may be the one they are about ("after RCPT TO:", and
 * below it "<bob@example.net>: host ..."), or another in the middle of a sentence. */
static bool is_in_words(const struct list *list, const char *address, struct style style, bool alone)
{
	const struct failure *last = list->open->len > 0 ? list->open->pdata[list->open->len - 1] : NULL;

	if (!last || list->words->len == 0 || list->ended)
		return false;
	if (address_equal(last->to, address) || style.indent > list->style.indent)
		return true;
	/* A line of its own, "Bob <bob@example.net>" or "bob@example.net:", under an entry that has its reply. */
	if (alone && style.indent == list->style.indent && code_has_reply(reply_code(list->words->str)))
		return false;
	return style.brackets != list->style.brackets || style.colon != list->style.colon || style.label != list->style.label;
}

/* "<mail.example.net #5.5.0 SMTP; 550 Mailbox not found>", by Exchange 2000 and 2003 below their own words about it. */
static bool is_bracketed_status(const char *line)
{
	const char *open = line + strspn(line, " \t"), *mark = *open == '<' ? strstr(open, " #") : NULL;
	struct code code = CODE_NONE;

	return mark && (size_t)(mark - open) == strcspn(open, " ") && code_read_enhanced(mark + 2, strlen(mark + 2), &code) > 0;
}

/* A paragraph that begins so goes on with the reason given in the one before, whose words are there. */
static bool continues(const char *line, const char *words)
{
	struct code code = CODE_NONE;

	if (is_bracketed_status(line))
		return code_is_none(reply_code(words));

	while (strchr("<>- \t#", *line) && *line)
		line++;
	return code_read_reply(line, strnlen(line, 4), &code) > 0 || text_begins(line, "remote host said") || text_begins(line, "smtp error");
}

/* Sendmail lists programs and files too: "|/usr/bin/filter", and below it "(reason: 75)" and "(expanded from: <bob@example.net>)" for whom it ran. */
static bool take_program(struct list *list, const char *line)
{
	const char *start = line + strspn(line, " \t\"");
	char *address = list->open->len == 0 && text_begins(start, "(expanded from: ") ? address_find(start, NULL) : NULL;

	if (start > line && start[-1] == '"' && (*start == '|' || *start == '/')) {
		close_entry(list);
		list->program = true;
		return true;
	}
	if (address)
		add_open(list, address);
	else if (list->program && list->open->len == 0 && text_begins(start, "(reason: "))
		g_string_assign(list->words, start);
	list->program &= address == NULL;
	g_free(address);
	return list->open->len > 0 && list->words->len > 0 && text_begins(start, "(expanded from: ");
}

/* A line below a list with bullets, no further in than they are, is about all of it. */
static void append_below(struct list *list, const char *line)
{
	list->apart |= list->words->len == 0 && list->style.bullet && strspn(line, " \t") <= list->style.indent;
	append_words(list->words, line);
}

static void take_line(struct list *list, const char *line)
{
	const char *words;
	char *address = take_program(list, line) ? NULL : shape_entry(line, &words);
	struct style style = {0};

	if (address && list->reporter && address_equal(address, list->reporter))
		g_clear_pointer(&address, g_free);
	if (address)
		style = style_of(line, words);
	if (address && !is_in_words(list, address, style, *words == '\0'))
		open_entry(list, address, words, style);
	else if (list->open->len > 0 && (!list->ended || continues(line, list->words->str)))
		append_below(list, line);
	g_free(address);
}

unsigned shape_entries(const struct report_text *report, struct bounce *bounce, guint from, guint to)
{
	struct list list = {
		.bounce = bounce, .open = g_ptr_array_new(), .words = g_string_new(NULL), .shared = g_hash_table_new(NULL, NULL),
		.reporter = mail_address(mail_field(report->mail, "From")),
	};

	for (guint i = from; i < to && i < report->lines->len && !bounce->limited; i++) {
		const char *line = report->lines->pdata[i];

		if (*line) {
			take_line(&list, line);
		} else {
			list.apart |= list.open->len > 0 && list.words->len == 0;
			list.ended |= list.words->len > 0 && list.words->str[list.words->len - 1] != ':';
		}
	}
	close_entry(&list);
	g_ptr_array_unref(list.open);
	g_hash_table_unref(list.shared);
	g_free(list.reporter);
	g_string_free(list.words, TRUE);
	return list.count;
}
