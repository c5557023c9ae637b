-- The files that come with a pitch: those that its team has now, and those
-- that an earlier submission had. Their bytes lie in the object store,
-- encrypted with the pitch's key.
create table attachments (
    id         uuid    primary key,
    programme  uuid    not null,
    -- The pitch that they come with, or the draft that will be it.
    pitch      uuid    not null,
    started_ms bigint  not null,
    size       bigint  not null,
    -- What has arrived of it.
    received   bigint  not null default 0,
    -- Whole, and of a type that is taken.
    complete   boolean not null default false,
    -- The team has it no more.
    removed    boolean not null default false,
    -- A submission names it, so its bytes stay.
    sealed     boolean not null default false,
    -- Name, type and digest, encrypted with the pitch's key.
    about      bytea   not null
);
create index attachments_of_a_pitch on attachments (pitch, started_ms, id);

create table attachment_parts (
    attachment uuid   not null references attachments on delete cascade,
    start      bigint not null,
    length     bigint not null,
    -- Its name in the object store.
    object     uuid   not null,
    primary key (attachment, start)
);
