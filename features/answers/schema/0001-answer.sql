create table answer_link (
    id @id,
    token_hash @blob not null unique,
    commitment_id @ref(commitment) not null,
    person_id @ref(person) not null,
    made_by @ref(person) not null,
    by_step @bool not null,
    masked @text not null,
    created @time not null,
    expires @time not null,
    ended @time
);
create index answer_link_of on answer_link (commitment_id, id);
create index answer_link_by on answer_link (made_by, created);

-- The same person, asked again from the same place, at the same address, under the same name.
create table answer_outsider (
    who_key @blob primary key,
    person_id @ref(person) not null
);

create table answer_file (
    id @id,
    ref @text not null unique,
    commitment_id @ref(commitment) not null,
    person_id @ref(person) not null,
    who @text not null,
    name @text not null,
    size @int not null,
    created @time not null,
    sealed @blob not null
);
create index answer_file_of on answer_file (commitment_id, id);
