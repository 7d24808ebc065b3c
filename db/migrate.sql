-- The list of migrations that a database has had. Written by db_migrate alone.

-- name: MIGRATION_LIST :many
-- out: feature text, name text, sha256 text
select feature, name, sha256 from schema_migration order by id

-- name: MIGRATION_ADD :run
-- in: feature text, name text, sha256 text, applied_at time
insert into schema_migration (feature, name, sha256, applied_at)
values ($feature, $name, $sha256, $applied_at)
