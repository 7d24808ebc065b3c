-- Mail to be sent and what became of it. sealed: subject and text, of a sent mail the subject alone.
-- address_key says, without telling the address, how often somebody outside was written to.
create table outbox (
    id @id,
    mail_key @text not null unique,
    person_id @ref(person),
    address @blob,
    address_key @blob,
    sealed @blob not null,
    state @text not null,
    tries @int not null,
    not_before @time not null,
    created @time not null,
    claimed @time,
    ended @time,
    why @text
);
create index outbox_due on outbox (state, not_before, id);
create index outbox_person on outbox (person_id, id);
create index outbox_address on outbox (address_key, state, ended);

-- Addresses outside to which nothing goes any more, as whoever reads there wished.
create table outbox_stop (
    address_key @blob primary key,
    created @time not null
);

-- How a person wants to be told. Minutes of the day in her own time zone.
create table notice_wish (
    person_id @ref(person) primary key,
    mail @text not null,
    at_minute @int not null,
    zone @text not null,
    quiet_from @int,
    quiet_until @int
);

-- Up to which step of what is due people were told.
create table notice_cursor (
    name @text primary key,
    at_id @int not null
);

-- Whom to tell of which step: once only.
create table notice_step (
    step_id @int not null,
    person_id @ref(person) not null,
    commitment_id @int not null,
    due @time not null,
    mailed @bool not null,
    primary key (step_id, person_id)
);
create index notice_step_due on notice_step (mailed, due, person_id);
create index notice_step_of on notice_step (person_id, mailed, step_id);
