/* multipart.c: see multipart.h. Called by form.c and the fuzz target. */
#include "http/multipart.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

static err_t
broken(void)
{
    return ERR_STATIC(E_BAD_REQUEST, "The form was cut off or is broken. Please send it again.");
}

/* The value of `key` in "form-data; name=\"a\"; filename=\"b\"": NULL when absent. A quoted value
 * ends at the next quote; \" is a quote (curl), any other backslash stands for itself (paths). */
static const char *
parameter(struct arena *a, const char *s, const char *key)
{
    size_t key_n = strlen(key);
    while ((s = strchr(s, ';'))) {
        s++;
        s += strspn(s, " \t");
        bool ours = strncasecmp(s, key, key_n) == 0 && s[key_n] == '=';
        s += strcspn(s, "=;\"");
        if (*s != '=')
            continue;
        s++;
        struct buf value;
        buf_init(&value, a);
        if (*s == '"') {
            for (s++; *s && *s != '"'; s++) {
                if (*s == '\\' && s[1] == '"')
                    s++;
                buf_char(&value, *s);
            }
            if (*s != '"')
                return NULL;
        } else {
            size_t n = strcspn(s, "; \t");
            buf_add(&value, s, n);
            s += n;
        }
        if (ours)
            return buf_text(&value);
    }
    return NULL;
}

err_t
multipart_begin(struct arena *a, const char *content_type, const char *body, size_t n,
                struct multipart *ret)
{
    const char *boundary = parameter(a, content_type, "boundary");
    size_t boundary_n = boundary ? strlen(boundary) : 0;
    if (boundary_n == 0 || boundary_n > MULTIPART_MAX_BOUNDARY)
        return ERR_STATIC(E_BAD_REQUEST, "The form does not say where its parts begin.");
    struct multipart m = {.mem = a, .at = body, .end = body + n, .delimiter_n = boundary_n + 4};
    memcpy(m.delimiter, "\r\n--", 4);
    memcpy(m.delimiter + 4, boundary, boundary_n);
    /* The first delimiter has no line break before it, unless a preamble stands there. */
    const char *first = m.delimiter + 2;
    if (n >= boundary_n + 2 && memcmp(body, first, boundary_n + 2) == 0) {
        m.at += boundary_n + 2;
    } else {
        const char *found = n ? memmem(body, n, m.delimiter, m.delimiter_n) : NULL;
        if (!found)
            return broken();
        m.at = found + m.delimiter_n;
    }
    *ret = m;
    return NULL;
}

/* After a delimiter: "--" ends all, else white space and a line break before the part's headers. */
static err_t
after_delimiter(struct multipart *m)
{
    if (m->end - m->at >= 2 && memcmp(m->at, "--", 2) == 0) {
        m->done = true;
        return NULL;
    }
    while (m->at < m->end && (*m->at == ' ' || *m->at == '\t'))
        m->at++;
    if (m->end - m->at < 2 || memcmp(m->at, "\r\n", 2) != 0)
        return broken();
    m->at += 2;
    return NULL;
}

static const char *
file_name(struct arena *a, const char *sent)
{
    for (const char *p = sent; *p; p++) {
        if (*p == '/' || *p == '\\')
            sent = p + 1;
    }
    char *name = arena_strdup(a, sent), *o = name;
    for (const char *p = name; *p; p++) {
        if ((unsigned char)*p >= 0x20 && *p != 0x7f)
            *o++ = *p;
    }
    *o = '\0';
    if (str_eq(name, ".") || str_eq(name, ".."))
        return "file";
    return utf8_cut(a, name, MULTIPART_MAX_FILE_NAME - 1); /* and an ellipsis */
}

static err_t
header_line(struct multipart *m, const char *line, struct multipart_part *p)
{
    static const char disposition[] = "content-disposition:",
                      coding[] = "content-transfer-encoding:";
    if (strncasecmp(line, coding, sizeof coding - 1) == 0) {
        const char *how = str_trim(m->mem, line + sizeof coding - 1);
        if (strcasecmp(how, "7bit") && strcasecmp(how, "8bit") && strcasecmp(how, "binary"))
            return ERR_STATIC(E_BAD_REQUEST, "A part of the form is encoded in an unknown way.");
    }
    if (strncasecmp(line, disposition, sizeof disposition - 1) != 0)
        return NULL;
    const char *rest = str_trim(m->mem, line + sizeof disposition - 1);
    if (strncasecmp(rest, "form-data;", 10) != 0 || p->name)
        return broken();
    p->name = parameter(m->mem, rest, "name");
    const char *sent = parameter(m->mem, rest, "filename");
    if (sent)
        p->filename = file_name(m->mem, sent);
    return NULL;
}

static err_t
headers(struct multipart *m, struct multipart_part *p)
{
    size_t left = (size_t)(m->end - m->at);
    size_t look = left < MULTIPART_MAX_HEADER ? left : MULTIPART_MAX_HEADER;
    const char *limit = m->at + look;
    for (;;) {
        const char *eol = m->at < limit ? memmem(m->at, (size_t)(limit - m->at), "\r\n", 2) : NULL;
        if (!eol)
            return broken();
        size_t n = (size_t)(eol - m->at);
        if (!utf8_valid(m->at, n))
            return ERR_STATIC(E_BAD_REQUEST, "The form holds bytes that are not UTF-8 text.");
        const char *line = arena_strndup(m->mem, m->at, n);
        m->at = eol + 2;
        if (n == 0)
            return NULL;
        TRY(header_line(m, line, p));
    }
}

err_t
multipart_next(struct multipart *m, struct multipart_part *ret_part, bool *ret_more)
{
    if (!m->done)
        TRY(after_delimiter(m));
    if (m->done) {
        *ret_more = false;
        return NULL;
    }
    struct multipart_part p = {0};
    TRY(headers(m, &p));
    if (!p.name)
        return broken();
    p.data = m->at;
    /* An empty part's delimiter shares the line break that ends its headers. */
    const char *from = m->at - 2;
    const char *found = memmem(from, (size_t)(m->end - from), m->delimiter, m->delimiter_n);
    if (!found)
        return broken();
    p.size = found > m->at ? (size_t)(found - m->at) : 0;
    m->at = found + m->delimiter_n;
    *ret_part = p;
    *ret_more = true;
    return NULL;
}
