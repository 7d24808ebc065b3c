/* pages_list.c: the portfolio page and its CSV: parse, query, view. */
#include "base/csv.h"
#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/countries.h"
#include "core/record.h"
#include "features/studies/list.h"
#include "features/studies/pages.h"
#include "features/studies/studies.h"

#include <stdlib.h>
#include <string.h>

static const struct sort {
    const char *name, *text;
    int order;
} sorts[] = {
    {"updated", "Last updated", STUDY_PORTFOLIO_BY_UPDATED},
    {"title", "Title", STUDY_PORTFOLIO_BY_TITLE},
    {"start", "Start", STUDY_PORTFOLIO_BY_START},
    {"size", "Participants planned", STUDY_PORTFOLIO_BY_SIZE},
};
static const struct group {
    const char *name, *label, *all, *set;
} groups[LIST_FACETS] = {
    {"phase", "Phase", "All phases", "phase"},
    {"status", "Status", "Any status", "status"},
    {"country", "Country", "All countries", NULL},
    {"sponsor", "Sponsor", "All kinds", "class"},
};

typedef const char *get_value(const struct req *r, const char *name);

static const struct sort *
sort_of(const char *name)
{
    for (size_t i = 0; name && i < COUNT_OF(sorts); i++) {
        if (strcmp(sorts[i].name, name) == 0)
            return &sorts[i];
    }
    return &sorts[0];
}

/* The filter that the address (or the export's form) holds. */
static struct list_filter
filter_of(struct ctx *c, const struct req *r, get_value *get)
{
    struct list_filter f = {.q = get(r, "q"), .order = sort_of(get(r, "sort"))->order};
    size_t n = 0;
    for (size_t i = 0; i < LIST_FACETS; i++) {
        const char *v = get(r, groups[i].name);
        if (!str_empty(v))
            f.facet[n++] = arena_printf(c->mem, "%s=%s", groups[i].name, v);
    }
    const char *after = get(r, "after"), *tilde = after ? strrchr(after, '~') : NULL;
    if (tilde && str_int(tilde + 1, &f.after_id))
        f.after = arena_strndup(c->mem, after, (size_t)(tilde - after));
    return f;
}

static const char *
facet_words(const struct group *g, const char *value)
{
    if (g->set)
        return strcmp(value, "none") == 0 ? "Not said" : study_words(g->set, value);
    return countries_name(value);
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(((const struct list_total *)a)->facet, ((const struct list_total *)b)->facet);
}

/* One <select> with the values that exist and how many studies have each. */
static void
add_select(struct ctx *c, const struct req *r, struct view *filters, const struct group *g,
           struct list_total *totals, size_t n)
{
    struct view *s = view_add_map(filters);
    view_text(s, "name", g->name);
    view_text(s, "label", g->label);
    struct view *options = view_list(s, "options"), *o = view_add_map(options);
    view_text(o, "value", "");
    view_text(o, "text", g->all);
    const char *chosen = str_or(req_query(r, g->name), "");
    size_t len = strlen(g->name);
    for (size_t i = 0; i < n; i++) {
        if (strncmp(totals[i].facet, g->name, len) != 0 || totals[i].facet[len] != '=')
            continue;
        const char *value = totals[i].facet + len + 1;
        o = view_add_map(options);
        view_text(o, "value", value);
        view_textf(o, "text", "%s (%lld)", facet_words(g, value), (long long)totals[i].n);
        view_bool(o, "selected", strcmp(value, chosen) == 0);
    }
}

static void
add_sort(const struct req *r, struct view *filters)
{
    struct view *s = view_add_map(filters);
    view_text(s, "name", "sort");
    view_text(s, "label", "Order");
    struct view *options = view_list(s, "options");
    const struct sort *chosen = sort_of(req_query(r, "sort"));
    for (size_t i = 0; i < COUNT_OF(sorts); i++) {
        struct view *o = view_add_map(options);
        view_text(o, "value", sorts[i].name);
        view_text(o, "text", sorts[i].text);
        view_bool(o, "selected", chosen == &sorts[i]);
    }
}

const char *
pages_phases(struct arena *a, const char *phases)
{
    if (str_empty(phases))
        return NULL;
    struct buf b;
    buf_init(&b, a);
    size_t n;
    char **phase = str_split(a, phases, '|', &n);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", study_words("phase", phase[i]));
    return buf_text(&b);
}

static void
add_row(struct ctx *c, struct view *rows, const struct study_rows_row *x)
{
    struct view *row = view_add_map(rows);
    view_text(row, "href", arena_printf(c->mem, "/studies/%s", x->code));
    view_text(row, "code", x->code);
    view_text(row, "title", utf8_cut(c->mem, x->title, STUDY_TITLE_SHOWN));
    view_text(row, "acronym", x->acronym);
    view_text(row, "status", study_words("status", x->status));
    view_bool(row, "recruiting", str_eq(x->status, "RECRUITING"));
    view_bool(row, "stopped", str_eq(x->status, "TERMINATED") || str_eq(x->status, "SUSPENDED") || str_eq(x->status, "WITHDRAWN"));
    view_text(row, "phases", pages_phases(c->mem, x->phases));
    if (!x->enrolment_null)
        view_int(row, "enrolment", x->enrolment);
    view_bool(row, "planned", str_eq(x->enrolment_type, "ESTIMATED"));
    view_text(row, "sponsor", x->sponsor_name);
    view_int(row, "sites", x->n_sites);
    view_int(row, "countries", x->n_countries);
    view_text(row, "start", *x->start_key ? date_words_iso(c->mem, x->start_key) : NULL);
}

static void
url_part(struct buf *b, const char *s)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *s; s++) {
        if (strchr(plain, *s))
            buf_char(b, *s);
        else
            buf_printf(b, "%%%02X", (unsigned char)*s);
    }
}

/* The address of this list again, from the row after `after`. */
static const char *
next_href(struct ctx *c, const struct req *r, const char *after)
{
    struct buf b;
    buf_init(&b, c->mem);
    buf_str(&b, "/studies?");
    for (size_t i = 0; i < req_query_count(r); i++) {
        const char *name, *value;
        req_query_at(r, i, &name, &value);
        if (strcmp(name, "after") == 0 || !*value)
            continue;
        url_part(&b, name);
        buf_char(&b, '=');
        url_part(&b, value);
        buf_char(&b, '&');
    }
    buf_str(&b, "after=");
    url_part(&b, after);
    return buf_text(&b);
}

static void
add_pager(struct ctx *c, const struct req *r, const struct list_filter *f,
          const struct study_rows_row *rows, size_t n, bool more, struct view *page)
{
    struct view *pager = view_map(page, "pager");
    if (more && str_empty(f->q)) {
        const struct study_rows_row *last = &rows[n - 1];
        view_text(pager, "next", next_href(c, r, arena_printf(c->mem, "%s~%lld", list_key(last, f->order), (long long)last->id)));
    }
    if (more && f->q)
        view_textf(pager, "text", "The %zu best matches. One more word makes it fewer.", n);
    else
        view_textf(pager, "text", "%zu shown", n);
}

static void
add_empty(struct ctx *c, const struct list_filter *f, struct view *page)
{
    struct view *empty = view_map(page, "empty");
    if (f->q || f->facet[0]) {
        view_text(empty, "title", "No study fits");
        view_text(empty, "text", "Try fewer words, or take a filter away.");
        view_text(empty, "href", "/studies");
        view_text(empty, "action", "Show all");
        return;
    }
    view_text(empty, "title", "No studies yet");
    view_text(empty, "text", "Bring one in from the public registry, or write one down by hand. It appears here with its sites and people.");
    if (may(c->who, PERM_REGISTRY_IMPORT, NULL)) {
        view_text(empty, "href", "/import/registry");
        view_text(empty, "action", "Bring in from the registry");
    }
}

err_t
page_portfolio(struct ctx *c, struct req *r, struct view *page)
{
    struct list_filter f = filter_of(c, r, req_query);
    struct study_rows_row *rows;
    struct list_total *totals;
    size_t n, n_totals;
    bool more;
    TRY(list_page(c, &f, &rows, &n, &more));
    TRY(list_totals(c, &totals, &n_totals));
    if (n_totals)
        qsort(totals, n_totals, sizeof *totals, by_text);
    view_int(page, "total", n_totals && !*totals[0].facet ? totals[0].n : 0);
    view_text(page, "q", f.q);
    struct view *filters = view_list(page, "filters");
    for (size_t i = 0; i < LIST_FACETS; i++)
        add_select(c, r, filters, &groups[i], totals, n_totals);
    add_sort(r, filters);
    struct view *list = view_list(page, "rows");
    for (size_t i = 0; i < n; i++)
        add_row(c, list, &rows[i]);
    if (n)
        add_pager(c, r, &f, rows, n, more, page);
    else
        add_empty(c, &f, page);
    view_bool(page, "may_create", may(c->who, PERM_STUDY_CREATE, NULL));
    view_bool(page, "may_import", may(c->who, PERM_REGISTRY_IMPORT, NULL));
    struct view *kept = view_list(page, "kept_filters");
    for (size_t i = 0; i < req_query_count(r); i++) {
        const char *name, *value;
        req_query_at(r, i, &name, &value);
        struct view *k = view_add_map(kept);
        view_text(k, "name", name);
        view_text(k, "value", value);
    }
    return NULL;
}

static void
csv_row(struct buf *b, const struct study_rows_row *x)
{
    csv_cell(b, x->code);
    csv_cell(b, x->title);
    csv_cell(b, x->status);
    csv_cell(b, x->phases);
    csv_cell(b, x->sponsor_name);
    csv_cell(b, x->sponsor_class);
    csv_cell(b, x->start_key);
    if (x->enrolment_null)
        csv_cell(b, NULL);
    else
        csv_int(b, x->enrolment);
    csv_int(b, x->n_sites);
    csv_int(b, x->n_countries);
    csv_end(b);
}

/* An export is noted in the record, therefore a POST. */
err_t
page_portfolio_export(struct ctx *c, struct req *r, struct view *page)
{
    enum { MOST = 100000 };
    struct list_filter f = filter_of(c, r, req_form);
    f.after = NULL;
    struct buf b;
    buf_init(&b, c->mem);
    buf_str(&b, "code,title,status,phases,sponsor,sponsor_class,start,participants,sites,countries\r\n");
    bool more = true;
    for (size_t total = 0; more && total < MOST;) {
        struct study_rows_row *rows;
        size_t n;
        TRY(list_page(c, &f, &rows, &n, &more));
        for (size_t i = 0; i < n; i++)
            csv_row(&b, &rows[i]);
        total += n;
        if (n == 0 || f.q)
            break;
        f.after = list_key(&rows[n - 1], f.order);
        f.after_id = rows[n - 1].id;
        if (arena_full(c->mem))
            return err_new(c->mem, E_TOO_LARGE, "The list is too long for one file. Use a filter.");
    }
    record_event(c);
    req_body(r, "text/csv; charset=utf-8", "studies.csv", buf_text(&b), b.len);
    return NULL;
}
