"""A rebuild under load: killed half-way it leaves the served figures alone; completed, they are the same; and back."""

import asyncio
import time
from typing import Any

import asyncpg

from .conftest import Try, rounds
from .network import CRUSCOTTO, Network, Service, off_loop
from .oracle import judge
from .proxy import At, killing

SWAP = "update served"
POINTS = {
    "the generation is made": At("create schema", "answered"),
    "a batch is about to be kept": At("^commit$", "before", after="set local synchronous_commit"),
    "a batch is kept": At("^commit$", "answered", after="set local synchronous_commit"),
    "it is being made ready": At("filled_at = clock_timestamp", "answered"),
    "it is about to be swapped in": At("^commit$", "before", after=SWAP),
}


async def test_a_rebuild_killed_at_any_point_leaves_the_served_figures_alone(network: Network, trial: Try) -> None:
    async with trial("20 rebuild killed under load") as outcome, network.load.running():
        served = await _served(network)
        for _ in range(rounds(1, 10)):
            for point in POINTS.values():
                await _killed_at(network, point)
                assert await _served(network) == served
                outcome.rounds += 1


async def _killed_at(network: Network, point: At) -> None:
    rebuild = Service(network.files / "rebuild", CRUSCOTTO, network.cruscotto.environment(), "rebuild")
    with network.cruscotto_proxy.rule(point, killing(rebuild.kill)) as rule:
        await off_loop(rebuild.start)
        await asyncio.wait_for(rule.done.wait(), 30)


async def test_a_rebuild_under_load_is_swapped_in_and_back(network: Network, trial: Try) -> None:
    """Whichever generation is served, it catches up with what was committed meanwhile."""
    async with trial("20 rebuild swapped, and back") as outcome:
        for _ in range(rounds(1, 10)):
            before = await _served(network)
            async with network.load.running():
                begun = time.monotonic()
                await off_loop(network.cruscotto.run, "rebuild")
                outcome.notes.append(f"rebuilt in {time.monotonic() - begun:.1f} s")
                after = await _served(network)
                await outcome.over()
            await outcome.recovered()
            verdict = await judge(network, rebuilt=False)
            assert not verdict.wrong, verdict.wrong
            async with network.load.running():
                await off_loop(network.cruscotto.run, "rebuild", "--indietro")
                await outcome.over()
            assert after != before == await _served(network)


async def test_tables_of_an_earlier_release_are_made_again_before_this_one_starts(network: Network, trial: Try) -> None:
    async with trial("upgrade of the cruscotto's tables") as outcome:
        async with network.load.running():
            await asyncio.sleep(0.5)
        await outcome.recovered()
        await off_loop(network.cruscotto.stop)
        before = await _served(network)
        await _executed(network, "update generation set shape = 'un''altra'", f"drop table {before}.totale cascade")
        await off_loop(network.cruscotto.run, "migrate")
        after = await _served(network)
        assert after != before
        await off_loop(network.cruscotto.run, "migrate")
        assert await _served(network) == after
        await off_loop(network.cruscotto.start)
        async with network.load.running():
            await asyncio.sleep(0.5)
            await outcome.over()


async def _executed(network: Network, *statements: str) -> None:
    connection = await asyncpg.connect(network.cruscotto_dsn)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def _served(network: Network) -> Any:
    return await network.served("select name from public.served")
