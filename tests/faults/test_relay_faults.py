"""Faults of the relay: killed and stopped at every point. What was committed is shipped, first deliveries in order."""

import asyncio
import random

from .conftest import Try, rounds
from .network import Network, Service, off_loop
from .proxy import At, Link, killing
from .stopping import relay_stopped_at

READ = "from journal join outbox"
SHIPPED = "delete from outbox"
POINTS = {
    "before the page is read": At(READ, "before"),
    "after the page is read": At(READ, "answered"),
    "after the acknowledgement, before the pointers are deleted": At(SHIPPED, "before"),
    "after the pointers are deleted": At(SHIPPED, "after"),
}


async def test_a_relay_killed_at_any_point_loses_and_reorders_nothing(network: Network, trial: Try) -> None:
    """A relay in a process of its own, started again and again while pointers pile up."""
    await network.restart_casa(GENERA_RELAY="0")
    relay = network.relay()
    async with trial("3 relay killed at five points") as outcome:
        async with network.load.running():
            for _ in range(rounds(2, 50)):
                for point in POINTS.values():
                    await _killed_at(network, relay, point)
                await _killed_unanswered(network, relay)
                outcome.rounds += 5
        await off_loop(relay.start)
        await outcome.recovered()
        await off_loop(relay.stop)
    await network.restart_casa()


async def _killed_at(network: Network, relay: Service, point: At) -> None:
    with network.casa_proxy.rule(point, killing(relay.kill)) as rule:
        await off_loop(relay.start)
        await asyncio.wait_for(rule.done.wait(), 30)


async def _killed_unanswered(network: Network, relay: Service) -> None:
    """The fifth point, sent and not acknowledged: the broker stands still while the page is read and sent."""

    async def freeze(_: Link) -> None:
        await off_loop(network.broker.pause)

    with network.casa_proxy.rule(At(READ, "before"), freeze) as rule:
        await off_loop(relay.start)
        await asyncio.wait_for(rule.done.wait(), 30)
        await asyncio.sleep(0.4)
        await off_loop(relay.kill)
        await off_loop(network.broker.resume)


async def test_a_relay_cancelled_at_any_await_loses_and_reorders_nothing(network: Network, trial: Try) -> None:
    await network.restart_casa(GENERA_RELAY="0")
    async with trial("3 relay cancelled at each await") as outcome:
        async with network.load.running(workers=2):
            for _ in range(rounds(1, 10)):
                for step in range(1, rounds(45, 90)):
                    await relay_stopped_at(network, step)
                    outcome.rounds += 1
        await network.restart_casa()


async def test_a_service_killed_at_random_loses_nothing(network: Network, trial: Try) -> None:
    """API and relay in one process, as by default; whoever got no answer asks again."""
    chance = random.Random(3)
    async with trial("3 casa killed at random") as outcome:
        repeated = network.load.told.repeated
        async with network.load.running():
            for _ in range(rounds(3, 50)):
                await asyncio.sleep(chance.uniform(0.1, 1.2))
                await off_loop(network.casa.kill)
                await off_loop(network.casa.start)
                await outcome.over()
        assert network.load.told.repeated > repeated
