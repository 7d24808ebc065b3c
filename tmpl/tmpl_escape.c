/* tmpl_escape.c: see tmpl_escape.h. */
#include "tmpl/tmpl_escape.h"

#include <ctype.h>
#include <string.h>

static const char *const entities[256] = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
};

void
tmpl_escape_html_n(struct buf *out, const char *s, size_t n)
{
    const char *run = s, *end = s + n;
    for (; s < end; s++) {
        const char *entity = entities[(unsigned char)*s];
        if (!entity)
            continue;
        buf_add(out, run, (size_t)(s - run));
        buf_str(out, entity);
        run = s + 1;
    }
    buf_add(out, run, (size_t)(s - run));
}

void
tmpl_escape_html(struct buf *out, const char *s)
{
    tmpl_escape_html_n(out, s, strlen(s));
}

/* What stands before the first colon, if no / ? # comes first, is the scheme. */
bool
tmpl_escape_url_ok(const char *s)
{
    static const char *const schemes[] = {"http", "https", "mailto", "tel"};
    size_t n = strcspn(s, ":/?#");
    if (s[n] != ':')
        return true;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strlen(schemes[i]) == n && strncasecmp(s, schemes[i], n) == 0)
            return true;
    }
    return false;
}

static void
percent(struct buf *out, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";
    buf_add(out, (const char[]){'%', digits[c >> 4], digits[c & 15]}, 3);
}

static bool
unreserved(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("-._~", c));
}

void
tmpl_escape_url(struct buf *out, const char *s)
{
    if (!tmpl_escape_url_ok(s)) {
        buf_char(out, '#');
        return;
    }
    const char *run = s;
    for (; *s; s++) {
        bool encoded = *s == '%' && isxdigit((unsigned char)s[1]) && isxdigit((unsigned char)s[2]);
        if (encoded || unreserved(*s) || strchr(":/?#[]@!$()*+,;=", *s))
            continue;
        buf_add(out, run, (size_t)(s - run));
        if (*s == '&')
            buf_str(out, "&amp;");
        else
            percent(out, (unsigned char)*s);
        run = s + 1;
    }
    buf_add(out, run, (size_t)(s - run));
}

void
tmpl_escape_part(struct buf *out, const char *s)
{
    const char *run = s;
    for (; *s; s++) {
        if (unreserved(*s))
            continue;
        buf_add(out, run, (size_t)(s - run));
        percent(out, (unsigned char)*s);
        run = s + 1;
    }
    buf_add(out, run, (size_t)(s - run));
}
