-- The read models of one generation, beside the tables of the consumer. Names are looked up by search path.

-- Every event, also of a type not known yet: evidence, and the source of every refold.
create table fact (
    source         text collate "C" not null,
    subject        text collate "C" not null,
    version        int not null,
    id             uuid not null,
    type           text not null,
    schema_version int not null,
    happened_on    date,
    recorded_at    timestamptz not null,
    data           jsonb not null,
    arrived_at     timestamptz not null default clock_timestamp(),
    primary key (source, subject, version)
);

-- What the fold of a subject has to remember for its next event.
create table folded (
    source  text collate "C" not null,
    subject text collate "C" not null,
    state   jsonb not null,
    primary key (source, subject)
) with (fillfactor = 80);

-- The referrals are read all together: few, among many subjects.
create index folded_invii on folded (subject) where starts_with(subject, 'invio');

-- All figures: sums of what each event contributes. `key` tells apart what is counted once (a family) or by kind.
-- No row stands for zero, so that two ways to the same facts end in the same rows.
create table quota (
    measure text collate "C" not null,
    source  text collate "C" not null,
    comune  text collate "C" not null,
    month   date not null,
    key     text collate "C" not null,
    value   bigint not null,
    primary key (measure, key, source, comune, month)  -- in this order, all of one family is read at once
) with (fillfactor = 80);

-- What pages read: quotas at their comune, summed over sources and entities. It grows with months, not with facts.
-- `month` is the first day of one, or the very day from which something counts that a definition tells by days.
create table riepilogo (
    measure text collate "C" not null,
    comune  text collate "C" not null,
    month   date not null,
    key     text collate "C" not null,
    value   bigint not null,
    primary key (measure, comune, month, key)
) with (fillfactor = 50);
create index riepilogo_by_month on riepilogo (month);  -- what comes after a day, for the figures up to it

-- The riepilogo summed over all its days, future ones too, and without the month a key may end with: it does not even
-- grow with months. What a page asks for is this, less what comes after its day.
create table totale (
    measure text collate "C" not null,
    comune  text collate "C" not null,
    key     text collate "C" not null,
    value   bigint not null,
    primary key (measure, comune, key)
) with (fillfactor = 50);

-- When each source was last heard, for freshness.
create table freshness (
    source        text primary key,
    events        bigint not null,
    last_recorded timestamptz not null
);

-- How the registrations of each source were, by the month in Italy they were made in: counts of its facts.
create table qualita (
    source       text collate "C" not null,
    month        date not null,
    eventi       bigint not null,
    tardivi      bigint not null,
    rettifiche   bigint not null,
    annullamenti bigint not null,
    senza_comune bigint not null,
    primary key (source, month)
) with (fillfactor = 80);
