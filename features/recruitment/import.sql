-- Imports of enrolment logs, lists of sites and plans: what is there, what is written, how it is taken
-- back.

-- name: IMPORT_STUDY :one
-- in: study int
-- out: code text, means text?
select s.code as code, r.enrolled_means as means
from study s left join recruitment r on r.study_id = s.id where s.id = $study

-- name: IMPORT_SITE_ROWS :many
-- in: study int
-- out: id int, ref text, organisation int, number text?, label text?, facility text?, city text?, country text?, org_name text, placeholder bool, planned_on text?, opened_on text?, closed_on text?, goal int?, cap int?
select ss.id as id, ss.ref as ref, ss.organisation_id as organisation, ss.number as number,
       ss.label as label, ss.facility as facility, ss.city as city, ss.country as country,
       o.name as org_name, o.placeholder as placeholder, sp.planned_on as planned_on,
       sp.opened_on as opened_on, sp.closed_on as closed_on, sp.goal as goal, sp.cap as cap
from study_site ss
join organisation o on o.id = ss.organisation_id
left join site_plan sp on sp.study_site_id = ss.id
where ss.study_id = $study order by ss.id

-- name: IMPORT_SITE_SET :run
-- in: study int, site int, number text?, label text?, facility text?, city text?, country text?, sort_key text
update study_site set number = $number, label = $label, facility = $facility, city = $city,
    country = $country, sort_key = $sort_key
where study_id = $study and id = $site

-- name: IMPORT_SITE_PLAN_SET :run
-- in: study int, site int, planned_on text?, opened_on text?, closed_on text?, goal int?, cap int?
insert into site_plan (study_id, study_site_id, planned_on, opened_on, closed_on, goal, cap, import_id)
values ($study, $site, $planned_on, $opened_on, $closed_on, $goal, $cap, null)
on conflict (study_site_id) do update set planned_on = excluded.planned_on,
    opened_on = excluded.opened_on, closed_on = excluded.closed_on, goal = excluded.goal,
    cap = excluded.cap

-- name: IMPORT_SITE_PLAN_DROP :run
-- in: study int, site int
delete from site_plan where study_id = $study and study_site_id = $site
and planned_on is null and opened_on is null and closed_on is null and goal is null and cap is null

-- name: IMPORT_PAUSES :many
-- in: study int
-- out: id int, site int, from_on text, to_on text?
select id, study_site_id as site, from_on, to_on from site_pause where study_id = $study order by id

-- name: IMPORT_PAUSE_ADD :run
-- in: study int, site int, from_on text, to_on text?, import int
insert into site_pause (study_id, study_site_id, from_on, to_on, import_id)
values ($study, $site, $from_on, $to_on, $import)

-- name: IMPORT_PAUSE_SET :run
-- in: study int, id int, to_on text?
update site_pause set to_on = $to_on where study_id = $study and id = $id

-- name: IMPORT_PAUSES_DROP :run
-- in: study int, import int
delete from site_pause where study_id = $study and import_id = $import

-- name: IMPORT_SITE_USED :one
-- in: study int, site int
-- out: used bool
select (exists (select 1 from participant p where p.study_id = $study and p.study_site_id = $site)
    or exists (select 1 from site_plan sp where sp.study_id = $study and sp.study_site_id = $site)
    or exists (select 1 from site_pause sz where sz.study_id = $study and sz.study_site_id = $site)
    or exists (select 1 from study_person x where x.study_id = $study and x.study_site_id = $site)
    or exists (select 1 from tie t where t.study_id = $study and t.study_site_id = $site)) as used

-- name: IMPORT_SITE_DROP :run
-- in: study int, site int
delete from study_site where study_id = $study and id = $site

-- name: IMPORT_ORG_USED :one
-- in: organisation int
-- out: used bool
select (exists (select 1 from study_site ss where ss.organisation_id = $organisation)
    or exists (select 1 from study_organisation so where so.organisation_id = $organisation)
    or exists (select 1 from study s where s.sponsor_id = $organisation)
    or exists (select 1 from study s where s.operator_id = $organisation)
    or exists (select 1 from tie t where t.organisation_id = $organisation)
    or exists (select 1 from audience a where a.organisation_id = $organisation)) as used

-- name: IMPORT_ORG_DROP :run
-- in: organisation int
delete from organisation where id = $organisation and origin = 'tracker'

-- name: IMPORT_PARTICIPANTS :many
-- in: study int
-- out: id int, site int, code text?, screening_no text?, screened_on text?, failed_on text?, consented_on text?, enrolled_on text?, treated_on text?, evaluable_on text?, left_on text?, failed_why text?, status text
select id, study_site_id as site, code, screening_no, screened_on, failed_on, consented_on,
       enrolled_on, treated_on, evaluable_on, left_on, failed_why, status
from participant where study_id = $study order by id

-- name: IMPORT_PARTICIPANT :one
-- in: study int, id int
-- out: code text?, screening_no text?, screened_on text?, failed_on text?, consented_on text?, enrolled_on text?, treated_on text?, evaluable_on text?, left_on text?, failed_why text?, status text
select code, screening_no, screened_on, failed_on, consented_on, enrolled_on, treated_on,
       evaluable_on, left_on, failed_why, status
from participant where study_id = $study and id = $id

-- name: IMPORT_PARTICIPANT_ADD :run
-- in: study int, site int, twin int, code text?, screening_no text?, screened_on text?, failed_on text?, consented_on text?, enrolled_on text?, treated_on text?, evaluable_on text?, left_on text?, failed_why text?, status text, import int
insert into participant (study_id, study_site_id, twin, code, screening_no, screened_on, failed_on,
    consented_on, enrolled_on, treated_on, evaluable_on, left_on, failed_why, status, import_id)
values ($study, $site, $twin, $code, $screening_no, $screened_on, $failed_on, $consented_on,
    $enrolled_on, $treated_on, $evaluable_on, $left_on, $failed_why, $status, $import)

-- name: IMPORT_PARTICIPANT_SET :run
-- in: study int, id int, code text?, screening_no text?, screened_on text?, failed_on text?, consented_on text?, enrolled_on text?, treated_on text?, evaluable_on text?, left_on text?, failed_why text?, status text
update participant set code = $code, screening_no = $screening_no, screened_on = $screened_on,
    failed_on = $failed_on, consented_on = $consented_on, enrolled_on = $enrolled_on,
    treated_on = $treated_on, evaluable_on = $evaluable_on, left_on = $left_on,
    failed_why = $failed_why, status = $status
where study_id = $study and id = $id

-- name: IMPORT_PARTICIPANTS_DROP :run
-- in: study int, import int
delete from participant where study_id = $study and import_id = $import

-- name: IMPORT_PLAN_NOW :one
-- in: study int
-- out: id int, number int, import int?
select id, number, import_id as import from plan_version where study_id = $study
order by number desc limit 1

-- name: IMPORT_PLAN_POINTS :many
-- in: study int, version int
-- out: month_on text, enrolled int, openings int?
select month_on, enrolled, openings from plan_point
where study_id = $study and version_id = $version order by month_on

-- name: IMPORT_PLAN_ADD :one
-- in: study int, number int, reason text?, person int?, created time, import int
-- out: id int
insert into plan_version (study_id, number, reason, person_id, created, import_id)
values ($study, $number, $reason, $person, $created, $import)
returning id

-- name: IMPORT_PLAN_POINT_ADD :run
-- in: study int, version int, month_on text, enrolled int, openings int?
insert into plan_point (study_id, version_id, month_on, enrolled, openings)
values ($study, $version, $month_on, $enrolled, $openings)

-- name: IMPORT_PLAN_POINTS_DROP :run
-- in: study int, version int
delete from plan_point where study_id = $study and version_id = $version

-- name: IMPORT_PLAN_DROP :run
-- in: study int, version int
delete from plan_version where study_id = $study and id = $version

-- name: IMPORT_FILE_ADD :one
-- in: ref text, study int, kind text, file_name text, hash blob, n_rows int, n_new int, n_changed int, who text, at time
-- out: id int
insert into import_file (ref, study_id, kind, file_name, hash, n_rows, n_new, n_changed, who, at)
values ($ref, $study, $kind, $file_name, $hash, $n_rows, $n_new, $n_changed, $who, $at)
returning id

-- name: IMPORT_FILE :one
-- in: study int, ref text
-- out: id int, kind text, file_name text, n_rows int, n_new int, n_changed int, who text, at time, taken_back time?
select id, kind, file_name, n_rows, n_new, n_changed, who, at, taken_back
from import_file where study_id = $study and ref = $ref

-- name: IMPORT_FILE_NEWEST :one
-- in: study int, kind text
-- out: id int
select id from import_file where study_id = $study and kind = $kind and taken_back is null
order by id desc limit 1

-- name: IMPORT_FILE_BACK :run
-- in: study int, id int, at time, reason text?
update import_file set taken_back = $at, taken_back_reason = $reason
where study_id = $study and id = $id

-- name: IMPORT_FILES :many
-- in: study int, after_id int?, n int
-- out: id int, ref text, kind text, file_name text, n_rows int, n_new int, n_changed int, who text, at time, taken_back time?, taken_back_reason text?
-- order: newest = f.id desc
-- when: after_id
select f.id as id, f.ref as ref, f.kind as kind, f.file_name as file_name, f.n_rows as n_rows,
       f.n_new as n_new, f.n_changed as n_changed, f.who as who, f.at as at,
       f.taken_back as taken_back, f.taken_back_reason as taken_back_reason
from import_file f where f.study_id = $study
[[when after_id]] and @after [[end]]
order by @order limit $n

-- name: IMPORT_CHANGE_ADD :run
-- in: study int, import int, kind text, thing int, field text, old text?, new_value text?
insert into import_change (study_id, import_id, kind, thing_id, field, old_value, new_value)
values ($study, $import, $kind, $thing, $field, $old, $new_value)

-- name: IMPORT_CHANGES :many
-- in: study int, import int, after int
-- out: id int, kind text, thing int, field text, old text?, new_value text?
select id, kind, thing_id as thing, field, old_value as old, new_value
from import_change where study_id = $study and import_id = $import and id > $after
order by id limit 5000

-- name: IMPORT_DRAFT_ADD :run
-- in: ref text, study int, person int, kind text, file_name text, data blob, created time
insert into import_draft (ref, study_id, person_id, kind, file_name, data, created)
values ($ref, $study, $person, $kind, $file_name, $data, $created)

-- name: IMPORT_DRAFT :one
-- in: study int, person int, ref text
-- out: id int, kind text, file_name text, data blob
select id, kind, file_name, data from import_draft
where study_id = $study and person_id = $person and ref = $ref

-- name: IMPORT_DRAFT_DROP :run
-- in: study int, person int, ref text
delete from import_draft where study_id = $study and person_id = $person and ref = $ref

-- name: IMPORT_DRAFTS_OLD :run
-- in: before time
delete from import_draft where created < $before

-- name: IMPORT_DRAFTS :many
-- in: study int, person int
-- out: ref text, kind text, file_name text, created time
select ref, kind, file_name, created from import_draft
where study_id = $study and person_id = $person order by id desc limit 20
