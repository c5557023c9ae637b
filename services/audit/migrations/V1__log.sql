-- One transparency log a programme. What a leaf is, is written here before a
-- tree over it is signed; the tiles on the disk are made from it and can be
-- made again.

create table logs (
    programme  uuid primary key,
    -- From 1. Another one is begun only where both these tables and the tiles
    -- were lost: never a fork.
    generation int  not null,
    -- The last checkpoint of the generation before, as it was signed.
    before     text
);

create table leaves (
    programme uuid   not null references logs,
    index     bigint not null,
    service   text   not null,
    position  bigint not null,
    hash      bytea  not null,
    primary key (programme, index),
    unique (service, position)
);

-- How far each service's events have been given a place.
create table taken (
    service  text   primary key,
    position bigint not null,
    event    uuid   not null
);

-- Signed notes, with the cosignatures that came.
create table signed_checkpoints (
    programme uuid   not null references logs,
    size      bigint not null,
    note      text   not null,
    primary key (programme, size)
);
