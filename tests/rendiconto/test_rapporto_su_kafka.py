"""A report approved in a real run of casa and cruscotto: on the topic, after a rebuild, and with no generation left."""

import json
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from cruscotto.contesto import Contesto, contesto
from cruscotto.rendiconto import testi
from cruscotto.rendiconto.contenuto import leggi_contenuto
from cruscotto.rendiconto.verifica import Verifica, verifica
from cruscotto.service import servizio
from stack.broker import Broker
from stack.databases import Databases
from stack.services import ServiceProcess, ServiceSpec
from stack.tokens import ISSUER, Issuer
from telaio.clock import ROME
from telaio.runtime import Runtime
from telaio.settings import Settings
from telaio.testing.live import first_deliveries

PARTNER = {"casa": "consorzio-tenda", "cruscotto": "ambito"}
GIORNO = {"avvenuto_il": "2016-03-10"}
SECONDS = 60


@dataclass
class Insieme:
    """casa and cruscotto as processes on a broker of their own."""

    issuer: Issuer
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    processes: dict[str, ServiceProcess] = field(default_factory=dict)

    def call(self, service: str, path: str, body: Mapping[str, Any] | None = None, user: str = "giulia.rossi") -> Any:
        """What the service answers to a program of this user."""
        headers = {"Authorization": f"Bearer {self.issuer.token(user)}", "Content-Type": "application/json"}
        sent = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.processes[service].url + path, sent, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def casa(self, path: str, **body: Any) -> None:
        self.call("casa", path, {**GIORNO, **body}, "anna.bianchi")

    def arrived(self, events: int) -> None:
        """Returns once the dashboard has so many events of casa."""
        until = time.monotonic() + SECONDS
        while sum(f["eventi"] for f in self.call("cruscotto", "/api/v1/freschezza")["fonti"]) < events:
            assert time.monotonic() < until, self.processes["cruscotto"].log.read_text(errors="replace")[-3000:]
            time.sleep(0.2)

    @property
    def board(self) -> str:
        return self.settings["cruscotto"]["GENERA_DATABASE"]

    @asynccontextmanager
    async def inside(self) -> AsyncIterator[Contesto]:
        """The cruscotto as the library sees it, on the same database."""
        own = self.settings["cruscotto"]
        values = {n: own[f"GENERA_{n.upper()}"] for n in ("database", "kafka", "chiavi_file", "emittente")}
        runtime = await Runtime.start(
            servizio, Settings.model_validate(values | {"partner": "ambito", "sviluppo": True})
        )
        try:
            yield contesto(runtime)
        finally:
            await runtime.stop()


@pytest.fixture
def insieme(stack_files: Path, databases: Databases, own_broker: Callable[..., Broker]) -> Iterator[Insieme]:
    """Both services, started; their databases go with them."""
    files, broker = stack_files / f"rendiconto-{uuid4().hex[:8]}", own_broker()
    found = Insieme(Issuer(files / "chiavi"))
    for name, partner in PARTNER.items():
        found.settings[name] = {
            "GENERA_DATABASE": databases.fresh(),
            "GENERA_KAFKA": broker.address,
            "GENERA_CHIAVI_FILE": str(found.issuer.keys_file),
            "GENERA_EMITTENTE": ISSUER,
            "GENERA_SVILUPPO": "1",
            "GENERA_IDEMPOTENTE": "1" if broker.features.idempotent else "0",
        }
        found.processes[name] = ServiceProcess(files / name, ServiceSpec(name, partner), found.settings[name])
    found.processes["casa"].run("topics")
    for process in found.processes.values():
        process.start()
    yield found
    for name, process in found.processes.items():
        process.stop()
        databases.drop(found.settings[name]["GENERA_DATABASE"])


def guaranteed_family(insieme: Insieme) -> None:
    """Two events of casa: a family, and what it owes."""
    famiglia = uuid4()
    persona = f"p-{famiglia.hex[:12]}"
    insieme.casa(f"/famiglie/{famiglia}/presa-in-carico", comune="017113", componenti=[persona], minori=0)
    insieme.casa(f"/famiglie/{famiglia}/rilievo-morosita", importo_centesimi=123_456, mensilita=3)


async def approved(insieme: Insieme) -> str:
    """A report on the first half of 2016, approved as a program would."""
    id = str(uuid4())
    oggi = {"avvenuto_il": datetime.now(ROME).date().isoformat()}  # the service's day, not the machine's
    periodo = {"dal": "2016-01", "al": "2016-06", "enti": ["consorzio-tenda"]}
    insieme.call("cruscotto", f"/rapporti/{id}/apertura", oggi | periodo)
    connection = await asyncpg.connect(insieme.board)
    await testi.salva(connection, id, {"sintesi": "Una famiglia in più."})
    await connection.close()
    insieme.call("cruscotto", f"/rapporti/{id}/approvazione", oggi)
    return id


async def verified(insieme: Insieme, id: str) -> Verifica:
    async with insieme.inside() as c:
        async with c.runtime.pool.acquire() as connection:
            contenuto = await leggi_contenuto(connection, id)
        assert contenuto is not None
        assert contenuto.numero == 1
        return await verifica(c, contenuto)


async def test_a_report_is_on_its_topic_and_outlives_every_generation(insieme: Insieme) -> None:
    guaranteed_family(insieme)
    insieme.arrived(2)
    id = await approved(insieme)
    guaranteed_family(insieme)
    insieme.arrived(4)

    async with insieme.inside() as c:
        rows = await c.runtime.pool.fetch(
            "select id::text, version from journal where entity = $1 order by version", id
        )
        until = time.monotonic() + SECONDS
        while await c.runtime.pool.fetchval("select count(*) from outbox"):
            assert time.monotonic() < until, "the relay does not ship"
            time.sleep(0.2)
        on_the_topic = {(i, v) for i, subject, v in await first_deliveries(c.runtime) if subject == f"rapporto/{id}"}
    assert on_the_topic == {tuple(row) for row in rows}
    assert len(rows) == 6  # opened, texts, versions of one source, figures of the network and of one ente, approved

    insieme.processes["cruscotto"].run("rebuild")
    after_rebuild = await verified(insieme, id)
    assert (after_rebuild.intatto, after_rebuild.identico, len(after_rebuild.successivi)) == (True, True, 2)

    insieme.processes["cruscotto"].stop()
    connection = await asyncpg.connect(insieme.board)
    names = [name for (name,) in await connection.fetch("select name from generation")]
    await connection.execute("delete from served; delete from generation")
    for name in names:
        await connection.execute(f"drop schema {name} cascade")
    await connection.close()
    insieme.processes["cruscotto"].start()
    insieme.arrived(4)
    with_nothing_left = await verified(insieme, id)
    assert (with_nothing_left.intatto, with_nothing_left.identico) == (True, True)
    changed = {c.approvata.codice for _, confronti in with_nothing_left.parti for c in confronti if c.cambiata}
    assert changed == {"CA06"}
