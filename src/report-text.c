/* report-text.c - the human-readable text of a report: chosen among the parts, taken out of HTML if need be, cut at the returned message.
 *
 * Not here: what the text says (the dialects), the header of the returned message (original.c).
 */
#include "report-text.h"
#include "gateway-marks.h"
#include "html-text.h"
#include "original.h"
#include "shape.h"
#include "text.h"
#include "told.h"

#include <string.h>

/* Parts that end the human-readable text: what follows them belongs to the returned message. */
static bool ends_text(const struct mail_part *part)
{
	return g_str_has_prefix(part->type, "message/") || strcmp(part->type, "text/rfc822-headers") == 0 ||
	       strcmp(part->type, "text/rfc822") == 0;
}

static bool is_blank(const char *text)
{
	while (g_ascii_isspace(*text))
		text++;
	return *text == '\0';
}

/* Something attached to a text is none of the writer's own words, unless a gateway made a file of the machine-readable part: that begins with its fields (RFC 3464
 * section 2.2), and a whole report that somebody attached does not. A mail system attaches no other than its own, and people's mail has a From. */
static bool is_enclosure(const struct mail_part *part, bool by_system)
{
	static const char *const fields[] = {
		"Reporting-MTA:", "Original-Envelope-Id:", "DSN-Gateway:", "Received-From-MTA:", "Arrival-Date:", "Final-Recipient:", "Original-Recipient:", "Action:",
		"Status:", "Remote-MTA:", "Diagnostic-Code:", "Last-Attempt-Date:", "Content-Type: message/delivery-status", "X-",
	};

	if (!part->attachment || text_begins_any(part->text + strspn(part->text, " \t\r\n"), fields, G_N_ELEMENTS(fields)))
		return false;
	return !(by_system && text_find(part->text, "Final-Recipient:"));
}

/* The text of all parts of that type before the machine-readable ones; after them only if there is none before. */
static GString *collect(const struct mail *mail, const char *type, bool by_system)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < mail->parts->len && text->len < MAIL_TEXT_LIMIT; i++) {
		const struct mail_part *part = mail_part(mail, i);

		if (part->enclosed)
			continue;
		if (ends_text(part) && text->len > 0)
			break;
		if (strcmp(part->type, type) != 0 || !part->text || is_blank(part->text) || (text->len > 0 && is_enclosure(part, by_system)))
			continue;
		if (text->len > 0)
			g_string_append_c(text, '\n');		/* a footer ends with its part */
		g_string_append_len(text, part->text, (gssize)MIN(part->text_length, MAIL_TEXT_LIMIT - text->len));
		if (text->str[text->len - 1] != '\n')
			g_string_append_c(text, '\n');
	}
	return text;
}

/* writer: of mail. */
static GString *human_text(const struct mail *mail, const struct writer *writer)
{
	bool by_system = !writer->from || !*writer->named || (writer_is_mailer(writer) && writer_is_machine(writer->named));
	GString *text = collect(mail, "text/plain", by_system), *html;
	char *words;

	if (text->len > 40)
		return text;
	html = collect(mail, "text/html", by_system);
	words = html_text(html->str, html->len);
	g_string_append(text, words);
	g_string_free(html, TRUE);
	g_free(words);
	return text;
}

#define LINES_LIMIT 5000u	/* of a text; BOUNCE_FAILURES_LIMIT recipients need fewer */

static GPtrArray *split(const char *text)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

	while (*text && lines->len < LINES_LIMIT) {
		size_t length = strcspn(text, "\n");

		g_ptr_array_add(lines, g_strchomp(g_strndup(text, length)));
		text += length + (text[length] == '\n');
	}
	return lines;
}

/* The offset of line number count in text. */
static size_t offset_of_line(const char *text, guint count)
{
	const char *at = text;

	while (count-- > 0 && *at) {
		at += strcspn(at, "\n");
		at += *at == '\n';
	}
	return (size_t)(at - text);
}

static char *fold_lower(const GPtrArray *lines)
{
	GString *text = g_string_new(NULL);
	char *folded, *lower;
	size_t length;

	for (guint i = 0; i < lines->len && text->len < REPORT_FOLDED_LIMIT; i++)
		if (!text_is_quoted(lines->pdata[i]))
			g_string_append_printf(text, "%s\n", (const char *)lines->pdata[i]);
	folded = text_fold(text->str);
	length = MIN(strlen(folded), REPORT_FOLDED_LIMIT);
	while (length > 0 && ((unsigned char)folded[length] & 0xc0) == 0x80)
		length--;
	lower = g_utf8_strdown(folded, (gssize)length);
	g_free(folded);
	g_string_free(text, TRUE);
	return lower;
}

/* A line that parts paragraphs: nothing, or ornaments only. */
static bool is_gap(const char *line)
{
	return line[strspn(line, " \t-=_*+|#~")] == '\0';
}

/* Does the line open with a failed reply, or with an address that is more than the address of a list? */
static bool is_finding(const char *line)
{
	const char *start = line + strspn(line, " \t<*-");
	struct code code = CODE_NONE;
	char *address = shape_entry(line, NULL);
	bool finding = (address && strcmp(address, line) != 0) || (code_read_reply(start, strnlen(start, 4), &code) && code.reply >= 400);

	g_free(address);
	return finding;
}

/* The words of the lines from first up to end in lower case, NULL where one of them is a finding. The caller frees it. */
static char *paragraph_of(const GPtrArray *lines, guint first, guint end)
{
	GString *words = g_string_new(NULL);
	bool finding = false;
	char *folded, *lower;

	for (guint i = first; i < end && !finding && words->len < REPORT_FOLDED_LIMIT; i++) {
		finding = is_finding(lines->pdata[i]);
		g_string_append_printf(words, "%s\n", (const char *)lines->pdata[i]);
	}
	folded = text_fold(words->str);
	lower = finding ? NULL : g_utf8_strdown(folded, -1);
	g_free(folded);
	g_string_free(words, TRUE);
	return lower;
}

#define NOTICES_LIMIT 5u	/* paragraphs that gateways put above or below a text */

/* "---- CAUTION: external message ----", "[EXTERNAL EMAIL]": a line that is framed stands for itself. */
static bool is_framed(const char *line)
{
	size_t length = strlen(line);

	return length > 4 && strchr("-=_*+|#~[", line[0]) && strchr("-=_*+|#~]", line[length - 1]);
}

/* The first line behind the notices of gateways above the text. */
static guint behind_notices(const GPtrArray *lines)
{
	guint begin = 0;

	for (unsigned n = 0; n < NOTICES_LIMIT; n++) {
		guint first = begin, end;
		char *words;
		bool notice;

		while (first < lines->len && is_gap(lines->pdata[first]))
			first++;
		for (end = first; end < lines->len && !is_gap(lines->pdata[end]) && (end == first || !is_framed(lines->pdata[first])); end++)
			;
		words = paragraph_of(lines, first, end);
		notice = words && gateway_notice_above(words);
		g_free(words);
		if (!notice)
			break;
		begin = end;
	}
	return begin;
}

/* The first line of the notices below the text, which does not reach above begin. */
static guint before_notices(const GPtrArray *lines, guint begin)
{
	guint end = lines->len;

	for (unsigned n = 0; n < NOTICES_LIMIT; n++) {
		guint last = end, first;
		char *words;
		bool notice;

		while (last > begin && is_gap(lines->pdata[last - 1]))
			last--;
		for (first = last; first > begin && !is_gap(lines->pdata[first - 1]); first--)
			;
		words = first > begin ? paragraph_of(lines, first, last) : NULL;
		notice = words && gateway_notice_below(words);
		g_free(words);
		if (!notice)
			break;
		end = first;
	}
	return end;
}

static bool holds_address(const GPtrArray *lines, guint from, guint to)
{
	bool holds = false;

	for (guint i = from; i < to && !holds; i++)
		holds = strchr(lines->pdata[i], '@') != NULL;
	return holds;
}

/* What gateways on the way wrote above and below is nobody's report. Changes both alike. */
static void drop_notices(GString *text, GPtrArray *lines)
{
	guint begin = behind_notices(lines), end = before_notices(lines, begin);

	char *rest = paragraph_of(lines, begin, end);
	bool hollow = rest && !told_by_text(rest).failed && !holds_address(lines, begin, end) && holds_address(lines, 0, lines->len);

	g_free(rest);
	/* What is left says nothing, and the only address goes with them: they are the report. */
	if (hollow)
		return;

	g_string_truncate(text, offset_of_line(text->str, end));
	g_ptr_array_set_size(lines, (gint)end);
	if (begin > 0) {
		g_string_erase(text, 0, (gssize)offset_of_line(text->str, begin));
		g_ptr_array_remove_range(lines, 0, begin);
	}
}

/* No-break spaces, with which web pages and gateways indent, are blanks to those who read. In place, in one pass. */
static void plain_blanks(GString *text)
{
	char *to = text->str;

	for (const char *from = text->str; *from; to++) {
		bool no_break = from[0] == '\xc2' && from[1] == '\xa0';

		*to = no_break ? ' ' : *from;
		from += no_break ? 2 : 1;
	}
	g_string_truncate(text, (gsize)(to - text->str));
}

struct report_text *report_text_new(const struct mail *mail)
{
	struct report_text *report = g_new0(struct report_text, 1);
	struct writer writer = writer_read(mail->fields);
	GString *text = human_text(mail, &writer);
	GPtrArray *lines;
	guint cut;
	size_t offset;

	plain_blanks(text);
	lines = split(text->str);
	cut = original_line(lines);
	offset = offset_of_line(text->str, cut);
	report->mail = mail;
	report->writer = writer;
	report->reader = mail_address(mail_field(mail, "To"));
	if (cut < lines->len)
		report->original = g_strdup(text->str + offset);
	g_string_truncate(text, offset);
	g_ptr_array_set_size(lines, (gint)cut);
	drop_notices(text, lines);
	report->text = g_string_free(text, FALSE);
	report->lines = lines;
	report->folded = fold_lower(lines);
	return report;
}

void report_text_free(struct report_text *report)
{
	if (!report)
		return;
	g_free((char *)report->text);
	g_free((char *)report->original);
	g_free((char *)report->folded);
	writer_clear(&report->writer);
	g_free(report->reader);
	g_free(report->sender);
	g_ptr_array_unref(report->lines);
	g_free(report);
}

bool report_says(const struct report_text *report, const char *phrase)
{
	return strstr(report->folded, phrase) != NULL;
}

bool report_returns_original(const struct report_text *report)
{
	return report->original || mail_find_part(report->mail, "message/rfc822") || mail_find_part(report->mail, "text/rfc822-headers");
}

bool report_says_any(const struct report_text *report, const char *const *phrases)
{
	for (; *phrases; phrases++)
		if (report_says(report, *phrases))
			return true;
	return false;
}
