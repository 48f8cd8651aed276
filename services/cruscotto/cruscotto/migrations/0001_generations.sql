-- Read models live in generations: schemas filled from Kafka, one of which is served.
create table generation (
    name      text primary key,
    number    int not null unique,
    made_at   timestamptz not null default clock_timestamp(),
    filled_at timestamptz
);

-- One row: the generation that is read and kept up to date. A swap changes it; every projection shares a lock on it.
create table served (
    single boolean primary key default true check (single),
    name text not null references generation
);
