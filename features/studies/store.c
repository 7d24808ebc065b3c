/* store.c: how studies and sites are written, and listed for those who read them. See studies.h.
 * Called by this feature's pages and by imports; decides nothing about rights. */
#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/inst.h"
#include "core/party.h"
#include "core/core_sql.h"
#include "core/words.h"
#include "db/db.h"
#include "features/studies/rules.h"
#include "features/studies/studies.h"
#include "features/studies/studies_sql.h"

#include <string.h>

static const char *
find_text(struct arena *a, const struct study_new *s)
{
    return utf8_fold(a, arena_printf(a, "%s %s %s %s %s %s", s->code, str_or(s->acronym, ""), s->title,
                                     str_or(s->official_title, ""), str_or(s->sponsor_name, ""),
                                     str_or(s->find, "")));
}

/* What c->who may read, or has made a moment ago in this very transaction. */
static err_t
knows(struct ctx *c, int64_t study, bool *ret)
{
    struct thing t = {0};
    struct study_managed_row row;
    char today[DATE_TEXT];
    TRY(study_thing(c, study, &t));
    *ret = may(c->who, PERM_STUDY_READ, &t);
    if (*ret)
        return NULL;
    date_iso(c->today, today);
    return db_maybe(c, &STUDY_MANAGED, DB_IN(db_int(study), db_int(c->who->person), db_text(today)), &row, ret);
}

/* Of the studies of one name those that c->who may know of; rows are moved together. */
static err_t
with_code(struct ctx *c, const char *code, struct study_named_row **ret, size_t *ret_n)
{
    struct study_named_row *x;
    size_t n, kept = 0;
    TRY(db_list(c, &STUDY_NAMED, DB_IN(db_text(code)), &x, &n));
    for (size_t i = 0; i < n; i++) {
        bool known = !c->who;
        if (c->who)
            TRY(knows(c, x[i].id, &known));
        if (known)
            x[kept++] = x[i];
    }
    *ret = x;
    *ret_n = kept;
    return NULL;
}

/* As much of the conditions and numbers as a search by words of one's few studies needs. */
err_t
study_find_text(struct ctx *c, const struct study_get_row *s, const char **ret)
{
    enum { MOST = 3000 };
    struct study_identifiers_row *ids;
    struct study_terms_row *terms;
    struct buf b;
    size_t n;
    buf_init(&b, c->mem);
    TRY(db_list(c, &STUDY_TERMS, DB_IN(db_int(s->id)), &terms, &n));
    for (size_t i = 0; i < n && b.len < MOST; i++) {
        if (strcmp(terms[i].kind, "condition") == 0)
            buf_printf(&b, "%s ", terms[i].term);
    }
    TRY(db_list(c, &STUDY_IDENTIFIERS, DB_IN(db_int(s->id)), &ids, &n));
    for (size_t i = 0; i < n && b.len < MOST; i++)
        buf_printf(&b, "%s ", ids[i].value);
    struct study_new as = {.code = s->code, .acronym = s->acronym, .title = s->title,
                           .official_title = s->official_title, .sponsor_name = s->sponsor_name,
                           .find = buf_text(&b)};
    *ret = find_text(c->mem, &as);
    return NULL;
}

err_t
study_create(struct ctx *c, const struct study_new *s, int64_t *ret_id, const char **ret_ref)
{
    struct study_named_row *had;
    size_t n_had;
    TRY(with_code(c, s->code, &had, &n_had));
    if (n_had)
        return err_field(c->mem, E_CONFLICT, "code", "There is a study with the code %s already.", s->code);
    char today[DATE_TEXT];
    date_iso(c->today, today);
    const char *ref = ref_new(c->mem);
    struct study_add_row row;
    TRY(db_one(c, &STUDY_ADD,
               DB_IN(db_text(ref), db_text(s->code), db_text(s->title), db_text(s->official_title),
                     db_text(s->acronym), db_text(s->status), db_text(s->study_type), db_text(s->phases),
                     db_int_or_null(s->enrolment, s->enrolment < 0), db_text(s->enrolment_type),
                     db_bool(s->has_results), db_int_or_null(s->sponsor, !s->sponsor),
                     db_text(s->sponsor_name), db_text(s->sponsor_class),
                     db_int_or_null(s->operator_, !s->operator_), db_text(s->summary),
                     db_text(s->description), db_text(rules_title_key(c->mem, s->title)),
                     db_text(rules_date_key(s->start_on)), db_text(str_or(s->updated_on, today)),
                     db_text(rules_size_key(c->mem, s->enrolment)), db_text(find_text(c->mem, s)),
                     db_text(s->origin), db_time(c->now)),
               &row));
    *ret_id = row.id;
    *ret_ref = ref;
    return NULL;
}

err_t
study_find(struct ctx *c, const char *code, int64_t *ret_id)
{
    struct study_named_row *x;
    size_t n;
    TRY(with_code(c, code, &x, &n));
    *ret_id = n ? x[0].id : 0;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(x[i].ref, code) == 0) { /* one ref, one study */
            *ret_id = x[i].id;
            return NULL;
        }
    }
    if (n < 2)
        return NULL;
    struct buf b;
    buf_init(&b, c->mem);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%s (%s)", i ? ", " : "", x[i].ref, x[i].title);
    return err_new(c->mem, E_CONFLICT, "More than one study has the code %s. Put in its place, in the address or the command, one of: %s.",
                   code, buf_text(&b));
}

int64_t
study_operator(const struct ctx *c)
{
    for (size_t i = 0; c->who && i < c->who->n_rights; i++) {
        if (c->who->rights[i].role == ROLE_DIRECTOR)
            return c->who->rights[i].organisation;
    }
    return c->inst->home;
}

err_t
study_make_manager(struct ctx *c, int64_t study)
{
    char today[DATE_TEXT];
    date_iso(c->today, today);
    struct tie_new tie = {.person = c->who->person, .study = study, .role = role_word(ROLE_STUDY_MANAGER), .from_on = today};
    const char *ref;
    bool audience;
    return tie_grant(c, &tie, &ref, &audience);
}

err_t
study_thing(struct ctx *c, int64_t id, struct thing *ret)
{
    struct study_thing_row row;
    TRY(db_one(c, &STUDY_THING, DB_IN(db_int(id)), &row));
    ret->study = row.id;
    ret->organisations[0] = row.sponsor_null ? 0 : row.sponsor;
    ret->organisations[1] = row.operator_null ? 0 : row.operator;
    ret->comp = (enum compartment)row.comp;
    ret->study_ref = row.code;
    ret->study_title = utf8_cut(c->mem, row.title, STUDY_TITLE_SHOWN);
    return NULL;
}

static err_t
not_here(struct ctx *c)
{
    return err_new(c->mem, E_NOT_FOUND, "There is nothing here, or it is not open to you.");
}

err_t
study_resolve(struct ctx *c, const char *code, struct thing *ret)
{
    int64_t id = 0;
    if (c->who)
        TRY(study_find(c, code, &id));
    if (!id)
        return not_here(c);
    struct thing t = *ret;
    TRY(study_thing(c, id, &t));
    if (strcmp(t.study_ref, code) != 0) /* found by its ref: the links of its pages keep to that */
        t.study_ref = arena_strdup(c->mem, code);
    *ret = t;
    return NULL;
}

err_t
site_resolve(struct ctx *c, const char *ref, struct thing *ret)
{
    struct site_find_row row;
    bool found;
    TRY(db_maybe(c, &SITE_FIND, DB_IN(db_int(ret->study), db_text(ref)), &row, &found));
    if (!found)
        return not_here(c);
    struct thing t = *ret;
    t.study_site = row.id;
    if (!may(c->who, PERM_SITE_READ, &t))
        return not_here(c);
    *ret = t;
    return NULL;
}

err_t
site_find(struct ctx *c, int64_t study, const char *number, int64_t *ret_id)
{
    struct site_numbered_row row;
    bool found;
    TRY(db_maybe(c, &SITE_NUMBERED, DB_IN(db_int(study), db_text(number)), &row, &found));
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "The study has no site %s.", number);
    *ret_id = row.id;
    return NULL;
}

err_t
site_create(struct ctx *c, const struct site_new *s, int64_t *ret_id, const char **ret_ref)
{
    const char *ref = ref_new(c->mem);
    struct db_val latitude = db_real(s->latitude), longitude = db_real(s->longitude);
    latitude.null = longitude.null = !s->has_point;
    struct site_add_row row;
    TRY(db_one(c, &SITE_ADD,
               DB_IN(db_text(ref), db_int(s->study), db_int(s->organisation), db_text(s->number),
                     db_text(s->label), db_text(s->facility), db_text(s->city), db_text(s->state),
                     db_text(s->zip), db_text(s->country), db_text(s->country_stated),
                     db_int(s->ordinal), latitude, longitude, db_text(s->status),
                     db_text(site_key(c->mem, s->number, s->country, s->city, str_or(s->label, s->facility))),
                     db_text(s->origin), db_time(c->now)),
               &row));
    *ret_id = row.id;
    *ret_ref = ref;
    return NULL;
}

const char *
site_title(struct arena *a, const char *number, const char *label, const char *facility,
           const char *organisation, bool placeholder, const char *city)
{
    const char *name = !str_empty(label) ? label : !str_empty(facility) ? facility : organisation;
    if (placeholder && str_empty(label))
        name = str_empty(city) ? "not named by the sponsor" : arena_printf(a, "not named by the sponsor, %s", city);
    if (str_empty(number) || str_eq(number, name)) /* a bare number says too little on its own */
        return !str_empty(name) && !name[strspn(name, "0123456789")] ? arena_printf(a, "Site %s", name) : name;
    return arena_printf(a, "%s, %s", number, name);
}

/* ---- listing ---- */

static err_t
facets_of(struct ctx *c, int64_t study, const struct study_keys_row *k, const char ***ret, size_t *ret_n)
{
    struct study_countries_row *countries;
    size_t n;
    TRY(db_list(c, &STUDY_COUNTRIES, DB_IN(db_int(study)), &countries, &n));
    const char **codes = arena_alloc(c->mem, n * sizeof *codes);
    for (size_t i = 0; i < n; i++)
        codes[i] = countries[i].country;
    *ret = rules_facets(c->mem, k->status, k->phases, k->sponsor_class, codes, n, ret_n);
    return NULL;
}

static err_t
list_for(struct ctx *c, int64_t audience, int64_t study, const struct study_keys_row *k,
         const char *const *facet, size_t n)
{
    struct study_list_old_row *old;
    size_t n_old;
    TRY(db_list(c, &STUDY_LIST_OLD, DB_IN(db_int(study), db_int(audience)), &old, &n_old));
    for (size_t i = 0; i < n_old; i++)
        TRY(db_run(c, &STUDY_TOTAL_ADD, DB_IN(db_int(audience), db_text(old[i].facet), db_int(-1)), NULL));
    if (n_old)
        TRY(db_run(c, &STUDY_LIST_DROP, DB_IN(db_int(study), db_int(audience)), NULL));
    struct sieve all = {0};
    for (size_t i = 0; i < n; i++)
        rules_facet_sieve(facet[i], &all);
    for (size_t i = 0; i < n; i++) {
        TRY(db_run(c, &STUDY_LIST_ADD,
                   DB_IN(db_int(audience), db_text(facet[i]), db_int(study), db_text(k->title_key),
                         db_text(k->start_key), db_text(k->updated_key), db_text(k->size_key),
                         db_int(all.a), db_int(all.b)),
                   NULL));
        TRY(db_run(c, &STUDY_TOTAL_ADD, DB_IN(db_int(audience), db_text(facet[i]), db_int(1)), NULL));
    }
    return NULL;
}

static err_t
words_of_study(struct ctx *c, int64_t audience, int64_t study, const struct study_keys_row *k,
               const char *const *facet, size_t n_facets)
{
    struct study_identifiers_row *ids;
    struct study_terms_row *terms;
    struct word_put w;
    size_t n;
    TRY(words_drop(c, audience, "study", study));
    words_begin(&w, c, audience, "study", study);
    words_add(&w, WORD_CODE, k->code);
    words_add(&w, WORD_CODE, k->acronym);
    words_add(&w, WORD_NAME, k->title);
    words_add(&w, WORD_MORE, k->official_title);
    words_add(&w, WORD_MORE, k->sponsor_name);
    for (size_t i = 0; i < n_facets; i++) {
        if (*facet[i])
            words_mark(&w, facet[i]);
    }
    TRY(db_list(c, &STUDY_IDENTIFIERS, DB_IN(db_int(study)), &ids, &n));
    for (size_t i = 0; i < n; i++)
        words_add(&w, WORD_CODE, ids[i].value);
    TRY(db_list(c, &STUDY_TERMS, DB_IN(db_int(study)), &terms, &n));
    for (size_t i = 0; i < n; i++) {
        if (strcmp(terms[i].kind, "condition") == 0)
            words_add(&w, WORD_MORE, terms[i].term);
    }
    return words_end(&w);
}

/* The pages of its organisations and persons show the study to the audience. */
static err_t
parties_of(struct ctx *c, int64_t audience, int64_t study)
{
    TRY(db_run(c, &STUDY_PARTY_DROP, DB_IN(db_int(study), db_int(audience)), NULL));
    return db_run(c, &STUDY_PARTY_FILL, DB_IN(db_int(study), db_int(audience)), NULL);
}

/* The organisations and persons of a study become findable for the audience, once each. */
static err_t
words_of_parties(struct ctx *c, int64_t audience, int64_t study)
{
    struct study_party_orgs_row *orgs;
    struct study_party_people_row *people;
    size_t n;
    struct word_put w;
    TRY(db_list(c, &STUDY_PARTY_ORGS, DB_IN(db_int(study), db_int(audience)), &orgs, &n));
    for (size_t i = 0; i < n; i++) {
        words_begin(&w, c, audience, "organisation", orgs[i].id);
        words_name(&w, orgs[i].name);
        words_add(&w, WORD_NAME, orgs[i].name);
        words_add(&w, WORD_MORE, orgs[i].city);
        TRY(words_end(&w));
    }
    TRY(db_list(c, &STUDY_PARTY_PEOPLE, DB_IN(db_int(study), db_int(audience)), &people, &n));
    for (size_t i = 0; i < n; i++) {
        words_begin(&w, c, audience, "person", people[i].id);
        words_name(&w, people[i].name);
        words_add(&w, WORD_NAME, people[i].name);
        words_add(&w, WORD_MORE, people[i].affiliation);
        TRY(words_end(&w));
    }
    return NULL;
}

static err_t
relist_for(struct ctx *c, int64_t audience, int64_t study, const struct study_keys_row *k,
           const char *const *facet, size_t n)
{
    TRY(list_for(c, audience, study, k, facet, n));
    TRY(parties_of(c, audience, study));
    TRY(words_of_study(c, audience, study, k, facet, n));
    return words_of_parties(c, audience, study);
}

err_t
study_relist(struct ctx *c, int64_t study)
{
    TRY(db_run(c, &STUDY_COUNTRY_DROP, DB_IN(db_int(study)), NULL));
    TRY(db_run(c, &STUDY_COUNTRY_FILL, DB_IN(db_int(study)), NULL));
    TRY(db_run(c, &STUDY_COUNT_SITES, DB_IN(db_int(study)), NULL));
    struct study_keys_row k;
    TRY(db_one(c, &STUDY_KEYS, DB_IN(db_int(study)), &k));
    const char **facet;
    size_t n;
    TRY(facets_of(c, study, &k, &facet, &n));
    TRY(db_run(c, &STUDY_FACET_DROP, DB_IN(db_int(study)), NULL));
    for (size_t i = 0; i < n; i++)
        TRY(db_run(c, &STUDY_FACET_ADD, DB_IN(db_int(study), db_text(facet[i])), NULL));
    struct core_audience_list_row *audiences;
    size_t n_audiences;
    TRY(db_list(c, &CORE_AUDIENCE_LIST, DB_NONE, &audiences, &n_audiences));
    for (size_t i = 0; i < n_audiences; i++) {
        int64_t id = audiences[i].id;
        if ((!k.sponsor_null && id == k.sponsor) || (!k.operator_null && id == k.operator))
            TRY(relist_for(c, id, study, &k, facet, n));
    }
    return NULL;
}

err_t
study_list_audience(struct ctx *c, int64_t organisation)
{
    int64_t after = 0;
    for (;;) {
        struct arena_mark mark = arena_save(c->mem);
        struct study_of_sponsor_row *rows;
        size_t n;
        TRY(db_list(c, &STUDY_OF_SPONSOR, DB_IN(db_int(organisation), db_int(after)), &rows, &n));
        for (size_t i = 0; i < n; i++) {
            TRY(study_relist(c, rows[i].id));
            after = rows[i].id;
        }
        if (n == 0)
            return NULL;
        arena_restore(c->mem, mark);
    }
}
