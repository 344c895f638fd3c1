/* phrases.c - finds the sentences of phrases-table.c in a text, in one walk. */
#include "phrases.h"

#include <glib.h>
#include <string.h>

/* The first row whose text is not less than the two bytes at text. */
static size_t first_row(const char *text)
{
	size_t low = 0, high = phrases_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strncmp(phrases[middle].text, text, 2) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A word begins here: at a letter behind none, and at every character beyond ASCII, where no blank parts the words. */
static bool begins_word(const char *text, const char *at)
{
	if (((unsigned char)*at & 0xc0) == 0x80)
		return false;
	return at == text || (unsigned char)*at >= 0x80 || !(g_ascii_isalnum(at[-1]) || (unsigned char)at[-1] >= 0x80);
}

void phrases_find(const char *text, size_t present[PHRASE_SORTS])
{
	memset(present, 0, PHRASE_SORTS * sizeof present[0]);
	for (const char *at = text; *at; at++) {
		if (!begins_word(text, at))
			continue;
		for (size_t row = first_row(at); row < phrases_count && strncmp(phrases[row].text, at, 2) == 0; row++)
			if (present[phrases[row].sort] == 0 && strncmp(phrases[row].text, at, strlen(phrases[row].text)) == 0)
				present[phrases[row].sort] = (size_t)(at - text) + 1;
	}
}
