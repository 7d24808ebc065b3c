-- Queries of documents: papers and their versions.

-- name: DOC_ADD :one
-- in: ref text, key text, study int, site int?, comp int, kind text, title text, tmf text, site_reads bool, created time
-- out: id int
insert into document (ref, origin_key, study_id, study_site_id, compartment, kind, title, tmf, site_reads, created)
values ($ref, $key, $study, $site, $comp, $kind, $title, $tmf, $site_reads, $created)
returning id

-- name: DOC_BY_KEY :one
-- in: key text
-- out: id int, ref text
select id, ref from document where origin_key = $key

-- name: DOC_BY_REF :one
-- in: ref text
-- out: id int, ref text, study int, site int?, comp int, kind text, title text, tmf text, site_reads bool
select id, ref, study_id as study, study_site_id as site, compartment as comp, kind, title, tmf, site_reads
from document where ref = $ref

-- name: DOC_TITLE :run
-- in: id int, title text
update document set title = $title where id = $id

-- name: DOC_NEWEST :one
-- in: document int
-- out: id int, n int, hash blob, content text, filed bool
select id, n, hash, content, case when pdf_hash is null then 0 else 1 end as filed
from document_version where document_id = $document order by n desc limit 1

-- name: DOC_VERSION_ADD :one
-- in: document int, n int, hash blob, person int?, who text, created time, content text
-- out: id int
insert into document_version (document_id, n, hash, person_id, who, created, pdf_hash, content, pdf)
values ($document, $n, $hash, $person, $who, $created, null, $content, null)
returning id

-- name: DOC_FILE :run
-- in: id int, pdf blob, pdf_hash blob
update document_version set pdf = $pdf, pdf_hash = $pdf_hash where id = $id and pdf_hash is null

-- name: DOC_VERSIONS :many
-- in: document int
-- out: id int, n int, hash blob, who text, created time, filed bool
select id, n, hash, who, created, case when pdf_hash is null then 0 else 1 end as filed
from document_version where document_id = $document order by n desc limit 200

-- name: DOC_PDF :one
-- in: document int, n int
-- out: id int, pdf blob?, pdf_hash blob?
select id, pdf, pdf_hash from document_version where document_id = $document and n = $n

-- name: DOC_OF_STUDY :many
-- in: study int, comp int, before int, n int
-- out: id int, ref text, kind text, title text, tmf text, site int?, created time
select id, ref, kind, title, tmf, study_site_id as site, created
from document where study_id = $study and compartment <= $comp and id < $before
order by id desc limit $n

-- By what a study's papers are known, and whether any version is filed.
-- name: DOC_KEYS :many
-- in: study int, comp int, n int
-- out: ref text, key text, site int?, comp int, site_reads bool, filed bool
select d.ref as ref, d.origin_key as key, d.study_site_id as site, d.compartment as comp, d.site_reads as site_reads,
    case when exists (select 1 from document_version v where v.document_id = d.id and v.pdf_hash is not null) then 1 else 0 end as filed
from document d where d.study_id = $study and d.compartment <= $comp
order by d.id desc limit $n

-- name: DOC_OF_SITES :many
-- in: study int, sites int[], comp int, site_only bool, before int, n int
-- out: id int, ref text, kind text, title text, tmf text, site int?, created time
select id, ref, kind, title, tmf, study_site_id as site, created
from document where study_id = $study and @in(study_site_id, sites) and compartment <= $comp
and (site_reads = 1 or $site_only = 0) and id < $before
order by id desc limit $n
