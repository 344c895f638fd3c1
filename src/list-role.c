/* list-role.c - the words that list managers' addresses are made of. Not here: what else of a message says that a list manager wrote it (list-manager.c). */
#include "list-role.h"

#include "text.h"

#include <string.h>

/* Of a list. A word that ends in '-' stands before the list's name, any other one behind it. */
static const struct word {
	const char *word;
	enum list_role role;
} words[] = {
	{"owner-", LIST_SENDER},
	{"join-", LIST_SUBSCRIPTION}, {"leave-", LIST_SUBSCRIPTION}, {"subscribe-", LIST_SUBSCRIPTION}, {"unsubscribe-", LIST_SUBSCRIPTION},
	{"-owner", LIST_KEEPER}, {"+owner", LIST_KEEPER}, {"-owners", LIST_KEEPER}, {"-approval", LIST_KEEPER},
	{"-editor", LIST_EDITOR}, {"-moderator", LIST_EDITOR}, {"-moderators", LIST_EDITOR},
	{"-request", LIST_COMMANDS}, {"-ctl", LIST_COMMANDS},
	{"-join", LIST_SUBSCRIPTION}, {"-leave", LIST_SUBSCRIPTION},
	{"-subscribe", LIST_SUBSCRIPTION}, {"+subscribe", LIST_SUBSCRIPTION}, {"-unsubscribe", LIST_SUBSCRIPTION},
	{"-bounces", LIST_BOUNCES}, {"-bounce", LIST_BOUNCES},
	{"-admin", LIST_DESK}, {"-admins", LIST_DESK}, {"-help", LIST_DESK}, {"+help", LIST_DESK}, {"+noreply", LIST_DESK},
};

static bool stands_before(const struct word *word)
{
	return g_str_has_suffix(word->word, "-");
}

/* The word in the local part, which is length bytes long and holds a list's name besides; NULL: none. */
static const struct word *word_of(const char *address, size_t length)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		size_t word = strlen(words[i].word);

		if (length > word && text_begins(stands_before(&words[i]) ? address : address + length - word, words[i].word))
			return &words[i];
	}
	return NULL;
}

static size_t local_length(const char *address)
{
	const char *at = strrchr(address, '@');

	return at ? (size_t)(at - address) : 0;
}

enum list_role list_role(const char *address)
{
	const struct word *word = word_of(address, local_length(address));

	return word ? word->role : LIST_ROLE_NONE;
}

char *list_of_role(const char *address)
{
	size_t length = local_length(address);
	const struct word *word = word_of(address, length);

	if (!word || !(word->role & LIST_MANAGERS))
		return NULL;
	return stands_before(word) ? g_strdup(address + strlen(word->word)) : g_strdup_printf("%.*s%s", (int)(length - strlen(word->word)), address, address + length);
}

enum list_role list_manager_role(const char *address)
{
	static const char *const commands[] = {"listserv@", "sympa@", "majordomo@", "lyris@", "lyris-", "ecartis@", "listproc@", "minimalist@", "mlmmj", "petidomo@", "petidomo-"};
	static const char *const keepers[] = {"majordomo-owner@", "listmanager", "ezmlm", "mailman@", "listmaster@"};

	if (text_begins_any(address, commands, G_N_ELEMENTS(commands)))
		return LIST_COMMANDS;
	return text_begins_any(address, keepers, G_N_ELEMENTS(keepers)) ? LIST_KEEPER : LIST_ROLE_NONE;
}
