/* pages_site.c: how one site and its sponsor work together, from both sides, with what lies behind each number. The
 * people of the site read the same page. And who waits for whom over all studies. */
#include "base/date.h"
#include "base/str.h"
#include "db/db.h"
#include "features/studies/studies.h"
#include "features/waiting/pages.h"

#include <string.h>

enum { BEHIND = 100, STUDIES = 12, GROUPS = 3 };

static const char *
outcome(struct ctx *c, const struct waiting_item *x)
{
    if (x->outside)
        return "outside the rate: not agreed, declined or withdrawn";
    if (x->delivered == WAITING_NO_DAY)
        return c->today > x->due + x->waited ? "not delivered yet" : "not due yet";
    int32_t late = x->delivered - x->due - (int32_t)x->waited;
    if (late <= 0)
        return "kept";
    return arena_printf(c->mem, late == 1 ? "delivered %d day later than agreed" : "delivered %d days later than agreed", (int)late);
}

static void
add_side(struct ctx *c, const struct wait_rates_row *x, size_t n, int64_t site, bool owing_at_site, struct view *page, const char *key)
{
    struct waiting_rate rate;
    pages_rate_of(c, x, n, site, owing_at_site, &rate);
    struct view *v = view_map(page, key);
    pages_rate_view(c, &rate, v, "rate");
    struct view *list = view_list(v, "rows");
    size_t shown = 0;
    for (size_t i = 0; i < n && shown < BEHIND; i++) {
        if (x[i].owing_at_site != owing_at_site)
            continue;
        struct waiting_item item = pages_item_of(c, &x[i]);
        struct view *m = view_add_map(list);
        view_text(m, "title", x[i].title);
        view_textf(m, "href", "/due/%s", x[i].ref);
        view_text(m, "due", date_words_iso(c->mem, x[i].due_on));
        view_text(m, "outcome", outcome(c, &item));
        view_bool(m, "moved", item.moved);
        if (item.waited)
            view_int(m, "waited", item.waited);
        shown++;
    }
}

err_t
page_working(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct wait_rates_row *x;
    const char *name;
    size_t n;
    TRY(study_head(c, t, "sites", page));
    TRY(study_site_name(c, t, &name));
    view_text(page, "site", name);
    view_textf(page, "site_href", "/studies/%s/sites/%s", t->study_ref, req_param(r, "site"));
    TRY(pages_rates(c, t, false, &t->study_site, 1, &x, &n));
    add_side(c, x, n, t->study_site, true, page, "site_owes");
    add_side(c, x, n, t->study_site, false, page, "sponsor_owes");
    view_int(page, "days", WAITING_DAYS);
    return NULL;
}

/* ---- over all ---- */

err_t
page_waiting_all(struct ctx *c, struct req *r, struct view *page)
{
    struct study_brief *s;
    size_t n, all = 0;
    bool more;
    TRY(study_briefs(c, STUDIES, &s, &n, &more));
    struct view *list = view_list(page, "studies");
    for (size_t i = 0; i < n; i++) {
        size_t found;
        struct view *v = view_map_new(c->mem);
        TRY(pages_groups(c, &s[i].thing, GROUPS, v, &found));
        if (!found)
            continue;
        struct view *m = view_add_map(list);
        view_text(m, "name", s[i].name);
        view_textf(m, "href", "/studies/%s/waiting", s[i].thing.study_ref);
        view_set(m, "chains", view_get(v, "chains"));
        view_set(m, "groups", view_get(v, "groups"));
        view_int(m, "n", (int64_t)found);
        all += found;
    }
    view_bool(page, "more", more);
    if (all == 0) {
        struct view *v = view_map(page, "empty");
        view_text(v, "title", "Nobody waits for anybody");
        view_text(v, "text", "Over all your studies: who waits for whom, for what, and since when.");
    }
    return NULL;
}
