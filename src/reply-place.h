/* reply-place.h - where in a text a number can be a reply code, by what stands before it. Floor 1: facts. */
#ifndef SMTP_EXPLAIN_REPLY_PLACE_H
#define SMTP_EXPLAIN_REPLY_PLACE_H

#include <stdbool.h>

/* Does something introduce the number at at, which lies in text? One of those below, or an enhanced code ("5.1.1 550"), or a number sign ("Error #550"). */
bool reply_is_introduced(const char *text, const char *at);

/* Punctuation that can stand right before a quoted reply, or the beginning of the text. */
bool reply_behind_mark(const char *text, const char *at);

/* A word such as "code" or "said". */
bool reply_behind_word(const char *text, const char *at);

/* Is it the last group of an IPv6 address? */
bool reply_ends_address(const char *text, const char *at);

#endif
