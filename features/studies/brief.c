/* brief.c: studies and sites in a few words, for the frame around every page: the study switch and a
 * site's own entries. See studies.h. Bounded: they are asked for with every page of a study. */
#include "base/str.h"
#include "base/utf8.h"
#include "core/reach.h"
#include "db/db.h"
#include "features/studies/list.h"
#include "features/studies/studies.h"

static struct thing
thing_of(struct ctx *c, const struct study_briefs_row *row)
{
    return (struct thing){.study = row->id,
                          .organisations = {row->sponsor_null ? 0 : row->sponsor, row->operator_null ? 0 : row->operator},
                          .comp = (enum compartment)row->comp,
                          .study_ref = row->code,
                          .study_title = utf8_cut(c->mem, row->title, STUDY_TITLE_SHOWN)};
}

err_t
study_briefs(struct ctx *c, size_t most, struct study_brief **ret, size_t *ret_n, bool *ret_more)
{
    struct study_rows_row *rows;
    struct study_briefs_row *briefs = NULL;
    size_t n, k = 0;
    TRY(list_page(c, &(struct list_filter){.order = STUDY_PORTFOLIO_BY_START, .most = most}, &rows, &n, ret_more));
    int64_t *ids = arena_alloc(c->mem, n * sizeof *ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].id;
    if (n)
        TRY(db_list(c, &STUDY_BRIEFS, DB_IN(db_ints(ids, n)), &briefs, &k));
    struct study_brief *list = arena_alloc(c->mem, n * sizeof *list);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < k; j++) {
            struct thing t = thing_of(c, &briefs[j]);
            if (briefs[j].id == ids[i] && may(c->who, PERM_STUDY_READ, &t))
                list[kept++] = (struct study_brief){t, str_or(briefs[j].acronym, briefs[j].code)};
        }
    }
    *ret = list;
    *ret_n = kept;
    return NULL;
}

err_t
study_own_sites(struct ctx *c, const struct thing *t, size_t most, struct site_brief **ret, size_t *ret_n)
{
    bool all;
    int64_t *ids;
    size_t n;
    reach_sites(c, c->who, PERM_SITE_READ, t, &all, &ids, &n);
    if (all || n == 0) {
        *ret_n = 0;
        return NULL;
    }
    struct site_briefs_row *rows;
    TRY(db_list(c, &SITE_BRIEFS, DB_IN(db_int(t->study), db_ints(ids, n)), &rows, &n));
    n = n > most ? most : n;
    struct site_brief *list = arena_alloc(c->mem, n * sizeof *list);
    for (size_t i = 0; i < n; i++) {
        struct thing at = *t;
        at.study_site = rows[i].id;
        list[i] = (struct site_brief){at, rows[i].ref,
                                      site_title(c->mem, rows[i].number, rows[i].label, rows[i].facility,
                                                 rows[i].organisation_name, rows[i].placeholder, rows[i].city)};
    }
    *ret = list;
    *ret_n = n;
    return NULL;
}

err_t
study_site_name(struct ctx *c, const struct thing *t, const char **ret)
{
    struct site_briefs_row *x;
    size_t n;
    TRY(db_list(c, &SITE_BRIEFS, DB_IN(db_int(t->study), db_ints(&t->study_site, 1)), &x, &n));
    INVARIANT(n == 1);
    *ret = site_title(c->mem, x->number, x->label, x->facility, x->organisation_name, x->placeholder, x->city);
    return NULL;
}
