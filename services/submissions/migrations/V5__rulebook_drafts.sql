-- A rulebook in the making: private to a programme's organisers, and no event.
create table rulebook_drafts (
    programme uuid   primary key,
    version   bigint not null,
    saved_ms  bigint not null,
    -- Bytes rather than text: PostgreSQL's text has no U+0000.
    content   bytea  not null,
    -- The last command, to know it again when it is repeated.
    command   uuid   not null,
    mac       bytea
);
