/* announcement.c - the lines by which reports announce the message that they return: "----- Original message -----", "The following is a copy of your message:".
 *
 * Words in the languages of reports, and how a line is marked as an announcement. Whether the message does follow is original.c's to say.
 */
#include "announcement.h"
#include "text.h"
#include "told.h"

#include <string.h>

/* What announces the returned message, in lower case. */
static const char *const announcements[] = {
	"original message", "returned message", "returned mail", "undelivered message", "undelivered mail", "unsent message",
	"unsent mail", "message follows", "mail follows", "copy of your message", "copy of the message", "copy of your mail",
	"copy of the mail", "copy of the original", "copy of message", "copy of the undelivered", "copy of your original",
	"message header", "mail header", "headers of the", "headers of your", "header of the", "headers follow", "header follows", "original mail",
	"original email", "original e-mail", "rejected message", "content of the", "contents of the message", "your message was",
	"text of your message", "text of the message", "text of the mail", "text of message", "body of the message", "first lines of", "message text follows",
	"message text", "undeliverable message", "undeliverable mail", "bounced message", "bounced e-mail", "bounced mail",
	"failed message", "message as received", "message returned", "returned content", "your message follows", "failed mail",
	"below this line", "included message", "start of message", "message content", "the mail header", "header information",
	"original headers", "ursprüngliche nachricht", "originalnachricht", "original-nachricht", "ursprungsnachricht",
	"kopie ihrer nachricht", "kopie der nachricht", "kopfzeilen", "originale kopf", "message d'origine", "message original",
	"message initial", "copie de votre message", "copie du message", "en-têtes", "mensaje original", "copia de su mensaje",
	"copia del mensaje", "mensagem original", "cópia da", "cabeçalho", "messaggio originale", "copia del messaggio",
	"oorspronkelijk bericht", "oorspronkelijke bericht", "kopie van", "oryginalna wiadomość", "treść wiadomości", "kopia wiadomości",
	"исходное сообщение", "оригинал", "копия сообщения", "текст сообщения", "заголовки", "原始邮件", "原邮件", "原始郵件", "邮件头",
	"元のメッセージ", "元のメール", "送信されたメール", "以下は", "メッセージの内容", "メールヘッダ", "原文",
};

static bool is_ornament(char c)
{
	return c != '\0' && strchr("-=*_#+~><| \t", c) != NULL;
}

/* Does it open what stands below it? "Your message was refused by the server of the recipient:" opens a reply, "Information about the original message:" what is known
 * of it. */
static bool opens_message(const char *line, const char *lower)
{
	static const char *const about[] = {"information about", "details of", "details about", "informationen zu", "angaben zu", "informations sur", "信息", "資訊", "情報"};

	if (g_str_has_suffix(line, "follows.") || g_str_has_suffix(line, "follows") || g_str_has_suffix(line, "following."))
		return true;
	return (g_str_has_suffix(line, ":") || g_str_has_suffix(line, ":]")) && !told_by(lower, strlen(lower)).failed && !text_holds_any(lower, about, G_N_ELEMENTS(about));
}

/* Does it speak of the message otherwise: when it came, what became of it? */
static bool tells_of_delivery(const char *lower)
{
	static const char *const words[] = {"original message was received", "transcript", "attempts", "could not be", "delivery failed"};

	return text_holds_any(lower, words, G_N_ELEMENTS(words));
}

bool announcement_read(const char *line, bool *marked)
{
	size_t length = strlen(line), front = 0, ornaments = 0;
	char *lower;
	bool found = false;

	while (is_ornament(line[front]))
		ornaments += line[front] != ' ' && line[front] != '\t' && line[front] != '>', front++;
	if (length - front < 4 || length > 200)
		return false;
	lower = g_utf8_strdown(line + front, -1);
	*marked = ornaments >= 2 || opens_message(line, lower);
	for (size_t i = 0; i < G_N_ELEMENTS(announcements) && !found; i++) {
		const char *at = strstr(lower, announcements[i]);

		found = at && at - lower < 50;
	}
	found = found && !tells_of_delivery(lower);
	g_free(lower);
	return found;
}

bool announcement_is_rule(const char *line)
{
	size_t length = 0;

	while (is_ornament(line[length]))
		length++;
	return length > 8 && line[length] == '\0';
}
