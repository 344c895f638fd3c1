/* told.c - reads sentences by their parts: a word that denies and a word of delivery behind it; a message and what was done to it; a promise to try again.
 *
 * Mail systems say the same in more ways than a list of phrases can hold, but of few words: those stand here, in the languages that reports are written in
 * with blanks between words (the others have their phrases in phrases-table.c). Words are compared by their beginning unless "$" ends them.
 * Not here: who speaks. A person writes such sentences too, so they prove nothing alone (report-rules.c).
 */
#include "told.h"

#include <glib.h>
#include <string.h>

static const char *const denials[] = {
	"not$", "cannot$", "can't$", "couldn't$", "wasn't$", "weren't$", "hasn't$", "isn't$", "didn't$", "unable$", "failed$", "fails$", "impossible$", "unsuccessful",
	"never$", "nicht$", "pas$", "no$", "non$", "impossibile$", "imposible$", "impossível$", "não$", "nao$", "niet$", "nie$", "niemożliw", "не$", "kunde", "inte$", "ikke$",
	"error$", "errors$", "problem$", "problems$", "trouble$", "fehler$", "problème$", "erreur$", "errore$", "erro$", "fout$", "błąd$", "ошибка$",
};

static const char *const deliveries[] = {
	"deliver", "sent$", "send$", "sending$", "relay", "transmit", "transfer", "accepted$", "receive$", "processed$", "distributed$", "posted$", "reached$", "dispatched$", "handed$",
	"passed$", "zugestellt", "zustell", "auslie", "ausgeliefert", "gesendet", "versendet", "versandt", "übermittelt", "übertragen",
	"angenommen", "verarbeitet", "livré", "livrer", "remis", "remettre", "distribu", "délivr", "envoyé", "envoyer", "transmis", "achemin", "accepté", "parvenu",
	"entreg", "enviad", "enviar", "aceptad", "procesad", "consegn", "recapit", "inviat", "spedit", "accettat", "aceit",
	"afgelever", "bezorg", "aflever", "verzonden", "verstuurd", "geaccepteerd", "dostarcz", "doręcz", "wysłan", "przekazan", "przyjęt",
	"доставл", "доставит", "отправл", "отправит", "передан", "принят", "leverer", "levere", "skicka",
	"senden$", "versand$", "envoi$", "l'envoi$", "d'envoi$", "envío$", "invio$", "envio$", "wysyłani", "отправке$", "доставке$",
};

static const char *const messages[] = {
	"message", "mail", "email", "e-mail", "mails", "posting", "post$", "submission", "article$", "fax", "facsimile", "nachricht", "mitteilung", "courriel", "courrier", "mensaje", "correo", "messaggi",
	"mensagem", "bericht", "wiadomoś", "сообщени", "письм", "meddeland", "besked$", "indlæg", "inlägg", "innlegg", "delivery", "zustellung", "remise", "entrega", "consegna", "recapito", "aflevering", "bezorging", "dostarczeni",
};

/* What was done to it instead. */
static const char *const refusals[] = {
	"rejected$", "refused$", "blocked$", "bounced$", "discarded$", "undeliverable$", "undelivered$", "failed$", "suppressed$", "declined$", "returned$", "stopped$", "purged$", "quarantined$", "unsuccessful", "abgelehnt", "gestoppt$",
	"abgewiesen", "zurückgewiesen", "geblockt", "blockiert", "verweigert", "zurückgeschickt", "zurückgesandt", "verworfen", "unzustellbar", "fehlgeschlagen",
	"rejeté", "refusé", "bloqué", "retourné", "échoué", "rechazad", "bloquead", "devuelt", "descartad", "rifiutat", "respint", "bloccat", "restituit",
	"scartat", "fallit", "revenu$", "rejeitad", "recusad", "devolvid", "geweigerd", "afgewezen", "geblokkeerd", "teruggestuurd", "mislukt", "odrzucon", "zablokowan",
	"zwrócon", "afvist", "avvist", "avvisad", "отклонен", "отвергнут", "заблокирован", "возвращен",
};

static const char *const promises[] = {
	"will$", "we'll$", "shall$", "continue$", "continues$", "continuing$", "keep$", "keeps$", "still$", "being$", "wird$", "werden$", "versucht$", "sera$", "seront$",
	"continuera", "continuerons$", "continue$", "poursuiv", "seguirá", "seguiremos$", "continuará", "volverá", "volveremos$", "sigue$", "continuerà$", "verrà$", "verranno$", "saranno$", "continueremos$",
	"será$", "serão$", "blijft$", "blijven$", "zal$", "zullen$", "wordt$", "worden$", "będzie", "będą$", "nadal$", "wciąż$", "будет$", "будут$",
};

static const char *const attempts[] = {
	"try$", "trying$", "tried$", "retry", "retries$", "retried$", "attempts$", "attempted$", "attempting$", "re-attempt", "versuch", "zustellversuch", "wiederhol", "tentati", "tenter$", "essayer", "réessay", "intent",
	"reintent", "ritent", "riprov", "tentar$", "tentando$", "tentada", "poging", "geprobeerd$", "proberen$", "prób", "próbowa", "ponawia", "попыт", "пытаться",
};

static const char *const yet[] = {
	"still$", "remains$", "stays$", "kept$", "noch$", "weiterhin$", "toujours$", "encore$", "reste$", "todavía$", "aún$", "sigue$", "permanece$", "ancora$", "rimane$",
	"ainda$", "continua$", "nog$", "blijft$", "jeszcze$", "nadal$", "wciąż$", "pozostaje$", "ещё$", "еще$",
};

static const char *const queues[] = {
	"queue$", "queued$", "spool$", "warteschlange", "file$", "cola$", "coda$", "fila$", "wachtrij", "kolejce$", "очереди$",
};

static const char *const hours[] = {
	"hour", "minute", "hrs$", "min$", "mins$", "stunde", "minuten$", "heure", "hora", "minuto", "ore$", "ora$", "minuti$", "uur$", "uren$", "godzin", "minut",
};

static const char *const since[] = {"for$", "since$", "seit$", "depuis$", "desde$", "hace$", "da$", "há$", "sinds$", "al$", "od$"};

/* Words that make it a wish, a question or a condition. */
static const char *const conditions[] = {
	"if$", "when$", "whether$", "unless$", "wenn$", "falls$", "ob$", "si$", "lorsque$", "quando$", "cuando$", "indien$", "jeśli$", "czy$", "если$",
};

/* Right before a denial: somebody is asked for something. */
static const char *const requests[] = {"do$", "please$", "bitte$", "should$", "need$", "must$"};

static const char *const readers[] = {"you$", "sie$", "du$", "vous$", "usted$", "lei$", "você$", "u$"};

static const char *const waits[] = {"waiting$", "waits$", "wartet$", "attend$", "attente$", "espera", "attesa$", "attendre$", "wacht$", "czeka", "oczekuje$", "ожидает$", "pending$", "held$", "liegt$", "unterwegs$"};

/* "The next attempt", "a new try". */
static const char *const nexts[] = {
	"next$", "another$", "further$", "nächst", "neuer$", "neuen$", "weiter", "erneut", "nouvelle", "prochain", "autres$", "próxim", "nuevo$", "nuevos$", "otro$", "otros$", "prossim", "altr", "nuov",
	"nova$", "novas$", "outra", "volgende$", "nieuwe$", "następn", "kolejn", "dalsz", "nowa$", "nowe$", "следующ", "новая$",
};

/* That there is none. */
static const char *const nones[] = {"no$", "keine", "kein$", "aucun", "plus$", "ningún$", "ninguna$", "non$", "nessun", "nenhum", "não$", "geen$", "nie$", "żadn", "bez$", "inutile$", "нет$", "не$"};

/* A mail system tries, and says for how long or how often: no reader is told to. */
static const char *const tries[] = {
	"attempt$", "tries$", "retries$", "retrying$", "probieren$", "probiert$", "versuchen$", "essaie$", "essaiera$", "essaierons$", "réessaie$", "réessaiera$", "intentaremos$", "intentará$", "reintentará$",
	"riproveremo$", "riproverà$", "ritenteremo$", "tentaremos$", "tentar$", "tentará$", "proberen$", "probeert$", "próbować$", "ponawia$",
};

static const char *const days[] = {
	"day", "week", "tage", "tag$", "woche", "jour", "semaine", "día", "semana", "giorn", "settiman", "dia$", "dias$", "dag", "weken$", "dni$", "dzień$", "tygod", "дн", "недел",
};

/* Somebody is told that there is nothing to do. */
static const char *const nothings[] = {"nothing$", "action$", "nichts$", "rien$", "nada$", "nulla$", "niente$", "niets$", "nic$", "ничего$"};

static const char *const deeds[] = {
	"do$", "done$", "tun$", "unternehmen$", "machen$", "faire$", "hacer$", "fare$", "fazer$", "doen$", "robić$", "zrobić$", "делать$",
};

static const char *const needs[] = {
	"need", "must$", "required$", "necessary$", "müssen$", "brauchen$", "nötig$", "notwendig$", "erforderlich$", "avez$", "n'avez$", "faut$", "nécessaire$", "inutile$", "tiene$", "necesita$", "falta$", "necesario$",
	"deve$", "occorre$", "serve$", "necessario$", "precisa", "preciso$", "tem$", "necessário$", "hoeft$", "nodig$", "moet$", "musi", "trzeba$", "potrzeb", "нужно$", "надо$",
};

static const char *const agains[] = {
	"again$", "resend", "erneut$", "nochmals$", "einmal$", "renvoyer$", "nouveau$", "volver$", "nuevo$", "reenviar$", "nuovo$", "rispedire$", "vez$", "novamente$", "opnieuw$", "nogmaals$", "ponownie$", "снова$",
};

/* It takes longer. */
static const char *const lates[] = {
	"late$", "delayed$", "delay$", "verspät", "verzöger", "retard", "retras", "demora", "tarda$", "ritard", "atras", "vertrag", "vertraag", "opóźni", "задерж",
};

/* "Konnte bisher nicht zugestellt werden"; in English that takes two words (phrases-table.c). */
static const char *const so_fars[] = {"bisher$", "bislang$", "jusqu'ici$", "hasta$", "finora$", "agora$", "toe$", "dotychczas$", "dotąd$", "пока$"};

enum part {
	DENIAL, DELIVERY, MESSAGE, REFUSAL, PROMISE, ATTEMPT, YET, QUEUE, HOURS, SINCE, CONDITION, REQUEST, READER, WAIT, NEXT, NONE, TRIES, DAYS, NOTHING, DEED, NEED, AGAIN, LATE, SO_FAR, NUMBER, PARTS
};

static const struct {
	const char *const *words;
	size_t count;
} lists[PARTS] = {
	[DENIAL] = {denials, G_N_ELEMENTS(denials)}, [DELIVERY] = {deliveries, G_N_ELEMENTS(deliveries)}, [MESSAGE] = {messages, G_N_ELEMENTS(messages)},
	[REFUSAL] = {refusals, G_N_ELEMENTS(refusals)}, [PROMISE] = {promises, G_N_ELEMENTS(promises)}, [ATTEMPT] = {attempts, G_N_ELEMENTS(attempts)},
	[YET] = {yet, G_N_ELEMENTS(yet)}, [QUEUE] = {queues, G_N_ELEMENTS(queues)}, [HOURS] = {hours, G_N_ELEMENTS(hours)}, [SINCE] = {since, G_N_ELEMENTS(since)},
	[CONDITION] = {conditions, G_N_ELEMENTS(conditions)}, [REQUEST] = {requests, G_N_ELEMENTS(requests)},
	[READER] = {readers, G_N_ELEMENTS(readers)}, [WAIT] = {waits, G_N_ELEMENTS(waits)}, [NEXT] = {nexts, G_N_ELEMENTS(nexts)},
	[NONE] = {nones, G_N_ELEMENTS(nones)}, [TRIES] = {tries, G_N_ELEMENTS(tries)}, [DAYS] = {days, G_N_ELEMENTS(days)}, [NOTHING] = {nothings, G_N_ELEMENTS(nothings)},
	[DEED] = {deeds, G_N_ELEMENTS(deeds)}, [NEED] = {needs, G_N_ELEMENTS(needs)}, [AGAIN] = {agains, G_N_ELEMENTS(agains)}, [LATE] = {lates, G_N_ELEMENTS(lates)},
	[SO_FAR] = {so_fars, G_N_ELEMENTS(so_fars)},
};

/* How letters are written where a mail system had ASCII only: "zurueckgewiesen", "rejete", "odrzucony". */
static const struct {
	const char *letter, *plain;
} plain_letters[] = {
	{"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"é", "e"}, {"è", "e"}, {"ê", "e"}, {"à", "a"}, {"á", "a"}, {"í", "i"}, {"ó", "o"}, {"ú", "u"}, {"ã", "a"}, {"ç", "c"}, {"ñ", "n"},
	{"ą", "a"}, {"ć", "c"}, {"ę", "e"}, {"ł", "l"}, {"ś", "s"}, {"ż", "z"},
};

/* What stands in plain letters for the letter at entry; NULL: nothing does. */
static const char *plain_of(const char *entry)
{
	for (size_t i = 0; i < G_N_ELEMENTS(plain_letters); i++)
		if (strncmp(entry, plain_letters[i].letter, 2) == 0)
			return plain_letters[i].plain;
	return NULL;
}

/* Does the word begin as the entry (of known bytes) says? Returns the bytes of the word that do, 0: it does not. */
static size_t matching(const char *entry, size_t known, const char *word, size_t length)
{
	size_t at = 0;

	for (size_t i = 0; i < known; ) {
		const char *plain = at < length && entry[i] != word[at] && (unsigned char)entry[i] >= 0x80 ? plain_of(entry + i) : NULL;
		size_t bytes = plain ? strlen(plain) : 1;

		if (at + bytes > length || (plain ? strncmp(word + at, plain, bytes) != 0 : entry[i] != word[at]))
			return 0;
		at += bytes;
		i += plain ? 2 : 1;
	}
	return at;
}

static bool is_listed(enum part part, const char *word, size_t length)
{
	for (size_t i = 0; i < lists[part].count; i++) {
		const char *entry = lists[part].words[i];
		size_t known, matched;
		bool whole;

		if (*entry != *word && (unsigned char)*entry < 0x80)
			continue;
		known = strlen(entry);
		whole = entry[known - 1] == '$';
		matched = matching(entry, known - whole, word, length);
		if (matched > 0 && (!whole || matched == length))
			return true;
	}
	return false;
}

/* A sentence that is being read. */
struct reading {
	unsigned now;			/* the parts that the last word is: bits, 1 << enum part */
	unsigned seen[PARTS];		/* the number of the last word that was such a part; 0: none yet */
	unsigned words;
	bool asked;			/* the last denial is a request: "please do not send" */
	bool opens;			/* a message is among the first words */
	struct told told;
};

#define OPENING 3u			/* "delivery of your message" */
#define NEAR 7u				/* words between two parts of one statement */
#define FAR 14u				/* between a message and what was done to it: its address or subject stands there too */

static bool within(const struct reading *reading, enum part part, unsigned distance)
{
	return reading->seen[part] > 0 && reading->words - reading->seen[part] <= distance;
}

static bool is(const struct reading *reading, enum part part)
{
	return reading->now & 1u << part;
}

/* "No hace falta volver a enviar": what need not be done. */
static bool is_needless(const struct reading *reading)
{
	return within(reading, NEED, NEAR) && reading->seen[NEED] > reading->seen[DENIAL];
}

static bool tells_failure(const struct reading *reading)
{
	return (is(reading, DELIVERY) && within(reading, DENIAL, NEAR) && !reading->asked && !is_needless(reading)) ||
	       (is(reading, REFUSAL) && within(reading, MESSAGE, FAR) && !within(reading, PROMISE, 3));
}

/* Does the word make the pair complete, in either order? */
static bool completes(const struct reading *reading, enum part one, enum part other, unsigned distance)
{
	return (is(reading, one) && within(reading, other, distance)) || (is(reading, other) && within(reading, one, distance));
}

/* "The next attempt", "tries every 30 minutes", "versuchen es noch drei Tage". "You will have to try again" tells the reader to. */
static bool tells_attempt(const struct reading *reading)
{
	if (within(reading, DENIAL, NEAR) || within(reading, NONE, NEAR) || within(reading, READER, NEAR))
		return false;
	return (is(reading, ATTEMPT) && within(reading, PROMISE, NEAR)) || completes(reading, NEXT, ATTEMPT, 2) || completes(reading, NEXT, TRIES, 2) ||
	       completes(reading, TRIES, HOURS, NEAR) || completes(reading, TRIES, DAYS, NEAR);
}

/* "There is nothing that you have to do", "no action is needed", "you need not send it again". */
static bool tells_ease(const struct reading *reading)
{
	bool none = within(reading, NONE, NEAR);

	return within(reading, NEED, NEAR) && ((within(reading, NOTHING, NEAR) && (none || within(reading, DEED, NEAR))) ||
					       (within(reading, AGAIN, NEAR) && (none || within(reading, DENIAL, NEAR))));
}

static bool tells_retry(const struct reading *reading)
{
	return tells_attempt(reading) || (is(reading, QUEUE) && within(reading, YET, NEAR)) || completes(reading, YET, WAIT, 3) ||
	       (completes(reading, QUEUE, HOURS, NEAR) && within(reading, NUMBER, NEAR) && !reading->told.failed);
}

static bool tells_wait(const struct reading *reading)
{
	return (is(reading, HOURS) && within(reading, NUMBER, 1) && within(reading, SINCE, 5) && (reading->told.failed || within(reading, WAIT, NEAR))) ||
	       (is(reading, WAIT) && within(reading, HOURS, 4) && within(reading, NUMBER, 5) && within(reading, SINCE, NEAR));
}

static unsigned parts_of(const char *word, size_t length)
{
	unsigned parts = g_ascii_isdigit(*word) ? 1u << NUMBER : 0;

	for (unsigned part = 0; part < NUMBER; part++)
		parts |= is_listed(part, word, length) ? 1u << part : 0;
	return parts;
}

static void take_word(struct reading *reading, const char *word, size_t length)
{
	G_STATIC_ASSERT(PARTS <= 32);
	reading->words++;
	reading->now = parts_of(word, length);
	reading->told.failed |= tells_failure(reading);
	reading->told.retried |= tells_retry(reading);
	reading->told.waits |= tells_wait(reading);
	if (is(reading, DENIAL))
		reading->asked = within(reading, REQUEST, 1);
	reading->opens |= reading->words <= OPENING && is(reading, MESSAGE);
	for (unsigned part = 0; part < PARTS; part++)
		if (is(reading, part))
			reading->seen[part] = reading->words;
	reading->told.retried |= tells_ease(reading);
}

/* "Delivery is late", "could not be sent so far". */
static void take_end(struct reading *reading)
{
	struct told *told = &reading->told;

	told->opens = reading->opens;
	told->retried |= told->failed ? reading->seen[SO_FAR] > 0 : reading->seen[LATE] > 0 && reading->seen[MESSAGE] > 0;
}

static bool is_word_byte(char c)
{
	return g_ascii_isalnum(c) || (unsigned char)c >= 0x80 || c == '\'' || c == '-';
}

struct told told_by(const char *sentence, size_t length)
{
	struct reading reading = {.words = 0};

	for (size_t at = 0; at < length; ) {
		size_t end = at;

		while (end < length && is_word_byte(sentence[end]))
			end++;
		if (end > at)
			take_word(&reading, sentence + at, end - at);
		at = end + (end < length);
	}
	take_end(&reading);
	return reading.seen[CONDITION] || (length > 0 && sentence[length - 1] == '?') ? (struct told){.failed = false} : reading.told;
}

size_t told_sentence_length(const char *text)
{
	const char *at = text;

	while (*at && !(strchr(".!?", *at) && at[1] == ' ') && !g_str_has_prefix(at, "。"))
		at++;
	return *at == '\0' ? (size_t)(at - text) : (size_t)(at - text) + (strchr(".!?", *at) ? 1 : strlen("。"));
}

struct told told_by_text(const char *text)
{
	struct told all = {.failed = false};

	while (*text) {
		size_t length = told_sentence_length(text);
		struct told told = told_by(text, length);

		all.failed |= told.failed;
		all.retried |= told.retried;
		all.waits |= told.waits;
		text += length;
	}
	return all;
}
