-- What notify knows, and whom it has written to. Nothing here is an event, and
-- no row has an address, a name, or a word of a pitch.

-- How far each service's events have been read.
create table taken (
    service  text   primary key,
    position bigint not null,
    event    uuid   not null
);

-- What the events have told, as far as letters need it: programmes, pitches,
-- judges, scorecards and so on.
create table facts (
    noun      text  not null,
    id        uuid  not null,
    programme uuid  not null,
    body      jsonb not null,
    primary key (noun, id)
);
create index facts_of_a_programme on facts (programme, noun);

-- Letters to many, or at an instant: whom they concern is found out when they
-- are due.
create table mailings (
    occasion  uuid   not null,
    kind      text   not null,
    programme uuid   not null,
    about     jsonb  not null,
    due_ms    bigint not null,
    done      boolean not null default false,
    primary key (occasion, kind)
);
create index mailings_due on mailings (due_ms) where not done;

-- A letter to one member because of one occasion. Its id is derived from the
-- three and stands in its Message-ID. It is `claimed` before it is sent: one
-- that is found claimed by nobody may have gone.
create table letters (
    letter      uuid    primary key,
    number      bigint  generated always as identity unique,
    programme   uuid    not null,
    occasion    uuid    not null,
    member      uuid    not null,
    kind        text    not null,
    about       jsonb   not null,
    -- The pitch that it is about, behind which there may be a wall.
    pitch       uuid,
    -- That somebody gets it says that they have a draft.
    discreet    boolean not null,
    made_ms     bigint  not null,
    due_ms      bigint  not null,
    -- Of no use after that.
    ends_ms     bigint,
    state       text    not null default 'waiting'
                check (state in ('waiting', 'claimed', 'sent', 'dropped', 'given-up')),
    attempts    int     not null default 0,
    settled_ms  bigint,
    maybe_twice boolean not null default false,
    -- Why it was dropped or given up: a word from a list.
    why         text,
    unique (occasion, member, kind)
);
create index letters_due on letters (due_ms) where state = 'waiting';
create index letters_claimed on letters (letter) where state = 'claimed';
create index letters_of_a_programme on letters (programme, number);
create index letters_to_a_member on letters (member) where state = 'waiting';

-- What organisers made of a letter to many.
create table wordings (
    programme uuid   not null,
    kind      text   not null,
    version   bigint not null,
    subject   text   not null,
    text      text   not null,
    primary key (programme, kind)
);

-- Who wants no letters that taking part doesn't need.
create table choices (
    member    uuid    primary key,
    programme uuid    not null,
    optional  boolean not null
);

-- Commands and how they were answered, to know them again.
create table commands (
    command uuid  primary key,
    mac     bytea not null,
    answer  jsonb not null
);
