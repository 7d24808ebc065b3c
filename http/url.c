/* url.c: see url.h. Called by req.c and form.c. */
#include "http/url.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"

#include <string.h>

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

err_t
url_decode(struct arena *a, const char *s, size_t n, bool plus, const char **ret)
{
    char *out = arena_alloc(a, n + 1);
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        char c = s[i];
        if (c == '%') {
            int high = n - i > 2 ? hex_digit(s[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(s[i + 2]) : -1;
            if (low < 0)
                return ERR_STATIC(
                    E_BAD_REQUEST,
                    "The address or form holds a % that is not followed by two digits.");
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        out[len++] = c;
    }
    if (!utf8_valid(out, len))
        return ERR_STATIC(E_BAD_REQUEST,
                          "The address or form holds bytes that are not UTF-8 text.");
    *ret = out;
    return NULL;
}

static err_t
pair_read(struct arena *a, const char *s, size_t n, struct pair *ret)
{
    const char *equals = memchr(s, '=', n);
    size_t name_n = equals ? (size_t)(equals - s) : n;
    if (name_n > URL_MAX_NAME)
        return ERR_STATIC(E_BAD_REQUEST, "The name of a field is too long.");
    struct pair p = {.value = ""};
    TRY(url_decode(a, s, name_n, true, &p.name));
    if (equals)
        TRY(url_decode(a, equals + 1, n - name_n - 1, true, &p.value));
    *ret = p;
    return NULL;
}

err_t
url_pairs(struct arena *a, const char *s, size_t n, struct pairs *ret)
{
    size_t count = n > 0;
    for (const char *p = s; n && (p = memchr(p, '&', n - (size_t)(p - s))); p++)
        count++;
    if (count > URL_MAX_PAIRS)
        return ERR_STATIC(E_BAD_REQUEST, "There are more than 200 fields.");
    struct pairs found = {.v = count ? arena_alloc(a, count * sizeof *found.v) : NULL};
    for (size_t at = 0; at < n;) {
        const char *end = memchr(s + at, '&', n - at);
        size_t len = end ? (size_t)(end - s) - at : n - at;
        if (len)
            TRY(pair_read(a, s + at, len, &found.v[found.n++]));
        at += len + 1;
    }
    *ret = found;
    return NULL;
}

static const char *
encode(struct arena *a, const char *s, const char *plain)
{
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, strlen(s) * 3 + 1), *o = out;
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (word || strchr(plain, c)) {
            *o++ = (char)c;
        } else {
            *o++ = '%';
            *o++ = hex[c >> 4];
            *o++ = hex[c & 15];
        }
    }
    return out;
}

const char *
url_encode(struct arena *a, const char *s)
{
    return encode(a, s, "-._~/");
}

const char *
url_location(struct arena *a, const char *s)
{
    return encode(a, s, "-._~/?#[]@!$&'()*+,;=:%");
}

bool
url_local(const char *s)
{
    if (s[0] != '/' || s[1] == '/')
        return false;
    for (; *s; s++) {
        if ((unsigned char)*s < 0x20 || *s == 0x7f || *s == '\\')
            return false;
    }
    return true;
}
