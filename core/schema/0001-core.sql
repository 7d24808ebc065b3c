-- The tables of core: organisations, persons, ties, accounts, the vault, the record, search words.

create table setting (
    name @text primary key,
    value @text not null
);

create table organisation (
    id @id,
    ref @text not null unique,
    name @text not null,
    name_fold @text not null,
    kind @text,
    class @text,
    city @text,
    state @text,
    zip @text,
    country @text,
    latitude @real,
    longitude @real,
    placeholder @bool not null,
    join_key @text unique,
    origin @text not null,
    created @time not null
);

create table person (
    id @id,
    ref @text not null unique,
    name @text not null,
    name_fold @text not null,
    affiliation @text,
    desk @bool not null,
    join_key @text unique,
    origin @text not null,
    created @time not null
);

-- A dated, directed relation. Rights come from ties of a role listed in roles.def.
create table tie (
    id @id,
    ref @text not null unique,
    person_id @ref(person) not null,
    role @text not null,
    organisation_id @ref(organisation),
    other_person_id @ref(person),
    study_id @int,
    study_site_id @int,
    compartment @int not null,
    from_on @text not null,
    to_on @text,
    note @text,
    granted_by @ref(person),
    created @time not null
);
create index tie_person on tie (person_id, to_on);
create index tie_organisation on tie (organisation_id, role);
create index tie_study on tie (study_id, study_site_id, role);
create index tie_other on tie (other_person_id);

create table account (
    person_id @ref(person) primary key,
    email_key @blob not null unique,
    password @text,
    disabled @bool not null,
    created @time not null,
    password_at @time
);

create table session (
    id @id,
    token_hash @blob not null unique,
    person_id @ref(person) not null,
    created @time not null,
    last_seen @time not null
);
create index session_person on session (person_id);

-- Links that work once (or, in the demo, again and again): set-up, invitation, password help.
create table one_time (
    id @id,
    token_hash @blob not null unique,
    kind @text not null,
    person_id @ref(person),
    created @time not null,
    expires @time not null,
    reusable @bool not null,
    used @time
);

-- Tries to sign in, counted in windows.
create table sign_try (
    bucket @text primary key,
    began @time not null,
    tries @int not null
);

create table vault_key (
    person_id @ref(person) primary key,
    wrapped @blob not null
);

create table vault_item (
    id @id,
    person_id @ref(person) not null,
    kind @text not null,
    sealed @blob not null,
    value_key @blob not null,
    created @time not null,
    unique (person_id, kind, value_key)
);

-- Where a detail was learned: whoever may not see contacts there does not learn it from here.
-- study_id 0: from the person's own account.
create table vault_ground (
    item_id @ref(vault_item) not null,
    study_id @int not null,
    study_site_id @int not null,
    origin @text not null,
    primary key (item_id, study_id, study_site_id, origin)
);

create table record (
    id @id,
    at @time not null,
    person_id @int,
    who @text not null,
    action @text not null,
    study_id @int,
    compartment @int not null,
    kind @text,
    thing_id @int,
    thing @text,
    log @text
);
create index record_study on record (study_id, id);

create table record_body (
    record_id @ref(record) primary key,
    salt @blob not null,
    body @text
);

create table record_leaf (
    idx @int primary key,
    record_id @ref(record) not null unique,
    hash @blob not null
);

create table record_checkpoint (
    size @int primary key,
    at @time not null,
    root @blob not null,
    frontier @blob not null,
    signature @blob not null
);

-- Which rows of the record speak of a thing.
create table trail (
    kind @text not null,
    thing_id @int not null,
    record_id @ref(record) not null,
    primary key (kind, thing_id, record_id)
);

-- The organisations whose directors list and search everything their organisation runs.
create table audience (
    organisation_id @ref(organisation) primary key,
    since @time not null
);

-- Folded words of what an audience may find: the best matches of a beginning lie together.
create table search_word (
    audience_id @int not null,
    word_key @text not null,
    weight @int not null,
    kind @text not null,
    thing_id @int not null,
    sieve_a @int not null,
    sieve_b @int not null,
    sieve_c @int not null,
    primary key (audience_id, kind, weight, word_key, thing_id)
) without rowid;
create index search_word_thing on search_word (audience_id, kind, thing_id, word_key, weight);

-- Public holidays of a country in versions, which are added and never changed; at most one of a country
-- is in force. The weekend is a set of bits, Monday first.
create table calendar (
    id @id,
    country @text not null,
    version @text not null unique,
    weekend @int not null,
    first_year @int not null,
    last_year @int not null,
    n_days @int not null,
    name @text,
    note @text,
    file_name @text not null,
    file_hash @text not null,
    shipped @bool not null,
    in_force @bool not null,
    added_by @ref(person),
    added_who @text not null,
    added @time not null
);
create index calendar_country on calendar (country, in_force, id);

-- One line a day: "2026-12-25 Christmas Day".
create table calendar_days (
    calendar_id @ref(calendar) primary key,
    days @text not null
);

-- Electronic signatures: who said what of which bytes. `proof` is made with the signing key.
create table signature (
    id @id,
    what @text not null,
    what_id @int not null,
    person_id @ref(person) not null,
    name @text not null,
    at @time not null,
    at_words @text not null,
    meaning @text not null,
    hash @blob not null,
    proof @blob not null
);
create index signature_of on signature (what, what_id, id);

-- only: sqlite
create trigger signature_fixed_update before update on signature
begin select raise(abort, 'a signature cannot be changed'); end;
create trigger signature_fixed_delete before delete on signature
begin select raise(abort, 'a signature cannot be changed'); end;
create trigger record_fixed_update before update on record
begin select raise(abort, 'the record cannot be changed'); end;
create trigger record_fixed_delete before delete on record
begin select raise(abort, 'the record cannot be changed'); end;
create trigger record_body_fixed_update before update on record_body
begin select raise(abort, 'the record cannot be changed'); end;
create trigger record_body_fixed_delete before delete on record_body
begin select raise(abort, 'the record cannot be changed'); end;
create trigger record_leaf_fixed_update before update on record_leaf
begin select raise(abort, 'the record cannot be changed'); end;
create trigger record_leaf_fixed_delete before delete on record_leaf
begin select raise(abort, 'the record cannot be changed'); end;
create trigger record_checkpoint_fixed_update before update on record_checkpoint
begin select raise(abort, 'the record cannot be changed'); end;
create trigger record_checkpoint_fixed_delete before delete on record_checkpoint
begin select raise(abort, 'the record cannot be changed'); end;

-- only: postgres
create function record_fixed() returns trigger language plpgsql as
$$ begin raise exception 'the record cannot be changed'; end $$;
create trigger signature_fixed before update or delete on signature
for each row execute function record_fixed();
create trigger record_fixed before update or delete on record
for each row execute function record_fixed();
create trigger record_body_fixed before update or delete on record_body
for each row execute function record_fixed();
create trigger record_leaf_fixed before update or delete on record_leaf
for each row execute function record_fixed();
create trigger record_checkpoint_fixed before update or delete on record_checkpoint
for each row execute function record_fixed();

-- only: both
