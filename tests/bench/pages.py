"""What pages and API cost at ten thousand events and at a million: the same district, a hundred times as busy.

The application answers in this process, on a real PostgreSQL; each address is asked in turn with all the others, so
that no page profits from the one before it.
"""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
from cruscotto.proiezione import generation
from cruscotto.proiezione.projection import Projection
from cruscotto.service import servizio
from stack.tokens import ISSUER, Issuer, by_id
from telaio.consumer.ingest import ingest
from telaio.consumer.record import receive
from telaio.migrate import migrate, migrations
from telaio.runtime import Runtime
from telaio.settings import Settings
from telaio.testing.entering import enter
from telaio.web import make_app

from bench.district import LAST, District, batches, on_the_wire
from bench.result import Result, Stopwatch
from bench.world import World

Waits = dict[str, list[float]]
"""Milliseconds of each answer, by address."""
FEW = 10_000
ASKED, ROUND = 120, 10
"""How often each address is asked: with eleven of them more than a thousand answers."""
PAGES = ("/", "/indicatori/CA01", "/indicatori/RE03", "/rete?semestre=2025-2", "/punti", "/qualita", "/stato")
API = (
    "/api/v1/indicatori", "/api/v1/indicatori?semestre=2025-2", "/api/v1/indicatori?comune=017113",
    "/api/v1/indicatori/PU04", "/api/v1/indicatori/CA01/eventi",
)  # fmt: skip


async def measure(world: World, events: int, rounds: int) -> list[Result]:
    """The 99th percentile of all answers, and how it grows: both districts are asked in turns."""
    async with AsyncExitStack() as both:
        small, big = [await both.enter_async_context(_cruscotto(world)) for _ in range(2)]
        await write(small, FEW)
        speed = await write(big, events)
        desks = [await both.enter_async_context(client(runtime)) for runtime in (small, big)]
        few, many = await _in_turns(desks)
    (few50, few99), (many50, many99) = _told(few), _told(many)
    slowest = max(many, key=lambda path: quantiles(many[path], n=100)[98])
    ours, peer = f"{many99:.1f} ms con {events:,} eventi".replace(",", "."), f"{few99:.1f} ms con {FEW}"
    written = f"scritti {speed:,.0f}/s".replace(",", ".")
    return [
        _lower("pagine e API: p99 a molti eventi : a pochi", many99 / few99, 1.2, (ours, peer)),
        _lower("pagine e API: mediana, lo stesso", many50 / few50, None, (f"{many50:.1f} ms", f"{few50:.1f} ms")),
        _lower("pagine e API a molti eventi, p99, ms", many99, 50, (f"la più lenta: {slowest}", written)),
    ]


def _lower(name: str, reached: float, goal: float | None, told: tuple[str, str]) -> Result:
    return Result(name, reached, goal, *told, lower_is_better=True)


async def _in_turns(desks: Sequence[httpx2.AsyncClient]) -> list[Waits]:
    """Milliseconds of each answer by address, for each district: A B A B …, after some that do not count."""
    found: list[Waits] = [{}, {}]
    for desk in desks:
        await ask(desk, 5)
    for _ in range(ASKED // ROUND):
        for desk, own in zip(desks, found, strict=True):
            for path, waits in (await ask(desk, ROUND)).items():
                own.setdefault(path, []).extend(waits)
    return found


def _told(waits: Waits) -> tuple[float, float]:
    every = [wait for own in waits.values() for wait in own]
    return median(every), quantiles(every, n=100)[98]


@asynccontextmanager
async def _cruscotto(world: World) -> AsyncIterator[Runtime]:
    """A cruscotto on a database of its own, the day after the district's last."""
    dsn = world.databases.fresh()
    await migrate(dsn, migrations(servizio.name, servizio.migrations))
    with TemporaryDirectory(prefix="genera-bench-") as files:
        values: dict[str, Any] = {
            "database": dsn, "kafka": "127.0.0.1:1", "partner": "ambito", "emittente": ISSUER, "sviluppo": True,
            "chiavi_file": Issuer(Path(files)).keys_file, "adesso": f"{LAST}T10:00:00+01:00",
        }  # fmt: skip
        runtime = await Runtime.start(servizio, Settings.model_validate(values))
        try:
            await generation.ensure_served(runtime.pool)
            yield runtime
        finally:
            await runtime.stop()
            world.databases.drop(dsn)


async def write(runtime: Runtime, events: int) -> float:
    """Fills and serves a generation with the district's events, as a rebuild does; returns events a second."""
    name = await generation.create(runtime.pool)
    count = 0
    with Stopwatch() as watch:
        for batch in batches(on_the_wire(District(events).cards())):
            async with generation.in_generation(runtime.pool, name) as connection:
                await ingest(connection, Projection(), receive(batch))
            count += len(batch)
        await generation.finish(runtime.pool, name)
    await generation.swap(runtime.pool, name)
    await runtime.pool.execute("analyze")
    return watch.per_second(count)


@asynccontextmanager
async def client(runtime: Runtime) -> AsyncIterator[httpx2.AsyncClient]:
    """Asks the application as a coordinator who has signed in."""
    assert servizio.routes is not None
    who = by_id("giulia.rossi")
    entered = await enter(runtime, who.id, who.ruoli, who.servizi, who.ente)
    with TemporaryDirectory(prefix="genera-bench-") as files:
        token = Issuer(Path(files))
        runtime.settings.chiavi_file and runtime.settings.chiavi_file.write_text(token.keys_file.read_text())
        headers = {"Authorization": f"Bearer {token.token('giulia.rossi')}", **entered.cookie}
    transport = httpx2.ASGITransport(app=make_app(runtime, servizio.routes(runtime)))
    async with httpx2.AsyncClient(transport=transport, base_url="http://cruscotto.test", headers=headers) as asking:
        yield asking


async def ask(asking: httpx2.AsyncClient, times: int, paths: Sequence[str] = (*PAGES, *API)) -> Waits:
    """Milliseconds of each answer. Raises: RuntimeError for one that is not a success."""
    waits: Waits = {path: [] for path in paths}
    for _ in range(times):
        for path, own in waits.items():
            begun = time.perf_counter()
            answer = await asking.get(
                path, headers={"Accept": "text/html" if "/api/" not in path else "application/json"}
            )
            own.append((time.perf_counter() - begun) * 1000)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code} {answer.text[-500:]}")
    return waits
