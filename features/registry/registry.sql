-- What an import writes into the tables of studies, and the operator's report.

-- name: REGISTRY_ARM_ADD :run
-- in: study int, ordinal int, label text?, type text?, description text?, interventions text?
insert into study_arm (study_id, ordinal, label, type, description, interventions)
values ($study, $ordinal, $label, $type, $description, $interventions)

-- name: REGISTRY_INTERVENTION_ADD :run
-- in: study int, ordinal int, type text?, name text?, description text?, arms text?, other_names text?
insert into study_intervention (study_id, ordinal, type, name, description, arms, other_names)
values ($study, $ordinal, $type, $name, $description, $arms, $other_names)

-- name: REGISTRY_OUTCOME_ADD :run
-- in: study int, kind text, ordinal int, measure text?, description text?, time_frame text?
insert into study_outcome (study_id, kind, ordinal, measure, description, time_frame)
values ($study, $kind, $ordinal, $measure, $description, $time_frame)

-- name: REGISTRY_ELIGIBILITY_ADD :run
-- in: study int, criteria text?, sex text?, minimum_age text?, maximum_age text?, minimum_days int?, maximum_days int?, age_groups text?, healthy text?, gender_based text?, gender text?, sampling text?, population text?
insert into study_eligibility (study_id, criteria, sex, minimum_age, maximum_age, minimum_days,
    maximum_days, age_groups, healthy_volunteers, gender_based, gender_description, sampling_method,
    population)
values ($study, $criteria, $sex, $minimum_age, $maximum_age, $minimum_days, $maximum_days,
    $age_groups, $healthy, $gender_based, $gender, $sampling, $population)

-- name: REGISTRY_DOCUMENT_ADD :run
-- in: study int, ordinal int, kind text, type text?, label text?, url text?, holds text?, dated text?, note text?
insert into study_document (study_id, ordinal, kind, type, label, url, holds, dated, note)
values ($study, $ordinal, $kind, $type, $label, $url, $holds, $dated, $note)

-- name: REGISTRY_UNKNOWN_ADD :run
-- in: study int, ordinal int, path text, value text?, times int
insert into study_unknown (study_id, ordinal, path, value, times)
values ($study, $ordinal, $path, $value, $times)

-- name: REGISTRY_REPORT :many
-- out: code text, title text, status text?, type text?, phases text?, enrolment int?, enrolment_type text?, start_on text?, primary_on text?, completion_on text?, updated_on text?, sponsor text?, sponsor_class text?, collaborators int, conditions int, arms int, interventions int, primary_outcomes int, secondary_outcomes int, central_contacts int, officials int, locations int, with_point int, with_status int, location_contacts int, countries int, has_results bool
select s.code as code,
  case when exists (select 1 from study_fact b where b.study_id = s.id and b.name = 'brief_title') then '' else s.title end as title,
  s.status as status, s.study_type as type, s.phases as phases,
  s.enrolment as enrolment, s.enrolment_type as enrolment_type,
  (select d.value from study_date d where d.study_id = s.id and d.kind = 'start') as start_on,
  (select d.value from study_date d where d.study_id = s.id and d.kind = 'primary_completion') as primary_on,
  (select d.value from study_date d where d.study_id = s.id and d.kind = 'completion') as completion_on,
  (select d.value from study_date d where d.study_id = s.id and d.kind = 'last_update_post') as updated_on,
  s.sponsor_name as sponsor, s.sponsor_class as sponsor_class,
  (select count(*) from study_organisation o where o.study_id = s.id and o.role = 'collaborator') as collaborators,
  (select count(*) from study_term t where t.study_id = s.id and t.kind = 'condition') as conditions,
  (select count(*) from study_arm a where a.study_id = s.id) as arms,
  (select count(*) from study_intervention i where i.study_id = s.id) as interventions,
  (select count(*) from study_outcome p where p.study_id = s.id and p.kind = 'primary') as primary_outcomes,
  (select count(*) from study_outcome q where q.study_id = s.id and q.kind = 'secondary') as secondary_outcomes,
  (select count(*) from study_person c where c.study_id = s.id and c.kind = 'central_contact') as central_contacts,
  (select count(*) from study_person f where f.study_id = s.id and f.kind = 'official') as officials,
  (select count(*) from study_site l where l.study_id = s.id and l.origin = 'registry') as locations,
  (select count(*) from study_site m where m.study_id = s.id and m.origin = 'registry' and m.latitude is not null) as with_point,
  (select count(*) from study_site n where n.study_id = s.id and n.origin = 'registry' and n.status is not null) as with_status,
  (select count(*) from study_person k where k.study_id = s.id and k.kind = 'contact') as location_contacts,
  (select count(distinct z.country_stated) from study_site z where z.study_id = s.id and z.origin = 'registry') as countries,
  s.has_results as has_results
from study s where s.origin = 'registry' order by s.code
