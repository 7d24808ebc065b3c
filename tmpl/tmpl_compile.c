/* tmpl_compile.c: from a tree to its program: folds layouts in, follows the HTML state and chooses
 * for each value how it is to be escaped. See tmpl_compile.h.
 *
 * A block is filled by the outermost template that names it. What fills it is compiled in the HTML
 * state of the block, but sees the blocks of the place where it was written. */
#include "tmpl/tmpl_compile.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

enum { WORK_MAX = 1 << 20 };

/* The blocks that {{<layout}} was given, and those that its own template was given. */
struct env {
    const struct env *outer;
    const struct node *blocks;
    bool *used;       /* one for each block */
    uint32_t written; /* the template in which the blocks stand */
};

struct comp {
    struct arena *a;
    struct tmpl_set *set;
    struct prog *prog;
    struct html html;
    uint32_t entry; /* the template that is being compiled */
    int depth;
    int seen_line; /* line of the text that tmpl_html_text is following */
    const char *seen_from;
    bool seen_own;
};

/* Where the compiler is: a template, and the blocks it was given. */
struct scope {
    uint32_t tree;
    const struct env *env;
};

static err_t
at(struct comp *c, struct scope s, int line, err_t e)
{
    return err_at(c->a, e, "%s, line %d", c->set->trees[s.tree].name, line);
}

static struct op *
emit(struct comp *c, enum op_type type, struct scope s, int line)
{
    struct prog *p = c->prog;
    if (p->n == p->size) {
        size_t size = p->size ? p->size * 2 : 32;
        struct op *ops = arena_alloc(c->a, size * sizeof *ops);
        if (p->n)
            memcpy(ops, p->ops, p->n * sizeof *ops);
        p->ops = ops;
        p->size = size;
    }
    p->ops[p->n] = (struct op){.type = type, .line = line, .tree = s.tree};
    return &p->ops[p->n++];
}

static int
lines_between(const char *from, const char *to)
{
    int n = 0;
    for (; from < to; from++)
        n += *from == '\n';
    return n;
}

/* Whether people would read this as words: two letters in a row, entities left out. */
static bool
has_words(const char *s)
{
    int letters = 0;
    for (; *s; s++) {
        unsigned char ch = (unsigned char)*s;
        size_t entity = ch == '&' ? strspn(s + 1, "#0123456789abcdefghijklmnopqrstuvwxyz"
                                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ") : 0;
        if (entity && s[entity + 1] == ';') {
            s += entity + 1;
            letters = 0;
        } else if (isalpha(ch)) {
            letters++;
        } else if (ch < 0x80) {
            letters = 0;
        }
        if (letters >= 2)
            return true;
    }
    return false;
}

/* Folding drops signs such as arrows and dots, and leaves the letters of any script. */
static bool
has_foreign_letters(struct arena *a, const char *s)
{
    char *foreign = arena_strdup(a, s);
    for (char *p = foreign; *p; p++) {
        if ((unsigned char)*p < 0x80)
            *p = ' ';
    }
    return utf8_length(utf8_fold(a, foreign)) >= 2;
}

/* A block that a layout shows twice is one mistake, not two. */
static bool
had(const struct tmpl_set *s, const struct hit *h)
{
    for (const struct hit *i = s->hits; i; i = i->next) {
        if (i->line == h->line && i->name == h->name && str_eq(i->text, h->text))
            return true;
    }
    return false;
}

static void
seen(void *arg, const char *text, size_t n)
{
    struct comp *c = arg;
    if (!c->seen_own)
        return;
    while (n && isspace((unsigned char)*text)) {
        text++;
        n--;
    }
    const char *words = str_squeeze(c->a, arena_strndup(c->a, text, n));
    if (!has_words(words) && !has_foreign_letters(c->a, words))
        return;
    struct hit *h = arena_alloc(c->a, sizeof *h);
    h->name = c->set->trees[c->entry].name;
    h->text = words;
    h->line = c->seen_line + lines_between(c->seen_from, text);
    if (had(c->set, h))
        return;
    *c->set->hits_tail = h;
    c->set->hits_tail = &h->next;
}

static err_t
compile_text(struct comp *c, struct scope s, const struct node *n)
{
    c->seen_own = s.tree == c->entry;
    c->seen_from = n->text;
    c->seen_line = n->line;
    const char *bad = n->text;
    err_t e = tmpl_html_text(&c->html, n->text, n->n, &bad);
    if (e)
        return at(c, s, n->line + lines_between(n->text, bad), e);
    struct op *o = emit(c, OP_TEXT, s, n->line);
    o->text = n->text;
    o->n = n->n;
    return NULL;
}

static err_t
compile_value(struct comp *c, struct scope s, const struct node *n)
{
    enum html_place place;
    err_t e = tmpl_html_value(&c->html, n->filter, &place);
    if (e)
        return at(c, s, n->line, e);
    struct op *o = emit(c, OP_VALUE, s, n->line);
    o->path = &n->path;
    o->place = (unsigned char)place;
    return NULL;
}

/* A text is as a value without a filter. */
static err_t
compile_t(struct comp *c, struct scope s, const struct node *n)
{
    enum html_place place;
    err_t e = tmpl_html_value(&c->html, FILTER_NONE, &place);
    if (e)
        return at(c, s, n->line, e);
    emit(c, OP_T, s, n->line)->t = n;
    return NULL;
}

static err_t compile_list(struct comp *c, struct scope s, const struct node *n);

static err_t
compile_inner(struct comp *c, struct scope s, const struct node *first, struct scope from, int line,
              bool skips)
{
    err_t e = tmpl_html_enter(&c->html);
    if (e)
        return at(c, from, line, e);
    struct html before = c->html;
    TRY(compile_list(c, s, first));
    e = tmpl_html_leave(&c->html, &before, skips);
    return e ? at(c, from, line, e) : NULL;
}

static err_t
compile_section(struct comp *c, struct scope s, const struct node *n)
{
    size_t me = c->prog->n;
    struct op *o = emit(c, n->type == N_SECTION ? OP_SECTION : OP_INVERTED, s, n->line);
    o->path = &n->path;
    TRY(compile_inner(c, s, n->kids, s, n->line, true));
    o = &c->prog->ops[me];
    o->end = (uint32_t)c->prog->n;
    o->once = c->html.at == AT_BETWEEN || c->html.at == AT_SPACE_NEEDED;
    return NULL;
}

static err_t
find_template(struct comp *c, struct scope s, const struct node *n, uint32_t *ret)
{
    long i = tmpl_prog_find(c->set, n->text);
    if (i < 0)
        return at(c, s, n->line, err_new(c->a, E_BAD_INPUT, "there is no template %s", n->text));
    if (c->html.at != AT_CONTENT)
        return at(c, s, n->line, err_new(c->a, E_BAD_INPUT, "a partial or layout inside %s",
                                         tmpl_html_where(&c->html)));
    *ret = (uint32_t)i;
    return NULL;
}

static err_t
compile_partial(struct comp *c, struct scope s, const struct node *n)
{
    uint32_t which;
    TRY(find_template(c, s, n, &which));
    emit(c, OP_CALL, s, n->line)->end = which;
    return NULL;
}

static err_t
compile_parent(struct comp *c, struct scope s, const struct node *n)
{
    uint32_t which;
    TRY(find_template(c, s, n, &which));
    if (++c->depth > TMPL_DEPTH_MAX)
        return at(c, s, n->line, err_new(c->a, E_BAD_INPUT, "layouts within layouts without end"));
    size_t count = 0;
    for (const struct node *b = n->kids; b; b = b->next)
        count++;
    bool *used = arena_alloc(c->a, count * sizeof *used);
    struct env env = {s.env, n->kids, used, s.tree};
    TRY(compile_list(c, (struct scope){which, &env}, c->set->trees[which].first));
    for (const struct node *b = n->kids; b; b = b->next) {
        if (!*used++)
            return at(c, s, b->line,
                      err_new(c->a, E_BAD_INPUT, "%s has no block %s", n->text, b->text));
    }
    c->depth--;
    return NULL;
}

/* The outermost filling of a block; all that name it count as used. */
static const struct node *
filling(const struct env *env, const char *name, struct scope *ret)
{
    const struct node *found = NULL;
    for (; env; env = env->outer) {
        bool *used = env->used;
        for (const struct node *b = env->blocks; b; b = b->next, used++) {
            if (!str_eq(b->text, name))
                continue;
            *used = true;
            found = b;
            *ret = (struct scope){env->written, env->outer};
        }
    }
    return found;
}

static err_t
compile_block(struct comp *c, struct scope s, const struct node *n)
{
    struct scope from = s;
    const struct node *fill = filling(s.env, n->text, &from);
    if (!fill)
        return compile_inner(c, s, n->kids, s, n->line, false);
    if (++c->depth > TMPL_DEPTH_MAX)
        return at(c, s, n->line, err_new(c->a, E_BAD_INPUT, "blocks within blocks without end"));
    TRY(compile_inner(c, from, fill->kids, from, fill->line, false));
    c->depth--;
    return NULL;
}

static err_t
compile_node(struct comp *c, struct scope s, const struct node *n)
{
    switch (n->type) {
    case N_TEXT:
        return compile_text(c, s, n);
    case N_VALUE:
        return compile_value(c, s, n);
    case N_SECTION:
    case N_INVERTED:
        return compile_section(c, s, n);
    case N_PARTIAL:
        return compile_partial(c, s, n);
    case N_PARENT:
        return compile_parent(c, s, n);
    case N_BLOCK:
        return compile_block(c, s, n);
    case N_T:
        return compile_t(c, s, n);
    }
    return NULL;
}

static err_t
compile_list(struct comp *c, struct scope s, const struct node *n)
{
    for (; n; n = n->next) {
        if (++c->set->work > WORK_MAX)
            return at(c, s, n->line,
                      err_new(c->a, E_BAD_INPUT, "the templates with their layouts are too large"));
        TRY(compile_node(c, s, n));
    }
    return NULL;
}

err_t
tmpl_compile_tree(struct arena *a, struct tmpl_set *set, size_t which)
{
    struct comp c = {.a = a, .set = set, .prog = &set->progs[which], .entry = (uint32_t)which};
    tmpl_html_init(&c.html, a);
    c.html.seen = seen;
    c.html.arg = &c;
    struct scope s = {c.entry, NULL};
    TRY(compile_list(&c, s, set->trees[which].first));
    if (c.html.at != AT_CONTENT)
        return err_at(a, err_new(a, E_BAD_INPUT, "ends inside %s", tmpl_html_where(&c.html)), "%s",
                      set->trees[which].name);
    return NULL;
}
