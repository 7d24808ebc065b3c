-- Queries of the EDC: how many, since when, whose turn; never the data, nor whose data it is.
create table query_item (
    id @id,
    study_id @ref(study) not null,
    study_site_id @ref(study_site) not null,
    query_id @text not null,
    state @text not null,
    open @bool not null,
    opened_on @text not null,
    answered_on @text,
    closed_on @text,
    since_on @text not null,
    unique (study_id, query_id)
);
create index query_item_open on query_item (study_id, open, study_site_id, state, since_on);

-- Since which day a site's oldest open query waits for its answer, or its oldest answer to be read: the
-- happening that the playbook knows.
create table query_clock (
    study_site_id @ref(study_site) not null,
    state @text not null,
    since_on @text not null,
    primary key (study_site_id, state)
);
