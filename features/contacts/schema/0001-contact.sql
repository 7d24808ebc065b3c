create table contact (
    id @id,
    study_id @int not null,
    study_site_id @int not null,
    at_site @bool not null,
    compartment @int not null,
    person_id @ref(person) not null,
    who @text not null,
    channel @text not null,
    with_name @text,
    day @text not null,
    words @text not null,
    created @time not null
);
create index contact_site on contact (study_site_id, at_site, day, id);
