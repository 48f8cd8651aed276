"""Faults of the consumer: killed or stopped at any point of a batch. Each event is applied once all the same."""

import asyncio
import random

from .conftest import Try, rounds
from .network import Network, off_loop, until
from .proxy import At, Link, killing, nothing

OFFSETS = "update consumer_offset"
POINTS = {
    "records fetched, nothing written": At(OFFSETS, "before"),
    "offsets moved": At(OFFSETS, "answered"),
    "facts and figures written": At("insert into fact", "answered"),
    "everything written": At("^commit$", "before", after=OFFSETS),
    "committed, not yet known": At("^commit$", "after", after=OFFSETS),
    "committed": At("^commit$", "answered", after=OFFSETS),
}


async def test_a_dashboard_killed_at_any_point_applies_every_event_once(network: Network, trial: Try) -> None:
    async with trial("10 consumer killed at six points") as outcome, network.load.running():
        for _ in range(rounds(1, 10)):
            for point in POINTS.values():
                with network.cruscotto_proxy.rule(point, killing(network.cruscotto.kill)) as rule:
                    await asyncio.wait_for(rule.done.wait(), 30)
                await off_loop(network.cruscotto.start)
                await outcome.over()


async def test_a_dashboard_killed_at_random_applies_every_event_once(network: Network, trial: Try) -> None:
    chance = random.Random(10)
    async with trial("10 consumer killed at random") as outcome, network.load.running():
        for _ in range(rounds(3, 50)):
            await asyncio.sleep(chance.uniform(0.2, 1.5))
            await off_loop(network.cruscotto.kill)
            await off_loop(network.cruscotto.start)
            await outcome.over()


async def test_a_dashboard_told_to_stop_finishes_its_batch_and_leaves_the_group(network: Network, trial: Try) -> None:
    stopping: list[asyncio.Task[None]] = []
    proxy = network.cruscotto_proxy

    async def stop(_: Link) -> None:
        stopping.append(asyncio.create_task(off_loop(network.cruscotto.stop)))
        await asyncio.sleep(0.5)

    async with trial("11 SIGTERM in a batch", within=8) as outcome, network.load.running():
        for _ in range(rounds(2, 20)):
            with proxy.rule(POINTS["everything written"], stop), proxy.rule(POINTS["committed"], nothing) as finished:
                await until(lambda: stopping, "a batch", within=30)
                await stopping.pop()
                assert finished.hits == 1, "the batch was cut short"
            await off_loop(network.cruscotto.start)
            await outcome.over(8)
