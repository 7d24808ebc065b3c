-- Targets, plan, openings and enrolment, as the forecast and its page read them.

-- name: RECRUIT_TARGETS :one
-- in: study int
-- out: means text, target int?, deadline text?, failure_planned real?
select enrolled_means as means, target, deadline, screen_failure_planned as failure_planned
from recruitment where study_id = $study

-- name: RECRUIT_TARGETS_SET :run
-- in: study int, means text, target int?, deadline text?, failure_planned real?
insert into recruitment (study_id, enrolled_means, target, deadline, screen_failure_planned)
values ($study, $means, $target, $deadline, $failure_planned)
on conflict (study_id) do update set enrolled_means = excluded.enrolled_means,
    target = excluded.target, deadline = excluded.deadline,
    screen_failure_planned = excluded.screen_failure_planned

-- name: RECRUIT_SITES :many
-- in: study int
-- out: id int, ref text, number text?, label text?, facility text?, organisation text, placeholder bool, city text?, country text?, planned_on text?, opened_on text?, closed_on text?, goal int?, cap int?
select ss.id as id, ss.ref as ref, ss.number as number, ss.label as label, ss.facility as facility,
       o.name as organisation, o.placeholder as placeholder, ss.city as city, ss.country as country,
       sp.planned_on as planned_on, sp.opened_on as opened_on, sp.closed_on as closed_on,
       sp.goal as goal, sp.cap as cap
from study_site ss
join organisation o on o.id = ss.organisation_id
left join site_plan sp on sp.study_site_id = ss.id
where ss.study_id = $study and (sp.study_site_id is not null
    or exists (select 1 from participant p where p.study_id = ss.study_id and p.study_site_id = ss.id))
order by ss.sort_key, ss.id

-- name: RECRUIT_PAUSES :many
-- in: study int
-- out: site int, from_on text, to_on text?
select study_site_id as site, from_on, to_on from site_pause where study_id = $study
order by study_site_id, from_on

-- name: RECRUIT_PARTICIPANTS :many
-- in: study int
-- out: site int, screened_on text?, failed_on text?, consented_on text?, enrolled_on text?, treated_on text?, evaluable_on text?, left_on text?
select study_site_id as site, screened_on, failed_on, consented_on, enrolled_on, treated_on,
       evaluable_on, left_on
from participant where study_id = $study
order by study_site_id, enrolled_on, id

-- name: RECRUIT_OF_SITE :many
-- in: study int, site int, today text
-- out: code text?, screened_on text?, failed_on text?, failed_why text?, enrolled_on text?, left_on text?, status text
select code, screened_on, failed_on, failed_why, enrolled_on, left_on, status
from participant where study_id = $study and study_site_id = $site
  and coalesce(screened_on, enrolled_on, failed_on, left_on, '') <= $today
order by enrolled_on desc, code, id limit 500

-- name: RECRUIT_PLAN_NOW :one
-- in: study int
-- out: id int, number int, reason text?, created time
select id, number, reason, created from plan_version where study_id = $study
order by number desc limit 1

-- name: RECRUIT_PLAN_VERSIONS :many
-- in: study int
-- out: id int, number int, reason text?, created time, who text?
select v.id as id, v.number as number, v.reason as reason, v.created as created, p.name as who
from plan_version v left join person p on p.id = v.person_id
where v.study_id = $study order by v.number limit 200

-- name: RECRUIT_PLAN_POINTS :many
-- in: study int, version int
-- out: month_on text, enrolled int, openings int?
select month_on, enrolled, openings from plan_point
where study_id = $study and version_id = $version order by month_on

-- name: RECRUIT_PLAN_ADD :one
-- in: study int, number int, reason text?, person int?, created time
-- out: id int
insert into plan_version (study_id, number, reason, person_id, created, import_id)
values ($study, $number, $reason, $person, $created, null)
returning id

-- name: RECRUIT_PLAN_POINT_ADD :run
-- in: study int, version int, month_on text, enrolled int, openings int?
insert into plan_point (study_id, version_id, month_on, enrolled, openings)
values ($study, $version, $month_on, $enrolled, $openings)

-- name: RECRUIT_SITE_PLAN :one
-- in: study int, site int
-- out: planned_on text?, opened_on text?, closed_on text?, goal int?, cap int?
select planned_on, opened_on, closed_on, goal, cap from site_plan
where study_id = $study and study_site_id = $site

-- name: RECRUIT_SITE_PLAN_SET :run
-- in: study int, site int, planned_on text?, opened_on text?, closed_on text?, goal int?, cap int?
insert into site_plan (study_id, study_site_id, planned_on, opened_on, closed_on, goal, cap, import_id)
values ($study, $site, $planned_on, $opened_on, $closed_on, $goal, $cap, null)
on conflict (study_site_id) do update set planned_on = excluded.planned_on,
    opened_on = excluded.opened_on, closed_on = excluded.closed_on, goal = excluded.goal,
    cap = excluded.cap

-- name: RECRUIT_SITE_PAUSES :many
-- in: study int, site int
-- out: id int, from_on text, to_on text?
select id, from_on, to_on from site_pause where study_id = $study and study_site_id = $site
order by from_on

-- name: RECRUIT_PAUSE_ADD :run
-- in: study int, site int, from_on text, to_on text?
insert into site_pause (study_id, study_site_id, from_on, to_on, import_id)
values ($study, $site, $from_on, $to_on, null)
