-- Queries of waiting: it reads what features/commitments keeps.

-- What was due between the sides of a study in some months.
-- name: WAIT_RATES :many
-- in: study int, from text, to text, sites int[], all bool, n int
-- out: id int, ref text, title text, site int, owing_at_site bool, state text, due_on text, first_due_on text?, delivered_on text?, waited_days int, moves int, created time
select id, ref, title, study_site_id as site, owing_at_site, state, due_on, first_due_on, delivered_on, waited_days, moves, created
from commitment
where study_id = $study and due_on >= $from and due_on <= $to and owing_at_site <> asking_at_site
and (owing_role is null or owing_role <> 'outside') -- somebody without an account is of neither side
and study_site_id is not null and compartment = 0 and ($all = 1 or @in(study_site_id, sites))
order by due_on desc, id desc limit $n

-- name: WAIT_SITES :many
-- in: study int, sites int[], all bool, n int
-- out: id int, ref text, number text?, label text?, facility text?, organisation text, placeholder bool, city text?
select w.id as id, w.ref as ref, w.number as number, w.label as label, w.facility as facility, o.name as organisation,
    o.placeholder as placeholder, w.city as city
from study_site w join organisation o on o.id = w.organisation_id
where w.study_id = $study and ($all = 1 or @in(w.id, sites)) order by w.sort_key, w.id limit $n

-- One's own things, for the page of what others see.
-- name: WAIT_OWN :one
-- in: person int
-- out: notes int, hours int, feeds int
select (select count(*) from commitment where turn_person = $person and owing_person = $person and asking_person = $person and own_study_id is null) as notes,
    (select count(*) from load_item where person_id = $person) + (select count(*) from load_spent where person_id = $person) as hours,
    (select count(*) from commitment_feed where person_id = $person) as feeds

-- name: WAIT_OWN_OPEN :many
-- in: person int, n int
-- out: id int, ref text, title text, study int?, site int?, owing_at_site bool, asking_at_site bool, other text
select x.id as id, x.ref as ref, x.title as title, x.study_id as study, x.study_site_id as site, x.owing_at_site as owing_at_site,
    x.asking_at_site as asking_at_site, case when x.owing_person = $person then a.name else o.name end as other
from commitment x join person o on o.id = x.owing_person join person a on a.id = x.asking_person
where (x.turn_person = $person or x.other_person = $person) and x.owing_person <> x.asking_person
order by x.next_on, x.id limit $n

-- name: WAIT_TIES :many
-- in: person int, today text
-- out: role text, study_code text?, study_ref text?, site text?, organisation text?, from_on text, to_on text?
select t.role as role, s.code as study_code, s.ref as study_ref, w.city as site, g.name as organisation, t.from_on as from_on, t.to_on as to_on
from tie t left join study s on s.id = t.study_id left join study_site w on w.id = t.study_site_id
left join organisation g on g.id = t.organisation_id
where t.person_id = $person and (t.to_on is null or t.to_on >= $today) order by t.from_on, t.id limit 100
