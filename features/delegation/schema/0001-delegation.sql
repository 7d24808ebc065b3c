create table delegation (
    id @id,
    ref @text not null,
    n @int not null,
    study_id @int not null,
    study_site_id @int not null,
    person_id @int not null,
    name @text not null,
    role @text not null,
    tasks @text not null,
    from_on @text not null,
    to_on @text,
    newest @bool not null,
    signed @bool not null,
    by_person @int,
    who @text not null,
    reason @text,
    created @time not null
);
create unique index delegation_ref on delegation (ref, n);
create index delegation_site on delegation (study_site_id, newest, id);
create index delegation_waits on delegation (study_site_id, id) where newest = 1 and signed = 0;
