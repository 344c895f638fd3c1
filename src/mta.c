/* mta.c - the table of releases that must not get a replaced body in every case.
 *
 * A distribution may have mended an older number without telling; such a host pays with fields only in messages with very long lines, which are rare.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"	/* memrchr() */
#endif

#include "mta.h"

#include <glib.h>
#include <string.h>

struct release {
	unsigned major, minor, patch;
};

/* The first release of each branch that is mended; branches behind the last one never had it. */
static const struct release mended[] = {{3, 3, 20}, {3, 4, 23}, {3, 5, 13}, {3, 6, 3}};

#define MENDED_SNAPSHOT 20211107u	/* "3.7-20211107": the day of those releases */

static bool read_number(const char **text, unsigned *number)
{
	char *end;
	guint64 value = g_ascii_isdigit(**text) ? g_ascii_strtoull(*text, &end, 10) : G_MAXUINT64;

	if (value > G_MAXUINT)
		return false;
	*number = (unsigned)value;
	*text = end;
	return true;
}

/* Postfix's numbers: "3.7.11", "3.7.0-RC1", and of snapshots "3.7-20211107", whose day is put into patch. */
static bool read_release(const char *text, struct release *release, bool *snapshot)
{
	if (!read_number(&text, &release->major) || *text++ != '.' || !read_number(&text, &release->minor) || (*text != '.' && *text != '-'))
		return false;
	*snapshot = *text++ == '-';
	return read_number(&text, &release->patch);
}

static bool damages(const struct release *release, bool snapshot)
{
	const struct release *last = &mended[G_N_ELEMENTS(mended) - 1];
	unsigned branch = release->major * 1000 + release->minor;

	if (snapshot)
		return release->patch < MENDED_SNAPSHOT;
	for (size_t i = 0; i < G_N_ELEMENTS(mended); i++)
		if (mended[i].major == release->major && mended[i].minor == release->minor)
			return release->patch < mended[i].patch;
	return branch < last->major * 1000 + last->minor;
}

bool mta_damages_long_lines(const char *version)
{
	struct release release;
	bool snapshot;

	if (!version || !g_str_has_prefix(version, "Postfix"))
		return false;
	version += strlen("Postfix");
	version += strspn(version, " ");
	return !read_release(version, &release, &snapshot) || damages(&release, snapshot);
}

/* From each line end to the last one that is near enough: the bytes between the two need no look. */
bool mta_has_long_line(const char *bytes, size_t length)
{
	const char *end = bytes + length;

	while ((size_t)(end - bytes) >= MTA_LONG_LINE) {
		const char *newline = memrchr(bytes, '\n', MTA_LONG_LINE), *behind = bytes + MTA_LONG_LINE;

		if (!newline && behind < end && *behind == '\n' && behind[-1] == '\r')
			newline = behind;
		if (!newline)
			return true;
		bytes = newline + 1;
	}
	return false;
}
