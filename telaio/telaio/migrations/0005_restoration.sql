-- A row stands here from a restore until the service has taken back from its own topic what the backup did not know.
-- (`if not exists`: a restore makes it too, before the migrations that the backup had not seen.)
create table if not exists restoration (
    single       boolean primary key default true check (single),
    backup_at    timestamptz not null,
    restored_at  timestamptz not null default clock_timestamp(),
    recovered_at timestamptz,
    events       int not null default 0
);
