-- A store of its own, with backups of its own that are kept 30 days: a key
-- that was deleted is then gone from everywhere.
create table subject_keys (
    subject text  primary key,
    wrapped bytea not null
);
