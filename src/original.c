/* original.c - finds the returned message in a report and reads its header.
 *
 * Everything behind the line found here belongs to another message: no code, address or host may be read from it. So the cut must
 * neither come late nor early; an announcement counts only if it stands alone on its line and is marked as one, or if header fields
 * follow.
 */
#include "original.h"
#include "announcement.h"
#include "reply.h"
#include "text.h"
#include "told.h"

#include <string.h>

/* Fields that a report's own text does not hold in column 0. */
static const char *const header_names[] = {
	"received", "return-path", "message-id", "mime-version", "delivered-to", "x-original-to", "dkim-signature",
	"content-transfer-encoding", "content-type", "x-mailer", "from", "to", "subject", "date", "sender", "reply-to", "cc",
	"envelope-to", "delivery-date", "references", "in-reply-to", "x-received", "received-spf", "domainkey-signature",
	"authentication-results", "user-agent", "x-originating-ip", "importance", "x-priority", "organization", "list-id", "resent-from",
	"errors-to", "status", "lines", "precedence", "bcc", "arc-seal", "return-receipt-to", "thread-topic",
};

static size_t name_length(const char *line)
{
	size_t length = 0;

	while (line[length] > ' ' && line[length] != ':' && line[length] != 0x7f && (unsigned char)line[length] < 0x80)
		length++;
	return line[length] == ':' && length > 1 ? length : 0;
}

static bool is_known_field(const char *line)
{
	size_t length = name_length(line);

	for (size_t i = 0; length && i < G_N_ELEMENTS(header_names); i++)
		if (strlen(header_names[i]) == length && g_ascii_strncasecmp(line, header_names[i], length) == 0)
			return true;
	return false;
}

/* Do the lines from at on look like the header of a message: three fields of which two are well known, or a Received line? */
static bool is_header_block(const GPtrArray *lines, guint at)
{
	unsigned fields = 0, known = 0;

	if (at >= lines->len || !is_known_field(lines->pdata[at]))
		return false;
	if (text_begins(lines->pdata[at], "received: from ") || text_begins(lines->pdata[at], "received: by ") ||
	    text_begins(lines->pdata[at], "return-path: <"))
		return true;
	for (guint i = at; i < lines->len && i < at + 40; i++) {
		const char *line = lines->pdata[i];

		if (*line == ' ' || *line == '\t')
			continue;
		if (name_length(line) == 0)
			break;
		fields++;
		known += is_known_field(line);
	}
	return fields >= 3 && known >= 3;
}

/* How the lines of a quoted or indented message begin: "> ", "| ", blanks. */
static size_t prefix_length(const char *line)
{
	return strspn(line, ">| \t");
}

static char *without_prefix(const char *text, size_t length)
{
	GString *bare = g_string_new(NULL);

	while (*text) {
		size_t rest = strcspn(text, "\n"), prefix = MIN(length, prefix_length(text));

		prefix = MIN(prefix, rest);
		g_string_append_len(bare, text + prefix, (gssize)(rest - prefix));
		text += rest;
		if (*text == '\n') {
			g_string_append_c(bare, '\n');
			text++;
		}
	}
	return g_string_free(bare, FALSE);
}

#define PREFIXED_LIMIT 40u	/* lines of a quoted header that are looked at */

/* Does a quoted header begin here, with fields that servers write? An indented one that nothing announces is a summary with the report's words behind it
 * (original-summary.c). */
static bool is_prefixed_block(const GPtrArray *lines, guint at, bool announced)
{
	const char *line = lines->pdata[at];
	size_t prefix = prefix_length(line);
	bool trace = false;
	unsigned known = 0;

	if (prefix == 0 || (!announced && strcspn(line, ">|") >= prefix) || !is_known_field(line + prefix))
		return false;
	for (guint i = at; i < MIN(lines->len, at + PREFIXED_LIMIT) && prefix_length(lines->pdata[i]) >= prefix; i++) {
		line = (const char *)lines->pdata[i] + prefix;
		known += is_known_field(line);
		trace |= text_begins(line, "received: from ") || text_begins(line, "received: by ") || text_begins(line, "message-id: <");
	}
	return trace && known >= 3;
}

/* Does a reply open the line, or stand behind a colon ("said: 550 ...")? A number in the middle of a sentence is the writer's of the returned message. */
static bool is_reply_line(const char *line)
{
	const char *at = line;

	while (*at && !g_ascii_isalnum(*at) && (unsigned char)*at < 0x80)
		at++;
	return g_ascii_isdigit(*at) || strchr(line, ':') || strchr(line, '<') || strchr(line, '\'') || strchr(line, '"') || strchr(line, '(');
}

#define HEADER_LINES 20u	/* behind a reason, in which the returned header begins */

/* Does a message's header follow, so that no block before it is one? */
static bool header_follows(const GPtrArray *lines, guint from)
{
	bool follows = false;

	for (guint i = from; i < MIN(lines->len, from + HEADER_LINES) && !follows; i++)
		follows = is_header_block(lines, i);
	return follows;
}

/* A report may name the message by its From, To and Subject before it says what happened: such a block has no field that servers write, and a failed
 * reply soon behind it, or a reason and then the returned header. Returns the line behind the block, 0 where it is none. */
static guint behind_summary(const GPtrArray *lines, guint at)
{
	static const char *const names[] = {"from:", "to:", "subject:", "date:", "sent:", "cc:", "sender:", "message-id:"};
	static const char *const reasons[] = {
		"reason:", "error:", "cause:", "grund:", "fehler:", "raison:", "motif:", "motivo:", "causa:", "errore:", "erro:", "reden:", "oorzaak:", "powód:",
		"причина:",
	};
	guint end = at;

	while (end < lines->len && name_length(lines->pdata[end])) {
		if (!text_begins_any(lines->pdata[end], names, G_N_ELEMENTS(names)) || end - at > G_N_ELEMENTS(names))
			return 0;
		end++;
	}
	for (guint i = end; i < MIN(lines->len, end + 6); i++)
		if ((code_has_reply(reply_code(lines->pdata[i])) && is_reply_line(lines->pdata[i])) ||
		    (text_begins_any(lines->pdata[i], reasons, G_N_ELEMENTS(reasons)) && header_follows(lines, i + 1)))
			return end;
	return 0;
}

#define LABEL_LENGTH 24u	/* bytes before an address that leave room for its label: "Recipient: " */
#define ENTRY_LINES 3u		/* that say what became of it */

/* A heading in plain words before which nobody was named, and behind it somebody's address and what became of his message: "About the original message:" heads the
 * report. What a person wrote begins in another way. */
static bool heads_report(const GPtrArray *lines, guint heading, guint next)
{
	const char *entry = next < lines->len ? lines->pdata[next] : "", *mark = strchr(entry, '@');
	bool failed = false;

	if (!mark || !g_ascii_isalnum(*(const char *)lines->pdata[heading]) || !g_str_has_suffix(lines->pdata[heading], ":"))
		return false;
	while (mark > entry && !strchr(" \t<:", mark[-1]))
		mark--;
	for (guint i = 0; i < heading; i++)
		if (strchr(lines->pdata[i], '@'))
			return false;
	for (guint i = next; i < MIN(lines->len, next + ENTRY_LINES) && !failed; i++)
		failed = strstr(lines->pdata[i], " said: ") || told_by(lines->pdata[i], strlen(lines->pdata[i])).failed;
	return failed && mark - entry <= (ptrdiff_t)LABEL_LENGTH;
}

/* "From ann@example.com  Thu Apr 29 23:34:45 2017" (RFC 4155) stands before the header where the manager took the message from a file. */
static bool is_separator(const char *line)
{
	line += prefix_length(line);
	return g_str_has_prefix(line, "From ") && strchr(line, '@') && strstr(line, ":");
}

guint original_line(const GPtrArray *lines)
{
	bool headed = false;	/* one line may head the report */

	for (guint i = 0; i < lines->len; i++) {
		const char *line = lines->pdata[i];
		bool marked = false;
		guint next = name_length(line) ? behind_summary(lines, i) : 0;

		if (next > i)
			i = next - 1;
		if (*line == '\0' || next > i)
			continue;
		if ((name_length(line) && is_header_block(lines, i)) || is_prefixed_block(lines, i, false))
			return i;
		if (!announcement_read(line, &marked))
			continue;
		for (next = i + 1; next < lines->len && (*(const char *)lines->pdata[next] == '\0' || announcement_is_rule(lines->pdata[next])); next++)
			;
		next += next + 1 < lines->len && is_separator(lines->pdata[next]);
		if (is_header_block(lines, next) || (next < lines->len && is_prefixed_block(lines, next, marked)))
			return i;
		if (!marked || (next < lines->len && g_ascii_isspace(*(const char *)lines->pdata[next])))
			continue;
		if (headed || !heads_report(lines, i, next))
			return i;
		headed = true;
	}
	return lines->len;
}

static char *take_field(const GArray *fields, const char *name)
{
	const struct field *field = fields_find(fields, name);
	char *raw = field ? field_value(field) : NULL, *value = raw ? g_utf8_make_valid(raw, -1) : NULL;

	g_free(raw);
	if (value && *value == '\0')
		g_clear_pointer(&value, g_free);
	return value;
}

static char *take_decoded(const GArray *fields, const char *name)
{
	char *raw = take_field(fields, name), *decoded = raw ? mail_decode_words(raw) : NULL;

	g_free(raw);
	return decoded;
}

/* The message id alone, with its brackets. */
static char *take_message_id(const GArray *fields)
{
	char *value = take_field(fields, "Message-ID"), *open = value ? strchr(value, '<') : NULL, *close = open ? strchr(open, '>') : NULL;
	char *id = close ? g_strndup(open, (gsize)(close + 1 - open)) : g_strdup(value);

	g_free(value);
	return id;
}

static char *take_from(const GArray *fields)
{
	char *value = take_field(fields, "From"), *address = value ? mail_address(value) : NULL;

	g_free(value);
	if (address && *address == '\0')
		g_clear_pointer(&address, g_free);
	return address;
}

/* What the mail program says that its user reads, else what the message is written in. */
static char *take_languages(const GArray *fields)
{
	char *value = take_field(fields, "Accept-Language");

	return value ? value : take_field(fields, "Content-Language");
}

static void read_header(struct original *original, const char *text, size_t length)
{
	size_t end;
	GArray *fields = fields_split(text, length, FIELDS_LIMIT, &end);

	if (fields->len > 0) {
		original->message_id = take_message_id(fields);
		original->subject = take_decoded(fields, "Subject");
		original->from = take_from(fields);
		original->date = take_field(fields, "Date");
		original->language = take_languages(fields);
		original->header = g_strndup(text, end);
	}
	g_array_unref(fields);
}

/* The returned message's own header: of the part that holds the message, or of a part that holds its header. */
static const struct mail_part *returned_part(const struct mail *mail)
{
	static const char *const types[] = {
		"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers",
		"text/rfc822",
	};

	for (guint i = 0; i < mail->parts->len; i++)
		for (size_t t = 0; t < G_N_ELEMENTS(types); t++)
			if (!mail_part(mail, i)->enclosed && strcmp(mail_part(mail, i)->type, types[t]) == 0 && mail_part(mail, i)->text)
				return mail_part(mail, i);
	return NULL;
}

const char *original_start(const char *text)
{
	for (const char *line = text; line && *line; ) {
		const char *end = strchr(line, '\n'), *name = line + prefix_length(line);

		if (is_known_field(name))
			return line;
		line = end ? end + 1 : NULL;
	}
	return text;
}

static void read_text(struct original *original, const char *text)
{
	const char *start = original_start(text);
	size_t prefix = prefix_length(start);
	char *bare = without_prefix(start, prefix);

	read_header(original, bare, strlen(bare));
	g_free(bare);
}

/* Some send the returned message as a text behind the machine-readable part. */
static const struct mail_part *returned_text(const struct mail *mail)
{
	bool status = false;

	for (guint i = 0; i < mail->parts->len; i++) {
		const struct mail_part *part = mail_part(mail, i);

		if (part->enclosed || !part->text)
			continue;
		if (status && g_str_has_prefix(part->type, "text/") && is_known_field(part->text))
			return part;
		status |= strcmp(part->type, "message/delivery-status") == 0;
	}
	return NULL;
}

static void read_reference(struct original *original, const struct mail *mail)
{
	const char *reference = mail_field(mail, "In-Reply-To");
	size_t length = reference ? strlen(reference) : 0;

	if (!original->message_id && length > 4 && *reference == '<' && strchr(reference, '>') == reference + length - 1)
		original->message_id = g_strdup(reference);
}

void original_read(struct original *original, const struct mail *mail, const char *text)
{
	const struct mail_part *part = returned_part(mail);

	if (!part && !text)
		part = returned_text(mail);
	if (part)
		read_header(original, part->text, part->text_length);
	else if (text)
		read_text(original, text);
	read_reference(original, mail);
}

char *original_recipient(const struct original *original)
{
	GArray *fields = fields_split(original->header, strlen(original->header), FIELDS_LIMIT, NULL);
	char *to = take_field(fields, "To"), *cc = take_field(fields, "Cc"), *address = NULL;

	if (to && !cc && !strchr(to, ',')) {
		address = mail_address(to);
		if (address && (!strchr(address, '@') || (original->from && g_ascii_strcasecmp(address, original->from) == 0)))
			g_clear_pointer(&address, g_free);
	}
	g_free(to);
	g_free(cc);
	g_array_unref(fields);
	return address;
}

void original_clear(struct original *original)
{
	g_free(original->message_id);
	g_free(original->subject);
	g_free(original->from);
	g_free(original->date);
	g_free(original->queue_id);
	g_free(original->language);
	g_free(original->header);
}
