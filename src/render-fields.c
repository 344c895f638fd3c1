/* render-fields.c - the header fields of interfaces.md section 2: values, RFC 2047 encoded words, folding.
 *
 * Whatever stands in the report, a field is ASCII, has no line end but its own folds, no line over 998 bytes and stays far below the 60,000 bytes
 * that an MTA takes. Not here: the field -Edits (annotate.c), where fields go (edits.c, milter.c).
 */
#include "render.h"

#include "text.h"

#include <string.h>

#define COLUMNS 78u			/* RFC 5322 section 2.1.1 */
#define WORD_LIMIT 900u			/* a longer word without blanks is cut up into encoded words */
#define ENCODED_WORD_LIMIT 75u		/* RFC 2047 section 2 */
#define ADDRESS_SHOWN 500u		/* bytes of an address in a field */
#define SENTENCE_SHOWN 900u
#define SUBJECT_SHOWN 500u
/* Bytes of fields after which no further explanation, then no further sentence begins. With one more of each and the original they stay below 60,000. */
#define EXPLANATIONS_LIMIT 28000u
#define SENTENCES_LIMIT 40000u

/* What a reader of fields would take for something else: bytes beyond ASCII, or what looks like an encoded word already. */
static bool must_encode(const char *word, size_t length)
{
	if (length > WORD_LIMIT || g_strstr_len(word, (gssize)length, "=?"))
		return true;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)word[i] < ' ' || (unsigned char)word[i] > 126)
			return true;
	return false;
}

/* One encoded word of at most 75 bytes, of whole characters; returns the bytes of text that went into it. */
static size_t encode_word(GString *out, const char *text, size_t length)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
	size_t start = out->len, used = 0;

	g_string_append(out, "=?utf-8?q?");
	while (used < length) {
		size_t bytes = MIN((size_t)(g_utf8_next_char(text + used) - (text + used)), length - used);

		if (out->len - start + 3 * bytes + 2 > ENCODED_WORD_LIMIT)
			break;
		for (size_t i = used; i < used + bytes; i++) {
			if (text[i] == ' ')
				g_string_append_c(out, '_');
			else if (memchr(plain, text[i], sizeof plain - 1))
				g_string_append_c(out, text[i]);
			else
				g_string_append_printf(out, "=%02X", (unsigned char)text[i]);
		}
		used += bytes;
	}
	g_string_append(out, "?=");
	return used;
}

/* Words that need it become encoded words. Between two of those a reader drops the blank, so a run of them is encoded with its blanks. */
static char *encode(const char *text)
{
	GString *out = g_string_new(NULL);

	while (*text) {
		size_t length = strcspn(text, " "), next;

		if (out->len)
			g_string_append_c(out, ' ');
		if (!must_encode(text, length)) {
			g_string_append_len(out, text, (gssize)length);
			text += length + (text[length] == ' ');
			continue;
		}
		while (text[length] == ' ' && (next = strcspn(text + length + 1, " ")) > 0 && must_encode(text + length + 1, next))
			length += 1 + next;
		for (size_t done = 0; done < length; ) {
			if (done)
				g_string_append_c(out, ' ');
			done += encode_word(out, text + done, length - done);
		}
		text += length + (text[length] == ' ');
	}
	return g_string_free(out, FALSE);
}

/* Breaks at blanks so that no line is longer than 78 columns, if it can be; column: where the value begins. */
static char *fold(const char *text, size_t column)
{
	GString *out = g_string_new(NULL);

	while (*text) {
		size_t length = strcspn(text, " ");

		if (out->len && column + 1 + length > COLUMNS) {
			g_string_append(out, "\n ");
			column = 1;
		} else if (out->len) {
			g_string_append_c(out, ' ');
			column++;
		}
		g_string_append_len(out, text, (gssize)length);
		column += length;
		text += length + (text[length] == ' ');
	}
	return g_string_free(out, FALSE);
}

struct render_field *render_field_new(const char *name, const char *value)
{
	struct render_field *field = g_new0(struct render_field, 1);
	char *printable = text_printable(value), *line = text_fold(printable), *encoded = encode(line);

	field->name = g_strdup(name);
	field->value = fold(encoded, strlen(name) + 2);
	g_free(encoded);
	g_free(line);
	g_free(printable);
	return field;
}

void render_field_free(gpointer data)
{
	struct render_field *field = data;

	g_free(field->name);
	g_free(field->value);
	g_free(field);
}

static bool is_token(const char *value)
{
	return *value && value[strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._+:")] == '\0';
}

/* "; name=value": the value as a token or, where it is none, as a quoted-string. Nothing for NULL or an empty value. */
static void append_value(GString *out, const char *name, const char *value, size_t limit, bool quote)
{
	char *shown = card_text(value, limit);

	if (*shown) {
		g_string_append_printf(out, "%s%s=", out->len ? "; " : "", name);
		if (!quote && is_token(shown)) {
			g_string_append(out, shown);
		} else {
			g_string_append_c(out, '"');
			for (const char *c = shown; *c; c++) {
				if (*c == '"' || *c == '\\')
					g_string_append_c(out, '\\');
				g_string_append_c(out, *c);
			}
			g_string_append_c(out, '"');
		}
	}
	g_free(shown);
}

static void append_token(GString *out, const char *name, const char *value)
{
	append_value(out, name, value, CARD_ADDRESS_LIMIT, false);
}

/* The host that adds the field, in front of the pairs; made a token if need be. */
static void append_host(GString *out, const char *host)
{
	for (const char *c = host ? host : ""; *c && out->len < 255; c++)
		g_string_append_c(out, g_ascii_isalnum(*c) || strchr("-._:[]", *c) ? *c : '?');
}

static void append_facts(GString *out, const struct facts *facts)
{
	for (int fact = 0; fact < FACTS; fact++) {
		char *value = fact_print(facts, (enum fact)fact);

		append_value(out, fact_word((enum fact)fact), value, ADDRESS_SHOWN, fact == FACT_NEW_ADDRESS);
		g_free(value);
	}
}

static char *explanation_value(const struct report *report, const struct explanation *explanation, const char *host, const char *annotated, unsigned more)
{
	const struct failure *failure = explanation->failure;
	char reply[CODE_REPLY_SIZE], enhanced[CODE_ENHANCED_SIZE], number[16];
	GString *out = g_string_new(NULL);

	append_host(out, host);
	append_token(out, "v", "1");
	append_token(out, "kind", kind_word(report->bounce->kind));
	append_value(out, "to", failure->to, ADDRESS_SHOWN, true);
	append_token(out, "code", code_print_reply(failure->code, reply));
	append_token(out, "dsn", code_print_enhanced(failure->code, enhanced));
	append_token(out, "class", explanation->class);
	append_token(out, "reason", explanation->reason);
	append_token(out, "owner", explanation->owner);
	append_token(out, "provider", explanation->provider);
	append_token(out, "rule", explanation->rule);
	append_token(out, "confidence", confidence_word(explanation->confidence));
	append_token(out, "remote", failure->remote);
	append_token(out, "id", explanation->id);
	append_token(out, "action", action_word(failure->action));
	append_value(out, "orig_to", failure->orig_to, ADDRESS_SHOWN, true);
	append_token(out, "origin", origin_word(explanation->origin));
	append_token(out, "side", explanation->our_side ? "ours" : NULL);
	append_facts(out, &explanation->facts);
	if (annotated && *annotated)
		g_string_append_printf(out, "; annotated=%s", annotated);	/* our own words: "headers (dkim-signed)" is a token and a comment (RFC 8601) */
	g_snprintf(number, sizeof number, "%u", more);
	append_token(out, "more", more ? number : NULL);
	return g_string_free(out, FALSE);
}

static void add(GPtrArray *fields, const char *prefix, const char *suffix, const char *value)
{
	char *name = g_strconcat(prefix, suffix, NULL);

	if (*value)
		g_ptr_array_add(fields, render_field_new(name, value));
	g_free(name);
}

static size_t bytes_of(const GPtrArray *fields)
{
	size_t bytes = 0;

	for (guint i = 0; i < fields->len; i++) {
		const struct render_field *field = g_ptr_array_index(fields, i);

		bytes += strlen(field->name) + strlen(field->value) + strlen(": \r\n");
	}
	return bytes;
}

static void add_explanations(GPtrArray *fields, const struct card *card, const char *prefix, const char *annotated)
{
	const struct report *report = card->report;
	unsigned concerned = 0, shown = 0;
	bool last = card->recipients == 0;

	for (guint i = 0; i < report->explanations->len; i++)
		concerned += explanation_is_news(&g_array_index(report->explanations, struct explanation, i));
	for (guint i = 0; i < report->explanations->len && !last; i++) {
		const struct explanation *explanation = &g_array_index(report->explanations, struct explanation, i);
		char *value;

		if (!explanation_is_news(explanation))
			continue;
		last = ++shown == card->recipients || bytes_of(fields) > EXPLANATIONS_LIMIT;
		value = explanation_value(report, explanation, card->host, annotated, last ? concerned - shown : 0);
		add(fields, prefix, "", value);
		g_free(value);
	}
}

/* The sentences about one rule: the first of its recipients speaks for all. */
static void add_sentences(GPtrArray *fields, const struct card *card, const struct card_group *group, const char *prefix)
{
	bool own = group->recipients->len <= 1 && group->first->headline && group->first->origin != ORIGIN_NOT_OURS;
	const char *headline = own ? group->first->headline : card->headline;
	char *joined = g_strconcat(headline, " ", group->first->summary, NULL);
	const char *advised = group->first->origin == ORIGIN_NOT_OURS ? report_phrase(card->report, "backscatter") : group->first->advice;
	char *summary = card_text(joined, SENTENCE_SHOWN), *advice = card_text(advised, SENTENCE_SHOWN);

	add(fields, prefix, "-Summary", summary);
	add(fields, prefix, "-Advice", advice);
	g_free(joined);
	g_free(summary);
	g_free(advice);
}

static void add_original(GPtrArray *fields, const struct original *original, const char *prefix)
{
	GString *out = g_string_new(NULL);

	append_value(out, "message-id", original->message_id, SUBJECT_SHOWN, true);
	append_value(out, "subject", original->subject, SUBJECT_SHOWN, true);
	append_value(out, "from", original->from, CARD_ADDRESS_LIMIT, true);
	add(fields, prefix, "-Original", out->str);
	g_string_free(out, TRUE);
}

GPtrArray *render_fields(const struct card *card, const char *prefix, const char *annotated)
{
	GPtrArray *fields = g_ptr_array_new_with_free_func(render_field_free);

	add_explanations(fields, card, prefix, annotated);
	for (guint i = 0; i < card->groups->len && bytes_of(fields) < SENTENCES_LIMIT; i++)
		add_sentences(fields, card, g_ptr_array_index(card->groups, i), prefix);
	add_original(fields, &card->report->bounce->original, prefix);
	return fields;
}
