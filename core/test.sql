-- What the program never does: queries that the tests try with its own credentials.

-- name: TEST_RECORD_EDIT :run
update record set who = 'nobody'

-- name: TEST_RECORD_DROP :run
delete from record

-- name: TEST_BODY_EDIT :run
update record_body set body = '{}'

-- name: TEST_BODY_DROP :run
delete from record_body

-- name: TEST_LEAF_EDIT :run
update record_leaf set idx = idx + 1000

-- name: TEST_LEAF_DROP :run
delete from record_leaf

-- name: TEST_POINT_EDIT :run
update record_checkpoint set size = size + 1000

-- name: TEST_POINT_DROP :run
delete from record_checkpoint

-- An organisation that nobody writes down.
-- name: TEST_SETTING :run
-- in: name text
insert into setting (name, value) values ($name, 'x')

-- name: TEST_BODY :one
-- out: body text, who text, kind text?, study int?, comp int
select b.body as body, r.who as who, r.kind as kind, r.study_id as study,
       r.compartment as comp
from record r join record_body b on b.record_id = r.id
where r.id = (select max(id) from record)
