-- Queries of handover.

-- What a person is a side of in a study, open, not her own note.
-- name: HAND_OPEN :many
-- in: study int, person int, n int
-- out: id int, ref text, title text, due_on text?, state text, owes bool, other text, site int?, at_site bool, comp int
select x.id as id, x.ref as ref, x.title as title, x.due_on as due_on, x.state as state,
    case when x.owing_person = $person or x.doing_person = $person then 1 else 0 end as owes,
    case when x.owing_person = $person then a.name else o.name end as other, x.study_site_id as site,
    case when x.owing_person = $person or x.doing_person = $person then x.owing_at_site else x.asking_at_site end as at_site,
    x.compartment as comp
from commitment x join person o on o.id = x.owing_person join person a on a.id = x.asking_person
where (x.turn_person = $person or x.other_person = $person) and x.study_id = $study and x.open = 1 and x.owing_person <> x.asking_person
order by x.next_on, x.id limit $n

-- Who is a side of open things in a study without a role in it today: what has nobody.
-- name: HAND_NOBODY :many
-- in: study int, today text, n int
-- out: person int, ref text, name text, items int
select p.id as person, p.ref as ref, p.name as name, count(*) as items
from commitment x join person p on p.id = x.turn_person
where x.study_id = $study and x.open = 1 and coalesce(x.owing_role, '') <> 'outside'
and not exists (select 1 from tie t where t.person_id = x.turn_person and t.study_id = x.study_id
    and t.from_on <= $today and (t.to_on is null or t.to_on >= $today))
group by p.id, p.ref, p.name order by p.name, p.id limit $n

-- name: HAND_PERSON :one
-- in: ref text
-- out: id int, name text
select id, name from person where ref = $ref

-- name: HAND_ADD :one
-- in: ref text, study int, from int, to int, by int, why text?, created time
-- out: id int
insert into handover (ref, study_id, from_person, to_person, by_person, why, open, created)
values ($ref, $study, $from, $to, $by, $why, 1, $created)
returning id

-- name: HAND_ITEM_ADD :run
-- in: handover int, due int
insert into handover_item (handover_id, commitment_id, state, why) values ($handover, $due, 'offered', null)

-- An item is offered to one person at a time.
-- name: HAND_OFFERED :one
-- in: due int
-- out: n int
select count(*) as n from handover_item i join handover h on h.id = i.handover_id
where i.commitment_id = $due and i.state = 'offered' and h.open = 1

-- name: HAND_GET :one
-- in: ref text
-- out: id int, ref text, study int, giver int, from_name text, taker int, to_name text, maker int, by_name text, why text?, open bool
select h.id as id, h.ref as ref, h.study_id as study, h.from_person as giver, f.name as from_name, h.to_person as taker, t.name as to_name,
    h.by_person as maker, b.name as by_name, h.why as why, h.open as open
from handover h join person f on f.id = h.from_person join person t on t.id = h.to_person join person b on b.id = h.by_person
where h.ref = $ref

-- name: HAND_ITEMS :many
-- in: handover int, person int
-- out: due int, ref text, title text, due_on text?, open bool, state text, why text?, owes bool, other text
select i.commitment_id as due, x.ref as ref, x.title as title, x.due_on as due_on, x.open as open, i.state as state, i.why as why,
    case when x.owing_person = $person or x.doing_person = $person then 1 else 0 end as owes,
    case when x.owing_person = $person then a.name else o.name end as other
from handover_item i join commitment x on x.id = i.commitment_id
join person o on o.id = x.owing_person join person a on a.id = x.asking_person
where i.handover_id = $handover order by x.next_on, x.id limit 500

-- name: HAND_ITEM_SET :run
-- in: handover int, due int, state text, why text?
update handover_item set state = $state, why = $why where handover_id = $handover and commitment_id = $due and state = 'offered'

-- name: HAND_LEFT :one
-- in: handover int
-- out: n int
select count(*) as n from handover_item where handover_id = $handover and state = 'offered'

-- name: HAND_CLOSE :run
-- in: id int
update handover set open = 0 where id = $id

-- name: HAND_MINE :many
-- in: person int, n int
-- out: ref text, study_code text, from_name text, to_name text, mine bool, open bool
select h.ref as ref, s.code as study_code, f.name as from_name, t.name as to_name,
    case when h.to_person = $person then 1 else 0 end as mine, h.open as open
from handover h join study s on s.id = h.study_id join person f on f.id = h.from_person join person t on t.id = h.to_person
where (h.to_person = $person and h.open = 1) or (h.from_person = $person and h.open = 1) order by h.id desc limit $n

-- name: HAND_OF_STUDY :many
-- in: study int, n int
-- out: ref text, from_name text, to_name text, open bool, refused int
select h.ref as ref, f.name as from_name, t.name as to_name, h.open as open,
    (select count(*) from handover_item i where i.handover_id = h.id and i.state = 'refused') as refused
from handover h join person f on f.id = h.from_person join person t on t.id = h.to_person
where h.study_id = $study order by h.id desc limit $n

-- name: HAND_WAITS :one
-- in: person int
-- out: n int
select count(*) as n from (select id from handover where to_person = $person and open = 1 order by id limit 99) h
