create table playbook_version (
    id @id,
    study_id @int not null,
    n @int not null,
    template @int not null,
    hash @blob not null,
    who @text not null,
    reason @text,
    created @time not null,
    content @text not null
);
create unique index playbook_version_of on playbook_version (study_id, n);

create table playbook_line (
    version_id @ref(playbook_version) not null,
    ordinal @int not null,
    event @text not null,
    key @text not null,
    what @text not null,
    owing @text not null,
    asking @text not null,
    class @text not null,
    n @int not null,
    unit @text not null,
    calendar @text not null,
    gxp @bool not null,
    hours @int not null,
    source @text,
    off @bool not null,
    primary key (version_id, ordinal)
);

-- study_site_id 0: the sponsor's side.
create table playbook_signed (
    version_id @ref(playbook_version) not null,
    study_site_id @int not null,
    signature_id @ref(signature) not null,
    primary key (version_id, study_site_id)
);

create table playbook_event (
    id @id,
    ref @text not null unique,
    origin_key @text not null unique,
    study_id @int not null,
    study_site_id @int,
    compartment @int not null,
    event @text not null,
    day @text not null,
    at_time @text,
    subject @text,
    by_hand @bool not null,
    ended_why @text,
    created @time not null
);
create index playbook_event_study on playbook_event (study_id, id);
