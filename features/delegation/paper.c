/* paper.c: the log as a paper, laid out from its content and from nothing else. See store.h; filed with every
 * signing, under TMF 05.02.18, in versions by the hash of that content. */
#include "features/delegation/store.h"

#include "base/date.h"
#include "base/str.h"
#include "base/view.h"
#include "core/paper.h"
#include "core/reach.h"
#include "db/db.h"
#include "features/documents/documents.h"
#include "features/studies/studies.h"

enum { SITES = 500 };
static const char tmf[] = "05.02.18";

const char *
delegation_role(const char *word)
{
    enum role r;
    return role_find(word, &r) ? role_title(r) : word;
}

/* ---- what it says ---- */

static void
put_lines(struct view *content, const char *key, const struct delegation_line *l, size_t n)
{
    struct view *list = view_list(content, key);
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "name", l[i].x->name);
        view_text(v, "role", delegation_role(l[i].x->role));
        view_text(v, "tasks", l[i].x->tasks);
        view_text(v, "from_on", l[i].x->from_on);
        view_text(v, "to_on", l[i].x->to_on);
        view_text(v, "by", l[i].by ? l[i].by->name : NULL);
        view_text(v, "at", l[i].by ? l[i].by->at_words : NULL);
    }
}

static err_t
content_of(struct ctx *c, const struct thing *site, struct view **ret)
{
    struct delegation_line *l;
    struct view *x = view_map_new(c->mem);
    const char *name;
    size_t n;
    TRY(study_site_name(c, site, &name));
    view_text(x, "study", site->study_ref);
    view_text(x, "study_title", site->study_title);
    view_text(x, "site", name);
    TRY(delegation_lines(c, site->study, site->study_site, true, &l, &n));
    put_lines(x, "lines", l, n);
    TRY(delegation_lines(c, site->study, site->study_site, false, &l, &n));
    put_lines(x, "earlier", l, n);
    *ret = x;
    return NULL;
}

/* ---- how it looks ---- */

static const char *
days_of(struct ctx *c, const struct view *x)
{
    const char *to = view_get_text(x, "to_on"), *from = date_words_iso(c->mem, view_get_text(x, "from_on"));
    return to ? arena_printf(c->mem, "%s to %s", from, date_words_iso(c->mem, to)) : arena_printf(c->mem, "from %s", from);
}

static void
lay_lines(struct ctx *c, struct paper *p, const struct view *content, const char *key)
{
    static const double share[] = {.22, .34, .2, .24};
    const struct view *list = view_get(content, key);
    paper_row(p, (struct paper_cell[]){{"Who", share[0]}, {"Tasks", share[1]}, {"When", share[2]}, {"Signed by the investigator", share[3]}}, 4, PAPER_HEAD);
    for (const struct view_item *i = list ? list->kids.first : NULL; i; i = i->next) {
        const struct view *x = &i->value;
        const char *by = view_get_text(x, "by"), *role = view_get_text(x, "role");
        const char *who = str_empty(role) ? view_get_text(x, "name") : arena_printf(c->mem, "%s\n%s", view_get_text(x, "name"), role);
        const char *signed_ = by ? arena_printf(c->mem, "%s\n%s", by, view_get_text(x, "at")) : "not signed";
        paper_row(p, (struct paper_cell[]){{who, share[0]}, {view_get_text(x, "tasks"), share[1]}, {days_of(c, x), share[2]}, {signed_, share[3]}}, 4, 0);
    }
}

static err_t
lay(struct ctx *c, const struct view *x, const struct document_version *v, const char **ret_pdf, size_t *ret_n)
{
    const struct view *earlier = view_get(x, "earlier");
    struct paper_about about = {
        .title = "Delegation log", .author = c->who ? c->who->name : NULL, .made = c->now, .lang = "en",
        .subtitle = arena_printf(c->mem, "%s\n%s: %s", view_get_text(x, "site"), view_get_text(x, "study"), str_or(view_get_text(x, "study_title"), "")),
        .foot = arena_printf(c->mem, "%s · %s · TMF %s · version %lld", view_get_text(x, "study"), view_get_text(x, "site"), tmf, (long long)v->n)};
    struct paper *p = paper_new(c->mem, &about);
    paper_text(p, "Who does which tasks at this site, from when to when, as the principal investigator authorised it. Each line is signed on its own.");
    paper_heading(p, "Lines");
    lay_lines(c, p, x, "lines");
    if (earlier && earlier->kids.first) {
        paper_heading(p, "Earlier versions of lines");
        lay_lines(c, p, x, "earlier");
    }
    paper_small(p, arena_printf(c->mem, "Version %lld. Content (SHA-256): %s", (long long)v->n, str_hex(c->mem, v->hash, DOCUMENT_HASH)));
    return paper_done(p, ret_pdf, ret_n);
}

err_t
delegation_file(struct ctx *c, const struct thing *site, const char *site_ref)
{
    struct view *x;
    struct document_version v;
    struct buf b;
    const char *pdf;
    size_t n;
    TRY(content_of(c, site, &x));
    buf_init(&b, c->mem);
    view_json(&b, x);
    struct document_new d = {.key = delegation_key(c->mem, site->study_site), .kind = "delegation_log", .tmf = tmf, .study = site->study, .study_site = site->study_site,
                             .title = arena_printf(c->mem, "Delegation log, %s", view_get_text(x, "site")), .site_reads = true};
    TRY(document_put(c, &d, buf_text(&b), &v));
    if (v.filed)
        return NULL;
    TRY(lay(c, x, &v, &pdf, &n));
    return document_file(c, &v, pdf, n);
}

/* ---- what is expected ---- */

/* Every site with an investigator has a log (struct feature, papers). */
err_t
delegation_papers(struct ctx *c, const struct thing *study, struct view *list)
{
    struct delegation_sites_row *x;
    int64_t *sites;
    size_t n_sites, n;
    char today[DATE_TEXT];
    bool all;
    reach_sites(c, c->who, PERM_SITE_READ, study, &all, &sites, &n_sites);
    date_iso(c->today, today);
    TRY(db_list(c, &DELEGATION_SITES, DB_IN(db_int(study->study), db_bool(all), db_ints(sites, n_sites), db_text(today), db_int(SITES)), &x, &n));
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "key", delegation_key(c->mem, x[i].id));
        view_int(v, "site", x[i].id);
        view_text(v, "site_title", site_title(c->mem, x[i].number, x[i].label, x[i].facility, x[i].organisation, x[i].placeholder, x[i].city));
        view_text(v, "what", "Delegation log");
        view_text(v, "tmf", tmf);
        view_textf(v, "why", x[i].lines == 0 ? "nobody is on it yet" : x[i].waits ? "%lld of %lld lines not signed" : "every line is signed",
                   (long long)x[i].waits, (long long)x[i].lines);
    }
    return NULL;
}
