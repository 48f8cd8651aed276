"""PostgreSQL can be started, stopped and mistreated; each test has a database of its own."""

import asyncio

import asyncpg
import pytest
from stack import ports, postgres
from stack.databases import Databases
from stack.postgres import Postgres


@pytest.fixture(scope="module")
def mine(own_postgres) -> Postgres:
    return own_postgres(fsync=True)


async def _run(dsn: str, *statements: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()


async def test_each_test_has_an_empty_database(database: str) -> None:
    count = "select count(*) from pg_class where relnamespace = 'public'::regnamespace"
    assert await _run(database, "create table nota (testo text)", count) == 1


async def test_and_what_another_test_made_is_not_in_it(database: str) -> None:
    assert await _run(database, "select to_regclass('nota')") is None


async def test_a_template_is_prepared_once_and_cloned(databases: Databases) -> None:
    prepared = []

    def prepare(dsn: str) -> None:
        prepared.append(dsn)
        databases.execute_in(dsn, "create table seme (valore int)")

    first, second = databases.fresh("semi", prepare), databases.fresh("semi", prepare)
    assert len(prepared) == 1
    assert await _run(first, "insert into seme values (1)", "select count(*) from seme") == 1
    assert await _run(second, "select count(*) from seme") == 0
    databases.drop(first)
    databases.drop(second)


async def test_a_database_is_dropped_although_someone_is_connected(databases: Databases) -> None:
    dsn = databases.fresh()
    connection = await asyncpg.connect(dsn)
    databases.drop(dsn)
    assert not postgres.answers(dsn)
    connection.terminate()


async def test_committed_rows_survive_a_kill_at_the_same_address(mine: Postgres) -> None:
    dsn = mine.dsn()
    await _run(dsn, "create table durevole (v int)", "insert into durevole values (7) returning v")
    mine.kill()
    mine.start()
    assert mine.dsn() == dsn
    assert await _run(dsn, "select v from durevole") == 7


async def test_fsync_is_on_where_it_was_asked_for_and_two_hundred_connections_fit(mine: Postgres) -> None:
    assert await _run(mine.dsn(), "show fsync") == "on"
    assert int(str(await _run(mine.dsn(), "show max_connections"))) >= 200


async def test_a_kill_ends_the_sessions_too(mine: Postgres) -> None:
    connection = await asyncpg.connect(mine.dsn())
    mine.kill()
    with pytest.raises((OSError, asyncpg.InterfaceError, asyncpg.PostgresError)):
        await connection.fetchval("select 1")
    mine.start()


async def test_a_pause_freezes_open_sessions_until_it_is_resumed(mine: Postgres) -> None:
    connection = await asyncpg.connect(mine.dsn())
    mine.pause()
    asking = asyncio.create_task(connection.fetchval("select 1"))
    await asyncio.sleep(0.3)
    assert not asking.done()
    mine.resume()
    assert await asking == 1
    await connection.close()


async def test_a_wiped_server_starts_empty_at_the_same_address(mine: Postgres) -> None:
    dsn = mine.dsn()
    await _run(mine.dsn(), "create table svanita (v int)", "select 1")
    mine.wipe()
    mine.start()
    assert mine.dsn() == dsn
    assert await _run(mine.dsn(), "select to_regclass('svanita')") is None


def test_a_stopped_server_frees_its_port(mine: Postgres) -> None:
    mine.stop()
    assert ports.is_free(int(mine.dsn().rpartition(":")[2].partition("/")[0]))
    assert not postgres.answers(mine.dsn())
    mine.start()
