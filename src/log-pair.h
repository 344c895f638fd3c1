/* log-pair.h - one name and value of a log line, in the two forms a line may have. Floor 1: facts.
 *
 * A line is read by programs and holds words of strangers: a value has a share of the line that escaping cannot exceed, and none can look like the next pair
 * or the next line. The grammar is specified in smtp-explain-milter(8), section LOG.
 */
#ifndef SMTP_EXPLAIN_LOG_PAIR_H
#define SMTP_EXPLAIN_LOG_PAIR_H

#include <glib.h>
#include <stdbool.h>

/* name=value, name=<value>, name="value"; in JSON every value is a string. */
enum log_style { STYLE_TOKEN, STYLE_ADDRESS, STYLE_QUOTED };

struct log_pair {
	const char *name, *value;	/* value NULL or empty: the pair is left out */
	enum log_style style;
	size_t share;			/* bytes of the escaped value at most */
};

/* Appends " name=value", or with json ,"name":"value" (no comma directly behind a brace). */
void log_pair_append(GString *line, const struct log_pair *pair, bool json);

/* Appends the value alone, escaped as a token. */
void log_token_append(GString *line, const char *value, size_t share);

#endif
