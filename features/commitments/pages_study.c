/* pages_study.c: what is due in a study: who waits for whom, for what, since when. */
#include "base/date.h"
#include "base/str.h"
#include "core/reach.h"
#include "db/db.h"
#include "features/commitments/pages.h"
#include "features/studies/studies.h"

#include <string.h>

enum { PAGE = 50 };

struct found {
    int64_t *id;
    size_t n;
    bool more;
    const char *after; /* key of the next page, or NULL */
};

/* All of the study for whom reads it all; else what the own sites owe and are owed. */
static err_t
load(struct ctx *c, const struct req *r, const struct thing *t, struct found *f)
{
    const char *after = req_query(r, "after"), *tilde = after ? strrchr(after, '~') : NULL;
    int64_t after_id = 0, *sites;
    bool all, site_all;
    size_t n_sites;
    if (after && (!tilde || !str_int(tilde + 1, &after_id)))
        return err_new(c->mem, E_BAD_INPUT, "This address is damaged. Please begin at the first page.");
    reach_sites(c, c->who, PERM_DUE_READ, t, &all, &sites, &n_sites);
    f->id = arena_alloc(c->mem, (PAGE + 1) * sizeof *f->id);
    if (all) {
        struct due_of_study_row *x;
        TRY(db_list(c, &DUE_OF_STUDY,
                    DB_IN(db_int(t->study), db_int(reach_comp(c->who, PERM_STUDY_READ, t)), db_text(after ? arena_strndup(c->mem, after, (size_t)(tilde - after)) : NULL),
                          db_int_or_null(after_id, !after), db_int(PAGE + 1)),
                    &x, &f->n));
        for (size_t i = 0; i < f->n; i++)
            f->id[i] = x[i].id;
        f->more = f->n > PAGE;
        f->n = f->more ? PAGE : f->n;
        f->after = f->more ? arena_printf(c->mem, "%s~%lld", x[f->n - 1].next_on, (long long)x[f->n - 1].id) : NULL;
        return NULL;
    }
    struct due_of_sites_row *x;
    if (!n_sites)
        reach_sites(c, c->who, PERM_DUE_ACT_SITE, t, &site_all, &sites, &n_sites);
    if (!n_sites)
        return NULL;
    TRY(db_list(c, &DUE_OF_SITES, DB_IN(db_int(t->study), db_ints(sites, n_sites), db_int(reach_comp(c->who, PERM_STUDY_READ, t)), db_int(PAGE + 1)), &x, &f->n));
    f->more = f->n > PAGE;
    f->n = f->more ? PAGE : f->n;
    for (size_t i = 0; i < f->n; i++)
        f->id[i] = x[i].id;
    return NULL;
}

err_t
page_study_due(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct found f = {0};
    struct due_list_row *x;
    size_t n;
    TRY(study_head(c, t, "due", page));
    TRY(load(c, r, t, &f));
    TRY(line_fetch(c, f.id, f.n, &x, &n));
    struct view *rows = view_list(page, "rows");
    for (size_t i = 0; i < n; i++)
        line_add(c, &x[i], SIDE_NOBODY, rows);
    if (f.after) {
        struct view *pager = view_map(page, "pager");
        view_textf(pager, "next", "/studies/%s/due?after=%s", t->study_ref, f.after);
    }
    view_bool(page, "cut", f.more && !f.after);
    view_bool(page, "may_ask", may(c->who, PERM_DUE_ASK, t));
    view_bool(page, "may_ladder", may(c->who, PERM_DUE_READ, t));
    if (n == 0) {
        struct view *v = view_map(page, "empty");
        view_text(v, "title", "Nothing is due");
        view_text(v, "text", "What people of this study ask of one another stands here: who waits for whom, for what, and until when.");
    }
    return NULL;
}
