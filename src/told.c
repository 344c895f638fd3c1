/* told.c - reads sentences by their parts: a word that denies and a word of delivery behind it; a message and what was done to it; a promise to try again.
 *
 * Mail systems say the same in more ways than a list of phrases can hold, but of few words (told-words.c), in the languages that reports are written in with
 * blanks between words; the others have their phrases in phrases-table.c.
 * Not here: who speaks. A person writes such sentences too, so they prove nothing alone (report-rules.c).
 */
#include "told.h"
#include "told-words.h"

#include <glib.h>
#include <string.h>

/* How a German letter of two bytes is written where there was ASCII only: "zurueckgewiesen". Other languages drop their accents, and then "prób" begins "problem" and
 * "día" begins "diagnostic": such words have rows of their own. NULL: no such letter. */
static const char *plain_of(const char *letter)
{
	return g_str_has_prefix(letter, "ä") ? "ae" : g_str_has_prefix(letter, "ö") ? "oe" : g_str_has_prefix(letter, "ü") ? "ue" : NULL;
}

/* Does the word begin as the entry (of known bytes, the first the same) says? Returns the bytes of the word that do, 0: it does not. */
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

/* The first row that begins with the byte, or a later one. */
static size_t first_row(char byte)
{
	size_t low = 0, high = told_words_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if ((unsigned char)*told_words[middle].text < (unsigned char)byte)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What the word is: bits, 1 << enum told_part. */
static unsigned parts_of(const char *word, size_t length)
{
	unsigned parts = g_ascii_isdigit(*word) ? 1u << NUMBER : 0;

	for (size_t row = first_row(*word); row < told_words_count && *told_words[row].text == *word; row++) {
		const char *text = told_words[row].text;
		size_t known = strlen(text), matched;
		bool whole = text[known - 1] == '$';

		matched = matching(text, known - whole, word, length);
		if (matched > 0 && (!whole || matched == length))
			parts |= 1u << told_words[row].part;
	}
	return parts;
}

/* A sentence that is being read. */
struct reading {
	unsigned now;			/* the parts that the last word is: bits, 1 << enum told_part */
	unsigned seen[PARTS];		/* the number of the last word that was such a part; 0: none yet */
	unsigned words;
	bool asked;			/* the last denial is a request: "please do not send" */
	bool opens;			/* a message is among the first words */
	struct told told;
};

#define OPENING 3u			/* "delivery of your message" */
#define NEAR 7u				/* words between two parts of one statement */
#define FAR 14u				/* between a message and what was done to it: its address or subject stands there too */

static bool within(const struct reading *reading, enum told_part part, unsigned distance)
{
	return reading->seen[part] > 0 && reading->words - reading->seen[part] <= distance;
}

static bool is(const struct reading *reading, enum told_part part)
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
static bool completes(const struct reading *reading, enum told_part one, enum told_part other, unsigned distance)
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
	return reading.seen[CONDITION] || (length > 0 && sentence[length - 1] == '?') ? (struct told){.conditional = true} : reading.told;
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
