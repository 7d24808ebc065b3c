-- Queries of notices: mail to be sent, whom to tell of which step, and how each person wants it.

-- name: OUTBOX_ADD :run
-- in: key text, person int?, address blob?, address_key blob?, sealed blob, not_before time, created time
insert into outbox (mail_key, person_id, address, address_key, sealed, state, tries, not_before, created)
values ($key, $person, $address, $address_key, $sealed, 'waiting', 0, $not_before, $created)
on conflict (mail_key) do nothing

-- name: OUTBOX_DROP :run
-- in: key text
delete from outbox where mail_key = $key and state = 'waiting'
