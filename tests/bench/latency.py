"""From commit to dashboard: casa and cruscotto as processes, commands over HTTP at a steady rate, the API asked all the
while. What is measured is the time from casa's answer to the first answer of the cruscotto that shows the event."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx2
from stack.services import ServiceProcess, ServiceSpec
from stack.tokens import ISSUER, Issuer
from telaio.district import District
from telaio.topics import create_topics, manifest

from bench.line import Line
from bench.result import Result
from bench.world import World

RATE, BURST = 200, 4
PARTNER = "consorzio-tenda"
ASK_EVERY_SECONDS = 0.005
WARM_UP = 400


async def measure(world: World, events: int, rounds: int) -> list[Result]:
    """The 99th percentile in milliseconds, and the memory of both services afterwards."""
    await create_topics(world.broker.address, manifest(District.load(None).servizi))
    async with _services(world) as (casa, cruscotto, issuer):
        waits = await _play(casa.url, cruscotto.url, issuer, events)
        memory = {s.name: await _memory(s.metrics) for s in (casa, cruscotto)}
    p50, p99 = (quantiles(waits, n=100)[i] * 1000 for i in (49, 98))
    told = f"mediana {p50:.1f} ms, {len(waits)} eventi a {RATE}/s"
    return [
        Result("dal commit all'API del cruscotto, p99, ms", p99, 50, told, "—", lower_is_better=True),
        Result(
            "memoria residente di un servizio, MB", max(memory.values()), 150, _each(memory), "—", lower_is_better=True
        ),
    ]


@asynccontextmanager
async def _services(world: World) -> AsyncIterator[tuple[ServiceProcess, ServiceProcess, Issuer]]:
    with TemporaryDirectory(prefix="genera-bench-") as name:
        issuer = Issuer(Path(name) / "chiavi")
        started: list[ServiceProcess] = []
        try:
            for spec in (ServiceSpec("casa", PARTNER), ServiceSpec("cruscotto", "ambito")):
                settings = {
                    "GENERA_DATABASE": world.databases.fresh(),
                    "GENERA_KAFKA": world.broker.address,
                    "GENERA_CHIAVI_FILE": str(issuer.keys_file),
                    "GENERA_EMITTENTE": ISSUER,
                    "GENERA_IDEMPOTENTE": str(int(world.broker.features.idempotent)),
                }
                started.append(ServiceProcess(Path(name) / spec.name, spec, settings))
                await asyncio.to_thread(started[-1].start)
            yield started[0], started[1], issuer
        finally:
            for service in started:
                await asyncio.to_thread(service.stop)


def _each(memory: dict[str, float]) -> str:
    return ", ".join(f"{name} {megabytes:.0f}" for name, megabytes in memory.items())


async def _memory(metrics: str) -> float:
    """The resident memory a service tells of itself, in megabytes."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        text = (await client.get(metrics)).text
    return float(re.findall(r"^process_resident_memory_bytes (\S+)", text, re.M)[0]) / 1e6


async def _play(casa: str, cruscotto: str, issuer: Issuer, events: int) -> list[float]:
    """Seconds from each answer of casa until the cruscotto counts that many events."""
    answered: list[float] = []
    seen: list[tuple[float, int]] = []
    async with AsyncExitStack() as lines:
        desks = [await lines.enter_async_context(Line(casa, issuer.token("paolo.ferrari"))) for _ in range(BURST)]
        dashboard = await lines.enter_async_context(Line(cruscotto, issuer.token("giulia.rossi")))
        watching = asyncio.create_task(_watch(dashboard, seen, events))
        begun = time.perf_counter()
        for number in range(0, events, BURST):
            await asyncio.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
            await asyncio.gather(*[_command(desk, number + i, answered) for i, desk in enumerate(desks)])
        await asyncio.wait_for(watching, 60)
    return _waits(sorted(answered), seen)[WARM_UP:]


def _waits(answered: list[float], seen: list[tuple[float, int]]) -> list[float]:
    """For the k-th answer, when at least k events were first seen."""
    waits, looks = [], iter(seen)
    moment, count = next(looks)
    for number, at in enumerate(answered, 1):
        while count < number:
            moment, count = next(looks)
        waits.append(max(moment - at, 0.0))
    return waits


async def _watch(dashboard: Line, seen: list[tuple[float, int]], events: int) -> None:
    count = 0
    while count < events:
        answer = await dashboard.get("/api/v1/freschezza")
        count = sum(f["eventi"] for f in answer["fonti"] if f["partner"] == PARTNER)
        seen.append((time.perf_counter(), count))
        await asyncio.sleep(ASK_EVERY_SECONDS)


async def _command(desk: Line, number: int, answered: list[float]) -> None:
    body = {"avvenuto_il": "2016-03-20", "comune": "017113", "componenti": [f"p-prova{number}"], "minori": 0}
    await desk.post(f"/famiglie/{uuid4()}/presa-in-carico", body)
    answered.append(time.perf_counter())
