-- Queries of studies and their sites.

-- name: STUDY_NAMED :many
-- in: code text
-- out: id int, ref text, title text, operator int?
select id, ref, title, operator_id as operator from study
where ref = $code or code = $code
order by id limit 1000

-- name: STUDY_MANAGED :one
-- in: study int, person int, today text
-- out: id int
select id from tie
where study_id = $study and person_id = $person and role = 'study_manager'
and from_on <= $today and (to_on is null or to_on >= $today)
order by id limit 1

-- name: STUDY_THING :one
-- in: id int
-- out: id int, ref text, code text, title text, sponsor int?, operator int?, comp int
select id, ref, code, title, sponsor_id as sponsor, operator_id as operator, compartment as comp
from study where id = $id

-- name: STUDY_BRIEFS :many
-- in: ids int[]
-- out: id int, code text, title text, acronym text?, sponsor int?, operator int?, comp int
select id, code, title, acronym, sponsor_id as sponsor, operator_id as operator, compartment as comp
from study where @in(id, ids)
order by id

-- name: STUDY_ADD :one
-- in: ref text, code text, title text, official_title text?, acronym text?, status text?, study_type text?, phases text?, enrolment int?, enrolment_type text?, has_results bool, sponsor int?, sponsor_name text?, sponsor_class text?, operator int?, summary text?, description text?, title_key text, start_key text, updated_key text, size_key text, find_fold text, origin text, created time
-- out: id int
insert into study (ref, code, title, official_title, acronym, status, study_type, phases, enrolment,
    enrolment_type, has_results, sponsor_id, sponsor_name, sponsor_class, operator_id, summary,
    description, n_sites, n_countries, compartment, title_key, start_key, updated_key, size_key,
    find_fold, origin, created)
values ($ref, $code, $title, $official_title, $acronym, $status, $study_type, $phases, $enrolment,
    $enrolment_type, $has_results, $sponsor, $sponsor_name, $sponsor_class, $operator, $summary,
    $description, 0, 0, 0, $title_key, $start_key, $updated_key, $size_key, $find_fold, $origin, $created)
returning id

-- name: STUDY_GET :one
-- in: id int
-- out: id int, ref text, code text, title text, official_title text?, acronym text?, status text?, study_type text?, phases text?, enrolment int?, enrolment_type text?, has_results bool, sponsor int?, sponsor_name text?, sponsor_class text?, sponsor_ref text?, operator int?, summary text?, description text?, n_sites int, n_countries int, origin text, created time
select s.id as id, s.ref as ref, s.code as code, s.title as title, s.official_title as official_title,
       s.acronym as acronym, s.status as status, s.study_type as study_type, s.phases as phases,
       s.enrolment as enrolment, s.enrolment_type as enrolment_type, s.has_results as has_results,
       s.sponsor_id as sponsor, s.sponsor_name as sponsor_name, s.sponsor_class as sponsor_class,
       o.ref as sponsor_ref, s.operator_id as operator, s.summary as summary,
       s.description as description, s.n_sites as n_sites, s.n_countries as n_countries,
       s.origin as origin, s.created as created
from study s left join organisation o on o.id = s.sponsor_id
where s.id = $id

-- name: STUDY_EDIT :run
-- in: id int, title text, official_title text?, acronym text?, status text?, phases text?, summary text?, description text?, enrolment int?, enrolment_type text?, title_key text, size_key text, find_fold text
update study set title = $title, official_title = $official_title, acronym = $acronym,
    status = $status, phases = $phases, summary = $summary, description = $description,
    enrolment = $enrolment, enrolment_type = $enrolment_type, title_key = $title_key,
    size_key = $size_key, find_fold = $find_fold
where id = $id

-- name: STUDY_START_KEY :run
-- in: id int, start_key text
update study set start_key = $start_key where id = $id

-- name: STUDY_COUNT_SITES :run
-- in: id int
update study set
    n_sites = (select count(*) from study_site ss where ss.study_id = study.id),
    n_countries = (select count(*) from study_country sc where sc.study_id = study.id)
where id = $id

-- name: STUDY_COUNTRY_DROP :run
-- in: study int
delete from study_country where study_id = $study

-- name: STUDY_COUNTRY_FILL :run
-- in: study int
insert into study_country (study_id, country, sites)
select ss.study_id, ss.country, count(*) from study_site ss
where ss.study_id = $study and ss.country is not null
group by ss.study_id, ss.country

-- name: STUDY_COUNTRIES :many
-- in: study int
-- out: country text, sites int
select country, sites from study_country where study_id = $study order by sites desc, country

-- name: STUDY_KEYS :one
-- in: id int
-- out: code text, status text?, phases text?, sponsor int?, sponsor_name text?, sponsor_class text?, operator int?, title text, official_title text?, acronym text?, title_key text, start_key text, updated_key text, size_key text
select code, status, phases, sponsor_id as sponsor, sponsor_name, sponsor_class,
       operator_id as operator, title, official_title, acronym, title_key, start_key, updated_key,
       size_key
from study where id = $id

-- name: STUDY_FACET_DROP :run
-- in: study int
delete from study_facet where study_id = $study

-- name: STUDY_FACET_ADD :run
-- in: study int, facet text
insert into study_facet (study_id, facet) values ($study, $facet)
on conflict (study_id, facet) do nothing

-- name: STUDY_FACETS :many
-- in: study int
-- out: facet text
select facet from study_facet where study_id = $study order by facet

-- name: STUDY_LIST_OLD :many
-- in: study int, audience int
-- out: facet text
select facet from study_list where study_id = $study and audience_id = $audience order by facet

-- name: STUDY_LIST_DROP :run
-- in: study int, audience int
delete from study_list where study_id = $study and audience_id = $audience

-- name: STUDY_LIST_ADD :run
-- in: audience int, facet text, study int, title_key text, start_key text, updated_key text, size_key text, sieve_a int, sieve_b int
insert into study_list (audience_id, facet, study_id, title_key, start_key, updated_key, size_key, sieve_a, sieve_b)
values ($audience, $facet, $study, $title_key, $start_key, $updated_key, $size_key, $sieve_a, $sieve_b)

-- name: STUDY_PARTY_DROP :run
-- in: study int, audience int
delete from study_party where study_id = $study and audience_id = $audience

-- name: STUDY_PARTY_FILL :run
-- in: study int, audience int
insert into study_party (audience_id, part, party_id, updated_key, thing_id, study_id)
select a.organisation_id, 'sponsored', so.organisation_id, s.updated_key, s.id, s.id
from audience a, study s join study_organisation so on so.study_id = s.id
where a.organisation_id = $audience and s.id = $study
union
select b.organisation_id, 'site', ss.organisation_id, t.updated_key, ss.id, t.id
from audience b, study t join study_site ss on ss.study_id = t.id
where b.organisation_id = $audience and t.id = $study
union
select d.organisation_id, 'named', sp.person_id, u.updated_key, sp.id, u.id
from audience d, study u join study_person sp on sp.study_id = u.id
where d.organisation_id = $audience and u.id = $study

-- name: STUDY_TOTAL_ADD :run
-- in: audience int, facet text, n int
insert into study_total (audience_id, facet, n) values ($audience, $facet, $n)
on conflict (audience_id, facet) do update set n = study_total.n + excluded.n

-- name: STUDY_TOTALS :many
-- in: audience int
-- out: facet text, n int
select facet, n from study_total where audience_id = $audience and n > 0 order by facet

-- name: STUDY_TOTAL :one
-- in: audience int, facet text
-- out: n int
select n from study_total where audience_id = $audience and facet = $facet

-- name: STUDY_PORTFOLIO :many
-- in: audience int, facet text, f2 text?, f3 text?, f4 text?, sieve_a int, sieve_b int, after text?, after_id int?, n int
-- out: id int
-- order: title = l.title_key asc, l.study_id asc
-- order: updated = l.updated_key desc, l.study_id desc
-- order: start = l.start_key desc, l.study_id desc
-- order: size = l.size_key desc, l.study_id desc
-- when: f2, f3, f4, after
select l.study_id as id
from study_list l
where l.audience_id = $audience and l.facet = $facet
and (l.sieve_a & $sieve_a) = $sieve_a and (l.sieve_b & $sieve_b) = $sieve_b
[[when f2]] and exists (select 1 from study_facet x where x.study_id = l.study_id and x.facet = $f2) [[end]]
[[when f3]] and exists (select 1 from study_facet y where y.study_id = l.study_id and y.facet = $f3) [[end]]
[[when f4]] and exists (select 1 from study_facet z where z.study_id = l.study_id and z.facet = $f4) [[end]]
[[when after]] and @after [[end]]
order by @order limit $n

-- name: STUDY_ROWS :many
-- in: ids int[]
-- out: id int, ref text, code text, title text, acronym text?, status text?, phases text?, enrolment int?, enrolment_type text?, sponsor_name text?, sponsor_class text?, n_sites int, n_countries int, start_key text, updated_key text, title_key text, size_key text
select id, ref, code, title, acronym, status, phases, enrolment, enrolment_type, sponsor_name,
       sponsor_class, n_sites, n_countries, start_key, updated_key, title_key, size_key
from study where @in(id, ids)
order by id

-- name: STUDY_WITH_FACET :many
-- in: ids int[], facet text
-- out: id int
select study_id as id from study_facet where @in(study_id, ids) and facet = $facet
order by study_id

-- name: STUDY_FACETS_OF :many
-- in: ids int[]
-- out: facet text, n int
select facet, count(*) as n from study_facet where @in(study_id, ids)
group by facet order by facet

-- name: STUDY_FIND_AMONG :many
-- in: ids int[], word_fold text
-- out: id int
select id from study where @in(id, ids) and find_fold like $word_fold
order by id limit 1000

-- name: STUDY_OF_SPONSOR :many
-- in: organisation int, after int
-- out: id int
select s.id as id from study s
where (s.sponsor_id = $organisation or s.operator_id = $organisation) and s.id > $after
order by s.id limit 500

-- name: STUDY_FACTS :many
-- in: study int
-- out: name text, value text
select name, value from study_fact where study_id = $study order by name

-- name: STUDY_FACT_SET :run
-- in: study int, name text, value text
insert into study_fact (study_id, name, value) values ($study, $name, $value)
on conflict (study_id, name) do update set value = excluded.value

-- name: STUDY_DATES :many
-- in: study int
-- out: kind text, value text, type text?
select kind, value, type from study_date where study_id = $study order by value, kind

-- name: STUDY_DATE_SET :run
-- in: study int, kind text, value text, type text?
insert into study_date (study_id, kind, value, type) values ($study, $kind, $value, $type)
on conflict (study_id, kind) do update set value = excluded.value, type = excluded.type

-- name: STUDY_DATE_DROP :run
-- in: study int, kind text
delete from study_date where study_id = $study and kind = $kind

-- name: STUDY_TERMS :many
-- in: study int
-- out: kind text, term text, code text?
select kind, term, code from study_term where study_id = $study order by kind, ordinal

-- name: STUDY_TERM_ADD :run
-- in: study int, kind text, ordinal int, term text, code text?
insert into study_term (study_id, kind, ordinal, term, code)
values ($study, $kind, $ordinal, $term, $code)

-- name: STUDY_TERM_DROP :run
-- in: study int, kind text
delete from study_term where study_id = $study and kind = $kind

-- name: STUDY_IDENTIFIERS :many
-- in: study int
-- out: value text, kind text, type text?, domain text?, link text?
select value, kind, type, domain, link from study_identifier where study_id = $study order by ordinal

-- name: STUDY_IDENTIFIER_ADD :run
-- in: study int, ordinal int, value text, kind text, type text?, domain text?, link text?
insert into study_identifier (study_id, ordinal, value, kind, type, domain, link)
values ($study, $ordinal, $value, $kind, $type, $domain, $link)

-- name: STUDY_ARMS :many
-- in: study int
-- out: ordinal int, label text?, type text?, description text?, interventions text?
select ordinal, label, type, description, interventions from study_arm where study_id = $study order by ordinal

-- name: STUDY_ARM_SET :run
-- in: study int, ordinal int, label text?, type text?, description text?
insert into study_arm (study_id, ordinal, label, type, description)
values ($study, $ordinal, $label, $type, $description)
on conflict (study_id, ordinal) do update set label = excluded.label, type = excluded.type,
    description = excluded.description

-- name: STUDY_ARM_DROP :run
-- in: study int, ordinal int
delete from study_arm where study_id = $study and ordinal = $ordinal

-- name: STUDY_INTERVENTIONS :many
-- in: study int
-- out: type text?, name text?, description text?, arms text?, other_names text?
select type, name, description, arms, other_names from study_intervention where study_id = $study
order by ordinal

-- name: STUDY_OUTCOMES :many
-- in: study int
-- out: kind text, measure text?, description text?, time_frame text?
select kind, measure, description, time_frame from study_outcome where study_id = $study
order by kind, ordinal

-- name: STUDY_ELIGIBILITY :one
-- in: study int
-- out: criteria text?, sex text?, minimum_age text?, maximum_age text?, age_groups text?, healthy_volunteers text?, gender_based text?, gender_description text?, sampling_method text?, population text?
select criteria, sex, minimum_age, maximum_age, age_groups, healthy_volunteers, gender_based,
       gender_description, sampling_method, population
from study_eligibility where study_id = $study

-- name: STUDY_ELIGIBILITY_SET :run
-- in: study int, criteria text?, sex text?, minimum_age text?, maximum_age text?, minimum_days int?, maximum_days int?, healthy text?
insert into study_eligibility (study_id, criteria, sex, minimum_age, maximum_age, minimum_days,
    maximum_days, healthy_volunteers)
values ($study, $criteria, $sex, $minimum_age, $maximum_age, $minimum_days, $maximum_days, $healthy)
on conflict (study_id) do update set criteria = excluded.criteria, sex = excluded.sex,
    minimum_age = excluded.minimum_age, maximum_age = excluded.maximum_age,
    minimum_days = excluded.minimum_days, maximum_days = excluded.maximum_days,
    healthy_volunteers = excluded.healthy_volunteers

-- name: STUDY_ORGANISATIONS :many
-- in: study int
-- out: role text, name text, class text?, organisation int, ref text
select so.role as role, so.name as name, so.class as class, so.organisation_id as organisation, o.ref as ref
from study_organisation so join organisation o on o.id = so.organisation_id
where so.study_id = $study order by so.role desc, so.ordinal

-- name: STUDY_ORGANISATION_ADD :run
-- in: study int, role text, ordinal int, organisation int, name text, class text?
insert into study_organisation (study_id, role, ordinal, organisation_id, name, class)
values ($study, $role, $ordinal, $organisation, $name, $class)

-- name: STUDY_DOCUMENTS :many
-- in: study int
-- out: kind text, type text?, label text?, url text?, holds text?, dated text?, note text?
select kind, type, label, url, holds, dated, note from study_document where study_id = $study
order by ordinal

-- name: STUDY_UNKNOWNS :many
-- in: study int
-- out: path text, value text?, times int
select path, value, times from study_unknown where study_id = $study order by ordinal

-- name: STUDY_PEOPLE :many
-- in: study int
-- out: kind text, study_site int?, site_ref text?, person int, ref text, name text, stated text?, role text?, title text?, affiliation text?, desk bool
select sp.kind as kind, sp.study_site_id as study_site, ss.ref as site_ref, sp.person_id as person,
       p.ref as ref, p.name as name, sp.name as stated, sp.role as role, sp.title as title,
       sp.affiliation as affiliation, p.desk as desk
from study_person sp
join person p on p.id = sp.person_id
left join study_site ss on ss.id = sp.study_site_id
where sp.study_id = $study and sp.study_site_id is null
order by sp.kind, sp.ordinal, sp.id limit 2000

-- name: STUDY_SITE_PEOPLE :many
-- in: study int, site int
-- out: kind text, person int, ref text, name text, stated text?, role text?, desk bool
select sp.kind as kind, sp.person_id as person, p.ref as ref, p.name as name, sp.name as stated,
       sp.role as role, p.desk as desk
from study_person sp join person p on p.id = sp.person_id
where sp.study_id = $study and sp.study_site_id = $site
order by sp.kind, sp.ordinal, sp.id limit 500

-- name: STUDY_PERSON_ADD :one
-- in: study int, site int?, person int, kind text, ordinal int, name text?, role text?, title text?, affiliation text?
-- out: id int
insert into study_person (study_id, study_site_id, person_id, kind, ordinal, name, role, title, affiliation)
values ($study, $site, $person, $kind, $ordinal, $name, $role, $title, $affiliation)
returning id

-- name: STUDY_SOURCES :many
-- in: study int
-- out: id int, source text, version text?, file_name text?, received time, applied bool
select id, source, version, file_name, received, applied from study_source
where study_id = $study order by id desc limit 100

-- name: STUDY_SOURCE :one
-- in: study int, id int
-- out: id int, source text, version text?, received time, applied bool, sealed blob
select id, source, version, received, applied, sealed from study_source
where study_id = $study and id = $id

-- name: STUDY_SOURCE_APPLIED :one
-- in: study int
-- out: id int, version text?
select id, version from study_source where study_id = $study and applied = 1 order by id desc limit 1

-- How many records of the registry are kept beside what is shown, and what the newest of them says.
-- name: STUDY_SOURCE_BESIDE :one
-- in: study int
-- out: n int, version text?
select count(*) as n, max(version) as version from study_source where study_id = $study and applied = 0

-- name: STUDY_SOURCE_KNOWN :one
-- in: study int, hash blob
-- out: id int, applied bool
select id, applied from study_source where study_id = $study and hash = $hash

-- name: STUDY_SOURCE_ADD :run
-- in: study int, source text, hash blob, version text?, file_name text?, received time, applied bool, sealed blob
insert into study_source (study_id, source, hash, version, file_name, received, applied, sealed)
values ($study, $source, $hash, $version, $file_name, $received, $applied, $sealed)

-- name: SITE_ADD :one
-- in: ref text, study int, organisation int, number text?, label text?, facility text?, city text?, state text?, zip text?, country text?, country_stated text?, ordinal int, latitude real?, longitude real?, status text?, sort_key text, origin text, created time
-- out: id int
insert into study_site (ref, study_id, organisation_id, number, label, facility, city, state, zip,
    country, country_stated, ordinal, latitude, longitude, status, sort_key, origin, compartment, created)
values ($ref, $study, $organisation, $number, $label, $facility, $city, $state, $zip, $country,
    $country_stated, $ordinal, $latitude, $longitude, $status, $sort_key, $origin, 0, $created)
returning id

-- name: SITE_FIND :one
-- in: study int, code text
-- out: id int
select id from study_site where study_id = $study and ref = $code

-- name: SITE_NUMBERED :one
-- in: study int, number text
-- out: id int
select id from study_site where study_id = $study and (number = $number or ref = $number)
order by id limit 1

-- name: SITE_GET :one
-- in: study int, id int
-- out: id int, ref text, number text?, label text?, facility text?, city text?, state text?, zip text?, country text?, country_stated text?, status text?, organisation int, organisation_ref text, organisation_name text, placeholder bool, latitude real?, longitude real?, origin text
select ss.id as id, ss.ref as ref, ss.number as number, ss.label as label, ss.facility as facility,
       ss.city as city, ss.state as state, ss.zip as zip, ss.country as country, ss.country_stated as country_stated, ss.status as status,
       ss.organisation_id as organisation, o.ref as organisation_ref, o.name as organisation_name,
       o.placeholder as placeholder, ss.latitude as latitude, ss.longitude as longitude, ss.origin as origin
from study_site ss join organisation o on o.id = ss.organisation_id
where ss.study_id = $study and ss.id = $id

-- name: SITE_BRIEFS :many
-- in: study int, ids int[]
-- out: id int, ref text, number text?, label text?, facility text?, city text?, organisation_name text, placeholder bool
select ss.id as id, ss.ref as ref, ss.number as number, ss.label as label, ss.facility as facility,
       ss.city as city, o.name as organisation_name, o.placeholder as placeholder
from study_site ss join organisation o on o.id = ss.organisation_id
where ss.study_id = $study and @in(ss.id, ids)
order by ss.sort_key, ss.id

-- name: SITE_LIST :many
-- in: study int, country text?, after text?, after_id int?, n int
-- out: id int, ref text, number text?, label text?, facility text?, city text?, country text?, country_stated text?, status text?, organisation_ref text, organisation_name text, placeholder bool, sort_key text
-- order: name = ss.sort_key asc, ss.id asc
-- when: country, after
select ss.id as id, ss.ref as ref, ss.number as number, ss.label as label, ss.facility as facility,
       ss.city as city, ss.country as country, ss.country_stated as country_stated, ss.status as status,
       o.ref as organisation_ref, o.name as organisation_name, o.placeholder as placeholder, ss.sort_key as sort_key
from study_site ss join organisation o on o.id = ss.organisation_id
where ss.study_id = $study
[[when country]] and ss.country = $country [[end]]
[[when after]] and @after [[end]]
order by @order limit $n

-- name: SITE_EDIT :run
-- in: study int, id int, number text?, status text?, label text?, sort_key text
update study_site set number = $number, status = $status, label = $label, sort_key = $sort_key
where study_id = $study and id = $id

-- name: SITE_ALL :many
-- in: study int
-- out: id int, ref text, number text?, label text?, facility text?, city text?, country text?, organisation_name text, placeholder bool, ordinal int
select ss.id as id, ss.ref as ref, ss.number as number, ss.label as label, ss.facility as facility,
       ss.city as city, ss.country as country, o.name as organisation_name,
       o.placeholder as placeholder, ss.ordinal as ordinal
from study_site ss join organisation o on o.id = ss.organisation_id
where ss.study_id = $study order by ss.sort_key, ss.id

-- name: STUDY_PARTY_ORGS :many
-- in: study int, audience int
-- out: id int, name text, city text?
select o.id as id, o.name as name, o.city as city
from organisation o
where o.placeholder = 0
and (o.id in (select ss.organisation_id from study_site ss where ss.study_id = $study)
     or o.id in (select so.organisation_id from study_organisation so where so.study_id = $study))
and not exists (select 1 from search_word w where w.audience_id = $audience
                and w.kind = 'organisation' and w.thing_id = o.id)
order by o.id

-- name: STUDY_PARTY_PEOPLE :many
-- in: study int, audience int
-- out: id int, name text, affiliation text?
select p.id as id, p.name as name, p.affiliation as affiliation
from person p
where p.desk = 0
and p.id in (select sp.person_id from study_person sp where sp.study_id = $study)
and not exists (select 1 from search_word w where w.audience_id = $audience
                and w.kind = 'person' and w.thing_id = p.id)
order by p.id
