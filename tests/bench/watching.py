"""What it costs to tell Prometheus: the same relay and reader, with the metrics and with nothing in their place."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from casa.service import servizio as casa
from cruscotto.service import servizio as cruscotto
from prometheus_client.metrics import MetricWrapperBase
from telaio.runtime import Runtime
from telaio.topics import create_topics, manifest
from telaio.watch import LOOKS_A_BEAT, look

from bench.reading import Nothing, _publish, _wrapper
from bench.relay import _relay
from bench.result import Result, Run, Stopwatch, compared
from bench.world import World
from telaio import metrics

GOAL = 0.95
MORE_ROUNDS = 4  # a few per cent are less than what one round differs from the next


class Silent:
    """A metric that nobody keeps."""

    def labels(self, *values: str) -> "Silent":
        return self

    def inc(self, amount: float = 1) -> None:
        """Nothing."""

    def set(self, value: float) -> None:
        """Nothing."""

    def observe(self, amount: float) -> None:
        """Nothing."""

    def remove(self, *values: str) -> None:
        """Nothing."""


async def measure(world: World, events: int, rounds: int) -> list[Result]:
    """Relay and reader on one topic, each by wall time and by the processor's, which other work on the machine does not
    change."""
    await create_topics(world.broker.address, manifest(["casa"]))
    async with world.service(casa) as source, world.service(cruscotto) as reader:
        count = await _publish(source, events)
        await source.pool.execute("vacuum analyze")
        parts: tuple[tuple[str, Run], ...] = (
            ("relay", lambda: _relay(source)),
            ("lettore", lambda: _wrapper(world, reader, Nothing(), count)),
        )
        found = [result for part in parts for result in await _compared(*part, rounds * MORE_ROUNDS, count)]
        return [*found, await _looks(source, rounds)]


async def _compared(part: str, run: Run, rounds: int, count: int) -> list[Result]:
    sides: list[tuple[list[tuple[float, float]], Run]] = [([], run), ([], lambda: _unwatched(run))]
    (told, _), (untold, _) = sides
    await run()  # warm: the first round pays for what all later ones find ready
    for _ in range(rounds):
        for found, side in sides:
            found.append(await _timed(side, count))
        sides.reverse()  # neither is always the first of a pair
    units = ("eventi/s", "eventi per secondo di processore")
    names = (f"{part} con metriche : senza", f"{part} con metriche : senza, processore")
    pairs = zip(names, units, zip(*told, strict=True), zip(*untold, strict=True), strict=True)
    return [compared(name, GOAL, list(ours), list(peer), unit) for name, unit, ours, peer in pairs]


async def _timed(run: Run, count: int) -> tuple[float, float]:
    """Events a second, and events a second of this process' own work."""
    before = time.process_time()
    return await run(), count / (time.process_time() - before)


async def _looks(runtime: Runtime, rounds: int) -> Result:
    """How much of the time between two looks a look takes, with the whole journal still to be shipped."""
    await runtime.pool.execute("insert into outbox (seq) select seq from journal on conflict do nothing")
    taken = []
    for _ in range(rounds * MORE_ROUNDS):
        with Stopwatch() as watch:
            await look(runtime)
        taken.append(watch.seconds)
    between, middle = runtime.settings.battito / LOOKS_A_BEAT, median(taken)
    told = f"{middle * 1000:.0f} ms", f"ogni {between:g} s"
    return Result("uno sguardo al proprio database", middle / between, 1 - GOAL, *told, lower_is_better=True)


async def _unwatched(run: Run) -> float:
    with silent():
        return await run()


@contextmanager
def silent() -> Iterator[None]:
    """Meanwhile the process tells nothing."""
    told: dict[str, Any] = {n: m for n, m in vars(metrics).items() if isinstance(m, MetricWrapperBase)}
    for name in told:
        setattr(metrics, name, Silent())
    try:
        yield
    finally:
        for name, metric in told.items():
            setattr(metrics, name, metric)
