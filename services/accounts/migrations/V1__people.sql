-- Who people are. Nothing here is in any event; deleting rows is forgetting.

-- An address, where there is one, was proven by its owner or given by the
-- operator, and is kept in lower case.
create table people (
    person     uuid        primary key,
    name       text        not null default '',
    email      text        unique,
    created_at timestamptz not null,
    -- Asked to be forgotten: name, address and ways in are gone already, the
    -- events that say so are being appended.
    leaving    boolean     not null default false
);
create index people_leaving on people (person) where leaving;

-- A sign-in under way. The challenge is the secret of the client that asked,
-- and only its hash is here; so the code's hash, which the challenge salts,
-- can't be tried against all six-digit numbers by whoever reads this.
create table sign_ins (
    challenge  bytea       primary key,
    email      text        not null,
    code       bytea       not null,
    expires_at timestamptz not null,
    tries      int         not null default 0
);
create index sign_ins_of_an_address on sign_ins (email);
create index sign_ins_by_age on sign_ins (expires_at);

-- Ids are of version 7: their order is that of signing in.
create table sessions (
    session    uuid        primary key,
    person     uuid        not null references people on delete cascade,
    token      bytea       not null unique,
    client     text        not null,
    signed_in  timestamptz not null,
    expires_at timestamptz not null
);
create index sessions_of_a_person on sessions (person, session);

create table tokens (
    id         uuid        primary key,
    person     uuid        not null references people on delete cascade,
    name       text        not null,
    scopes     text[]      not null,
    token      bytea       not null unique,
    created_at timestamptz not null
);
create index tokens_of_a_person on tokens (person, id);

-- A member and the person behind it; without a person, an invitation that
-- waits for the owner of the address.
create table members (
    member    uuid    primary key,
    programme uuid    not null,
    person    uuid    references people,
    email     text,
    name      text,
    -- Whether the event that says so was appended.
    joined    boolean not null default false,
    unique (programme, person),
    unique (programme, email),
    check ((person is null) <> (email is null)),
    check (person is not null or not joined)
);
create index members_of_a_person on members (person);
create index members_in_order on members (programme, member);
create index invitations_of_an_address on members (email) where email is not null;
