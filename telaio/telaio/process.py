"""One process of a service: its HTTP server, its relay and its reader, started together and stopped in order."""

import asyncio
import gc
import logging
import signal
from collections.abc import Awaitable, Callable
from types import FrameType

import uvicorn
from prometheus_client import start_http_server

from telaio import metrics, tracing
from telaio.consumer.reader import Reader
from telaio.database import DEAD
from telaio.idempotency import forget_old
from telaio.relay import Relay
from telaio.runtime import Runtime
from telaio.safekeeping.recovery import recovered
from telaio.watch import watch
from telaio.web import session
from telaio.web.app import make_app

RESTART_SECONDS = 5
DAY_SECONDS = 24 * 3600
log = logging.getLogger("telaio.process")


async def serve(runtime: Runtime) -> None:
    """Serves until SIGTERM or Ctrl-C, then lets requests and the batch in flight finish."""
    settings, service = runtime.settings, runtime.service
    routes = service.routes(runtime) if service.routes else ()
    config = uvicorn.Config(
        make_app(runtime, routes),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=10,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn raises it again once HTTP has stopped: by default that ends the process with a batch half done and
        # the group not left, and nobody reads its partitions for a session.
        signal.signal(number, lambda *_: None)
    _tell_prometheus(runtime)
    tracing.start(settings, service.name)
    runtime.recovering = bool(service.entities)
    tasks = [asyncio.create_task(_keep_going(name, part), name=name) for name, part in _parts(runtime)]
    tasks.append(asyncio.create_task(recovered(runtime), name="recovery"))
    try:
        await _Server(config, runtime.leaving).serve()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def ship(runtime: Runtime) -> None:
    """Only the relay, in a process of its own that tells of itself as the whole service does, until SIGTERM or Ctrl-C.
    What it had on its way is shipped again by the next one."""
    _tell_prometheus(runtime)
    tracing.start(runtime.settings, runtime.service.name)
    parts = (("watch", lambda: watch(runtime)), ("relay", Relay(runtime).run))
    tasks = [asyncio.create_task(_keep_going(name, part), name=name) for name, part in parts]
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, runtime.leaving.set)
    await runtime.leaving.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _tell_prometheus(runtime: Runtime) -> None:
    if runtime.settings.metrics_port:
        start_http_server(runtime.settings.metrics_port, runtime.settings.host)


def calm_collector() -> None:
    """What is loaded stays; batches of thousands of events must not set off a collection each (measured × 2.5).

    The threshold is above what the batches in flight hold: ten objects an event, which hold no cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 10, 10)


class _Server(uvicorn.Server):
    """Says that it leaves: uvicorn would wait its whole grace for an answer that lasts, such as a stream of events."""

    def __init__(self, config: uvicorn.Config, leaving: asyncio.Event) -> None:
        super().__init__(config)
        self._leaving = leaving

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._leaving.set()
        super().handle_exit(sig, frame)


def _parts(runtime: Runtime) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    settings, service = runtime.settings, runtime.service
    parts: list[tuple[str, Callable[[], Awaitable[None]]]] = [
        ("housekeeping", lambda: _housekeeping(runtime)),
        ("watch", lambda: watch(runtime)),
    ]
    if settings.relay and service.entities:
        parts.append(("relay", Relay(runtime).run))
    if settings.lettore and service.consumer:
        parts.append(("reader", reader(runtime).run))
    if service.parts:
        parts += service.parts(runtime).items()
    return parts


def reader(runtime: Runtime) -> Reader:
    """The reader of what the service consumes. Raises: TypeError where it consumes nothing."""
    if runtime.service.consumer is None:
        raise TypeError(f"{runtime.service.name} reads nothing")
    return Reader(
        runtime.service.consumer(runtime),
        kafka=runtime.settings.bus,
        group=f"{runtime.service.name}.{runtime.settings.partner}",
        instance=runtime.settings.istanza,
        status=runtime.status.setdefault("lettore", {}),
    )


async def _keep_going(name: str, part: Callable[[], Awaitable[None]]) -> None:
    """Runs a part; one that breaks is started again, and the service goes on accepting commands meanwhile. A database
    that is away breaks none: it is told elsewhere, and the part waits for it."""
    failures = metrics.PART_FAILURES.labels(name)  # told from the start: a first failure is then an increase
    while True:
        try:
            await part()
        except DEAD as away:
            log.warning("part held up", extra={"part": name, "reason": type(away).__name__})
            await asyncio.sleep(RESTART_SECONDS)
        except Exception:
            failures.inc()
            log.exception("part broke", extra={"part": name})
            await asyncio.sleep(RESTART_SECONDS)


async def _housekeeping(runtime: Runtime) -> None:
    while True:
        await asyncio.sleep(DAY_SECONDS)
        await forget_old(runtime.pool, runtime.clock.now())
        await session.forget_old(runtime.pool)
