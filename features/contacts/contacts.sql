-- Queries of contacts.

-- name: CONTACT_ADD :run
-- in: study int, site int, at_site bool, comp int, person int, who text, channel text, with_name text?, day text, words text, created time
insert into contact (study_id, study_site_id, at_site, compartment, person_id, who, channel, with_name, day, words, created)
values ($study, $site, $at_site, $comp, $person, $who, $channel, $with_name, $day, $words, $created)

-- name: CONTACT_LIST :many
-- in: site int, at_site bool, comp int, before text, before_id int, n int
-- out: id int, who text, channel text, with_name text?, day text, words text
select id, who, channel, with_name, day, words from contact
where study_site_id = $site and at_site = $at_site and compartment <= $comp and (day < $before or (day = $before and id < $before_id))
order by day desc, id desc limit $n
