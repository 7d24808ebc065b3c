-- Queries of ownwork: studies that a site's people keep for themselves.

-- name: OWN_STUDY_ADD :one
-- in: ref text, name text, sponsor text?, by int, created time
-- out: id int
insert into own_study (ref, name, sponsor, made_by, created) values ($ref, $name, $sponsor, $by, $created)
returning id

-- name: OWN_PERSON_ADD :run
-- in: own int, person int, since time
insert into own_study_person (own_study_id, person_id, since) values ($own, $person, $since)
on conflict (own_study_id, person_id) do nothing

-- name: OWN_PERSON_DROP :run
-- in: own int, person int
delete from own_study_person where own_study_id = $own and person_id = $person

-- Only for its members: the person is a part of the key.
-- name: OWN_FIND :one
-- in: ref text, person int
-- out: id int, ref text, name text, sponsor text?, made_by int, ended time?
select n.id as id, n.ref as ref, n.name as name, n.sponsor as sponsor, n.made_by as made_by, n.ended as ended
from own_study n join own_study_person p on p.own_study_id = n.id
where n.ref = $ref and p.person_id = $person

-- name: OWN_LIST :many
-- in: person int
-- out: ref text, name text, sponsor text?, ended time?, n_open int, next_on text?
select n.ref as ref, n.name as name, n.sponsor as sponsor, n.ended as ended,
    (select count(*) from commitment x where x.own_study_id = n.id and x.open = 1) as n_open,
    (select min(x.due_on) from commitment x where x.own_study_id = n.id and x.open = 1) as next_on
from own_study n join own_study_person p on p.own_study_id = n.id
where p.person_id = $person order by n.ended, n.name, n.id limit 200

-- name: OWN_END :run
-- in: own int, at time?
update own_study set ended = $at where id = $own

-- name: OWN_MEMBERS :many
-- in: own int
-- out: ref text, person int, name text
select p.ref as ref, p.id as person, p.name as name from own_study_person m join person p on p.id = m.person_id
where m.own_study_id = $own order by p.name_fold, p.id limit 100

-- Those who work at one of these study sites today, beside the person.
-- name: OWN_COLLEAGUES :many
-- in: sites int[], today text, person int
-- out: ref text, person int, name text, fold text
select distinct p.ref as ref, p.id as person, p.name as name, p.name_fold as fold
from tie t join person p on p.id = t.person_id
where @in(t.study_site_id, sites) and t.person_id <> $person
and t.role in ('principal_investigator', 'sub_investigator', 'coordinator', 'pharmacist')
and t.from_on <= $today and (t.to_on is null or t.to_on >= $today)
order by fold, person limit 100

-- name: OWN_ITEMS :many
-- in: own int, n int
-- out: ref text, title text, source text?, state text, due_on text?, owing int, owing_name text
select x.ref as ref, x.title as title, x.source as source, x.state as state, x.due_on as due_on,
    x.owing_person as owing, o.name as owing_name
from commitment x join person o on o.id = x.owing_person
where x.own_study_id = $own and x.open = 1 order by x.next_on, x.id limit $n

-- name: OWN_ITEMS_COUNT :one
-- in: own int
-- out: n int
select count(*) as n from commitment where own_study_id = $own and open = 1

-- name: OWN_BY_KEY :one
-- in: key text
-- out: id int, state text, title text, due_on text?
select id, state, title, due_on from commitment where origin_key = $key

-- name: OWN_DRAFT_ADD :run
-- in: ref text, own int, person int, calendar bool, name text, created time, text text
insert into own_draft (ref, own_study_id, person_id, calendar, name, created, text)
values ($ref, $own, $person, $calendar, $name, $created, $text)

-- name: OWN_DRAFT :one
-- in: ref text, own int, person int
-- out: id int, calendar bool, name text, text text
select id, calendar, name, text from own_draft where ref = $ref and own_study_id = $own and person_id = $person

-- name: OWN_DRAFT_DROP :run
-- in: id int
delete from own_draft where id = $id

-- name: OWN_DRAFTS_ANY :one
-- in: before time
-- out: one int
select 1 as one from own_draft where created < $before order by created limit 1

-- name: OWN_DRAFTS_OLD :run
-- in: before time
delete from own_draft where created < $before

-- name: OWN_FEED :one
-- in: own int
-- out: id int, host text, last_at time?, last_ok bool?, last_result text?, next_at time
select id, host, last_at, last_ok, last_result, next_at from own_feed where own_study_id = $own

-- name: OWN_FEED_DROP :run
-- in: own int
delete from own_feed where own_study_id = $own

-- name: OWN_FEED_ADD :run
-- in: own int, person int, host text, sealed blob, next_at time
insert into own_feed (own_study_id, person_id, host, sealed, next_at) values ($own, $person, $host, $sealed, $next_at)

-- name: OWN_FEEDS_NEXT :many
-- in: now time, n int
-- out: id int, own int, own_ref text, person int, sealed blob, next_at time
select f.id as id, f.own_study_id as own, n.ref as own_ref, f.person_id as person, f.sealed as sealed, f.next_at as next_at
from own_feed f join own_study n on n.id = f.own_study_id
where f.next_at <= $now and n.ended is null order by f.next_at, f.id limit $n

-- Taken by one process: the others find that it has another time.
-- name: OWN_FEED_TAKE :one
-- in: id int, was time, next_at time
-- out: id int
update own_feed set next_at = $next_at where id = $id and next_at = $was
returning id

-- name: OWN_FEED_RESULT :run
-- in: id int, at time, ok bool, result text
update own_feed set last_at = $at, last_ok = $ok, last_result = $result where id = $id
