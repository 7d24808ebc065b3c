/* fuzz_tmpl.c: fuzz target of the templates: the input is up to six of them, with a line "== name"
 * before each but the first. What compiles is printed with tame values and with hostile ones, and the
 * two pages must have the same structure: no value may add a tag, an attribute or an address with a
 * scheme that is not allowed. The structure is read by a small reader of its own, not by the
 * compiler's. */
#include "base/arena.h"
#include "base/utf8.h"
#include "tmpl/tmpl.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const tame[] = {"x", "word", "x", "word"};
static const char *const hostile[] = {
    "\"><script>alert(1)</script><p a=\"",
    "' onclick='alert(1)' x='--></title></textarea></style><!--",
    "javascript:alert(1)//{{u}}`",
    " JaVa\tScript:x&colon;=\\\"/>",
};

static void
fill(struct view *map, const char *const *words)
{
    view_text(map, "a", words[0]);
    view_text(map, "b", words[1]);
    view_text(map, "u", words[2]);
    view_text(map, "v", words[3]);
    view_bool(map, "yes", true);
    view_bool(map, "no", false);
    view_int(map, "n", 42);
    view_html(map, "h", "<b>&lt;</b>");
}

static struct view *
view_of(struct arena *a, const char *const *words)
{
    struct view *v = view_map_new(a);
    fill(v, words);
    fill(view_map(v, "m"), words);
    struct view *l = view_list(v, "l");
    for (int i = 0; i < 2; i++)
        fill(view_add_map(l), words);
    struct view *s = view_list(v, "s");
    view_add_text(s, words[0]);
    view_add_text(s, words[2]);
    return v;
}

static _Noreturn void
fail(const char *what, const char *one, const char *other)
{
    fprintf(stderr, "%s\n--- tame\n%s\n--- hostile\n%s\n", what, one, other);
    abort();
}

/* What a browser would see of a page, written down: names of tags and attributes, no values. */
struct reader {
    const char *p;
    struct buf *out;
    char element[32];
};

static bool
is_space(char c)
{
    return c && strchr(" \t\n\r\f", c);
}

static bool
dangerous(const char *s, size_t n)
{
    char plain[32];
    size_t k = 0;
    for (size_t i = 0; i < n && k + 1 < sizeof plain; i++) {
        if ((unsigned char)s[i] > ' ')
            plain[k++] = (char)tolower((unsigned char)s[i]);
    }
    plain[k] = '\0';
    return str_starts(plain, "javascript:") || str_starts(plain, "vbscript:");
}

static void
read_name(struct reader *r, const char *stop, char *name, size_t size)
{
    size_t n = 0;
    for (; *r->p && !is_space(*r->p) && !strchr(stop, *r->p); r->p++) {
        buf_char(r->out, (char)tolower((unsigned char)*r->p));
        if (n + 1 < size)
            name[n++] = (char)tolower((unsigned char)*r->p);
    }
    name[n] = '\0';
}

static void
read_attribute(struct reader *r)
{
    char name[32];
    const char *from = r->p;
    buf_char(r->out, ' ');
    read_name(r, "=>/", name, sizeof name);
    if (r->p == from)
        r->p++; /* a = where a name should be */
    while (is_space(*r->p))
        r->p++;
    if (*r->p != '=')
        return;
    r->p++;
    while (is_space(*r->p))
        r->p++;
    char quote = *r->p == '"' || *r->p == '\'' ? *r->p++ : '\0';
    const char *value = r->p;
    while (*r->p && (quote ? *r->p != quote : !is_space(*r->p) && *r->p != '>'))
        r->p++;
    if (str_eq(name, "href") && dangerous(value, (size_t)(r->p - value)))
        buf_str(r->out, "!script");
    if (quote && *r->p)
        r->p++;
}

static void
read_tag(struct reader *r)
{
    bool end = *r->p == '/';
    r->p += end;
    buf_str(r->out, end ? "</" : "<");
    read_name(r, "/>", r->element, sizeof r->element);
    while (*r->p && *r->p != '>') {
        if (is_space(*r->p) || *r->p == '/')
            r->p++;
        else
            read_attribute(r);
    }
    r->p += *r->p == '>';
    if (end)
        r->element[0] = '\0';
}

static void
read_until(struct reader *r, const char *end)
{
    const char *hit = strcasestr(r->p, end);
    r->p = hit ? hit : r->p + strlen(r->p);
}

static const char *
structure(struct arena *a, const char *page)
{
    static const char *const raw[] = {"script", "style", "title", "textarea", "iframe", "xmp"};
    struct buf out;
    buf_init(&out, a);
    struct reader r = {page, &out, ""};
    while (*(r.p += strcspn(r.p, "<"))) {
        r.p++;
        if (str_starts(r.p, "!--")) {
            const char *from = ++r.p, *bang = strstr(from, "--!>");
            read_until(&r, "-->"); /* also in <!--> */
            if (bang && bang < r.p)
                r.p = bang;
        } else if (*r.p == '!') {
            read_until(&r, ">");
        } else if (isalpha((unsigned char)*r.p) ||
                   (*r.p == '/' && isalpha((unsigned char)r.p[1]))) {
            read_tag(&r);
            for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
                if (str_eq(r.element, raw[i]))
                    read_until(&r, arena_printf(a, "</%s", raw[i]));
            }
        }
    }
    return buf_text(&out);
}

static void
check(struct arena *a, const struct tmpl_set *set, const char *name)
{
    struct buf one, other;
    buf_init(&one, a);
    buf_init(&other, a);
    err_t e = tmpl_render(set, name, view_of(a, tame), NULL, NULL, &one);
    err_t f = tmpl_render(set, name, view_of(a, hostile), NULL, NULL, &other);
    if (!e != !f)
        fail("only one of the pages could be written", e ? e->text : "", f ? f->text : "");
    if (e)
        return;
    const char *s = structure(a, buf_text(&one)), *t = structure(a, buf_text(&other));
    if (!str_eq(s, t))
        fail("a value changed the page", arena_printf(a, "%s\n%s", buf_text(&one), s),
             arena_printf(a, "%s\n%s", buf_text(&other), t));
}

static void
count(void *arg, const char *name, int line, const char *text)
{
    *(size_t *)arg += *name && *text && line > 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(0);
    struct tmpl_source s[6];
    size_t n = 0, found = 0;
    const char *name = "main", *at = arena_strndup(a, (const char *)data, size), *end = at + size;
    while (n < sizeof s / sizeof *s) {
        const char *next = memmem(at, (size_t)(end - at), "\n== ", 4);
        s[n++] = (struct tmpl_source){name, at, (size_t)((next ? next : end) - at)};
        if (!next)
            break;
        const char *line = memchr(next + 4, '\n', (size_t)(end - next - 4));
        if (!line)
            break;
        name = arena_strndup(a, next + 4, (size_t)(line - next - 4));
        at = line + 1;
    }
    struct tmpl_set *set;
    err_t e = tmpl_compile(a, s, n, &set);
    if (e && !*err_line(a, e))
        abort();
    for (size_t i = 0; i < n && !e; i++)
        check(a, set, s[i].name);
    if (!e && tmpl_untranslated(set, count, &found) != found)
        abort();
    arena_free(a);
    return 0;
}
