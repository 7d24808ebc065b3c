/* pages_list.c: the lists of organisations and people, and what the pages of this feature share. */
#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/countries.h"
#include "features/people/pages.h"
#include "http/url.h"

#include <string.h>

bool
pages_after(struct ctx *c, struct req *r, const char *name, const char **ret_key, int64_t *ret_id)
{
    const char *after = req_query(r, name), *tilde = after ? strrchr(after, '~') : NULL;
    if (!tilde || !str_int(tilde + 1, ret_id))
        return false;
    *ret_key = arena_strndup(c->mem, after, (size_t)(tilde - after));
    return true;
}

const char *
pages_after_text(struct ctx *c, const char *key, int64_t id)
{
    return url_encode(c->mem, arena_printf(c->mem, "%s~%lld", key, (long long)id));
}

const char *
pages_place(struct arena *a, const char *city, const char *country)
{
    const char *name = str_empty(country) ? NULL : countries_name(country);
    if (str_empty(city))
        return name;
    return name ? arena_printf(a, "%s, %s", city, name) : city;
}

void
pages_tabs(struct view *page, const char *href)
{
    struct view *tabs = view_list(page, "tabs"), *overview = view_add_map(tabs),
                *history = view_add_map(tabs);
    view_text(overview, "text", "Overview");
    view_text(overview, "href", href);
    view_bool(overview, "current", true);
    view_text(history, "text", "History");
    view_textf(history, "href", "%s/history", href);
}

void
pages_span(struct ctx *c, struct view *v, const char *from_on, const char *to_on)
{
    char today[DATE_TEXT];
    date_iso(c->today, today);
    view_text(v, "from", date_words_iso(c->mem, from_on));
    view_text(v, "until", date_words_iso(c->mem, to_on));
    view_bool(v, "over", to_on && strcmp(to_on, today) < 0);
}

/* ---- the lists ---- */

/* What differs between the two lists: its address, and the words where it is empty. */
static const struct list_words {
    const char *path, *none, *none_text;
} words_of_kind[] = {
    [PARTY_ORG] =
        {"/organisations", "No organisations yet",
         "Sponsors, hospitals and other places appear here with the studies that name them."},
    [PARTY_PERSON] =
        {"/people", "Nobody yet",
         "Officials, contacts and colleagues appear here with the studies that name them."},
};

static void
add_letters(const char *path, const char *from, struct view *page)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    struct view *pills = view_list(page, "pills"), *p = view_add_map(pills);
    view_text(p, "text", "All");
    view_text(p, "href", path);
    view_bool(p, "current", !from);
    for (const char *l = letters; *l; l++) {
        p = view_add_map(pills);
        view_textf(p, "text", "%c", *l - 'a' + 'A');
        view_textf(p, "href", "%s?from=%c", path, *l);
        view_bool(p, "current", from && from[0] == *l && !from[1]);
    }
}

static void
add_rows(struct ctx *c, const char *path, const struct party_row *x, size_t n, struct view *page)
{
    struct view *rows = view_list(page, "rows");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(rows);
        view_textf(v, "href", "%s/%s", path, x[i].ref);
        view_text(v, "name", x[i].name);
        view_text(v, "city", x[i].city);
        view_text(v, "country", x[i].country ? countries_name(x[i].country) : NULL);
        view_text(v, "affiliation", x[i].affiliation);
    }
}

static void
add_pager(struct ctx *c, const char *path, const struct party_filter *f, const struct party_row *x,
          size_t n, bool more, struct view *page)
{
    struct view *pager = view_map(page, "pager");
    if (more && f->q)
        view_textf(pager, "text", "The %zu best matches. One more word makes it fewer.", n);
    else
        view_textf(pager, "text", "%zu shown", n);
    if (!more || f->q)
        return;
    view_textf(pager, "next", "%s?from=%s&after=%s", path, url_encode(c->mem, str_or(f->from, "")),
               pages_after_text(c, x[n - 1].key, x[n - 1].id));
}

static void
add_empty(const struct list_words *w, const struct party_filter *f, bool create, struct view *page)
{
    struct view *empty = view_map(page, "empty");
    bool asked = f->q || f->from || f->after;
    view_text(empty, "title", asked ? "Nothing fits" : w->none);
    view_text(empty, "text",
              asked ? "Try fewer or shorter words: the beginnings are enough." : w->none_text);
    if (asked) {
        view_text(empty, "href", w->path);
        view_text(empty, "action", "Show all");
    } else if (create) {
        view_text(empty, "href", w->path[1] == 'o' ? "/organisations/new" : "/people/new");
        view_text(empty, "action", "Write one down");
    }
}

static err_t
list_page(struct ctx *c, struct req *r, enum party_kind kind, struct view *page)
{
    const struct list_words *w = &words_of_kind[kind];
    struct party_filter f = {.q = req_query(r, "q")};
    const char *from = req_query(r, "from");
    if (str_empty(f.q))
        f.q = NULL;
    if (!f.q && !str_empty(from))
        f.from = utf8_fold(c->mem, from);
    if (!f.q)
        pages_after(c, r, "after", &f.after, &f.after_id);
    struct sight s = sight_of(c);
    struct party_row *x;
    size_t n;
    bool more, create = may(c->who, PERM_SHARED_CREATE, NULL);
    TRY(party_list(c, &s, kind, &f, &x, &n, &more));
    view_text(page, "q", f.q);
    add_letters(w->path, f.from, page);
    add_rows(c, w->path, x, n, page);
    if (n)
        add_pager(c, w->path, &f, x, n, more, page);
    else
        add_empty(w, &f, create, page);
    view_bool(page, "may_create", create);
    return NULL;
}

err_t
page_orgs(struct ctx *c, struct req *r, struct view *page)
{
    return list_page(c, r, PARTY_ORG, page);
}

err_t
page_persons(struct ctx *c, struct req *r, struct view *page)
{
    return list_page(c, r, PARTY_PERSON, page);
}
