-- What a person can carry, and what of it she shows to whom. Minutes everywhere. Nobody but the person
-- herself reads any of this, but for the weeks that she shares (load_share).
create table load_person (
    person_id @ref(person) primary key,
    weekly @int not null
);

create table load_kind (
    person_id @ref(person) not null,
    kind @text not null,
    minutes @int not null,
    primary key (person_id, kind)
);

create table load_absence (
    id @id,
    ref @text not null unique,
    person_id @ref(person) not null,
    from_on @text not null,
    to_on @text not null
);
create index load_absence_person on load_absence (person_id, to_on);

-- What she expects one thing to take.
create table load_item (
    commitment_id @ref(commitment) not null,
    person_id @ref(person) not null,
    estimated @int not null,
    primary key (commitment_id, person_id)
);

-- What it took, by day.
create table load_spent (
    commitment_id @ref(commitment) not null,
    person_id @ref(person) not null,
    day_on @text not null,
    minutes @int not null,
    primary key (person_id, day_on, commitment_id)
);
create index load_spent_item on load_spent (commitment_id, person_id);

create table load_share (
    id @id,
    ref @text not null unique,
    person_id @ref(person) not null,
    to_person @ref(person) not null,
    until_on @text not null,
    created @time not null
);
create index load_share_person on load_share (person_id, until_on);
create index load_share_to on load_share (to_person, until_on);
