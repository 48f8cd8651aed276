"""Generations of the read models: one is served, another may be filled beside it, and a swap is one transaction."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from telaio.database import Connection, Pool, transaction
from telaio.migrate import CHASSIS

from cruscotto.proiezione import riepilogo

SHAPE = (CHASSIS / "0002_consumer.sql", Path(__file__).with_name("generation.sql"))
FILLED = Path(__file__).with_name("generation_filled.sql")
VIEWS = Path(__file__).with_name("viste.sql")
RELEASE = hashlib.sha256(b"".join(file.read_bytes() for file in (*SHAPE, FILLED))).hexdigest()[:16]
"""Of which release the tables are that this code reads and writes."""
KEPT = ("fact", "folded", "quota", "freshness")
"""The tables pages and API read that each batch adds to."""
DERIVED = ("riepilogo", "totale")
"""Those that follow from them, and that `riepilogo.ricostruisci` fills anew."""
TOLD = ("qualita",)
"""Those about the registrations themselves, of which nobody asks how they were."""
_OUTDATED = "select shape is distinct from $1 from public.generation join public.served using (name)"
_NAME = re.compile(r"^g\d{1,9}$")

# The pointer is share-locked until commit: a swap waits for the batches in flight, and they for it.
_IN_SERVED = """
begin;
with pointer as (select name from public.served for share)
select set_config('search_path', (select name from pointer), true)
"""


@asynccontextmanager
async def in_served(pool: Pool) -> AsyncIterator[Connection]:
    """A transaction in the generation served now; none can be swapped in meanwhile."""
    async with transaction(pool, _IN_SERVED) as connection:
        yield connection


@asynccontextmanager
async def reading_served(pool: Pool) -> AsyncIterator[Connection]:
    """A read-only transaction that sees the generation served when it began."""
    begin = "begin isolation level repeatable read read only; select set_config('search_path', name, true) from served"
    async with transaction(pool, begin) as connection:
        yield connection


@asynccontextmanager
async def in_generation(pool: Pool, name: str, *, durable: bool = False) -> AsyncIterator[Connection]:
    """A transaction in a generation that is being filled: what a crash takes of it is filled again, so it waits for
    the disk only where `durable`."""
    commit = "on" if durable else "off"
    begin = f"begin; set local search_path to {safe(name)}; set local synchronous_commit to {commit}"
    async with transaction(pool, begin) as connection:
        yield connection


async def finish(pool: Pool, name: str) -> None:
    """Makes a filled generation ready to be served: what is indexed is not what is summed, so both go on at once."""
    await asyncio.gather(_indexed(pool, name), _summed(pool, name))
    await pool.execute("update generation set filled_at = clock_timestamp() where name = $1", name)


async def _indexed(pool: Pool, name: str) -> None:
    async with in_generation(pool, name, durable=True) as connection:
        await connection.execute(FILLED.read_text(encoding="utf-8"))


async def _summed(pool: Pool, name: str) -> None:
    async with in_generation(pool, name, durable=True) as connection:
        await riepilogo.ricostruisci(connection)


async def create(pool: Pool) -> str:
    """A new, empty generation beside the others; returns its name."""
    async with transaction(pool) as connection:
        number = await connection.fetchval("select coalesce(max(number), 0) + 1 from generation")
        name = f"g{number}"
        await connection.execute(f"create schema {safe(name)}")
        made = "insert into generation (name, number, shape) values ($1, $2, $3)"
        await connection.execute(made, name, number, RELEASE)
        await connection.execute(f"set local search_path to {safe(name)}")
        for file in SHAPE:
            await connection.execute(file.read_text(encoding="utf-8"))
    return name


async def ensure_served(pool: Pool) -> str:
    """The generation served; the first one is made where there is none. Any number of processes may call it at once.
    One of an earlier release is left as it is: see `outdated`."""
    async with transaction(pool, "begin; lock table served in share row exclusive mode") as connection:
        name = await connection.fetchval("select name from served")
        if name is None:
            name = await create(pool)
            await finish(pool, name)
            await connection.execute("insert into served (name) values ($1)", name)
        if not await connection.fetchval(_OUTDATED, RELEASE):
            await _show(connection, str(name))
    return str(name)


async def outdated(pool: Pool) -> bool:
    """Whether the generation served is of another release: nothing may read or write it but that release."""
    return bool(await pool.fetchval(_OUTDATED, RELEASE))


async def swap(pool: Pool, name: str) -> str:
    """Serves the generation `name` from now on; returns the one served before, which is kept."""
    async with transaction(pool) as connection:
        before = await connection.fetchval("select name from served for update")
        await connection.execute("update served set name = $1", name)
        await _show(connection, name)
    return str(before)


async def _show(connection: Connection, name: str) -> None:
    """Points the views of `rapporti` at a generation, in the transaction that serves it."""
    await connection.execute(VIEWS.read_text(encoding="utf-8").format(safe(name)))


async def previous(pool: Pool) -> str | None:
    """The youngest complete generation of this release that is not served."""
    name = await pool.fetchval(
        "select name from generation where filled_at is not null and name <> (select name from served)"
        " and shape = $1 order by number desc limit 1",
        RELEASE,
    )
    return str(name) if name else None


async def drop_others(pool: Pool, *keep: str) -> list[str]:
    """Drops every generation but those named; returns what was dropped."""
    names = [n for (n,) in await pool.fetch("select name from generation where name <> all($1::text[])", keep)]
    for name in names:
        async with transaction(pool) as connection:
            await connection.execute(f"drop schema if exists {safe(name)} cascade")
            await connection.execute("delete from generation where name = $1", name)
    return names


def safe(name: str) -> str:
    """The name, fit to stand in SQL. Raises: ValueError."""
    if not _NAME.match(name):
        raise ValueError(f"not a generation: {name!r}")
    return name
