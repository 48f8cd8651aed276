-- What the referral protocol's events say, as they come back from the bus, our own included: evidence and history.
create table heard (
    source         text collate "C" not null,
    subject        text collate "C" not null,
    version        int not null,
    id             uuid not null,
    type           text not null,
    schema_version smallint not null,
    data           jsonb not null,
    happened_on    date not null,
    recorded_at    timestamptz not null,
    primary key (source, subject, version)
);
create index heard_by_subject on heard (subject);

-- Chains are read from both ends.
create index snapshot_by_segue on snapshot ((state->>'segue')) where kind = 'invio';

-- The halves folded from them, by entity and by who wrote them.
create table half (
    kind   text not null,
    id     text not null,
    source text not null,
    state  jsonb not null,
    primary key (kind, id, source)
) with (fillfactor = 80);
