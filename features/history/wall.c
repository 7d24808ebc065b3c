/* wall.c: see wall.h. */
#include "features/history/wall.h"

#include "base/str.h"
#include "core/reach.h"
#include "db/db.h"
#include "features/history/history_sql.h"
#include "features/history/rules.h"
#include "features/studies/studies.h"

#include <string.h>

enum { NO_SITE = -1 }; /* a site that nobody is tied to: who may there, may everywhere */

void
wall_begin(struct ctx *c, struct wall *w, enum page_of of, const struct thing *t)
{
    struct reach reach = reach_of(c, c->who);
    *w = (struct wall){.mem = c->mem, .of = of, .thing = t, .organisations = reach.audiences, .n_organisations = reach.n_audiences,
                       .studies = reach.studies, .n_studies = reach.n_studies};
    if (of == OF_SITE) {
        struct thing everywhere = *t;
        everywhere.study_site = NO_SITE;
        w->own_site_only = !may(c->who, PERM_HISTORY_READ, &everywhere);
    }
}

/* The study of a row, with its organisations; kept, for rows of one page are mostly of few studies. */
static err_t
study_of(struct ctx *c, struct wall *w, int64_t study, struct thing *ret)
{
    for (size_t i = 0; i < w->n_known; i++) {
        if (w->known[i].study == study) {
            *ret = w->known[i];
            return NULL;
        }
    }
    struct ctx keeping = *c;
    keeping.mem = w->mem;
    *ret = (struct thing){0};
    TRY(study_thing(&keeping, study, ret));
    if (w->n_known < WALL_STUDIES)
        w->known[w->n_known++] = *ret;
    return NULL;
}

static bool
is_site(const struct history_row *r)
{
    return str_eq(r->kind, "site") && !r->thing_id_null;
}

static bool
about_this_site(const struct wall *w, const struct history_row *r)
{
    return is_site(r) && r->thing_id == w->thing->study_site;
}

/* The row's place: its study, its site (none when it is about the study), its compartment. */
static err_t
place_of(struct ctx *c, struct wall *w, const struct history_row *r, struct thing *ret)
{
    TRY(study_of(c, w, r->study, ret));
    ret->study_site = is_site(r) ? r->thing_id : 0;
    ret->comp = (enum compartment)r->comp;
    return NULL;
}

/* A row that stands in the trail of the page's study, but of which another study is the first: one
 * file with several. That it touched this study may be said. */
static void
row_of_elsewhere(struct ctx *c, const struct wall *w, const struct history_row *r, struct sightline *ret)
{
    struct thing here = *w->thing;
    here.comp = (enum compartment)r->comp;
    ret->show = ret->who = ret->changes = may(c->who, PERM_HISTORY_READ, &here);
    ret->only_label = w->thing->study_ref;
}

err_t
wall_row(struct ctx *c, struct wall *w, const struct history_row *r, struct sightline *ret,
         bool *ret_needs_body)
{
    bool in_study = w->of == OF_STUDY || w->of == OF_SITE;
    struct sightline s = {0};
    *ret_needs_body = false;
    if (in_study && (r->study_null || r->study != w->thing->study)) {
        row_of_elsewhere(c, w, r, &s);
    } else if (r->study_null) {
        *ret_needs_body = true;
    } else {
        struct thing place;
        TRY(place_of(c, w, r, &place));
        bool narrow = w->of == OF_SITE && w->own_site_only;
        if (narrow) /* the row stands in this site's trail */
            place.study_site = w->thing->study_site;
        s.show = s.who = may(c->who, w->of == OF_SELF ? PERM_STUDY_READ : PERM_HISTORY_READ, &place);
        s.reason = s.changes = s.show && (!narrow || about_this_site(w, r));
        s.study = arena_copy(c->mem, &place, sizeof place);
    }
    *ret = s;
    return NULL;
}

static err_t
knows(struct ctx *c, const struct wall *w, const struct history_row *r, bool *ret)
{
    *ret = false;
    if (r->person_null)
        return NULL;
    struct history_knows_row row;
    return db_maybe(c, &HISTORY_KNOWS,
                    DB_IN(db_int(r->person), db_ints(w->studies, w->n_studies),
                          db_ints(w->organisations, w->n_organisations)),
                    &row, ret);
}

err_t
wall_apart(struct ctx *c, struct wall *w, const struct history_row *r, const struct body *b,
           struct sightline *ret)
{
    enum apart apart = rules_apart(r->action, b);
    int64_t me = c->who->person;
    bool mine = w->of == OF_SELF || (!r->person_null && r->person == me);
    bool about_me = w->of == OF_SHARED && w->thing->person == me;
    bool admin = may(c->who, PERM_ADMIN, NULL);
    struct sightline s = {.changes = true};
    s.show = s.who = s.reason = mine || about_me || admin;
    if (!s.show && apart == APART_TIE)
        s.show = may(c->who, PERM_SHARED_EDIT, w->thing);
    if (!s.show && apart == APART_SHARED)
        s.show = true;
    if (s.show && !s.who) {
        TRY(knows(c, w, r, &s.who));
        s.reason = s.who;
    }
    *ret = s;
    return NULL;
}

void
wall_body(const struct wall *w, const struct history_row *r, const struct body *b, struct sightline *ret)
{
    if (b->n_studies <= 1 || w->of == OF_SELF)
        return;
    if (w->of == OF_STUDY || w->of == OF_SITE)
        ret->only_label = w->thing->study_ref;
    else
        ret->changes = ret->reason = false;
}

bool
wall_change(struct ctx *c, const struct history_row *r, const struct sightline *s, const struct change *ch)
{
    if (!s->changes || (s->only_label && !str_eq(ch->label, s->only_label)))
        return false;
    enum perm needed = rules_table_perm(ch->table);
    return needed == PERM_NONE || !s->study || may(c->who, needed, s->study) ||
           (!r->person_null && c->who->person == r->person);
}
