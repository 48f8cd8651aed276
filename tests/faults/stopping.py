"""Stopping a piece of work exactly where it waits for the n-th time."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from casa.service import servizio
from telaio.relay import Relay
from telaio.runtime import Runtime
from telaio.settings import Settings

from .network import CASA, Network


async def relay_stopped_at(network: Network, step: int) -> None:
    """Runs a relay of casa's journal and cancels it at its n-th wait; returns when it has ended.

    Raises: AssertionError where it does not wait so often within ten seconds.
    """
    values = {"database": network.casa_dsn, "kafka": network.broker.address, "partner": CASA.partner}
    own = {"chiavi_file": "/dev/null", "emittente": "prova", "idempotente": network.broker.features.idempotent}
    runtime = await Runtime.start(servizio, Settings.model_validate(values | own))
    task = asyncio.create_task(_stopped(Relay(runtime).run(), step))
    try:
        done, _ = await asyncio.wait({task}, timeout=10)
        assert done, f"no {step} waits"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await runtime.stop()


async def _stopped(work: Coroutine[Any, Any, None], step: int) -> None:
    await _Counted(work, step)


class _Counted:
    """Work that is cancelled at its n-th wait."""

    def __init__(self, work: Coroutine[Any, Any, None], step: int) -> None:
        self._waits, self._left = work.__await__(), step

    def __await__(self) -> Any:
        return self

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> Any:
        return self._count(next(self._waits))

    def send(self, value: Any) -> Any:
        """Goes on to the next wait."""
        return self._count(self._waits.send(value))

    def throw(self, error: BaseException) -> Any:
        """Goes on with an error to the next wait."""
        return self._count(self._waits.throw(error))

    def close(self) -> None:
        """Ends the work."""
        self._waits.close()

    def _count(self, waited: Any) -> Any:
        self._left -= 1
        task = asyncio.current_task()
        if self._left == 0 and task is not None:
            task.cancel()
        return waited
