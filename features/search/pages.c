/* pages.c: the search page: parse, find, view. */
#include "features/search/pages.h"

#include "base/str.h"
#include "base/utf8.h"
#include "core/countries.h"
#include "features/people/people.h"
#include "features/search/find.h"
#include "features/studies/studies.h"

#include <string.h>

struct found {
    struct ctx *c;
    struct view *groups;
    const char *q;
    size_t shown;
};

static struct view *
add_group(struct found *f, const char *title, size_t n, bool more)
{
    struct view *group = view_add_map(f->groups);
    view_text(group, "title", title);
    view_int(group, "n", (int64_t)n);
    view_bool(group, "more", more);
    f->shown += n;
    return view_list(group, "rows");
}

static void
add_row(struct view *rows, const char *href, const char *title, const char *more)
{
    struct view *v = view_add_map(rows);
    view_text(v, "href", href);
    view_text(v, "title", title);
    view_text(v, "more", more);
}

static void
add_study(struct found *f, struct view *rows, const struct search_studies_row *x)
{
    struct arena *a = f->c->mem;
    struct buf b;
    buf_init(&b, a);
    buf_str(&b, x->code);
    const char *parts[] = {x->acronym, study_words("status", x->status), x->sponsor_name};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (!str_empty(parts[i]))
            buf_printf(&b, " · %s", parts[i]);
    }
    add_row(rows, arena_printf(a, "/studies/%s", x->code), utf8_cut(a, x->title, STUDY_TITLE_SHOWN), buf_text(&b));
}

/* A number leads straight to its study, which then is not found a second time by its words. */
static err_t
add_studies(struct found *f, bool words)
{
    struct search_studies_row *exact, *x;
    int64_t known[FIND_MOST];
    size_t n_exact, n = 0;
    bool more = false;
    TRY(find_by_number(f->c, f->q, &exact, &n_exact));
    for (size_t i = 0; i < n_exact; i++)
        known[i] = exact[i].id;
    if (n_exact) {
        struct view *rows = add_group(f, "This number", n_exact, false);
        for (size_t i = 0; i < n_exact; i++)
            add_study(f, rows, &exact[i]);
    }
    if (words)
        TRY(find_by_words(f->c, f->q, known, n_exact, &x, &n, &more));
    if (n) {
        struct view *rows = add_group(f, "Studies", n, more);
        for (size_t i = 0; i < n; i++)
            add_study(f, rows, &x[i]);
    }
    return NULL;
}

static err_t
add_parties(struct found *f, const struct sight *s, enum party_kind kind)
{
    struct arena *a = f->c->mem;
    struct party_row *x;
    size_t n;
    bool more;
    TRY(party_list(f->c, s, kind, &(struct party_filter){.q = f->q, .most = FIND_MOST}, &x, &n,
                   &more));
    if (n == 0)
        return NULL;
    bool org = kind == PARTY_ORG;
    struct view *rows = add_group(f, org ? "Sites and organisations" : "People", n, more);
    for (size_t i = 0; i < n; i++) {
        const char *country = x[i].country ? countries_name(x[i].country) : NULL;
        const char *place = str_empty(x[i].city) ? country
                            : country            ? arena_printf(a, "%s, %s", x[i].city, country)
                                                 : x[i].city;
        add_row(rows, arena_printf(a, "%s/%s", org ? "/organisations" : "/people", x[i].ref),
                x[i].name, org ? place : x[i].affiliation);
    }
    return NULL;
}

/* What a screen reader is told, and what stands where nothing was found. */
static void
add_outcome(const struct found *f, bool words, struct view *page)
{
    if (f->shown) {
        view_textf(page, "say", "%zu found", f->shown);
        return;
    }
    struct view *empty = view_map(page, "empty");
    view_bool(empty, "icon_search", true);
    view_text(empty, "title", words ? "Nothing found" : "One more letter, please");
    view_text(empty, "text",
              words ? "Nothing that you may see has these words. The beginnings of words are "
                      "enough; fewer words find more."
                    : "Finding begins with two letters.");
    view_text(page, "say", view_get_text(empty, "title"));
}

/* Nothing asked yet: what can be asked. */
static void
add_hint(struct view *page)
{
    struct view *empty = view_map(page, "empty");
    view_bool(empty, "icon_search", true);
    view_text(empty, "title", "What are you looking for?");
    view_text(empty, "text", "A word of a title, a condition, a hospital, a city, a person or a number such as NCT05280470. "
                             "The beginning of a word is enough.");
}

err_t
page_search(struct ctx *c, struct req *r, struct view *page)
{
    const char *typed = req_query(r, "q");
    const char *q = str_squeeze(c->mem, utf8_cut(c->mem, str_or(typed, ""), 200));
    struct found f = {.c = c, .q = q, .groups = view_list(page, "groups")};
    view_text(page, "q", typed);
    if (str_empty(q)) {
        add_hint(page);
        return NULL;
    }
    bool words = utf8_length(utf8_fold(c->mem, q)) >= FIND_WORDS_LEAST;
    TRY(add_studies(&f, words));
    if (words) {
        struct sight s = sight_of(c);
        TRY(add_parties(&f, &s, PARTY_ORG));
        TRY(add_parties(&f, &s, PARTY_PERSON));
    }
    add_outcome(&f, words, page);
    return NULL;
}
