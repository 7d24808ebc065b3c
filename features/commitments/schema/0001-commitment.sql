-- A study whose sponsor has no Rapport, kept by people of a site for themselves. Only those named in
-- own_study_person know of it: who works at a site is granted by sponsors, so it decides nothing here.
create table own_study (
    id @id,
    ref @text not null unique,
    name @text not null,
    sponsor @text,
    made_by @ref(person) not null,
    created @time not null,
    ended @time
);
create table own_study_person (
    own_study_id @ref(own_study) not null,
    person_id @ref(person) not null,
    since @time not null,
    primary key (own_study_id, person_id)
);
create index own_study_of on own_study_person (person_id, own_study_id);

-- What is due between two sides. turn_person, other_person and next_on say who acts next and by when:
-- they are written with every step, so that a queue is one walk along an index.
create table commitment (
    id @id,
    ref @text not null unique,
    study_id @int,
    study_site_id @int,
    own_study_id @ref(own_study),
    compartment @int not null,
    kind @text not null,
    class @text not null,
    gxp @bool not null,
    title @text not null,
    source @text,
    owing_person @ref(person) not null,
    owing_role @text,
    owing_at_site @bool not null,
    doing_person @ref(person),
    asking_person @ref(person) not null,
    asking_role @text,
    asking_at_site @bool not null,
    state @text not null,
    open @bool not null,
    rung @int not null,
    turn_person @int,
    other_person @int,
    next_on @text not null,
    answer_by @text,
    think_until @text,
    due_on @text,
    due_why @text,
    due_calendar @text,
    first_due_on @text,
    moves @int not null,
    offer_on @text,
    waits_on @ref(commitment),
    waits_since @text,
    waited_days @int not null,
    delivered_on @text,
    review_by @text,
    ended_on @text,
    thanked @bool not null,
    origin_key @text unique,
    created @time not null,
    body @text
);
create index commitment_turn on commitment (turn_person, next_on, id, state, study_id, own_study_id);
create index commitment_other on commitment (other_person, next_on, id, state, study_id, own_study_id);
create index commitment_study on commitment (study_id, open, next_on, id);
create index commitment_site on commitment (study_site_id, open, next_on, id);
create index commitment_review on commitment (review_by, id) where state = 'delivered';
create index commitment_own on commitment (own_study_id, open, next_on, id);
create index commitment_due on commitment (study_id, due_on, id);
create index commitment_owing on commitment (owing_person, due_on, id);
create index commitment_late on commitment (next_on, id) where open = 1;
create index commitment_waits on commitment (waits_on);

-- The thread: steps and what was said, in one list.
create table commitment_step (
    id @id,
    commitment_id @ref(commitment) not null,
    at @time not null,
    person_id @int,
    who @text not null,
    how @text,
    action @text not null,
    state @text not null,
    due_on @text,
    note @text
);
create index commitment_step_of on commitment_step (commitment_id, id);

-- What the last step took the place of: it can be undone for a minute, by who took it.
create table commitment_undo (
    commitment_id @ref(commitment) not null,
    step_id @ref(commitment_step) not null,
    person_id @ref(person) not null,
    at @time not null,
    state @text not null,
    answer_by @text,
    think_until @text,
    due_on @text,
    due_why @text,
    due_calendar @text,
    first_due_on @text,
    moves @int not null,
    waited_days @int not null,
    waits_on @int,
    waits_since @text,
    offer_on @text,
    delivered_on @text,
    review_by @text,
    ended_on @text,
    thanked @bool not null,
    primary key (commitment_id)
);

-- The private calendar address of a person: only the hash of its token is kept.
create table commitment_feed (
    person_id @ref(person) not null,
    token_hash @blob not null unique,
    created @time not null,
    primary key (person_id)
);

-- Who acts for whom for a time, when both agreed.
create table commitment_cover (
    id @id,
    ref @text not null unique,
    person_id @ref(person) not null,
    cover_id @ref(person) not null,
    from_on @text not null,
    to_on @text not null,
    state @text not null,
    created @time not null
);
create index commitment_cover_by on commitment_cover (cover_id, to_on);
create index commitment_cover_of on commitment_cover (person_id, to_on);

-- Whom lateness is told, rung by rung; a study without rows has the default.
create table commitment_rung (
    study_id @int not null,
    n @int not null,
    after_days @int not null,
    role @text not null,
    primary key (study_id, n)
);

create table commitment_told (
    commitment_id @ref(commitment) not null,
    rung @int not null,
    person_id @ref(person) not null,
    on_day @text not null,
    open @bool not null,
    primary key (commitment_id, rung)
);
create index commitment_told_person on commitment_told (person_id, on_day) where open = 1;

-- What repeats: the latest of the series.
create table commitment_series (
    commitment_id @ref(commitment) primary key,
    every @text not null,
    every_n @int not null,
    until_on @text not null,
    made @int not null,
    ref @text not null,
    first_on @text,
    ended @bool not null
);
