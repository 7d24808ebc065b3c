create table handover (
    id @id,
    ref @text not null unique,
    study_id @int not null,
    from_person @ref(person) not null,
    to_person @ref(person) not null,
    by_person @ref(person) not null,
    why @text,
    open @bool not null,
    created @time not null
);
create index handover_to on handover (to_person, open, id);
create index handover_from on handover (from_person, open, id);
create index handover_study on handover (study_id, id);

create table handover_item (
    handover_id @ref(handover) not null,
    commitment_id @ref(commitment) not null,
    state @text not null,
    why @text,
    primary key (handover_id, commitment_id)
);
create index handover_item_of on handover_item (commitment_id);
