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
-- missing was taken back.
create function append(
    commands      uuid[],        -- a row a command …
    macs          bytea[],
    main_streams  text[],
    main_versions bigint[],
    decided       timestamptz[],
    event_counts  int[],
    known_head    bigint,        -- the highest position that the service knows of
    ahead         interval,      -- of the service's clock; zero but in tests
    x_command     int[],         -- a row an expectation: command number from 1 …
    x_stream      text[],
    x_version     bigint[],
    e_command     int[],         -- a row an event …
    e_place       int[],         -- its place in its command, from 1
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
) returns table (r_outcome int, r_stream text, r_version bigint, r_position bigint, r_mac bytea)
language plpgsql
-- The plans are made once a connection, perhaps while the tables are empty, and
-- must serve when they hold millions: every lookup is by index, a row at a time.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
    start     bigint;
    outcomes  int[];
    ends      bigint[];
    total     bigint;
begin
    select position into start from head for update;

    if start < known_head then
        return query select 4, ''::text, 0::bigint, 0::bigint, null::bytea
                     from generate_subscripts(commands, 1);
        return;
    end if;

    with asked as (
        select c.command, c.decided, c.n
        from unnest(commands, decided) with ordinality c(command, decided, n)
    ), moved as (
        select distinct x.command as n
        from unnest(x_command, x_stream, x_version) x(command, stream, version)
        where x.version <> coalesce(
            (select e.version from events e where e.stream = x.stream
             order by e.version desc limit 1), 0)
    )
    select array_agg(
        case
            when k.command is not null then 1
            when m.n is not null then 2
            when abs(extract(epoch from a.decided - (clock_timestamp() + ahead))) > 5 then 3
            else 0
        end order by a.n)
    into outcomes
    from asked a
    left join keys k on k.command = a.command
    left join moved m on m.n = a.n;

    select array_agg(c.last order by c.n), max(c.last)
    into ends, total
    from (
        select n, start + sum(case when outcomes[n] = 0 then count else 0 end)
                   over (order by n) as last
        from unnest(event_counts) with ordinality u(count, n)
    ) c;

    insert into events (position, stream, version, type, programme, bytes)
    select ends[e.command] - event_counts[e.command] + e.place,
           e.stream, e.version, e.type, e.programme, e.bytes
    from unnest(e_command, e_place, e_stream, e_version, e_type, e_programme, e_bytes)
         e(command, place, stream, version, type, programme, bytes)
    where outcomes[e.command] = 0;

    insert into keys (command, stream, version, position, mac)
    select c.command, c.stream, c.version, ends[c.n], c.mac
    from unnest(commands, main_streams, main_versions, macs)
         with ordinality c(command, stream, version, mac, n)
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

    if total > start then
        update head set position = total;
    end if;

    return query
        select outcomes[c.n::int],
               coalesce(k.stream, ''), coalesce(k.version, 0), coalesce(k.position, 0), k.mac
        from unnest(commands) with ordinality c(command, n)
        left join keys k on k.command = c.command
        order by c.n;
end;
$$;
