/* tmpl_tree.c: from the text of a template to its tree. See tmpl_tree.h. */
#include "tmpl/tmpl_tree.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

struct parser {
    struct arena *a;
    const char *name, *s;
    size_t n, at;
    size_t counted; /* bytes whose newlines are in `line` */
    int line;
    int depth;
};

/* One {{...}}. `kind` is its sigil, 'v' for a plain value. */
struct tag {
    char kind;
    int line;
    const char *text; /* between sigil and }}, trimmed */
    size_t n;
    size_t from, to; /* in the source, braces included */
};

struct list {
    struct node *first, **tail;
};

static err_t
refuse(struct parser *p, int line, const char *why)
{
    return err_at(p->a, err_new(p->a, E_BAD_INPUT, "%s", why), "%s, line %d", p->name, line);
}

static int
line_at(struct parser *p, size_t at)
{
    for (; p->counted < at; p->counted++)
        p->line += p->s[p->counted] == '\n';
    return p->line;
}

static struct node *
add(struct parser *p, struct list *l, enum node_type type, int line)
{
    struct node *n = arena_alloc(p->a, sizeof *n);
    n->type = type;
    n->line = line;
    *l->tail = n;
    l->tail = &n->next;
    return n;
}

static void
add_text(struct parser *p, struct list *l, size_t from, size_t to, int line)
{
    if (to <= from)
        return;
    struct node *n = add(p, l, N_TEXT, line);
    n->text = p->s + from;
    n->n = to - from;
}

static bool
name_char(char c, bool template)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || (template && c == '/');
}

/* A name of a template or block, or a dotted path without empty parts. */
static bool
name_ok(const char *s, size_t n, bool path)
{
    if (n == 0)
        return false;
    if (path && n == 1 && *s == '.')
        return true;
    for (size_t i = 0; i < n; i++) {
        bool dot = path && s[i] == '.';
        if (!dot && !name_char(s[i], !path))
            return false;
        if (dot && (i == 0 || i + 1 == n || s[i - 1] == '.'))
            return false;
    }
    return true;
}

static void
set_path(struct parser *p, struct path *ret, const char *s, size_t n)
{
    ret->text = arena_strndup(p->a, s, n);
    if (n == 1 && *s == '.')
        return;
    ret->parts = (const char **)str_split(p->a, ret->text, '.', &ret->n);
}

static err_t
no_such_tag(struct parser *p, char sigil, int line)
{
    if (sigil == '{')
        return refuse(p, line, "{{{ is not part of the language: escaping cannot be turned off");
    if (sigil == '&')
        return refuse(p, line, "{{& is not part of the language: escaping cannot be turned off");
    return refuse(p, line, "{{= is not part of the language: the braces stay as they are");
}

static void
trim(const char **s, size_t *n)
{
    while (*n && isspace((unsigned char)**s)) {
        (*s)++;
        (*n)--;
    }
    while (*n && isspace((unsigned char)(*s)[*n - 1]))
        (*n)--;
}

/* Reads the tag that begins at `from`, and moves behind it. */
static err_t
read_tag(struct parser *p, size_t from, struct tag *ret)
{
    int line = line_at(p, from);
    const char *s = p->s + from + 2;
    const char *close = memmem(s, p->n - from - 2, "}}", 2);
    if (!close)
        return refuse(p, line, "a {{ without its }}");
    struct tag t = {'v', line, s, (size_t)(close - s), from, (size_t)(close - p->s) + 2};
    p->at = t.to;
    if (t.n && memchr("{&=", *s, 3))
        return no_such_tag(p, *s, line);
    if (t.n && memchr("#^/><$!", *s, 7)) {
        t.kind = *s;
        t.text++;
        t.n--;
    }
    trim(&t.text, &t.n);
    if (t.kind == '>' && t.n && *t.text == '*')
        return refuse(p, line, "a partial is named literally, never by a value");
    bool path = t.kind == 'v' || t.kind == '#' || t.kind == '^';
    if (t.kind != '!' && t.kind != 'v' && t.kind != '/' && !name_ok(t.text, t.n, path))
        return refuse(p, line,
                      arena_printf(p->a, "\"%.*s\" is not a name", (int)(t.n < 60 ? t.n : 60),
                                   t.text));
    *ret = t;
    return NULL;
}

static bool
blank_before(const struct parser *p, size_t from, size_t *ret)
{
    size_t i = from;
    while (i > 0 && (p->s[i - 1] == ' ' || p->s[i - 1] == '\t'))
        i--;
    if (i > 0 && p->s[i - 1] != '\n')
        return false;
    *ret = i;
    return true;
}

static bool
blank_after(const struct parser *p, size_t to, size_t *ret)
{
    size_t i = to;
    while (i < p->n && (p->s[i] == ' ' || p->s[i] == '\t'))
        i++;
    if (i + 1 < p->n && p->s[i] == '\r' && p->s[i + 1] == '\n')
        i++;
    if (i < p->n && p->s[i] != '\n')
        return false;
    *ret = i < p->n ? i + 1 : i;
    return true;
}

static bool
tag_is(const struct tag *t, const char *name)
{
    return t->n == strlen(name) && memcmp(t->text, name, t->n) == 0;
}

/* The value tag {{path}}, {{path|url}} or {{path|part}}. */
static err_t
set_value(struct parser *p, const struct tag *t, struct node *ret)
{
    const char *bar = memchr(t->text, '|', t->n), *name = t->text;
    size_t n = bar ? (size_t)(bar - name) : t->n;
    if (bar) {
        const char *f = bar + 1;
        size_t f_n = t->n - n - 1;
        trim(&f, &f_n);
        if (f_n == 3 && memcmp(f, "url", 3) == 0)
            ret->filter = FILTER_URL;
        else if (f_n == 4 && memcmp(f, "part", 4) == 0)
            ret->filter = FILTER_PART;
        else
            return refuse(p, t->line, "after | stands url or part, nothing else");
    }
    trim(&name, &n);
    if (!name_ok(name, n, true))
        return refuse(p, t->line,
                      arena_printf(p->a, "\"%.*s\" is not a name", (int)(n < 60 ? n : 60), name));
    set_path(p, &ret->path, name, n);
    return NULL;
}

/* Text inside {{#t}} is plain: it is escaped when shown, so markup and entities would be seen. */
static err_t
check_plain(struct parser *p, size_t from, size_t to, int line)
{
    for (size_t i = from; i < to; i++) {
        unsigned char next = i + 1 < p->n ? (unsigned char)p->s[i + 1] : 0;
        if (p->s[i] == '<' && (isalpha(next) || next == '/' || next == '!'))
            return refuse(p, line, "markup inside {{#t}}: end the text before the tag");
        size_t j = i + 1 + (next == '#');
        while (j < to && isalnum((unsigned char)p->s[j]))
            j++;
        if (p->s[i] == '&' && j > i + 1 && j < to && p->s[j] == ';')
            return refuse(p, line, "an entity inside {{#t}}: write the character itself");
    }
    return NULL;
}

static void
add_place(struct parser *p, struct list *places, const struct node *value, int line)
{
    for (struct node *n = places->first; n; n = n->next) {
        if (str_eq(n->path.text, value->path.text))
            return;
    }
    add(p, places, N_VALUE, line)->path = value->path;
}

/* Everything up to {{/t}}: builds the msgid, with its places as {{name}}. */
static err_t
parse_t(struct parser *p, const struct tag *open, struct list *l)
{
    struct buf msgid;
    buf_init(&msgid, p->a);
    struct node *t = add(p, l, N_T, open->line);
    struct list places = {NULL, &places.first};
    for (;;) {
        size_t from = p->at;
        const char *hit = memmem(p->s + from, p->n - from, "{{", 2);
        if (!hit)
            return refuse(p, open->line, "{{#t}} is not closed");
        struct tag tag;
        TRY(check_plain(p, from, (size_t)(hit - p->s), line_at(p, from)));
        buf_add(&msgid, p->s + from, (size_t)(hit - p->s) - from);
        TRY(read_tag(p, (size_t)(hit - p->s), &tag));
        if (tag.kind == '!')
            continue;
        if (tag.kind == '/' && tag_is(&tag, "t"))
            break;
        struct node value = {0};
        if (tag.kind != 'v')
            return refuse(p, tag.line, "inside {{#t}} stand only text and plain values");
        TRY(set_value(p, &tag, &value));
        if (value.filter)
            return refuse(p, tag.line, "inside {{#t}} a value has no |url or |part");
        buf_printf(&msgid, "{{%s}}", value.path.text);
        add_place(p, &places, &value, tag.line);
    }
    const char *text = buf_text(&msgid);
    t->text = str_squeeze(p->a, text);
    t->kids = places.first;
    if (!*t->text)
        return refuse(p, open->line, "{{#t}} without a text");
    t->space_before = isspace((unsigned char)*text);
    t->space_after = isspace((unsigned char)text[strlen(text) - 1]);
    return NULL;
}

static err_t parse_list(struct parser *p, const struct tag *open, struct node **ret);

static err_t
parse_kids(struct parser *p, const struct tag *open, struct node **ret)
{
    if (++p->depth > TMPL_DEPTH_MAX)
        return refuse(p, open->line, "more than 32 tags within each other");
    TRY(parse_list(p, open, ret));
    p->depth--;
    return NULL;
}

static err_t
parse_block(struct parser *p, const struct tag *t, struct list *l)
{
    struct node *n = add(p, l, N_BLOCK, t->line);
    n->text = arena_strndup(p->a, t->text, t->n);
    return parse_kids(p, t, &n->kids);
}

/* What stands between {{<x}} and {{/x}}: blocks, comments and white space. */
static err_t
parse_parent(struct parser *p, const struct tag *open, struct node *parent)
{
    struct list blocks = {NULL, &blocks.first};
    for (;;) {
        const char *s = p->s + p->at, *hit = memmem(s, p->n - p->at, "{{", 2);
        if (!hit)
            return refuse(p, open->line, "{{<...}} is not closed");
        size_t n = (size_t)(hit - s);
        int line = line_at(p, p->at);
        trim(&s, &n);
        if (n)
            return refuse(p, line, "text between the blocks of {{<...}} would be lost");
        struct tag t;
        TRY(read_tag(p, (size_t)(hit - p->s), &t));
        if (t.kind == '!')
            continue;
        if (t.kind == '/' && tag_is(&t, parent->text))
            break;
        if (t.kind != '$')
            return refuse(p, t.line, "inside {{<...}} stand only {{$blocks}}");
        blank_after(p, t.to, &p->at);
        for (const struct node *b = blocks.first; b; b = b->next) {
            if (tag_is(&t, b->text))
                return refuse(p, t.line, "the same block twice");
        }
        TRY(parse_block(p, &t, &blocks));
    }
    parent->kids = blocks.first;
    return NULL;
}

/* A parent with its end counts as one tag for the line it stands on. */
static err_t
add_parent(struct parser *p, const struct tag *t, struct list *l, size_t text_from, int text_line)
{
    struct list own = {NULL, &own.first};
    struct node *n = add(p, &own, N_PARENT, t->line);
    n->text = arena_strndup(p->a, t->text, t->n);
    TRY(parse_parent(p, t, n));
    size_t line_from = t->from, next = p->at;
    if (blank_before(p, t->from, &line_from) && blank_after(p, p->at, &next))
        p->at = next;
    else
        line_from = t->from;
    add_text(p, l, text_from, line_from, text_line);
    *l->tail = n;
    l->tail = &n->next;
    return NULL;
}

static err_t
add_tag(struct parser *p, const struct tag *t, struct list *l)
{
    bool is_t = tag_is(t, "t");
    switch (t->kind) {
    case 'v':
        return set_value(p, t, add(p, l, N_VALUE, t->line));
    case '^':
        if (is_t)
            return refuse(p, t->line, "t is the name of translated text, not of a value");
        break;
    case '#':
        if (is_t)
            return parse_t(p, t, l);
        break;
    case '$':
        return parse_block(p, t, l);
    case '>':
        add(p, l, N_PARTIAL, t->line)->text = arena_strndup(p->a, t->text, t->n);
        return NULL;
    default: /* a comment */
        return NULL;
    }
    struct node *n = add(p, l, t->kind == '#' ? N_SECTION : N_INVERTED, t->line);
    set_path(p, &n->path, t->text, t->n);
    return parse_kids(p, t, &n->kids);
}

static err_t
check_close(struct parser *p, const struct tag *open, const struct tag *close)
{
    if (!open)
        return refuse(p, close->line,
                      arena_printf(p->a, "{{/%.*s}} closes nothing", (int)close->n, close->text));
    if (open->n != close->n || memcmp(open->text, close->text, open->n) != 0)
        return refuse(p, close->line,
                      arena_printf(p->a, "{{/%.*s}} where {{%c%.*s}} of line %d is open",
                                   (int)close->n, close->text, open->kind, (int)open->n, open->text,
                                   open->line));
    return NULL;
}

/* Everything up to the end of `open`, or to the end of the source. */
static err_t
parse_list(struct parser *p, const struct tag *open, struct node **ret)
{
    struct list l = {NULL, &l.first};
    for (;;) {
        size_t from = p->at;
        int line = line_at(p, from);
        const char *hit = memmem(p->s + from, p->n - from, "{{", 2);
        if (!hit) {
            if (open)
                return refuse(p, open->line,
                              arena_printf(p->a, "{{%c%.*s}} is not closed", open->kind,
                                           (int)open->n, open->text));
            add_text(p, &l, from, p->n, line);
            break;
        }
        struct tag t;
        TRY(read_tag(p, (size_t)(hit - p->s), &t));
        if (t.kind == '<') {
            TRY(add_parent(p, &t, &l, from, line));
            continue;
        }
        bool inline_tag = t.kind == 'v' || ((t.kind == '#' || t.kind == '/') && tag_is(&t, "t"));
        size_t text_to = t.from, line_from, next;
        if (!inline_tag && blank_before(p, t.from, &line_from) && blank_after(p, t.to, &next)) {
            text_to = line_from;
            p->at = next;
        }
        add_text(p, &l, from, text_to, line);
        if (t.kind == '/') {
            TRY(check_close(p, open, &t));
            break;
        }
        TRY(add_tag(p, &t, &l));
    }
    *ret = l.first;
    return NULL;
}

err_t
tmpl_tree_parse(struct arena *a, const struct tmpl_source *source, struct tree *ret)
{
    struct parser p = {.a = a, .name = arena_strdup(a, source->name), .n = source->n, .line = 1};
    if (!name_ok(p.name, strlen(p.name), false))
        return err_new(a, E_BAD_INPUT, "\"%s\" is not a name for a template", p.name);
    if (source->n > TMPL_SOURCE_MAX)
        return refuse(&p, 1, "larger than 1 MiB");
    if (!utf8_valid(source->text, source->n))
        return refuse(&p, 1, "not valid UTF-8");
    p.s = arena_strndup(a, source->text, source->n);
    struct node *first;
    TRY(parse_list(&p, NULL, &first));
    *ret = (struct tree){p.name, first};
    return NULL;
}
