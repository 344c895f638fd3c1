/* gateway-marks.c - knows by their words the tags and notices of mail gateways, virus scanners and mailing lists.
 *
 * They are no part of what the message says. Not here: where paragraphs begin and end (report-text.c), a list's name before a subject (signs.c).
 */
#include "gateway-marks.h"
#include "text.h"
#include "told.h"

#include <string.h>

#define TAG_LIMIT 48u		/* bytes between the brackets of a tag */
#define TAGS_LIMIT 3u		/* one of each gateway on the way */

/* Words by which a tag in brackets or between stars is one. */
static const char *const tag_words[] = {
	"extern", "esterno", "spam", "caution", "warning", "bulk", "phish", "virus", "suspicious", "suspect", "junk", "outside", "untrusted", "unverified", "mass mail",
	"achtung", "attention", "waarschuwing", "внешн", "外部", "社外", "迷惑",
};

/* The whole of shorter ones. */
static const char *const short_tags[] = {"ext", "ex", "e", "!", "ads", "adv"};

/* Tags without brackets have a colon behind them; "warning:" is not among them, as mail systems begin their own subjects with it. */
static const char *const tag_openings[] = {
	"external:", "extern:", "externe:", "externo:", "esterno:", "ext:", "spam:", "junk:", "external email:", "external mail:", "spam?:", "possible spam:",
};

static bool is_tag(const char *words, size_t length)
{
	char *inner;
	bool tag;

	if (length == 0 || length > TAG_LIMIT)
		return false;
	inner = g_strstrip(g_strndup(words, length));
	tag = text_holds_any(inner, tag_words, G_N_ELEMENTS(tag_words));
	for (size_t i = 0; i < G_N_ELEMENTS(short_tags) && !tag; i++)
		tag = strcmp(inner, short_tags[i]) == 0;
	tag = tag && !told_by(inner, strlen(inner)).failed;
	g_free(inner);
	return tag;
}

/* "[external]", "(spam)", "{spam?}", "<external>". */
static size_t bracketed(const char *subject)
{
	static const char *const brackets[] = {"[]", "()", "{}", "<>"};

	for (size_t i = 0; i < G_N_ELEMENTS(brackets); i++) {
		const char *close = *subject == brackets[i][0] ? strchr(subject, brackets[i][1]) : NULL;

		if (close && is_tag(subject + 1, (size_t)(close - subject - 1)))
			return (size_t)(close + 1 - subject);
	}
	return 0;
}

/* "***spam***", "*** spam ***", "_spam_", "##external##": a run of one sort on both sides. */
static size_t ornamented(const char *subject)
{
	char ornament[] = {*subject, '\0'};
	size_t run, words;

	if (*subject == '\0' || !strchr("*_#!=~", *subject))
		return 0;
	run = strspn(subject, ornament);
	words = strcspn(subject + run, ornament);
	if (subject[run + words] == '\0' || !is_tag(subject + run, words))
		return 0;
	return run + words + strspn(subject + run + words, ornament);
}

static size_t opening(const char *subject)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tag_openings); i++)
		if (g_str_has_prefix(subject, tag_openings[i]))
			return strlen(tag_openings[i]);
	return 0;
}

size_t gateway_subject_tags(const char *subject)
{
	size_t at = 0;

	for (unsigned i = 0; i < TAGS_LIMIT; i++) {
		size_t length = bracketed(subject + at);

		length = length ? length : ornamented(subject + at);
		length = length ? length : opening(subject + at);
		if (length == 0)
			break;
		at += length;
		at += strspn(subject + at, " :");
	}
	return at;
}

static const char *const above_words[] = {
	"external email", "external e-mail", "external mail", "external sender", "external message", "external source", "external origin", "outside of the",
	"outside the", "outside of your", "outside your",
	"outside our", "outside of our", "from outside", "do not click", "don't click", "not click", "opening attachments", "open attachments", "following links",
	"clicking links", "clicking on links", "open links", "phishing",
	"externe e-mail", "externe mail", "externen absender", "externer absender", "von extern", "anhänge", "keine links", "expéditeur externe", "courriel externe",
	"message externe", "pièces jointes", "remitente externo", "correo externo",
	"archivos adjuntos", "mittente esterno", "email esterna", "allegati", "remetente externo", "e-mail externo", "anexos", "externe afzender", "bijlagen", "zewnętrz",
	"załącznik", "внешн", "外部", "社外", "添付ファイル", "附件",
	"do not often get email from", "learn why this is important",
};

static const char *const below_words[] = {
	"confidential", "not the intended recipient", "intended solely", "intended only for", "intended recipients only", "disclaimer", "scanned for", "been scanned",
	"checked for", "checked by", "been checked", "viruses", "virus-free", "virus database", "no virus", "antivirus", "anti-virus", "mailing list",
	"mailman/listinfo", "unsubscribe", "vertraulich", "virengeprüft", "virenfrei", "auf viren", "confidentiel", "confidencial", "riservat", "vertrouwelijk", "poufn",
	"конфиденц", "virus analys", "analysé", "analizado", "think before printing",
	"consider the environment", "registered in england", "registered office", "geschäftsführer", "handelsregister",
};

/* Nobody reports a failure in such a notice: a paragraph that does is the report's own. */
static bool is_notice(const char *paragraph, const char *const *words, size_t count)
{
	return text_holds_any(paragraph, words, count) && !told_by_text(paragraph).failed;
}

bool gateway_notice_above(const char *paragraph)
{
	return is_notice(paragraph, above_words, G_N_ELEMENTS(above_words));
}

bool gateway_notice_below(const char *paragraph)
{
	return is_notice(paragraph, below_words, G_N_ELEMENTS(below_words));
}
