create table own_draft (
    id @id,
    ref @text not null unique,
    own_study_id @ref(own_study) not null,
    person_id @ref(person) not null,
    calendar @bool not null,
    name @text not null,
    created @time not null,
    text @text not null
);
create index own_draft_of on own_draft (created);

create table own_feed (
    id @id,
    own_study_id @ref(own_study) not null unique,
    person_id @ref(person) not null,
    host @text not null,
    sealed @blob not null,
    next_at @time not null,
    last_at @time,
    last_ok @bool,
    last_result @text
);
create index own_feed_next on own_feed (next_at);
