-- Drafts are private to their author and no events. A draft has the id of the
-- pitch that it will be.
create table drafts (
    id               uuid   primary key,
    programme        uuid   not null,
    member           uuid   not null,
    version          bigint not null,
    -- When the last byte of it had arrived, in milliseconds since 1970: a
    -- draft that enters itself was in time if this was.
    received_ms      bigint not null,
    enters_by_itself boolean not null,
    -- Bytes rather than text: PostgreSQL's text has no U+0000.
    content          bytea  not null,
    deleted          boolean not null default false,
    -- The last command, to know it again when it is repeated.
    command          uuid   not null,
    mac              bytea
);
create index drafts_of_an_author on drafts (programme, member, id);

-- Those that are neither deleted nor entered: what has entered is a pitch,
-- from the moment of its first event on.
create view open_drafts as
    select d.* from drafts d
    where not d.deleted
      and not exists (
          select from events e where e.stream = 'pitch/' || d.id and e.version = 1);
