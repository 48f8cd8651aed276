"""A cruscotto on a database of its own, fed with events as if they came off the wire."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from itertools import count
from typing import Any

import pytest
from contratti.rete import Event
from cruscotto import generation
from cruscotto.projection import Projection
from cruscotto.rebuild import COMPARED
from cruscotto.service import servizio
from stack.databases import Databases
from telaio.consumer.ingest import ingest
from telaio.consumer.record import Received, receive
from telaio.database import Pool, open_pool
from telaio.migrate import migrate, migrations
from telaio.testing.wire import Raw

_offsets = count()
Rows = dict[str, list[tuple[Any, ...]]]


def on_the_wire(
    subject: str, events: Iterable[Event], *, source: str = "/casa/consorzio-tenda", start: int = 1
) -> list[Received]:
    """The events of one entity as records, versions from `start`; ids follow from subject and version."""
    return [_received(source, subject, version, event) for version, event in enumerate(events, start)]


def event_id(subject: str, version: int) -> str:
    """The id of the event that `on_the_wire` makes."""
    return f"00000000-0000-7000-{version:04x}-{abs(hash(subject)) % 16**12:012x}"


def _received(source: str, subject: str, version: int, event: Event) -> Received:
    envelope = {
        "specversion": "1.0",
        "id": event_id(subject, version),
        "source": source,
        "type": event.type_name,
        "subject": subject,
        "time": f"{event.avvenuto_il}T12:00:00.000Z",
        "dataschema": f"/schemas/{event.type_name}/{event.schema_version}",
        "datacontenttype": "application/json",
        "entityversion": version,
        "data": event.model_dump(mode="json"),
    }
    topic = f"{source.split('/')[1]}.eventi"
    raw = Raw(topic, 0, next(_offsets), subject.encode(), json.dumps(envelope).encode())
    return receive([raw])[0]


class Cruscotto:
    """The read models of one database."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    async def feed(self, *batches: Sequence[Received]) -> None:
        """Applies the batches, one transaction each."""
        for batch in batches:
            async with generation.in_served(self.pool) as connection:
                await ingest(connection, Projection(), batch)

    async def measure(self, name: str) -> int:
        """The sum of a measure."""
        async with generation.reading_served(self.pool) as connection:
            return await connection.fetchval(
                "select coalesce(sum(value), 0)::bigint from quota where measure = $1", name
            )

    async def rows(self) -> Rows:
        """All rows of the read models, arrival times and the waiting table apart."""
        async with generation.reading_served(self.pool) as connection:
            return {
                table: sorted(map(tuple, await connection.fetch(f"select {columns} from {table}")), key=str)
                for table, columns in COMPARED.items()
            }


Make = Callable[[], Awaitable[Cruscotto]]


@pytest.fixture
async def make(databases: Databases) -> AsyncIterator[Make]:
    """Makes empty cruscotti."""
    made: list[tuple[str, Pool]] = []

    async def one() -> Cruscotto:
        dsn = databases.fresh()
        await migrate(dsn, migrations("cruscotto", servizio.migrations))
        pool = await open_pool(dsn)
        made.append((dsn, pool))
        await generation.ensure_served(pool)
        return Cruscotto(pool)

    yield one
    for dsn, pool in made:
        await pool.close()
        databases.drop(dsn)


@pytest.fixture
async def cruscotto(make: Make) -> Cruscotto:
    """An empty cruscotto."""
    return await make()
