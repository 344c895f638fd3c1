/* log-head.c - the head of a log line: when, which machine, and is it a line of ours?
 *
 * A line is ours only if our ident stands where the syslog daemon writes it. The same words further behind were put there by somebody else.
 */
#include "log-head.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#define DAY (24 * 60 * 60)

/* Exactly count digits at text; -1 where they are not. */
static int digits(const char *text, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		if (!g_ascii_isdigit(text[i]))
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/* Days since 1970 of a date of the Gregorian calendar. */
static gint64 days_of(int year, int month, int day)
{
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	gint64 past = year - (month <= 2), leap = past / 4 - past / 100 + past / 400;

	return (gint64)(year - 1970) * 365 + before[month - 1] + day - 1 + leap - 477;
}

static bool is_valid(const struct tm *tm)
{
	return tm->tm_mon >= 0 && tm->tm_mon < 12 && tm->tm_mday >= 1 && tm->tm_mday <= 31 && tm->tm_hour >= 0 && tm->tm_hour <= 23 && tm->tm_min >= 0 &&
	       tm->tm_min <= 59 && tm->tm_sec >= 0 && tm->tm_sec <= 60;
}

/* A local time. mktime() is slow and the lines of an hour share what it says, so each thread remembers the last hour. */
static gint64 local_seconds(const struct tm *tm)
{
	static _Thread_local struct {
		int year, month, day, hour;
		gint64 start;
	} last = {.hour = -1};

	if (tm->tm_hour != last.hour || tm->tm_mday != last.day || tm->tm_mon != last.month || tm->tm_year != last.year) {
		struct tm hour = {.tm_year = tm->tm_year, .tm_mon = tm->tm_mon, .tm_mday = tm->tm_mday, .tm_hour = tm->tm_hour, .tm_isdst = -1};

		last.start = mktime(&hour);
		last.year = tm->tm_year;
		last.month = tm->tm_mon;
		last.day = tm->tm_mday;
		last.hour = tm->tm_hour;
	}
	return last.start + tm->tm_min * 60 + tm->tm_sec;
}

/* "12:34:56" and a fraction at text; returns what follows, or NULL. */
static const char *read_clock(const char *text, struct tm *tm)
{
	if ((tm->tm_hour = digits(text, 2)) < 0 || text[2] != ':' || (tm->tm_min = digits(text + 3, 2)) < 0)
		return NULL;
	tm->tm_sec = 0;
	text += 5;
	if (*text == ':') {
		if ((tm->tm_sec = digits(text + 1, 2)) < 0)
			return NULL;
		text += 3;
		if ((*text == '.' || *text == ',') && g_ascii_isdigit(text[1]))
			text += 1 + strspn(text + 1, "0123456789");
	}
	return text;
}

/* "Z", "+02:00", "+0200" or nothing, which is local time. False where it is none of them. */
static bool read_zone(const char **text, const struct tm *tm, gint64 *seconds)
{
	const char *at = *text;
	gint64 utc = days_of(tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday) * DAY + tm->tm_hour * 3600 + tm->tm_min * 60 + tm->tm_sec;
	int hours, minutes;

	if (*at == 'Z' || *at == 'z') {
		*text = at + 1;
		*seconds = utc;
		return true;
	}
	if (*at != '+' && *at != '-') {
		*seconds = local_seconds(tm);
		return true;
	}
	hours = digits(at + 1, 2);
	minutes = hours < 0 ? -1 : digits(at + (at[3] == ':' ? 4 : 3), 2);
	if (minutes < 0)
		return false;
	*text = at + (at[3] == ':' ? 6 : 5);
	*seconds = utc - (*at == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return true;
}

/* "2026-11-23T12:00:00.123+01:00", "2026-11-23 12:00:00". */
static gint64 read_iso(const char *text, const char **end)
{
	struct tm tm = {0};
	gint64 seconds;
	int year = digits(text, 4);

	if (year < 1970 || text[4] != '-' || (tm.tm_mon = digits(text + 5, 2) - 1) < 0 || text[7] != '-' || (tm.tm_mday = digits(text + 8, 2)) < 0)
		return LOG_NO_TIME;
	tm.tm_year = year - 1900;
	text += 10;
	if (*text != 'T' && *text != 't' && *text != ' ')
		return LOG_NO_TIME;
	text = read_clock(text + 1, &tm);
	if (!text || !is_valid(&tm) || !read_zone(&text, &tm, &seconds))
		return LOG_NO_TIME;
	*end = text;
	return seconds;
}

/* "Nov 23 12:00:00" and "Nov  3 ...": the year is the latest that does not lie in the future of latest; a day of grace for clocks and zones. */
static gint64 read_traditional(const char *text, gint64 latest, const char **end)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char month[4] = {text[0], text[0] ? text[1] : '\0', text[0] && text[1] ? text[2] : '\0', '\0'};
	const char *found = strlen(month) == 3 ? strstr(months, month) : NULL;
	struct tm tm = {0}, now;
	time_t then = (time_t)latest;
	gint64 seconds;

	if (!found || (found - months) % 3 != 0 || text[3] != ' ')
		return LOG_NO_TIME;
	tm.tm_mon = (int)(found - months) / 3;
	tm.tm_mday = text[4] == ' ' ? digits(text + 5, 1) : digits(text + 4, 2);
	text = tm.tm_mday > 0 && text[6] == ' ' ? read_clock(text + 7, &tm) : NULL;
	if (!text || !is_valid(&tm) || !localtime_r(&then, &now))
		return LOG_NO_TIME;
	tm.tm_year = now.tm_year + 1;
	do {
		tm.tm_year--;
		seconds = local_seconds(&tm);
	} while (seconds > latest + DAY && tm.tm_year > now.tm_year - 1);
	*end = text;
	return seconds;
}

/* "1763899200.123456" of journalctl -o short-unix. */
static gint64 read_unix(const char *text, const char **end)
{
	size_t length = strspn(text, "0123456789"), fraction = text[length] == '.' ? strspn(text + length + 1, "0123456789") : 0;

	if (length < 9 || length > 11 || fraction == 0)
		return LOG_NO_TIME;
	*end = text + length + 1 + fraction;
	return g_ascii_strtoll(text, NULL, 10);
}

gint64 log_time_read(const char *text, gint64 latest, const char **end)
{
	const char *ignored;
	gint64 seconds;

	end = end ? end : &ignored;
	if (g_ascii_isalpha(*text))
		return read_traditional(text, latest, end);
	seconds = read_iso(text, end);
	return seconds == LOG_NO_TIME ? read_unix(text, end) : seconds;
}

/* Behind "IDENT[PID]: " or "IDENT: " at text, or NULL where another program wrote the line. */
static char *behind_ident(char *text, const char *ident)
{
	size_t length = strlen(ident);

	if (strncmp(text, ident, length) != 0)
		return NULL;
	text += length;
	if (*text == '[') {
		size_t pid = strspn(text + 1, "0123456789");

		if (pid == 0 || text[pid + 1] != ']')
			return NULL;
		text += pid + 2;
	}
	if (text[0] != ':' || text[1] != ' ')
		return NULL;
	text += 2;
	if (strncmp(text, "[ID ", 4) == 0 && strchr(text, ']'))		/* Solaris: [ID 197553 mail.info] */
		text = strchr(text, ']') + 1 + (strchr(text, ']')[1] == ' ');
	return text;
}

/* The word at text, ended with NUL; *rest is what follows the blank behind it. NULL where there is no more. */
static char *next_word(char *text, char **rest)
{
	char *blank = strchr(text, ' ');

	if (!blank || blank == text)
		return NULL;
	*blank = '\0';
	*rest = blank + 1;
	return text;
}

/* Behind the structured data (RFC 5424 section 6.3) at text, or NULL. */
static char *skip_structured_data(char *text)
{
	bool quoted = false;

	if (*text == '-')
		return text + 1;
	for (; *text; text++) {
		if (*text == '\\' && quoted && text[1])
			text++;
		else if (*text == '"')
			quoted = !quoted;
		else if (*text == ']' && !quoted && text[1] != '[')
			return text + 1;
	}
	return NULL;
}

/* "HOST APP PROCID MSGID SD MSG" (RFC 5424 section 6). */
static char *read_5424(char *text, const char *ident, const char **host)
{
	char *word[4];

	for (int i = 0; i < 4; i++)
		if (!(word[i] = next_word(text, &text)))
			return NULL;
	if (strcmp(word[1], ident) != 0)
		return NULL;
	text = skip_structured_data(text);
	if (!text || *text != ' ')
		return NULL;
	*host = strcmp(word[0], "-") == 0 ? NULL : word[0];
	text++;
	return strncmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text;
}

/* "mail.info", which BusyBox writes before the ident. */
static bool is_priority(const char *word)
{
	static const char *const levels[] = {"emerg", "alert", "crit", "err", "warn", "warning", "notice", "info", "debug", NULL};
	const char *dot = strchr(word, '.');

	return dot && strspn(word, "abcdefghijklmnopqrstuvwxyz01234567") == (size_t)(dot - word) && g_strv_contains(levels, dot + 1);
}

/* "HOST IDENT[PID]: ", with a zone before the host (short-full) or a priority behind it. */
static char *read_3164(char *text, const char *ident, bool zone, const char **host)
{
	char *words;

	if (zone && !next_word(text, &text))
		return NULL;
	*host = next_word(text, &text);
	words = *host ? behind_ident(text, ident) : NULL;
	if (!words && *host) {
		char *word = next_word(text, &text);

		words = word && is_priority(word) ? behind_ident(text, ident) : NULL;
	}
	return words;
}

char *log_head_read(char *line, const struct log_origin *origin, gint64 *time, const char **host)
{
	const char *end;
	char *words, *text = line;
	bool numbered = false, full = false;

	*time = LOG_NO_TIME;
	*host = NULL;
	words = behind_ident(line, origin->ident);
	if (words)
		return words;
	if (*text == '<' && text[1 + strspn(text + 1, "0123456789")] == '>') {
		text += strspn(text + 1, "0123456789") + 2;
		numbered = text[0] == '1' && text[1] == ' ';
		text += numbered ? 2 : 0;
	} else if (text[0] == '1' && text[1] == ' ') {
		numbered = true;
		text += 2;
	}
	if (g_ascii_isalpha(*text) && text[1] && text[2] && text[3] == ' ' && digits(text + 4, 4) >= 0 && text[8] == '-') {
		full = true;		/* journalctl -o short-full: "Mon 2026-11-23 12:00:00 UTC mx1 ..." */
		text += 4;
	}
	*time = log_time_read(text, origin->latest, &end);
	if (*time == LOG_NO_TIME || *end != ' ')
		return NULL;
	text = line + (end - line) + 1;
	return numbered ? read_5424(text, origin->ident, host) : read_3164(text, origin->ident, full, host);
}
