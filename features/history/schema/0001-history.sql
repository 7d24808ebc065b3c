-- What one person did, newest first. The record's own tables are core's.

create index record_person on record (person_id, id);
