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

/* Blanks and bullets before an entry. */
static const char *skip_bullet(const char *line)
{
	static const char *const bullets[] = {
		"* ", "- ", "+ ", "o ", "> ", "-> ", ">>> ", "*\t", "-\t", "\xe2\x80\xa2", "\xc2\xb7", "\xe3\x83\xbb",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(bullets); i++) {
		while (*line == ' ' || *line == '\t')
			line++;
		if (g_str_has_prefix(line, bullets[i]))
			return line + strlen(bullets[i]) + strspn(line + strlen(bullets[i]), " \t");
	}
	return line;
}

/* What some write before the address, a colon behind it: "Failed Recipient: bob@example.net", "Recipient: [SMTP:bob@example.net]". */
static const char *skip_label(const char *line)
{
	static const char *const labels[] = {
		"recipient address", "recipient", "failed recipients", "failed recipient", "intended recipients", "intended recipient",
		"failed address", "address", "recipients", "undeliverable to", "undelivered to", "failed to deliver to",
		"could not deliver to", "invalid recipient", "unknown user", "unknown recipient", "bad recipient", "original recipient",
		"empfänger", "empfaenger", "empfängeradresse", "destinataire", "destinatario", "destinatário",
		"ontvanger", "odbiorca", "adresat", "получатель", "Получатель",
		"收件人", "宛先", "受信者",
		"e-mail address", "email address", "user", "mailbox", "delivery to", "rcpt to", "message to",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
		const char *at;

		if (!text_begins(line, labels[i]))
			continue;
		at = line + strlen(labels[i]);
		at += g_str_has_prefix(at, "(s)") ? 3 : 0;
		at += strspn(at, " \t");
		if (*at != ':' && *at != '\'' && !g_str_has_prefix(at, "："))
			continue;
		at += *at == ':' ? 1 : *at == '\'' ? 0 : strlen("：");
		at += strspn(at, " \t");
		return text_begins(at, "[SMTP:") || text_begins(at, "<SMTP:") ? at + 6 : at;
	}
	return line;
}

/* "on Mon, 4 Oct 2002", and the same in other languages: a short word and a date. */
static bool is_date(const char *at)
{
	size_t word = 0;

	while (g_ascii_isalpha(at[word]) || (unsigned char)at[word] >= 0x80)
		word++;
	return word > 0 && word <= 4 && at[word] == ' ' &&
	       (g_ascii_isdigit(at[word + 1]) || (at[word + 1] != '\0' && strnlen(at + word + 1, 5) > 4 && at[word + 4] == ','));
}

/* What may follow the address of an entry; NULL where the address only opens a sentence. */
static const char *words_behind(const char *end)
{
	static const char *const openings[] = {"(", "[", "...", "- ", "-- ", "=> ", "-> ", "on ", "\xe2\x80\x93 ", "#", "| ", "<"};
	const char *at = end, *blank;

	while (*at && strchr("\"'>)]", *at))
		at++;
	for (blank = at; *at == ' ' || *at == '\t'; at++)
		;
	if (*at == '\0')
		return at;
	if (is_date(at))
		return at + strlen(at);
	if (*at == ':' || *at == ';')
		return at + 1;
	if (g_str_has_prefix(at, "："))
		return at + strlen("：");
	for (size_t i = 0; i < G_N_ELEMENTS(openings); i++)
		if (g_str_has_prefix(at, openings[i]))
			return at;
	if (*at == ',' && at[strspn(at, ", \t")] == '\0')
		return at + 1;
	/* Columns: the reason far behind the address. */
	if (at - blank > 1 || (at > blank && *blank == '\t'))
		return at;
	return *at == '4' || *at == '5' ? at : NULL;
}

/* "bob@example.net <bob@example.net>" is one entry. */
static const char *skip_same(const char *end, const char *address, size_t length)
{
	const char *at = end;

	while (*at == ' ' || *at == '<' || *at == '(')
		at++;
	return at > end && strncmp(at, address, length) == 0 && (at[length] == '>' || at[length] == ')') ? at + length + 1 : end;
}

char *shape_entry(const char *line, const char **words)
{
	const char *start = skip_label(skip_bullet(line)), *end, *behind, *at = strchr(start, '@');
	char *address = at && at - start < 330 ? address_find(start, &end) : NULL;
	size_t length = address ? strlen(address) : 0;

	if (!address)
		return NULL;
	while (strchr("<\"'([", *start) && *start)
		start++;
	if (text_begins(start, "mailto:"))
		start += 7;
	if (strncmp(start, address, length) != 0) {
		g_free(address);
		return NULL;
	}
	behind = words_behind(skip_same(end, address, length));
	if (!behind || (end[0] == '>' && end[1] == '@')) {
		g_free(address);
		return NULL;
	}
	if (words)
		*words = behind;
	return address;
}

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

		if (strpbrk(line, "45") && code_has_reply(reply_code(line)))
			return i;
	}
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

/* What every report of a mail system says, whatever the reason. */
static bool is_boilerplate(const char *paragraph)
{
	static const char *const texts[] = {
		"created automatically by mail delivery software", "sorry to have to inform you", "for further assistance",
		"delete your own text from", "following address(es) failed", "this is an automatically generated",
		"for the following reason", "message was received at", "please do not reply", "the message identifier is",
		"address failed:", "addresses failed:", "this is the mail system at host", "to the following recipient",
		"to these recipients", "mail system", "below this line is", "your message could not be delivered to one or more",
		"is a permanent error; i've given up",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (text_find(paragraph, texts[i]))
			return true;
	return false;
}

char *shape_explanation(const struct report_text *report)
{
	GString *words = g_string_new(NULL);

	for (guint i = 0; i < report->lines->len && words->len < BOUNCE_DIAGNOSTIC_LIMIT; i++) {
		char *paragraph = shape_paragraph(report, i), *address = shape_entry(paragraph, NULL);
		const char *start = skip_bullet(paragraph);

		/* "Unknown user: bob@example.net" is an entry that explains itself. */
		if (*paragraph && !is_boilerplate(paragraph) && (!address || skip_label(start) > start))
			g_string_append_printf(words, "%s\n", paragraph);
		while (i < report->lines->len && *(const char *)report->lines->pdata[i])
			i++;
		g_free(paragraph);
		g_free(address);
	}
	return g_string_free(words, FALSE);
}

/* A list that is being read. */
struct list {
	struct bounce *bounce;
	GPtrArray *open;		/* struct failure whose words are being collected */
	GString *words;
	bool apart;			/* an empty line stood since the last address */
	bool ended;			/* an empty line stood since the last words */
	unsigned count;
};

static void close_entry(struct list *list)
{
	guint first = list->open->len > 0 && !list->apart ? list->open->len - 1 : 0;

	if (list->words->len > 0)
		for (guint i = first; i < list->open->len; i++)
			failure_take_words(list->open->pdata[i], list->words->str);
	g_ptr_array_set_size(list->open, 0);
	g_string_truncate(list->words, 0);
	list->apart = list->ended = false;
}

static void open_entry(struct list *list, const char *address, const char *words)
{
	struct failure *failure;

	if (list->words->len > 0)
		close_entry(list);
	failure = bounce_failure(list->bounce, address);
	if (!failure)
		return;
	list->count++;
	g_ptr_array_add(list->open, failure);
	list->apart = list->ended = false;
	while (*words == ' ')
		words++;
	if (*words) {
		append_words(list->words, words);
	}
}

/* The address whose words are being read may open one of their lines ("after RCPT TO:", and below it "<bob@example.net>: host ..."). */
static bool is_open(const struct list *list, const char *address)
{
	const struct failure *last = list->open->len > 0 ? list->open->pdata[list->open->len - 1] : NULL;

	return last && list->words->len > 0 && address_equal(last->to, address);
}

/* A paragraph that begins so goes on with the reason given in the one before. */
static bool continues(const char *line)
{
	struct code code = CODE_NONE;

	while (strchr("<>- \t#", *line) && *line)
		line++;
	return code_read_reply(line, strnlen(line, 4), &code) > 0 || text_begins(line, "remote host said") || text_begins(line, "smtp error");
}

unsigned shape_entries(const struct report_text *report, struct bounce *bounce, guint from, guint to)
{
	struct list list = {.bounce = bounce, .open = g_ptr_array_new(), .words = g_string_new(NULL)};

	for (guint i = from; i < to && i < report->lines->len && !bounce->limited; i++) {
		const char *line = report->lines->pdata[i], *words;
		char *address;

		if (*line == '\0') {
			list.apart |= list.open->len > 0 && list.words->len == 0;
			list.ended |= list.words->len > 0 && list.words->str[list.words->len - 1] != ':';
			continue;
		}
		address = shape_entry(line, &words);
		if (address && !is_open(&list, address))
			open_entry(&list, address, words);
		else if (list.open->len > 0 && (!list.ended || continues(line)))
			append_words(list.words, line);
		g_free(address);
	}
	close_entry(&list);
	g_ptr_array_unref(list.open);
	g_string_free(list.words, TRUE);
	return list.count;
}
