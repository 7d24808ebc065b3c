-- Queries of contacts. `at_site`: whose log it is.

-- name: CONTACT_ADD :one
-- in: ref text, study int, site int, at_site bool, comp int, person int, who text, way text, day text, words text, created time
-- out: id int
insert into contact (ref, study_id, study_site_id, at_site, compartment, person_id, who, way, day, words, created)
values ($ref, $study, $site, $at_site, $comp, $person, $who, $way, $day, $words, $created)
returning id

-- name: CONTACT_WITH_ADD :run
-- in: contact int, person int
insert into contact_with (person_id, contact_id) values ($person, $contact) on conflict (person_id, contact_id) do nothing

-- name: CONTACT_WITH_DROP :run
-- in: contact int
delete from contact_with where contact_id = $contact

-- name: CONTACT_SET :run
-- in: id int, way text, day text
update contact set way = $way, day = $day where id = $id

-- name: CONTACT_GET :one
-- in: site int, at_site bool, comp int, ref text
-- out: id int, way text, day text, person int
select id, way, day, person_id as person from contact
where ref = $ref and study_site_id = $site and at_site = $at_site and compartment <= $comp

-- name: CONTACT_LIST :many
-- in: site int, at_site bool, comp int, before text, before_id int, n int
-- out: id int, ref text, person int, who text, way text, day text, words text
select id, ref, person_id as person, who, way, day, words from contact
where study_site_id = $site and at_site = $at_site and compartment <= $comp and (day < $before or (day = $before and id < $before_id))
order by day desc, id desc limit $n

-- name: CONTACT_NAMES :many
-- in: contacts int[]
-- out: contact int, person int, ref text, name text
select w.contact_id as contact, w.person_id as person, p.ref as ref, p.name as name
from contact_with w join person p on p.id = w.person_id
where @in(w.contact_id, contacts) order by w.contact_id, p.name_fold, p.id

-- name: CONTACT_LAST :one
-- in: site int, at_site bool, comp int
-- out: day text
select day from contact where study_site_id = $site and at_site = $at_site and compartment <= $comp
order by day desc, id desc limit 1

-- Sites of a study with the day of the sponsor's last contact: none before all, then longest ago.
-- name: CONTACT_SITES :many
-- in: study int, all bool, sites int[], comp int, n int
-- out: id int, ref text, number text?, label text?, facility text?, organisation text, placeholder bool, city text?, last_day text?
select s.id as id, s.ref as ref, s.number as number, s.label as label, s.facility as facility, o.name as organisation,
    o.placeholder as placeholder, s.city as city,
    (select max(x.day) from contact x where x.study_site_id = s.id and x.at_site = 0 and x.compartment <= $comp) as last_day
from study_site s join organisation o on o.id = s.organisation_id
where s.study_id = $study and ($all = 1 or @in(s.id, sites))
order by last_day asc nulls first, s.sort_key, s.id limit $n

-- What was noted of contacts with somebody, newest first; of each it is asked again whether it may be seen.
-- name: CONTACT_OF_PERSON :many
-- in: person int, n int
-- out: study int, site int, site_ref text, at_site bool, comp int, way text, day text, words text, who text
select x.study_id as study, x.study_site_id as site, s.ref as site_ref, x.at_site as at_site, x.compartment as comp, x.way as way, x.day as day,
    x.words as words, x.who as who
from contact_with w join contact x on x.id = w.contact_id join study_site s on s.id = x.study_site_id
where w.person_id = $person order by w.contact_id desc limit $n

-- name: CONTACT_SITE_REF :one
-- in: site int
-- out: ref text
select ref from study_site where id = $site

-- Those whom the registry or an import names at a site.
-- name: CONTACT_NAMED :many
-- in: study int, site int, n int
-- out: person int, name text
select distinct p.id as person, p.name as name
from study_person sp join person p on p.id = sp.person_id
where sp.study_id = $study and sp.study_site_id = $site and p.desk = 0 order by p.name, p.id limit $n
