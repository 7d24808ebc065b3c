-- Studies, their sites and everything a registry says of them.

create table study (
    id @id,
    ref @text not null unique,
    code @text not null,
    title @text not null,
    official_title @text,
    acronym @text,
    status @text,
    study_type @text,
    phases @text,
    enrolment @int,
    enrolment_type @text,
    has_results @bool not null,
    sponsor_id @ref(organisation),
    sponsor_name @text,
    sponsor_class @text,
    operator_id @ref(organisation),
    n_sites @int not null,
    n_countries @int not null,
    compartment @int not null,
    title_key @text not null,
    start_key @text not null,
    updated_key @text not null,
    size_key @text not null,
    origin @text not null,
    created @time not null,
    find_fold @text not null,
    summary @text, -- long texts last: whoever reads the others never walks past them
    description @text
);
-- Not unique: two sponsors may have studies of one code, and neither may learn of the other's.
create index study_code on study (code);
create index study_sponsor on study (sponsor_id, id);
create index study_operator on study (operator_id, id);

create table study_identifier (
    study_id @ref(study) not null,
    ordinal @int not null,
    value @text not null,
    kind @text not null,
    type @text,
    domain @text,
    link @text,
    primary key (study_id, ordinal)
);
create index study_identifier_value on study_identifier (value);

create table study_fact (
    study_id @ref(study) not null,
    name @text not null,
    value @text not null,
    primary key (study_id, name)
);

create table study_date (
    study_id @ref(study) not null,
    kind @text not null,
    value @text not null,
    type @text,
    primary key (study_id, kind)
);

create table study_term (
    study_id @ref(study) not null,
    kind @text not null,
    ordinal @int not null,
    term @text not null,
    code @text,
    primary key (study_id, kind, ordinal)
);

create table study_arm (
    study_id @ref(study) not null,
    ordinal @int not null,
    label @text,
    type @text,
    description @text,
    interventions @text,
    primary key (study_id, ordinal)
);

create table study_intervention (
    study_id @ref(study) not null,
    ordinal @int not null,
    type @text,
    name @text,
    description @text,
    arms @text,
    other_names @text,
    primary key (study_id, ordinal)
);

create table study_outcome (
    study_id @ref(study) not null,
    kind @text not null,
    ordinal @int not null,
    measure @text,
    description @text,
    time_frame @text,
    primary key (study_id, kind, ordinal)
);

create table study_eligibility (
    study_id @ref(study) primary key,
    criteria @text,
    sex @text,
    minimum_age @text,
    maximum_age @text,
    minimum_days @int,
    maximum_days @int,
    age_groups @text,
    healthy_volunteers @text,
    gender_based @text,
    gender_description @text,
    sampling_method @text,
    population @text
);

create table study_organisation (
    study_id @ref(study) not null,
    role @text not null,
    ordinal @int not null,
    organisation_id @ref(organisation) not null,
    name @text not null,
    class @text,
    primary key (study_id, role, ordinal)
);
create index study_organisation_of on study_organisation (organisation_id, study_id);

create table study_site (
    id @id,
    ref @text not null unique,
    study_id @ref(study) not null,
    organisation_id @ref(organisation) not null,
    number @text,
    label @text,
    facility @text,
    city @text,
    state @text,
    zip @text,
    country @text,
    country_stated @text,
    ordinal @int not null,
    latitude @real,
    longitude @real,
    status @text,
    sort_key @text not null,
    origin @text not null,
    compartment @int not null,
    created @time not null,
    unique (study_id, number)
);
create index study_site_list on study_site (study_id, sort_key, id);
create index study_site_of on study_site (organisation_id, study_id);

create table study_person (
    id @id,
    study_id @ref(study) not null,
    study_site_id @ref(study_site),
    person_id @ref(person) not null,
    kind @text not null,
    ordinal @int not null,
    name @text,
    role @text,
    title @text,
    affiliation @text
);
create index study_person_list on study_person (study_id, kind, study_site_id, ordinal);
create index study_person_of on study_person (person_id, study_id);
create index study_person_site on study_person (study_site_id) where study_site_id is not null;

create table study_document (
    study_id @ref(study) not null,
    ordinal @int not null,
    kind @text not null,
    type @text,
    label @text,
    url @text,
    holds @text,
    dated @text,
    note @text,
    primary key (study_id, ordinal)
);

create table study_unknown (
    study_id @ref(study) not null,
    ordinal @int not null,
    path @text not null,
    value @text,
    times @int not null,
    primary key (study_id, ordinal)
);

-- The kept originals: compressed, then sealed.
create table study_source (
    id @id,
    study_id @ref(study) not null,
    source @text not null,
    hash @blob not null,
    version @text,
    file_name @text,
    received @time not null,
    applied @bool not null,
    sealed @blob not null
);
create unique index study_source_hash on study_source (study_id, hash);

create table study_country (
    study_id @ref(study) not null,
    country @text not null,
    sites @int not null,
    primary key (study_id, country)
);

-- One facet a row: "status=RECRUITING", "phase=PHASE2", "country=GB", "sponsor=INDUSTRY".
create table study_facet (
    study_id @ref(study) not null,
    facet @text not null,
    primary key (study_id, facet)
) without rowid;

-- The portfolio of an audience, by facet ("" holds every study), with its sort keys. The sieve of the
-- study's facets stands in every index, so that one with another facet missing is passed over there.
create table study_list (
    audience_id @int not null,
    facet @text not null,
    study_id @ref(study) not null,
    title_key @text not null,
    start_key @text not null,
    updated_key @text not null,
    size_key @text not null,
    sieve_a @int not null,
    sieve_b @int not null,
    primary key (audience_id, facet, study_id)
) without rowid;
create index study_list_title on study_list (audience_id, facet, title_key, study_id, sieve_a, sieve_b);
create index study_list_start on study_list (audience_id, facet, start_key, study_id, sieve_a, sieve_b);
create index study_list_updated on study_list (audience_id, facet, updated_key, study_id, sieve_a, sieve_b);
create index study_list_size on study_list (audience_id, facet, size_key, study_id, sieve_a, sieve_b);
create index study_list_study on study_list (study_id, audience_id);

-- What an audience's studies do with a party, by the studies' last change: `part` is "sponsored" (an
-- organisation and a study), "site" (an organisation and a study_site) or "named" (a person and a
-- study_person).
create table study_party (
    audience_id @int not null,
    part @text not null,
    party_id @int not null,
    updated_key @text not null,
    thing_id @int not null,
    study_id @ref(study) not null,
    primary key (audience_id, part, party_id, updated_key, thing_id)
) without rowid;
create index study_party_study on study_party (study_id, audience_id);

create table study_total (
    audience_id @int not null,
    facet @text not null,
    n @int not null,
    primary key (audience_id, facet)
) without rowid;
