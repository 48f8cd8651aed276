-- The journal is the truth of the service: one row an event, never changed, never deleted.
create table journal (
    seq            bigint generated always as identity primary key,
    id             uuid not null,
    kind           text not null,
    entity         text not null,
    version        int not null,
    type           text not null,
    schema_version smallint not null,
    data           jsonb not null,
    happened_on    date not null,
    recorded_at    timestamptz not null,
    author         text not null,
    correlation    text,
    causation      text,
    traceparent    text,
    unique (kind, entity, version)
);

-- Pointers into the journal: what is still to be shipped. Inserted with the event, deleted after the acknowledgement.
-- It is emptied all the time: vacuum early, or the dead rows are read again and again.
-- `round` tells which republication put a pointer back (0: none), so that only what was read is deleted.
create table outbox (
    seq   bigint primary key,
    round int not null default 0
) with (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_cost_delay = 0);

create sequence republication;

-- The state of each entity, derived from the journal by the fold of that version.
create table snapshot (
    kind    text not null,
    id      text not null,
    version int not null,
    fold    int not null,
    state   jsonb,
    primary key (kind, id)
) with (fillfactor = 80);

-- Keys that one entity at a time may hold.
create table claim (
    key    text primary key,
    kind   text not null,
    entity text not null
);
create index claim_by_entity on claim (kind, entity);

-- Accepted answers by key, so that a repeated request gets the same one.
create table idempotency (
    author      text not null,
    scope       text not null,
    key         text not null,
    digest      bytea not null,
    version     int not null,
    events      uuid[] not null,
    accepted_at timestamptz not null,
    primary key (author, scope, key)
);
create index idempotency_by_age on idempotency (accepted_at);
