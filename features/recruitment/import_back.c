/* import_back.c: takes an import back: what it added goes, what it filled is empty again, the sites it
 * made go unless something else speaks of them. Only the newest of its kind, so that nothing was built
 * on it; what was changed by hand since is not undone but refused. */
#include "features/recruitment/import.h"

#include "base/arena.h"
#include "base/str.h"
#include "core/core_sql.h"
#include "core/record.h"
#include "core/words.h"
#include "db/db.h"
#include "features/recruitment/recruitment_import_sql.h"
#include "features/studies/studies.h"

#include <string.h>

enum { WORK_MEMORY = 512 << 20 };

struct work {
    struct ctx *c;
    int64_t study, import;
    const char *file;
    struct places places;
    bool places_there;
    int64_t restored, sites;
};

static err_t
moved_on(struct work *w, const char *what)
{
    return err_new(w->c->mem, E_CONFLICT, "%s was changed since this import. Set it right by hand: the import cannot be taken back.", what);
}

static int
word_index(const char *const *words, int n, const char *field)
{
    int i = 0;
    while (i < n && strcmp(words[i], field) != 0)
        i++;
    INVARIANT(i < n);
    return i;
}

/* ---- what it filled ---- */

static err_t
restore_person(struct work *w, const struct import_changes_row *x)
{
    struct arena_mark mark = arena_save(w->c->mem);
    struct import_participant_row r;
    TRY(db_one(w->c, &IMPORT_PARTICIPANT, DB_IN(db_int(w->study), db_int(x->thing)), &r));
    const char *v[PERSON_COUNT] = {
        r.code, r.screening_no, r.screened_on, r.failed_on, r.consented_on, r.enrolled_on,
        r.treated_on, r.evaluable_on, r.left_on, r.failed_why, r.status,
    };
    int i = word_index(person_words, PERSON_COUNT, x->field);
    if (!str_eq(v[i], x->new_value))
        return moved_on(w, arena_printf(w->c->mem, "Participant %s", r.code));
    v[i] = x->old;
    w->restored++;
    TRY(person_save(w->c, w->study, x->thing, v));
    arena_restore(w->c->mem, mark);
    return NULL;
}

static err_t
place_of(struct work *w, int64_t id, struct place **ret)
{
    if (!w->places_there)
        TRY(places_load(w->c, w->study, &w->places));
    w->places_there = true;
    *ret = NULL;
    for (size_t i = 0; i < w->places.n; i++) {
        if (w->places.v[i].id == id)
            *ret = &w->places.v[i];
    }
    return *ret ? NULL : moved_on(w, "A site");
}

static err_t
restore_site(struct work *w, const struct import_changes_row *x)
{
    struct place *s;
    TRY(place_of(w, x->thing, &s));
    int i = word_index(place_words, PLACE_COUNT, x->field);
    const char *title = arena_printf(w->c->mem, "Site %s", place_title(w->c->mem, s));
    if (!str_eq(s->v[i], x->new_value))
        return moved_on(w, title);
    record_change_gxp(w->c, "site", title, x->field, x->new_value, x->old);
    record_also(w->c, "site", s->id);
    s->v[i] = x->old;
    w->restored++;
    return place_save(w->c, w->study, s->id, s->v);
}

static err_t
restore_pause(struct work *w, const struct import_changes_row *x)
{
    w->restored++;
    return db_run(w->c, &IMPORT_PAUSE_SET, DB_IN(db_int(w->study), db_int(x->thing), db_text(x->old)), NULL);
}

/* ---- the sites it made ---- */

static err_t
drop_organisation(struct work *w, int64_t id)
{
    struct import_org_used_row used;
    TRY(db_one(w->c, &IMPORT_ORG_USED, DB_IN(db_int(id)), &used));
    if (used.used)
        return NULL;
    struct core_audience_list_row *audience;
    size_t n;
    TRY(db_list(w->c, &CORE_AUDIENCE_LIST, DB_NONE, &audience, &n));
    for (size_t i = 0; i < n; i++)
        TRY(words_drop(w->c, audience[i].id, "organisation", id));
    return db_run(w->c, &IMPORT_ORG_DROP, DB_IN(db_int(id)), NULL);
}

/* What the import said of it is gone by now; anybody else's word of it keeps it. */
static err_t
drop_site(struct work *w, int64_t id)
{
    struct import_site_used_row used;
    struct place *s;
    TRY(place_of(w, id, &s));
    TRY(db_one(w->c, &IMPORT_SITE_USED, DB_IN(db_int(w->study), db_int(id)), &used));
    if (used.used)
        return NULL;
    record_change(w->c, "site", arena_printf(w->c->mem, "Site %s", place_title(w->c->mem, s)), "added by import", "yes", NULL);
    TRY(db_run(w->c, &IMPORT_SITE_DROP, DB_IN(db_int(w->study), db_int(id)), NULL));
    w->sites++;
    return drop_organisation(w, s->organisation);
}

static err_t
each_change(struct work *w, bool made)
{
    int64_t after = 0;
    for (;;) {
        struct import_changes_row *x;
        size_t n;
        TRY(db_list(w->c, &IMPORT_CHANGES, DB_IN(db_int(w->study), db_int(w->import), db_int(after)), &x, &n));
        for (size_t i = 0; i < n; i++) {
            after = x[i].id;
            bool is_made = strcmp(x[i].field, "made") == 0;
            if (is_made != made)
                continue;
            if (made)
                TRY(drop_site(w, x[i].thing));
            else if (strcmp(x[i].kind, "participant") == 0)
                TRY(restore_person(w, &x[i]));
            else if (strcmp(x[i].kind, "pause") == 0)
                TRY(restore_pause(w, &x[i]));
            else
                TRY(restore_site(w, &x[i]));
        }
        if (n == 0)
            return NULL;
    }
}

/* ---- kinds ---- */

static err_t
back_plan(struct work *w)
{
    struct import_plan_now_row now;
    bool found;
    TRY(db_maybe(w->c, &IMPORT_PLAN_NOW, DB_IN(db_int(w->study)), &now, &found));
    if (!found || now.import_null || now.import != w->import)
        return moved_on(w, "The plan");
    TRY(db_run(w->c, &IMPORT_PLAN_POINTS_DROP, DB_IN(db_int(w->study), db_int(now.id)), NULL));
    return db_run(w->c, &IMPORT_PLAN_DROP, DB_IN(db_int(w->study), db_int(now.id)), NULL);
}

static err_t
newest(struct work *w, const char *kind)
{
    struct import_file_newest_row row;
    TRY(db_one(w->c, &IMPORT_FILE_NEWEST, DB_IN(db_int(w->study), db_text(kind)), &row));
    if (row.id != w->import)
        return err_new(w->c->mem, E_CONFLICT, "A later file of the same kind was brought in since. Take that back first.");
    return NULL;
}

static err_t
back_rows(struct work *w, const char *kind)
{
    if (strcmp(kind, "plan") == 0)
        return back_plan(w);
    if (strcmp(kind, "enrolment") == 0)
        TRY(db_run(w->c, &IMPORT_PARTICIPANTS_DROP, DB_IN(db_int(w->study), db_int(w->import)), NULL));
    TRY(db_run(w->c, &IMPORT_PAUSES_DROP, DB_IN(db_int(w->study), db_int(w->import)), NULL));
    TRY(each_change(w, false));
    TRY(each_change(w, true));
    return study_relist(w->c, w->study);
}

static void
record_count(struct work *w, const char *field, int64_t n)
{
    if (n)
        record_change(w->c, "import", w->file, field, arena_printf(w->c->mem, "%lld", (long long)n), NULL);
}

static void
free_arena(void *a)
{
    arena_free(a);
}

err_t
import_back(struct ctx *c, int64_t study, const char *ref, const char *reason)
{
    struct ctx own = *c; /* a large import must not fill the request's memory */
    own.mem = arena_new(WORK_MEMORY);
    arena_defer(c->mem, free_arena, own.mem);
    struct import_file_row f;
    TRY(db_one(&own, &IMPORT_FILE, DB_IN(db_int(study), db_text(ref)), &f));
    if (!f.taken_back_null)
        return err_new(c->mem, E_CONFLICT, "This import was taken back already.");
    struct work w = {.c = &own, .study = study, .import = f.id, .file = f.file_name};
    struct thing t = {0};
    TRY(study_thing(&own, study, &t));
    TRY(newest(&w, f.kind));
    TRY(back_rows(&w, f.kind));
    TRY(db_run(&own, &IMPORT_FILE_BACK, DB_IN(db_int(study), db_int(f.id), db_time(c->now), db_text(reason)), NULL));
    record_about(c, "study", study, t.study_ref, &t);
    record_change_gxp(c, "import", f.file_name, "taken", "yes", NULL);
    record_count(&w, strcmp(f.kind, "enrolment") == 0 ? "participants added" : strcmp(f.kind, "sites") == 0 ? "sites added" : "months planned", f.n_new);
    record_count(&w, "values filled", w.restored);
    record_count(&w, "sites made", w.sites);
    return NULL;
}
