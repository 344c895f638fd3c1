/* code.h - the codes of an SMTP reply as a value. Floor 1: facts.
 *
 * A code is copied, compared and printed, never allocated. "Absent" is a value: a code whose reply is 0
 * has no three-digit code, one whose class is 0 has no enhanced status code. Nothing here invents a digit:
 * what was not written stays absent.
 */
#ifndef SMTP_EXPLAIN_CODE_H
#define SMTP_EXPLAIN_CODE_H

#include <stdbool.h>
#include <stddef.h>

struct code {
	unsigned short reply;	/* 200..699 (RFC 5321 section 4.2; 6yz exists in the wild), 0: absent */
	unsigned char class;	/* 2, 4 or 5 (RFC 3463 section 3.1), 0: no enhanced status code */
	unsigned short subject; /* 0..999 (RFC 3463 section 2) */
	unsigned short detail;	/* 0..999 */
};

#define CODE_NONE ((struct code){0, 0, 0, 0})
#define CODE_REPLY_SIZE 4	/* bytes that code_print_reply writes at most, NUL included */
#define CODE_ENHANCED_SIZE 10	/* the same for code_print_enhanced: "5.999.999" */

static inline bool code_has_reply(struct code code) { return code.reply != 0; }
static inline bool code_has_enhanced(struct code code) { return code.class != 0; }
static inline bool code_is_none(struct code code) { return code.reply == 0 && code.class == 0; }
bool code_equal(struct code a, struct code b);

/* Is its reply one that RFC 5321 section 4.2 knows: first digit 2 to 5, second 0 to 5? Some systems write other numbers where a code would stand ("605", "571").
 * False where there is none. */
bool code_is_standard(struct code code);

/* The first digit of the reply code, else of the enhanced code: 2, 4, 5 (or 3, 6 of odd replies); 0 where both are absent. */
int code_class(struct code code);

/* X.0.0: an enhanced code that says no more than its class (RFC 3463 section 3.1). False where there is none. */
bool code_is_vague(struct code code);

/* Reads a three-digit code at the start of text, of which length bytes may be looked at; a digit, letter, dot
 * or colon must not follow it. Sets code->reply and returns the bytes read (3), or 0 and leaves code alone. */
size_t code_read_reply(const char *text, size_t length, struct code *code);

/* The same for an enhanced status code (`5.1.1`), with an optional '#' before it; neither a digit nor ".digit" may follow.
 * Returns the bytes read, or 0. */
size_t code_read_enhanced(const char *text, size_t length, struct code *code);

/* Reads "550", "550 5.1.1", "550-5.1.1", "5.1.1", "#5.1.1" or "550 #5.1.1" at the start of text. Returns the bytes read, or 0. */
size_t code_read(const char *text, size_t length, struct code *code);

/* Print the parts; an absent part gives "". buffer is returned. */
char *code_print_reply(struct code code, char buffer[CODE_REPLY_SIZE]);
char *code_print_enhanced(struct code code, char buffer[CODE_ENHANCED_SIZE]);

#endif
