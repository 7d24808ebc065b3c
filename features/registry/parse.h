/* parse.h: one study record of ClinicalTrials.gov (API v2 JSON) as plain structs.
 *
 * The registry's schema requires nothing; we require nctId alone. What is absent is NULL, an empty
 * list, or `given` false; a JSON null counts as absent, in a list too, and so does an empty date. Enumerations are kept as the literal the
 * registry wrote. A wrong JSON type or an unreadable date refuses the record, because guessing
 * would be silent; a value or element we do not know is kept or left, and listed in `unknown`,
 * because registries grow. Nothing here touches a database. Texts "markup" are CommonMark. */
#ifndef REGISTRY_PARSE_H
#define REGISTRY_PARSE_H

#include "base/date.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum { REGISTRY_MAX_ROWS = 100000, REGISTRY_MAX_UNKNOWN = 1000 };

enum registry_yes { REGISTRY_UNSAID, REGISTRY_NO, REGISTRY_YES };

struct registry_texts {
    size_t n;
    const char **v;
};

struct registry_count {
    bool given;
    int64_t n;
};

struct registry_date {
    const char *text;              /* as stated: yyyy, yyyy-MM or yyyy-MM-dd; NULL when absent */
    enum date_precision precision; /* of text */
    int32_t first;                 /* first day of its span, see date.h */
    const char *type;              /* ACTUAL, ESTIMATED, or NULL when not said */
};

/* "18 Years" in days, rounded down: a year is 365.25, a month 30.4375. Under a day is 0. */
struct registry_age {
    const char *text; /* as stated, or NULL */
    int32_t days; /* -1 when there is no text, or it could not be read (then it is in unknown) */
};

enum registry_milestone {
    REGISTRY_STATUS_VERIFIED,
    REGISTRY_START,
    REGISTRY_PRIMARY_COMPLETION,
    REGISTRY_COMPLETION,
    REGISTRY_FIRST_SUBMIT,
    REGISTRY_FIRST_SUBMIT_QC,
    REGISTRY_FIRST_POST,
    REGISTRY_RESULTS_FIRST_SUBMIT,
    REGISTRY_RESULTS_FIRST_SUBMIT_QC,
    REGISTRY_RESULTS_FIRST_POST,
    REGISTRY_DISPOSITION_FIRST_SUBMIT,
    REGISTRY_DISPOSITION_FIRST_SUBMIT_QC,
    REGISTRY_DISPOSITION_FIRST_POST,
    REGISTRY_LAST_UPDATE_SUBMIT,
    REGISTRY_LAST_UPDATE_POST,
    REGISTRY_MILESTONES
};

struct registry_id {
    const char *id, *type, *domain, *link;
};

struct registry_organisation {
    const char *name,
        *class; /* class: NIH FED OTHER_GOV INDIV INDUSTRY NETWORK AMBIG OTHER UNKNOWN */
};

struct registry_party { /* responsible party */
    const char *type, *name, *title, *affiliation;
    const char *old_name_title, *old_organisation;
};

struct registry_contact {
    const char *name, *role, *phone, *phone_ext, *email;
};

struct registry_official {
    const char *name, *affiliation, *role;
};

struct registry_point {
    bool given;
    double lat, lon; /* degrees, WGS 84; north and east positive */
};

struct registry_location {
    const char *facility, *status, *city, *state, *zip, *country;
    struct registry_contact *contacts;
    size_t n_contacts;
    struct registry_point point;
};

struct registry_arm {
    const char *label, *type, *description;
    struct registry_texts interventions; /* "Drug: Aspirin" */
};

struct registry_intervention {
    const char *type, *name, *description;
    struct registry_texts arms, other_names;
};

struct registry_outcome {
    const char *measure, *description, *time_frame;
};

struct registry_term { /* MeSH */
    const char *id, *term;
};

struct registry_retraction {
    const char *pmid, *source;
};

struct registry_reference {
    const char *pmid, *type, *citation;
    struct registry_retraction *retractions;
    size_t n_retractions;
};

struct registry_link {
    const char *label, *url;
};

struct registry_ipd { /* a data set or document available elsewhere */
    const char *id, *type, *url, *comment;
};

struct registry_document {
    const char *type, *label, *filename;
    const char *uploaded; /* as stated: 2019-04-10T14:17 */
    enum registry_yes protocol, sap, icf;
    struct registry_date date;
    struct registry_count size;
};

/* A value of an enumeration, or an age, that we do not know (`value` is set), or an element that
 * has no home here (`value` NULL). List positions are written []: each path and value stands once.
 */
struct registry_unknown {
    const char *path, *value;
    size_t times;
};

struct registry_study {
    /* identification */
    const char *nct_id; /* NCT and eight digits */
    const char *brief_title, *official_title, *acronym;
    struct registry_texts nct_aliases;
    struct registry_id org_study_id;
    struct registry_id *secondary_ids;
    size_t n_secondary_ids;
    struct registry_organisation organisation;
    /* sponsor */
    struct registry_organisation lead_sponsor;
    struct registry_organisation *collaborators;
    size_t n_collaborators;
    struct registry_party responsible;
    /* status */
    const char *status, *last_known_status, *why_stopped;
    struct registry_date dates[REGISTRY_MILESTONES];
    enum registry_yes expanded_access, delayed_posting, results_waived;
    const char *expanded_access_nct_id, *expanded_access_status;
    /* oversight */
    enum registry_yes has_dmc, fda_drug, fda_device, unapproved_device, ppsd, us_export,
        fdaaa_violation;
    /* description */
    const char *brief_summary, *detailed_description;
    struct registry_texts conditions, keywords;
    struct registry_term *condition_meshes, *intervention_meshes;
    size_t n_condition_meshes, n_intervention_meshes;
    /* design */
    const char *study_type;
    struct registry_texts phases, who_masked;
    enum registry_yes patient_registry;
    enum registry_yes access_individual, access_intermediate, access_treatment;
    struct registry_count expanded_access_studies; /* records that point at this expanded access */
    const char *target_duration, *allocation, *intervention_model, *intervention_model_description;
    const char *primary_purpose, *observational_model, *time_perspective;
    const char *masking, *masking_description, *biospecimen, *biospecimen_description;
    struct registry_count enrolment;
    const char *enrolment_type; /* ACTUAL, ESTIMATED or NULL */
    struct registry_arm *arms;
    size_t n_arms;
    struct registry_intervention *interventions;
    size_t n_interventions;
    struct registry_outcome *primary_outcomes, *secondary_outcomes, *other_outcomes;
    size_t n_primary_outcomes, n_secondary_outcomes, n_other_outcomes;
    /* eligibility */
    const char *criteria, *sex, *gender_description, *sampling_method, *study_population;
    enum registry_yes healthy_volunteers, gender_based;
    struct registry_age minimum_age, maximum_age;
    struct registry_texts age_groups; /* CHILD ADULT OLDER_ADULT */
    /* people and places */
    struct registry_contact *central_contacts;
    size_t n_central_contacts;
    struct registry_official *officials;
    size_t n_officials;
    struct registry_location *locations;
    size_t n_locations;
    struct registry_texts removed_countries;
    /* references, sharing, documents, results */
    struct registry_reference *references;
    size_t n_references;
    struct registry_link *links;
    size_t n_links;
    struct registry_ipd *ipds;
    size_t n_ipds;
    const char *ipd_sharing, *ipd_description, *ipd_time_frame, *ipd_access, *ipd_url;
    struct registry_texts ipd_types;
    struct registry_document *documents;
    size_t n_documents;
    enum registry_yes no_sap, has_results;
    struct registry_date version; /* of the registry's data, derivedSection.miscInfoModule */
    /* what we did not know */
    struct registry_unknown *unknown;
    size_t n_unknown; /* at most REGISTRY_MAX_UNKNOWN; further ones are only counted */
    size_t more_unknown;
};

/* Reads one record. `json` as it came from splitter_next; `first_line` is its line in the file and
 * serves errors only. All memory in `a` (some six times the record at worst), nothing points into
 * `json`. Errors: E_BAD_INPUT naming the path, and the value where it helps; E_MEDIA_TYPE for JSON
 * that is no study record (the older API, FHIR); E_TOO_LARGE when a list has more than
 * REGISTRY_MAX_ROWS elements or the arena is full. */
err_t parse_study(struct arena *a, const char *json, size_t n, uint64_t first_line,
                  const struct registry_study **ret);

/* The same record as JSON without contact elements, at any depth: centralContacts, contacts (and
 * any key ending in "contacts"), phone, phoneExt, email, fax. Names and affiliations of officials,
 * responsible party and results' point of contact stay. In free text e-mail addresses are left out
 * (str_without_addresses). Order of elements is kept; white space and number notation are not. Errors as parse_study's, for broken JSON. */
err_t parse_without_contacts(struct arena *a, const char *json, size_t n, const char **ret);

/* A short code of a milestone, for storing: "start", "primary_completion", ... */
const char *parse_milestone_name(enum registry_milestone m);

#endif
