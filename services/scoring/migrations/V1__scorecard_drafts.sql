-- Drafts of scorecards are private to their judge and no events.
create table scorecard_drafts (
    scorecard  uuid    primary key,
    programme  uuid    not null,
    round      uuid    not null,
    pitch      uuid    not null,
    member     uuid    not null,
    -- Never the same twice for one scorecard, also after a draft was deleted:
    -- the row stays until the round is locked.
    version    bigint  not null,
    -- The version of the scorecard for which it was written.
    answers    bigint  not null,
    -- When the last byte of it had arrived, in milliseconds since 1970.
    saved_ms   bigint  not null,
    -- Concealed with the judge's key.
    content    bytea   not null,
    deleted    boolean not null default false,
    -- The last command, to know it again when it is repeated.
    command    uuid    not null,
    mac        bytea
);
create index scorecard_drafts_of_a_judge on scorecard_drafts (round, member, pitch);

-- Those that are still in the making: whatever happens to the scorecard, be it
-- handed in or let go, ends what was drafted before, in the same instant.
create view open_scorecard_drafts as
    select d.* from scorecard_drafts d
    where not d.deleted
      and not exists (
          select from events e
          where e.stream = 'scorecard/' || d.scorecard and e.version = d.answers + 1);
