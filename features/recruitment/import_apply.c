/* import_apply.c: writes what an import found, inside the running write transaction, with all that is
 * needed to take it back, and records it. See recruitment.h and import.h. */
#include "features/recruitment/import.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/inst.h"
#include "core/party.h"
#include "core/record.h"
#include "db/db.h"
#include "features/recruitment/recruitment_import_sql.h"
#include "features/studies/studies.h"

#include <ctype.h>
#include <string.h>

#define WORK_MEMORY ((size_t)2 << 30) /* a full file of 32 MB, compared row by row */

struct work {
    struct ctx *c; /* with memory of its own */
    const struct import_plan *p;
    struct matched *m;
    int64_t study, import;
};

static void
free_arena(void *a)
{
    arena_free(a);
}

/* ---- refused ---- */

/* One error a row: at most as many as there are rows. */
err_t
import_refused(struct arena *a, const struct import_result *x)
{
    struct err *e = arena_alloc(a, (x->n_refused + 1) * sizeof *e);
    e[0] = (struct err){.code = E_BAD_INPUT,
                        .text = arena_printf(a, "%zu %s refused; nothing was taken.", x->n_refused,
                                             x->n_refused == 1 ? "value is" : "values are")};
    for (size_t i = 0; i < x->n_refused; i++) {
        const struct refused_row *r = &x->refused[i];
        e[i].next = &e[i + 1];
        e[i + 1] = (struct err){.code = E_BAD_INPUT, .field = r->column,
                                .place = arena_printf(a, "row %zu, %s", r->row, r->column),
                                .text = arena_printf(a, "“%s”: %s", r->value, r->reason)};
    }
    return e;
}

/* ---- how to take it back ---- */

static err_t
keep(struct work *w, const char *kind, int64_t thing, const char *field, const char *old, const char *new_value)
{
    return db_run(w->c, &IMPORT_CHANGE_ADD,
                  DB_IN(db_int(w->study), db_int(w->import), db_text(kind), db_int(thing), db_text(field),
                        db_text(old), db_text(new_value)),
                  NULL);
}

static err_t
add_file(struct work *w)
{
    const struct import_plan *p = w->p;
    const char *who = str_or(p->how.who, w->c->who ? w->c->who->name : "the installation");
    struct import_file_add_row row;
    TRY(db_one(w->c, &IMPORT_FILE_ADD,
               DB_IN(db_text(ref_new(w->c->mem)), db_int(w->study), db_text(import_kind_words[p->how.kind]),
                     db_text(p->how.file_name), db_blob(p->hash, sizeof p->hash), db_int((int64_t)p->n_rows),
                     db_int(w->m->added), db_int(w->m->changed), db_text(who), db_time(w->c->now)),
               &row));
    w->import = row.id;
    return NULL;
}

/* ---- sites ---- */

/* A label is no hospital: the organisation carries its name and never joins another. With name, town
 * and country it is one, and joins the one that has them all. */
static err_t
organisation(struct work *w, struct place *s)
{
    struct arena *a = w->c->mem;
    const char *facility = s->v[PLACE_FACILITY], *city = s->v[PLACE_CITY], *country = s->v[PLACE_COUNTRY];
    const char *label = str_or(facility, str_or(s->v[PLACE_LABEL], s->v[PLACE_NUMBER]));
    bool letters = false, joined;
    for (const char *p = label; *p; p++)
        letters |= isalpha((unsigned char)*p) || (*p & 0x80);
    struct org_new o = {.name = letters ? label : arena_printf(a, "Site %s", label), .kind = "site", .city = city,
                        .country = country, .origin = "tracker"};
    if (facility && city && country)
        o.join_key = arena_printf(a, "%s|%s|%s", utf8_fold(a, facility), utf8_fold(a, city), country);
    s->org_name = o.name;
    return org_get(w->c, &o, &s->organisation, &joined);
}

static struct db_val
int_of(const char *text)
{
    int64_t i;
    return text && str_int(text, &i) ? db_int(i) : db_null(DB_INT);
}

err_t
place_save(struct ctx *c, int64_t study, int64_t id, const char *const v[PLACE_COUNT])
{
    TRY(db_run(c, &IMPORT_SITE_SET,
               DB_IN(db_int(study), db_int(id), db_text(v[PLACE_NUMBER]), db_text(v[PLACE_LABEL]),
                     db_text(v[PLACE_FACILITY]), db_text(v[PLACE_CITY]), db_text(v[PLACE_COUNTRY]),
                     db_text(site_key(c->mem, v[PLACE_NUMBER], v[PLACE_COUNTRY], v[PLACE_CITY],
                                      str_or(v[PLACE_LABEL], v[PLACE_FACILITY])))),
               NULL));
    TRY(db_run(c, &IMPORT_SITE_PLAN_SET,
               DB_IN(db_int(study), db_int(id), db_text(v[PLACE_PLANNED]), db_text(v[PLACE_OPENED]),
                     db_text(v[PLACE_CLOSED]), int_of(v[PLACE_GOAL]), int_of(v[PLACE_CAP])),
               NULL));
    return db_run(c, &IMPORT_SITE_PLAN_DROP, DB_IN(db_int(study), db_int(id)), NULL);
}

static err_t
make_site(struct work *w, struct place *s)
{
    TRY(organisation(w, s));
    struct site_new n = {.study = w->study, .organisation = s->organisation, .number = s->v[PLACE_NUMBER],
                         .label = s->v[PLACE_LABEL], .facility = s->v[PLACE_FACILITY], .city = s->v[PLACE_CITY],
                         .country = s->v[PLACE_COUNTRY], .origin = "tracker"};
    TRY(site_create(w->c, &n, &s->id, &s->ref));
    const char *title = arena_printf(w->c->mem, "Site %s", place_title(w->c->mem, s));
    record_also(w->c, "site", s->id);
    TRY(keep(w, "site", s->id, "made", NULL, NULL));
    bool plan = false;
    for (int i = 0; i < PLACE_COUNT; i++) {
        record_change(w->c, "site", title, place_words[i], NULL, s->v[i]);
        if (i < PLACE_PLAN || !s->v[i])
            continue;
        TRY(keep(w, "site", s->id, place_words[i], NULL, s->v[i]));
        plan = true;
    }
    return plan ? place_save(w->c, w->study, s->id, s->v) : NULL;
}

static err_t
change_site(struct work *w, struct place *s)
{
    const char *title = arena_printf(w->c->mem, "Site %s", place_title(w->c->mem, s->was));
    record_also(w->c, "site", s->id);
    for (int i = 0; i < PLACE_COUNT; i++) {
        const char *old = s->was->v[i];
        bool changed = i == PLACE_LABEL ? record_change(w->c, "site", title, place_words[i], old, s->v[i])
                                        : record_change_gxp(w->c, "site", title, place_words[i], old, s->v[i]);
        if (changed)
            TRY(keep(w, "site", s->id, place_words[i], old, s->v[i]));
    }
    return place_save(w->c, w->study, s->id, s->v);
}

static err_t
save_pauses(struct work *w, const struct place *s)
{
    for (const struct place_pause *x = s->pauses; x; x = x->next) {
        if (x->id && !x->changed)
            continue;
        const char *title = arena_printf(w->c->mem, "Site %s, suspended from %s", place_title(w->c->mem, s), x->from);
        record_also(w->c, "site", s->id);
        if (x->id) {
            record_change_gxp(w->c, "suspension", title, "until", x->was, x->to);
            TRY(keep(w, "pause", x->id, "until", x->was, x->to));
            TRY(db_run(w->c, &IMPORT_PAUSE_SET, DB_IN(db_int(w->study), db_int(x->id), db_text(x->to)), NULL));
            continue;
        }
        record_change(w->c, "suspension", title, "from", NULL, x->from);
        record_change(w->c, "suspension", title, "until", NULL, x->to);
        TRY(db_run(w->c, &IMPORT_PAUSE_ADD,
                   DB_IN(db_int(w->study), db_int(s->id), db_text(x->from), db_text(x->to), db_int(w->import)), NULL));
    }
    return NULL;
}

/* Texts that the record keeps point into this memory: it is not given back here. */
static err_t
save_sites(struct work *w)
{
    struct places *places = &w->m->places;
    bool moved = places->n_made > 0;
    for (size_t i = 0; i < places->n; i++) {
        struct place *s = &places->v[i];
        bool made = !s->id;
        if (made)
            TRY(make_site(w, s));
        else if (s->was)
            TRY(change_site(w, s));
        TRY(save_pauses(w, s));
        moved |= s->was != NULL;
    }
    return moved ? study_relist(w->c, w->study) : NULL;
}

/* ---- participants ---- */

err_t
person_save(struct ctx *c, int64_t study, int64_t id, const char *const v[PERSON_COUNT])
{
    return db_run(c, &IMPORT_PARTICIPANT_SET,
                  DB_IN(db_int(study), db_int(id), db_text(v[PERSON_CODE]), db_text(v[PERSON_SCREENING_NO]),
                        db_text(v[PERSON_SCREENED]), db_text(v[PERSON_FAILED]), db_text(v[PERSON_CONSENTED]),
                        db_text(v[PERSON_ENROLLED]), db_text(v[PERSON_TREATED]), db_text(v[PERSON_EVALUABLE]),
                        db_text(v[PERSON_LEFT]), db_text(v[PERSON_WHY]), db_text(v[PERSON_STATUS])),
                  NULL);
}

static err_t
save_person(struct work *w, const struct person *x)
{
    const char *const *v = x->v;
    if (!x->id)
        return db_run(w->c, &IMPORT_PARTICIPANT_ADD,
                      DB_IN(db_int(w->study), db_int(w->m->places.v[x->site].id), db_int(x->twin),
                            db_text(v[PERSON_CODE]), db_text(v[PERSON_SCREENING_NO]), db_text(v[PERSON_SCREENED]),
                            db_text(v[PERSON_FAILED]), db_text(v[PERSON_CONSENTED]), db_text(v[PERSON_ENROLLED]),
                            db_text(v[PERSON_TREATED]), db_text(v[PERSON_EVALUABLE]), db_text(v[PERSON_LEFT]),
                            db_text(v[PERSON_WHY]), db_text(v[PERSON_STATUS]), db_int(w->import)),
                      NULL);
    for (int i = 0; x->was && i < PERSON_COUNT; i++) {
        if (!str_eq(x->was->v[i], v[i]))
            TRY(keep(w, "participant", x->id, person_words[i], x->was->v[i], v[i]));
    }
    return x->was ? person_save(w->c, w->study, x->id, v) : NULL;
}

static err_t
save_people(struct work *w)
{
    for (size_t i = 0; i < w->m->n_people; i++) {
        struct arena_mark mark = arena_save(w->c->mem);
        TRY(save_person(w, &w->m->people[i]));
        arena_restore(w->c->mem, mark);
    }
    return NULL;
}

/* ---- a plan ---- */

static err_t
save_plan(struct work *w)
{
    const struct import_plan *p = w->p;
    struct import_plan_add_row row;
    int64_t person = w->c->who ? w->c->who->person : 0, number = w->m->plan_number + 1;
    TRY(db_one(w->c, &IMPORT_PLAN_ADD,
               DB_IN(db_int(w->study), db_int(number), db_text(p->how.reason), db_int_or_null(person, !person),
                     db_time(w->c->now), db_int(w->import)),
               &row));
    for (size_t i = 0; i < p->n_months; i++) {
        const struct plan_month *m = &p->months[i];
        TRY(db_run(w->c, &IMPORT_PLAN_POINT_ADD,
                   DB_IN(db_int(w->study), db_int(row.id), db_text(m->month_on), db_int(m->enrolled),
                         db_int_or_null(m->openings, !m->has_openings)),
                   NULL));
    }
    const struct plan_month *last = &p->months[p->n_months - 1];
    record_change(w->c, "plan", arena_printf(w->c->mem, "Version %lld", (long long)number), "planned in all", NULL,
                  arena_printf(w->c->mem, "%lld by %.7s", (long long)last->enrolled, last->month_on));
    return NULL;
}

/* ---- all of it ---- */

static void
record_counts(struct work *w)
{
    const struct import_plan *p = w->p;
    const char *file = p->how.file_name;
    struct {
        const char *field;
        int64_t n;
    } counts[] = {
        {"rows", (int64_t)p->n_rows},
        {p->how.kind == IMPORT_LOG ? "participants added" : p->how.kind == IMPORT_SITES ? "sites added" : "months planned", w->m->added},
        {p->how.kind == IMPORT_LOG ? "participants updated" : "sites updated", w->m->changed},
        {"sites made", p->how.kind == IMPORT_LOG ? (int64_t)w->m->places.n_made : 0},
    };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (counts[i].n)
            record_change(w->c, "import", file, counts[i].field, NULL, arena_printf(w->c->mem, "%lld", (long long)counts[i].n));
    }
    record_change(w->c, "import", file, "sha-256", NULL, str_hex(w->c->mem, p->hash, sizeof p->hash));
}

static err_t
save(struct work *w)
{
    struct thing t = {0};
    TRY(study_thing(w->c, w->study, &t));
    record_about(w->c, "study", w->study, t.study_ref, &t);
    TRY(add_file(w));
    record_counts(w);
    switch (w->p->how.kind) {
    case IMPORT_LOG:
        TRY(save_sites(w));
        return save_people(w);
    case IMPORT_SITES:
        return save_sites(w);
    case IMPORT_PLAN:
        break;
    }
    return save_plan(w);
}

err_t
import_apply(struct ctx *c, const struct import_plan *p, struct import_result *ret)
{
    struct ctx own = *c; /* what is compared and written must not fill the request's memory */
    own.mem = arena_new(WORK_MEMORY);
    arena_defer(c->mem, free_arena, own.mem);
    struct matched m;
    struct import_result x;
    struct work w = {.c = &own, .p = p, .m = &m, .study = p->how.study};
    TRY(import_match(&own, p, &m));
    import_result_of(p, &m, c->mem, &x);
    if (x.n_refused)
        return import_refused(c->mem, &x);
    if (m.differs) {
        if (p->how.kind == IMPORT_PLAN && m.needs_reason && str_empty(p->how.reason))
            return err_field(c->mem, E_REASON, "reason", "There is a plan already. Say in a few words why it is replaced.");
        TRY(save(&w));
    }
    *ret = x;
    return NULL;
}
