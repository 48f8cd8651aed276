"""What it costs to tell Prometheus: the same relay and reader, with the metrics and with nothing in their place."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from casa.service import servizio as casa
from cruscotto.service import servizio as cruscotto
from prometheus_client.metrics import MetricWrapperBase
from telaio.runtime import Runtime
from telaio.topics import create_topics, manifest
from telaio.watch import watch

from bench.reading import Nothing, _publish, _wrapper
from bench.relay import _relay
from bench.result import Result, Run, in_turns
from bench.world import World
from telaio import metrics

GOAL = 0.95
MORE_ROUNDS = 3  # a few per cent are less than what one round differs from the next


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
    """Both ratios, on one topic."""
    await create_topics(world.broker.address, manifest(["casa"]))
    async with world.service(casa) as source, world.service(cruscotto) as reader:
        count = await _publish(source, events)
        await source.pool.execute("vacuum analyze")
        return [
            await _compared("relay con metriche : senza", source, lambda: _relay(source), rounds),
            await _compared(
                "lettore con metriche : senza", reader, lambda: _wrapper(world, reader, Nothing(), count), rounds
            ),
        ]


async def _compared(name: str, runtime: Runtime, run: Run, rounds: int) -> Result:
    await run()  # warm: the first round pays for what all later ones find ready
    return await in_turns(
        name, GOAL, lambda: _watched(runtime, run), lambda: _unwatched(run), rounds=rounds * MORE_ROUNDS
    )


async def _watched(runtime: Runtime, run: Callable[[], Awaitable[float]]) -> float:
    """As in a service: with what reads the database for metrics beside it."""
    watching = asyncio.create_task(watch(runtime))
    try:
        return await run()
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _unwatched(run: Callable[[], Awaitable[float]]) -> float:
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
