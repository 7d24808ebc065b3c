/* expected.c: the papers that what happened in a study makes expected, and which of them are on file. What is expected
 * other features say (struct feature, papers), each of what its reader may know of. */
#include "features/documents/pages.h"

#include "base/str.h"
#include "core/reach.h"
#include "db/db.h"
#include "features/documents/documents_sql.h"
#include "features/studies/studies.h"

#include <stdlib.h>
#include <string.h>

enum { PAPERS = 5000 };

static int
by_key(const void *a, const void *b)
{
    return strcmp(((const struct doc_keys_row *)a)->key, ((const struct doc_keys_row *)b)->key);
}

/* Whether c->who may open it. */
static bool
opens(struct ctx *c, const struct thing *study, const struct doc_keys_row *d)
{
    struct thing t = *study;
    t.study_site = d->site_null ? 0 : d->site;
    t.comp = (enum compartment)d->comp;
    return may(c->who, PERM_DOCUMENT_READ, &t) || (d->site_reads && may(c->who, PERM_DOCUMENT_READ_SITE, &t));
}

/* The group of a site, made when it is not there. */
static struct view *
group_of(struct view *groups, const struct view *x)
{
    int64_t site = view_get_int(x, "site");
    for (struct view_item *i = groups->kids.first; i; i = i->next) {
        if (view_get_int(&i->value, "site") == site)
            return &i->value;
    }
    struct view *g = view_add_map(groups);
    view_int(g, "site", site);
    view_text(g, "title", view_get_text(x, "site_title"));
    view_list(g, "rows");
    return g;
}

static void
add_paper(struct ctx *c, const struct thing *study, const struct view *x, const struct doc_keys_row *d, struct view *rows)
{
    struct view *v = view_add_map(rows);
    view_text(v, "what", view_get_text(x, "what"));
    view_text(v, "tmf", view_get_text(x, "tmf"));
    view_text(v, "why", view_get_text(x, "why"));
    view_bool(v, "filed", d && d->filed);
    view_bool(v, "begun", d && !d->filed);
    view_text(v, "href", d && opens(c, study, d) ? arena_printf(c->mem, "/documents/%s", d->ref) : NULL);
}

err_t
page_documents_expected(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct doc_keys_row *doc;
    struct view *papers = view_list_new(c->mem), *groups = view_list(page, "groups");
    size_t n, n_all = 0, n_filed = 0;
    TRY(study_head(c, t, "documents", page));
    TRY(feature_papers(c, t, papers));
    TRY(db_list(c, &DOC_KEYS, DB_IN(db_int(t->study), db_int(reach_comp(c->who, PERM_STUDY_READ, t)), db_int(PAPERS)), &doc, &n));
    qsort(doc, n, sizeof *doc, by_key);
    for (const struct view_item *i = papers->kids.first; i; i = i->next) {
        struct doc_keys_row want = {.key = view_get_text(&i->value, "key")};
        const struct doc_keys_row *d = n ? bsearch(&want, doc, n, sizeof *doc, by_key) : NULL;
        struct view *g = group_of(groups, &i->value);
        add_paper(c, t, &i->value, d, (struct view *)view_get(g, "rows"));
        n_filed += d && d->filed;
        n_all++;
    }
    view_int(page, "all", (int64_t)n_all);
    view_int(page, "filed_n", (int64_t)n_filed);
    view_int(page, "missing_n", (int64_t)(n_all - n_filed));
    if (n_all == 0) {
        struct view *v = view_map(page, "empty");
        view_text(v, "title", "No paper is expected yet");
        view_text(v, "text", "A visit whose day is agreed, a visit that was held and a site with an investigator each make papers expected.");
    }
    return NULL;
}
