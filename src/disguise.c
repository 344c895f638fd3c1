/* disguise.c - the marks of mail that only looks like a report.
 *
 * Worms of 2004 and the phishing of today take the words of reports because people open those. Not here: the words (signs.c, evidence.c).
 */
#include "disguise.h"

#include <string.h>

bool disguise_is_scripted(const GArray *fields)
{
	static const char *const names[] = {"X-PHP-Originating-Script", "X-PHP-Script", "X-PHP-Filename", "X-AntiAbuse-Script"};
	static const char *const programs[] = {"PHPMailer", "SwiftMailer", "PHP/", "Nodemailer", "Leaf PHPMailer", "WPMailSMTP", "FormMail"};
	const struct field *mailer = fields_find(fields, "X-Mailer");
	char *value = mailer ? field_value(mailer) : NULL;
	bool scripted = false;

	for (size_t i = 0; i < G_N_ELEMENTS(names) && !scripted; i++)
		scripted = fields_find(fields, names[i]) != NULL;
	for (size_t i = 0; value && i < G_N_ELEMENTS(programs) && !scripted; i++)
		scripted = strstr(value, programs[i]) != NULL;
	g_free(value);
	return scripted;
}

/* Is it a program, an archive or a page by its name? Old mail systems return the message as a file too ("Mime.822"), or the documents that came with it. */
static bool is_file(const char *name)
{
	static const char *const endings[] = {
		".exe", ".scr", ".pif", ".com", ".bat", ".cmd", ".cpl", ".vbs", ".js", ".hta", ".lnk", ".zip", ".rar", ".7z", ".gz", ".iso", ".img", ".htm", ".html", ".shtml",
	};
	char *lower = g_ascii_strdown(name, -1);
	bool file = false;

	for (size_t i = 0; i < G_N_ELEMENTS(endings) && !file; i++)
		file = g_str_has_suffix(lower, endings[i]);
	g_free(lower);
	/* A part may be named after an address: "message to bob@example.com". */
	return file && !(g_str_has_suffix(name, ".com") && strpbrk(name, "@ "));
}

bool disguise_brings_file(const struct mail *mail)
{
	for (guint i = 0; i < mail->parts->len; i++) {
		const struct mail_part *part = mail_part(mail, i);

		if (part->file && !part->enclosed && is_file(part->file))
			return true;
	}
	return false;
}

bool disguise_is_page(const struct mail *mail)
{
	const struct mail_part *part = mail_part(mail, 0);

	return mail->parts->len == 1 && strcmp(part->type, "text/html") == 0 && part->text && g_strstr_len(part->text, (gssize)part->text_length, "href=\"http");
}
