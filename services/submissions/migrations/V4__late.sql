-- A version of a draft that came after the last instant. It is kept, and
-- counts for nothing unless two people reopen the pitch.
alter table drafts add column late_content bytea;
alter table drafts add column late_ms bigint;
alter table drafts add column late_by uuid;
create index late_drafts on drafts (programme, late_ms) where late_ms is not null;

-- Those that are not deleted and have not entered. That a pitch is reopened,
-- which may be the first that happens to it, doesn't make it enter.
create or replace view open_drafts as
    select d.* from drafts d
    where not d.deleted
      and not exists (
          select from events e where e.stream = 'pitch/' || d.id
          and e.type = 'plaudit.submissions.v1.PitchSubmitted');

-- Those, and what came too late to those that have entered.
create view shown_drafts as
    select d.* from drafts d
    where not d.deleted
      and (d.late_ms is not null or not exists (
          select from events e where e.stream = 'pitch/' || d.id
          and e.type = 'plaudit.submissions.v1.PitchSubmitted'));
