/* render-log.c - one log line for one failed recipient (interfaces.md section 4), as key=value pairs or as JSON.
 *
 * A line is read by programs and holds words of strangers: each value has a share of the line that escaping cannot exceed, and none can
 * look like the next pair or the next line. Not here: writing the line anywhere (log.c).
 */
#include "render.h"

#include "card.h"
#include "text.h"

#include <string.h>

#define LINE_LIMIT 860u	/* with "smtp-explain[12345]: " before it still under 900 */

enum style { STYLE_TOKEN, STYLE_ADDRESS, STYLE_QUOTED };

struct pair {
	const char *name, *value;
	enum style style;
	size_t share;		/* bytes of the escaped value at most */
};

/* One character as it stands in the line. Tokens and addresses are ASCII; a quoted text keeps its letters. Returns the bytes written to buffer (at most 16). */
static size_t escape(char buffer[17], const char *text, enum style style)
{
	size_t bytes = (size_t)(g_utf8_next_char(text) - text), used = 0;
	bool plain = bytes == 1 && (g_ascii_isalnum(*text) || strchr(style == STYLE_ADDRESS ? "@-._+=!#$%&'*/?^`{|}~:[],;" : "-._+:[]", *text));

	if (style == STYLE_QUOTED) {
		if (*text == '"' || *text == '\\')
			buffer[used++] = '\\';
		memcpy(buffer + used, text, bytes);
		return used + bytes;
	}
	if (plain) {
		buffer[0] = *text;
		return 1;
	}
	for (size_t i = 0; i < bytes; i++)
		used += (size_t)g_snprintf(buffer + used, 17 - used, "\\x%02x", (unsigned char)text[i]);
	return used;
}

/* Is this the end of a word by which other log tools know a bounce of Postfix ("status=", "postfix/")? One that a stranger wrote must not be counted. */
static bool ends_postfix_word(const char *begin, const char *end)
{
	size_t length = (size_t)(end - begin);

	if (*end == '=')
		return length >= 6 && g_ascii_strncasecmp(end - 6, "status", 6) == 0;
	return *end == '/' && length >= 7 && g_ascii_strncasecmp(end - 7, "postfix", 7) == 0;
}

/* Appends value, escaped, in at most share bytes; a cut one ends in "...". */
static void append_escaped(GString *out, const char *value, enum style style, size_t share)
{
	const char *begin = value;
	size_t start = out->len, fits = out->len;
	char buffer[17 + 1];

	for (; *value; value = g_utf8_next_char(value)) {
		size_t blank = ends_postfix_word(begin, value) ? 1 : 0, length = blank + escape(buffer + blank, value, style);

		if (blank)
			buffer[0] = style == STYLE_QUOTED ? ' ' : '_';

		if (out->len - start + length > share) {
			g_string_truncate(out, fits);
			g_string_append(out, "...");
			return;
		}
		g_string_append_len(out, buffer, (gssize)length);
		if (out->len - start + 3 <= share)
			fits = out->len;
	}
}

static void append_kv(GString *out, const struct pair *pair, const char *value)
{
	static const char *const before[] = {[STYLE_TOKEN] = "", [STYLE_ADDRESS] = "<", [STYLE_QUOTED] = "\""};
	static const char *const behind[] = {[STYLE_TOKEN] = "", [STYLE_ADDRESS] = ">", [STYLE_QUOTED] = "\""};

	g_string_append_printf(out, " %s=%s", pair->name, before[pair->style]);
	append_escaped(out, value, pair->style, pair->share);
	g_string_append(out, behind[pair->style]);
}

static void append_json(GString *out, const struct pair *pair, const char *value)
{
	g_string_append_printf(out, "%s\"%s\":\"", out->str[out->len - 1] == '{' ? "" : ",", pair->name);
	append_escaped(out, value, STYLE_QUOTED, pair->share);
	g_string_append_c(out, '"');
}

static void append_pair(GString *out, const struct pair *pair, enum render_log_format format)
{
	char *value = card_text(pair->value, 2 * LINE_LIMIT);

	if (*value && format == RENDER_LOG_JSON)
		append_json(out, pair, value);
	else if (*value)
		append_kv(out, pair, value);
	g_free(value);
}

static void append_diagnostic(GString *out, const char *diagnostic, enum render_log_format format)
{
	size_t frame = strlen(",\"diagnostic\":\"\"}");
	struct pair pair = {"diagnostic", diagnostic, STYLE_QUOTED, 0};

	if (out->len + frame + 20 > LINE_LIMIT)
		return;
	pair.share = LINE_LIMIT - out->len - frame;
	append_pair(out, &pair, format);
}

void render_log(GString *out, const struct report *report, unsigned index, const char *queue_id, const char *annotated, enum render_log_format format)
{
	const struct explanation *explanation = &g_array_index(report->explanations, struct explanation, index);
	const struct failure *failure = explanation->failure;
	char reply[CODE_REPLY_SIZE], enhanced[CODE_ENHANCED_SIZE];
	bool token = !annotated || !strpbrk(annotated, " ()");
	const struct pair pairs[] = {
		{"kind", kind_word(report->bounce->kind), STYLE_TOKEN, 16},
		{"to", failure->to, STYLE_ADDRESS, 150},
		{"orig_to", failure->orig_to, STYLE_ADDRESS, 80},
		{"code", code_print_reply(failure->code, reply), STYLE_TOKEN, 3},
		{"dsn", code_print_enhanced(failure->code, enhanced), STYLE_TOKEN, 9},
		{"class", explanation->class, STYLE_TOKEN, 12},
		{"reason", explanation->reason, STYLE_TOKEN, 40},
		{"owner", explanation->owner, STYLE_TOKEN, 20},
		{"provider", explanation->provider, STYLE_TOKEN, 30},
		{"rule", explanation->rule, STYLE_TOKEN, 60},
		{"confidence", confidence_word(explanation->confidence), STYLE_TOKEN, 10},
		{"origin", origin_word(explanation->origin), STYLE_TOKEN, 10},
		{"remote", failure->remote, STYLE_TOKEN, 80},
		{"reporter", report->bounce->reporter, STYLE_TOKEN, 80},
		{"annotated", annotated, token ? STYLE_TOKEN : STYLE_QUOTED, 40},
		{"id", explanation->id, STYLE_TOKEN, 12},
	};
	GString *line;

	if (!card_concerns(explanation))
		return;
	line = g_string_new(format == RENDER_LOG_JSON ? "{" : "");
	queue_id = queue_id && *queue_id ? queue_id : "NOQUEUE";
	if (format == RENDER_LOG_JSON) {
		append_pair(line, &(struct pair){"queue_id", queue_id, STYLE_TOKEN, 40}, format);
	} else {
		append_escaped(line, queue_id, STYLE_TOKEN, 40);
		g_string_append_c(line, ':');
	}
	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
		append_pair(line, &pairs[i], format);
	append_diagnostic(line, failure->diagnostic, format);
	if (format == RENDER_LOG_JSON)
		g_string_append_c(line, '}');
	g_string_append_len(out, line->str, (gssize)line->len);
	g_string_free(line, TRUE);
}
