-- Queries of news: what moved, for whom.

-- The two sides of something due, and who does it for one of them.
-- name: NEWS_SIDES :one
-- in: due int
-- out: owing int, asking int, doing int?
select owing_person as owing, asking_person as asking, doing_person as doing from commitment where id = $due

-- name: NEWS_TOLD :many
-- in: due int
-- out: person int
select distinct person_id as person from commitment_told where commitment_id = $due and open = 1 order by person_id limit 20

-- name: NEWS_ADD :run
-- in: person int, due int, step int, at time
insert into news (person_id, commitment_id, step_id, at) values ($person, $due, $step, $at)

-- What was taken back is no news: the last lines of who takes it back.
-- name: NEWS_UNDONE :run
-- in: due int, person int, since time
delete from news where commitment_id = $due and step_id in (select s.id from commitment_step s
    where s.commitment_id = $due and s.person_id = $person and s.at >= $since and s.action <> 'say')

-- name: NEWS_LAST :one
-- in: person int
-- out: id int
select coalesce(max(id), 0) as id from news where person_id = $person

-- Lines for one person, newest first, of what she is still a side of, does, or was told of.
-- name: NEWS_LIST :many
-- in: person int, after int?, before time?, before_id int, n int
-- out: id int, at time, who text, action text, title text, ref text, study text?, own bool
-- when: after, before
select n.id as id, n.at as at, s.who as who, s.action as action, x.title as title, x.ref as ref,
    coalesce(y.acronym, y.code) as study, x.owing_person = x.asking_person as own
from news n join commitment_step s on s.id = n.step_id join commitment x on x.id = n.commitment_id
left join study y on y.id = x.study_id
where n.person_id = $person
and (x.owing_person = $person or x.asking_person = $person or (s.action <> 'thank' and (x.doing_person = $person
    or exists (select 1 from commitment_told t where t.commitment_id = x.id and t.person_id = $person and t.open = 1))))
[[when after]] and n.id > $after [[end]]
[[when before]] and (n.at < $before or (n.at = $before and n.id < $before_id)) [[end]]
order by n.at desc, n.id desc limit $n

-- name: NEWS_OLD :one
-- in: before time
-- out: there bool
select exists (select 1 from news where at < $before) as there

-- name: NEWS_DROP :run
-- in: before time, n int
delete from news where id in (select id from news where at < $before order by at limit $n)
