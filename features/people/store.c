/* store.c: see store.h. Called by pages_edit.c inside its transaction. */
#include "features/people/store.h"

#include "base/str.h"
#include "base/utf8.h"
#include "core/core_sql.h"
#include "core/words.h"
#include "db/db.h"
#include "features/people/people.h"
#include "features/people/rules.h"

/* A thing to be found: by its name first, and by where it is. */
struct findable {
    const char *kind;
    int64_t id;
    const char *name, *place;
};

static err_t
list_one(struct ctx *c, int64_t audience, const struct findable *f)
{
    struct word_put w;
    words_begin(&w, c, audience, f->kind, f->id);
    words_name(&w, f->name);
    words_add(&w, WORD_NAME, f->name);
    words_add(&w, WORD_MORE, f->place);
    return words_end(&w);
}

static err_t
list_for_me(struct ctx *c, const struct findable *f, bool *ret_new)
{
    struct sight s = sight_of(c);
    *ret_new = false;
    for (size_t i = 0; i < s.n_listed; i++) {
        bool known;
        TRY(words_known(c, s.listed[i], f->kind, f->id, &known));
        if (known)
            continue;
        TRY(list_one(c, s.listed[i], f));
        *ret_new = true;
    }
    return NULL;
}

err_t
store_list_org(struct ctx *c, int64_t org, const char *name, const char *city, bool *ret_new)
{
    return list_for_me(c, &(struct findable){"organisation", org, name, city}, ret_new);
}

err_t
store_list_person(struct ctx *c, int64_t person, const char *name, const char *affiliation,
                  bool *ret_new)
{
    return list_for_me(c, &(struct findable){"person", person, name, affiliation}, ret_new);
}

static err_t
relist(struct ctx *c, int64_t audience, const struct findable *f)
{
    bool known;
    TRY(words_known(c, audience, f->kind, f->id, &known));
    if (!known)
        return NULL;
    TRY(words_drop(c, audience, f->kind, f->id));
    return list_one(c, audience, f);
}

static err_t
relist_everywhere(struct ctx *c, const struct findable *f)
{
    struct core_audience_list_row *x;
    size_t n;
    TRY(db_list(c, &CORE_AUDIENCE_LIST, DB_NONE, &x, &n));
    for (size_t i = 0; i < n; i++)
        TRY(relist(c, x[i].id, f));
    return relist(c, -c->who->person, f);
}

/* The key of something typed follows its name, when nothing else has that key. */
static err_t
org_key(struct ctx *c, const struct people_org_row *old, const struct org_edit *e, const char **ret)
{
    struct core_org_by_key_row row;
    bool taken;
    *ret = old->join_key;
    if (old->join_key && !str_eq(old->origin, "typed"))
        return NULL;
    const char *key = rules_org_key(c->mem, e->name, e->city, e->country);
    TRY(db_maybe(c, &CORE_ORG_BY_KEY, DB_IN(db_text(key)), &row, &taken));
    if (!taken)
        *ret = key;
    return NULL;
}

static err_t
person_key(struct ctx *c, const struct people_person_row *old, const struct person_edit *e,
           const char **ret)
{
    struct core_person_by_key_row row;
    bool taken = false;
    *ret = old->join_key;
    if (old->join_key && !str_eq(old->origin, "typed"))
        return NULL;
    const char *key = rules_person_key(c->mem, e->name, e->affiliation);
    if (key)
        TRY(db_maybe(c, &CORE_PERSON_BY_KEY, DB_IN(db_text(key)), &row, &taken));
    if (!taken)
        *ret = key;
    return NULL;
}

err_t
store_edit_org(struct ctx *c, const struct people_org_row *old, const struct org_edit *e)
{
    const char *key;
    TRY(org_key(c, old, e, &key));
    TRY(db_run(c, &CORE_ORG_EDIT,
               DB_IN(db_int(old->id), db_text(e->name), db_text(utf8_fold(c->mem, e->name)),
                     db_text(e->kind), db_text(e->city), db_text(e->state), db_text(e->country),
                     db_text(key)),
               NULL));
    return relist_everywhere(c, &(struct findable){"organisation", old->id, e->name, e->city});
}

err_t
store_edit_person(struct ctx *c, const struct people_person_row *old, const struct person_edit *e)
{
    const char *key;
    TRY(person_key(c, old, e, &key));
    TRY(db_run(c, &CORE_PERSON_EDIT,
               DB_IN(db_int(old->id), db_text(e->name), db_text(utf8_fold(c->mem, e->name)),
                     db_text(e->affiliation), db_text(key)),
               NULL));
    return relist_everywhere(c, &(struct findable){"person", old->id, e->name, e->affiliation});
}
