create table visit (
    id @id,
    ref @text not null unique,
    study_id @int not null,
    study_site_id @int not null,
    compartment @int not null,
    kind @text not null,
    remote @bool not null,
    n @int not null,
    why @text,
    trip @text,
    monitor_person @ref(person) not null,
    host_person @ref(person),
    host_role @text,
    state @text not null,
    first_on @text not null,
    last_on @text not null,
    date_due @int,
    agenda @text,
    agreed_on @text,
    confirmed_on @text,
    held_on @text,
    report @text not null,
    saves @int not null,
    template @int not null,
    submitted_on @text,
    sent_back_why @text,
    approved_on @text,
    letter_words @text,
    letter_on @text,
    ended_why @text,
    created @time not null
);
create index visit_study on visit (study_id, first_on, id);
create index visit_site on visit (study_site_id, first_on, id);
create index visit_date on visit (date_due);

create table visit_person (
    id @id,
    visit_id @ref(visit) not null,
    person_id @int,
    name @text not null,
    role @text not null,
    at_site @bool not null
);
create index visit_person_of on visit_person (visit_id, id);

create table visit_section (
    visit_id @ref(visit) not null,
    ordinal @int not null,
    key @text not null,
    title @text not null,
    hint @text not null,
    mark @text not null,
    text @text not null,
    primary key (visit_id, ordinal)
);

create table visit_template (
    id @id,
    study_id @int not null,
    kind @text not null,
    version @int not null,
    sections @text not null,
    who @text not null,
    reason @text,
    created @time not null
);
create unique index visit_template_of on visit_template (study_id, kind, version);

create table finding (
    id @id,
    ref @text not null unique,
    study_id @int not null,
    study_site_id @int not null,
    visit_id @ref(visit) not null,
    n @int not null,
    section @text,
    title @text not null,
    weight @text not null,
    owner_person @int,
    owner_role @text,
    owner_name @text,
    owner_at_site @bool not null,
    due_on @text,
    due_id @int,
    open @bool not null,
    ended_on @text
);
create index finding_visit on finding (visit_id, n);
create index finding_open on finding (study_site_id, open, id);

create table finding_seen (
    finding_id @ref(finding) not null,
    visit_id @ref(visit) not null,
    status @text not null,
    note @text,
    primary key (visit_id, finding_id)
);
