-- Where the consumer is in each partition; `digest` is that of the last record applied, to recognise a recreated log.
create table consumer_offset (
    topic       text not null,
    partition   int not null,
    next_offset bigint not null,
    digest      bytea,
    primary key (topic, partition)
) with (fillfactor = 50);

-- The version each subject of each source has reached. `forked`: two different events claimed one version.
create table gate (
    source  text collate "C" not null,
    subject text collate "C" not null,
    version int not null,
    last_id uuid,
    forked  boolean not null default false,
    primary key (source, subject)
) with (fillfactor = 80);

-- Records that cannot be applied now: bad ones with their bytes and reason, and successors that wait behind a gap.
create table waiting (
    id           bigint generated always as identity primary key,
    topic        text not null,
    partition    int not null,
    record       bigint not null,
    key          bytea,
    value        bytea,
    source       text,
    subject      text,
    version      int,
    reason       text not null,
    detail       text not null,
    arrived_at   timestamptz not null default clock_timestamp(),
    discarded_at timestamptz,
    discarded_why text,
    unique (topic, partition, record)
);
create index waiting_by_subject on waiting (source, subject, version) where discarded_at is null;

-- A reaction answers each cause once.
create table handled (
    cause   uuid not null,
    handler text not null,
    primary key (cause, handler)
);
