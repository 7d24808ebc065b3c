-- Queries of queries.

-- name: QUERY_ALL :many
-- in: study int
-- out: id int, site int, query_id text, state text, opened_on text, answered_on text?, closed_on text?
select id, study_site_id as site, query_id, state, opened_on, answered_on, closed_on from query_item
where study_id = $study order by id

-- name: QUERY_ADD :run
-- in: study int, site int, query_id text, state text, open bool, opened text, answered text?, closed text?, since text
insert into query_item (study_id, study_site_id, query_id, state, open, opened_on, answered_on, closed_on, since_on)
values ($study, $site, $query_id, $state, $open, $opened, $answered, $closed, $since)

-- name: QUERY_SET :run
-- in: id int, site int, state text, open bool, opened text, answered text?, closed text?, since text
update query_item set study_site_id = $site, state = $state, open = $open, opened_on = $opened, answered_on = $answered,
    closed_on = $closed, since_on = $since
where id = $id

-- Open ones by site, whose turn and since when: along the index of open ones.
-- name: QUERY_AGES :many
-- in: study int, sites int[], all bool, n int
-- out: site int, state text, since_on text, n int
select study_site_id as site, state, since_on, count(*) as n from query_item
where study_id = $study and open = 1 and ($all = 1 or @in(study_site_id, sites))
group by study_site_id, state, since_on order by study_site_id, state, since_on limit $n

-- name: QUERY_SITES :many
-- in: study int
-- out: id int, ref text, number text?, label text?, facility text?, organisation text, placeholder bool, city text?, country text?
select w.id as id, w.ref as ref, w.number as number, w.label as label, w.facility as facility, o.name as organisation,
    o.placeholder as placeholder, w.city as city, w.country as country
from study_site w join organisation o on o.id = w.organisation_id
where w.study_id = $study order by w.sort_key, w.id limit 5000

-- Codes of a study's participants, to find the site of a query's subject; they are not kept.
-- name: QUERY_CODES :many
-- in: study int
-- out: code text, site int
select code, study_site_id as site from participant where study_id = $study and code is not null order by code limit 500000

-- name: QUERY_CLOCKS :many
-- in: study int
-- out: site int, state text, since_on text
select k.study_site_id as site, k.state as state, k.since_on as since_on from query_clock k
join study_site w on w.id = k.study_site_id where w.study_id = $study order by k.study_site_id, k.state

-- name: QUERY_CLOCK_SET :run
-- in: site int, state text, since text
insert into query_clock (study_site_id, state, since_on) values ($site, $state, $since)
on conflict (study_site_id, state) do update set since_on = excluded.since_on

-- name: QUERY_CLOCK_DROP :run
-- in: site int, state text
delete from query_clock where study_site_id = $site and state = $state
