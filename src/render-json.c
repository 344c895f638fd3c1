/* render-json.c - a report as one JSON object on one line, for programs (interfaces.md section 3).
 *
 * Every key is always there; what is not known is null. Keys keep their order, new ones go to the end of their object. Not here: files and messages
 * that cannot be read (the tool says so on standard error).
 */
#include "render.h"

#include "card.h"

#include <json-glib/json-glib.h>

/* Bytes of one string. Longer than any limit of the readers, so that nothing they keep is cut. */
#define STRING_LIMIT 8000u

static void add(JsonBuilder *builder, const char *key, const char *value)
{
	char *shown = value ? card_text(value, STRING_LIMIT) : NULL;

	json_builder_set_member_name(builder, key);
	if (shown && *shown)
		json_builder_add_string_value(builder, shown);
	else
		json_builder_add_null_value(builder);
	g_free(shown);
}

/* The name of a file is repeated as it was given, so that the answer can be matched with the question. */
static void add_file(JsonBuilder *builder, const struct render_options *options)
{
	char *valid = options->file ? g_utf8_make_valid(options->file, -1) : NULL;

	json_builder_set_member_name(builder, "file");
	if (valid)
		json_builder_add_string_value(builder, valid);
	else
		json_builder_add_null_value(builder);
	g_free(valid);
	if (options->message > 0) {
		json_builder_set_member_name(builder, "message");
		json_builder_add_int_value(builder, options->message);
	}
}

static void add_original(JsonBuilder *builder, const struct original *original)
{
	json_builder_set_member_name(builder, "original");
	json_builder_begin_object(builder);
	add(builder, "message_id", original->message_id);
	add(builder, "subject", original->subject);
	add(builder, "from", original->from);
	add(builder, "date", original->date);
	json_builder_end_object(builder);
}

/* Sizes in bytes and times in seconds are numbers. retry_until has always been there, for recipients without news too. */
static void add_facts(JsonBuilder *builder, const struct explanation *explanation, const struct failure *failure)
{
	static const enum fact order[] = {
		FACT_RETRY_UNTIL, FACT_LISTED_IP, FACT_LISTED_DOMAIN, FACT_BLOCKLIST, FACT_SIZE_LIMIT, FACT_MESSAGE_SIZE, FACT_QUOTA, FACT_RETRY_AFTER, FACT_NEW_ADDRESS,
		FACT_AUTH_DOMAIN, FACT_TLS_CAUSE,
	};

	G_STATIC_ASSERT(G_N_ELEMENTS(order) == FACTS);
	for (size_t i = 0; i < FACTS; i++) {
		const struct fact_value *value = &explanation->facts.values[order[i]];
		char *text = value->number ? NULL : fact_print(&explanation->facts, order[i]);

		if (value->text && value->number) {
			json_builder_set_member_name(builder, fact_word(order[i]));
			json_builder_add_int_value(builder, (gint64)value->number);
		} else {
			add(builder, fact_word(order[i]), !text && order[i] == FACT_RETRY_UNTIL ? failure->retry_until : text);
		}
		g_free(text);
	}
	add(builder, "side", explanation->our_side ? "ours" : NULL);
}

/* explanation: NULL for a recipient of a report that brings no news (delivered, relayed). */
static void add_recipient(JsonBuilder *builder, const struct failure *failure, const struct explanation *explanation)
{
	static const struct explanation none = {.reason = NULL};
	const struct explanation *known = explanation ? explanation : &none;
	char reply[CODE_REPLY_SIZE], enhanced[CODE_ENHANCED_SIZE], *status = card_code(failure->status);

	json_builder_begin_object(builder);
	add(builder, "to", failure->to);
	add(builder, "orig_to", failure->orig_to);
	add(builder, "action", action_word(failure->action));
	add(builder, "code", code_print_reply(failure->code, reply));
	add(builder, "dsn", code_print_enhanced(failure->code, enhanced));
	add(builder, "class", explain_class(failure));
	add(builder, "reason", known->reason);
	add(builder, "owner", known->owner);
	add(builder, "provider", known->provider);
	add(builder, "rule", known->rule);
	add(builder, "confidence", explanation ? confidence_word(known->confidence) : NULL);
	add(builder, "origin", origin_word(known->origin));
	add(builder, "remote", failure->remote);
	add(builder, "diagnostic", failure->diagnostic);
	add(builder, "id", known->id);
	add(builder, "summary", known->summary);
	add(builder, "advice", known->advice);
	add(builder, "help", known->help);
	add(builder, "admin", known->admin);
	add(builder, "meaning", known->meaning);
	add(builder, "headline", known->headline);
	add(builder, "status", status);
	add_facts(builder, known, failure);
	json_builder_set_member_name(builder, "conflict");
	json_builder_add_boolean_value(builder, failure->conflict);
	json_builder_end_object(builder);
	g_free(status);
}

static void add_recipients(JsonBuilder *builder, const struct report *report)
{
	const GPtrArray *failures = report->bounce->failures;

	json_builder_set_member_name(builder, "recipients");
	json_builder_begin_array(builder);
	for (guint i = 0; i < failures->len; i++)
		add_recipient(builder, g_ptr_array_index(failures, i),
			      i < report->explanations->len ? &g_array_index(report->explanations, struct explanation, i) : NULL);
	json_builder_end_array(builder);
}

static void render_object(GString *out, const struct report *report, const struct render_options *options)
{
	const struct bounce *bounce = report->bounce;
	bool bare = bounce->kind == KIND_NONE && report->explanations->len > 0;
	JsonBuilder *builder = json_builder_new();
	JsonNode *root;
	char *line;

	json_builder_begin_object(builder);
	json_builder_set_member_name(builder, "v");
	json_builder_add_int_value(builder, 1);
	add_file(builder, options);
	add(builder, "kind", bare ? NULL : kind_word(bounce->kind));
	add(builder, "dialect", bounce->dialect);
	add(builder, "reporter", bounce->reporter);
	add_original(builder, &bounce->original);
	add_recipients(builder, report);
	json_builder_set_member_name(builder, "limited");
	json_builder_add_boolean_value(builder, bounce->limited);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	line = json_to_string(root, FALSE);
	g_string_append(out, line);
	g_string_append_c(out, '\n');
	g_free(line);
	json_node_unref(root);
	g_object_unref(builder);
}

const struct renderer render_json = {"json", render_object};
