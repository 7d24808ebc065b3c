/* import_sites.c: rows of a list of sites against the sites of the study: which are new, what they say
 * anew of openings, goals and suspensions, and what contradicts. See import.h. Reads only. */
#include "features/recruitment/import.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"

#include <string.h>

struct work {
    struct ctx *c;
    const struct import_plan *p;
    struct matched m;
};

static const enum columns_field column_of[PLACE_COUNT] = {
    COLUMNS_SITE,   COLUMNS_SITE_NAME,       COLUMNS_SITE_NAME, COLUMNS_CITY, COLUMNS_COUNTRY,
    COLUMNS_PLANNED_OPENING, COLUMNS_OPENED, COLUMNS_CLOSED,    COLUMNS_GOAL, COLUMNS_CAP,
};

static void
refuse(struct work *w, const struct import_site *x, enum columns_field f, const char *value, const char *why)
{
    import_refuse(&w->m.refused, x->line, import_column(&w->p->look, f), value, "%s", why);
}

/* Its number; what is called as its number; then, among sites without a number, its name. */
static bool
find(struct work *w, const struct import_site *x, size_t *ret, const char **ret_why)
{
    struct places *places = &w->m.places;
    const char *country = x->v[PLACE_COUNTRY];
    size_t n = 0;
    if (x->site && places_numbered(places, x->site, ret)) {
        *ret_why = places_clash(places, *ret, country);
        return !*ret_why;
    }
    if (x->site)
        n = places_called(places, x->site, country, false, ret);
    if (n == 0 && x->name)
        n = places_called(places, x->name, country, x->site != NULL, ret);
    if (n > 1)
        *ret_why = places_too_many(places, n);
    if (n > 0)
        return n == 1;
    return places_make(places, ret, ret_why);
}

static void
make(struct work *w, struct place *s, const struct import_site *x)
{
    struct arena *a = w->c->mem;
    s->v[PLACE_NUMBER] = x->site;
    s->v[PLACE_FACILITY] = x->name;
    s->v[PLACE_CITY] = x->v[PLACE_CITY];
    s->v[PLACE_COUNTRY] = x->v[PLACE_COUNTRY];
    s->number = x->site ? utf8_fold(a, x->site) : "";
    s->facility = x->name ? utf8_fold(a, x->name) : "";
    s->org_name = str_or(x->name, x->site);
}

/* Before a site is first changed, what it was is kept. */
static void
set(struct work *w, struct place *s, int value, const char *new_value)
{
    if (str_eq(s->v[value], new_value))
        return;
    if (s->id && !s->was) {
        s->was = arena_copy(w->c->mem, s, sizeof *s);
        w->m.changed++;
    }
    if (s->id && s->v[value] && value != PLACE_LABEL)
        w->m.needs_reason = true;
    s->v[value] = new_value;
}

/* What a place is must not change under a list of openings; what it lacks is filled in. */
static void
describe(struct work *w, struct place *s, const struct import_site *x)
{
    struct arena *a = w->c->mem;
    static const int fixed[] = {PLACE_CITY, PLACE_COUNTRY};
    for (size_t i = 0; i < 2; i++) {
        const char *new_value = x->v[fixed[i]], *old = s->v[fixed[i]];
        if (!new_value)
            continue;
        if (!old)
            set(w, s, fixed[i], new_value);
        else if (strcmp(utf8_fold(a, old), utf8_fold(a, new_value)) != 0)
            refuse(w, x, column_of[fixed[i]], new_value,
                   arena_printf(a, "The %s of site %s is %s.", place_words[fixed[i]], place_title(a, s), old));
    }
    const char *label = s->v[PLACE_LABEL];
    if (x->site && !s->v[PLACE_NUMBER]) {
        set(w, s, PLACE_NUMBER, x->site);
        s->number = utf8_fold(a, x->site);
    }
    const char *fold = x->name ? utf8_fold(a, x->name) : "";
    if (x->name && strcmp(fold, s->label) != 0 && strcmp(fold, s->facility) != 0 && strcmp(fold, s->org) != 0 &&
        (!label || str_eq(label, s->v[PLACE_NUMBER]))) {
        set(w, s, PLACE_LABEL, x->name);
        s->label = fold;
    }
}

/* Several rows of one site, for its suspensions, must not contradict each other. */
static void
open_and_close(struct work *w, struct place *s, const struct import_site *x)
{
    for (int i = PLACE_PLAN; i < PLACE_COUNT; i++) {
        const char *new_value = x->v[i];
        if (!new_value)
            continue;
        if (s->said[i] && !str_eq(s->v[i], new_value))
            refuse(w, x, column_of[i], new_value,
                   arena_printf(w->c->mem, "Row %zu says %s of the same site.", s->said[i], s->v[i]));
        else
            set(w, s, i, new_value);
        if (!s->said[i])
            s->said[i] = x->line;
    }
    if (s->v[PLACE_OPENED] && s->v[PLACE_CLOSED] && strcmp(s->v[PLACE_CLOSED], s->v[PLACE_OPENED]) < 0)
        refuse(w, x, COLUMNS_CLOSED, s->v[PLACE_CLOSED],
               arena_printf(w->c->mem, "The closing lies before the opening of %s.", s->v[PLACE_OPENED]));
}

static void
suspend(struct work *w, struct place *s, const struct import_site *x)
{
    if (!x->from)
        return;
    for (struct place_pause *old = s->pauses; old; old = old->next) {
        if (strcmp(old->from, x->from) != 0)
            continue;
        if (x->to && !str_eq(old->to, x->to)) {
            w->m.needs_reason |= old->id && old->to;
            old->was = old->to;
            old->to = x->to;
            old->changed = true;
            w->m.pauses++;
        }
        return;
    }
    struct place_pause *n = arena_alloc(w->c->mem, sizeof *n);
    *n = (struct place_pause){.from = x->from, .to = x->to, .next = s->pauses};
    s->pauses = n;
    w->m.pauses++;
}

static void
take(struct work *w, const struct import_site *x)
{
    size_t at, before = w->m.places.n_made;
    const char *why;
    if (!find(w, x, &at, &why)) {
        refuse(w, x, x->site ? COLUMNS_SITE : COLUMNS_SITE_NAME, str_or(x->site, x->name), why);
        return;
    }
    struct place *s = &w->m.places.v[at];
    int64_t pauses = w->m.pauses;
    bool made = w->m.places.n_made > before;
    if (made)
        make(w, s, x);
    else
        describe(w, s, x);
    open_and_close(w, s, x);
    suspend(w, s, x);
    w->m.added += made;
    w->m.known += !made && pauses == w->m.pauses && !s->was;
}

err_t
match_sites(struct ctx *c, const struct import_plan *p, struct matched *ret)
{
    struct work w = {.c = c, .p = p, .m.refused.mem = c->mem};
    TRY(places_load(c, p->how.study, &w.m.places));
    for (size_t i = 0; i < p->n_sites; i++)
        take(&w, &p->sites[i]);
    w.m.differs = w.m.added || w.m.changed || w.m.pauses;
    *ret = w.m;
    return NULL;
}
