-- The read-only role of `rapporti`: run once by the database's owner, connected to the cruscotto's database. It sees the
-- views and nothing behind them: no journal, no sessions, no facts. Its password is set apart: \password genera_rapporti
do $$
begin
    if not exists (select from pg_roles where rolname = 'genera_rapporti') then
        create role genera_rapporti login nosuperuser nocreatedb nocreaterole connection limit 10;
    end if;
end $$;
alter role genera_rapporti set default_transaction_read_only = on;
alter role genera_rapporti set statement_timeout = '30s';
grant usage on schema rapporti to genera_rapporti;
grant select on all tables in schema rapporti to genera_rapporti;
alter default privileges in schema rapporti grant select on tables to genera_rapporti;
