"""A cruscotto on a database of its own, fed with events as if they came off the wire."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest
from contratti.rete import Event
from cruscotto.proiezione import generation, riepilogo
from cruscotto.proiezione.projection import Projection
from cruscotto.proiezione.rebuild import COMPARED
from cruscotto.service import servizio
from stack import waiting
from stack.databases import Databases
from stack.tokens import Issuer, by_id
from telaio.consumer.ingest import ingest
from telaio.consumer.record import Received, receive
from telaio.database import Pool, open_pool
from telaio.migrate import migrate, migrations
from telaio.runtime import Runtime
from telaio.settings import Settings
from telaio.testing.entering import Entered, enter
from telaio.testing.wire import Raw
from telaio.web import make_app

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

    def __init__(self, pool: Pool, dsn: str) -> None:
        self.pool, self.dsn = pool, dsn

    async def feed(self, *batches: Sequence[Received]) -> None:
        """Applies the batches, one transaction each."""
        for batch in batches:
            async with generation.in_served(self.pool) as connection:
                await ingest(connection, Projection(riepilogo.aggiorna), batch)

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
        dsn = databases.fresh("cruscotto", lambda dsn: waiting.run(_prepare(dsn)))
        pool = await open_pool(dsn)
        made.append((dsn, pool))
        return Cruscotto(pool, dsn)

    yield one
    for dsn, pool in made:
        await pool.close()
        databases.drop(dsn)


async def _prepare(dsn: str) -> None:
    await migrate(dsn, migrations("cruscotto", servizio.migrations))
    pool = await open_pool(dsn)
    await generation.ensure_served(pool)
    await pool.close()


@pytest.fixture
async def cruscotto(make: Make) -> Cruscotto:
    """An empty cruscotto."""
    return await make()


ADESSO = "2016-12-15T10:00:00+01:00"


@dataclass
class Web:
    """L'applicazione del cruscotto, e ciò che serve per interrogarla."""

    runtime: Runtime
    cruscotto: Cruscotto
    client: httpx2.AsyncClient
    issuer: Issuer

    async def feed(self, *batches: Sequence[Received]) -> None:
        await self.cruscotto.feed(*batches)

    async def api(self, path: str, **headers: str) -> httpx2.Response:
        """GET dell'API, come Giulia Rossi."""
        sent = {"Authorization": f"Bearer {self.issuer.token('giulia.rossi')}"} | headers
        return await self.client.get(f"/api/v1{path}", headers=sent)

    async def letto(self, path: str) -> Any:
        """Il corpo di una risposta 200."""
        answer = await self.api(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def entra(self, user: str = "giulia.rossi") -> Entered:
        """L'accesso alle pagine di una persona di prova: il cookie, e il valore di `_modulo` per i moduli."""
        who = by_id(user)
        return await enter(self.runtime, who.id, who.ruoli, who.servizi, who.ente)

    async def pagina(self, path: str, *, status: int = 200, user: str = "giulia.rossi") -> str:
        """Una pagina come la riceve un browser che ha fatto accesso."""
        answer = await self.client.get(path, headers={"Accept": "text/html", **(await self.entra(user)).cookie})
        assert answer.status_code == status, (answer.status_code, answer.text[-2000:])
        return re.sub(r"\s+", " ", unescape(answer.text))


@pytest.fixture
async def web(cruscotto: Cruscotto, tmp_path: Path) -> AsyncIterator[Web]:
    """Un cruscotto vuoto con la sua applicazione; il suo orologio segna il 15 dicembre 2016."""
    issuer = Issuer(tmp_path)
    settings = Settings.model_validate(
        {
            "database": cruscotto.dsn,
            "kafka": "127.0.0.1:1",
            "partner": "ambito",
            "chiavi_file": issuer.keys_file,
            "emittente": "genera-sviluppo",
            "sviluppo": True,
            "adesso": ADESSO,
        }
    )
    runtime = await Runtime.start(servizio, settings)
    assert servizio.routes is not None
    transport = httpx2.ASGITransport(app=make_app(runtime, servizio.routes(runtime)))
    async with httpx2.AsyncClient(transport=transport, base_url="http://cruscotto.test") as client:
        yield Web(runtime, cruscotto, client, issuer)
    await runtime.stop()
