create table document (
    id @id,
    ref @text not null unique,
    origin_key @text not null unique,
    study_id @int not null,
    study_site_id @int,
    compartment @int not null,
    kind @text not null,
    title @text not null,
    tmf @text not null,
    site_reads @bool not null,
    created @time not null
);
create index document_study on document (study_id, id);
create index document_site on document (study_site_id, id);

create table document_version (
    id @id,
    document_id @ref(document) not null,
    n @int not null,
    hash @blob not null,
    person_id @int,
    who @text not null,
    created @time not null,
    pdf_hash @blob,
    content @text not null,
    pdf @blob
);
create unique index document_version_of on document_version (document_id, n);
