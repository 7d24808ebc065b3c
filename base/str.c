/* str.c: text helpers. See str.h. */
#include "base/str.h"

#include "base/arena.h"
#include "base/err.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
buf_init(struct buf *b, struct arena *mem)
{
    *b = (struct buf){.mem = mem};
}

static void
grow(struct buf *b, size_t n)
{
    if (b->size - b->len > n)
        return;
    size_t size = b->size ? b->size * 2 : 256;
    while (size - b->len <= n)
        size *= 2;
    char *data = arena_alloc(b->mem, size);
    if (b->len)
        memcpy(data, b->data, b->len);
    b->data = data;
    b->size = size;
}

void
buf_add(struct buf *b, const char *s, size_t n)
{
    if (n == 0)
        return;
    grow(b, n);
    memcpy(b->data + b->len, s, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void
buf_str(struct buf *b, const char *s)
{
    if (s)
        buf_add(b, s, strlen(s));
}

void
buf_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    INVARIANT(n >= 0);
    grow(b, (size_t)n);
    vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
    va_end(again);
    b->len += (size_t)n;
}

const char *
buf_text(struct buf *b)
{
    return b->len ? b->data : "";
}

bool
str_eq(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool
str_empty(const char *s)
{
    return !s || !*s;
}

bool
str_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
str_ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

const char *
str_or(const char *s, const char *instead)
{
    return str_empty(s) ? instead : s;
}

char *
str_trim(struct arena *a, const char *s)
{
    while (isspace((unsigned char)*s))
        s++;
    size_t n = strlen(s);
    while (n && isspace((unsigned char)s[n - 1]))
        n--;
    return arena_strndup(a, s, n);
}

char **
str_split(struct arena *a, const char *s, char sep, size_t *ret_n)
{
    size_t n = 1;
    for (const char *p = s; *p; p++)
        n += *p == sep;
    char **pieces = arena_alloc(a, n * sizeof *pieces);
    for (size_t i = 0; i < n; i++) {
        const char *end = strchr(s, sep);
        size_t len = end ? (size_t)(end - s) : strlen(s);
        pieces[i] = arena_strndup(a, s, len);
        s += len + 1;
    }
    *ret_n = n;
    return pieces;
}

char *
str_squeeze(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) + 1);
    size_t n = 0;
    for (; *s; s++) {
        if (!isspace((unsigned char)*s))
            out[n++] = *s;
        else if (n && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    if (n && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return out;
}

static bool
is_local(unsigned char c)
{
    return isalnum(c) || c >= 0x80 || (c && strchr("._%+-\\'", c));
}

/* One past the end of the domain that begins at `at`, or NULL: "x.org", no dot at the end. */
static const char *
domain_end(const char *at)
{
    const char *end = at;
    while (isalnum((unsigned char)*end) || *end == '-' || *end == '.')
        end++;
    while (end > at && !isalnum((unsigned char)end[-1]))
        end--;
    const char *dot = memrchr(at, '.', (size_t)(end - at));
    return dot && dot > at && end - dot > 2 ? end : NULL;
}

const char *
str_without_addresses(struct arena *a, const char *s)
{
    const char *from = s, *look = s;
    struct buf b = {0};
    for (const char *sign; s && (sign = strchr(look, '@'));) {
        const char *begin = sign, *end = domain_end(sign + 1);
        while (begin > from && is_local((unsigned char)begin[-1]))
            begin--;
        look = sign + 1;
        if (begin == sign || !end)
            continue;
        if (!b.mem)
            buf_init(&b, a);
        buf_add(&b, from, (size_t)(begin - from));
        buf_str(&b, "[e-mail address left out]");
        from = look = end;
    }
    if (!b.mem)
        return s;
    buf_str(&b, from);
    return buf_text(&b);
}

const char *
str_short(struct arena *a, const char *s, size_t most)
{
    if (!s || strlen(s) <= most)
        return s;
    while (most && ((unsigned char)s[most] & 0xC0) == 0x80)
        most--;
    return arena_printf(a, "%.*s…", (int)most, s);
}

bool
str_int(const char *s, int64_t *ret)
{
    if (!s)
        return false;
    bool minus = *s == '-';
    const char *p = s + minus;
    if (!isdigit((unsigned char)*p))
        return false;
    int64_t v = 0;
    for (; isdigit((unsigned char)*p); p++) {
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, *p - '0', &v))
            return false;
    }
    if (*p || (!minus && v == INT64_MIN))
        return false;
    *ret = minus ? v : -v;
    return true;
}

bool
str_real(const char *s, double *ret)
{
    if (!s)
        return false;
    for (const char *p = s; *p; p++) {
        if (!isdigit((unsigned char)*p) && !strchr("+-.eE", *p))
            return false;
    }
    char *end;
    double v = strtod(s, &end);
    if (end == s || *end || !isfinite(v))
        return false;
    *ret = v;
    return true;
}

const char *
str_from_real(struct arena *a, double x)
{
    if (!isfinite(x))
        return "null";
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (strtod(text, NULL) == x)
            break;
    }
    return arena_strdup(a, text);
}

char *
str_hex(struct arena *a, const void *data, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *d = data;
    char *out = arena_alloc(a, n * 2 + 1);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[d[i] >> 4];
        out[2 * i + 1] = digits[d[i] & 15];
    }
    return out;
}

static int
nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool
str_unhex(const char *hex, unsigned char *ret, size_t n)
{
    if (strlen(hex) != 2 * n)
        return false;
    for (size_t i = 0; i < 2 * n; i++) {
        if (nibble(hex[i]) < 0)
            return false;
    }
    for (size_t i = 0; i < n; i++)
        ret[i] = (unsigned char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
    return true;
}
