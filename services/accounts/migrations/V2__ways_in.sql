-- How people come, and when they last proved that it is them.

-- Sessions from before this proved it when they began.
alter table sessions
    add column signed_in_by text        not null default 'emailed-code',
    add column confirmed_at timestamptz not null default 'epoch';
update sessions set confirmed_at = signed_in;

-- A code that is asked for within a session opens nothing but that session's
-- acts that need a second key.
alter table sign_ins add column session uuid references sessions on delete cascade;

-- Ids are of version 7: their order is that of making. What a passkey proves is
-- in `kept`; nothing there is secret.
create table passkeys (
    passkey    uuid        primary key,
    person     uuid        not null references people on delete cascade,
    name       text        not null,
    credential bytea       not null unique,
    kept       jsonb       not null,
    created_at timestamptz not null,
    used_at    timestamptz
);
create index passkeys_of_a_person on passkeys (person, passkey);

-- What a browser was sent away with, to come back with an answer: once, within
-- ten minutes. As with codes, only the challenge's hash is here.
create table errands (
    challenge  bytea       primary key,
    purpose    text        not null,
    session    uuid        references sessions on delete cascade,
    state      jsonb       not null,
    expires_at timestamptz not null
);
create index errands_by_age on errands (expires_at);
