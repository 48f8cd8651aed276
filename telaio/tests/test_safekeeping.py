"""Backup, restore, and the tail taken back from the topic, on real Kafka and PostgreSQL (fault 27 among them)."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import asyncpg
import pytest
from contratti.rete import Envelope
from stack.databases import Databases
from telaio.database import Unavailable
from telaio.entity import Rejected
from telaio.runtime import Runtime
from telaio.safekeeping.archive import Unreadable
from telaio.safekeeping.backup import backup
from telaio.safekeeping.export import export
from telaio.safekeeping.recovery import LOST_AUTHOR, recovered
from telaio.safekeeping.restore import Refused, restore
from telaio.testing.strand import vasi

from .conftest import Start, send, vaso
from .test_relay import emptied, relaying, runtime

__all__ = ["runtime"]
JOURNAL = (
    "select id, kind, entity, version, type, schema_version, data, happened_on, recorded_at, correlation, causation"
    " from journal order by kind, entity, version"
)
DERIVED = {"snapshot": "kind, id, version, fold, state", "claim": "key, kind, entity"}
Fresh = Callable[..., Awaitable[Runtime]]


@pytest.fixture
async def elsewhere(start: Start, databases: Databases, runtime: Runtime) -> AsyncIterator[Fresh]:
    """The same service, on a new, empty database."""
    made: list[str] = []

    async def make(**changes: Any) -> Runtime:
        made.append(databases.fresh())
        kept = runtime.settings.model_dump(include={"kafka", "partner", "idempotente", "adesso"})
        return await start(runtime.service, database=made[-1], **(kept | changes))

    yield make
    for dsn in made:
        databases.drop(dsn)


async def rows(runtime: Runtime, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await runtime.pool.fetch(query)]


async def shipped(runtime: Runtime) -> None:
    async with relaying(runtime):
        await emptied(runtime)


async def some_jars(runtime: Runtime, *numbers: int) -> None:
    for n in numbers:
        await send(runtime, vasi, vaso(n), "apertura", etichetta=f"vaso {n}", biglie=n)


async def test_a_backup_restored_and_served_again_is_the_same_service(
    runtime: Runtime, elsewhere: Fresh, tmp_path: Path
) -> None:
    await some_jars(runtime, 1, 2, 3)
    await shipped(runtime)
    manifest = await backup(runtime, tmp_path / "vasi.zip")
    assert manifest.tables["journal"].rows == 3
    assert not {"session", "migration", "restoration"} & manifest.tables.keys()
    other = await elsewhere()
    await restore(other, tmp_path / "vasi.zip")
    other.recovering = True
    await recovered(other)
    assert await rows(other, JOURNAL) == await rows(runtime, JOURNAL)
    assert await rows(other, "select author from journal") == await rows(runtime, "select author from journal")
    for table, columns in DERIVED.items():
        query = f"select {columns} from {table} order by 1, 2"
        assert await rows(other, query) == await rows(runtime, query)
    await send(other, vasi, vaso(1), "aggiunta", biglie=1)
    with pytest.raises(Rejected, match="etichetta"):
        await send(other, vasi, vaso(9), "apertura", etichetta="vaso 1", biglie=1)


async def test_what_an_older_backup_does_not_know_is_taken_back_before_the_first_command(
    runtime: Runtime, elsewhere: Fresh, tmp_path: Path
) -> None:
    await some_jars(runtime, 1, 2)
    await shipped(runtime)
    await backup(runtime, tmp_path / "vecchio.zip")
    await some_jars(runtime, 3)
    await send(runtime, vasi, vaso(1), "aggiunta", biglie=10)
    await send(runtime, vasi, vaso(2), "prelievo", biglie=1)
    await shipped(runtime)
    other = await elsewhere()
    await restore(other, tmp_path / "vecchio.zip")
    other.recovering = True
    with pytest.raises(Unavailable):
        await send(other, vasi, vaso(1), "aggiunta", biglie=1)
    await recovered(other)
    assert await rows(other, JOURNAL) == await rows(runtime, JOURNAL)
    for table, columns in DERIVED.items():
        query = f"select {columns} from {table} order by 1, 2"
        assert await rows(other, query) == await rows(runtime, query), table
    lost = await other.pool.fetchval("select count(*) from journal where author = $1", LOST_AUTHOR)
    assert lost == sum(other.status["ripristino"]["ripresi"].values()) == 3
    assert (await send(other, vasi, vaso(1), "aggiunta", biglie=1)).version == 3


async def test_only_a_marked_service_waits_for_kafka(runtime: Runtime, elsewhere: Fresh, tmp_path: Path) -> None:
    await some_jars(runtime, 1)
    runtime.recovering = True
    await asyncio.wait_for(recovered(runtime), 5)
    await backup(runtime, tmp_path / "b.zip")
    alone = await elsewhere(kafka="127.0.0.1:1")
    await restore(alone, tmp_path / "b.zip")
    alone.recovering = True
    waiting = asyncio.create_task(recovered(alone))
    await asyncio.sleep(1)
    assert alone.recovering
    assert alone.status["ripristino"]["motivo"]
    waiting.cancel()


async def test_two_histories_of_one_entity_are_not_made_one(runtime: Runtime, elsewhere: Fresh, tmp_path: Path) -> None:
    await some_jars(runtime, 1)
    await backup(runtime, tmp_path / "b.zip")
    await send(runtime, vasi, vaso(1), "aggiunta", biglie=1)
    await shipped(runtime)
    other = await elsewhere()
    await restore(other, tmp_path / "b.zip")
    await send(other, vasi, vaso(1), "aggiunta", biglie=2)  # what the mark is there to prevent
    other.recovering = True
    waiting = asyncio.create_task(recovered(other))
    async with asyncio.timeout(10):
        while "due storie" not in other.status.get("ripristino", {}).get("motivo", ""):
            await asyncio.sleep(0.05)
    waiting.cancel()
    assert other.recovering


async def test_a_restore_is_refused_where_it_would_do_harm(runtime: Runtime, elsewhere: Fresh, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    await some_jars(runtime, 1)
    await backup(runtime, path)
    with pytest.raises(Refused, match="fermare il servizio"):
        await restore(runtime, path)
    await runtime.pool.close()
    with pytest.raises(Refused, match="non è nuovo"):
        await restore(runtime, path)
    with pytest.raises(Refused, match="altro-ente"):
        await restore(await elsewhere(partner="altro-ente"), path)
    other = await elsewhere()
    connection = await asyncpg.connect(other.settings.database)
    with pytest.raises(Refused, match="collegato"):
        await restore(other, path)
    await connection.close()


async def test_a_file_that_is_not_whole_is_refused_and_nothing_is_written(
    runtime: Runtime, elsewhere: Fresh, tmp_path: Path
) -> None:
    path, broken = tmp_path / "b.zip", tmp_path / "rotto.zip"
    await some_jars(runtime, 1)
    await backup(runtime, path)
    with ZipFile(path) as good, ZipFile(broken, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, good.read(name).replace(b"vaso 1", b"vaso 7"))
    other = await elsewhere()
    with pytest.raises(Unreadable, match="non è quella"):
        await restore(other, broken)
    (tmp_path / "mezzo.zip").write_bytes(path.read_bytes()[:200])
    with pytest.raises(Unreadable, match="leggibile"):
        await restore(other, tmp_path / "mezzo.zip")
    assert await other.pool.fetchval("select to_regclass('journal')") is None


async def test_who_leaves_takes_everything_along_in_open_formats(runtime: Runtime, tmp_path: Path) -> None:
    await some_jars(runtime, 1, 2)
    await send(runtime, vasi, vaso(1), "aggiunta", biglie=4)
    rows = await export(runtime, tmp_path / "tutto.zip")
    assert (rows["eventi.jsonl"], rows["schede/vasi.csv"]) == (3, 2)
    with ZipFile(tmp_path / "tutto.zip") as archive:
        told = [json.loads(line) for line in archive.read("eventi.jsonl").splitlines()]
        cases = list(csv.DictReader(io.StringIO(archive.read("schede/vasi.csv").decode())))
        assert all(f"schemi/{e['type']}.1.json" in archive.namelist() for e in told)
        assert "ente-di-prova" in archive.read("LEGGIMI.txt").decode()
    published = [Envelope.model_validate(e).event() for e in told]
    assert [type(e).__name__ for e in published] == ["VasoAperto", "VasoAperto", "BiglieAggiunte"]
    assert {e["autore"] for e in told} == {"anna"}
    assert [(c["etichetta"], c["biglie"]) for c in cases] == [("vaso 1", "5"), ("vaso 2", "2")]


async def test_a_backup_that_fails_leaves_no_file(runtime: Runtime, tmp_path: Path) -> None:
    await runtime.pool.execute("alter table migration rename column applied_at to altro")
    with pytest.raises(asyncpg.PostgresError):
        await backup(runtime, tmp_path / "b.zip")
    assert list(tmp_path.iterdir()) == []
