-- What the permission walk looks up for itself.

-- name: WALK_SITES :many
-- in: study int
-- out: id int, ref text, facility text?
select id, ref, facility from study_site where study_id = $study order by id

-- name: WALK_ORG :one
-- in: name text
-- out: id int, ref text
select id, ref from organisation where name = $name

-- name: WALK_PERSON :one
-- in: name text
-- out: id int, ref text
select id, ref from person where name = $name

-- name: WALK_TIE :one
-- in: person int, role text
-- out: id int, ref text
select id, ref from tie where person_id = $person and role = $role order by id desc limit 1

-- Rows of the record that hold a word.
-- name: WALK_BODIES :one
-- in: word text
-- out: n int
select count(*) as n from record_body where length(replace(body, $word, '')) < length(body)

-- name: WALK_DUE :one
-- in: title text
-- out: ref text
select ref from commitment where title = $title order by id desc limit 1

-- name: WALK_IMPORT :one
-- in: study int
-- out: ref text
select ref from import_file where study_id = $study order by id desc limit 1

-- name: WALK_EVENT :one
-- in: key text
-- out: ref text
select ref from playbook_event where origin_key = $key
