-- Who writes a draft with its author, and becomes part of the pitch's team
-- when it enters.
create table draft_collaborators (
    draft     uuid   not null references drafts on delete cascade,
    programme uuid   not null,
    member    uuid   not null,
    added_ms  bigint not null,
    primary key (draft, member)
);
create index drafts_of_a_collaborator on draft_collaborators (programme, member);

-- The one code by which whoever has it joins a draft. What is kept of it is
-- its SHA-256.
create table draft_invitations (
    draft      uuid    primary key references drafts on delete cascade,
    programme  uuid    not null,
    hash       bytea   not null unique,
    expires_ms bigint  not null,
    taken_back boolean not null default false,
    -- The command that made it, to know it again when it is repeated.
    command    uuid    not null
);

-- Who saved it last; null: its author.
alter table drafts add column saved_by uuid;
-- Somebody is entering it: nothing is saved until then, so that nobody is told
-- that something was saved which the pitch then lacks.
alter table drafts add column entering_until_ms bigint not null default 0;

create or replace view open_drafts as
    select d.* from drafts d
    where not d.deleted
      and not exists (
          select from events e where e.stream = 'pitch/' || d.id and e.version = 1);
