/* store.c: see store.h. The mapping of the registry's fields to the tables; decides what joins by
 * names.h only. Called by import.c inside its transaction. */
#include "features/registry/store.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/countries.h"
#include "core/party.h"
#include "core/record.h"
#include "core/vault.h"
#include "core/inst.h"
#include "db/db.h"
#include "features/registry/names.h"
#include "features/registry/registry_sql.h"
#include "features/studies/studies.h"
#include "features/studies/studies_sql.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct job {
    struct ctx *c;
    const struct registry_study *s;
    struct registry_result *result;
    const char *industry; /* the sponsor's name when it is a company: no site, no person */
    int64_t study, sponsor; /* sponsor 0: not named */
};

static const char *
joined(struct arena *a, const struct registry_texts *t)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < t->n; i++)
        buf_printf(&b, "%s%s", i ? "|" : "", t->v[i]);
    return t->n ? buf_text(&b) : NULL;
}

static const char *
yes_words(enum registry_yes y)
{
    switch (y) {
    case REGISTRY_UNSAID:
        return NULL;
    case REGISTRY_NO:
        return "No";
    case REGISTRY_YES:
        break;
    }
    return "Yes";
}

/* ---- the kept original ---- */

/* The registry's own version stamp changes every day without the record changing. */
static err_t
content_hash(struct arena *a, const char *json, size_t n, unsigned char ret[static 32])
{
    json_error_t why;
    json_t *root = json_loadb(json, n, 0, &why);
    if (!root)
        return err_new(a, E_BAD_INPUT, "The record is not JSON: %s.", why.text);
    json_t *misc = json_object_get(json_object_get(root, "derivedSection"), "miscInfoModule");
    json_object_del(misc, "versionHolder");
    char *text = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(root);
    INVARIANT(text);
    crypto_hash_sha256(ret, (const unsigned char *)text, strlen(text));
    free(text);
    return NULL;
}

static err_t
keep_source(struct job *j, const char *json, size_t n, const unsigned char hash[static 32],
            const char *file_name, bool applied)
{
    struct ctx *c = j->c;
    uLongf size = compressBound(n);
    unsigned char *small = arena_alloc(c->mem, size + 8);
    for (int i = 0; i < 8; i++)
        small[i] = (unsigned char)((uint64_t)n >> (8 * i));
    INVARIANT(compress2(small + 8, &size, (const unsigned char *)json, n, 6) == Z_OK);
    const unsigned char *sealed;
    size_t sealed_n;
    TRY(vault_seal(c, "study_source", small, size + 8, &sealed, &sealed_n));
    const char *version = j->s->dates[REGISTRY_LAST_UPDATE_POST].text;
    return db_run(c, &STUDY_SOURCE_ADD,
                  DB_IN(db_int(j->study), db_text("ClinicalTrials.gov"), db_blob(hash, 32), db_text(version),
                        db_text(file_name), db_time(c->now), db_bool(applied), db_blob(sealed, sealed_n)),
                  NULL);
}

/* ---- parties ---- */

static err_t
organisation(struct job *j, const char *name, const char *class, const char *kind, int64_t *ret)
{
    struct arena *a = j->c->mem;
    struct org_new o = {.name = str_or(name, "Not named in the registry"), .kind = kind, .class = class,
                        .origin = "registry", .placeholder = str_empty(name),
                        .join_key = arena_printf(a, "%s||", utf8_fold(a, str_or(name, "")))};
    bool was_here;
    TRY(org_get(j->c, &o, ret, &was_here));
    j->result->joined_organisations += was_here;
    return NULL;
}

static err_t
person(struct job *j, const char *name, const char *affiliation, int64_t *ret)
{
    struct arena *a = j->c->mem;
    bool desk = names_person_is_desk(a, name, j->industry), was_here;
    struct person_new p = {.name = desk ? str_or(name, "Contact") : names_person_plain(a, name),
                           .affiliation = affiliation, .desk = desk, .origin = "registry",
                           .join_key = names_person_key(a, name, affiliation, j->industry)};
    TRY(person_get(j->c, &p, ret, &was_here));
    j->result->joined_people += was_here;
    return NULL;
}

static err_t
add_person(struct job *j, int64_t site, const char *kind, size_t ordinal, const char *name, const char *role,
           const char *title, const char *affiliation, int64_t *ret_person)
{
    TRY(person(j, name, affiliation, ret_person));
    struct study_person_add_row row;
    return db_one(j->c, &STUDY_PERSON_ADD,
                  DB_IN(db_int(j->study), db_int_or_null(site, !site), db_int(*ret_person), db_text(kind),
                        db_int((int64_t)ordinal), db_text(name), db_text(role), db_text(title),
                        db_text(affiliation)),
                  &row);
}

/* Somebody has written an address where a name belongs: it goes to the vault with the others. */
static bool
is_address(struct arena *a, const char *name)
{
    return name && str_without_addresses(a, name) != name;
}

static err_t
add_contact(struct job *j, int64_t site, const char *kind, size_t ordinal, const struct registry_contact *x,
            const char *affiliation)
{
    int64_t id;
    bool address = is_address(j->c->mem, x->name);
    TRY(add_person(j, site, kind, ordinal, address ? NULL : x->name, x->role, NULL, affiliation, &id));
    struct vault_ground here = {"registry", j->study, site};
    if (address && !str_eq(x->name, x->email))
        TRY(vault_put(j->c, id, "email", here, x->name));
    if (x->phone)
        TRY(vault_put(j->c, id, "phone", here,
                      x->phone_ext ? arena_printf(j->c->mem, "%s ext. %s", x->phone, x->phone_ext) : x->phone));
    if (x->email)
        TRY(vault_put(j->c, id, "email", here, x->email));
    return NULL;
}

static err_t
add_people(struct job *j)
{
    const struct registry_study *s = j->s;
    int64_t id;
    struct arena *a = j->c->mem;
    for (size_t i = 0; i < s->n_officials; i++) {
        const struct registry_official *o = &s->officials[i];
        TRY(add_person(j, 0, "official", i, str_without_addresses(a, o->name), o->role, NULL,
                       str_without_addresses(a, o->affiliation), &id));
    }
    for (size_t i = 0; i < s->n_central_contacts; i++)
        TRY(add_contact(j, 0, "central_contact", i, &s->central_contacts[i], NULL));
    const struct registry_party *r = &s->responsible;
    if (r->name)
        return add_person(j, 0, "responsible", 0, r->name, r->type, r->title, r->affiliation, &id);
    return NULL;
}

static err_t
add_organisations(struct job *j)
{
    const struct registry_study *s = j->s;
    int64_t id;
    if (s->lead_sponsor.name)
        TRY(db_run(j->c, &STUDY_ORGANISATION_ADD,
                   DB_IN(db_int(j->study), db_text("sponsor"), db_int(0), db_int(j->sponsor),
                         db_text(s->lead_sponsor.name), db_text(s->lead_sponsor.class)),
                   NULL));
    for (size_t i = 0; i < s->n_collaborators; i++) {
        const struct registry_organisation *x = &s->collaborators[i];
        const char *name = str_or(x->name, "Not named in the registry");
        TRY(organisation(j, x->name, x->class, NULL, &id));
        TRY(db_run(j->c, &STUDY_ORGANISATION_ADD,
                   DB_IN(db_int(j->study), db_text("collaborator"), db_int((int64_t)i), db_int(id),
                         db_text(name), db_text(x->class)),
                   NULL));
    }
    return NULL;
}

/* ---- sites ---- */

static bool
same_place(const struct registry_location *a, const struct registry_location *b)
{
    return str_eq(a->facility, b->facility) && str_eq(a->city, b->city) && str_eq(a->state, b->state) &&
           str_eq(a->zip, b->zip) && str_eq(a->country, b->country);
}

static err_t
place_of(struct job *j, const struct registry_location *l, const char *country, int64_t *ret, bool *ret_unnamed)
{
    struct arena *a = j->c->mem;
    const char *key = names_facility_key(a, l->facility, l->city, country, j->industry);
    *ret_unnamed = names_facility_is_placeholder(a, l->facility, j->industry);
    struct org_new o = {
        .name = *ret_unnamed ? "Not named by the sponsor" : names_facility_plain(a, l->facility), .kind = "site",
        .city = l->city, .state = l->state, .zip = l->zip, .country = country, .latitude = l->point.lat,
        .longitude = l->point.lon, .has_point = l->point.given, .placeholder = *ret_unnamed,
        .join_key = key, .origin = "registry",
        .far_key = key && l->state ? arena_printf(a, "%s|%s", key, utf8_fold(a, l->state)) : NULL,
    };
    bool was_here;
    TRY(org_get(j->c, &o, ret, &was_here));
    j->result->joined_organisations += was_here;
    return NULL;
}

static err_t
add_site(struct job *j, size_t index)
{
    const struct registry_location *l = &j->s->locations[index];
    struct ctx *c = j->c;
    const char *country = countries_code(c->mem, l->country);
    int64_t ordinal = 0, id;
    for (size_t i = 0; i < index; i++)
        ordinal += same_place(&j->s->locations[i], l);
    struct site_new site = {
        .study = j->study, .facility = l->facility, .city = l->city, .state = l->state, .zip = l->zip,
        .country = country, .country_stated = l->country, .status = l->status, .latitude = l->point.lat,
        .longitude = l->point.lon, .has_point = l->point.given, .ordinal = ordinal, .origin = "registry",
    };
    bool unnamed;
    const char *ref;
    TRY(place_of(j, l, country, &site.organisation, &unnamed));
    TRY(site_create(c, &site, &id, &ref));
    for (size_t i = 0; i < l->n_contacts; i++)
        TRY(add_contact(j, id, "contact", i, &l->contacts[i], unnamed ? NULL : l->facility));
    return NULL;
}

/* ---- everything else ---- */

static err_t
fact(struct job *j, const char *name, const char *value)
{
    if (str_empty(value))
        return NULL;
    return db_run(j->c, &STUDY_FACT_SET, DB_IN(db_int(j->study), db_text(name), db_text(value)), NULL);
}

static err_t
add_facts(struct job *j)
{
    const struct registry_study *s = j->s;
    struct arena *a = j->c->mem;
    const struct {
        const char *name, *value;
    } facts[] = {
        {"last_known_status", s->last_known_status}, {"why_stopped", s->why_stopped},
        {"allocation", s->allocation}, {"intervention_model", s->intervention_model},
        {"intervention_model_description", s->intervention_model_description},
        {"primary_purpose", s->primary_purpose}, {"observational_model", s->observational_model},
        {"time_perspective", s->time_perspective}, {"masking", s->masking},
        {"who_masked", joined(a, &s->who_masked)}, {"masking_description", s->masking_description},
        {"patient_registry", yes_words(s->patient_registry)}, {"target_duration", s->target_duration},
        {"biospecimen", s->biospecimen}, {"biospecimen_description", s->biospecimen_description},
        {"has_dmc", yes_words(s->has_dmc)}, {"fda_drug", yes_words(s->fda_drug)},
        {"fda_device", yes_words(s->fda_device)}, {"unapproved_device", yes_words(s->unapproved_device)},
        {"ppsd", yes_words(s->ppsd)}, {"us_export", yes_words(s->us_export)},
        {"fdaaa_violation", yes_words(s->fdaaa_violation)}, {"expanded_access", yes_words(s->expanded_access)},
        {"expanded_access_nct_id", s->expanded_access_nct_id},
        {"expanded_access_status", s->expanded_access_status},
        {"access_individual", yes_words(s->access_individual)},
        {"access_intermediate", yes_words(s->access_intermediate)},
        {"access_treatment", yes_words(s->access_treatment)},
        {"delayed_posting", yes_words(s->delayed_posting)}, {"results_waived", yes_words(s->results_waived)},
        {"responsible_type", s->responsible.type},
        {"responsible_old_name_title", s->responsible.old_name_title},
        {"responsible_old_organisation", s->responsible.old_organisation},
        {"registering_organisation", s->organisation.name},
        {"registering_organisation_class", s->organisation.class},
        {"removed_countries", joined(a, &s->removed_countries)},
        {"ipd_sharing", s->ipd_sharing}, {"ipd_description", s->ipd_description},
        {"ipd_time_frame", s->ipd_time_frame}, {"ipd_access", s->ipd_access}, {"ipd_url", s->ipd_url},
        {"ipd_types", joined(a, &s->ipd_types)}, {"no_sap", yes_words(s->no_sap)},
        {"expanded_access_studies", s->expanded_access_studies.given ? arena_printf(a, "%lld", (long long)s->expanded_access_studies.n) : NULL},
        {"brief_title", s->brief_title ? NULL : "None in the registry"},
    };
    for (size_t i = 0; i < COUNT_OF(facts); i++)
        TRY(fact(j, facts[i].name, facts[i].value));
    return NULL;
}

static err_t
add_dates(struct job *j)
{
    for (int i = 0; i < REGISTRY_MILESTONES; i++) {
        const struct registry_date *d = &j->s->dates[i];
        if (d->text)
            TRY(db_run(j->c, &STUDY_DATE_SET,
                       DB_IN(db_int(j->study), db_text(parse_milestone_name((enum registry_milestone)i)),
                             db_text(d->text), db_text(d->type)),
                       NULL));
    }
    if (j->s->version.text)
        return db_run(j->c, &STUDY_DATE_SET,
                      DB_IN(db_int(j->study), db_text("version"), db_text(j->s->version.text), db_text(NULL)), NULL);
    return NULL;
}

static err_t
identifier(struct job *j, int64_t *ordinal, const char *kind, const struct registry_id *x)
{
    if (str_empty(x->id))
        return NULL;
    return db_run(j->c, &STUDY_IDENTIFIER_ADD,
                  DB_IN(db_int(j->study), db_int((*ordinal)++), db_text(x->id), db_text(kind), db_text(x->type),
                        db_text(x->domain), db_text(x->link)),
                  NULL);
}

static err_t
add_identifiers(struct job *j)
{
    const struct registry_study *s = j->s;
    int64_t ordinal = 0;
    TRY(identifier(j, &ordinal, "registry", &(struct registry_id){.id = s->nct_id, .domain = "ClinicalTrials.gov"}));
    TRY(identifier(j, &ordinal, "organisation", &s->org_study_id));
    for (size_t i = 0; i < s->n_secondary_ids; i++)
        TRY(identifier(j, &ordinal, "secondary", &s->secondary_ids[i]));
    for (size_t i = 0; i < s->nct_aliases.n; i++)
        TRY(identifier(j, &ordinal, "alias", &(struct registry_id){.id = s->nct_aliases.v[i], .domain = "ClinicalTrials.gov, earlier"}));
    return NULL;
}

static err_t
term(struct job *j, const char *kind, size_t ordinal, const char *text, const char *code)
{
    if (str_empty(text))
        return NULL;
    return db_run(j->c, &STUDY_TERM_ADD,
                  DB_IN(db_int(j->study), db_text(kind), db_int((int64_t)ordinal), db_text(text), db_text(code)), NULL);
}

static err_t
add_terms(struct job *j)
{
    const struct registry_study *s = j->s;
    for (size_t i = 0; i < s->conditions.n; i++)
        TRY(term(j, "condition", i, s->conditions.v[i], NULL));
    for (size_t i = 0; i < s->keywords.n; i++)
        TRY(term(j, "keyword", i, s->keywords.v[i], NULL));
    for (size_t i = 0; i < s->n_condition_meshes; i++)
        TRY(term(j, "mesh", i, s->condition_meshes[i].term, s->condition_meshes[i].id));
    for (size_t i = 0; i < s->n_intervention_meshes; i++)
        TRY(term(j, "intervention_mesh", i, s->intervention_meshes[i].term, s->intervention_meshes[i].id));
    return NULL;
}

static err_t
add_arms(struct job *j)
{
    const struct registry_study *s = j->s;
    struct arena *a = j->c->mem;
    for (size_t i = 0; i < s->n_arms; i++)
        TRY(db_run(j->c, &REGISTRY_ARM_ADD,
                   DB_IN(db_int(j->study), db_int((int64_t)i), db_text(s->arms[i].label), db_text(s->arms[i].type),
                         db_text(s->arms[i].description), db_text(joined(a, &s->arms[i].interventions))),
                   NULL));
    for (size_t i = 0; i < s->n_interventions; i++) {
        const struct registry_intervention *x = &s->interventions[i];
        TRY(db_run(j->c, &REGISTRY_INTERVENTION_ADD,
                   DB_IN(db_int(j->study), db_int((int64_t)i), db_text(x->type), db_text(x->name),
                         db_text(x->description), db_text(joined(a, &x->arms)), db_text(joined(a, &x->other_names))),
                   NULL));
    }
    return NULL;
}

static err_t
outcomes(struct job *j, const char *kind, const struct registry_outcome *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        TRY(db_run(j->c, &REGISTRY_OUTCOME_ADD,
                   DB_IN(db_int(j->study), db_text(kind), db_int((int64_t)i), db_text(x[i].measure),
                         db_text(x[i].description), db_text(x[i].time_frame)),
                   NULL));
    return NULL;
}

static err_t
add_eligibility(struct job *j)
{
    const struct registry_study *s = j->s;
    return db_run(j->c, &REGISTRY_ELIGIBILITY_ADD,
                  DB_IN(db_int(j->study), db_text(s->criteria), db_text(s->sex), db_text(s->minimum_age.text),
                        db_text(s->maximum_age.text),
                        db_int_or_null(s->minimum_age.days, s->minimum_age.days < 0),
                        db_int_or_null(s->maximum_age.days, s->maximum_age.days < 0),
                        db_text(joined(j->c->mem, &s->age_groups)), db_text(yes_words(s->healthy_volunteers)),
                        db_text(yes_words(s->gender_based)), db_text(s->gender_description),
                        db_text(s->sampling_method), db_text(s->study_population)),
                  NULL);
}

static err_t
document(struct job *j, int64_t *ordinal, const char *kind, const char *type, const char *label,
         const char *url, const char *holds, const char *dated, const char *note)
{
    return db_run(j->c, &REGISTRY_DOCUMENT_ADD,
                  DB_IN(db_int(j->study), db_int((*ordinal)++), db_text(kind), db_text(type), db_text(label),
                        db_text(url), db_text(holds), db_text(dated), db_text(note)),
                  NULL);
}

static const char *
document_note(struct arena *a, const struct registry_document *d)
{
    struct buf b;
    buf_init(&b, a);
    buf_printf(&b, "%s, uploaded %s", str_or(d->filename, "no file name"), str_or(d->uploaded, "at an unknown time"));
    if (d->size.given)
        buf_printf(&b, ", %lld kB", (long long)(d->size.n + 999) / 1000);
    return buf_text(&b);
}

static const char *
reference_note(struct arena *a, const struct registry_reference *x)
{
    struct buf b;
    buf_init(&b, a);
    if (x->pmid)
        buf_printf(&b, "PMID %s", x->pmid);
    for (size_t i = 0; i < x->n_retractions; i++)
        buf_printf(&b, "%sretracted: %s%s%s", b.len ? ", " : "", str_or(x->retractions[i].source, "no source"),
                   x->retractions[i].pmid ? ", PMID " : "", str_or(x->retractions[i].pmid, ""));
    return b.len ? buf_text(&b) : NULL;
}

static err_t
add_documents(struct job *j)
{
    const struct registry_study *s = j->s;
    struct arena *a = j->c->mem;
    int64_t ordinal = 0;
    for (size_t i = 0; i < s->n_documents; i++) {
        const struct registry_document *d = &s->documents[i];
        const char *holds = arena_printf(a, "%s%s%s", d->protocol == REGISTRY_YES ? "protocol " : "",
                                         d->sap == REGISTRY_YES ? "statistical analysis plan " : "",
                                         d->icf == REGISTRY_YES ? "consent form" : "");
        TRY(document(j, &ordinal, "document", d->type, d->label, NULL, str_trim(a, holds), d->date.text,
                     document_note(a, d)));
    }
    for (size_t i = 0; i < s->n_references; i++)
        TRY(document(j, &ordinal, "reference", s->references[i].type, s->references[i].citation, NULL, NULL, NULL,
                     reference_note(a, &s->references[i])));
    for (size_t i = 0; i < s->n_links; i++)
        TRY(document(j, &ordinal, "link", NULL, s->links[i].label, s->links[i].url, NULL, NULL, NULL));
    for (size_t i = 0; i < s->n_ipds; i++)
        TRY(document(j, &ordinal, "data", s->ipds[i].type, s->ipds[i].id, s->ipds[i].url, NULL, NULL, s->ipds[i].comment));
    return NULL;
}

static err_t
unknown(struct job *j, size_t ordinal, const struct registry_unknown *u)
{
    j->result->unknown++;
    return db_run(j->c, &REGISTRY_UNKNOWN_ADD,
                  DB_IN(db_int(j->study), db_int((int64_t)ordinal), db_text(u->path), db_text(u->value),
                        db_int((int64_t)u->times)),
                  NULL);
}

/* Countries that countries.def does not know, each once. */
static err_t
add_unknown_countries(struct job *j, size_t ordinal)
{
    enum { MOST = 100 };
    struct registry_unknown u[MOST];
    size_t n = 0, k;
    for (size_t i = 0; i < j->s->n_locations && n < MOST; i++) {
        const char *country = j->s->locations[i].country;
        if (str_empty(country) || countries_code(j->c->mem, country))
            continue;
        for (k = 0; k < n && !str_eq(u[k].value, country);)
            k++;
        if (k == n)
            u[n++] = (struct registry_unknown){"protocolSection.contactsLocationsModule.locations[].country", country, 0};
        u[k].times++;
    }
    for (k = 0; k < n; k++)
        TRY(unknown(j, ordinal + k, &u[k]));
    return NULL;
}

static err_t
add_unknown(struct job *j)
{
    for (size_t i = 0; i < j->s->n_unknown; i++)
        TRY(unknown(j, i, &j->s->unknown[i]));
    j->result->unknown += (int64_t)j->s->more_unknown;
    return add_unknown_countries(j, j->s->n_unknown);
}

static const char *
find_words(struct job *j)
{
    struct buf b;
    buf_init(&b, j->c->mem);
    for (size_t i = 0; i < j->s->conditions.n && b.len < 2000; i++)
        buf_printf(&b, "%s ", j->s->conditions.v[i]);
    buf_printf(&b, "%s ", str_or(j->s->org_study_id.id, ""));
    for (size_t i = 0; i < j->s->n_secondary_ids && b.len < 3000; i++)
        buf_printf(&b, "%s ", str_or(j->s->secondary_ids[i].id, ""));
    return buf_text(&b);
}

static const char *
title_of(const struct registry_study *s)
{
    return str_or(s->brief_title, str_or(s->official_title, s->nct_id));
}

static err_t
create(struct job *j, const char **ret_ref)
{
    const struct registry_study *s = j->s;
    struct study_new n = {
        .code = s->nct_id, .title = title_of(s),
        .official_title = s->official_title, .acronym = s->acronym, .status = s->status,
        .study_type = s->study_type, .phases = joined(j->c->mem, &s->phases),
        .enrolment = s->enrolment.given ? s->enrolment.n : -1, .enrolment_type = s->enrolment_type,
        .has_results = s->has_results == REGISTRY_YES, .sponsor_name = s->lead_sponsor.name,
        .sponsor_class = s->lead_sponsor.class, .operator_ = study_operator(j->c), .summary = s->brief_summary,
        .description = s->detailed_description, .start_on = s->dates[REGISTRY_START].text,
        .updated_on = s->dates[REGISTRY_LAST_UPDATE_POST].text, .find = find_words(j), .origin = "registry",
    };
    if (s->lead_sponsor.name)
        TRY(organisation(j, s->lead_sponsor.name, s->lead_sponsor.class, "sponsor", &j->sponsor));
    n.sponsor = j->sponsor;
    return study_create(j->c, &n, &j->study, ret_ref);
}

static err_t
fill(struct job *j)
{
    const struct registry_study *s = j->s;
    TRY(add_identifiers(j));
    TRY(add_facts(j));
    TRY(add_dates(j));
    TRY(add_terms(j));
    TRY(add_arms(j));
    TRY(outcomes(j, "primary", s->primary_outcomes, s->n_primary_outcomes));
    TRY(outcomes(j, "secondary", s->secondary_outcomes, s->n_secondary_outcomes));
    TRY(outcomes(j, "other", s->other_outcomes, s->n_other_outcomes));
    TRY(add_eligibility(j));
    TRY(add_organisations(j));
    TRY(add_people(j));
    for (size_t i = 0; i < s->n_locations; i++)
        TRY(add_site(j, i));
    TRY(add_documents(j));
    TRY(add_unknown(j));
    return study_relist(j->c, j->study);
}

/* A director reads what came in as the operator's; who is none becomes its manager, and could not be
 * that of thousands. */
static err_t
run_by_who(struct job *j)
{
    enum { BY_ONE = 100 };
    const struct who *w = j->c->who;
    if (!w || may_has_role(w, ROLE_DIRECTOR))
        return NULL;
    if (j->result->created == BY_ONE)
        return err_new(j->c->mem, E_TOO_LARGE, "You would become study manager of more than %d studies. Ask a director to bring in this file.", BY_ONE);
    return study_make_manager(j->c, j->study);
}

/* A changed record of a study that is here: kept beside what is shown. Nothing else is touched. */
static err_t
keep_beside(struct job *j, const char *json, size_t n, const unsigned char hash[static 32], const char *file_name)
{
    struct ctx *c = j->c;
    const char *code = j->s->nct_id, *version = j->s->dates[REGISTRY_LAST_UPDATE_POST].text;
    struct study_source_applied_row applied;
    bool found;
    TRY(db_maybe(c, &STUDY_SOURCE_APPLIED, DB_IN(db_int(j->study)), &applied, &found));
    bool older = found && version && applied.version && strcmp(version, applied.version) < 0;
    TRY(keep_source(j, json, n, hash, file_name, false));
    record_change(c, "study", code, "source", NULL,
                  older ? "an older record, kept and not applied" : "a changed record, kept and not applied");
    record_also(c, "study", j->study);
    j->result->newer += !older;
    j->result->older += older;
    size_t len = strlen(j->result->changed), room = sizeof j->result->changed - len;
    snprintf(j->result->changed + len, room, "%s%s", len && room > strlen(code) + 2 ? ", " : "",
             room > strlen(code) + 2 ? code : "");
    return NULL;
}

err_t
store_study(struct ctx *c, const struct registry_study *s, const char *json, size_t n,
            const char *file_name, struct registry_result *ret)
{
    struct job j = {.c = c, .s = s, .result = ret};
    if (str_eq(s->lead_sponsor.class, "INDUSTRY"))
        j.industry = s->lead_sponsor.name;
    unsigned char hash[32];
    TRY(content_hash(c->mem, json, n, hash));
    TRY(study_find(c, s->nct_id, &j.study));
    ret->records++;
    if (j.study) {
        struct study_source_known_row known;
        bool same;
        TRY(db_maybe(c, &STUDY_SOURCE_KNOWN, DB_IN(db_int(j.study), db_blob(hash, 32)), &known, &same));
        ret->same += same;
        if (same)
            return NULL;
        return keep_beside(&j, json, n, hash, file_name);
    }
    const char *ref;
    TRY(create(&j, &ref));
    TRY(run_by_who(&j));
    TRY(keep_source(&j, json, n, hash, file_name, true));
    TRY(fill(&j));
    record_change(c, "study", s->nct_id, "title", NULL, title_of(s));
    struct thing t = {0};
    TRY(study_thing(c, j.study, &t));
    if (ret->created == 0)
        record_about(c, "study", j.study, s->nct_id, &t);
    record_also(c, "study", j.study);
    ret->created++;
    return NULL;
}
