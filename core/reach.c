/* reach.c: see reach.h. Pure, over the rights of a person. */
#include "core/reach.h"

#include <stdlib.h>

static void
add_once(int64_t *list, size_t *n, int64_t id)
{
    for (size_t i = 0; i < *n; i++) {
        if (list[i] == id)
            return;
    }
    list[(*n)++] = id;
}

static int
ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

struct reach
reach_of(struct ctx *c, const struct who *w)
{
    struct reach r = {0};
    size_t n = w ? w->n_rights : 0;
    r.audiences = arena_alloc(c->mem, n * sizeof *r.audiences);
    r.studies = arena_alloc(c->mem, n * sizeof *r.studies);
    for (size_t i = 0; i < n; i++) {
        const struct right *right = &w->rights[i];
        bool own_only;
        if (!perm_of_role(PERM_STUDY_READ, right->role, &own_only))
            continue;
        if (right->role == ROLE_DIRECTOR && right->organisation)
            add_once(r.audiences, &r.n_audiences, right->organisation);
        else if (right->study)
            add_once(r.studies, &r.n_studies, right->study);
    }
    if (r.n_studies)
        qsort(r.studies, r.n_studies, sizeof *r.studies, ascending);
    return r;
}

void
reach_sites(struct ctx *c, const struct who *w, enum perm p, const struct thing *study, bool *ret_all,
            int64_t **ret, size_t *ret_n)
{
    struct thing t = *study;
    t.study_site = -1; /* a site that nobody is tied to: who may there, may everywhere */
    *ret_all = may(w, p, &t);
    *ret_n = 0;
    *ret = arena_alloc(c->mem, (w ? w->n_rights : 0) * sizeof **ret);
    for (size_t i = 0; !*ret_all && w && i < w->n_rights; i++) {
        t.study_site = w->rights[i].study_site;
        if (w->rights[i].study == study->study && t.study_site && may(w, p, &t))
            add_once(*ret, ret_n, t.study_site);
    }
}

enum compartment
reach_comp(const struct who *w, enum perm p, const struct thing *study)
{
    enum compartment most = COMP_OPEN;
    for (int k = COMP_OPEN; k <= COMP_COMMITTEE; k++) {
        struct thing t = *study;
        t.comp = (enum compartment)k;
        if (may(w, p, &t))
            most = (enum compartment)k;
    }
    return most;
}
