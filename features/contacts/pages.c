/* pages.c: the contacts with a site, a line each; writing one, and correcting how it was understood. What a line
 * means is decided in rules.c. */
#include "features/contacts/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/contacts/contacts_sql.h"
#include "features/contacts/rules.h"
#include "features/studies/studies.h"

#include <string.h>

enum { PAGE = 50, NAMED = 200, MOST = 2 * CONTACT_WITH };

/* ---- whom a line may be about ---- */

struct pool {
    struct contact_name *person;
    size_t n;
};

static const struct contact_name *
pool_find(const struct pool *p, int64_t id)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->person[i].id == id)
            return &p->person[i];
    }
    return NULL;
}

static void
pool_add(struct pool *p, int64_t id, const char *name)
{
    if (!pool_find(p, id))
        p->person[p->n++] = (struct contact_name){id, name};
}

/* The people of the other side whom c->who may know of: for the sponsor's people those of the site, for the
 * site's those of the sponsor. */
static err_t
load_pool(struct ctx *c, const struct thing *t, bool at_site, struct pool *ret)
{
    struct due_people_row *x;
    struct contact_named_row *y = NULL;
    size_t n, m = 0;
    TRY(people_askable(c, t, &x, &n));
    if (!at_site)
        TRY(db_list(c, &CONTACT_NAMED, DB_IN(db_int(t->study), db_int(t->study_site), db_int(NAMED)), &y, &m));
    struct pool p = {arena_alloc(c->mem, (n + m + 1) * sizeof *p.person), 0};
    for (size_t i = 0; i < n; i++) {
        bool site = people_at_site(x[i].role), here = !x[i].study_site_null && x[i].study_site == t->study_site;
        if (at_site ? !site && (x[i].study_site_null || here) : site && here)
            pool_add(&p, x[i].person, x[i].name);
    }
    for (size_t i = 0; i < m; i++)
        pool_add(&p, y[i].person, y[i].name);
    *ret = p;
    return NULL;
}

struct side {
    bool at_site;
    enum compartment comp;
    struct pool pool;
};

static err_t
side_of(struct ctx *c, const struct thing *t, struct side *ret)
{
    if (!contact_side(c, t, &ret->at_site, &ret->comp))
        return err_new(c->mem, E_FORBIDDEN, "Notes of contacts are read by those who write them.");
    return load_pool(c, t, ret->at_site, &ret->pool);
}

/* ---- the lines ---- */

const char *
contact_since(struct ctx *c, const char *iso)
{
    int32_t day;
    if (!iso || !date_parse(iso, &day))
        return NULL;
    int32_t n = c->today - day;
    return n <= 0 ? "today" : n == 1 ? "yesterday" : arena_printf(c->mem, "%d days ago", (int)n);
}

static void
add_choice(struct view *list, const struct contact_name *p, bool chosen)
{
    struct view *o = view_add_map(list);
    view_int(o, "value", p->id);
    view_text(o, "text", p->name);
    view_bool(o, "selected", chosen);
}

/* The form that says anew how a line is to be understood. */
static void
add_form(const struct contact_list_row *x, const struct contact_names_row *with, size_t n_with, const struct pool *pool, struct view *row)
{
    size_t n;
    const struct contact_way *way = contact_ways(&n);
    struct view *form = view_map(row, "fix"), *ways = view_list(form, "ways"), *people = view_list(form, "people");
    view_text(form, "day_iso", x->day);
    for (size_t i = 0; i < n; i++) {
        struct view *o = view_add_map(ways);
        view_text(o, "value", way[i].word);
        view_text(o, "text", way[i].words);
        view_bool(o, "selected", str_eq(way[i].word, x->way));
    }
    for (size_t i = 0; i < n_with; i++) {
        if (with[i].contact == x->id)
            add_choice(people, &(struct contact_name){with[i].person, with[i].name}, true);
    }
    for (size_t i = 0; i < pool->n; i++) {
        bool there = false;
        for (size_t k = 0; k < n_with; k++)
            there |= with[k].contact == x->id && with[k].person == pool->person[i].id;
        if (!there)
            add_choice(people, &pool->person[i], false);
    }
}

static void
add_row(struct ctx *c, const struct contact_list_row *x, const struct contact_names_row *with, size_t n_with, struct view *list)
{
    struct view *v = view_add_map(list), *names = view_list(v, "with");
    const struct contact_way *way = contact_way_find(x->way);
    view_text(v, "ref", x->ref);
    view_text(v, "day", date_words_iso(c->mem, x->day));
    view_text(v, "since", contact_since(c, x->day));
    view_text(v, "who", x->who);
    view_text(v, "words", x->words);
    view_text(v, "channel", way ? way->words : x->way);
    if (way)
        view_bool(v, arena_printf(c->mem, "icon_%s", way->icon), true);
    for (size_t k = 0; k < n_with; k++) {
        if (with[k].contact != x->id)
            continue;
        struct view *o = view_add_map(names);
        view_text(o, "name", with[k].name);
        view_textf(o, "href", "/people/%s", with[k].ref);
    }
}

/* `correct`: the ref of the line whose form stands open, or NULL. */
static err_t
add_rows(struct ctx *c, const struct side *s, const struct contact_list_row *x, size_t n, const char *correct, struct view *page)
{
    struct contact_names_row *with = NULL;
    size_t n_with = 0;
    int64_t *ids = arena_alloc(c->mem, (n + 1) * sizeof *ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = x[i].id;
    if (n)
        TRY(db_list(c, &CONTACT_NAMES, DB_IN(db_ints(ids, n)), &with, &n_with));
    struct view *list = view_list(page, "rows");
    for (size_t i = 0; i < n; i++) {
        add_row(c, &x[i], with, n_with, list);
        struct view *row = &list->kids.last->value;
        bool mine = x[i].person == c->who->person, open = mine && str_eq(x[i].ref, correct);
        view_bool(row, "mine", mine && !open);
        if (open)
            add_form(&x[i], with, n_with, &s->pool, row);
    }
    return NULL;
}

/* What a line that was refused leaves open, for the form that comes back. */
static void
add_open(struct ctx *c, const struct req *r, const struct side *s, struct view *page)
{
    struct contact_said said;
    const char *line = req_form(r, "line");
    struct view *list = view_list(page, "either");
    if (!line)
        return;
    contact_read(c->mem, line, c->today, s->pool.person, s->pool.n, &said);
    for (size_t i = 0; i < said.n_either; i++)
        add_choice(list, &s->pool.person[said.either[i]], false);
    view_text(page, "unknown", said.unknown);
}

err_t
page_contacts(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct contact_list_row *x;
    struct side s;
    const char *name, *before = str_or(req_query(r, "before"), "9999-12-31");
    int64_t before_id = INT64_MAX;
    size_t n;
    if (req_query(r, "id") && !str_int(req_query(r, "id"), &before_id))
        return err_new(c->mem, E_BAD_INPUT, "This address is damaged. Please begin at the first page.");
    TRY(side_of(c, t, &s));
    TRY(study_head(c, t, "sites", page));
    TRY(study_site_name(c, t, &name));
    view_text(page, "site", name);
    view_textf(page, "site_href", "/studies/%s/sites/%s", t->study_ref, req_param(r, "site"));
    view_bool(page, "at_site", s.at_site);
    TRY(db_list(c, &CONTACT_LIST, DB_IN(db_int(t->study_site), db_bool(s.at_site), db_int(s.comp), db_text(before), db_int(before_id), db_int(PAGE + 1)), &x, &n));
    TRY(add_rows(c, &s, x, n < PAGE ? n : PAGE, str_or(req_form(r, "correct"), req_query(r, "correct")), page));
    add_open(c, r, &s, page);
    if (n > PAGE)
        view_textf(view_map(page, "pager"), "next", "/studies/%s/sites/%s/contacts?before=%s&id=%lld", t->study_ref, req_param(r, "site"),
                   x[PAGE - 1].day, (long long)x[PAGE - 1].id);
    if (n && !req_query(r, "before"))
        view_textf(page, "last", "Last contact %s", contact_since(c, x[0].day));
    if (n == 0) {
        struct view *e = view_map(page, "empty");
        view_text(e, "title", "No contacts noted yet");
        view_text(e, "text", "Write one line, as you would tell a colleague: who, how, when, what.");
    }
    return NULL;
}

/* ---- writing ---- */

/* Those who were ticked, each of the pool, behind the `n` that are there already. */
static err_t
add_ticked(struct ctx *c, const struct req *r, const struct pool *p, int64_t *to, size_t *n)
{
    const char *const *ticked;
    size_t n_ticked = req_form_many(r, "with", &ticked);
    for (size_t i = 0; i < n_ticked && *n < MOST; i++) {
        int64_t id;
        if (str_empty(ticked[i]))
            continue;
        if (!str_int(ticked[i], &id) || !pool_find(p, id))
            return err_field(c->mem, E_BAD_INPUT, "with", "Choose among the people of the list.");
        to[(*n)++] = id;
    }
    return NULL;
}

static const char *
understood(struct ctx *c, const struct pool *p, const struct contact_new *d)
{
    struct buf b;
    buf_init(&b, c->mem);
    buf_printf(&b, "Noted: %s", contact_way_find(d->way)->words);
    for (size_t i = 0; i < d->n_with; i++)
        buf_printf(&b, "%s%s", i == 0 ? " with " : i + 1 < d->n_with ? ", " : " and ", pool_find(p, d->with[i])->name);
    buf_printf(&b, ", %s.", date_words_iso(c->mem, d->day));
    return buf_text(&b);
}

err_t
page_contact_add(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct contact_said said;
    struct side s;
    int64_t with[MOST];
    char day[DATE_TEXT];
    const char *ref;
    TRY(side_of(c, t, &s));
    struct contact_new d = {.site = t, .at_site = s.at_site, .comp = s.comp, .line = str_squeeze(c->mem, req_form(r, "line")), .with = with};
    contact_read(c->mem, d.line, c->today, s.pool.person, s.pool.n, &said);
    if (said.unknown && !req_form(r, "sure"))
        return err_field(c->mem, E_BAD_INPUT, "sure", "“%s” looks like the name of a participant. Please write the code, or say that it is none.", said.unknown);
    for (size_t i = 0; i < said.n_with; i++)
        with[d.n_with++] = s.pool.person[said.with[i]].id;
    TRY(add_ticked(c, r, &s.pool, with, &d.n_with));
    if (said.n_either && d.n_with == said.n_with)
        return err_field(c->mem, E_BAD_INPUT, "with", "More than one of them is called so. Whom do you mean?");
    date_iso(said.day, day);
    d.way = said.way;
    d.day = day;
    TRY(contact_write(c, &d, &ref));
    flash_set(c, r, understood(c, &s.pool, &d));
    req_redirect(r, "/studies/%s/sites/%s/contacts", t->study_ref, req_param(r, "site"));
    return NULL;
}

/* Who stands with the line already may stay, whether she still works there or not. */
static err_t
add_standing(struct ctx *c, const struct side *s, const struct thing *t, const char *ref, struct pool *pool)
{
    struct contact_get_row x;
    struct contact_names_row *with;
    size_t n;
    bool found;
    TRY(db_maybe(c, &CONTACT_GET, DB_IN(db_int(t->study_site), db_bool(s->at_site), db_int(s->comp), db_text(ref)), &x, &found));
    if (!found)
        return NULL;
    TRY(db_list(c, &CONTACT_NAMES, DB_IN(db_ints(&x.id, 1)), &with, &n));
    struct pool more = {arena_alloc(c->mem, (pool->n + n + 1) * sizeof *more.person), pool->n};
    memcpy(more.person, pool->person, pool->n * sizeof *more.person);
    for (size_t i = 0; i < n; i++)
        pool_add(&more, with[i].person, with[i].name);
    *pool = more;
    return NULL;
}

err_t
page_contact_correct(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    const char *ref = req_param(r, "contact");
    int64_t with[MOST];
    struct side s;
    TRY(side_of(c, t, &s));
    TRY(add_standing(c, &s, t, ref, &s.pool));
    struct contact_new d = {.site = t, .at_site = s.at_site, .comp = s.comp, .way = req_form(r, "way"), .day = req_form(r, "day"), .with = with};
    TRY(add_ticked(c, r, &s.pool, with, &d.n_with));
    TRY(contact_correct(c, ref, &d));
    flash_set(c, r, "Corrected. The line stays as you wrote it.");
    req_redirect(r, "/studies/%s/sites/%s/contacts", t->study_ref, req_param(r, "site"));
    return NULL;
}
