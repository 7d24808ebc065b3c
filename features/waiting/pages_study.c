/* pages_study.c: who waits for whom in a study: chains first, then by the side waited for; and how each site and
 * its sponsor keep what they agree. */
#include "base/date.h"
#include "base/str.h"
#include "core/draw.h"
#include "core/inst.h"
#include "core/reach.h"
#include "db/db.h"
#include "features/studies/studies.h"
#include "features/waiting/pages.h"

#include <stdlib.h>
#include <string.h>

enum { OPEN = 300, ROWS = 8, RATES = 5000, SITES = 300, CHAINS = 10, LINKS = 8 };

/* ---- what is open ---- */

static err_t
load_open(struct ctx *c, const struct thing *t, struct due_list_row **ret, size_t *ret_n)
{
    int64_t *sites, *ids = arena_alloc(c->mem, OPEN * sizeof *ids);
    bool all, own_all;
    size_t n_sites, n = 0;
    reach_sites(c, c->who, PERM_DUE_READ, t, &all, &sites, &n_sites);
    if (all) {
        struct due_of_study_row *x;
        TRY(db_list(c, &DUE_OF_STUDY, DB_IN(db_int(t->study), db_int(reach_comp(c->who, PERM_STUDY_READ, t)), db_text(NULL), db_int_or_null(0, true), db_int(OPEN)), &x, &n));
        for (size_t i = 0; i < n; i++)
            ids[i] = x[i].id;
    } else {
        struct due_of_sites_row *x;
        if (!n_sites)
            reach_sites(c, c->who, PERM_DUE_ACT_SITE, t, &own_all, &sites, &n_sites);
        if (n_sites)
            TRY(db_list(c, &DUE_OF_SITES, DB_IN(db_int(t->study), db_ints(sites, n_sites), db_int(reach_comp(c->who, PERM_STUDY_READ, t)), db_int(OPEN)), &x, &n));
        for (size_t i = 0; i < n; i++)
            ids[i] = x[i].id;
    }
    *ret = NULL;
    *ret_n = 0;
    return n ? db_list(c, &DUE_LIST, DB_IN(db_ints(ids, n)), ret, ret_n) : NULL;
}

struct waited {
    const struct due_list_row *x;
    const char *party; /* the side waited for */
    const char *person;
    int32_t since, late;
    size_t blocks; /* how many wait on it, directly or not */
};

static const char *
site_of(struct ctx *c, const struct due_list_row *x)
{
    if (x->site_null)
        return "the site";
    return site_title(c->mem, x->site_number, x->site_label, x->site_facility, x->site_organisation, !x->site_placeholder_null && x->site_placeholder,
                      x->site_city);
}

static struct waited
waited_of(struct ctx *c, const struct due_list_row *x)
{
    struct waited w = {.x = x};
    enum due_state s;
    int32_t day;
    INVARIANT(rules_state_find(x->state, &s));
    bool owing = rules_turn(s) == SIDE_OWING, at_site = owing ? x->owing_at_site : x->asking_at_site;
    w.party = at_site ? site_of(c, x) : "the sponsor's side";
    w.person = owing ? (x->doing_null ? x->owing_name : x->doing_name) : x->asking_name;
    w.since = tz_day(c->inst->zone, x->created);
    if (s == STATE_DELIVERED && x->delivered_on)
        date_parse(x->delivered_on, &w.since);
    if (owing && !x->waits_since && x->due_on && s != STATE_ASKED && date_parse(x->due_on, &day))
        w.late = c->today - day - (int32_t)x->waited_days;
    w.late = w.late > 0 ? w.late : 0;
    return w;
}

/* ---- chains ---- */

static const struct waited *
find(const struct waited *w, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++) {
        if (w[i].x->id == id)
            return &w[i];
    }
    return NULL;
}

static void
count_blocks(struct waited *w, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct waited *at = &w[i];
        for (int k = 0; k < LINKS && at && !at->x->waits_on_null; k++) {
            at = find(w, n, at->x->waits_on);
            if (at)
                w[at - w].blocks++;
        }
    }
}

static void
add_link(struct ctx *c, const struct waited *w, struct view *list)
{
    struct view *v = view_add_map(list);
    view_text(v, "title", w->x->title);
    view_textf(v, "href", "/due/%s", w->x->ref);
    view_text(v, "who", w->person);
    view_text(v, "party", w->party);
    view_text(v, "since", date_words(c->mem, w->since, DATE_DAY));
}

/* From what waits to who stands at the end and blocks. */
static void
add_chains(struct ctx *c, const struct waited *w, size_t n, struct view *page)
{
    struct view *list = view_list(page, "chains");
    size_t shown = 0;
    for (size_t i = 0; i < n && shown < CHAINS; i++) {
        if (w[i].x->waits_on_null || w[i].blocks) /* begins where nothing waits on it */
            continue;
        const struct waited *at = &w[i], *end = at;
        struct view *v = view_add_map(list), *links = view_list(v, "links");
        for (int k = 0; k < LINKS && at; k++) {
            add_link(c, at, links);
            end = at;
            at = at->x->waits_on_null ? NULL : find(w, n, at->x->waits_on);
        }
        view_text(v, "end", end->person);
        view_text(v, "party", end->party);
        shown++;
    }
}

/* ---- groups ---- */

static int
by_party(const void *a, const void *b)
{
    const struct waited *x = a, *y = b;
    int party = strcmp(x->party, y->party);
    return party ? party : y->late != x->late ? (y->late > x->late ? 1 : -1) : (x->since > y->since) - (x->since < y->since);
}

struct party {
    size_t from, n;
    int64_t late;
};

static int
by_late(const void *a, const void *b)
{
    const struct party *x = a, *y = b;
    return x->late != y->late ? (x->late < y->late ? 1 : -1) : (x->n < y->n) - (x->n > y->n);
}

static void
add_row(struct ctx *c, const struct waited *w, int32_t longest, struct view *list)
{
    struct view *v = view_add_map(list);
    enum due_state s;
    struct buf b;
    int32_t days = c->today - w->since;
    INVARIANT(rules_state_find(w->x->state, &s));
    buf_init(&b, c->mem);
    draw_meter(&b, days, longest > 0 ? longest : 1, w->late ? "bad" : NULL, NULL);
    view_text(v, "title", w->x->title);
    view_textf(v, "href", "/due/%s", w->x->ref);
    view_text(v, "who", w->person);
    view_text(v, "waits", rules_turn(s) == SIDE_OWING ? w->x->asking_name : w->x->owing_name);
    view_text(v, "state", rules_state_words(s));
    view_textf(v, "since", days == 1 ? "%d day" : "%d days", (int)days);
    view_html(v, "bar", buf_text(&b));
    view_bool(v, "stands", w->x->waits_since != NULL);
    if (w->late)
        view_textf(v, "late", w->late == 1 ? "%d day later than agreed" : "%d days later than agreed", (int)w->late);
    if (w->blocks)
        view_textf(v, "blocks", w->blocks == 1 ? "%zu other waits on it" : "%zu others wait on it", w->blocks);
}

err_t
pages_groups(struct ctx *c, const struct thing *t, size_t most_groups, struct view *page, size_t *ret_n)
{
    struct due_list_row *x;
    size_t n, n_parties = 0, kept = 0;
    TRY(load_open(c, t, &x, &n));
    struct waited *w = arena_alloc(c->mem, (n + 1) * sizeof *w);
    struct party *p = arena_alloc(c->mem, (n + 1) * sizeof *p);
    for (size_t i = 0; i < n; i++) {
        if (x[i].owing != x[i].asking) /* a note to oneself is nobody's waiting */
            w[kept++] = waited_of(c, &x[i]);
    }
    int32_t longest = 0;
    count_blocks(w, kept);
    add_chains(c, w, kept, page);
    qsort(w, kept, sizeof *w, by_party);
    for (size_t i = 0; i < kept; i++) {
        if (i == 0 || strcmp(w[i].party, w[i - 1].party) != 0)
            p[n_parties++] = (struct party){.from = i};
        p[n_parties - 1].n++;
        p[n_parties - 1].late += w[i].late;
        longest = c->today - w[i].since > longest ? c->today - w[i].since : longest;
    }
    qsort(p, n_parties, sizeof *p, by_late);
    struct view *groups = view_list(page, "groups");
    for (size_t k = 0; k < n_parties && k < most_groups; k++) {
        struct view *v = view_add_map(groups), *rows = view_list(v, "rows");
        view_text(v, "party", w[p[k].from].party);
        view_int(v, "n", (int64_t)p[k].n);
        view_bool(v, "hot", p[k].late > 0);
        for (size_t i = p[k].from; i < p[k].from + p[k].n && i < p[k].from + ROWS; i++)
            add_row(c, &w[i], longest, rows);
        if (p[k].n > ROWS)
            view_int(v, "more", (int64_t)(p[k].n - ROWS));
    }
    view_bool(page, "cut", n == OPEN);
    *ret_n = kept;
    return NULL;
}

/* ---- on the study's first page ---- */

static void
add_side(struct ctx *c, struct view *facts, const char *name, size_t n, size_t late)
{
    if (n == 0)
        return;
    struct view *v = view_add_map(facts);
    view_text(v, "name", name);
    view_text(v, "value", late ? arena_printf(c->mem, "%zu, %zu later than agreed", n, late) : arena_printf(c->mem, "%zu", n));
}

err_t
pages_waiting_card(struct ctx *c, const struct thing *t, struct view *cards)
{
    struct due_list_row *x;
    size_t n, at[2] = {0, 0}, late[2] = {0, 0};
    TRY(load_open(c, t, &x, &n));
    for (size_t i = 0; i < n; i++) {
        struct waited w = waited_of(c, &x[i]);
        enum due_state s;
        if (x[i].owing == x[i].asking)
            continue;
        INVARIANT(rules_state_find(x[i].state, &s));
        bool site = rules_turn(s) == SIDE_OWING ? x[i].owing_at_site : x[i].asking_at_site;
        at[site]++;
        late[site] += w.late > 0;
    }
    if (at[0] + at[1] == 0)
        return NULL;
    struct view *card = view_add_map(cards), *facts = view_list(card, "facts");
    view_text(card, "title", "Who waits for whom");
    view_textf(card, "href", "/studies/%s/waiting", t->study_ref);
    view_text(card, "action", "See for what");
    add_side(c, facts, "For the sponsor's side", at[0], late[0]);
    add_side(c, facts, "For the sites", at[1], late[1]);
    if (n == OPEN)
        view_text(card, "text", "Counted among the 300 that come first.");
    return NULL;
}

/* ---- rates ---- */

err_t
pages_rates(struct ctx *c, const struct thing *t, bool all, const int64_t *sites, size_t n_sites, struct wait_rates_row **ret, size_t *ret_n)
{
    char from[DATE_TEXT], to[DATE_TEXT];
    date_iso(c->today - WAITING_DAYS, from);
    date_iso(c->today, to);
    return db_list(c, &WAIT_RATES, DB_IN(db_int(t->study), db_text(from), db_text(to), db_ints(sites, n_sites), db_bool(all), db_int(RATES)), ret, ret_n);
}

struct waiting_item
pages_item_of(struct ctx *c, const struct wait_rates_row *x)
{
    struct waiting_item i = {.delivered = WAITING_NO_DAY, .waited = x->waited_days, .moved = x->moves > 0, .made = tz_day(c->inst->zone, x->created),
                             .outside = str_eq(x->state, "declined") || str_eq(x->state, "withdrawn") || str_eq(x->state, "asked") || str_eq(x->state, "countered")};
    date_parse(x->due_on, &i.due);
    if (x->delivered_on)
        date_parse(x->delivered_on, &i.delivered);
    return i;
}

void
pages_rate_of(struct ctx *c, const struct wait_rates_row *x, size_t n, int64_t site, bool owing_at_site, struct waiting_rate *ret)
{
    struct waiting_item *item = arena_alloc(c->mem, (n + 1) * sizeof *item);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if ((!site || x[i].site == site) && x[i].owing_at_site == owing_at_site)
            item[kept++] = pages_item_of(c, &x[i]);
    }
    waiting_rate_of(c->mem, item, kept, c->today, ret);
}

/* The interval as a band, the rate as a line in it. */
void
pages_rate_view(struct ctx *c, const struct waiting_rate *r, struct view *v, const char *key)
{
    enum { W = 120, H = 12 };
    struct view *m = view_map(v, key);
    view_text(m, "words", waiting_rate_words(c->mem, r));
    view_bool(m, "too_few", r->too_few);
    view_int(m, "due", r->due);
    view_int(m, "moved", r->moved);
    if (r->turnaround >= 0)
        view_textf(m, "turnaround", r->turnaround == 1 ? "%lld day" : "%lld days", (long long)r->turnaround);
    if (r->too_few)
        return;
    struct buf b;
    buf_init(&b, c->mem);
    draw_open(&b, &(struct draw_svg){.w = W, .h = H, .cls = "rate-band"});
    draw_rect(&b, "bg", 0, 4, W, 4, 2);
    draw_rect(&b, "band", r->low * W, 2, (r->high - r->low) * W, 8, 3);
    draw_line(&b, "now", r->share * W, 0, r->share * W, H);
    draw_close(&b);
    view_html(m, "bar", buf_text(&b));
}

static err_t
add_rates(struct ctx *c, const struct thing *t, struct view *page)
{
    struct wait_rates_row *x;
    struct wait_sites_row *s;
    struct waiting_rate ours, theirs;
    int64_t *sites;
    bool all;
    size_t n, n_sites, n_rows;
    reach_sites(c, c->who, PERM_DUE_READ, t, &all, &sites, &n_sites);
    if (!all && !n_sites)
        return NULL;
    TRY(pages_rates(c, t, all, sites, n_sites, &x, &n_rows));
    TRY(db_list(c, &WAIT_SITES, DB_IN(db_int(t->study), db_ints(sites, n_sites), db_bool(all), db_int(SITES)), &s, &n));
    struct view *list = view_list(page, "rates");
    for (size_t i = 0; i < n; i++) {
        pages_rate_of(c, x, n_rows, s[i].id, true, &theirs);
        pages_rate_of(c, x, n_rows, s[i].id, false, &ours);
        if (!theirs.due && !ours.due)
            continue;
        struct view *v = view_add_map(list);
        view_text(v, "site", site_title(c->mem, s[i].number, s[i].label, s[i].facility, s[i].organisation, s[i].placeholder, s[i].city));
        view_textf(v, "href", "/studies/%s/sites/%s/working", t->study_ref, s[i].ref);
        pages_rate_view(c, &theirs, v, "theirs");
        pages_rate_view(c, &ours, v, "ours");
    }
    return NULL;
}

err_t
page_waiting(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    size_t n;
    TRY(study_head(c, t, "due", page));
    TRY(pages_groups(c, t, 40, page, &n));
    TRY(add_rates(c, t, page));
    if (n == 0) {
        struct view *v = view_map(page, "empty");
        view_text(v, "title", "Nobody waits for anybody");
        view_text(v, "text", "What people of this study ask of one another stands here: who waits for whom, for what, and since when.");
    }
    return NULL;
}
