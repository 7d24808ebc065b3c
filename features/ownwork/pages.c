/* pages.c: one's own studies: the list, and one with what is due in it, who knows of it, and its calendar. */
#include "features/ownwork/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/record.h"
#include "core/vault.h"
#include "db/db.h"
#include "features/ownwork/ownwork_sql.h"

#include <string.h>

enum { SHOWN = 200 };

static const char *
moment(struct ctx *c, int64_t at)
{
    int64_t minutes = (at + (int64_t)tz_offset(c->inst->zone, at, NULL) * 1000000) / 60000000 % (24 * 60);
    return arena_printf(c->mem, "%s %02d:%02d", date_words(c->mem, tz_day(c->inst->zone, at), DATE_DAY), (int)(minutes / 60),
                        (int)(minutes % 60));
}

static bool
is_late(const struct ctx *c, const char *iso)
{
    int32_t day;
    return iso && date_parse(iso, &day) && day < c->today;
}

/* ---- the list ---- */

err_t
page_own_list(struct ctx *c, struct req *r, struct view *page)
{
    struct own_list_row *x;
    size_t n;
    TRY(db_list(c, &OWN_LIST, DB_IN(db_int(c->who->person)), &x, &n));
    struct view *rows = view_list(page, "rows");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(rows);
        view_text(v, "title", x[i].name);
        view_textf(v, "href", "/own/%s", x[i].ref);
        view_text(v, "sponsor", x[i].sponsor);
        view_bool(v, "ended", !x[i].ended_null);
        view_int(v, "n", x[i].n_open);
        view_text(v, "next", date_words_iso(c->mem, x[i].next_on));
        view_bool(v, "late", is_late(c, x[i].next_on));
    }
    return NULL;
}

err_t
page_own_new(struct ctx *c, struct req *r, struct view *page)
{
    struct own o;
    TRY(own_new(c, req_form(r, "name"), req_form(r, "sponsor"), &o));
    record_change(c, "own_study", o.name, "name", NULL, o.name);
    flash_set(c, r, "It is there. Now add what it asks of you.");
    req_redirect(r, "/own/%s", o.ref);
    return NULL;
}

/* ---- one of them ---- */

static err_t
add_items(struct ctx *c, const struct own *o, struct view *page)
{
    struct own_items_row *x;
    struct own_items_count_row all;
    size_t n;
    TRY(db_list(c, &OWN_ITEMS, DB_IN(db_int(o->id), db_int(SHOWN)), &x, &n));
    TRY(db_one(c, &OWN_ITEMS_COUNT, DB_IN(db_int(o->id)), &all));
    struct view *rows = view_list(page, "items");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(rows);
        view_text(v, "title", x[i].title);
        view_text(v, "ref", x[i].ref);
        view_textf(v, "href", "/due/%s", x[i].ref);
        view_text(v, "source", x[i].source);
        view_text(v, "owner", x[i].owing == c->who->person ? NULL : x[i].owing_name);
        view_text(v, "due", str_or(date_words_iso(c->mem, x[i].due_on), "no date"));
        view_bool(v, "late", is_late(c, x[i].due_on));
    }
    view_int(page, "n_items", all.n);
    if (all.n > (int64_t)n)
        view_int(page, "shown", (int64_t)n);
    return NULL;
}

static size_t
own_sites(struct ctx *c, int64_t **ret)
{
    size_t n = 0;
    *ret = arena_alloc(c->mem, (c->who->n_rights + 1) * sizeof **ret);
    for (size_t i = 0; i < c->who->n_rights; i++) {
        bool own;
        if (c->who->rights[i].study_site && perm_of_role(PERM_OWN_WORK, c->who->rights[i].role, &own))
            (*ret)[n++] = c->who->rights[i].study_site;
    }
    return n;
}

/* Those with whom she works at a study site: both know it already. */
static err_t
colleagues(struct ctx *c, struct own_colleagues_row **ret, size_t *ret_n)
{
    char today[DATE_TEXT];
    int64_t *site;
    size_t n = own_sites(c, &site);
    *ret_n = 0;
    date_iso(c->today, today);
    return n ? db_list(c, &OWN_COLLEAGUES, DB_IN(db_ints(site, n), db_text(today), db_int(c->who->person)), ret, ret_n) : NULL;
}

static err_t
add_people(struct ctx *c, const struct own *o, struct view *page)
{
    struct own_members_row *m;
    struct own_colleagues_row *x;
    size_t n, n_x;
    TRY(db_list(c, &OWN_MEMBERS, DB_IN(db_int(o->id)), &m, &n));
    TRY(colleagues(c, &x, &n_x));
    struct view *list = view_list(page, "people"), *more = view_list(page, "others");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "name", m[i].name);
        view_text(v, "person", m[i].ref);
        view_bool(v, "me", m[i].person == c->who->person);
        view_bool(v, "may_drop", n > 1 && (o->made_by == c->who->person || m[i].person == c->who->person));
    }
    for (size_t i = 0; i < n_x; i++) {
        bool in = false;
        for (size_t k = 0; k < n; k++)
            in |= m[k].person == x[i].person;
        if (in)
            continue;
        struct view *v = view_add_map(more);
        view_text(v, "value", x[i].ref);
        view_text(v, "text", x[i].name);
    }
    return NULL;
}

static err_t
add_feed(struct ctx *c, const struct own *o, struct view *page)
{
    struct own_feed_row x;
    bool found;
    TRY(db_maybe(c, &OWN_FEED, DB_IN(db_int(o->id)), &x, &found));
    if (!found)
        return NULL;
    struct view *v = view_map(page, "feed");
    view_text(v, "host", x.host);
    view_bool(v, "ok", !x.last_ok_null && x.last_ok);
    view_text(v, "result", x.last_result);
    view_text(v, "last", x.last_at_null ? NULL : moment(c, x.last_at));
    return NULL;
}

err_t
page_own_one(struct ctx *c, struct req *r, struct view *page)
{
    struct own o;
    TRY(own_find(c, req_param(r, "own"), &o));
    struct view *v = view_map(page, "own");
    view_text(v, "ref", o.ref);
    view_text(v, "name", o.name);
    view_text(v, "sponsor", o.sponsor);
    view_bool(v, "ended", o.ended);
    TRY(add_items(c, &o, page));
    TRY(add_people(c, &o, page));
    return add_feed(c, &o, page);
}

err_t
page_own_item(struct ctx *c, struct req *r, struct view *page)
{
    struct own o;
    struct due_party me = {.person = c->who->person};
    int64_t id;
    const char *ref;
    TRY(own_find(c, req_param(r, "own"), &o));
    struct due_new d = {.class = CLASS_COMMITMENT, .kind = "ask", .title = req_form(r, "title"), .source = req_form(r, "who"),
                        .own_study = o.id, .owing = me, .asking = me, .due_on = req_form(r, "due_on")};
    TRY(due_create(c, &d, &id, &ref));
    flash_set(c, r, "It stands in your day.");
    req_redirect(r, "/own/%s", o.ref);
    return NULL;
}

err_t
page_own_end(struct ctx *c, struct req *r, struct view *page)
{
    struct own o;
    TRY(own_find(c, req_param(r, "own"), &o));
    TRY(db_run(c, &OWN_END, DB_IN(db_int(o.id), o.ended ? db_null(DB_TIME) : db_time(c->now)), NULL));
    own_note(c, &o);
    record_change(c, "own_study", o.name, "over", o.ended ? "yes" : "no", o.ended ? "no" : "yes");
    flash_set(c, r, o.ended ? "It goes on." : "It is over. What is still due stays in your day.");
    req_redirect(r, "/own/%s", o.ref);
    return NULL;
}

/* ---- who knows of it ---- */

err_t
page_own_share(struct ctx *c, struct req *r, struct view *page)
{
    struct own o;
    struct own_colleagues_row *x;
    size_t n;
    TRY(own_find(c, req_param(r, "own"), &o));
    TRY(colleagues(c, &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(x[i].ref, req_form(r, "person")))
            continue;
        TRY(db_run(c, &OWN_PERSON_ADD, DB_IN(db_int(o.id), db_int(x[i].person), db_time(c->now)), NULL));
        own_note(c, &o);
        record_change(c, "own_study", o.name, "shared with", NULL, x[i].name);
        flash_set(c, r, arena_printf(c->mem, "%s sees it too.", x[i].name));
        req_redirect(r, "/own/%s", o.ref);
        return NULL;
    }
    return err_field(c->mem, E_BAD_INPUT, "person", "Choose somebody of the list: those who work at your site.");
}

err_t
page_own_unshare(struct ctx *c, struct req *r, struct view *page)
{
    struct own o;
    struct own_members_row *m;
    size_t n;
    TRY(own_find(c, req_param(r, "own"), &o));
    TRY(db_list(c, &OWN_MEMBERS, DB_IN(db_int(o.id)), &m, &n));
    for (size_t i = 0; i < n; i++) {
        bool me = m[i].person == c->who->person;
        if (!str_eq(m[i].ref, req_form(r, "person")) || n < 2 || (!me && o.made_by != c->who->person))
            continue;
        TRY(db_run(c, &OWN_PERSON_DROP, DB_IN(db_int(o.id), db_int(m[i].person)), NULL));
        own_note(c, &o);
        record_change(c, "own_study", o.name, "shared with", m[i].name, NULL);
        if (me)
            req_redirect(r, "/own");
        else
            req_redirect(r, "/own/%s", o.ref);
        return NULL;
    }
    return err_field(c->mem, E_BAD_INPUT, "person", "Choose somebody who sees it. The last one stays.");
}

/* ---- its calendar address ---- */

err_t
page_own_feed(struct ctx *c, struct req *r, struct view *page)
{
    struct own o;
    const char *host, *url = req_form(r, "url");
    const unsigned char *sealed;
    size_t n;
    TRY(own_find(c, req_param(r, "own"), &o));
    TRY(fetch_check(c, url, &host));
    TRY(vault_seal(c, OWN_FEED_PURPOSE, url, strlen(url), &sealed, &n));
    TRY(db_run(c, &OWN_FEED_DROP, DB_IN(db_int(o.id)), NULL));
    TRY(db_run(c, &OWN_FEED_ADD, DB_IN(db_int(o.id), db_int(c->who->person), db_text(host), db_blob(sealed, n), db_time(c->now)), NULL));
    own_note(c, &o);
    flash_set(c, r, "The calendar is read within a minute, and then every hour.");
    req_redirect(r, "/own/%s", o.ref);
    return NULL;
}

err_t
page_own_feed_end(struct ctx *c, struct req *r, struct view *page)
{
    struct own o;
    TRY(own_find(c, req_param(r, "own"), &o));
    TRY(db_run(c, &OWN_FEED_DROP, DB_IN(db_int(o.id)), NULL));
    own_note(c, &o);
    flash_set(c, r, "The calendar is read no more. What it brought stays.");
    req_redirect(r, "/own/%s", o.ref);
    return NULL;
}
