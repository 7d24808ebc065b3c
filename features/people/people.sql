-- Queries of organisations and people: the pages, the lists, and what a person may see of them.
--
-- What may be seen comes as numbers (struct sight): studies of `audiences` (sponsor or operator) with
-- everything in them; `studies` with their public part; `whole`: studies all of whose sites are
-- read; `sites`: single sites of other studies; `team`: studies whose roles are read.

-- name: PEOPLE_ORG :one
-- in: ref text
-- out: id int, ref text, name text, kind text?, class text?, city text?, state text?, zip text?, country text?, placeholder bool, origin text, join_key text?
select id, ref, name, kind, class, city, state, zip, country, placeholder, origin, join_key
from organisation where ref = $ref

-- name: PEOPLE_ORG_NAMED :one
-- in: org int, me int, studies int[], whole int[], sites int[]
-- out: id int
select o.id as id from organisation o
where o.id = $org and o.placeholder = 0
and (exists (select 1 from study_organisation so
             where so.organisation_id = o.id and @in(so.study_id, studies))
     or exists (select 1 from study_site ss where ss.organisation_id = o.id and @in(ss.study_id, whole))
     or exists (select 1 from study_site sx where sx.organisation_id = o.id
                and @in(sx.study_id, studies) and @in(sx.id, sites))
     or exists (select 1 from study s where @in(s.id, studies)
                and (s.sponsor_id = o.id or s.operator_id = o.id))
     or exists (select 1 from tie t where t.person_id = $me and t.organisation_id = o.id))

-- name: PEOPLE_PERSON :one
-- in: ref text
-- out: id int, ref text, name text, affiliation text?, desk bool, origin text, join_key text?
select id, ref, name, affiliation, desk, origin, join_key from person where ref = $ref

-- name: PEOPLE_PERSON_NAMED :one
-- in: person int, me int, audiences int[], studies int[], whole int[], sites int[], team int[]
-- out: id int
select p.id as id from person p
where p.id = $person and p.desk = 0
and (exists (select 1 from study_person sp where sp.person_id = p.id and @in(sp.study_id, studies)
             and (sp.study_site_id is null or @in(sp.study_id, whole)
                  or @in(sp.study_site_id, sites)))
     or exists (select 1 from tie t left join study s on s.id = t.study_id
                where t.person_id = p.id
                and (@in(t.study_id, team) or @in(t.organisation_id, audiences)
                     or @in(s.sponsor_id, audiences) or @in(s.operator_id, audiences)
                     or t.other_person_id = $me))
     or exists (select 1 from tie own where own.person_id = $me and own.other_person_id = p.id))

-- What is listed of a party for an audience, and what the studies of the ties hold of it: parts.c
-- merges both.
-- name: PEOPLE_PARTS :many
-- in: audience int, part text, party int, after text?, after_id int?, n int
-- out: id int, updated_key text
-- order: updated = updated_key desc, thing_id desc
-- when: after
select thing_id as id, updated_key from study_party
where audience_id = $audience and part = $part and party_id = $party
[[when after]] and @after [[end]]
order by @order limit $n

-- name: PEOPLE_SPONSORED_NEAR :many
-- in: org int, studies int[]
-- out: id int, updated_key text
select distinct s.id as id, s.updated_key as updated_key
from study_organisation so join study s on s.id = so.study_id
where so.organisation_id = $org and @in(so.study_id, studies)
order by s.updated_key desc, s.id desc

-- name: PEOPLE_SITES_NEAR :many
-- in: org int, studies int[], whole int[], sites int[]
-- out: id int, updated_key text
select ss.id as id, s.updated_key as updated_key
from study_site ss join study s on s.id = ss.study_id
where ss.organisation_id = $org and @in(ss.study_id, studies)
and (@in(ss.study_id, whole) or @in(ss.id, sites))
order by s.updated_key desc, ss.id desc

-- name: PEOPLE_NAMED_NEAR :many
-- in: person int, studies int[], whole int[], sites int[]
-- out: id int, updated_key text
select sp.id as id, s.updated_key as updated_key
from study_person sp join study s on s.id = sp.study_id
where sp.person_id = $person and @in(sp.study_id, studies)
and (sp.study_site_id is null or @in(sp.study_id, whole) or @in(sp.study_site_id, sites))
order by s.updated_key desc, sp.id desc

-- name: PEOPLE_ORG_STUDIES :many
-- in: org int, ids int[], audiences int[], studies int[]
-- out: id int, code text, title text, acronym text?, status text?, updated_key text, leads int
select s.id as id, s.code as code, s.title as title, s.acronym as acronym, s.status as status,
       s.updated_key as updated_key,
       cast(max(case when so.role = 'sponsor' then 1 else 0 end) as bigint) as leads
from study_organisation so join study s on s.id = so.study_id
where so.organisation_id = $org and @in(so.study_id, ids)
and (@in(s.sponsor_id, audiences) or @in(s.operator_id, audiences) or @in(s.id, studies))
group by s.id, s.code, s.title, s.acronym, s.status, s.updated_key
order by s.updated_key desc, s.id desc

-- name: PEOPLE_ORG_SITES :many
-- in: ids int[], audiences int[], whole int[], sites int[]
-- out: id int, code text, title text, acronym text?, status text?, updated_key text, ref text, number text?, label text?, facility text?, site_status text?
select ss.id as id, s.code as code, s.title as title, s.acronym as acronym, s.status as status,
       s.updated_key as updated_key, ss.ref as ref, ss.number as number, ss.label as label,
       ss.facility as facility, ss.status as site_status
from study_site ss join study s on s.id = ss.study_id
where @in(ss.id, ids)
and (@in(s.sponsor_id, audiences) or @in(s.operator_id, audiences) or @in(s.id, whole)
     or @in(ss.id, sites))
order by s.updated_key desc, ss.id desc

-- Who is named at these sites, or holds a role there today.
-- name: PEOPLE_AT_ORG :many
-- in: org int, ids int[], audiences int[], whole int[], sites int[], team int[], today text, n int
-- out: id int, ref text, name text
select p.id as id, p.ref as ref, p.name as name
from person p
where p.desk = 0 and p.id in (
    select sp.person_id from study_site ss
    join study s on s.id = ss.study_id
    join study_person sp on sp.study_site_id = ss.id
    where @in(ss.id, ids)
    and (@in(s.sponsor_id, audiences) or @in(s.operator_id, audiences) or @in(s.id, whole)
         or @in(ss.id, sites))
    union
    select t.person_id from study_site tx
    join study ts on ts.id = tx.study_id
    join tie t on t.study_id = tx.study_id and t.study_site_id = tx.id
    where @in(tx.id, ids)
    and t.from_on <= $today and (t.to_on is null or t.to_on >= $today)
    and (@in(ts.sponsor_id, audiences) or @in(ts.operator_id, audiences))
    union
    select u.person_id from study_site ux
    join tie u on u.study_id = ux.study_id and u.study_site_id = ux.id
    where ux.organisation_id = $org and @in(ux.study_id, team)
    and u.from_on <= $today and (u.to_on is null or u.to_on >= $today))
order by p.name_fold, p.id limit $n

-- name: PEOPLE_TIES_OF_ORG :many
-- in: org int, n int
-- out: ref text, role text, person int, person_ref text, person_name text, from_on text, to_on text?
select t.ref as ref, t.role as role, t.person_id as person, p.ref as person_ref,
       p.name as person_name, t.from_on as from_on, t.to_on as to_on
from tie t join person p on p.id = t.person_id
where t.organisation_id = $org and t.study_id is null and p.desk = 0
order by t.to_on desc nulls first, t.from_on desc, t.id limit $n

-- name: PEOPLE_PERSON_ROLES :many
-- in: ids int[], audiences int[], studies int[], whole int[], sites int[]
-- out: id int, code text, study_title text, acronym text?, status text?, updated_key text, kind text, role text?, title text?, site_ref text?, number text?, label text?, facility text?, city text?, org_ref text?, org_name text?, placeholder int?
select sp.id as id, s.code as code, s.title as study_title, s.acronym as acronym,
       s.status as status, s.updated_key as updated_key, sp.kind as kind, sp.role as role,
       sp.title as title, ss.ref as site_ref, ss.number as number, ss.label as label,
       ss.facility as facility, ss.city as city, o.ref as org_ref, o.name as org_name,
       o.placeholder as placeholder
from study_person sp
join study s on s.id = sp.study_id
left join study_site ss on ss.id = sp.study_site_id
left join organisation o on o.id = ss.organisation_id
where @in(sp.id, ids)
and (@in(s.sponsor_id, audiences) or @in(s.operator_id, audiences) or @in(s.id, whole)
     or @in(sp.study_site_id, sites) or (sp.study_site_id is null and @in(s.id, studies)))
order by s.updated_key desc, sp.id desc

-- name: PEOPLE_TIES_OF_PERSON :many
-- in: person int, n int
-- out: ref text, role text, org int?, org_ref text?, org_name text?, other int?, other_ref text?, other_name text?, study int?, code text?, study_title text?, sponsor int?, operator int?, site_ref text?, number text?, label text?, facility text?, city text?, site_org_name text?, placeholder int?, from_on text, to_on text?, note text?
select t.ref as ref, t.role as role, t.organisation_id as org, o.ref as org_ref, o.name as org_name,
       t.other_person_id as other, q.ref as other_ref, q.name as other_name, t.study_id as study,
       s.code as code, s.title as study_title, s.sponsor_id as sponsor, s.operator_id as operator,
       ss.ref as site_ref, ss.number as number, ss.label as label, ss.facility as facility,
       ss.city as city, so.name as site_org_name, so.placeholder as placeholder,
       t.from_on as from_on, t.to_on as to_on, t.note as note
from tie t
left join organisation o on o.id = t.organisation_id
left join person q on q.id = t.other_person_id
left join study s on s.id = t.study_id
left join study_site ss on ss.id = t.study_site_id
left join organisation so on so.id = ss.organisation_id
where t.person_id = $person
order by t.to_on desc nulls first, t.from_on desc, t.id limit $n

-- name: PEOPLE_TIES_TO_PERSON :many
-- in: person int, n int
-- out: ref text, role text, person int, person_ref text, person_name text, from_on text, to_on text?, note text?
select t.ref as ref, t.role as role, t.person_id as person, p.ref as person_ref,
       p.name as person_name, t.from_on as from_on, t.to_on as to_on, t.note as note
from tie t join person p on p.id = t.person_id
where t.other_person_id = $person and p.desk = 0
order by t.to_on desc nulls first, t.from_on desc, t.id limit $n

-- People named beside somebody: at the same site, or both at the study itself, or in a study of so
-- few sites that everybody works together.
-- name: PEOPLE_BESIDE :many
-- in: person int, ids int[], audiences int[], studies int[], whole int[], sites int[], few int, n int
-- out: id int, ref text, name text, affiliation text?, shared int
with here as (
    select sp.study_id as study_id, sp.study_site_id as site, s.n_sites as n_sites
    from study_person sp join study s on s.id = sp.study_id
    where @in(sp.id, ids)
    and (@in(s.sponsor_id, audiences) or @in(s.operator_id, audiences) or @in(s.id, whole)
         or @in(sp.study_site_id, sites) or (sp.study_site_id is null and @in(s.id, studies))))
select p.id as id, p.ref as ref, p.name as name, p.affiliation as affiliation,
       count(distinct x.study_id) as shared
from here h
join study_person x on x.study_id = h.study_id
join study sx on sx.id = x.study_id
join person p on p.id = x.person_id
where x.person_id <> $person and p.desk = 0
and (x.study_site_id = h.site or (h.site is null and x.study_site_id is null)
     or (h.n_sites <= $few and (h.site is null or x.study_site_id is null)))
and (@in(sx.sponsor_id, audiences) or @in(sx.operator_id, audiences) or @in(sx.id, whole)
     or @in(x.study_site_id, sites) or (x.study_site_id is null and @in(sx.id, studies)))
group by p.id, p.ref, p.name, p.name_fold, p.affiliation
order by shared desc, p.name_fold, p.id limit $n

-- name: PEOPLE_ORG_ROWS :many
-- in: ids int[]
-- out: id int, ref text, name text, city text?, country text?
select id, ref, name, city, country from organisation where @in(id, ids) and placeholder = 0
order by id

-- name: PEOPLE_PERSON_ROWS :many
-- in: ids int[]
-- out: id int, ref text, name text, affiliation text?
select id, ref, name, affiliation from person where @in(id, ids) and desk = 0
order by id

-- name: PEOPLE_ORGS_NEAR :many
-- in: studies int[], whole int[], sites int[], begin text?, after text?, after_id int?, word_fold text?, n int
-- out: id int, name_fold text, city text?
-- order: name = o.name_fold asc, o.id asc
-- when: begin, after, word_fold
select o.id as id, o.name_fold as name_fold, o.city as city
from organisation o
where o.placeholder = 0 and o.id in (
    select so.organisation_id from study_organisation so where @in(so.study_id, studies)
    union
    select ss.organisation_id from study_site ss where @in(ss.study_id, whole)
    union
    select sx.organisation_id from study_site sx where @in(sx.id, sites))
[[when begin]] and o.name_fold >= $begin [[end]]
[[when after]] and @after [[end]]
[[when word_fold]] and o.name_fold like $word_fold [[end]]
order by @order limit $n

-- name: PEOPLE_PERSONS_NEAR :many
-- in: studies int[], whole int[], sites int[], team int[], begin text?, after text?, after_id int?, word_fold text?, n int
-- out: id int, name_fold text, affiliation text?
-- order: name = p.name_fold asc, p.id asc
-- when: begin, after, word_fold
select p.id as id, p.name_fold as name_fold, p.affiliation as affiliation
from person p
where p.desk = 0 and p.id in (
    select sp.person_id from study_person sp
    where @in(sp.study_id, studies) and sp.study_site_id is null
    union
    select sw.person_id from study_person sw where @in(sw.study_id, whole)
    union
    select sx.person_id from study_person sx where @in(sx.study_site_id, sites)
    union
    select t.person_id from tie t where @in(t.study_id, team))
[[when begin]] and p.name_fold >= $begin [[end]]
[[when after]] and @after [[end]]
[[when word_fold]] and p.name_fold like $word_fold [[end]]
order by @order limit $n

-- name: PEOPLE_ORG_REF :one
-- in: id int
-- out: ref text
select ref from organisation where id = $id

-- name: PEOPLE_PERSON_REF :one
-- in: id int
-- out: ref text
select ref from person where id = $id
