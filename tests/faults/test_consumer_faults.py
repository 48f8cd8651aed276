"""Faults of the consumer: killed, stopped in a batch. The dashboard ends right, each event applied once."""

import asyncio
import random

from .conftest import Try, rounds
from .network import Network, off_loop


async def test_a_dashboard_killed_at_any_moment_applies_every_event_once(network: Network, trial: Try) -> None:
    chance = random.Random(10)
    async with trial("10 consumer killed") as outcome, network.load.running():
        for _ in range(rounds(3, 50)):
            await asyncio.sleep(chance.uniform(0.1, 1.5))
            await off_loop(network.cruscotto.kill)
            await asyncio.sleep(chance.uniform(0, 0.5))
            await off_loop(network.cruscotto.start)
            outcome.rounds += 1
