-- Queries of playbooks.

-- The version in force: the newest that the sponsor's side signed.
-- name: PLAY_IN_FORCE :one
-- in: study int
-- out: id int, n int
select v.id as id, v.n as n from playbook_version v
join playbook_signed s on s.version_id = v.id and s.study_site_id = 0
where v.study_id = $study order by v.n desc limit 1

-- name: PLAY_NEWEST :one
-- in: study int
-- out: id int, n int, template int, hash blob, who text, reason text?, created time, is_signed bool
select v.id as id, v.n as n, v.template as template, v.hash as hash, v.who as who, v.reason as reason, v.created as created,
    case when s.version_id is null then 0 else 1 end as is_signed
from playbook_version v left join playbook_signed s on s.version_id = v.id and s.study_site_id = 0
where v.study_id = $study order by v.n desc limit 1

-- name: PLAY_VERSIONS :many
-- in: study int
-- out: id int, n int, hash blob, who text, reason text?, created time
select id, n, hash, who, reason, created from playbook_version where study_id = $study order by n desc limit 50

-- name: PLAY_VERSION :one
-- in: id int
-- out: id int, n int, hash blob, content text
select id, n, hash, content from playbook_version where id = $id

-- name: PLAY_VERSION_ADD :one
-- in: study int, n int, template int, hash blob, who text, reason text?, created time, content text
-- out: id int
insert into playbook_version (study_id, n, template, hash, who, reason, created, content)
values ($study, $n, $template, $hash, $who, $reason, $created, $content)
returning id

-- name: PLAY_VERSION_SET :run
-- in: id int, hash blob, content text, reason text?
update playbook_version set hash = $hash, content = $content, reason = $reason where id = $id

-- name: PLAY_LINES :many
-- in: version int
-- out: ordinal int, event text, key text, what text, owing text, asking text, class text, n int, unit text, calendar text, gxp bool, hours int, source text?, off bool
select ordinal, event, key, what, owing, asking, class, n, unit, calendar, gxp, hours, source, off
from playbook_line where version_id = $version order by ordinal

-- name: PLAY_LINE_ADD :run
-- in: version int, ordinal int, event text, key text, what text, owing text, asking text, class text, n int, unit text, calendar text, gxp bool, hours int, source text?, off bool
insert into playbook_line (version_id, ordinal, event, key, what, owing, asking, class, n, unit, calendar, gxp, hours, source, off)
values ($version, $ordinal, $event, $key, $what, $owing, $asking, $class, $n, $unit, $calendar, $gxp, $hours, $source, $off)

-- name: PLAY_LINES_DROP :run
-- in: version int
delete from playbook_line where version_id = $version

-- name: PLAY_SIGNED :one
-- in: version int, site int
-- out: signature int
select signature_id as signature from playbook_signed where version_id = $version and study_site_id = $site

-- name: PLAY_SIGN :run
-- in: version int, site int, signature int
insert into playbook_signed (version_id, study_site_id, signature_id) values ($version, $site, $signature)

-- Sites of a study, and whether each signed a version.
-- name: PLAY_SITES :many
-- in: study int, version int, sites int[], all bool, n int
-- out: id int, ref text, number text?, label text?, facility text?, organisation text, placeholder bool, city text?, is_signed bool, name text?, at_words text?
select w.id as id, w.ref as ref, w.number as number, w.label as label, w.facility as facility, o.name as organisation,
    o.placeholder as placeholder, w.city as city, case when s.version_id is null then 0 else 1 end as is_signed, g.name as name, g.at_words as at_words
from study_site w join organisation o on o.id = w.organisation_id
left join playbook_signed s on s.version_id = $version and s.study_site_id = w.id
left join signature g on g.id = s.signature_id
where w.study_id = $study and ($all = 1 or @in(w.id, sites))
order by w.sort_key, w.id limit $n

-- ---- events ----

-- name: PLAY_EVENT_GET :one
-- in: key text
-- out: id int, ref text, study int, site int?, comp int, event text, day text, at_time text?, subject text?, by_hand bool, ended_why text?
select id, ref, study_id as study, study_site_id as site, compartment as comp, event, day, at_time, subject, by_hand, ended_why
from playbook_event where origin_key = $key

-- name: PLAY_EVENT_REF :one
-- in: ref text
-- out: id int, key text, study int, site int?, comp int, event text, day text, at_time text?, subject text?, by_hand bool, ended_why text?
select id, origin_key as key, study_id as study, study_site_id as site, compartment as comp, event, day, at_time, subject, by_hand, ended_why
from playbook_event where ref = $ref

-- name: PLAY_EVENT_ADD :run
-- in: ref text, key text, study int, site int?, comp int, event text, day text, at_time text?, subject text?, by_hand bool, created time
insert into playbook_event (ref, origin_key, study_id, study_site_id, compartment, event, day, at_time, subject, by_hand, ended_why, created)
values ($ref, $key, $study, $site, $comp, $event, $day, $at_time, $subject, $by_hand, null, $created)

-- name: PLAY_EVENT_SET :run
-- in: key text, day text, at_time text?, subject text?, ended_why text?
update playbook_event set day = $day, at_time = $at_time, subject = $subject, ended_why = $ended_why where origin_key = $key

-- name: PLAY_EVENTS :many
-- in: study int, comp int, sites int[], all bool, before int, hand bool, n int
-- out: id int, ref text, key text, event text, day text, at_time text?, subject text?, site int?, ended_why text?, by_hand bool, comp int
select id, ref, origin_key as key, event, day, at_time, subject, study_site_id as site, ended_why, by_hand, compartment as comp
from playbook_event where study_id = $study and compartment <= $comp and id < $before
and ($all = 1 or @in(study_site_id, sites)) and (by_hand = 1 or $hand = 0)
order by id desc limit $n

-- ---- what is due by them ----

-- name: PLAY_DUE :one
-- in: key text
-- out: id int, ref text, state text, due_on text?
select id, ref, state, due_on from commitment where origin_key = $key

-- name: PLAY_DUE_OF :many
-- in: from text, to text
-- out: id int, ref text, title text, state text, due_on text?, open bool
select id, ref, title, state, due_on, open from commitment where origin_key >= $from and origin_key < $to order by origin_key limit 100

-- Who holds a role in a study on a day, at the site or of all sites; the one named first, then the longest there.
-- name: PLAY_HOLDER :one
-- in: study int, site int, role text, comp int, today text, person int
-- out: person int, name text
select t.person_id as person, p.name as name from tie t join person p on p.id = t.person_id
where t.study_id = $study and t.role = $role and ($comp = 0 or t.compartment = $comp) and (t.study_site_id is null or t.study_site_id = $site)
and t.from_on <= $today and (t.to_on is null or t.to_on >= $today)
order by case when t.person_id = $person then 0 else 1 end, t.compartment, case when t.study_site_id is null then 1 else 0 end, t.from_on, t.id limit 1
