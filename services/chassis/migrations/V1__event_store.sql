-- What every service's database holds under its own tables.

-- One row: the service's lock and its counter in one.
create table head (
    one      boolean primary key default true check (one),
    position bigint not null check (position >= 0)
);
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
-- every check is one statement for all of them.
--
-- The lock comes first and the checks are statements of their own after it:
-- under READ COMMITTED each then sees what was committed before the lock was
-- given. One statement for both would check against the past.
--
-- Outcomes: 0 appended, 1 the key is known, 2 a stream has moved,
-- 3 decided too long ago, 4 this database is older than the service has seen
-- it: a backup was put in its place, and nothing may be written before what is
-- missing was taken back. A command that was appended ends at `start` and all
-- events up to its own; what is known of a key is asked for by itself.
create function append(
    commands      uuid[],        -- a row a command …
    macs          bytea[],
    main_streams  text[],
    main_versions bigint[],
    decided       timestamptz[],
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
    f_commitment  bytea[],       -- or one opening
    out start     bigint,        -- the head before
    out outcomes  int[]          -- a command each
)
language plpgsql
-- The plans are made once a connection, perhaps while the tables are empty, and
-- must serve when they hold millions: every lookup is by index, a row at a time.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
    all_events int := cardinality(e_command);
    skipped    int[];            -- events up to each command that are not appended
    known      int[];
    moved      int[];
    stale      int[];
begin
    outcomes := array_fill(0, array[cardinality(commands)]);
    skipped := outcomes;
    update head set position = position + all_events
    returning position - all_events into start;

    if start < known_head then
        update head set position = start;
        outcomes := array_fill(4, array[cardinality(commands)]);
        return;
    end if;

    select
        (select array_agg(c.n)
         from unnest(commands) with ordinality c(command, n)
         where (select true from keys k where k.command = c.command)),
        (select array_agg(x.command)
         from unnest(x_command, x_stream, x_version) x(command, stream, version)
         where x.version <> coalesce(
            (select e.version from events e where e.stream = x.stream
             order by e.version desc limit 1), 0)),
        (select array_agg(d.n)
         from unnest(decided) with ordinality d(at, n)
         where abs(extract(epoch from d.at - (clock_timestamp() + ahead))) > 5)
    into known, moved, stale;

    if known is not null or moved is not null or stale is not null then
        select array_agg(o.outcome order by o.n), array_agg(o.skipped order by o.n)
        into outcomes, skipped
        from (
            select c.n, c.outcome,
                   sum(case when c.outcome = 0 then 0 else c.events end) over (order by c.n) as skipped
            from (
                select n, last - lag(last, 1, 0) over (order by n) as events,
                       case when n = any(known) then 1
                            when n = any(moved) then 2
                            when n = any(stale) then 3
                            else 0 end as outcome
                from unnest(lasts) with ordinality u(last, n)
            ) c
        ) o;
        update head set position = start + all_events - skipped[cardinality(skipped)];
    end if;

    insert into events (position, stream, version, type, programme, bytes)
    select start + e.n - skipped[e.command],
           e.stream, e.version, e.type, e.programme, e.bytes
    from unnest(e_command, e_stream, e_version, e_type, e_programme, e_bytes)
         with ordinality e(command, stream, version, type, programme, bytes, n)
    where outcomes[e.command] = 0;

    insert into keys (command, stream, version, position, mac)
    select c.command, c.stream, c.version, start + c.last - skipped[c.n], c.mac
    from unnest(commands, main_streams, main_versions, lasts, macs)
         with ordinality c(command, stream, version, last, mac, n)
    where outcomes[c.n] = 0;

    if cardinality(o_command) > 0 then
        insert into openings (commitment, stream, field, subject, resting)
        select o.commitment, o.stream, o.field, o.subject, o.resting
        from unnest(o_command, o_commitment, o_stream, o_field, o_subject, o_resting)
             o(command, commitment, stream, field, subject, resting)
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
end;
$$;
