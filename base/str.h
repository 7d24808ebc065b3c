/* str.h: text. A growing buffer in an arena, and the few string helpers the C library lacks. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A growing text. Always NUL-terminated once anything was added; `data` may move as it grows. */
struct buf {
    struct arena *mem;
    char *data;
    size_t len, size;
};

void buf_init(struct buf *b, struct arena *mem);
void buf_add(struct buf *b, const char *s, size_t n);
void buf_str(struct buf *b, const char *s); /* NULL adds nothing */
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *buf_text(struct buf *b); /* the text so far, "" when empty */

bool str_eq(const char *a, const char *b);          /* NULL equals only NULL */
bool str_empty(const char *s);                      /* NULL or "" */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
const char *str_or(const char *s, const char *instead); /* s, or `instead` when s is empty */
/* A copy without white space at either end. */
char *str_trim(struct arena *a, const char *s);
/* The text split at every `sep`, pieces untrimmed; `ret_n` pieces, at least one. */
char **str_split(struct arena *a, const char *s, char sep, size_t *ret_n);
/* `s` with every run of white space made one space, ends trimmed. */
char *str_squeeze(struct arena *a, const char *s);
/* `s` with every e-mail address in it replaced by "[e-mail address left out]"; `s` itself when it has
 * none. */
const char *str_without_addresses(struct arena *a, const char *s);
/* At most `most` bytes of `s`, cut between characters and ended with "…"; `s` itself when shorter. */
const char *str_short(struct arena *a, const char *s, size_t most);
/* A whole decimal number, optional minus, nothing before or after. False: not one, or out of range. */
bool str_int(const char *s, int64_t *ret);
/* A decimal number such as 0.8 or -12, "." only (no locale). False: not one, or not finite. */
bool str_real(const char *s, double *ret);
/* The shortest decimal text that reads back as `x`; "null" for what is not finite. */
const char *str_from_real(struct arena *a, double x);
/* Lower-case hexadecimal of n bytes. */
char *str_hex(struct arena *a, const void *data, size_t n);
/* Bytes of hexadecimal text; false unless exactly 2n digits. */
bool str_unhex(const char *hex, unsigned char *ret, size_t n);

#endif
