"""The parts of a process: each is started again, and only what is its own fault is a failure."""

import asyncio

import asyncpg
import pytest
from prometheus_client import REGISTRY

from telaio import process


async def test_a_part_waits_for_its_database_in_a_line_and_what_breaks_it_is_told_whole(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(process, "RESTART_SECONDS", 0)
    to_come, works = [asyncpg.CannotConnectNowError("starting up"), ValueError("a bug")], asyncio.Event()

    async def part() -> None:
        if to_come:
            raise to_come.pop(0)
        works.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(process._keep_going("prova", part))
    await asyncio.wait_for(works.wait(), 5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    said = [(line.message, bool(line.exc_info)) for line in caplog.records if line.name == "telaio.process"]
    assert said == [("part held up", False), ("part broke", True)]
    assert REGISTRY.get_sample_value("genera_part_failures_total", {"part": "prova"}) == 1
