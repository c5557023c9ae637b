-- When somebody invited an address that had no place yet: a day of that is
-- counted, so that nobody sends mail to the world. Whom, is not here.
create table invitations_given (
    person uuid        not null references people on delete cascade,
    at     timestamptz not null
);
create index invitations_given_by_a_person on invitations_given (person, at);
