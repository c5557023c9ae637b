-- What every service's database holds under its own tables.

-- One row: the service's lock and its counter in one. An index keeps it at
-- one, since a check would be parsed anew at each append.
create table head (
    position bigint not null
);
create unique index one_head on head ((true));
insert into head (position) values (0);

-- Event N of the service is row N here and message N of its stream in NATS.
create table events (
    position  bigint primary key,
    stream    text   not null,
    version   bigint not null,
    type      text   not null,
    programme uuid   not null,
    bytes     bytea  not null,
    unique (stream, version)
);
create index events_of_a_programme on events (programme, position);

create index forgettings on events (position)
    where type in ('plaudit.intake.v1.OpeningsForgotten', 'plaudit.intake.v1.OpeningForgotten');

-- The same for people who look with psql.
create view readable as
    select position, stream, version, type, programme,
           convert_from(bytes, 'UTF8')::jsonb as event
    from events;

-- What became of a command. Never its body, never an answer.
create table keys (
    command  uuid   primary key,
    stream   text   not null,
    version  bigint not null,
    position bigint not null,
    mac      bytea
);

-- The vault: openings at rest, encrypted for their subject.
create table openings (
    commitment bytea primary key,
    stream     text  not null,
    field      text  not null,
    subject    text  not null,
    resting    bytea not null
);
create index openings_of_a_subject on openings (subject);

-- Openings that a restored backup lacks, until an event says so.
create table openings_lost (
    commitment bytea primary key,
    programme  uuid  not null
);

-- Where each reader of events stands, read models and process managers alike.
create table checkpoints (
    reader   text   primary key,
    source   text   not null,
    position bigint not null default 0,
    event    uuid,
    stopped  text
);

-- What a process manager will do, and when; kept for ever once done.
create table timers (
    manager   text        not null,
    stream    text        not null,
    version   bigint      not null,
    name      text        not null,
    programme uuid        not null,
    cause     text        not null,
    due       timestamptz not null,
    done      boolean     not null default false,
    primary key (manager, stream, version, name)
);
create index timers_to_come on timers (due) where not done;

-- The one append. Commands of a batch write distinct streams, and none relies
-- on a stream that another writes: the queue sees to that, and the unique
-- index on (stream, version) refuses the whole batch if it ever did not. So
-- every check is one statement for all of them. Arrays are unnested in select
-- lists: in `from` each would be kept in a table of its own first.
--
-- The lock comes first and the checks are statements of their own after it:
-- under READ COMMITTED each then sees what was committed before the lock was
-- given. One statement for both would check against the past.
--
-- Outcomes: 0 appended, 1 the key is known, 2 a stream has moved,
-- 3 decided too long ago, 4 this database is older than the service has seen
-- it: a backup was put in its place, and nothing may be written before what is
-- missing was taken back.
--
-- Answers the head before, then an outcome a command. A command that was
-- appended ends at that head and all events up to its own; what is known of a
-- key is asked for by itself.
create function append(
    commands      uuid[],        -- a row a command …
    macs          bytea[],
    main_streams  text[],
    main_versions bigint[],
    decided       timestamptz[],
    first_decided timestamptz,   -- the earliest and the latest of these
    last_decided  timestamptz,
    lasts         int[],         -- which of all the batch's events is its last
    known_head    bigint,        -- the highest position that the service knows of
    ahead         interval,      -- of the service's clock; zero but in tests
    x_command     int[],         -- a row an expectation: command number from 1 …
    x_stream      text[],
    x_version     bigint[],
    e_command     int[],         -- a row an event, a command's together …
    e_stream      text[],
    e_version     bigint[],
    e_type        text[],
    e_programme   uuid[],
    e_bytes       bytea[],
    o_command     int[],         -- a row an opening …
    o_commitment  bytea[],
    o_stream      text[],
    o_field       text[],
    o_subject     text[],
    o_resting     bytea[],
    f_command     int[],         -- a row an event that makes the vault forget …
    f_subject     text[],        -- all of a subject,
    f_commitment  bytea[]        -- or one opening
)
returns bigint[]
language plpgsql
as $$
declare
    all_events bigint := cardinality(e_command);
    start      bigint;           -- the head before
    here       timestamptz;      -- the service's time, once it is our turn
    outcomes   bigint[] := array_fill(0::bigint, array[cardinality(commands)]);
    skipped    bigint[] := outcomes; -- events up to each command that are not appended
    known      int[];
    moved      int[];
begin
    update head set position = position + all_events
    returning position - all_events into start;

    if start < known_head then
        update head set position = start;
        return start || array_fill(4::bigint, array[cardinality(commands)]);
    end if;

    here := clock_timestamp() + ahead;
    select
        array(
            select c.n
            from (select generate_subscripts(commands, 1) as n, unnest(commands) as command) c
            where (select true from keys k where k.command = c.command)),
        array(
            select x.command
            from (select unnest(x_command) as command, unnest(x_stream) as stream,
                         unnest(x_version) as version) x
            where x.version <> coalesce(
                (select e.version from events e where e.stream = x.stream
                 order by e.version desc limit 1), 0))
    into known, moved;

    if known <> '{}' or moved <> '{}'
        or first_decided < here - interval '5 s' or last_decided > here + interval '5 s' then
        select array_agg(o.outcome order by o.n), array_agg(o.skipped order by o.n)
        into outcomes, skipped
        from (
            select c.n, c.outcome,
                   sum(case when c.outcome = 0 then 0 else c.events end) over (order by c.n) as skipped
            from (
                select n, last - lag(last, 1, 0) over (order by n) as events,
                       case when n = any(known) then 1
                            when n = any(moved) then 2
                            when at not between here - interval '5 s' and here + interval '5 s' then 3
                            else 0 end as outcome
                from unnest(lasts, decided) with ordinality u(last, at, n)
            ) c
        ) o;
        update head set position = start + all_events - skipped[cardinality(skipped)];
    end if;

    insert into events (position, stream, version, type, programme, bytes)
    select start + e.n - skipped[e.command],
           e.stream, e.version, e.type, e.programme, e.bytes
    from (select generate_subscripts(e_command, 1) as n, unnest(e_command) as command,
                 unnest(e_stream) as stream, unnest(e_version) as version, unnest(e_type) as type,
                 unnest(e_programme) as programme, unnest(e_bytes) as bytes) e
    where outcomes[e.command] = 0;

    insert into keys (command, stream, version, position, mac)
    select c.command, c.stream, c.version, start + c.last - skipped[c.n], c.mac
    from (select generate_subscripts(commands, 1) as n, unnest(commands) as command,
                 unnest(main_streams) as stream, unnest(main_versions) as version,
                 unnest(lasts) as last, unnest(macs) as mac) c
    where outcomes[c.n] = 0;

    if cardinality(o_command) > 0 then
        insert into openings (commitment, stream, field, subject, resting)
        select o.commitment, o.stream, o.field, o.subject, o.resting
        from (select unnest(o_command) as command, unnest(o_commitment) as commitment,
                     unnest(o_stream) as stream, unnest(o_field) as field,
                     unnest(o_subject) as subject, unnest(o_resting) as resting) o
        where outcomes[o.command] = 0;
    end if;

    if cardinality(f_command) > 0 then
        delete from openings o
        using unnest(f_command, f_subject) f(command, subject)
        where o.subject = f.subject and outcomes[f.command] = 0;
        delete from openings o
        using unnest(f_command, f_commitment) f(command, commitment)
        where o.commitment = f.commitment and outcomes[f.command] = 0;
    end if;
    return start || outcomes;
end;
$$;
