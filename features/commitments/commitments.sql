-- Queries of commitments: what is due between two sides, its steps, and whose turn it is.

-- name: DUE_ADD :one
-- in: ref text, study int?, site int?, own int?, comp int, kind text, class text, gxp bool, title text, body text?, source text?
-- in: owing int, owing_role text?, owing_at_site bool, asking int, asking_role text?, asking_at_site bool
-- in: state text, turn int?, other int?, next_on text, answer_by text?, due_on text?, due_why text?, due_calendar text?, first_due_on text?, origin_key text?, created time
-- out: id int
insert into commitment (ref, study_id, study_site_id, own_study_id, compartment, kind, class, gxp, title, body, source,
    owing_person, owing_role, owing_at_site, asking_person, asking_role, asking_at_site,
    state, open, rung, turn_person, other_person, next_on, answer_by, due_on, due_why, due_calendar, first_due_on, moves,
    waited_days, thanked, origin_key, created)
values ($ref, $study, $site, $own, $comp, $kind, $class, $gxp, $title, $body, $source,
    $owing, $owing_role, $owing_at_site, $asking, $asking_role, $asking_at_site,
    $state, 1, 0, $turn, $other, $next_on, $answer_by, $due_on, $due_why, $due_calendar, $first_due_on, 0,
    0, 0, $origin_key, $created)
returning id

-- name: DUE_GET :one
-- in: id int
-- out: id int, ref text, study int?, site int?, comp int, kind text, class text, gxp bool, title text, body text?, source text?
-- out: owing int, owing_role text?, owing_at_site bool, owing_name text, owing_ref text
-- out: asking int, asking_role text?, asking_at_site bool, asking_name text, asking_ref text
-- out: state text, next_on text, answer_by text?, think_until text?, due_on text?, due_why text?, due_calendar text?, first_due_on text?
-- out: moves int, offer_on text?, waits_on int?, waits_since text?, waited_days int, delivered_on text?
-- out: review_by text?, ended_on text?, thanked bool, created time, origin_key text?, doing int?, doing_name text?, own int?, own_ref text?, own_name text?, rung int
select x.id as id, x.ref as ref, x.study_id as study, x.study_site_id as site, x.compartment as comp,
    x.kind as kind, x.class as class, x.gxp as gxp, x.title as title, x.body as body, x.source as source,
    x.owing_person as owing, x.owing_role as owing_role, x.owing_at_site as owing_at_site,
    o.name as owing_name, o.ref as owing_ref,
    x.asking_person as asking, x.asking_role as asking_role, x.asking_at_site as asking_at_site,
    a.name as asking_name, a.ref as asking_ref,
    x.state as state, x.next_on as next_on, x.answer_by as answer_by, x.think_until as think_until,
    x.due_on as due_on, x.due_why as due_why, x.due_calendar as due_calendar, x.first_due_on as first_due_on, x.moves as moves,
    x.offer_on as offer_on, x.waits_on as waits_on, x.waits_since as waits_since,
    x.waited_days as waited_days, x.delivered_on as delivered_on, x.review_by as review_by,
    x.ended_on as ended_on, x.thanked as thanked, x.created as created, x.origin_key as origin_key, x.doing_person as doing, y.name as doing_name,
    x.own_study_id as own, n.ref as own_ref, n.name as own_name, x.rung as rung
from commitment x
left join person y on y.id = x.doing_person
join person o on o.id = x.owing_person
join person a on a.id = x.asking_person
left join own_study n on n.id = x.own_study_id
where x.id = $id

-- name: DUE_FIND :one
-- in: ref text
-- out: id int
select id from commitment where ref = $ref

-- name: DUE_WALL :one
-- in: id int
-- out: study int?, site int?, own int?, comp int, owing int, owing_role text?, doing int?, owing_at_site bool, asking int, asking_at_site bool
select study_id as study, study_site_id as site, own_study_id as own, compartment as comp, owing_person as owing, owing_role,
    doing_person as doing, owing_at_site, asking_person as asking, asking_at_site
from commitment where id = $id

-- name: DUE_SET :run
-- in: id int, state text, open bool, turn int?, other int?, next_on text, answer_by text?, think_until text?
-- in: due_on text?, due_why text?, due_calendar text?, first_due_on text?, moves int, waited_days int, waits_on int?, waits_since text?, offer_on text?, delivered_on text?, review_by text?, ended_on text?, thanked bool, doing int?
update commitment set state = $state, open = $open, turn_person = $turn, other_person = $other,
    next_on = $next_on, answer_by = $answer_by, think_until = $think_until, due_on = $due_on,
    due_why = $due_why, due_calendar = $due_calendar, first_due_on = $first_due_on, moves = $moves, waited_days = $waited_days,
    waits_on = $waits_on, waits_since = $waits_since, doing_person = $doing, offer_on = $offer_on, delivered_on = $delivered_on, review_by = $review_by, ended_on = $ended_on,
    thanked = $thanked
where id = $id

-- What closes by itself: delivered, its time to be looked at over, and no person has to see it.
-- name: DUE_TO_CLOSE :many
-- in: today text, n int
-- out: id int, ref text, title text
select id, ref, title from commitment
where state = 'delivered' and review_by < $today and class <> 'duty' and gxp = 0
order by review_by, id limit $n

-- name: DUE_UNKEY :run
-- in: id int, key text
update commitment set origin_key = $key where id = $id

-- name: DUE_STEP_ADD :one
-- in: due int, at time, person int?, who text, how text?, action text, state text, due_on text?, note text?
-- out: id int
insert into commitment_step (commitment_id, at, person_id, who, how, action, state, due_on, note)
values ($due, $at, $person, $who, $how, $action, $state, $due_on, $note)
returning id

-- name: DUE_UNDO_DROP :run
-- in: due int
delete from commitment_undo where commitment_id = $due

-- name: DUE_UNDO_ADD :run
-- in: due int, step int, person int, at time, state text, answer_by text?, think_until text?, due_on text?, due_why text?, due_calendar text?
-- in: first_due_on text?, moves int, waited_days int, waits_on int?, waits_since text?, offer_on text?, delivered_on text?, review_by text?, ended_on text?, thanked bool
insert into commitment_undo (commitment_id, step_id, person_id, at, state, answer_by, think_until, due_on, due_why,
    due_calendar, first_due_on, moves, waited_days, waits_on, waits_since, offer_on, delivered_on, review_by, ended_on, thanked)
values ($due, $step, $person, $at, $state, $answer_by, $think_until, $due_on, $due_why, $due_calendar,
    $first_due_on, $moves, $waited_days, $waits_on, $waits_since, $offer_on, $delivered_on, $review_by, $ended_on, $thanked)

-- name: DUE_UNDO_GET :one
-- in: due int, person int, since time
-- out: state text, answer_by text?, think_until text?, due_on text?, due_why text?, due_calendar text?
-- out: first_due_on text?, moves int, waited_days int, waits_on int?, waits_since text?, offer_on text?, delivered_on text?, review_by text?, ended_on text?, thanked bool
select state, answer_by, think_until, due_on, due_why, due_calendar, first_due_on, moves, waited_days, waits_on, waits_since, offer_on,
    delivered_on, review_by, ended_on, thanked
from commitment_undo where commitment_id = $due and person_id = $person and at >= $since

-- name: DUE_STEPS :many
-- in: due int
-- out: id int, at time, person int?, who text, how text?, action text, state text, due_on text?, note text?
select id, at, person_id as person, who, how, action, state, due_on, note
from commitment_step where commitment_id = $due order by id limit 500

-- Whose turn it is: one person's queue, soonest first.
-- name: DUE_TURN :many
-- in: person int, after text?, after_id int?, n int
-- out: id int, next_on text, state text, study int?, own int?
-- order: next = next_on asc, id asc
-- when: after
select id, next_on, state, study_id as study, own_study_id as own from commitment where turn_person = $person
[[when after]] and @after [[end]]
order by @order limit $n

-- What one person waits for: the other side's turn.
-- name: DUE_OTHER :many
-- in: person int, after text?, after_id int?, n int
-- out: id int, next_on text, state text, study int?, own int?
-- order: next = next_on asc, id asc
-- when: after
select id, next_on, state, study_id as study, own_study_id as own from commitment where other_person = $person
[[when after]] and @after [[end]]
order by @order limit $n

-- name: DUE_LIST :many
-- in: ids int[]
-- out: id int, ref text, study int?, study_code text?, study_acronym text?, site int?, site_number text?, site_label text?, site_facility text?, site_organisation text?, site_placeholder bool?, site_city text?, own_name text?
-- out: kind text, class text, title text, source text?, owing int, owing_name text, owing_at_site bool, asking int, asking_name text, asking_at_site bool
-- out: state text, next_on text, answer_by text?, think_until text?, due_on text?, due_why text?, first_due_on text?, offer_on text?, delivered_on text?, moves int, waited_days int, waits_on int?, waits_since text?, doing int?, doing_name text?, created time, origin_key text?
select x.id as id, x.ref as ref, x.study_id as study, s.code as study_code, s.acronym as study_acronym,
    x.study_site_id as site, w.number as site_number, w.label as site_label, w.facility as site_facility,
    g.name as site_organisation, g.placeholder as site_placeholder, w.city as site_city,
    n.name as own_name,
    x.kind as kind, x.class as class, x.title as title, x.source as source, x.owing_person as owing, o.name as owing_name,
    x.owing_at_site as owing_at_site, x.asking_person as asking, a.name as asking_name,
    x.asking_at_site as asking_at_site, x.state as state, x.next_on as next_on,
    x.answer_by as answer_by, x.think_until as think_until, x.due_on as due_on, x.due_why as due_why,
    x.first_due_on as first_due_on, x.offer_on as offer_on, x.delivered_on as delivered_on, x.moves as moves, x.waited_days as waited_days,
    x.waits_on as waits_on, x.waits_since as waits_since, x.doing_person as doing, y.name as doing_name, x.created as created, x.origin_key as origin_key
from commitment x
left join person y on y.id = x.doing_person
join person o on o.id = x.owing_person
join person a on a.id = x.asking_person
left join study s on s.id = x.study_id
left join study_site w on w.id = x.study_site_id
left join organisation g on g.id = w.organisation_id
left join own_study n on n.id = x.own_study_id
where @in(x.id, ids) order by x.next_on, x.id

-- name: DUE_OF_STUDY :many
-- in: study int, comp int, after text?, after_id int?, n int
-- out: id int, next_on text, state text
-- order: next = next_on asc, id asc
-- when: after
select id, next_on, state from commitment where study_id = $study and open = 1 and compartment <= $comp
[[when after]] and @after [[end]]
order by @order limit $n

-- What a site owes and is owed: nothing of what the sponsor's people owe one another about it.
-- name: DUE_OF_SITES :many
-- in: study int, sites int[], comp int, n int
-- out: id int, next_on text, state text
select id, next_on, state from commitment
where study_id = $study and @in(study_site_id, sites) and open = 1 and compartment <= $comp and (owing_at_site = 1 or asking_at_site = 1)
order by next_on, id limit $n

-- Who may be asked in a study: those who hold a role there today.
-- name: DUE_PEOPLE :many
-- in: study int, today text
-- out: ref text, person int, name text, role text, study_site int?, site_number text?, site_label text?, site_facility text?, site_organisation text?, site_placeholder bool?, site_city text?
select t.ref as ref, t.person_id as person, p.name as name, t.role as role, t.study_site_id as study_site,
    w.number as site_number, w.label as site_label, w.facility as site_facility, g.name as site_organisation,
    g.placeholder as site_placeholder, w.city as site_city
from tie t join person p on p.id = t.person_id
left join study_site w on w.id = t.study_site_id
left join organisation g on g.id = w.organisation_id
where t.study_id = $study and t.from_on <= $today and (t.to_on is null or t.to_on >= $today)
order by t.role, p.name_fold, t.id limit 1000

-- The country whose holidays count at a site.
-- name: DUE_SITE_COUNTRY :one
-- in: study int, site int
-- out: country text?
select country from study_site where study_id = $study and id = $site

-- name: DUE_ORG_COUNTRY :one
-- in: organisation int
-- out: country text?
select country from organisation where id = $organisation

-- name: DUE_FEED_DROP :run
-- in: person int
delete from commitment_feed where person_id = $person

-- name: DUE_FEED_ADD :run
-- in: person int, hash blob, created time
insert into commitment_feed (person_id, token_hash, created) values ($person, $hash, $created)

-- name: DUE_FEED_GET :one
-- in: person int
-- out: created time
select created from commitment_feed where person_id = $person

-- name: DUE_FEED_FIND :one
-- in: hash blob
-- out: person int
select f.person_id as person from commitment_feed f join account a on a.person_id = f.person_id
where f.token_hash = $hash and a.disabled = 0

-- What waits on an item.
-- name: DUE_WAITERS :many
-- in: id int
-- out: id int
select id from commitment where waits_on = $id and open = 1 order by id limit 200

-- What one may wait for: open things of the same study, the other person's turn first.
-- name: DUE_WAITABLE :many
-- in: study int, id int, n int
-- out: id int, ref text, title text, owing_name text, due_on text?
select x.id as id, x.ref as ref, x.title as title, o.name as owing_name, x.due_on as due_on
from commitment x join person o on o.id = x.owing_person
where x.study_id = $study and x.open = 1 and x.id <> $id and x.state <> 'delivered'
order by x.next_on, x.id limit $n

-- name: DUE_TITLE_SET :run
-- in: id int, title text
update commitment set title = $title where id = $id

-- name: DUE_OWN_MEMBER :one
-- in: own int, person int
-- out: one int
select 1 as one from own_study_person where own_study_id = $own and person_id = $person

-- Names of the studies in a queue, for choosing one.
-- name: DUE_STUDY_NAMES :many
-- in: ids int[]
-- out: id int, ref text, code text, acronym text?
select id, ref, code, acronym from study where @in(id, ids) order by code, id

-- name: DUE_OWN_NAMES :many
-- in: ids int[]
-- out: id int, ref text, name text
select id, ref, name from own_study where @in(id, ids) order by name, id

-- name: DUE_OWN_FIND :one
-- in: ref text, person int
-- out: id int
select n.id as id from own_study n join own_study_person p on p.own_study_id = n.id
where n.ref = $ref and p.person_id = $person

-- ---- other hands ----

-- name: DUE_HAND :run
-- in: id int, owing int, asking int
update commitment set owing_person = $owing, asking_person = $asking where id = $id

-- name: COVER_ADD :run
-- in: ref text, person int, cover int, from_on text, to_on text, created time
insert into commitment_cover (ref, person_id, cover_id, from_on, to_on, state, created)
values ($ref, $person, $cover, $from_on, $to_on, 'asked', $created)

-- name: COVER_GET :one
-- in: ref text
-- out: id int, person int, cover int, name text, state text
select v.id as id, v.person_id as person, v.cover_id as cover, p.name as name, v.state as state
from commitment_cover v join person p on p.id = v.cover_id where v.ref = $ref

-- name: COVER_SET :run
-- in: id int, state text
update commitment_cover set state = $state where id = $id

-- name: COVER_NOW :many
-- in: cover int, today text, n int
-- out: person int, name text, to_on text
select v.person_id as person, p.name as name, v.to_on as to_on
from commitment_cover v join person p on p.id = v.person_id
where v.cover_id = $cover and v.to_on >= $today and v.from_on <= $today and v.state = 'agreed'
order by v.to_on, v.id limit $n

-- name: COVER_OF :many
-- in: person int, today text
-- out: ref text, person int, person_name text, cover int, cover_name text, from_on text, to_on text, state text
select v.ref as ref, v.person_id as person, p.name as person_name, v.cover_id as cover, q.name as cover_name,
    v.from_on as from_on, v.to_on as to_on, v.state as state
from commitment_cover v join person p on p.id = v.person_id join person q on q.id = v.cover_id
where (v.person_id = $person or v.cover_id = $person) and v.to_on >= $today order by v.from_on, v.id limit 50

-- ---- the ladder ----

-- name: LADDER_LIST :many
-- in: study int
-- out: after int, role text
select after_days as after, role from commitment_rung where study_id = $study order by n limit 4

-- name: LADDER_DROP :run
-- in: study int
delete from commitment_rung where study_id = $study

-- name: LADDER_ADD :run
-- in: study int, n int, after int, role text
insert into commitment_rung (study_id, n, after_days, role) values ($study, $n, $after, $role)

-- name: LADDER_AT :run
-- in: id int, rung int
update commitment set rung = $rung where id = $id

-- name: LADDER_TELL :run
-- in: due int, rung int, person int, on text
insert into commitment_told (commitment_id, rung, person_id, on_day, open) values ($due, $rung, $person, $on, 1)

-- name: LADDER_DONE :run
-- in: due int
update commitment_told set open = 0 where commitment_id = $due and open = 1

-- name: LADDER_HOLDER :one
-- in: study int, role text, comp int, today text
-- out: person int, name text
select t.person_id as person, p.name as name from tie t join person p on p.id = t.person_id
where t.study_id = $study and t.role = $role and ($comp = 0 or t.compartment = $comp) and t.from_on <= $today and (t.to_on is null or t.to_on >= $today)
order by t.compartment, t.from_on, t.id limit 1

-- name: LADDER_LATE :many
-- in: today text, n int
-- out: id int, state text
select id, state from commitment where open = 1 and next_on < $today and rung < 9 and study_id is not null and state <> 'delivered'
order by next_on, id limit $n

-- What was told to a person and is not over.
-- name: LADDER_TOLD :many
-- in: person int, n int
-- out: id int
select commitment_id as id from commitment_told where person_id = $person and open = 1 order by on_day, commitment_id limit $n

-- ---- what repeats ----

-- name: SERIES_ADD :run
-- in: due int, every text, n int, until text, made int, ref text
insert into commitment_series (commitment_id, every, every_n, until_on, made, ref, first_on, ended)
select $due, $every, $n, $until, $made, $ref, due_on, 0 from commitment where id = $due

-- name: SERIES_GET :one
-- in: due int
-- out: every text, every_n int, until_on text, made int, ref text, first_on text?, ended bool
select every, every_n, until_on, made, ref, first_on, ended from commitment_series where commitment_id = $due

-- name: SERIES_MOVE :run
-- in: due int, next int, made int
update commitment_series set commitment_id = $next, made = $made where commitment_id = $due

-- name: SERIES_END :run
-- in: due int
update commitment_series set ended = 1 where commitment_id = $due

-- name: DUE_UNIQUE :one
-- in: key text
-- out: n int
select count(*) as n from commitment where origin_key = $key
