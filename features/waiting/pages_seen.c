/* pages_seen.c: what others see about me: made by asking the same table of rights and the same wall that the pages
 * ask, for a viewer of each role. */
#include "base/date.h"
#include "base/str.h"
#include "db/db.h"
#include "features/studies/studies.h"
#include "features/waiting/pages.h"

enum { ITEMS = 60 };

static err_t
add_ties(struct ctx *c, struct view *page)
{
    struct wait_ties_row *x;
    char today[DATE_TEXT];
    size_t n;
    date_iso(c->today, today);
    TRY(db_list(c, &WAIT_TIES, DB_IN(db_int(c->who->person), db_text(today)), &x, &n));
    struct view *list = view_list(page, "ties");
    for (size_t i = 0; i < n; i++) {
        enum role role;
        struct view *v = view_add_map(list);
        bool of_role = role_find(x[i].role, &role);
        view_text(v, "role", of_role ? role_title(role) : x[i].role);
        view_text(v, "study", x[i].study_code);
        view_text(v, "site", x[i].site);
        view_text(v, "organisation", x[i].organisation);
        view_text(v, "since", date_words_iso(c->mem, x[i].from_on));
    }
    return NULL;
}

/* Roles whose holder would read the item: asked of the wall itself, as a person who has only that role there. */
static err_t
readers(struct ctx *c, const struct wait_own_open_row *x, const char **ret)
{
    struct ctx as = *c;
    struct thing t = {0};
    struct buf b;
    buf_init(&b, c->mem);
    if (!x->study_null)
        TRY(study_thing(c, x->study, &t));
    for (int r = 0; r < ROLE_COUNT && !x->study_null; r++) {
        enum scope scope = role_scope((enum role)r);
        struct right right = {.role = (enum role)r, .study = scope == SCOPE_ORGANISATION ? 0 : x->study,
                              .organisation = scope == SCOPE_ORGANISATION ? t.organisations[0] : 0,
                              .study_site = scope == SCOPE_SITES && !x->site_null ? x->site : 0};
        struct who viewer = {.person = -1, .ref = "", .name = "", .rights = &right, .n_rights = 1};
        struct thing seen;
        bool owing, asking;
        if (scope == SCOPE_INSTALLATION || (scope == SCOPE_SITES && x->site_null && perm_of_role(PERM_DUE_ACT_SITE, (enum role)r, &owing)))
            continue;
        as.who = &viewer;
        err_t e = due_look(&as, x->id, &seen, &owing, &asking);
        if (e && e->code != E_NOT_FOUND)
            return e;
        if (!e)
            buf_printf(&b, "%s%s", b.len ? ", " : "", role_title((enum role)r));
    }
    *ret = b.len ? buf_text(&b) : NULL;
    return NULL;
}

/* Items that the same roles read stand together. */
struct audience {
    const char *readers;
    struct view *items;
};

static err_t
add_items(struct ctx *c, struct view *page)
{
    struct wait_own_open_row *x;
    size_t n;
    TRY(db_list(c, &WAIT_OWN_OPEN, DB_IN(db_int(c->who->person), db_int(ITEMS)), &x, &n));
    struct view *list = view_list(page, "audiences");
    struct audience of[ITEMS];
    size_t n_of = 0;
    for (size_t i = 0; i < n; i++) {
        const char *who;
        size_t k = 0;
        TRY(readers(c, &x[i], &who));
        while (k < n_of && !str_eq(of[k].readers, who))
            k++;
        if (k == n_of) {
            struct view *v = view_add_map(list);
            view_text(v, "readers", who);
            of[n_of++] = (struct audience){who, view_list(v, "items")};
        }
        struct view *v = view_add_map(of[k].items);
        view_text(v, "title", x[i].title);
        view_textf(v, "href", "/due/%s", x[i].ref);
        view_text(v, "other", x[i].other);
    }
    view_bool(page, "cut", n == ITEMS);
    return NULL;
}

err_t
page_seen(struct ctx *c, struct req *r, struct view *page)
{
    struct wait_own_row own;
    view_text(page, "name", c->who->name);
    view_textf(page, "href", "/people/%s", c->who->ref);
    TRY(add_ties(c, page));
    TRY(add_items(c, page));
    TRY(db_one(c, &WAIT_OWN, DB_IN(db_int(c->who->person)), &own));
    view_int(page, "notes", own.notes);
    view_int(page, "hours", own.hours);
    view_int(page, "feeds", own.feeds);
    return NULL;
}
