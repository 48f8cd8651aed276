"""The clerk beside a database that goes away."""

import asyncio

import pytest
from telaio.database import open_pool
from telaio.invii.clerk import Clerk
from telaio.runtime import Runtime

from ..conftest import Start


async def rounds(runtime: Runtime, number: int) -> None:
    """Until the clerk has begun so many rounds."""
    for _ in range(number):
        runtime.heard.set()
        async with asyncio.timeout(20):
            while runtime.heard.is_set():
                await asyncio.sleep(0.01)


async def test_a_database_that_is_away_is_told_once_and_once_when_it_is_back(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "telaio.invii")
    runtime = await start()
    there, runtime.pool = runtime.pool, await open_pool("postgresql://prova@127.0.0.1:1/prova")
    task = asyncio.create_task(Clerk(runtime).run())
    await rounds(runtime, 4)
    await runtime.pool.close()
    runtime.pool = there
    await rounds(runtime, 3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert [line.message for line in caplog.records] == ["clerk held up", "clerk goes on"]
    assert caplog.records[0].exc_info is None
