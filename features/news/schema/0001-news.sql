-- Whom to show which line of a thread.
create table news (
    id @id,
    person_id @ref(person) not null,
    commitment_id @ref(commitment) not null,
    step_id @int not null,
    at @time not null
);
create index news_of on news (person_id, id);
create index news_when on news (person_id, at, id);
create index news_due on news (commitment_id, step_id);
create index news_old on news (at);
