"""A service works under a role that cannot change its tables, on a real PostgreSQL."""

from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import pytest
from telaio.migrate import migrate, migrations
from telaio.roles import grant

ALL = migrations("prova", None)


@pytest.fixture
def worker(database: str) -> str:
    return _as(database, "casa_servizio", "parola con ' e %")


def _as(dsn: str, role: str, password: str) -> str:
    parts = urlsplit(dsn)
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(password)}@{parts.hostname}:{parts.port}"))


async def test_it_writes_and_cannot_change_the_tables(database: str, worker: str) -> None:
    await migrate(database, ALL)
    assert await grant(database, worker) == "casa_servizio"
    connection = await asyncpg.connect(worker)
    try:
        assert await connection.fetchval("select count(*) from migration") == len(ALL)
        await connection.execute("delete from outbox")
        for forbidden in ("drop table journal", "alter table journal add column x int", "create table x ()"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(forbidden)
    finally:
        await connection.close()


async def test_what_a_later_migration_makes_it_may_use_at_once(database: str, worker: str) -> None:
    await migrate(database, ALL[:1])
    await grant(database, worker)
    await migrate(database, ALL)
    connection = await asyncpg.connect(worker)
    try:
        for (table,) in await connection.fetch("select tablename from pg_tables where schemaname = 'public'"):
            await connection.fetch(f'select * from "{table}" limit 1')
    finally:
        await connection.close()


async def test_asked_again_it_takes_the_new_password(database: str, worker: str) -> None:
    await migrate(database, ALL)
    await grant(database, worker)
    renewed = _as(database, "casa_servizio", "un'altra")
    await grant(database, renewed)
    await (await asyncpg.connect(renewed)).close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(worker)


async def test_the_owner_itself_is_left_as_it_is(database: str) -> None:
    assert await grant(database, database) is None
