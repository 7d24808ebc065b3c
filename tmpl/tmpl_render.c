/* tmpl_render.c: runs a program over a view. See tmpl.h. Keeps nothing between two pages. */
#include "tmpl/tmpl.h"

#include "base/arena.h"
#include "tmpl/tmpl_escape.h"
#include "tmpl/tmpl_prog.h"

#include <string.h>

/* More than the largest page needs at three bytes a step: loops that print nothing end too. */
enum { STEPS_MAX = 5 * 1000 * 1000 };

struct render {
    const struct tmpl_set *set;
    struct buf *out;
    size_t start;
    tmpl_translate *translate;
    void *arg;
    size_t steps;
    int calls, depth;
    const struct view *stack[TMPL_DEPTH_MAX];
};

static err_t
broken(struct render *r, const struct op *o, const char *what)
{
    err_t e = err_new(r->out->mem, E_INTERNAL, "%s", what);
    return err_at(r->out->mem, e, "%s, line %d", r->set->trees[o->tree].name, o->line);
}

/* Keys are literals, mostly the same one from row to row, but not the template's own. */
static const struct view *
get(const struct view *map, const char *key)
{
    if (map->type == V_LIST) /* "rows.0": the first, to draw a table only around rows */
        return key[0] == '0' && !key[1] && map->kids.n ? &map->kids.first->value : NULL;
    if (map->type != V_MAP)
        return NULL;
    for (const struct view_item *i = map->kids.first; i; i = i->next) {
        if (i->key == key || (*i->key == *key && strcmp(i->key, key) == 0))
            return &i->value;
    }
    return NULL;
}

static const struct view *
look_up(const struct render *r, const struct path *p)
{
    if (p->n == 0)
        return r->stack[r->depth - 1];
    const struct view *v = NULL;
    for (int i = r->depth - 1; i >= 0 && !v; i--)
        v = get(r->stack[i], p->parts[0]);
    for (size_t i = 1; i < p->n && v; i++)
        v = get(v, p->parts[i]);
    return v;
}

static void
add_int(struct buf *out, int64_t i)
{
    char digits[24], *p = digits + sizeof digits;
    uint64_t u = i < 0 ? -(uint64_t)i : (uint64_t)i;
    do
        *--p = (char)('0' + u % 10);
    while (u /= 10);
    if (i < 0)
        *--p = '-';
    buf_add(out, p, (size_t)(digits + sizeof digits - p));
}

static void
add_text(struct buf *out, const char *s, enum html_place place)
{
    switch (place) {
    case PLACE_CONTENT:
    case PLACE_TEXT:
        tmpl_escape_html(out, s);
        return;
    case PLACE_URL:
        tmpl_escape_url(out, s);
        return;
    case PLACE_PART:
        tmpl_escape_part(out, s);
        return;
    }
}

static err_t
add_value(struct render *r, const struct op *o, const struct path *p, enum html_place place)
{
    const struct view *v = look_up(r, p);
    if (!v)
        return NULL;
    switch (v->type) {
    case V_NULL:
        return NULL;
    case V_BOOL:
        buf_str(r->out, v->yes ? "true" : "false");
        return NULL;
    case V_INT:
        add_int(r->out, v->i);
        return NULL;
    case V_REAL:
        buf_str(r->out, str_from_real(r->out->mem, v->real));
        return NULL;
    case V_TEXT:
        add_text(r->out, v->text, place);
        return NULL;
    case V_HTML:
        if (place != PLACE_CONTENT)
            break;
        buf_str(r->out, v->text);
        return NULL;
    case V_LIST:
    case V_MAP:
        return broken(r, o, arena_printf(r->out->mem, "%s is a %s, not a value", p->text,
                                         v->type == V_MAP ? "map" : "list"));
    }
    return broken(r, o, arena_printf(r->out->mem, "%s is markup, for element content only",
                                     p->text));
}

static const struct node *
place_named(const struct node *t, const char *s, size_t n)
{
    while (n && *s == ' ') {
        s++;
        n--;
    }
    while (n && s[n - 1] == ' ')
        n--;
    for (const struct node *p = t->kids; p; p = p->next) {
        if (strlen(p->path.text) == n && memcmp(p->path.text, s, n) == 0)
            return p;
    }
    return NULL;
}

/* The text, escaped, with the values in its places. */
static err_t
add_t(struct render *r, const struct op *o)
{
    const char *s = o->t->text, *shown = r->translate ? r->translate(r->arg, s) : s;
    struct arena *a = r->out->mem;
    if (o->t->space_before)
        buf_char(r->out, ' ');
    const char *hit;
    while ((hit = strstr(shown, "{{"))) {
        tmpl_escape_html_n(r->out, shown, (size_t)(hit - shown));
        const char *end = strstr(hit, "}}");
        const struct node *p = end ? place_named(o->t, hit + 2, (size_t)(end - hit) - 2) : NULL;
        if (!p)
            return broken(r, o,
                          arena_printf(a, "the translation of \"%s\" has an unknown place", s));
        TRY(add_value(r, o, &p->path, PLACE_TEXT));
        shown = end + 2;
    }
    tmpl_escape_html(r->out, shown);
    if (o->t->space_after)
        buf_char(r->out, ' ');
    return NULL;
}

static err_t run(struct render *r, const struct op *ops, size_t from, size_t to);

static err_t
run_with(struct render *r, const struct op *ops, size_t i, const struct view *v)
{
    if (r->depth == TMPL_DEPTH_MAX)
        return broken(r, &ops[i], "more than 32 contexts within each other");
    r->stack[r->depth++] = v;
    r->steps++;
    TRY(run(r, ops, i + 1, ops[i].end));
    r->depth--;
    return NULL;
}

static err_t
run_section(struct render *r, const struct op *ops, size_t i)
{
    const struct view *v = look_up(r, ops[i].path);
    bool yes = view_truth(v);
    if (ops[i].type == OP_INVERTED)
        return yes ? NULL : run(r, ops, i + 1, ops[i].end);
    if (!yes)
        return NULL;
    if (v->type != V_LIST)
        return run_with(r, ops, i, v);
    if (ops[i].once)
        return broken(r, &ops[i], arena_printf(r->out->mem, "%s is a list, within a tag",
                                               ops[i].path->text));
    for (const struct view_item *item = v->kids.first; item; item = item->next)
        TRY(run_with(r, ops, i, &item->value));
    return NULL;
}

static err_t
run_call(struct render *r, const struct op *o)
{
    if (++r->calls > TMPL_DEPTH_MAX)
        return broken(r, o, "more than 32 partials within each other");
    const struct prog *p = &r->set->progs[o->end];
    TRY(run(r, p->ops, 0, p->n));
    r->calls--;
    return NULL;
}

static err_t
run_op(struct render *r, const struct op *ops, size_t i)
{
    const struct op *o = &ops[i];
    switch ((enum op_type)o->type) {
    case OP_TEXT:
        buf_add(r->out, o->text, o->n);
        return NULL;
    case OP_VALUE:
        return add_value(r, o, o->path, o->place);
    case OP_SECTION:
    case OP_INVERTED:
        return run_section(r, ops, i);
    case OP_CALL:
        return run_call(r, o);
    case OP_T:
        return add_t(r, o);
    }
    return NULL;
}

static err_t
run(struct render *r, const struct op *ops, size_t from, size_t to)
{
    for (size_t i = from; i < to;) {
        const struct op *o = &ops[i];
        TRY(run_op(r, ops, i));
        if (r->out->len - r->start > TMPL_OUTPUT_MAX)
            return broken(r, o, "the page is larger than 16 MiB");
        if (++r->steps > STEPS_MAX)
            return broken(r, o, "the page takes too long to write");
        i = o->type == OP_SECTION || o->type == OP_INVERTED ? o->end : i + 1;
    }
    return NULL;
}

err_t
tmpl_render(const struct tmpl_set *s, const char *name, const struct view *v,
            tmpl_translate *translate, void *arg, struct buf *out)
{
    long which = tmpl_prog_find(s, name);
    if (which < 0)
        return err_new(out->mem, E_INTERNAL, "there is no template %s", name);
    struct render r = {.set = s, .out = out, .start = out->len, .translate = translate, .arg = arg};
    r.stack[r.depth++] = v;
    const struct prog *p = &s->progs[which];
    err_t e = run(&r, p->ops, 0, p->n);
    if (e && out->data) {
        out->len = r.start;
        out->data[out->len] = '\0';
    }
    return e;
}
