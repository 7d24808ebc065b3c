-- Queries of the tests of db/ alone.

-- name: T_ADD :one
-- in: code text, name_fold text, i int?, r real?, s text?
-- in: b blob?, t time?, f bool?
-- out: id int
insert into thing (code, name_fold, i, r, s, b, t, f)
values ($code, $name_fold, $i, $r, $s, $b, $t, $f) returning id;

-- name: T_GET :one
-- in: id int
-- out: id int, code text, i int?, r real?, s text?, b blob?, t time?, f bool?
select id, code, i, r, s, b, t, f from thing where id = $id

-- name: T_BY_CODE :one
-- in: code text
-- out: id int, i int?
select id, i from thing where code = $code

-- two rows of a :one are a bug
-- name: T_TWO :one
-- out: id int
select id from thing order by id

-- name: T_LIST :many
-- in: q text?, after text?, after_id int?, n int
-- out: id int, code text, size int
-- order: code = code asc, id asc
-- order: size = coalesce(i, 0) desc int, id desc
-- when: q, after
select id, code, coalesce(i, 0) as size from thing where 1 = 1
[[when q]] and name_fold like $q [[end]]
[[when after]] and @after [[end]]
order by @order limit $n

-- name: T_PICK :many
-- in: ids int[]
-- out: id int, there bool
select id, exists (select 1 from part where part.thing_id = thing.id) as there
from thing where @in(thing.id, ids) order by id

-- name: T_COUNT :one
-- out: n int, sum_i int?
select count(*) as n, cast(sum(i) as bigint) as sum_i from thing

-- name: T_SET :run
-- in: id int, i int?
update thing set i = $i where id = $id

-- name: T_SET_CODE :run
-- in: id int, code text?
update thing set code = $code where id = $id

-- name: T_ADD_QUIET :run
-- in: code text
insert into thing (code, name_fold) values ($code, '') on conflict (code) do nothing

-- name: T_PART :run
-- in: thing int, no int
insert into part (thing_id, no) values ($thing, $no)

-- says that a column is never NULL when it is
-- name: T_NOT_NULL :one
-- in: code text
-- out: id int
select i as id from thing where code = $code

-- name: T_SET_ALL :run
-- in: i int
update thing set i = $i

-- name: T_RECORD_ADD :run
-- in: what text
insert into record (what) values ($what)

-- name: T_RECORD_EDIT :run
-- in: what text
update record set what = $what

-- name: T_RECORD_DELETE :run
delete from record

-- name: T_MANY :many
-- in: n int
-- out: v int, text text
with recursive up (v) as (select cast(1 as bigint) union all select v + 1 from up where v < $n)
select v, 'it''s -- ' || cast(v as text) as text from up order by v

-- name: T_LATE :run
-- in: thing int
insert into late (thing_id) values ($thing)
