-- When a file was complete: what a draft that enters by itself takes with it
-- had been by the last instant.
alter table attachments add column completed_ms bigint;
update attachments set completed_ms = started_ms where complete;
