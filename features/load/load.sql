-- Queries of load. Each asks for one person's own, or for what she shares.

-- name: LOAD_PERSON :one
-- in: person int
-- out: weekly int
select weekly from load_person where person_id = $person

-- name: LOAD_PERSON_SET :run
-- in: person int, weekly int
insert into load_person (person_id, weekly) values ($person, $weekly)
on conflict (person_id) do update set weekly = excluded.weekly

-- name: LOAD_KINDS :many
-- in: person int
-- out: kind text, minutes int
select kind, minutes from load_kind where person_id = $person order by kind limit 100

-- name: LOAD_KIND_SET :run
-- in: person int, kind text, minutes int
insert into load_kind (person_id, kind, minutes) values ($person, $kind, $minutes)
on conflict (person_id, kind) do update set minutes = excluded.minutes

-- name: LOAD_ABSENCES :many
-- in: person int, from text
-- out: ref text, from_on text, to_on text
select ref, from_on, to_on from load_absence
where person_id = $person and to_on >= $from order by to_on, id limit 200

-- name: LOAD_ABSENCE_ADD :run
-- in: ref text, person int, from text, to text
insert into load_absence (ref, person_id, from_on, to_on) values ($ref, $person, $from, $to)

-- name: LOAD_ABSENCE_FIND :one
-- in: ref text, person int
-- out: id int
select id from load_absence where ref = $ref and person_id = $person

-- name: LOAD_ABSENCE_DROP :run
-- in: id int
delete from load_absence where id = $id

-- name: LOAD_ITEM :one
-- in: due int, person int
-- out: estimated int
select estimated from load_item where commitment_id = $due and person_id = $person

-- name: LOAD_ITEM_SET :run
-- in: due int, person int, estimated int
insert into load_item (commitment_id, person_id, estimated) values ($due, $person, $estimated)
on conflict (commitment_id, person_id) do update set estimated = excluded.estimated

-- name: LOAD_SPENT_SET :run
-- in: due int, person int, day text, minutes int
insert into load_spent (commitment_id, person_id, day_on, minutes) values ($due, $person, $day, $minutes)
on conflict (person_id, day_on, commitment_id) do update set minutes = excluded.minutes

-- name: LOAD_SPENT_ON :many
-- in: due int, person int
-- out: day_on text, minutes int
select day_on, minutes from load_spent where commitment_id = $due and person_id = $person order by day_on limit 1000

-- What she owes with a day in a span: along her own index.
-- name: LOAD_DUE :many
-- in: person int, from text, to text, n int
-- out: id int, study int?, study_code text?, study_acronym text?, kind text, state text, due_on text, created time, estimated int?
select x.id as id, x.study_id as study, s.code as study_code, s.acronym as study_acronym, x.kind as kind,
    x.state as state, x.due_on as due_on, x.created as created, h.estimated as estimated
from commitment x
left join study s on s.id = x.study_id
left join load_item h on h.commitment_id = x.id and h.person_id = x.owing_person
where x.owing_person = $person and x.due_on >= $from and x.due_on <= $to
order by x.due_on, x.id limit $n

-- What she still owes from before the span: along the index of her queue.
-- name: LOAD_DUE_OLD :many
-- in: person int, before text, n int
-- out: id int, study int?, study_code text?, study_acronym text?, kind text, state text, due_on text, created time, estimated int?
select x.id as id, x.study_id as study, s.code as study_code, s.acronym as study_acronym, x.kind as kind,
    x.state as state, x.due_on as due_on, x.created as created, h.estimated as estimated
from commitment x
left join study s on s.id = x.study_id
left join load_item h on h.commitment_id = x.id and h.person_id = x.owing_person
where x.turn_person = $person and x.next_on < $before and x.owing_person = $person and x.due_on < $before
order by x.next_on, x.id limit $n

-- What she spent, by day, along her own index.
-- name: LOAD_SPENT :many
-- in: person int, from text, to text, n int
-- out: due int, study int?, study_code text?, study_acronym text?, kind text, day_on text, minutes int
select t.commitment_id as due, x.study_id as study, s.code as study_code, s.acronym as study_acronym, x.kind as kind,
    t.day_on as day_on, t.minutes as minutes
from load_spent t
join commitment x on x.id = t.commitment_id
left join study s on s.id = x.study_id
where t.person_id = $person and t.day_on >= $from and t.day_on <= $to
order by t.day_on, t.commitment_id limit $n

-- What was already spent on things that are due in the span or before it.
-- name: LOAD_SPENT_OF :many
-- in: person int, ids int[]
-- out: due int, minutes int
select commitment_id as due, minutes from load_spent where @in(commitment_id, ids) and person_id = $person
order by commitment_id

-- name: LOAD_SHARES :many
-- in: person int, today text
-- out: ref text, name text, until_on text
select s.ref as ref, p.name as name, s.until_on as until_on from load_share s join person p on p.id = s.to_person
where s.person_id = $person and s.until_on >= $today order by s.until_on, s.id limit 50

-- name: LOAD_SHARES_TO :many
-- in: person int, today text
-- out: person int, name text, until_on text
select s.person_id as person, p.name as name, s.until_on as until_on from load_share s join person p on p.id = s.person_id
where s.to_person = $person and s.until_on >= $today order by s.until_on, s.id limit 20

-- name: LOAD_SHARE_ADD :run
-- in: ref text, person int, to int, until text, created time
insert into load_share (ref, person_id, to_person, until_on, created) values ($ref, $person, $to, $until, $created)

-- name: LOAD_SHARE_FIND :one
-- in: ref text, person int
-- out: id int
select id from load_share where ref = $ref and person_id = $person

-- name: LOAD_SHARE_DROP :run
-- in: id int
delete from load_share where id = $id

-- name: LOAD_SHARE_WITH :one
-- in: person int, to int, today text
-- out: n int
select count(*) as n from load_share where person_id = $person and to_person = $to and until_on >= $today

-- Who works in a study today, with the organisation that each names as hers, if any.
-- name: LOAD_TEAM :many
-- in: study int, today text
-- out: person int, name text, role text, study_site int?
select t.person_id as person, p.name as name, t.role as role, t.study_site_id as study_site
from tie t join person p on p.id = t.person_id
where t.study_id = $study and t.from_on <= $today and (t.to_on is null or t.to_on >= $today)
order by p.name_fold, p.id, t.id limit 1000

-- name: LOAD_EMPLOYERS :many
-- in: ids int[], today text
-- out: person int, organisation int
select person_id as person, organisation_id as organisation from tie
where @in(person_id, ids) and organisation_id is not null and from_on <= $today and (to_on is null or to_on >= $today)
order by person_id, organisation_id

-- What is agreed in a study by its people, with a day in a span; nothing of other studies.
-- name: LOAD_TEAM_DUE :many
-- in: study int, ids int[], from text, to text, comp int, n int
-- out: person int, due_on text
select owing_person as person, due_on from commitment
where @in(owing_person, ids) and due_on >= $from and due_on <= $to and study_id = $study and open = 1
    and compartment <= $comp and state in ('agreed', 'due', 'acknowledged', 'move_owing', 'move_asking')
order by owing_person, due_on limit $n

-- Where her roles are, for whose holidays count.
-- name: LOAD_PLACES :many
-- in: person int, today text
-- out: role text, country text?
select t.role as role, w.country as country from tie t join study_site w on w.id = t.study_site_id
where t.person_id = $person and t.from_on <= $today and (t.to_on is null or t.to_on >= $today)
order by t.id limit 50
