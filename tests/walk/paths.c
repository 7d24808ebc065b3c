/* paths.c: see paths.h. */
#include "paths.h"

#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/feature.h"
#include "http/url.h"

#include <string.h>

/* ---- addresses ---- */

static void
fill(struct world *w, struct path *p, const char *rest, struct buf *text, path_fn *fn, void *arg)
{
    const char *brace = strchr(rest, '{');
    if (!brace) {
        struct path whole = *p;
        whole.text = arena_printf(w->mem, "%s%s", buf_text(text), rest);
        fn(w, &whole, arg);
        return;
    }
    size_t n = strcspn(brace + 1, "}"), found = 0;
    char *param = arena_strndup(w->mem, brace + 1, n);
    for (size_t i = 0; i < w->n_targets; i++) {
        const struct target *t = &w->target[i];
        if (strcmp(t->param, param) != 0)
            continue;
        found++;
        struct path next = *p;
        next.named[next.n_named++] = t;
        struct buf longer;
        buf_init(&longer, w->mem);
        buf_str(&longer, buf_text(text));
        buf_add(&longer, rest, (size_t)(brace - rest));
        buf_str(&longer, t->value);
        fill(w, &next, brace + 2 + n, &longer, fn, arg);
    }
    if (!found)
        fail_msg("%s: the world of the walk has nothing for {%s}", p->route->path, param);
}

void
paths_each(struct world *w, const struct route *r, path_fn *fn, void *arg)
{
    struct path p = {.route = r};
    struct buf empty;
    buf_init(&empty, w->mem);
    fill(w, &p, r->path, &empty, fn, arg);
}

/* ---- what the declared table says ---- */

enum verdict
path_verdict(const struct path *p, const struct actor *a)
{
    enum perm perm = (enum perm)p->route->perm;
    struct thing t = {0};
    bool other = false, hidden = false;
    if (perm != PERM_PUBLIC && a->nobody)
        return MUST_SIGN_IN;
    if (str_starts(p->route->path, "/demo/")) /* this is no demonstration */
        return MUST_NOT_KNOW;
    for (size_t i = 0; i < p->n_named; i++) {
        const struct target *x = p->named[i];
        bool study = strcmp(x->param, "study") == 0, site = strcmp(x->param, "site") == 0;
        if (study || site) {
            if (!x->there || (site && x->thing.study != t.study))
                return MUST_NOT_KNOW;
            t = x->thing;
            if (!may(a->who, study ? PERM_STUDY_READ : PERM_SITE_READ, &t))
                return MUST_NOT_KNOW;
        } else if (x->side == SIDE_B && a->side == SIDE_A) {
            hidden = true;
        } else {
            other = true;
        }
    }
    bool may_do = may(a->who, perm, t.study ? &t : NULL);
    if (hidden) /* what stands in a study is looked for after the permission in that study */
        return may_do || !t.study ? MUST_NOT_KNOW : MUST_NOT_DO;
    if (other) /* their own resolvers and handlers say more */
        return may_do || !t.study ? MAY_OR_NOT : MUST_NOT_DO;
    return may_do ? MAY_DO : MUST_NOT_DO;
}

static bool
is_done(int status)
{
    return status == 200 || status == 303 || status == 409 || status == 422;
}

bool
path_status_fits(enum verdict v, const struct path *p, const struct http_answer *answer)
{
    int s = answer->status;
    switch (v) {
    case MUST_SIGN_IN:
        return s == 401 || (s == 303 && str_starts(answer->location, "/sign-in"));
    case MUST_NOT_KNOW:
        return s == 404;
    case MUST_NOT_DO:
        return s == 403;
    case MAY_DO: /* 429: the brake, when the walk signs in wrongly again and again */
        return is_done(s) || (s == 429 && strcmp(p->route->path, "/sign-in") == 0);
    case MAY_OR_NOT: /* 429: too much by one link in a day */
        return is_done(s) || s == 403 || s == 404 || (s == 429 && str_starts(p->route->path, "/a/"));
    }
    return false;
}

/* ---- forms ---- */

/* Values that a check of the form asks for; {n} becomes a number that is new each time, {org} the
 * shared hospital. */
static const struct {
    const char *path, *field, *value;
} special[] = {
    {"/studies/new", "code", "WALK-{n}"},
    {"/studies/from-tracker", "code", "TRACK-{n}"},
    {"/studies/{study}/imports/new", "kind", "enrolment"},
    {"/studies/{study}/imports/draft/{draft}", "do", "take"},
    {"/studies/{study}/imports/draft/{draft}", "sheet", ""},
    {"/studies/{study}/imports/draft/{draft}", "dates", ""},
    {"/studies/{study}/team", "email", "dummy@plain.example"},
    {"/studies/{study}/team", "role", "cta"},
    {"/studies/{study}/team", "compartment", "open"},
    {"/users", "email", "new{n}@plain.example"},
    {"/me/notices", "at", "07:00"},
    {"/me/notices", "quiet_from", "21:00"},
    {"/me/notices", "quiet_until", "07:00"},
    {"/me/notices", "zone", "Europe/Lisbon"},
    {"/me/contact", "phone", "+44 113 496 {n}"},
    {"/users/{user}/grant", "role", "director"},
    {"/sign-in", "email", "nobody{n}@plain.example"},
    {"/studies/{study}/plan", "points", "2026-03 4{n}"},
    {"/people/{person}/ties", "kind", "employment"},
    {"/people/{person}/ties", "with", "organisation:{org}"},
    {"/studies/{study}/sites/{site}/contacts", "with", ""},
    {"/studies/{study}/sites/{site}/contacts/{contact}", "with", ""},
    {"/studies/{study}/sites/{site}/contacts/{contact}", "way", "call"},
    {"/studies/{study}/sites/{site}/contacts/{contact}", "day", "2026-01-05"},
    {"/organisations/new", "kind", "site"},
    {"/organisations/{org}/edit", "kind", "site"},
    {"/studies/{study}/playbook", "event", "visit.ended"},
    {"/studies/{study}/playbook", "key", "report"},
    {"/studies/{study}/playbook", "owing", "cra"},
    {"/studies/{study}/playbook", "asking", "study_manager"},
    {"/studies/{study}/playbook", "unit", "business"},
    {"/studies/{study}/playbook", "calendar", "owing"},
    {"/studies/{study}/playbook", "n", "6"},
    {"/studies/{study}/playbook", "hours", "4"},
    {"/studies/{study}/queries/import", "only", ""},
    {"/studies/{study}/queries/import", "dates", ""},
    {"/my-load/hours", "hours", "36"},
    {"/my-load/kind", "kind", "letter"},
    {"/my-load/kind", "each", "1.5"},
    {"/due/{due}/hours", "estimated", "2"},
    {"/due/{due}/hours", "spent", ""},
    {"/studies/{study}/playbook", "off", ""},
    {"/studies/{study}/events", "event", "invoice.received"},
    {"/studies/{study}/events", "time", ""},
    {"/studies/{study}/visits/sections", "kind", "imv"},
    {"/studies/{study}/ladder", "after", "3"},
    {"/studies/{study}/ladder", "role", "study_manager"},
    {"/studies/{study}/sites/{site}/delegation", "to_on", ""},
    {NULL, "status", "RECRUITING"},
    {NULL, "country", "GB"},
    {NULL, "minimum_age", "18 Years"},
    {NULL, "maximum_age", "65 Years"},
    {NULL, "phases", "PHASE2"},
    {NULL, "site", ""},
    {NULL, "failure_planned", "0.{n}"},
    {NULL, "sort", "title"},
    {NULL, "zone", "Europe/Berlin"},
    {NULL, "next", "/studies"},
};

static const char *
filled_in(struct world *w, struct arena *a, const char *text, int n)
{
    const char *at = strchr(text, '{');
    if (!at)
        return text;
    const char *with = arena_printf(a, "%d", n);
    for (size_t i = 0; str_starts(at, "{org}") && i < w->n_targets; i++) {
        if (strcmp(w->target[i].param, "org") == 0 && w->target[i].side == SIDE_NONE)
            with = w->target[i].value;
    }
    return arena_printf(a, "%.*s%s%s", (int)(at - text), text, with, strchr(at, '}') + 1);
}

static const char *
date_from_today(struct world *w, struct arena *a, int days)
{
    char iso[DATE_TEXT];
    date_iso(w->o.ctx.today + days, iso);
    return arena_strdup(a, iso);
}

static const char *
value_of(struct world *w, struct arena *a, const struct route *r, const struct field *f, const char *word, int n)
{
    for (size_t i = 0; i < COUNT_OF(special); i++) {
        if ((!special[i].path || strcmp(special[i].path, r->path) == 0) && strcmp(special[i].field, f->name) == 0)
            return filled_in(w, a, special[i].value, n);
    }
    switch (f->kind) {
    case FIELD_INT:
        return arena_printf(a, "%lld", (long long)(f->least + 1 + n));
    case FIELD_REAL:
        return arena_printf(a, "%d.5", n);
    case FIELD_DATE:
        return date_from_today(w, a, strcmp(f->name, "until") == 0 || strcmp(f->name, "to") == 0 ? 10 + n % 200 : n % 10 - 5);
    case FIELD_EMAIL:
        return arena_printf(a, "%s%d@plain.example", word, n);
    case FIELD_PASSWORD:
        return arena_printf(a, "%s not the right words %d", word, n);
    case FIELD_CHOICE:
        return f->choices[n % 2 && f->choices[1] ? 1 : 0];
    case FIELD_BOOL:
        return "1";
    case FIELD_TEXT:
    case FIELD_LONG:
    case FIELD_HIDDEN:
        return arena_printf(a, "%s %d", word, n);
    case FIELD_FILE:
        return NULL;
    }
    return NULL;
}

static const char file_mark[] = "=_walk_=";

/* The file that a route takes: a registry's record, a country's holidays, or a log with one participant. */
static const char *
file_text(struct world *w, struct arena *a, const struct route *r, const char *word, int n)
{
    if (strcmp(r->path, "/import/registry") == 0)
        return world_study(w, a, arena_printf(a, "NCT1%07d", n), word, word, "2026-01-05");
    if (strcmp(r->path, "/calendars") == 0)
        return arena_printf(a, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260504\r\nSUMMARY:%s %d\r\n"
                               "END:VEVENT\r\nEND:VCALENDAR\r\n", word, n);
    if (strcmp(r->path, "/studies/{study}/queries/import") == 0)
        return arena_printf(a, "query id,site,opened\r\n%s-%d,Leeds General Infirmary,2026-01-05\r\n", word, n);
    return arena_printf(a, "site,subject,randomisation date\r\nLeeds General Infirmary,%s-%d,2026-01-05\r\n", word, n);
}

static void
add_part(struct buf *b, const char *name, const char *file_name, const char *value)
{
    buf_printf(b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", file_mark, name);
    if (file_name)
        buf_printf(b, "; filename=\"%s\"\r\nContent-Type: application/octet-stream", file_name);
    buf_printf(b, "\r\n\r\n%s\r\n", value);
}

static void
add_value(struct arena *a, struct buf *b, bool parts, const char *name, const char *value)
{
    if (parts)
        add_part(b, name, NULL, value);
    else
        buf_printf(b, "%s%s=%s", b->len ? "&" : "", name, url_encode(a, value));
}

struct filled
path_form(struct world *w, struct arena *a, const struct route *r, const char *word, int n)
{
    struct buf b;
    buf_init(&b, a);
    bool parts = r->flags & ROUTE_UPLOAD;
    for (const struct field *f = r->form; f && f->name; f++) {
        if (strchr(f->name, '*') || strcmp(f->name, "reason") == 0)
            continue;
        if (f->kind == FIELD_FILE) {
            add_part(&b, f->name, strcmp(r->path, "/import/registry") == 0 ? "walk.json" : "walk.csv", file_text(w, a, r, word, n));
            continue;
        }
        const char *value = value_of(w, a, r, f, word, n);
        size_t most = f->max ? f->max : 200;
        add_value(a, &b, parts, f->name, utf8_length(value) > most ? arena_strndup(a, value, most) : value);
    }
    add_value(a, &b, parts, "reason", arena_printf(a, "%s because %d", word, n));
    if (!parts)
        return (struct filled){buf_text(&b), NULL};
    buf_printf(&b, "--%s--\r\n", file_mark);
    return (struct filled){buf_text(&b), arena_printf(a, "multipart/form-data; boundary=\"%s\"", file_mark)};
}
