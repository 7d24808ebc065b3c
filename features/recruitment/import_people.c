/* import_people.c: rows of a log against the participants that the study holds: who is new, who is
 * known, whose empty fields are filled, and what contradicts. See import.h. Reads only. */
#include "features/recruitment/import.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "db/db.h"
#include "features/recruitment/recruitment_import_sql.h"

#include <stdio.h>
#include <string.h>

struct work {
    struct ctx *c;
    const struct import_plan *p;
    struct matched m;
    size_t size;
    struct map *sites;  /* id of a site as text -> its index */
    struct map *codes;  /* code, and screening number -> index of the person */
    struct map *alike;  /* facts of a person without a code -> how many there are */
    struct map *seen;   /* the same, how many the file had so far */
};

static struct person *
person_add(struct work *w)
{
    if (w->m.n_people == w->size) {
        size_t size = w->size ? w->size * 2 : w->p->n_people + 256;
        struct person *v = arena_alloc(w->c->mem, size * sizeof *v);
        if (w->m.n_people)
            memcpy(v, w->m.people, w->m.n_people * sizeof *v);
        w->m.people = v;
        w->size = size;
    }
    return &w->m.people[w->m.n_people++];
}

/* ---- who is there ---- */

static const char *
code_key(struct arena *a, char kind, const char *code)
{
    return arena_printf(a, "%c%s", kind, code);
}

/* Site, dates, reason and status: what tells participants without a code apart. */
static const char *
facts_key(struct arena *a, size_t site, const char *const v[PERSON_COUNT])
{
    struct buf b;
    buf_init(&b, a);
    buf_printf(&b, "%zu", site);
    for (int i = PERSON_DATES; i < PERSON_COUNT; i++)
        buf_printf(&b, "|%s", str_or(v[i], ""));
    return buf_text(&b);
}

static size_t
count_up(struct map *m, const char *key)
{
    size_t n = 0;
    map_get(m, key, &n);
    map_set(m, key, n + 1);
    return n;
}

static void
know(struct work *w, size_t i)
{
    const struct person *x = &w->m.people[i];
    struct arena *a = w->c->mem;
    if (x->v[PERSON_CODE])
        map_set(w->codes, code_key(a, 'c', x->v[PERSON_CODE]), i);
    if (x->v[PERSON_SCREENING_NO])
        map_set(w->codes, code_key(a, 's', x->v[PERSON_SCREENING_NO]), i);
}

static err_t
take_row(void *arg, const void *data)
{
    const struct import_participants_row *r = data;
    struct work *w = arg;
    struct arena *a = w->c->mem;
    const char *const v[PERSON_COUNT] = {
        r->code, r->screening_no, r->screened_on, r->failed_on, r->consented_on, r->enrolled_on,
        r->treated_on, r->evaluable_on, r->left_on, r->failed_why, r->status,
    };
    char id[24];
    struct person *x = person_add(w);
    *x = (struct person){.id = r->id};
    snprintf(id, sizeof id, "%lld", (long long)r->site);
    INVARIANT(map_get(w->sites, id, &x->site));
    for (int i = 0; i < PERSON_COUNT; i++)
        x->v[i] = arena_strdup(a, v[i]);
    if (x->v[PERSON_CODE])
        know(w, w->m.n_people - 1);
    else
        count_up(w->alike, facts_key(a, x->site, x->v));
    return arena_full(a) ? err_new(a, E_TOO_LARGE, "The study holds more participants than an import can compare with.") : NULL;
}

static err_t
load(struct work *w)
{
    struct places *places = &w->m.places;
    int64_t study = w->p->how.study;
    TRY(places_load(w->c, study, places));
    if (!study)
        return NULL;
    for (size_t i = 0; i < places->n; i++)
        map_set(w->sites, arena_printf(w->c->mem, "%lld", (long long)places->v[i].id), i);
    return db_each(w->c, &IMPORT_PARTICIPANTS, DB_IN(db_int(study)), take_row, w);
}

/* ---- one row ---- */

static bool
is_date(int value)
{
    return value >= PERSON_DATES && value < PERSON_DATES_END;
}

static void
refuse(struct work *w, const struct import_person *x, enum columns_field f, const char *value, const char *why)
{
    import_refuse(&w->m.refused, x->line, import_column(&w->p->look, f), value, "%s", why);
}

/* Where the file says it: for naming the column of a refused value. */
static enum columns_field
column_of(const struct work *w, int value)
{
    static const enum columns_field of[PERSON_COUNT] = {
        COLUMNS_SUBJECT, COLUMNS_SCREENING_NO, COLUMNS_SCREENED, COLUMNS_SCREEN_FAILED, COLUMNS_CONSENTED,
        COLUMNS_RANDOMISED, COLUMNS_TREATED, COLUMNS_EVALUABLE, COLUMNS_DATE, COLUMNS_FAILURE_REASON,
        COLUMNS_STATUS,
    };
    const int *at = w->p->look.found.of;
    if (!is_date(value) || at[of[value]] >= 0)
        return of[value];
    return at[COLUMNS_ENROLLED] >= 0 && value == (int)person_means(w->p->means) ? COLUMNS_ENROLLED : COLUMNS_DATE;
}

/* "2024-03" holds "2024-03-12": the same fact, less exactly. */
static bool
holds(const char *coarse, const char *fine)
{
    return strlen(coarse) < strlen(fine) && str_starts(fine, coarse);
}

/* Fills what was empty, makes a month a day, moves a status on. False: it contradicts. */
static bool
fill(struct work *w, const char **at, int value, const char *new_value, bool *ret_changed)
{
    const char *old = *at;
    if (!new_value || str_eq(old, new_value))
        return true;
    if (value == PERSON_STATUS) {
        if (old && status_rank(new_value) <= status_rank(old))
            return true;
    } else if (old && is_date(value)) {
        if (holds(new_value, old))
            return true;
        if (!holds(old, new_value))
            return false;
    } else if (old) {
        return strcmp(utf8_fold(w->c->mem, old), utf8_fold(w->c->mem, new_value)) == 0;
    }
    *at = new_value;
    *ret_changed = true;
    return true;
}

/* The plain date of a status after enrolment: the day of enrolment, as most logs keep it, unless the
 * participant was enrolled before that day; then it is the day of leaving. */
static void
place_late(const struct work *w, const struct person *known, struct import_person *x)
{
    enum person_value means = person_means(w->p->means);
    if (!x->late)
        return;
    const char *enrolled = known ? known->v[means] : NULL;
    if (enrolled && strcmp(x->late, enrolled) > 0 && !holds(enrolled, x->late))
        x->v[PERSON_LEFT] = x->late;
    else
        x->v[means] = x->late;
}

static void
merge(struct work *w, size_t at, size_t site, const struct import_person *x)
{
    struct arena *a = w->c->mem;
    struct person *known = &w->m.people[at], now = *known;
    bool changed = false, ok = true;
    const char *where = known->id ? "here" : arena_printf(a, "in row %zu", known->line);
    if (known->site != site) {
        refuse(w, x, COLUMNS_SITE, x->site, arena_printf(a, "Participant %s is at site %s %s already.", x->v[PERSON_CODE],
                                                         place_title(a, &w->m.places.v[known->site]), where));
        return;
    }
    for (int i = PERSON_SCREENING_NO; i < PERSON_COUNT; i++) {
        if (fill(w, &now.v[i], i, x->v[i], &changed))
            continue;
        refuse(w, x, column_of(w, i), x->v[i], arena_printf(a, "The %s of participant %s is %s %s already.", person_words[i],
                                                            x->v[PERSON_CODE], known->v[i], where));
        ok = false;
    }
    bool renamed = !str_eq(now.v[PERSON_CODE], x->v[PERSON_CODE]); /* was known by its screening number */
    if (renamed)
        now.v[PERSON_CODE] = x->v[PERSON_CODE];
    if (!ok)
        return;
    w->m.known += !changed && !renamed;
    if (!changed && !renamed)
        return;
    if (known->id && !known->was) {
        now.was = arena_copy(a, known, sizeof *known);
        w->m.changed++;
    }
    *known = now;
    know(w, at);
}

static void
add(struct work *w, size_t site, int64_t twin, const struct import_person *x)
{
    struct person *n = person_add(w);
    *n = (struct person){.site = site, .line = x->line, .twin = twin};
    memcpy(n->v, x->v, sizeof n->v);
    w->m.added++;
    know(w, w->m.n_people - 1);
}

/* By code, by the screening number that was the code so far, and where the file has no other code than
 * the screening number, by that. */
static bool
find_person(const struct work *w, const struct import_person *x, size_t *ret, bool *ret_by_screening)
{
    struct arena *a = w->c->mem;
    const char *code = x->v[PERSON_CODE], *screening = x->v[PERSON_SCREENING_NO];
    struct arena_mark mark = arena_save(a);
    *ret_by_screening = false;
    bool found = map_get(w->codes, code_key(a, 'c', code), ret) ||
                 (screening && map_get(w->codes, code_key(a, 'c', screening), ret));
    if (!found && (!screening || str_eq(code, screening)))
        found = *ret_by_screening = map_get(w->codes, code_key(a, 's', code), ret);
    arena_restore(a, mark);
    return found;
}

/* Without a code, as many as the study has already of the same facts are known. */
static void
take_codeless(struct work *w, size_t site, const struct import_person *x)
{
    const char *key = facts_key(w->c->mem, site, x->v);
    size_t there = 0;
    map_get(w->alike, key, &there);
    for (size_t i = 0; i < x->times && !arena_full(w->c->mem); i++) {
        size_t seen = count_up(w->seen, key);
        if (seen < there)
            w->m.known++;
        else
            add(w, site, (int64_t)seen, x);
    }
}

static void
take(struct work *w, const struct import_person *row)
{
    struct import_person x = *row;
    size_t site, at;
    const char *why;
    if (!places_find(&w->m.places, x.site, x.country, &site, &why)) {
        refuse(w, &x, COLUMNS_SITE, x.site, why);
        return;
    }
    if (!x.v[PERSON_CODE]) {
        place_late(w, NULL, &x);
        take_codeless(w, site, &x);
        return;
    }
    bool by_screening, known = find_person(w, &x, &at, &by_screening);
    place_late(w, known ? &w->m.people[at] : NULL, &x);
    if (known && by_screening)
        x.v[PERSON_CODE] = w->m.people[at].v[PERSON_CODE]; /* never back to the screening number */
    if (known)
        merge(w, at, site, &x);
    else
        add(w, site, 0, &x);
}

err_t
match_people(struct ctx *c, const struct import_plan *p, struct matched *ret)
{
    struct work w = {.c = c, .p = p, .m.refused.mem = c->mem, .sites = map_new(c->mem), .codes = map_new(c->mem),
                     .alike = map_new(c->mem), .seen = map_new(c->mem)};
    TRY(load(&w));
    size_t at;
    const char *why;
    for (size_t i = 0; i < p->n_people; i++) { /* labels with a country first: those without may mean them */
        if (p->people[i].country)
            places_find(&w.m.places, p->people[i].site, p->people[i].country, &at, &why);
    }
    for (size_t i = 0; i < p->n_people; i++) {
        take(&w, &p->people[i]);
        if (arena_full(c->mem))
            return err_new(c->mem, E_TOO_LARGE, "The file is too large. Split it into several files.");
    }
    w.m.differs = w.m.added || w.m.changed;
    *ret = w.m;
    return NULL;
}
