-- Queries of notices: mail to be sent, whom to tell of which step, and how each person wants it.

-- name: OUTBOX_ADD :run
-- in: key text, person int?, address blob?, address_key blob?, sealed blob, not_before time, created time
insert into outbox (mail_key, person_id, address, address_key, sealed, state, tries, not_before, created)
values ($key, $person, $address, $address_key, $sealed, 'waiting', 0, $not_before, $created)
on conflict (mail_key) do nothing

-- name: OUTBOX_DROP :run
-- in: key text
delete from outbox where mail_key = $key and state = 'waiting'

-- name: OUTBOX_DUE :many
-- in: now time, n int
-- out: id int
select id from outbox where state = 'waiting' and not_before <= $now order by not_before, id limit $n

-- One mail, if it still waits; of an address outside all that wait for it and are due.
-- name: OUTBOX_TAKE :many
-- in: id int, now time, n int
-- out: id int, key text, person int?, address blob?, address_key blob?, sealed blob, tries int
select x.id as id, x.mail_key as key, x.person_id as person, x.address as address, x.address_key as address_key,
    x.sealed as sealed, x.tries as tries
from outbox o join outbox x on x.id = o.id or (x.address_key = o.address_key and x.state = 'waiting' and x.not_before <= $now)
where o.id = $id and o.state = 'waiting' and o.not_before <= $now order by x.id limit $n

-- name: OUTBOX_CLAIM :run
-- in: id int, now time
update outbox set state = 'sending', claimed = $now, tries = tries + 1 where id = $id and state = 'waiting'

-- name: OUTBOX_AGAIN :run
-- in: id int, not_before time, why text
update outbox set state = 'waiting', not_before = $not_before, why = $why where id = $id and state = 'sending'

-- name: OUTBOX_END :run
-- in: state text, now time, why text?, sealed blob, id int
update outbox set state = $state, ended = $now, why = $why, sealed = $sealed, address = null
where id = $id and (state = 'sending' or state = 'waiting')

-- name: OUTBOX_LAST :one
-- in: address_key blob
-- out: sent time?, sending bool
select max(case when state = 'sent' then ended end) as sent, coalesce(max(case when state = 'sending' then 1 else 0 end), 0) as sending
from outbox where address_key = $address_key

-- name: OUTBOX_HOLD :run
-- in: address_key blob, until time
update outbox set not_before = $until where address_key = $address_key and state = 'waiting' and not_before < $until

-- name: OUTBOX_STUCK :one
-- in: claimed time, created time
-- out: there bool
select exists (select 1 from outbox where state = 'sending' and claimed < $claimed)
    or exists (select 1 from outbox where state = 'waiting' and created < $created and not_before < $created) as there

-- name: OUTBOX_LOST :run
-- in: now time, claimed time
update outbox set state = 'failed', ended = $now, why = 'Rapport stopped while sending it: it may have gone.', address = null
where state = 'sending' and claimed < $claimed

-- name: OUTBOX_OLD :run
-- in: now time, created time
update outbox set state = 'failed', ended = $now, why = 'It could not be sent for a week.', address = null
where state = 'waiting' and created < $created and not_before < $created

-- name: OUTBOX_STOP_IS :one
-- in: address_key blob
-- out: stopped bool
select exists (select 1 from outbox_stop where address_key = $address_key) as stopped

-- name: OUTBOX_STOP_ADD :run
-- in: address_key blob, created time
insert into outbox_stop (address_key, created) values ($address_key, $created) on conflict (address_key) do nothing

-- name: NOTICE_WISH_GET :one
-- in: person int
-- out: mail text, at int, zone text, quiet_from int?, quiet_until int?
select mail, at_minute as at, zone, quiet_from, quiet_until from notice_wish where person_id = $person

-- name: NOTICE_WISH_SET :run
-- in: person int, mail text, at int, zone text, quiet_from int?, quiet_until int?
insert into notice_wish (person_id, mail, at_minute, zone, quiet_from, quiet_until)
values ($person, $mail, $at, $zone, $quiet_from, $quiet_until)
on conflict (person_id) do update set mail = excluded.mail, at_minute = excluded.at_minute, zone = excluded.zone,
    quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until

-- name: NOTICE_STEPS_LEAVE :run
-- in: person int
update notice_step set mailed = 1 where person_id = $person and mailed = 0

-- name: NOTICE_STEPS_MOVE :run
-- in: person int, due time
update notice_step set due = $due where person_id = $person and mailed = 0

-- name: NOTICE_CURSOR :one
-- in: name text
-- out: at int
select at_id as at from notice_cursor where name = $name

-- name: NOTICE_CURSOR_BEGIN :run
-- in: name text
insert into notice_cursor (name, at_id) values ($name, 0) on conflict (name) do nothing

-- name: NOTICE_CURSOR_MOVE :run
-- in: name text, old int, new int
update notice_cursor set at_id = $new where name = $name and at_id = $old

-- Steps after the cursor, each with its two sides, whether a side can sign in, and whether it was taken back.
-- name: NOTICE_STEPS :many
-- in: after int, n int
-- out: id int, due int, at time, person int?, action text, state text, class text, owing int, asking int
-- out: owing_reads bool, asking_reads bool, undone bool
select s.id as id, s.commitment_id as due, s.at as at, s.person_id as person, s.action as action, s.state as state,
    x.class as class, x.owing_person as owing, x.asking_person as asking,
    exists (select 1 from account a where a.person_id = x.owing_person and a.disabled = 0) as owing_reads,
    exists (select 1 from account a where a.person_id = x.asking_person and a.disabled = 0) as asking_reads,
    coalesce((select t.action from commitment_step t where t.commitment_id = s.commitment_id and t.id > s.id
        and t.action <> 'say' order by t.id limit 1), '') = 'undo' as undone
from commitment_step s join commitment x on x.id = s.commitment_id
where s.id > $after order by s.id limit $n

-- Who was told further up last, and can sign in.
-- name: NOTICE_TOLD :many
-- in: due int
-- out: person int
select t.person_id as person from commitment_told t
where t.commitment_id = $due and t.open = 1 and t.rung = (select max(u.rung) from commitment_told u where u.commitment_id = $due)
and exists (select 1 from account a where a.person_id = t.person_id and a.disabled = 0) order by t.person_id limit 5

-- name: NOTICE_STEP_ADD :run
-- in: step int, person int, commitment int, due time
insert into notice_step (step_id, person_id, commitment_id, due, mailed) values ($step, $person, $commitment, $due, 0)
on conflict (step_id, person_id) do nothing

-- name: NOTICE_PEOPLE :many
-- in: now time, n int
-- out: person int
select distinct person_id as person from notice_step where mailed = 0 and due <= $now order by person_id limit $n

-- What one person is to be told of, and who moved each last.
-- name: NOTICE_ITEMS :many
-- in: person int, n int
-- out: ref text, step int, turn int?, last_by int?
select x.ref as ref, n.step as step, x.turn_person as turn,
    (select s.person_id from commitment_step s where s.commitment_id = x.id order by s.id desc limit 1) as last_by
from (select commitment_id, max(step_id) as step from notice_step where person_id = $person and mailed = 0
    group by commitment_id) n
join commitment x on x.id = n.commitment_id order by n.step limit $n

-- name: NOTICE_STEPS_DONE :run
-- in: person int
update notice_step set mailed = 1 where person_id = $person and mailed = 0

-- name: OUTBOX_OF :many
-- in: person int, n int
-- out: id int, sealed blob, state text, tries int, not_before time, created time, ended time?, why text?
select id, sealed, state, tries, not_before, created, ended, why from outbox where person_id = $person order by id desc limit $n

-- name: OUTBOX_COUNTS :many
-- out: state text, n int, oldest time
select state, count(*) as n, min(created) as oldest from outbox group by state order by state

-- name: OUTBOX_FAILED :many
-- in: n int
-- out: id int, ended time, tries int, why text?
select id, ended, tries, why from outbox where state = 'failed' order by ended desc, id desc limit $n
