/* explain.h - the facade: a message or a reply in, the explained report out. Floor 3: understanding.
 *
 * The daemon, the tool, the tests and the fuzzers all come in here. Pure: no I/O, no clock, the same input gives the same report.
 */
#ifndef SMTP_EXPLAIN_EXPLAIN_H
#define SMTP_EXPLAIN_EXPLAIN_H

#include "bounce.h"
#include "catalogue.h"
#include "facts.h"
#include "language.h"
#include "mail.h"
#include "origin.h"

/* What the catalogue makes of one failure. Borrowed strings belong to the catalogue, to which the report holds a reference. */
struct explanation {
	const struct failure *failure;	/* borrowed from the report's bounce */
	const char *class;		/* "permanent" "transient" "success", NULL: unknown */
	const char *reason;		/* kebab-case, never NULL ("unspecified") */
	const char *owner;		/* never NULL */
	const char *provider;		/* short id, NULL: unknown */
	const char *provider_name;	/* "Google", NULL: unknown */
	const char *help;		/* link of the catalogue, NULL */
	char *rule;			/* id of what won; NULL only when not even a first digit was known */
	enum confidence confidence;
	enum origin origin;
	char *headline;			/* "Your message to bob@example.net was not delivered."; "" for a bare reply */
	char *summary;			/* one sentence: the cause */
	char *advice;			/* for the person */
	char *admin;			/* for the mail administrator */
	char *meaning;			/* what the number says, NULL where there is none */
	struct code meaning_of;		/* as much of the number as it is the meaning of: 550 alone of a 550 5.7.606 that has no entry */
	bool number_differs;		/* the number alone would give another reason: its meaning misleads here */
	char id[13];			/* event id: 12 hex digits; "" for a bare reply */
	struct facts facts;		/* what the reply states besides; values are borrowed from failure and untrusted */
	bool our_side;			/* the host that refused, or the recipient's domain, is ours: "recipient-admin" is our own administrator */
	const struct catalogue_entry *entry;	/* whose sentences these are */
};

/* What a site calls itself and whom its users ask; NULL or "": not told. */
struct site_words {
	const char *name, *helpdesk_name, *helpdesk_phone, *helpdesk_link;
};

struct report {
	struct bounce *bounce;		/* owned */
	struct catalogue *catalogue;	/* a reference */
	const char *language;		/* owned copy of the language the sentences are in, NULL: English */
	const struct site_words *site;	/* borrowed from the options, NULL: none */
	struct report *second;		/* the same in the second language, with the same bounce; NULL: not wanted, or the same language */
	bool is_translation;		/* bounce belongs to the report that this one says in another language */
	GArray *explanations;		/* struct explanation, one for each of bounce->failures, same order; empty for kinds that are left alone */
};

struct explain_options {
	struct catalogue *catalogue;
	const struct origin_domains *ours;	/* NULL: origin is always unknown */
	const char *language;		/* whatever the rules say; NULL: as they say */
	const struct language_rules *languages;	/* NULL: English */
	const GPtrArray *readers;	/* char *: envelope recipients of the report; NULL or empty: who is named as the sender of the returned message */
	const char *second_language;	/* NULL or "": one language is enough */
	const struct site_words *site;	/* outlives the report; NULL: none */
	bool why;			/* fill bounce->trace */
	unsigned sentences;		/* failed and delayed recipients, of each the first, that get sentences: for who never shows more; 0: all. Those of the others are NULL. */
};

/* sender: as in bounce_read(). mail is read only during the call. Never NULL. The caller frees the report with report_free. */
struct report *explain_mail(const struct mail *mail, const char *sender, const struct explain_options *options);
struct report *explain_reply(const char *reply, const struct explain_options *options);
#define EXPLAIN_SHOWN_LIMIT 100u	/* recipients that are ever shown one by one */

/* The report once more in another language (NULL: English): other sentences for the same verdicts, of the same bounce; those of recipients that are never shown are
 * NULL. The caller frees it with report_free, before the report. */
struct report *report_translate(const struct report *report, const char *language);

void report_free(struct report *report);

/* Is there anything to tell of that recipient? Failed or delayed, or a bare reply: the others of a report (delivered, relayed, expanded) are no news. */
static inline bool explanation_is_news(const struct explanation *explanation)
{
	return !action_delivered(explanation->failure->action);
}

/* True when there is something to tell a reader: kind bounce or delay with at least one failure, or a bare reply. */
bool report_has_news(const struct report *report);

/* A fixed phrase of the catalogue ("said", "label-who") in the report's language; "" where the catalogue has none. */
const char *report_phrase(const struct report *report, const char *name);

/* The class of a failure, explained or not: "permanent", "transient", "success"; NULL where neither code nor action tells. */
const char *explain_class(const struct failure *failure);

const char *confidence_word(enum confidence confidence);

#endif
