-- Contacts with a site. `at_site`: noted by the site's people, else by the sponsor's; neither reads the
-- other's.
create table contact (
    id @id,
    ref @text not null unique,
    study_id @int not null,
    study_site_id @int not null,
    at_site @bool not null,
    compartment @int not null,
    person_id @ref(person) not null,
    who @text not null,
    way @text not null,
    day @text not null,
    words @text not null,
    created @time not null
);
create index contact_site on contact (study_site_id, at_site, day, id);

-- With whom it was.
create table contact_with (
    person_id @ref(person) not null,
    contact_id @ref(contact) not null,
    primary key (person_id, contact_id)
);
create index contact_with_of on contact_with (contact_id);
