/* failure.h - the failures of a bounce: made, named, completed from another reading. Floor 3: understanding. */
#ifndef SMTP_EXPLAIN_FAILURE_H
#define SMTP_EXPLAIN_FAILURE_H

#include "bounce.h"

/* An empty bounce of kind KIND_BOUNCE, to be filled by readers. */
struct bounce *bounce_new(bool trace);

/* Gives a failure that had no address, or half of one, its address; nothing where another failure has it. */
void bounce_name(struct bounce *bounce, struct failure *failure, const char *to);

/* Takes a failure's address away again: it was nobody's who failed. */
void bounce_unname(struct bounce *bounce, struct failure *failure);

/* Takes over what another reading of the same report found. Where bounce names recipients already, found adds none: it fills in what
 * they lack. */
void bounce_merge(struct bounce *bounce, struct bounce *found);

bool bounce_has_codes(const struct bounce *bounce);	/* does any failure have one? */
bool bounce_names_nobody(const struct bounce *bounce);	/* has no failure an address? */
bool bounce_is_complete(const struct bounce *bounce);	/* has every failure words and a reply code? */

void bounce_drop_failures(struct bounce *bounce);	/* all of them */
void bounce_drop_failure(struct bounce *bounce, guint number);	/* one, by its place among failures */
void bounce_drop_codes(struct bounce *bounce);	/* codes and Status of all; their words stay */

/* Completes the failures once the kind is known: action, verdict, conflict; of a bounce those that were delivered are dropped. */
void bounce_settle(struct bounce *bounce);

/* What a report's words say of one recipient or several: the diagnostic, code, remote host and stage, and the address that was forwarded. */
struct failure_words;
struct failure_words *failure_words_read(const char *text);	/* never NULL; the caller frees it */
void failure_words_free(struct failure_words *words);
bool failure_words_have_code(const struct failure_words *words);

/* Takes from them what the failure lacks. */
void failure_take(struct failure *failure, const struct failure_words *words);

/* The same in one step, for words that are about nobody else. */
void failure_take_words(struct failure *failure, const char *text);

/* The same for every recipient that has no diagnostic. */
void bounce_take_common(struct bounce *bounce, const char *text);

/* The remote's own words of a normalised text: without the wrapper ("host mx.example.net said:") of who quotes it. The caller frees
 * them. */
char *failure_own_words(const char *normalised);

/* Do the words only name the message that came back ("Subject: Invoice"), not why? */
bool failure_is_about_original(const char *words);

/* Its code for who looks for a meaning: with the number that is no code in its place, which the catalogue may know. */
struct code failure_code_to_explain(const struct failure *failure);

/* Takes an enhanced code from text, and nothing else. */
void failure_take_enhanced(struct failure *failure, const char *text);

#endif
