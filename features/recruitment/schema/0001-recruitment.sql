-- What a study plans to recruit and what came: plan, openings of sites, participants by code, imports.

create table recruitment (
    study_id @ref(study) primary key,
    enrolled_means @text not null,
    target @int,
    deadline @text,
    screen_failure_planned @real
);

-- The planned curve. Every version stays; the first is the baseline.
create table plan_version (
    id @id,
    study_id @ref(study) not null,
    number @int not null,
    reason @text,
    person_id @ref(person),
    created @time not null,
    import_id @int,
    unique (study_id, number)
);

-- Planned at the end of the month of `month_on` (its first day).
create table plan_point (
    study_id @ref(study) not null,
    version_id @ref(plan_version) not null,
    month_on @text not null,
    enrolled @int not null,
    openings @int,
    primary key (version_id, month_on)
);

create table site_plan (
    study_id @ref(study) not null,
    study_site_id @ref(study_site) primary key,
    planned_on @text,
    opened_on @text,
    closed_on @text,
    goal @int,
    cap @int,
    import_id @int
);
create index site_plan_study on site_plan (study_id, study_site_id);

create table site_pause (
    id @id,
    study_id @ref(study) not null,
    study_site_id @ref(study_site) not null,
    from_on @text not null,
    to_on @text,
    import_id @int
);
create index site_pause_study on site_pause (study_id, study_site_id, from_on);

create table import_file (
    id @id,
    ref @text not null unique,
    study_id @ref(study) not null,
    kind @text not null,
    file_name @text not null,
    hash @blob not null,
    n_rows @int not null,
    n_new @int not null,
    n_changed @int not null,
    who @text not null,
    at @time not null,
    taken_back @time,
    taken_back_reason @text
);
create index import_file_study on import_file (study_id, id);

-- What an import changed in things that were there before it, or made beside its rows: how it is taken
-- back. `kind` is participant, site, site plan, pause; field "made" stands for the whole thing.
create table import_change (
    id @id,
    study_id @ref(study) not null,
    import_id @ref(import_file) not null,
    kind @text not null,
    thing_id @int not null,
    field @text not null,
    old_value @text,
    new_value @text
);
create index import_change_of on import_change (import_id, id);

-- A file that was sent and waits for its columns to be agreed; dropped when applied, or after a week.
-- `data` is sealed, and holds the tables less the columns that must not be kept (import_draft.h).
create table import_draft (
    id @id,
    ref @text not null unique,
    study_id @ref(study) not null,
    person_id @ref(person) not null,
    kind @text not null,
    file_name @text not null,
    data @blob not null,
    created @time not null
);

-- Codes only: never a name, a birth date, an arm. Dates keep their precision.
create table participant (
    id @id,
    study_id @ref(study) not null,
    study_site_id @ref(study_site) not null,
    code @text,
    screening_no @text,
    twin @int not null,
    screened_on @text,
    failed_on @text,
    failed_why @text,
    consented_on @text,
    enrolled_on @text,
    treated_on @text,
    evaluable_on @text,
    left_on @text,
    status @text not null,
    import_id @ref(import_file) not null
);
create unique index participant_code on participant (study_id, code);
create index participant_site on participant (study_id, study_site_id, enrolled_on);
create index participant_import on participant (import_id);
