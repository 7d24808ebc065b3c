-- Queries of answers: links for somebody without an account, and the files that came by them.

-- name: ANSWER_LINK_ADD :one
-- in: hash blob, due int, person int, by int, by_step bool, masked text, created time, expires time
-- out: id int
insert into answer_link (token_hash, commitment_id, person_id, made_by, by_step, masked, created, expires)
values ($hash, $due, $person, $by, $by_step, $masked, $created, $expires)
returning id

-- name: ANSWER_LINK_FIND :one
-- in: hash blob
-- out: id int, due int, due_ref text, person int, person_ref text, name text, masked text, expires time, ended time?
select l.id as id, l.commitment_id as due, x.ref as due_ref, l.person_id as person, p.ref as person_ref,
    p.name as name, l.masked as masked, l.expires as expires, l.ended as ended
from answer_link l join commitment x on x.id = l.commitment_id join person p on p.id = l.person_id
where l.token_hash = $hash

-- name: ANSWER_LINK_NEWEST :one
-- in: due int
-- out: id int, person int, name text, affiliation text?, masked text, by_step bool, created time, expires time, ended time?
select l.id as id, l.person_id as person, p.name as name, p.affiliation as affiliation, l.masked as masked, l.by_step as by_step,
    l.created as created, l.expires as expires, l.ended as ended
from answer_link l join person p on p.id = l.person_id where l.commitment_id = $due order by l.id desc limit 1

-- name: ANSWER_LINK_END :run
-- in: due int, at time
update answer_link set ended = $at where commitment_id = $due and ended is null

-- What was agreed by a link can be delivered by it.
-- name: ANSWER_LINK_STAY :run
-- in: due int, expires time
update answer_link set expires = $expires where commitment_id = $due and ended is null and expires < $expires

-- name: ANSWER_LINKS_BY :one
-- in: by int, since time
-- out: n int
select count(*) as n from answer_link where made_by = $by and created >= $since and by_step = 0

-- name: ANSWER_OUTSIDER_FIND :one
-- in: key blob
-- out: person int
select person_id as person from answer_outsider where who_key = $key

-- name: ANSWER_OUTSIDER_ADD :run
-- in: key blob, person int
insert into answer_outsider (who_key, person_id) values ($key, $person)

-- name: ANSWER_ITEM :one
-- in: due int
-- out: ref text, title text, body text?, class text, state text, study int?, site int?, owing int, owing_role text?, owing_name text, asking int, asking_name text, asking_role text?, asking_at_site bool
-- out: due_on text?, due_why text?, answer_by text?, offer_on text?, delivered_on text?, thanked bool
select x.ref as ref, x.title as title, x.body as body, x.class as class, x.state as state,
    x.study_id as study, x.study_site_id as site, x.owing_person as owing, x.owing_role as owing_role,
    o.name as owing_name, x.asking_person as asking, a.name as asking_name, x.asking_role as asking_role,
    x.asking_at_site as asking_at_site, x.due_on as due_on, x.due_why as due_why, x.answer_by as answer_by,
    x.offer_on as offer_on, x.delivered_on as delivered_on, x.thanked as thanked
from commitment x join person o on o.id = x.owing_person join person a on a.id = x.asking_person
where x.id = $due

-- name: ANSWER_BY_REF :one
-- in: ref text
-- out: id int
select id from commitment where ref = $ref

-- name: ANSWER_THREAD :many
-- in: due int
-- out: id int, at time, who text, how text?, action text, due_on text?, note text?
select id, at, who, how, action, due_on, note from commitment_step where commitment_id = $due
order by id limit 300

-- What she wrote or did today, bounded: a link is no place to store things.
-- name: ANSWER_STEPS_SINCE :one
-- in: due int, person int, since time
-- out: n int
select count(*) as n from commitment_step where commitment_id = $due and person_id = $person and at >= $since

-- name: ANSWER_CAN_UNDO :one
-- in: due int, person int, since time
-- out: step int
select step_id as step from commitment_undo where commitment_id = $due and person_id = $person and at >= $since

-- name: ANSWER_FILE_ADD :run
-- in: ref text, due int, person int, who text, name text, size int, created time, sealed blob
insert into answer_file (ref, commitment_id, person_id, who, name, size, created, sealed)
values ($ref, $due, $person, $who, $name, $size, $created, $sealed)

-- name: ANSWER_FILES :many
-- in: due int
-- out: ref text, who text, name text, size int, created time
select ref, who, name, size, created from answer_file where commitment_id = $due order by id limit 100

-- name: ANSWER_FILE :one
-- in: due int, ref text
-- out: name text, sealed blob
select name, sealed from answer_file where commitment_id = $due and ref = $ref

-- name: ANSWER_SITE :one
-- in: site int
-- out: name text, placeholder bool
select g.name as name, g.placeholder as placeholder
from study_site w join organisation g on g.id = w.organisation_id where w.id = $site
