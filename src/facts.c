/* facts.c - finds typed facts in a reply with the patterns of facts-table.c.
 *
 * The first pattern of a fact whose value makes sense counts. Not here: which reason a text has (resolve.c), whether a fact belongs into a sentence (explain.c).
 */
#include "facts.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <arpa/inet.h>
#include <string.h>

#define MATCH_LIMIT 20000u	/* steps of one pattern over one text */
#define PATTERNS_LIMIT 128u
#define LEAST_SIZE 1000u	/* a smaller number without a unit is no size */

/* Compiled on first use, by whichever thread comes first. */
static pcre2_code *compiled[PATTERNS_LIMIT];

static const pcre2_code *regex_of(size_t row)
{
	pcre2_code *regex = g_atomic_pointer_get(&compiled[row]);
	int error;
	PCRE2_SIZE at;

	if (regex)
		return regex;
	regex = pcre2_compile((PCRE2_SPTR)fact_patterns[row].pattern, PCRE2_ZERO_TERMINATED, PCRE2_CASELESS, &error, &at, NULL);
	g_assert(regex);	/* a row that is no regular expression is a bug of the table */
	if (g_atomic_pointer_compare_and_exchange(&compiled[row], NULL, regex))
		return regex;
	pcre2_code_free(regex);
	return g_atomic_pointer_get(&compiled[row]);
}

/* An address of a network: not one of the answers of a DNS list (127/8), not 0.0.0.0. */
static bool read_ip(struct fact_value *value)
{
	char text[INET6_ADDRSTRLEN + 1];
	unsigned char bytes[16];

	while (value->length && strchr(".:", value->text[value->length - 1]))
		value->length--;
	if (value->length >= sizeof text)
		return false;
	memcpy(text, value->text, value->length);
	text[value->length] = '\0';
	if (inet_pton(AF_INET, text, bytes) == 1)
		return bytes[0] != 127 && bytes[0] != 0;
	return inet_pton(AF_INET6, text, bytes) == 1;
}

/* Of a link to a list's site the list's name: "www." says only that it is a site. */
static void skip_web_host(struct fact_value *value)
{
	if (value->length > 4 && g_ascii_strncasecmp(value->text, "www.", 4) == 0) {
		value->text += 4;
		value->length -= 4;
	}
}

/* "19.5 MB", "10,240,000 bytes", "20971520" in bytes. */
static bool read_size(struct fact_value *value, char unit)
{
	char digits[24];
	size_t used = 0, separators = 0, behind = 0;
	double number;
	const char *factors = "bkmg", *factor = strchr(factors, unit ? g_ascii_tolower(unit) : 'b');

	for (size_t i = 0; i < value->length && used < sizeof digits - 1; i++) {
		bool digit = g_ascii_isdigit(value->text[i]);

		separators += !digit;
		behind = digit ? behind + 1 : 0;
		digits[used++] = digit ? value->text[i] : '.';
	}
	digits[used] = '\0';
	if (separators && behind == 3) {	/* they part thousands */
		used = 0;
		for (const char *c = digits; *c; c++)
			if (*c != '.')
				digits[used++] = *c;
		digits[used] = '\0';
	}
	number = g_ascii_strtod(digits, NULL);
	if (!unit && number < LEAST_SIZE)
		return false;
	for (; factor && factor > factors; factor--)
		number *= 1024;
	value->number = (guint64)number;
	return number >= 1 && number < 1e15;
}

/* "300" and a unit, or "00:04:59", in seconds. */
static bool read_time(struct fact_value *value, char unit)
{
	guint64 number = 0, part = 0;

	for (size_t i = 0; i < value->length; i++) {
		if (value->text[i] == ':') {
			number = (number + part) * 60;
			part = 0;
		} else {
			part = part * 10 + (guint64)(value->text[i] - '0');
		}
	}
	number += part;
	value->number = number * (unit == 'm' ? 60 : unit == 'h' ? 3600 : unit == 'd' ? 86400 : 1);
	return value->number > 0 && value->number <= 30 * 86400;
}

/* Addresses that texts name for complaints are nobody's new one. */
static bool is_personal(const struct fact_value *value)
{
	static const char *const roles[] = {"postmaster@", "abuse@", "support@", "helpdesk@", "mailer-daemon@", "delist", "noreply@", "no-reply@"};

	for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
		if (g_ascii_strncasecmp(value->text, roles[i], strlen(roles[i])) == 0)
			return false;
	return true;
}

/* A name, and not that of a file. */
static bool is_domain(const struct fact_value *value)
{
	static const char *const endings[] = {".php", ".html", ".htm", ".aspx", ".asp", ".shtml", ".exe", ".txt", ".cgi"};

	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		size_t length = strlen(endings[i]);

		if (value->length > length && g_ascii_strncasecmp(value->text + value->length - length, endings[i], length) == 0)
			return false;
	}
	return value->length <= 253;
}

/* Does the value make sense? Converts what is a quantity. */
static bool makes_sense(enum fact fact, struct fact_value *value, char unit)
{
	switch (fact) {
	case FACT_LISTED_IP:
		return read_ip(value);
	case FACT_SIZE_LIMIT:
	case FACT_MESSAGE_SIZE:
	case FACT_QUOTA:
		return read_size(value, unit == 'o' || unit == 'O' ? 'b' : unit);
	case FACT_RETRY_AFTER:
		return read_time(value, g_ascii_tolower(unit));
	case FACT_NEW_ADDRESS:
		return is_personal(value);
	case FACT_BLOCKLIST:
		skip_web_host(value);
		return is_domain(value);
	case FACT_LISTED_DOMAIN:
	case FACT_AUTH_DOMAIN:
		return is_domain(value);
	default:
		return value->length > 0;
	}
}

struct reading {
	const char *text;
	size_t length;
	const char *lower;
	pcre2_match_data *found;
	pcre2_match_context *limits;
};

static bool try_pattern(const struct reading *reading, size_t row, struct fact_value *value)
{
	const struct fact_pattern *pattern = &fact_patterns[row];
	const PCRE2_SIZE *places = pcre2_get_ovector_pointer(reading->found);
	struct fact_value read = {NULL, 0, 0};
	size_t from = 0;
	int groups;

	while ((groups = pcre2_match(regex_of(row), (PCRE2_SPTR)reading->text, reading->length, from, 0, reading->found, reading->limits)) > 0) {
		char unit = groups > 2 && places[5] > places[4] ? reading->text[places[4]] : '\0';

		read.text = pattern->word ? pattern->word : reading->text + places[2];
		read.length = pattern->word ? strlen(pattern->word) : places[3] - places[2];
		if (makes_sense(pattern->fact, &read, unit)) {
			*value = read;
			return true;
		}
		from = places[1] > from ? places[1] : from + 1;		/* another place may make sense */
	}
	return false;
}

static bool passes_gate(const struct reading *reading, enum fact fact)
{
	for (const char *const *word = fact_gates[fact]; *word; word++)
		if (strstr(reading->lower, *word))
			return true;
	return false;
}

struct facts facts_read(const char *text)
{
	struct facts facts = {0};
	struct reading reading = {.text = text};
	char *lower;

	G_STATIC_ASSERT(FACTS <= 32);
	g_assert(fact_patterns_count <= PATTERNS_LIMIT);
	if (!text || !*text)
		return facts;
	reading.length = strnlen(text, FACTS_TEXT_LIMIT);
	reading.lower = lower = g_ascii_strdown(text, (gssize)reading.length);
	reading.found = pcre2_match_data_create(3, NULL);
	reading.limits = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(reading.limits, MATCH_LIMIT);
	for (size_t row = 0; row < fact_patterns_count; ) {
		enum fact fact = fact_patterns[row].fact;
		bool open = passes_gate(&reading, fact);

		for (; row < fact_patterns_count && fact_patterns[row].fact == fact; row++)
			open = open && !try_pattern(&reading, row, &facts.values[fact]);
	}
	pcre2_match_context_free(reading.limits);
	pcre2_match_data_free(reading.found);
	g_free(lower);
	return facts;
}

const char *fact_word(enum fact fact)
{
	static const char *const words[FACTS] = {
		"listed_ip", "listed_domain", "blocklist", "size_limit", "message_size", "quota", "retry_until", "retry_after", "new_address", "auth_domain", "tls_cause",
	};

	return words[fact];
}

const char *fact_variable(enum fact fact)
{
	static const char *const names[FACTS] = {
		"listed-ip", "listed-domain", "blocklist", "size-limit", "message-size", "quota", "retry-until", "retry-after", "new-address", "auth-domain", "tls-cause",
	};

	return names[fact];
}

static bool is_size(enum fact fact)
{
	return fact == FACT_SIZE_LIMIT || fact == FACT_MESSAGE_SIZE || fact == FACT_QUOTA;
}

char *fact_print(const struct facts *facts, enum fact fact)
{
	const struct fact_value *value = &facts->values[fact];

	if (!value->text)
		return NULL;
	if (is_size(fact) || fact == FACT_RETRY_AFTER)
		return g_strdup_printf("%" G_GUINT64_FORMAT, value->number);
	return g_strndup(value->text, value->length);
}

/* In the largest unit that leaves a whole number, or two digits at least. */
static char *show_size(guint64 bytes)
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
	size_t unit = 0;
	guint64 rest = 0;

	while (unit + 1 < G_N_ELEMENTS(units) && (bytes >= 10240 || (bytes >= 1024 && bytes % 1024 == 0))) {
		rest = bytes % 1024;
		bytes /= 1024;
		unit++;
	}
	return g_strdup_printf("%" G_GUINT64_FORMAT " %s", bytes + (rest >= 512), units[unit]);
}

static char *show_time(guint64 seconds)
{
	if (seconds < 120)
		return g_strdup_printf("%" G_GUINT64_FORMAT " s", seconds);
	if (seconds < 7200)
		return g_strdup_printf("%" G_GUINT64_FORMAT " min", (seconds + 59) / 60);
	return g_strdup_printf("%" G_GUINT64_FORMAT " h", (seconds + 3599) / 3600);
}

char *fact_show(const struct facts *facts, enum fact fact)
{
	if (is_size(fact) && facts_know(facts, fact))
		return show_size(facts->values[fact].number);
	if (fact == FACT_RETRY_AFTER && facts_know(facts, fact))
		return show_time(facts->values[fact].number);
	return fact_print(facts, fact);
}
