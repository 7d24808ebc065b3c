/* tmpl.c: a set of templates: parsed, sorted by name, compiled together. See tmpl.h; rendering is
 * tmpl_render.c. */
#include "tmpl/tmpl.h"

#include "base/arena.h"
#include "tmpl/tmpl_compile.h"

#include <stdlib.h>
#include <string.h>

static int
by_name(const void *a, const void *b)
{
    return strcmp(((const struct tree *)a)->name, ((const struct tree *)b)->name);
}

long
tmpl_prog_find(const struct tmpl_set *s, const char *name)
{
    if (!s->n)
        return -1;
    struct tree key = {.name = name};
    const struct tree *t = bsearch(&key, s->trees, s->n, sizeof key, by_name);
    return t ? t - s->trees : -1;
}

err_t
tmpl_compile(struct arena *a, const struct tmpl_source *sources, size_t n, struct tmpl_set **ret)
{
    struct tmpl_set *s = arena_alloc(a, sizeof *s);
    s->trees = arena_alloc(a, n * sizeof *s->trees);
    s->progs = arena_alloc(a, n * sizeof *s->progs);
    s->hits_tail = &s->hits;
    for (size_t i = 0; i < n; i++)
        TRY(tmpl_tree_parse(a, &sources[i], &s->trees[i]));
    if (n)
        qsort(s->trees, n, sizeof *s->trees, by_name);
    s->n = n;
    for (size_t i = 1; i < n; i++) {
        if (by_name(&s->trees[i - 1], &s->trees[i]) == 0)
            return err_new(a, E_BAD_INPUT, "two templates are named %s", s->trees[i].name);
    }
    for (size_t i = 0; i < n; i++)
        TRY(tmpl_compile_tree(a, s, i));
    *ret = s;
    return NULL;
}

bool
tmpl_has(const struct tmpl_set *s, const char *name)
{
    return tmpl_prog_find(s, name) >= 0;
}

size_t
tmpl_untranslated(const struct tmpl_set *s,
                  void (*each)(void *arg, const char *name, int line, const char *text), void *arg)
{
    size_t n = 0;
    for (const struct hit *h = s->hits; h; h = h->next) {
        each(arg, h->name, h->line, h->text);
        n++;
    }
    return n;
}
