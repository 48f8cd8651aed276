"""What it costs to tell Prometheus and to follow every batch: the same relay and reader with nothing told, with the
metrics, and with metrics and traces, which are really sent."""

import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from http.server import BaseHTTPRequestHandler, HTTPServer
from statistics import median
from threading import Thread
from typing import Any

from casa.service import servizio as casa
from cruscotto.service import servizio as cruscotto
from prometheus_client.metrics import MetricWrapperBase
from telaio.runtime import Runtime
from telaio.settings import Settings
from telaio.topics import create_topics, manifest
from telaio.watch import LOOKS_A_BEAT, look

from bench.histories import fill
from bench.reading import Nothing, _wrapper
from bench.relay import _relay
from bench.result import Result, Run, Stopwatch, compared
from bench.world import World
from telaio import metrics, tracing

Times = tuple[float, float]
Timed = Callable[[], Awaitable[Times]]
Sides = Mapping[str, Callable[[], AbstractContextManager[None]]]
GOALS = {"metriche": 0.95, "metriche e tracce": 0.85}
MORE_ROUNDS = 4  # a few per cent are less than what one round differs from the next
# The dearest case: no two events of a batch have the same cause. The journal keeps it, so the others read it too.
_CAUSES = "update journal set traceparent = '00-' || md5(seq::text) || '-' || left(md5(id::text), 16) || '-01'"


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
        count = await fill(source.pool, events)
        await source.pool.execute(_CAUSES)
        await source.pool.execute("vacuum analyze")
        await _relay(source)  # the reader's topic
        parts: dict[str, Timed] = {
            "relay": lambda: _timed(lambda: _relay(source), count),
            "lettore": lambda: _timed(lambda: _wrapper(world, reader, Nothing(), count), count),
        }
        sides: Sides = {"": silent, "metriche": nullcontext, "metriche e tracce": lambda: traced(source.settings)}
        found: list[Result] = []
        for part, run in parts.items():
            seen = await _measured(run, sides, rounds * MORE_ROUNDS)
            for told, goal in GOALS.items():
                found += _lines(f"{part} con {told}", goal, seen[told], seen[""])
        return [*found, await _looks(source, rounds)]


async def _measured(run: Timed, sides: Sides, rounds: int) -> dict[str, list[Times]]:
    """What each side took, in turns."""
    found: dict[str, list[Times]] = {name: [] for name in sides}
    await run()  # warm: the first round pays for what all later ones find ready
    for turn in range(rounds):
        for name in list(sides)[:: 1 if turn % 2 else -1]:  # neither end is always the first
            with sides[name]():
                found[name].append(await run())
    return found


def _lines(name: str, goal: float, ours: list[Times], peer: list[Times]) -> list[Result]:
    """By the clock, and by the processor."""
    kinds = (" : senza", "eventi/s"), (" : senza, processore", "eventi per secondo di processore")
    columns = zip(kinds, zip(*ours, strict=True), zip(*peer, strict=True), strict=True)
    return [compared(name + kind, goal, list(a), list(b), unit) for (kind, unit), a, b in columns]


async def _timed(run: Run, count: int) -> Times:
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
    return Result(
        "uno sguardo al proprio database", middle / between, 1 - GOALS["metriche"], *told, lower_is_better=True
    )


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


@contextmanager
def traced(settings: Settings) -> Iterator[None]:
    """Meanwhile the process traces, and sends to a collector that listens here: its work counts as ours. Raises:
    AssertionError when nothing came."""
    received: list[int] = []
    server = HTTPServer(("127.0.0.1", 0), type("Sink", (_Sink,), {"received": received}))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        where = f"http://127.0.0.1:{server.server_port}/v1/traces"
        tracing.start(settings.model_copy(update={"tracce": where}), "prova")
        yield
    finally:
        tracing.stop()
        server.shutdown()
        server.server_close()
    assert sum(received) > 0


class _Sink(BaseHTTPRequestHandler):
    received: list[int]

    def do_POST(self) -> None:
        """Takes what is sent."""
        self.received.append(len(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""
