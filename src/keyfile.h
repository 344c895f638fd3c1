/* keyfile.h - files in the syntax of GKeyFile, with places: which file and line a section or key stands in. Floor 0: base.
 *
 * An error without its place is of no use to an administrator.
 * Configuration and catalogue are both read through here.
 */
#ifndef SMTP_EXPLAIN_KEYFILE_H
#define SMTP_EXPLAIN_KEYFILE_H

#include <glib.h>

struct keyfile_item {
	const char *section;		/* owned by the keyfile */
	const char *key;		/* "summary[de]" as it stands */
	const char *value;		/* raw: nothing is unescaped */
	const char *file;		/* as given */
	int line;			/* from 1 */
	int section_line;		/* where the section begins */
};

struct keyfile;

#define KEYFILE_ERROR keyfile_error_quark()
GQuark keyfile_error_quark(void);
enum keyfile_error { KEYFILE_ERROR_READ, KEYFILE_ERROR_SYNTAX };

/* Reads text (of a file called name, for the places). NULL and an error "name:LINE: what is wrong" on bad syntax, invalid UTF-8, a section or key given twice. */
struct keyfile *keyfile_parse(const char *text, size_t length, const char *name, GError **error);
/* The same for a file on disk. */
struct keyfile *keyfile_load(const char *path, GError **error);
void keyfile_free(struct keyfile *keyfile);

/* Every key in order of appearance: GArray of struct keyfile_item, borrowed. */
const GArray *keyfile_items(const struct keyfile *keyfile);

#endif
