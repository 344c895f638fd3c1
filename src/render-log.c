/* render-log.c - one log line for one failed recipient (interfaces.md section 4), as key=value pairs or as JSON.
 *
 * What each value may take of the line is set so that all of them together fit. Not here: escaping (log-pair.c), hiding of addresses (privacy.c), writing the
 * line anywhere (log.c), how many lines there may be (log-budget.c).
 */
#include "render.h"

#include "log-pair.h"

#include <string.h>

#define LINE_LIMIT 860u	/* with "smtp-explain[12345]: " before it still under 900 */

/* What alerts count by, where the line has room for it. */
static void append_facts(GString *out, const struct facts *facts, bool json)
{
	static const enum fact logged[] = {FACT_LISTED_IP, FACT_BLOCKLIST};

	for (size_t i = 0; i < G_N_ELEMENTS(logged); i++) {
		char *value = fact_print(facts, logged[i]);
		struct log_pair pair = {fact_word(logged[i]), value, STYLE_TOKEN, 60};

		if (value && out->len + strlen(pair.name) + pair.share + strlen(",\"\":\"\"}") <= LINE_LIMIT)
			log_pair_append(out, &pair, json);
		g_free(value);
	}
}

static void append_diagnostic(GString *out, const char *diagnostic, bool json)
{
	size_t frame = strlen(",\"diagnostic\":\"\"}");
	struct log_pair pair = {"diagnostic", diagnostic, STYLE_QUOTED, 0};

	if (out->len + frame + 20 > LINE_LIMIT)
		return;
	pair.share = LINE_LIMIT - out->len - frame;
	log_pair_append(out, &pair, json);
}

/* What of a line may be a person's address, as it is to be shown. */
struct shown {
	char *to, *orig_to, *sender, *remote, *diagnostic;	/* remote: a host, unless somebody writes something else there */
};

static struct shown show(const struct failure *failure, const struct render_log_options *options)
{
	const char *known[] = {failure->to, failure->orig_to, options->sender, NULL};
	guint count = 0;

	for (guint i = 0; i < G_N_ELEMENTS(known) - 1; i++)
		if (known[i] && *known[i])
			known[count++] = known[i];
	known[count] = NULL;
	return (struct shown){.to = privacy_address(options->privacy, failure->to),
			      .orig_to = privacy_address(options->privacy, failure->orig_to),
			      .sender = options->shown_sender ? g_strdup(options->shown_sender) : privacy_address(options->privacy, options->sender),
			      .remote = privacy_text(options->privacy, failure->remote, known),
			      .diagnostic = privacy_text(options->privacy, failure->diagnostic, known)};
}

static void shown_clear(struct shown *shown)
{
	g_free(shown->to);
	g_free(shown->orig_to);
	g_free(shown->sender);
	g_free(shown->remote);
	g_free(shown->diagnostic);
}

static void append_pairs(GString *line, const struct report *report, const struct explanation *explanation, const struct shown *shown,
			 const struct render_log_options *options)
{
	const struct failure *failure = explanation->failure;
	const char *annotated = options->annotated;
	char reply[CODE_REPLY_SIZE], enhanced[CODE_ENHANCED_SIZE], size[24] = "", seconds[24] = "", suppressed[24] = "";
	bool token = !annotated || !strpbrk(annotated, " ()");
	const struct log_pair pairs[] = {
		{"kind", kind_word(report->bounce->kind), STYLE_TOKEN, 8},
		{"to", shown->to, STYLE_ADDRESS, 100},
		{"orig_to", shown->orig_to, STYLE_ADDRESS, 50},
		{"code", code_print_reply(failure->code, reply), STYLE_TOKEN, 3},
		{"dsn", code_print_enhanced(failure->code, enhanced), STYLE_TOKEN, 9},
		{"class", explanation->class, STYLE_TOKEN, 9},
		{"reason", explanation->reason, STYLE_TOKEN, 30},
		{"owner", explanation->owner, STYLE_TOKEN, 15},
		{"provider", explanation->provider, STYLE_TOKEN, 30},
		{"rule", explanation->rule, STYLE_TOKEN, 61},
		{"confidence", confidence_word(explanation->confidence), STYLE_TOKEN, 6},
		{"origin", origin_word(explanation->origin), STYLE_TOKEN, 8},
		{"remote", shown->remote, STYLE_TOKEN, 50},
		{"reporter", report->bounce->reporter, STYLE_TOKEN, 50},
		{"sender", shown->sender, STYLE_ADDRESS, 50},
		{"size", size, STYLE_TOKEN, 10},
		{"seconds", seconds, STYLE_TOKEN, 10},
		{"suppressed", suppressed, STYLE_TOKEN, 10},
		{"annotated", annotated, token ? STYLE_TOKEN : STYLE_QUOTED, 28},
		{"id", explanation->id, STYLE_TOKEN, 12},
	};

	if (options->size)
		g_snprintf(size, sizeof size, "%zu", options->size);
	if (options->seconds > 0)
		g_ascii_formatd(seconds, sizeof seconds, "%.6f", MIN(options->seconds, 999.0));
	if (options->suppressed)
		g_snprintf(suppressed, sizeof suppressed, "%lu", options->suppressed);
	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
		log_pair_append(line, &pairs[i], options->format == RENDER_LOG_JSON);
}

void render_log(GString *out, const struct report *report, unsigned index, const struct render_log_options *options)
{
	const struct explanation *explanation = &g_array_index(report->explanations, struct explanation, index);
	const char *queue_id = options->queue_id && *options->queue_id ? options->queue_id : "NOQUEUE";
	bool json = options->format == RENDER_LOG_JSON;
	struct shown shown;
	GString *line;

	if (!explanation_is_news(explanation))
		return;
	shown = show(explanation->failure, options);
	line = g_string_new(json ? "{" : "");
	if (json) {
		log_pair_append(line, &(struct log_pair){"queue_id", queue_id, STYLE_TOKEN, 30}, json);
	} else {
		log_token_append(line, queue_id, 30);
		g_string_append_c(line, ':');
	}
	append_pairs(line, report, explanation, &shown, options);
	append_facts(line, &explanation->facts, json);
	append_diagnostic(line, shown.diagnostic, json);
	if (json)
		g_string_append_c(line, '}');
	g_string_append_len(out, line->str, (gssize)line->len);
	g_string_free(line, TRUE);
	shown_clear(&shown);
}
