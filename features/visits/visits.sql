-- Queries of visits: from plan to letter, and what was found.

-- name: VISIT_ADD :one
-- in: ref text, study int, site int, comp int, kind text, remote bool, n int, why text?, trip text?, monitor int, host int?, host_role text?
-- in: first_on text, last_on text, agenda text?, template int, created time
-- out: id int
insert into visit (ref, study_id, study_site_id, compartment, kind, remote, n, why, trip, monitor_person, host_person, host_role,
    state, first_on, last_on, date_due, agenda, agreed_on, confirmed_on, held_on, report, saves, template, submitted_on,
    sent_back_why, approved_on, letter_words, letter_on, ended_why, created)
values ($ref, $study, $site, $comp, $kind, $remote, $n, $why, $trip, $monitor, $host, $host_role,
    'planned', $first_on, $last_on, null, $agenda, null, null, null, 'none', 0, $template, null,
    null, null, null, null, null, $created)
returning id

-- name: VISIT_NUMBER :one
-- in: site int, comp int, kind text
-- out: n int
select coalesce(max(n), 0) + 1 as n from visit where study_site_id = $site and compartment = $comp and kind = $kind

-- name: VISIT_WALL :one
-- in: ref text
-- out: id int, study int, site int, comp int
select id, study_id as study, study_site_id as site, compartment as comp from visit where ref = $ref

-- name: VISIT_GET :one
-- in: id int
-- out: id int, ref text, study int, site int, site_ref text, comp int, kind text, remote bool, n int, why text?, trip text?
-- out: monitor int, monitor_name text, host int?, host_name text?, host_role text?, state text, first_on text, last_on text, date_due int?
-- out: agenda text?, agreed_on text?, confirmed_on text?, held_on text?, report text, saves int, template int, submitted_on text?
-- out: sent_back_why text?, approved_on text?, letter_words text?, letter_on text?, ended_why text?, created time
-- out: number text?, label text?, facility text?, organisation text, placeholder bool, city text?, country text?
select v.id as id, v.ref as ref, v.study_id as study, v.study_site_id as site, s.ref as site_ref, v.compartment as comp, v.kind as kind,
    v.remote as remote, v.n as n, v.why as why, v.trip as trip, v.monitor_person as monitor, m.name as monitor_name,
    v.host_person as host, h.name as host_name, v.host_role as host_role, v.state as state, v.first_on as first_on, v.last_on as last_on,
    v.date_due as date_due, v.agenda as agenda, v.agreed_on as agreed_on, v.confirmed_on as confirmed_on, v.held_on as held_on,
    v.report as report, v.saves as saves, v.template as template, v.submitted_on as submitted_on, v.sent_back_why as sent_back_why,
    v.approved_on as approved_on, v.letter_words as letter_words, v.letter_on as letter_on, v.ended_why as ended_why, v.created as created,
    s.number as number, s.label as label, s.facility as facility, o.name as organisation, o.placeholder as placeholder,
    s.city as city, s.country as country
from visit v
join study_site s on s.id = v.study_site_id
join organisation o on o.id = s.organisation_id
join person m on m.id = v.monitor_person
left join person h on h.id = v.host_person
where v.id = $id

-- name: VISIT_OF_DATE :one
-- in: due int
-- out: id int
select id from visit where date_due = $due

-- name: VISIT_DATE_DUE :run
-- in: id int, due int?
update visit set date_due = $due where id = $id

-- name: VISIT_HANDS :run
-- in: id int, monitor int, host int?
update visit set monitor_person = $monitor, host_person = $host where id = $id

-- name: VISIT_DATED :run
-- in: id int, state text, first_on text, last_on text, agreed_on text?
update visit set state = $state, first_on = $first_on, last_on = $last_on, agreed_on = $agreed_on where id = $id

-- name: VISIT_CONFIRMED :run
-- in: id int, on text
update visit set confirmed_on = $on where id = $id

-- name: VISIT_AGENDA :run
-- in: id int, agenda text?
update visit set agenda = $agenda where id = $id

-- name: VISIT_HELD :run
-- in: id int, first_on text, last_on text, on text
update visit set state = 'held', report = 'draft', first_on = $first_on, last_on = $last_on, held_on = $on
where id = $id

-- name: VISIT_CANCELLED :run
-- in: id int, why text
update visit set state = 'cancelled', ended_why = $why where id = $id

-- name: VISIT_SAVED :run
-- in: id int, seen int, first_on text, last_on text, letter_words text?
update visit set saves = saves + 1, first_on = $first_on, last_on = $last_on, letter_words = $letter_words
where id = $id and saves = $seen

-- name: VISIT_SUBMITTED :run
-- in: id int, on text
update visit set report = 'submitted', submitted_on = $on, sent_back_why = null where id = $id

-- name: VISIT_SENT_BACK :run
-- in: id int, why text
update visit set report = 'sent_back', sent_back_why = $why, approved_on = null where id = $id

-- name: VISIT_APPROVED :run
-- in: id int, on text
update visit set report = 'approved', approved_on = $on where id = $id

-- name: VISIT_LETTER :run
-- in: id int, on text
update visit set letter_on = $on, state = 'closed' where id = $id

-- ---- lists ----

-- name: VISIT_OF_STUDY :many
-- in: study int, comp int, from text, to text, sites int[], all bool, n int
-- out: id int, ref text, kind text, remote bool, n int, state text, report text, first_on text, last_on text, site int, monitor_name text
-- out: number text?, label text?, facility text?, organisation text, placeholder bool, city text?, confirmed bool, letter bool, trip text?
select v.id as id, v.ref as ref, v.kind as kind, v.remote as remote, v.n as n, v.state as state, v.report as report, v.first_on as first_on,
    v.last_on as last_on, v.study_site_id as site, m.name as monitor_name, s.number as number, s.label as label, s.facility as facility,
    o.name as organisation, o.placeholder as placeholder, s.city as city,
    case when v.confirmed_on is null then 0 else 1 end as confirmed, case when v.letter_on is null then 0 else 1 end as letter, v.trip as trip
from visit v
join study_site s on s.id = v.study_site_id
join organisation o on o.id = s.organisation_id
join person m on m.id = v.monitor_person
where v.study_id = $study and v.compartment <= $comp and v.first_on >= $from and v.first_on < $to
and ($all = 1 or @in(v.study_site_id, sites))
order by v.first_on desc, v.id desc limit $n

-- name: VISIT_AT_SITE :many
-- in: site int, comp int, n int
-- out: id int, ref text, kind text, n int, state text, report text, first_on text, last_on text, letter bool
select id, ref, kind, n, state, report, first_on, last_on, case when letter_on is null then 0 else 1 end as letter
from visit where study_site_id = $site and compartment <= $comp order by first_on desc, id desc limit $n

-- name: VISIT_LETTER_BEFORE :one
-- in: site int, comp int, before text
-- out: ref text, kind text, n int, first_on text, letter_on text
select ref, kind, n, first_on, letter_on from visit
where study_site_id = $site and compartment <= $comp and first_on < $before and letter_on is not null
order by first_on desc, id desc limit 1

-- What each site of a study looks like to who plans: its last visit held, the next one planned, findings.
-- name: VISIT_WANTS :many
-- in: study int, comp int, today text, sites int[], all bool, n int
-- out: site int, ref text, number text?, label text?, facility text?, organisation text, placeholder bool, city text?, country text?
-- out: last_on text?, next_on text?, open_findings int, late_findings int
select s.id as site, s.ref as ref, s.number as number, s.label as label, s.facility as facility, o.name as organisation,
    o.placeholder as placeholder, s.city as city, s.country as country,
    (select max(v.last_on) from visit v where v.study_site_id = s.id and v.compartment <= $comp and v.state in ('held', 'closed')) as last_on,
    (select min(v.first_on) from visit v where v.study_site_id = s.id and v.compartment <= $comp and v.state in ('planned', 'agreed')) as next_on,
    (select count(*) from finding f join visit v on v.id = f.visit_id
        where f.study_site_id = s.id and f.open = 1 and v.compartment <= $comp) as open_findings,
    (select count(*) from finding f join visit v on v.id = f.visit_id
        where f.study_site_id = s.id and f.open = 1 and f.due_on < $today and v.compartment <= $comp) as late_findings
from study_site s join organisation o on o.id = s.organisation_id
where s.study_id = $study and ($all = 1 or @in(s.id, sites))
order by s.sort_key, s.id limit $n

-- Counts at one site, no codes.
-- name: VISIT_ENROLMENT :one
-- in: study int, site int, since text, today text
-- out: screened int, failed int, enrolled int, left int, enrolled_since int
select count(screened_on) as screened, count(failed_on) as failed, count(enrolled_on) as enrolled, count(left_on) as left,
    coalesce(sum(case when enrolled_on > $since then 1 else 0 end), 0) as enrolled_since
from participant where study_id = $study and study_site_id = $site
  and coalesce(screened_on, enrolled_on, failed_on, left_on, '') <= $today

-- What lies open between the sponsor and one site.
-- name: VISIT_OPEN_DUE :many
-- in: study int, site int, comp int, n int
-- out: ref text, title text, due_on text?, state text, owing_name text, owing_at_site bool
select x.ref as ref, x.title as title, x.due_on as due_on, x.state as state, o.name as owing_name, x.owing_at_site as owing_at_site
from commitment x join person o on o.id = x.owing_person
where x.study_id = $study and x.study_site_id = $site and x.open = 1 and x.compartment <= $comp and x.state <> 'delivered'
  and (x.owing_at_site = 1 or x.asking_at_site = 1)
order by x.next_on, x.id limit $n

-- name: VISIT_PARTY :one
-- in: person int
-- out: name text, ref text
select name, ref from person where id = $person

-- ---- who was there ----

-- name: VISIT_PEOPLE :many
-- in: visit int
-- out: person int?, name text, role text, at_site bool
select person_id as person, name, role, at_site from visit_person where visit_id = $visit order by at_site, id

-- Who of the site was there, at the visits held since a day.
-- name: VISIT_SEEN :many
-- in: site int, comp int, since text, n int
-- out: person int?, name text, day text, kind text, n int
select p.person_id as person, p.name as name, v.last_on as day, v.kind as kind, v.n as n
from visit v join visit_person p on p.visit_id = v.id
where v.study_site_id = $site and v.compartment <= $comp and v.first_on >= $since and v.held_on is not null
and p.at_site = 1
order by v.first_on desc, v.id desc, p.id limit $n

-- name: VISIT_PEOPLE_DROP :run
-- in: visit int
delete from visit_person where visit_id = $visit

-- name: VISIT_PEOPLE_ADD :run
-- in: visit int, person int?, name text, role text, at_site bool
insert into visit_person (visit_id, person_id, name, role, at_site) values ($visit, $person, $name, $role, $at_site)

-- ---- sections ----

-- name: VISIT_SECTIONS :many
-- in: visit int
-- out: ordinal int, key text, title text, hint text, mark text, text text
select ordinal, key, title, hint, mark, text from visit_section where visit_id = $visit order by ordinal

-- name: VISIT_SECTION_ADD :run
-- in: visit int, ordinal int, key text, title text, hint text
insert into visit_section (visit_id, ordinal, key, title, hint, mark, text) values ($visit, $ordinal, $key, $title, $hint, '', '')

-- name: VISIT_SECTION_SET :run
-- in: visit int, ordinal int, mark text, text text
update visit_section set mark = $mark, text = $text where visit_id = $visit and ordinal = $ordinal

-- name: VISIT_TEMPLATE :one
-- in: study int, kind text
-- out: version int, sections text, who text, reason text?, created time
select version, sections, who, reason, created from visit_template where study_id = $study and kind = $kind
order by version desc limit 1

-- name: VISIT_TEMPLATES :many
-- in: study int, kind text
-- out: version int, who text, reason text?, created time
select version, who, reason, created from visit_template where study_id = $study and kind = $kind order by version desc limit 50

-- name: VISIT_TEMPLATE_ADD :run
-- in: study int, kind text, version int, sections text, who text, reason text?, created time
insert into visit_template (study_id, kind, version, sections, who, reason, created)
values ($study, $kind, $version, $sections, $who, $reason, $created)

-- ---- findings ----

-- name: FINDING_ADD :one
-- in: ref text, study int, site int, visit int, n int, section text?, title text, weight text, owner int?, owner_role text?, owner_name text?, owner_at_site bool, due_on text?
-- out: id int
insert into finding (ref, study_id, study_site_id, visit_id, n, section, title, weight, owner_person, owner_role, owner_name,
    owner_at_site, due_on, due_id, open, ended_on)
values ($ref, $study, $site, $visit, $n, $section, $title, $weight, $owner, $owner_role, $owner_name, $owner_at_site, $due_on, null, 1, null)
returning id

-- name: FINDING_NUMBER :one
-- in: visit int
-- out: n int
select coalesce(max(n), 0) + 1 as n from finding where visit_id = $visit

-- name: FINDING_OF_VISIT :many
-- in: visit int
-- out: id int, ref text, n int, section text?, title text, weight text, owner int?, owner_role text?, owner_name text?, owner_at_site bool, due_on text?, due int?, due_ref text?, open bool
select f.id as id, f.ref as ref, f.n as n, f.section as section, f.title as title, f.weight as weight, f.owner_person as owner,
    f.owner_role as owner_role, f.owner_name as owner_name, f.owner_at_site as owner_at_site, f.due_on as due_on, f.due_id as due,
    x.ref as due_ref, f.open as open
from finding f left join commitment x on x.id = f.due_id
where f.visit_id = $visit order by f.n limit 300

-- name: FINDING_FIND :one
-- in: visit int, ref text
-- out: id int, n int, title text, weight text, owner int?, owner_name text?, due_on text?, section text?
select id, n, title, weight, owner_person as owner, owner_name, due_on, section from finding where visit_id = $visit and ref = $ref

-- name: FINDING_SET :run
-- in: id int, section text?, title text, weight text, owner int?, owner_role text?, owner_name text?, owner_at_site bool, due_on text?
update finding set section = $section, title = $title, weight = $weight, owner_person = $owner, owner_role = $owner_role,
    owner_name = $owner_name, owner_at_site = $owner_at_site, due_on = $due_on
where id = $id

-- name: FINDING_DROP :run
-- in: id int
delete from finding where id = $id

-- Findings of earlier visits that were open when this one began its report, with what it says of them.
-- name: FINDING_EARLIER :many
-- in: visit int, site int, comp int, before text
-- out: id int, ref text, n int, title text, weight text, owner_name text?, due_on text?, due int?, due_ref text?, open bool, kind text, visit_n int, first_on text, status text?, note text?
select f.id as id, f.ref as ref, f.n as n, f.title as title, f.weight as weight, f.owner_name as owner_name, f.due_on as due_on,
    f.due_id as due, x.ref as due_ref, f.open as open, v.kind as kind, v.n as visit_n, v.first_on as first_on,
    s.status as status, s.note as note
from finding f
join visit v on v.id = f.visit_id
left join commitment x on x.id = f.due_id
left join finding_seen s on s.visit_id = $visit and s.finding_id = f.id
where f.study_site_id = $site and f.visit_id <> $visit and v.compartment <= $comp and v.first_on <= $before
and (s.status is not null or (f.open = 1 and v.report = 'approved'))
order by v.first_on, f.n limit 300

-- name: FINDING_SEEN_DROP :run
-- in: visit int, finding int
delete from finding_seen where visit_id = $visit and finding_id = $finding

-- name: FINDING_SEEN_ADD :run
-- in: visit int, finding int, status text, note text?
insert into finding_seen (visit_id, finding_id, status, note) values ($visit, $finding, $status, $note)

-- name: FINDING_DUE :run
-- in: id int, due int
update finding set due_id = $due where id = $id

-- name: FINDING_END :run
-- in: id int, open bool, ended_on text?
update finding set open = $open, ended_on = $ended_on where id = $id

-- name: FINDING_OF_REF :one
-- in: ref text
-- out: id int, title text, study int, open bool
select id, title, study_id as study, open from finding where ref = $ref

-- Something that the playbook made due, by its key.
-- name: VISIT_DUE_OF_KEY :one
-- in: key text
-- out: id int, ref text, state text, due_on text?
select id, ref, state, due_on from commitment where origin_key = $key

-- name: VISIT_DUE_STATE :one
-- in: id int
-- out: ref text, state text, owing int, asking int, due_on text?, offer_on text?
select ref, state, owing_person as owing, asking_person as asking, due_on, offer_on from commitment where id = $id
