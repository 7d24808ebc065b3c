-- Queries of contacts.

-- name: CONTACT_ADD :run
-- in: study int, site int, at_site bool, person int, who text, channel text, with_name text?, day text, words text, created time
insert into contact (study_id, study_site_id, at_site, person_id, who, channel, with_name, day, words, created)
values ($study, $site, $at_site, $person, $who, $channel, $with_name, $day, $words, $created)

-- name: CONTACT_LIST :many
-- in: site int, at_site bool, before text, before_id int, n int
-- out: id int, who text, channel text, with_name text?, day text, words text
select id, who, channel, with_name, day, words from contact
where study_site_id = $site and at_site = $at_site and (day < $before or (day = $before and id < $before_id))
order by day desc, id desc limit $n
