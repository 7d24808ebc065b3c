/* utf8.h: Unicode text at the edges: is it valid, and how is it folded for comparing and finding. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* True if the n bytes are valid UTF-8 without U+0000 (which PostgreSQL cannot hold). */
bool utf8_valid(const char *s, size_t n);
/* Number of code points of valid UTF-8. */
size_t utf8_length(const char *s);
/* The text folded for comparing: compatibility decomposition, no marks, no case, anything that is
 * neither letter nor digit made one space, ends trimmed. "Hôpital  St-Luc." gives "hopital st luc".
 * Valid UTF-8 in, valid UTF-8 out, in `a`. */
char *utf8_fold(struct arena *a, const char *s);
/* At most `max` code points of `s`, with an ellipsis when it was cut. */
char *utf8_cut(struct arena *a, const char *s, size_t max);

#endif
