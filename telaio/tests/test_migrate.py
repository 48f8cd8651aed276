"""Migrations: once each, in order, whoever runs them and however many at once."""

import asyncio

import asyncpg
import pytest
from telaio.migrate import Migration, MigrationChanged, migrate, migrations, pending


async def test_migrating_twice_applies_once(database: str) -> None:
    wanted = migrations("prova", None)
    assert await migrate(database, wanted) == [m.name for m in wanted]
    assert await migrate(database, wanted) == []


async def test_many_at_once_apply_each_once(database: str) -> None:
    wanted = migrations("prova", None)
    applied = await asyncio.gather(*[migrate(database, wanted) for _ in range(6)])
    assert sorted(name for names in applied for name in names) == sorted(m.name for m in wanted)


async def test_a_migration_that_reads_differently_is_refused(database: str) -> None:
    await migrate(database, [Migration("a", "create table a ()")])
    with pytest.raises(MigrationChanged, match="a"):
        await migrate(database, [Migration("a", "create table b ()")])


async def test_one_that_fails_leaves_nothing_behind_and_the_next_start_goes_on(database: str) -> None:
    broken = [Migration("a", "create table a ()"), Migration("b", "create table b (); select 1/0")]
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(database, broken)
    assert await migrate(database, [broken[0], Migration("b", "create table b ()")]) == ["b"]


async def test_an_index_is_built_concurrently_beside_others_that_wait(database: str) -> None:
    wanted = [
        Migration("a", "create table a (n int)"),
        Migration("b", "-- no transaction\ncreate index concurrently a_n on a (n)"),
    ]
    async with asyncio.timeout(20):
        await asyncio.gather(*[migrate(database, wanted) for _ in range(4)])


async def test_what_is_pending_is_told(database: str) -> None:
    await migrate(database, [Migration("a", "select 1")])
    connection = await asyncpg.connect(database)
    left = await pending(connection, [Migration("a", "select 1"), Migration("b", "select 2")])
    await connection.close()
    assert [m.name for m in left] == ["b"]
