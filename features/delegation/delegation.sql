-- Queries of the delegation log.

-- name: DELEGATION_LIST :many
-- in: study int, site int, newest bool, n int
-- out: id int, ref text, n int, person int, name text, role text, tasks text, from_on text, to_on text?, reason text?
select id, ref, n, person_id as person, name, role, tasks, from_on, to_on, reason
from delegation where study_id = $study and study_site_id = $site and newest = $newest order by id limit $n

-- name: DELEGATION_ON :many
-- in: study int, site int, day text, n int
-- out: id int, ref text, n int, person int, name text, role text, tasks text, from_on text, to_on text?, reason text?
select id, ref, n, person_id as person, name, role, tasks, from_on, to_on, reason
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

-- name: DELEGATION_SIGNED :run
-- in: id int
update delegation set signed = 1 where id = $id

-- name: DELEGATION_ADD :one
-- in: ref text, n int, study int, site int, person int, name text, role text, tasks text, from_on text, to_on text?, by int?, who text, reason text?, created time
-- out: id int
insert into delegation (ref, n, study_id, study_site_id, person_id, name, role, tasks, from_on, to_on, newest, signed, by_person, who, reason, created)
values ($ref, $n, $study, $site, $person, $name, $role, $tasks, $from_on, $to_on, 1, 0, $by, $who, $reason, $created)
returning id

-- ---- what waits for the investigator's signature ----

-- name: DELEGATION_WAITS :one
-- in: site int
-- out: n int
select count(*) as n from delegation where study_site_id = $site and newest = 1 and signed = 0

-- Who holds a role at the site, the investigators first.
-- name: DELEGATION_TEAM :many
-- in: study int, site int, today text
-- out: ref text, person int, name text, role text
select t.ref as ref, t.person_id as person, p.name as name, t.role as role from tie t join person p on p.id = t.person_id
where t.study_id = $study and t.study_site_id = $site and t.from_on <= $today and (t.to_on is null or t.to_on >= $today)
order by case when t.role = 'principal_investigator' then 0 else 1 end, t.from_on, t.id limit 300

-- Who wrote the newest of the lines that wait.
-- name: DELEGATION_WRITER :one
-- in: site int
-- out: person int?
select by_person as person from delegation where study_site_id = $site and newest = 1 and signed = 0 order by id desc limit 1

-- name: DELEGATION_DUE :one
-- in: key text
-- out: id int, state text, open bool, title text, owing int, asking int
select id, state, open, title, owing_person as owing, asking_person as asking from commitment where origin_key = $key

-- Sites with lines that wait and an investigator, and nothing that asks her.
-- name: DELEGATION_LOOSE :many
-- in: today text, n int
-- out: study int, site int
select distinct d.study_id as study, d.study_site_id as site
from delegation d join tie i on i.study_id = d.study_id and i.study_site_id = d.study_site_id
where d.newest = 1 and d.signed = 0 and i.role = 'principal_investigator' and i.from_on <= $today and (i.to_on is null or i.to_on >= $today)
and not exists (select 1 from commitment x
    join tie p on p.person_id = x.owing_person and p.study_site_id = d.study_site_id and p.role = 'principal_investigator'
    where x.origin_key = 'delegation:' || cast(d.study_site_id as text) and x.open = 1 and p.from_on <= $today and (p.to_on is null or p.to_on >= $today))
order by site limit $n

-- Sites that have an investigator or a line, and how many lines wait.
-- name: DELEGATION_SITES :many
-- in: study int, all bool, sites int[], today text, n int
-- out: id int, lines int, waits int, number text?, label text?, facility text?, organisation text, placeholder bool, city text?
select s.id as id,
    (select count(*) from delegation d where d.study_site_id = s.id and d.newest = 1) as lines,
    (select count(*) from delegation d where d.study_site_id = s.id and d.newest = 1 and d.signed = 0) as waits,
    s.number as number, s.label as label, s.facility as facility, o.name as organisation, o.placeholder as placeholder, s.city as city
from study_site s join organisation o on o.id = s.organisation_id
where s.study_id = $study and ($all = 1 or @in(s.id, sites))
and (exists (select 1 from delegation d where d.study_site_id = s.id)
    or exists (select 1 from tie t where t.study_id = $study and t.study_site_id = s.id and t.role = 'principal_investigator'
        and t.from_on <= $today and (t.to_on is null or t.to_on >= $today)))
order by s.sort_key, s.id limit $n

-- name: DELEGATION_PLACE :one
-- in: site int
-- out: study int, ref text
select study_id as study, ref from study_site where id = $site
