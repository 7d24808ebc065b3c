-- Queries of the search: studies by number, studies by words, always within what may be seen:
-- `audiences` are sponsors or operators of studies, `tied` are studies.

-- name: SEARCH_NUMBER :many
-- in: exact text, capitals text, audiences int[], tied int[]
-- out: id int
select s.id as id from study s
where s.id in (select x.id from study x where x.code in ($exact, $capitals)
               union
               select i.study_id from study_identifier i where i.value in ($exact, $capitals))
and (@in(s.sponsor_id, audiences) or @in(s.operator_id, audiences) or @in(s.id, tied))
order by s.updated_key desc, s.id desc limit 20

-- name: SEARCH_STUDIES :many
-- in: ids int[], audiences int[], tied int[]
-- out: id int, code text, title text, acronym text?, status text?, sponsor_name text?
select s.id as id, s.code as code, s.title as title, s.acronym as acronym, s.status as status,
       s.sponsor_name as sponsor_name
from study s
where @in(s.id, ids)
and (@in(s.sponsor_id, audiences) or @in(s.operator_id, audiences) or @in(s.id, tied))
order by s.id

-- name: SEARCH_TIED :many
-- in: tied int[], word_fold text
-- out: id int, find_fold text
select id, find_fold from study where @in(id, tied) and find_fold like $word_fold
order by updated_key desc, id desc limit 200
