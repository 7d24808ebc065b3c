/* scan.h: a JSON checker that sees one stretch of bytes at a time, keeps nothing but a stack of
 * bits, and never recurses. The splitter drives it; it knows nothing of study records.
 *
 * It checks the whole grammar of RFC 8259 for objects and arrays at the top (a bare text or number
 * is refused), that the text is UTF-8, and that nothing is nested too deep. It does not build
 * anything, look for keys that stand twice, or judge the size of numbers. Any number of values may
 * follow one another at the top: the caller says whether it wants that. */
#ifndef REGISTRY_SCAN_H
#define REGISTRY_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCAN_MAX_DEPTH = 256, SCAN_KEY = 32 };

enum scan_event {
    SCAN_MORE,   /* all bytes are used up and nothing happened */
    SCAN_OPEN,   /* the byte before is a { or [; depth already counts it */
    SCAN_CLOSE,  /* the byte before is a } or ]; depth no longer counts it */
    SCAN_NAME,   /* a key has ended: its raw text is in `key` */
    SCAN_SCALAR, /* a text, number or word has begun; told only at depth 1 and 2 */
    SCAN_ERROR,  /* see `why`; offset and line are those of the byte that is wrong */
};

struct scan {
    uint64_t offset, line; /* of the next byte: from 0, from 1 */
    unsigned depth;        /* open objects and arrays */
    unsigned max_depth;
    uint64_t weight; /* values met so far, an object or array counting as four; may be reset */
    const char *why;       /* what was wrong, without a full stop; static */
    char key[SCAN_KEY];    /* last key, without quotes, escapes as written, cut to 31 bytes */
    /* private */
    unsigned state, hex, need, key_len;
    unsigned char low, high;
    bool in_key;
    const char *word;
    unsigned char is_object[SCAN_MAX_DEPTH / 8];
};

/* `max_depth` 1 to SCAN_MAX_DEPTH. The first byte will have this offset. */
void scan_init(struct scan *s, unsigned max_depth, uint64_t offset);
/* Looks at bytes until something happens. Returns how many were used, and what happened. After
 * SCAN_ERROR every further call gives SCAN_ERROR again. */
size_t scan_run(struct scan *s, const char *data, size_t n, enum scan_event *ret_event);
/* The innermost open thing: '{', '[', or 0 at the top. */
char scan_inside(const struct scan *s);

#endif
