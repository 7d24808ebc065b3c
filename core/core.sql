-- Queries of core: settings, the record, persons, organisations, ties, accounts, sessions, the vault,
-- search words.

-- name: CORE_SETTING_GET :one
-- in: name text
-- out: value text
select value from setting where name = $name

-- name: CORE_SETTING_SET :run
-- in: name text, value text
insert into setting (name, value) values ($name, $value)
on conflict (name) do update set value = excluded.value

-- name: CORE_RECORD_ADD :one
-- in: at time, person int?, who text, action text, study int?, comp int, kind text?, thing_id int?, thing text?, log text?
-- out: id int
insert into record (at, person_id, who, action, study_id, compartment, kind, thing_id, thing, log)
values ($at, $person, $who, $action, $study, $comp, $kind, $thing_id, $thing, $log)
returning id

-- name: CORE_RECORD_BODY_ADD :run
-- in: record int, salt blob, body text
insert into record_body (record_id, salt, body) values ($record, $salt, $body)

-- name: CORE_TRAIL_ADD :run
-- in: kind text, thing int, record int
insert into trail (kind, thing_id, record_id) values ($kind, $thing, $record)
on conflict (kind, thing_id, record_id) do nothing

-- name: CORE_RECORD_COUNT :one
-- out: n int
select count(*) as n from record

-- Rows without a leaf; a long body is left out and read by itself.
-- name: CORE_RECORD_UNSEALED :many
-- in: after int, n int
-- out: id int, at time, person int?, who text, action text, study int?, comp int, kind text?, thing_id int?, thing text?, log text?, salt blob, body text?
select r.id as id, r.at as at, r.person_id as person, r.who as who, r.action as action,
       r.study_id as study, r.compartment as comp, r.kind as kind, r.thing_id as thing_id,
       r.thing as thing, r.log as log, b.salt as salt,
       case when length(b.body) < 20000 then b.body end as body
from record r
join record_body b on b.record_id = r.id
left join record_leaf l on l.record_id = r.id
where r.id > $after and l.record_id is null and b.body is not null
order by r.id limit $n

-- name: CORE_RECORD_BODY :one
-- in: record int
-- out: salt blob, body text
select salt, body from record_body where record_id = $record and body is not null

-- The sealed rows in the order of the tree, from a leaf on; what is missing is NULL.
-- name: CORE_RECORD_SEALED :many
-- in: from int, n int
-- out: idx int, record int, hash blob, id int?, at time?, person int?, who text?, action text?, study int?, comp int?, kind text?, thing_id int?, thing text?, log text?, salt blob?, body text?
select l.idx as idx, l.record_id as record, l.hash as hash, r.id as id, r.at as at,
       r.person_id as person, r.who as who, r.action as action, r.study_id as study,
       r.compartment as comp, r.kind as kind, r.thing_id as thing_id, r.thing as thing,
       r.log as log, b.salt as salt, b.body as body
from record_leaf l
left join record r on r.id = l.record_id
left join record_body b on b.record_id = l.record_id
where l.idx >= $from
order by l.idx limit $n

-- Rows that the tree does not hold.
-- name: CORE_RECORD_LOOSE :many
-- in: after int, n int
-- out: id int, at time, person int?, who text, action text, study int?, comp int, kind text?, thing_id int?, thing text?, log text?, salt blob?, body text?
select r.id as id, r.at as at, r.person_id as person, r.who as who, r.action as action,
       r.study_id as study, r.compartment as comp, r.kind as kind, r.thing_id as thing_id,
       r.thing as thing, r.log as log, b.salt as salt, b.body as body
from record r
left join record_body b on b.record_id = r.id
left join record_leaf l on l.record_id = r.id
where r.id > $after and l.record_id is null
order by r.id limit $n

-- Bodies whose row is gone.
-- name: CORE_RECORD_STRAY :many
-- out: id int
select b.record_id as id from record_body b
left join record r on r.id = b.record_id
where r.id is null
order by b.record_id limit 1

-- name: CORE_TRAIL_ALL :many
-- in: kind text, thing int, record int, n int
-- out: kind text, thing int, record int
select kind, thing_id as thing, record_id as record from trail
where (kind, thing_id, record_id) > ($kind, $thing, $record)
order by kind, thing_id, record_id limit $n

-- name: CORE_RECORD_LEAF_NEWEST :one
-- out: record int
select coalesce(max(record_id), 0) as record from record_leaf

-- name: CORE_RECORD_LEAF_ADD :run
-- in: idx int, record int, hash blob
insert into record_leaf (idx, record_id, hash) values ($idx, $record, $hash)

-- name: CORE_RECORD_CHECKPOINT_LAST :one
-- out: size int, at time, root blob, frontier blob, signature blob
select size, at, root, frontier, signature from record_checkpoint order by size desc limit 1

-- name: CORE_RECORD_CHECKPOINTS :many
-- out: size int, at time, root blob, frontier blob, signature blob
select size, at, root, frontier, signature from record_checkpoint order by size

-- name: CORE_RECORD_CHECKPOINT_ADD :run
-- in: size int, at time, root blob, frontier blob, signature blob
insert into record_checkpoint (size, at, root, frontier, signature)
values ($size, $at, $root, $frontier, $signature)

-- name: CORE_ORG_ADD :one
-- in: ref text, name text, name_fold text, kind text?, class text?, city text?, state text?, zip text?, country text?, latitude real?, longitude real?, placeholder bool, join_key text?, origin text, created time
-- out: id int
insert into organisation (ref, name, name_fold, kind, class, city, state, zip, country, latitude,
    longitude, placeholder, join_key, origin, created)
values ($ref, $name, $name_fold, $kind, $class, $city, $state, $zip, $country, $latitude, $longitude,
    $placeholder, $join_key, $origin, $created)
returning id

-- name: CORE_ORG_BY_KEY :one
-- in: join_key text
-- out: id int, ref text, name text, class text?, latitude real?, longitude real?
select id, ref, name, class, latitude, longitude from organisation where join_key = $join_key

-- name: CORE_ORG :one
-- in: id int
-- out: id int, ref text, name text, kind text?, class text?, city text?, state text?, zip text?, country text?, latitude real?, longitude real?, placeholder bool, origin text
select id, ref, name, kind, class, city, state, zip, country, latitude, longitude, placeholder, origin
from organisation where id = $id

-- name: CORE_ORG_BY_REF :one
-- in: ref text
-- out: id int
select id from organisation where ref = $ref

-- name: CORE_ORG_CLASS_SET :run
-- in: id int, class text
update organisation set class = $class where id = $id and class is null

-- name: CORE_ORG_EDIT :run
-- in: id int, name text, name_fold text, kind text?, city text?, state text?, country text?, join_key text?
update organisation set name = $name, name_fold = $name_fold, kind = $kind, city = $city,
    state = $state, country = $country, join_key = $join_key
where id = $id

-- name: CORE_PERSON_ADD :one
-- in: ref text, name text, name_fold text, affiliation text?, desk bool, join_key text?, origin text, created time
-- out: id int
insert into person (ref, name, name_fold, affiliation, desk, join_key, origin, created)
values ($ref, $name, $name_fold, $affiliation, $desk, $join_key, $origin, $created)
returning id

-- name: CORE_PERSON_BY_KEY :one
-- in: join_key text
-- out: id int, ref text, name text
select id, ref, name from person where join_key = $join_key

-- name: CORE_PERSON :one
-- in: id int
-- out: id int, ref text, name text, affiliation text?, desk bool, origin text
select id, ref, name, affiliation, desk, origin from person where id = $id

-- name: CORE_PERSON_BY_REF :one
-- in: ref text
-- out: id int
select id from person where ref = $ref

-- name: CORE_PERSON_EDIT :run
-- in: id int, name text, name_fold text, affiliation text?, join_key text?
update person set name = $name, name_fold = $name_fold, affiliation = $affiliation,
    join_key = $join_key
where id = $id

-- name: CORE_TIES_IN_STUDY :many
-- in: person int, study int
-- out: role text, comp int, from_on text, to_on text?
select role, compartment as comp, from_on, to_on from tie
where person_id = $person and study_id = $study order by id

-- name: CORE_TIE_ADD :one
-- in: ref text, person int, role text, organisation int?, other int?, study int?, study_site int?, comp int, from_on text, to_on text?, note text?, granted_by int?, created time
-- out: id int
insert into tie (ref, person_id, role, organisation_id, other_person_id, study_id, study_site_id,
    compartment, from_on, to_on, note, granted_by, created)
values ($ref, $person, $role, $organisation, $other, $study, $study_site, $comp, $from_on, $to_on,
    $note, $granted_by, $created)
returning id

-- name: CORE_TIE_END :run
-- in: id int, to_on text
update tie set to_on = $to_on where id = $id

-- name: CORE_TIE_BY_REF :one
-- in: ref text
-- out: id int, person int, role text, organisation int?, other int?, study int?, study_site int?, comp int, from_on text, to_on text?
select id, person_id as person, role, organisation_id as organisation, other_person_id as other,
       study_id as study, study_site_id as study_site, compartment as comp, from_on, to_on
from tie where ref = $ref

-- name: CORE_TIE_RIGHTS :many
-- in: person int, today text
-- out: role text, organisation int?, study int?, study_site int?, comp int
select role, organisation_id as organisation, study_id as study, study_site_id as study_site,
       compartment as comp
from tie
where person_id = $person and from_on <= $today and (to_on is null or to_on >= $today)
order by id

-- Roles that reach beyond a study, of those who sign in.
-- name: CORE_TIES_WIDE :many
-- in: today text
-- out: ref text, person int, role text, organisation_name text?, to_on text?
select t.ref as ref, t.person_id as person, t.role as role, o.name as organisation_name,
       t.to_on as to_on
from tie t join account a on a.person_id = t.person_id
left join organisation o on o.id = t.organisation_id
where t.study_id is null and t.role in ('administrator', 'director')
and (t.to_on is null or t.to_on >= $today)
order by t.person_id, t.id limit 10000

-- name: CORE_TIES_OF_STUDY :many
-- in: study int
-- out: id int, ref text, person_ref text, person_name text, role text, study_site int?, comp int, from_on text, to_on text?
select t.id as id, t.ref as ref, p.ref as person_ref, p.name as person_name, t.role as role,
       t.study_site_id as study_site, t.compartment as comp, t.from_on as from_on, t.to_on as to_on
from tie t join person p on p.id = t.person_id
where t.study_id = $study
order by t.to_on nulls first, t.role, p.name_fold, t.id

-- name: CORE_TIES_OF_PERSON :many
-- in: person int
-- out: id int, ref text, role text, organisation int?, organisation_ref text?, organisation_name text?, other_ref text?, other_name text?, study int?, study_site int?, comp int, from_on text, to_on text?, note text?
select t.id as id, t.ref as ref, t.role as role, t.organisation_id as organisation,
       o.ref as organisation_ref, o.name as organisation_name, q.ref as other_ref,
       q.name as other_name, t.study_id as study, t.study_site_id as study_site,
       t.compartment as comp, t.from_on as from_on, t.to_on as to_on, t.note as note
from tie t
left join organisation o on o.id = t.organisation_id
left join person q on q.id = t.other_person_id
where t.person_id = $person
order by t.to_on nulls first, t.from_on desc, t.id

-- name: CORE_ACCOUNT_ADD :run
-- in: person int, email_key blob, password text?, created time
insert into account (person_id, email_key, password, disabled, created, password_at)
values ($person, $email_key, $password, 0, $created, null)

-- name: CORE_ACCOUNT_BY_EMAIL :one
-- in: email_key blob
-- out: person int, ref text, name text, password text?, disabled bool
select a.person_id as person, p.ref as ref, p.name as name, a.password as password,
       a.disabled as disabled
from account a join person p on p.id = a.person_id
where a.email_key = $email_key

-- name: CORE_ACCOUNT_OF :one
-- in: person int
-- out: person int, name text, password text?, disabled bool
select a.person_id as person, p.name as name, a.password as password, a.disabled as disabled
from account a join person p on p.id = a.person_id
where a.person_id = $person

-- name: CORE_ACCOUNT_LIST :many
-- out: person int, ref text, name text, has_password bool, disabled bool, created time, seen time?
select a.person_id as person, p.ref as ref, p.name as name,
       case when a.password is null then 0 else 1 end as has_password, a.disabled as disabled,
       a.created as created,
       (select s.last_seen from session s where s.person_id = a.person_id
        order by s.last_seen desc limit 1) as seen
from account a join person p on p.id = a.person_id
order by p.name_fold, p.id limit 5000

-- name: CORE_ACCOUNT_COUNT_ADMIN :one
-- in: today text
-- out: n int
select count(*) as n from account a
where a.disabled = 0 and a.password is not null and exists (
    select 1 from tie t where t.person_id = a.person_id and t.role = 'administrator'
    and t.from_on <= $today and (t.to_on is null or t.to_on >= $today))

-- name: CORE_ACCOUNT_PASSWORD :run
-- in: person int, password text, at time
update account set password = $password, password_at = $at where person_id = $person

-- name: CORE_ACCOUNT_MOVE :run
-- in: person int, email_key blob
update account set email_key = $email_key where person_id = $person

-- name: CORE_ACCOUNT_DISABLE :run
-- in: person int, disabled bool
update account set disabled = $disabled where person_id = $person

-- name: CORE_SESSION_ADD :one
-- in: token_hash blob, person int, now time
-- out: id int
insert into session (token_hash, person_id, created, last_seen)
values ($token_hash, $person, $now, $now)
returning id

-- name: CORE_SESSION_FIND :one
-- in: token_hash blob
-- out: id int, person int, ref text, name text, created time, last_seen time, disabled bool
select s.id as id, s.person_id as person, p.ref as ref, p.name as name, s.created as created,
       s.last_seen as last_seen, a.disabled as disabled
from session s
join person p on p.id = s.person_id
join account a on a.person_id = s.person_id
where s.token_hash = $token_hash

-- name: CORE_SESSION_SEEN :run
-- in: id int, now time
update session set last_seen = $now where id = $id and last_seen < $now

-- name: CORE_SESSION_END :run
-- in: id int
delete from session where id = $id

-- name: CORE_SESSION_END_ALL :run
-- in: person int
delete from session where person_id = $person

-- name: CORE_SESSION_COUNT :one
-- in: person int
-- out: n int
select count(*) as n from session where person_id = $person

-- name: CORE_SESSION_EXPIRE :run
-- in: idle_before time, created_before time
delete from session where last_seen < $idle_before or created < $created_before

-- name: CORE_ONE_TIME_ADD :run
-- in: token_hash blob, kind text, person int?, created time, expires time, reusable bool
insert into one_time (token_hash, kind, person_id, created, expires, reusable, used)
values ($token_hash, $kind, $person, $created, $expires, $reusable, null)

-- name: CORE_ONE_TIME_FIND :one
-- in: token_hash blob
-- out: id int, kind text, person int?, expires time, reusable bool, used time?
select id, kind, person_id as person, expires, reusable, used from one_time
where token_hash = $token_hash

-- name: CORE_ONE_TIME_USE :run
-- in: id int, now time
update one_time set used = $now where id = $id and used is null

-- name: CORE_ONE_TIME_VOID :run
-- in: person int, now time
update one_time set used = $now where person_id = $person and used is null and reusable = 0

-- name: CORE_ONE_TIME_VOID_KIND :run
-- in: kind text, now time
update one_time set used = $now
where kind = $kind and person_id is null and used is null and reusable = 0

-- name: CORE_SIGN_TRY_GET :one
-- in: bucket text
-- out: began time, tries int
select began, tries from sign_try where bucket = $bucket

-- name: CORE_SIGN_TRY_SET :run
-- in: bucket text, began time, tries int
insert into sign_try (bucket, began, tries) values ($bucket, $began, $tries)
on conflict (bucket) do update set began = excluded.began, tries = excluded.tries

-- name: CORE_SIGN_TRY_CLEAN :run
-- in: before time
delete from sign_try where began < $before

-- name: CORE_VAULT_KEY_GET :one
-- in: person int
-- out: wrapped blob
select wrapped from vault_key where person_id = $person

-- name: CORE_VAULT_KEY_ADD :run
-- in: person int, wrapped blob
insert into vault_key (person_id, wrapped) values ($person, $wrapped)

-- name: CORE_VAULT_ADD :run
-- in: person int, kind text, sealed blob, value_key blob, created time
insert into vault_item (person_id, kind, sealed, value_key, created)
values ($person, $kind, $sealed, $value_key, $created)
on conflict (person_id, kind, value_key) do nothing

-- name: CORE_VAULT_GROUND :run
-- in: person int, kind text, value_key blob, study int, study_site int, origin text
insert into vault_ground (item_id, study_id, study_site_id, origin)
select id, $study, $study_site, $origin from vault_item
where person_id = $person and kind = $kind and value_key = $value_key
on conflict (item_id, study_id, study_site_id, origin) do nothing

-- name: CORE_VAULT_OWN :many
-- in: person int
-- out: item int, kind text, sealed blob, origin text
select i.id as item, i.kind as kind, i.sealed as sealed, min(g.origin) as origin
from vault_item i join vault_ground g on g.item_id = i.id
where i.person_id = $person group by i.id, i.kind, i.sealed order by i.kind, i.id

-- name: CORE_VAULT_LIST :many
-- in: person int, studies int[]
-- out: item int, kind text, sealed blob, study int, study_site int, origin text
select i.id as item, i.kind as kind, i.sealed as sealed, g.study_id as study,
       g.study_site_id as study_site, g.origin as origin
from vault_item i join vault_ground g on g.item_id = i.id
where i.person_id = $person and (g.study_id = 0 or @in(g.study_id, studies))
order by i.kind, i.id, g.origin, g.study_id, g.study_site_id

-- Where the person works now, of some studies.
-- name: CORE_VAULT_WORKS :many
-- in: person int, studies int[], today text
-- out: study int, study_site int?
select study_id as study, study_site_id as study_site from tie
where person_id = $person and @in(study_id, studies) and from_on <= $today
and (to_on is null or to_on >= $today)
order by study_id, study_site_id nulls first limit 1000

-- name: CORE_VAULT_GROUND_DROP :run
-- in: person int, kind text, origin text
delete from vault_ground where origin = $origin
and item_id in (select id from vault_item where person_id = $person and kind = $kind)

-- name: CORE_VAULT_DROP :run
-- in: person int, kind text
delete from vault_item where person_id = $person and kind = $kind
and not exists (select 1 from vault_ground g where g.item_id = vault_item.id)

-- name: CORE_AUDIENCE_LIST :many
-- out: id int
select organisation_id as id from audience order by organisation_id

-- name: CORE_AUDIENCE_ADD :run
-- in: organisation int, since time
insert into audience (organisation_id, since) values ($organisation, $since)
on conflict (organisation_id) do nothing

-- name: CORE_WORD_ADD :run
-- in: audience int, word text, weight int, kind text, thing int, sieve_a int, sieve_b int, sieve_c int
insert into search_word (audience_id, word_key, weight, kind, thing_id, sieve_a, sieve_b, sieve_c)
values ($audience, $word, $weight, $kind, $thing, $sieve_a, $sieve_b, $sieve_c)
on conflict (audience_id, kind, word_key, weight, thing_id) do nothing

-- name: CORE_WORD_DROP :run
-- in: kind text, thing int, audience int
delete from search_word where audience_id = $audience and kind = $kind and thing_id = $thing

-- name: CORE_WORD_KNOWN :one
-- in: audience int, kind text, thing int
-- out: one int
select 1 as one from search_word where audience_id = $audience and kind = $kind and thing_id = $thing
order by word_key limit 1

-- name: CORE_WORD_FIND :many
-- in: audience int, kind text, weight int, lo text, hi text, lo2 text?, hi2 text?, lo3 text?, hi3 text?, sieve_a int, sieve_b int, sieve_c int, after text?, after_id int?, n int
-- out: thing int, word text
-- order: word = w.word_key asc, w.thing_id asc
-- when: lo2, lo3, after
select w.thing_id as thing, w.word_key as word from search_word w
where w.audience_id = $audience and w.kind = $kind and w.weight = $weight
and w.word_key >= $lo and w.word_key < $hi
and (w.sieve_a & $sieve_a) = $sieve_a and (w.sieve_b & $sieve_b) = $sieve_b
and (w.sieve_c & $sieve_c) = $sieve_c
[[when lo2]] and exists (select 1 from search_word x
    where x.audience_id = $audience and x.kind = $kind and x.thing_id = w.thing_id
    and x.word_key >= $lo2 and x.word_key < $hi2) [[end]]
[[when lo3]] and exists (select 1 from search_word y
    where y.audience_id = $audience and y.kind = $kind and y.thing_id = w.thing_id
    and y.word_key >= $lo3 and y.word_key < $hi3) [[end]]
[[when after]] and @after [[end]]
order by @order limit $n

-- name: CORE_WORD_COUNT :one
-- in: audience int, kind text, weight int, lo text, hi text, most int
-- out: n int
select count(*) as n from (
    select word_key from search_word
    where audience_id = $audience and kind = $kind and weight = $weight
    and word_key >= $lo and word_key < $hi
    order by word_key limit $most) few

-- Of several words that begin so, the shortest: the word itself where it is there.
-- name: CORE_WORD_HAS :one
-- in: audience int, kind text, thing int, lo text, hi text
-- out: weight int
select weight from search_word
where audience_id = $audience and kind = $kind and thing_id = $thing
and word_key >= $lo and word_key < $hi
order by word_key, weight limit 1

-- name: CORE_WORD_LIST :many
-- in: audience int, kind text, weight int, lo text, hi text, after text?, after_id int?, n int
-- out: thing int, word text
-- order: word = word_key asc, thing_id asc
-- when: after
select thing_id as thing, word_key as word from search_word
where audience_id = $audience and kind = $kind and weight = $weight
and word_key >= $lo and word_key < $hi
[[when after]] and @after [[end]]
order by @order limit $n

-- Calendars of holidays (holidays.h).
-- name: CORE_CALENDAR_IN_FORCE :one
-- in: country text
-- out: id int, version text, weekend int, first_year int, last_year int
select id, version, weekend, first_year, last_year from calendar
where country = $country and in_force = 1

-- name: CORE_CALENDAR_AT :one
-- in: version text
-- out: id int, version text, weekend int, first_year int, last_year int
select id, version, weekend, first_year, last_year from calendar where version = $version

-- name: CORE_CALENDAR_DAYS :one
-- in: calendar int
-- out: days text
select days from calendar_days where calendar_id = $calendar

-- name: CORE_CALENDAR_LIST :many
-- out: id int, country text, version text, weekend int, first_year int, last_year int, n_days int, name text?, note text?, file_name text, shipped bool, in_force bool, added_who text, added time
select id, country, version, weekend, first_year, last_year, n_days, name, note, file_name, shipped, in_force, added_who, added
from calendar where in_force = 1 order by country limit 300

-- name: CORE_CALENDAR_VERSIONS :many
-- in: country text
-- out: id int, country text, version text, weekend int, first_year int, last_year int, n_days int, name text?, note text?, file_name text, shipped bool, in_force bool, added_who text, added time
select id, country, version, weekend, first_year, last_year, n_days, name, note, file_name, shipped, in_force, added_who, added
from calendar where country = $country order by id desc limit 100

-- name: CORE_CALENDAR_SHIPPED :many
-- out: version text
select version from calendar where shipped = 1 order by id limit 10000

-- name: CORE_CALENDAR_ADD :many
-- in: country text, version text, weekend int, first_year int, last_year int, n_days int, name text?, note text?, file_name text, file_hash text, shipped bool, by int?, who text, now time
-- out: id int
insert into calendar (country, version, weekend, first_year, last_year, n_days, name, note, file_name,
    file_hash, shipped, in_force, added_by, added_who, added)
values ($country, $version, $weekend, $first_year, $last_year, $n_days, $name, $note, $file_name,
    $file_hash, $shipped, 0, $by, $who, $now)
on conflict (version) do nothing
returning id

-- name: CORE_CALENDAR_DAYS_ADD :run
-- in: calendar int, days text
insert into calendar_days (calendar_id, days) values ($calendar, $days)

-- name: CORE_CALENDAR_USE :run
-- in: country text, id int
update calendar set in_force = case when id = $id then 1 else 0 end
where country = $country and (in_force = 1 or id = $id)

-- name: CORE_SIGN_ADD :one
-- in: what text, what_id int, person int, name text, at time, at_words text, meaning text, hash blob, proof blob
-- out: id int
insert into signature (what, what_id, person_id, name, at, at_words, meaning, hash, proof)
values ($what, $what_id, $person, $name, $at, $at_words, $meaning, $hash, $proof)
returning id

-- name: CORE_SIGN_OF_MANY :many
-- in: what text, ids int[]
-- out: id int, of int, person int, name text, at_words text, meaning text, hash blob, proof blob
select id, what_id as of, person_id as person, name, at_words, meaning, hash, proof
from signature where what = $what and @in(what_id, ids) order by what_id, id
