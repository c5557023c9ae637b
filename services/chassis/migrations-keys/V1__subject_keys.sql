-- A store of its own, with backups of its own that are kept 30 days: a key
-- that was deleted is then gone from everywhere. A subject that was forgotten
-- keeps its row without a key: it gets no other one.
create table subject_keys (
    subject text  primary key,
    wrapped bytea
);
