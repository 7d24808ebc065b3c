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
