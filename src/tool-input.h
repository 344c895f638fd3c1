/* tool-input.h - where the messages of the tool come from: files, mbox, Maildir, standard input. Floor 5: process. */
#ifndef SMTP_EXPLAIN_TOOL_INPUT_H
#define SMTP_EXPLAIN_TOOL_INPUT_H

#include <glib.h>
#include <stdbool.h>

#define INPUT_ERROR input_error_quark()
GQuark input_error_quark(void);

/* One message. number: from 1 in an mbox of several or a Maildir, 0 for a single message. */
typedef void (*input_visit)(const char *file, int number, const char *bytes, size_t length, void *data);

/* Calls visit for each message at path ("-": standard input). False and an error that names the path when it cannot be read; what was read before was visited. */
bool input_each(const char *path, input_visit visit, void *data, GError **error);

/* All bytes of a file or of standard input as one. NULL and an error as above. */
GBytes *input_read(const char *path, GError **error);

#endif
