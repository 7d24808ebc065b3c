/* import_match.c: which site of the study a label means. Its number first, then its name and country,
 * all folded and exact; else a site of that label is to be made. See import.h. Reads only. */
#include "features/recruitment/import.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/countries.h"
#include "db/db.h"
#include "features/recruitment/recruitment_import_sql.h"
#include "features/studies/studies.h"

#include <string.h>

/* ---- text to number ---- */

struct map_slot {
    const char *key;
    size_t value;
};
struct map {
    struct arena *mem;
    struct map_slot *slot;
    size_t n, size; /* size: a power of two */
};

struct map *
map_new(struct arena *a)
{
    struct map *m = arena_alloc(a, sizeof *m);
    *m = (struct map){.mem = a, .size = 64, .slot = arena_alloc(a, 64 * sizeof *m->slot)};
    return m;
}

static size_t
slot_of(const struct map_slot *slot, size_t size, const char *key)
{
    uint64_t h = 1469598103934665603u;
    for (const char *p = key; *p; p++)
        h = (h ^ (unsigned char)*p) * 1099511628211u;
    size_t i = (size_t)(h ^ h >> 32) & (size - 1);
    while (slot[i].key && strcmp(slot[i].key, key) != 0)
        i = (i + 1) & (size - 1);
    return i;
}

bool
map_get(const struct map *m, const char *key, size_t *ret)
{
    size_t i = slot_of(m->slot, m->size, key);
    if (!m->slot[i].key)
        return false;
    *ret = m->slot[i].value;
    return true;
}

void
map_set(struct map *m, const char *key, size_t value)
{
    if (m->n * 2 >= m->size) {
        size_t size = m->size * 2;
        struct map_slot *slot = arena_alloc(m->mem, size * sizeof *slot);
        for (size_t i = 0; i < m->size; i++) {
            if (m->slot[i].key)
                slot[slot_of(slot, size, m->slot[i].key)] = m->slot[i];
        }
        m->slot = slot;
        m->size = size;
    }
    size_t i = slot_of(m->slot, m->size, key);
    m->n += !m->slot[i].key;
    m->slot[i] = (struct map_slot){key, value};
}

/* ---- the sites of a study ---- */

static const char *
folded(struct arena *a, const char *s)
{
    return s ? utf8_fold(a, s) : "";
}

static struct place *
places_add(struct places *p)
{
    if (p->n == p->size) {
        size_t size = p->size ? p->size * 2 : 64;
        struct place *v = arena_alloc(p->c->mem, size * sizeof *v);
        if (p->n)
            memcpy(v, p->v, p->n * sizeof *v);
        p->v = v;
        p->size = size;
    }
    p->v[p->n] = (struct place){.number = "", .label = "", .facility = "", .org = ""};
    return &p->v[p->n++];
}

static const char *
int_text(struct arena *a, int64_t i, bool null)
{
    return null ? NULL : arena_printf(a, "%lld", (long long)i);
}

static void
add_row(struct places *p, const struct import_site_rows_row *r)
{
    struct arena *a = p->c->mem;
    struct place *s = places_add(p);
    const char *const v[PLACE_COUNT] = {
        r->number, r->label, r->facility, r->city, r->country, r->planned_on, r->opened_on, r->closed_on,
        int_text(a, r->goal, r->goal_null), int_text(a, r->cap, r->cap_null),
    };
    s->id = r->id;
    s->organisation = r->organisation;
    s->ref = r->ref;
    s->org_name = r->org_name;
    s->placeholder = r->placeholder;
    memcpy(s->v, v, sizeof v);
    s->number = folded(a, r->number);
    s->label = folded(a, r->label);
    s->facility = folded(a, r->facility);
    s->org = r->placeholder ? "" : folded(a, r->org_name);
}

static void
add_pauses(struct places *p, const struct import_pauses_row *row, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < p->n; k++) {
            if (p->v[k].id != row[i].site)
                continue;
            struct place_pause *x = arena_alloc(p->c->mem, sizeof *x);
            *x = (struct place_pause){.id = row[i].id, .from = row[i].from_on, .to = row[i].to_on, .next = p->v[k].pauses};
            p->v[k].pauses = x;
        }
    }
}

err_t
places_load(struct ctx *c, int64_t study, struct places *ret)
{
    struct places p = {.c = c, .labels = map_new(c->mem)};
    struct import_site_rows_row *rows;
    struct import_pauses_row *pauses;
    size_t n, n_pauses;
    if (!study) {
        *ret = p;
        return NULL;
    }
    TRY(db_list(c, &IMPORT_SITE_ROWS, DB_IN(db_int(study)), &rows, &n));
    TRY(db_list(c, &IMPORT_PAUSES, DB_IN(db_int(study)), &pauses, &n_pauses));
    for (size_t i = 0; i < n; i++)
        add_row(&p, &rows[i]);
    add_pauses(&p, pauses, n_pauses);
    *ret = p;
    return NULL;
}

const char *
place_title(struct arena *a, const struct place *s)
{
    return site_title(a, s->v[PLACE_NUMBER], s->v[PLACE_LABEL], s->v[PLACE_FACILITY], s->org_name, s->placeholder,
                      s->v[PLACE_CITY]);
}

/* ---- finding ---- */

bool
places_numbered(const struct places *p, const char *number, size_t *ret)
{
    const char *fold = folded(p->c->mem, number);
    for (int exact = 1; exact >= 0; exact--) {
        for (size_t i = 0; i < p->n; i++) {
            const char *has = p->v[i].v[PLACE_NUMBER];
            if (!str_empty(has) && (exact ? strcmp(has, number) == 0
                                          : *fold && strcmp(p->v[i].number, fold) == 0)) {
                *ret = i;
                return true;
            }
        }
    }
    return false;
}

static bool
is_called(const struct place *s, const char *label, const char *fold)
{
    if (!*fold) /* nothing but signs */
        return str_eq(s->v[PLACE_LABEL], label);
    return strcmp(s->label, fold) == 0 || strcmp(s->facility, fold) == 0 || strcmp(s->org, fold) == 0;
}

size_t
places_called(const struct places *p, const char *name, const char *country, bool numberless, size_t *ret)
{
    size_t sure = 0, likely = 0, at = 0;
    const char *fold = folded(p->c->mem, name);
    for (size_t i = 0; i < p->n; i++) {
        const char *has = p->v[i].v[PLACE_COUNTRY];
        bool clash = (country && has && strcmp(country, has) != 0) ||
                     (numberless && p->v[i].v[PLACE_NUMBER]);
        if (clash || !is_called(&p->v[i], name, fold))
            continue;
        bool is_sure = !country || has;
        if (is_sure ? sure == 0 : sure == 0 && likely == 0)
            at = i;
        sure += is_sure;
        likely += !is_sure;
    }
    *ret = at;
    return sure ? sure : likely;
}

const char *
places_clash(const struct places *p, size_t at, const char *country)
{
    const char *has = p->v[at].v[PLACE_COUNTRY];
    if (!country || !has || strcmp(country, has) == 0)
        return NULL;
    return arena_printf(p->c->mem, "Site %s of the study is in another country: %s.",
                        place_title(p->c->mem, &p->v[at]), str_or(countries_name(has), has));
}

const char *
places_too_many(const struct places *p, size_t n)
{
    return arena_printf(p->c->mem, "%zu sites of the study are called so. Give the site's number.", n);
}

bool
places_make(struct places *p, size_t *ret, const char **ret_why)
{
    if (p->n_made == IMPORT_MOST_SITES) {
        *ret_why = arena_printf(p->c->mem, "More than %d new sites: is this the column of sites?", IMPORT_MOST_SITES);
        return false;
    }
    places_add(p);
    p->n_made++;
    *ret = p->n - 1;
    return true;
}

static bool
look_up(struct places *p, const char *label, const char *country, size_t *ret, const char **ret_why)
{
    if (places_numbered(p, label, ret)) {
        *ret_why = places_clash(p, *ret, country);
        return !*ret_why;
    }
    size_t n = places_called(p, label, country, false, ret);
    if (n > 1)
        *ret_why = places_too_many(p, n);
    if (n > 0)
        return n == 1;
    if (!places_make(p, ret, ret_why))
        return false;
    struct place *s = &p->v[*ret];
    s->v[PLACE_LABEL] = label;
    s->v[PLACE_COUNTRY] = country;
    s->label = folded(p->c->mem, label);
    return true;
}

/* The same label means the same all through the file: what was found is kept. */
bool
places_find(struct places *p, const char *label, const char *country, size_t *ret, const char **ret_why)
{
    struct arena_mark mark = arena_save(p->c->mem);
    const char *key = arena_printf(p->c->mem, "%s|%s", str_or(country, ""), label);
    if (map_get(p->labels, key, ret)) {
        arena_restore(p->c->mem, mark);
        return true;
    }
    if (!look_up(p, label, country, ret, ret_why))
        return false;
    map_set(p->labels, key, *ret);
    return true;
}
