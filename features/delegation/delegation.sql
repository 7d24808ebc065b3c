-- Queries of the delegation log.

-- name: DELEGATION_LIST :many
-- in: study int, site int, n int
-- out: id int, ref text, n int, person int, name text, role text, tasks text, from_on text, to_on text?, who text, created time
select id, ref, n, person_id as person, name, role, tasks, from_on, to_on, who, created
from delegation where study_id = $study and study_site_id = $site and newest = 1 order by id limit $n

-- name: DELEGATION_OLD :many
-- in: study int, site int, n int
-- out: id int, n int, name text, role text, tasks text, from_on text, to_on text?, reason text?
select id, n, name, role, tasks, from_on, to_on, reason
from delegation where study_id = $study and study_site_id = $site and newest = 0 order by id desc limit $n

-- name: DELEGATION_ON :many
-- in: study int, site int, day text, n int
-- out: id int, ref text, person int, name text, role text, tasks text, from_on text, to_on text?
select id, ref, person_id as person, name, role, tasks, from_on, to_on
from delegation where study_id = $study and study_site_id = $site and newest = 1
and from_on <= $day and (to_on is null or to_on >= $day) order by id limit $n

-- name: DELEGATION_GET :one
-- in: study int, site int, ref text
-- out: id int, n int, person int, name text, role text, tasks text, from_on text, to_on text?
select id, n, person_id as person, name, role, tasks, from_on, to_on
from delegation where study_id = $study and study_site_id = $site and ref = $ref and newest = 1

-- name: DELEGATION_AGE :run
-- in: id int
update delegation set newest = 0 where id = $id

-- name: DELEGATION_ADD :one
-- in: ref text, n int, study int, site int, person int, name text, role text, tasks text, from_on text, to_on text?, who text, reason text?, created time
-- out: id int
insert into delegation (ref, n, study_id, study_site_id, person_id, name, role, tasks, from_on, to_on, newest, who, reason, created)
values ($ref, $n, $study, $site, $person, $name, $role, $tasks, $from_on, $to_on, 1, $who, $reason, $created)
returning id

-- name: DELEGATION_DUE :one
-- in: key text
-- out: id int
select id from commitment where origin_key = $key and open = 1

-- name: DELEGATION_PLACE :one
-- in: study int, site int
-- out: study text, site text
select s.code as study, x.ref as site from study_site x join study s on s.id = x.study_id where x.id = $site and s.id = $study

-- Who works at the site on that day and stands on no line of it that day.
-- name: DELEGATION_MISSING :many
-- in: study int, site int, day text, n int
-- out: name text, role text
select p.name as name, t.role as role from tie t join person p on p.id = t.person_id
where t.study_id = $study and t.study_site_id = $site and t.from_on <= $day and (t.to_on is null or t.to_on >= $day)
and t.role in ('principal_investigator', 'sub_investigator', 'coordinator')
and not exists (select 1 from delegation d where d.study_site_id = $site and d.study_id = $study and d.newest = 1 and d.person_id = t.person_id
    and d.from_on <= $day and (d.to_on is null or d.to_on >= $day))
order by p.name_fold, t.id limit $n

-- name: DELEGATION_PI :one
-- in: study int, site int, today text
-- out: person int
select person_id as person from tie where study_id = $study and study_site_id = $site and role = 'principal_investigator'
and from_on <= $today and (to_on is null or to_on >= $today) order by from_on, id limit 1
