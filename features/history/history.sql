-- Queries of histories: rows of the record by thing and by who did it, without their bodies.

-- name: HISTORY_OF_THING :many
-- in: kind text, thing int, before int, actor int?, action text?, since time?, until time?, n int
-- out: id int, at time, person int?, who text, action text, study int?, comp int, kind text?, thing_id int?, thing text?, idx int?, hash blob?
-- when: actor, action, since, until
select r.id as id, r.at as at, r.person_id as person, r.who as who, r.action as action,
       r.study_id as study, r.compartment as comp, r.kind as kind, r.thing_id as thing_id,
       r.thing as thing, l.idx as idx, l.hash as hash
from trail t
join record r on r.id = t.record_id
left join record_leaf l on l.record_id = t.record_id
where t.kind = $kind and t.thing_id = $thing and t.record_id < $before
[[when actor]] and r.person_id = $actor [[end]]
[[when action]] and r.action = $action [[end]]
[[when since]] and r.at >= $since [[end]]
[[when until]] and r.at < $until [[end]]
order by t.record_id desc limit $n

-- name: HISTORY_BY_PERSON :many
-- in: actor int, before int, n int
-- out: id int, at time, person int?, who text, action text, study int?, comp int, kind text?, thing_id int?, thing text?, idx int?, hash blob?
select r.id as id, r.at as at, r.person_id as person, r.who as who, r.action as action,
       r.study_id as study, r.compartment as comp, r.kind as kind, r.thing_id as thing_id,
       r.thing as thing, l.idx as idx, l.hash as hash
from record r
left join record_leaf l on l.record_id = r.id
where r.person_id = $actor and r.id < $before
order by r.id desc limit $n

-- Whether two people have a study or an organisation in common: then one may read the other's name.
-- name: HISTORY_KNOWS :one
-- in: person int, studies int[], organisations int[]
-- out: one int
select 1 as one from tie t
left join study s on s.id = t.study_id
where t.person_id = $person and (@in(t.study_id, studies) or @in(t.organisation_id, organisations)
    or @in(s.sponsor_id, organisations) or @in(s.operator_id, organisations))
order by t.id limit 1

-- Who can have done something in a study: those with a role in it, now or once, and directors.
-- name: HISTORY_ACTORS :many
-- in: study int, sponsor int, operator int
-- out: id int, ref text, name text, name_fold text
select p.id as id, p.ref as ref, p.name as name, p.name_fold as name_fold
from tie t join person p on p.id = t.person_id
where t.study_id = $study
union
select p.id as id, p.ref as ref, p.name as name, p.name_fold as name_fold
from tie t join person p on p.id = t.person_id
where t.role = 'director' and (t.organisation_id = $sponsor or t.organisation_id = $operator)
order by name_fold, id limit 500

-- name: HISTORY_LAST_CHECKPOINT :one
-- out: size int, at time, root blob
select size, at, root from record_checkpoint order by size desc limit 1
