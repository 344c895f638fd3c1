/* dialect-amazon-sns.c - notifications about Amazon SES mail that Amazon SNS sends by mail: JSON, with the event as a string of JSON
 * inside.
 *
 * The words are Amazon's documented ones (notificationType, eventType, bouncedRecipients). Nothing else is read from JSON.
 */
#include "shape.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Where the object begins: at the beginning of a line, as gateways put notices of their own above it. NULL where there is none. */
static const char *object_start(const char *text)
{
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += strspn(line, " \t\n");
		if (*line == '{')
			return line;
	}
	return NULL;
}

static bool claims(const struct report_text *report)
{
	const char *text = report->text;

	return object_start(text) && (strstr(text, "notificationType") || strstr(text, "eventType"));
}

/* Long lines come folded, sometimes inside a string, where no line end may stand; what follows the object is dropped. */
static char *unfold(const char *text)
{
	GString *out = g_string_sized_new(strlen(text));
	const char *last = strrchr(text, '}');

	for (; *text && text <= last; text++)
		if (*text == '\n' && text[1] == ' ' && text[2] != ' ')
			text++;
		else if (*text != '\n')
			g_string_append_c(out, *text);
	return g_string_free(out, FALSE);
}

#define NESTING_LIMIT 100u

/* json-glib recurses: 60,000 brackets take more than 6 MB of stack, and that of a thread may have 2. Brackets in strings count too;
 * they come in pairs. */
static bool is_flat(const char *text)
{
	size_t depth = 0;

	for (; *text && depth <= NESTING_LIMIT; text++)
		if (*text == '{' || *text == '[')
			depth++;
		else if (depth > 0 && (*text == '}' || *text == ']'))
			depth--;
	return depth <= NESTING_LIMIT;
}

static JsonParser *parse(const char *text)
{
	JsonParser *parser = json_parser_new_immutable();
	char *unfolded = unfold(text);
	JsonNode *root = is_flat(unfolded) && json_parser_load_from_data(parser, unfolded, -1, NULL) ? json_parser_get_root(parser) : NULL;

	g_free(unfolded);
	if (root && JSON_NODE_HOLDS_OBJECT(root))
		return parser;
	g_object_unref(parser);
	return NULL;
}

static const char *string_of(JsonObject *object, const char *name)
{
	JsonNode *node = object ? json_object_get_member(object, name) : NULL;

	return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING ? json_node_get_string(node) : NULL;
}

static JsonObject *object_of(JsonObject *object, const char *name)
{
	JsonNode *node = object ? json_object_get_member(object, name) : NULL;

	return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static JsonArray *array_of(JsonObject *object, const char *name)
{
	JsonNode *node = object ? json_object_get_member(object, name) : NULL;

	return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

/* "dsn; a1-2.smtp-out.example.com" */
static char *host_of(const char *reporter)
{
	const char *semicolon = reporter ? strchr(reporter, ';') : NULL;

	return reporter ? g_strstrip(g_strdup(semicolon ? semicolon + 1 : reporter)) : NULL;
}

static void take_recipient(struct bounce *bounce, JsonObject *recipient)
{
	const char *to = string_of(recipient, "emailAddress"), *status = string_of(recipient, "status"),
		   *diagnostic = string_of(recipient, "diagnosticCode");
	struct failure *failure = to ? bounce_failure(bounce, to) : NULL;

	if (!failure)
		return;
	failure->action = ACTION_FAILED;
	if (diagnostic)
		failure_take_words(failure, diagnostic);
	if (status)
		code_read_enhanced(status, strlen(status), &failure->status);
}

static void take_original(struct bounce *bounce, JsonObject *mail)
{
	JsonObject *headers = object_of(mail, "commonHeaders");

	bounce->original.message_id = g_strdup(string_of(headers, "messageId"));
	bounce->original.subject = g_strdup(string_of(headers, "subject"));
	bounce->original.date = g_strdup(string_of(headers, "date"));
	bounce->original.from = g_strdup(string_of(mail, "source"));
}

static bool take_event(struct bounce *bounce, JsonObject *event)
{
	const char *type = string_of(event, "notificationType");
	JsonObject *details = object_of(event, "bounce");
	JsonArray *recipients = array_of(details, "bouncedRecipients");

	type = type ? type : string_of(event, "eventType");
	if (!type)
		return false;
	bounce->kind = !strcmp(type, "Bounce")	    ? KIND_BOUNCE
		       : !strcmp(type, "Delivery")  ? KIND_SUCCESS
		       : !strcmp(type, "Complaint") ? KIND_FEEDBACK
						    : KIND_NONE;
	bounce->reporter = host_of(string_of(details, "reportingMTA"));
	for (guint i = 0; recipients && i < json_array_get_length(recipients); i++) {
		JsonNode *node = json_array_get_element(recipients, i);

		if (JSON_NODE_HOLDS_OBJECT(node))
			take_recipient(bounce, json_node_get_object(node));
	}
	take_original(bounce, object_of(event, "mail"));
	return true;
}

static bool read_bounce(const struct report_text *report, struct bounce *bounce)
{
	JsonParser *outer = parse(object_start(report->text)), *inner;
	JsonObject *envelope = outer ? json_node_get_object(json_parser_get_root(outer)) : NULL;
	const char *message = string_of(envelope, "Message");
	bool found;

	inner = message ? parse(message) : NULL;
	found = envelope && take_event(bounce, inner ? json_node_get_object(json_parser_get_root(inner)) : envelope);
	g_clear_object(&inner);
	g_clear_object(&outer);
	return found;
}

const struct dialect dialect_amazon_sns = {
	.name = "amazon-sns",
	.writes = "Amazon SES by way of Amazon SNS",
	.claims = claims,
	.read = read_bounce,
};
