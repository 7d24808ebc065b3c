/* utf8.c: see utf8.h. The tables are those of utf8proc. */
#include "base/utf8.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

bool
utf8_valid(const char *s, size_t n)
{
    const unsigned char *p = (const unsigned char *)s, *end = p + n;
    while (p < end) {
        if (*p && *p < 0x80) {
            p++;
            continue;
        }
        utf8proc_int32_t cp;
        utf8proc_ssize_t k = utf8proc_iterate(p, end - p, &cp);
        if (k <= 0 || cp == 0)
            return false;
        p += k;
    }
    return true;
}

size_t
utf8_length(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

static bool
is_word(utf8proc_int32_t cp)
{
    utf8proc_category_t c = utf8proc_category(cp);
    return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO) ||
           (c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO);
}

char *
utf8_fold(struct arena *a, const char *s)
{
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t n =
        utf8proc_map((const utf8proc_uint8_t *)s, 0, &mapped,
                     UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                         UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);
    INVARIANT(n >= 0);
    struct buf b;
    buf_init(&b, a);
    for (utf8proc_ssize_t i = 0; i < n;) {
        utf8proc_int32_t cp;
        utf8proc_ssize_t k = utf8proc_iterate(mapped + i, n - i, &cp);
        INVARIANT(k > 0);
        if (is_word(cp))
            buf_add(&b, (const char *)mapped + i, (size_t)k);
        else if (cp != '\'' && cp != 0x2019 && b.len && b.data[b.len - 1] != ' ')
            buf_char(&b, ' ');
        i += k;
    }
    free(mapped);
    if (b.len && b.data[b.len - 1] == ' ')
        b.data[--b.len] = '\0';
    return b.len ? b.data : arena_strdup(a, "");
}

char *
utf8_cut(struct arena *a, const char *s, size_t max)
{
    size_t n = 0;
    for (const char *p = s; *p; p++) {
        if (((unsigned char)*p & 0xC0) == 0x80)
            continue;
        if (n++ == max)
            return arena_printf(a, "%.*s…", (int)(p - s), s);
    }
    return arena_strdup(a, s);
}
