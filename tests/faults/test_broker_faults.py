"""Faults of Kafka: restarted, frozen, wiped. Commands go on meanwhile; then everything arrives, in order."""

import asyncio

import pytest

from .conftest import Try, rounds
from .network import Network, off_loop, until_shipped
from .topic import raw_records

OWN_NETWORK = True  # a log made again is not in order everywhere
LOOKS_BACK = 6
"""Seconds after which a reader that went on in a new log has surely looked whether it is still the old one."""


async def test_a_broker_restarted_or_killed_loses_and_reorders_nothing(network: Network, trial: Try) -> None:
    async with trial("5 broker restarted, and killed") as outcome, network.load.running():
        for _ in range(rounds(1, 20)):
            for end in (network.broker.stop, network.broker.kill):
                await asyncio.sleep(0.5)
                await off_loop(end)
                before = network.load.told.accepted
                await asyncio.sleep(0.5)
                assert network.load.told.accepted > before, "commands wait for Kafka"
                await off_loop(network.broker.start)
                await outcome.over()


async def test_a_frozen_broker_is_outlived_also_by_a_service_killed_meanwhile(network: Network, trial: Try) -> None:
    """Connections stay open and nobody answers; what was sent before may still be written when it wakes, or is gone
    with the process that sent it."""
    async with trial("5 broker black-holed", within=45) as outcome, network.load.running():
        for _ in range(rounds(1, 5)):
            await off_loop(network.broker.pause)
            before = network.load.told.accepted
            await asyncio.sleep(rounds(6, 55))
            assert network.load.told.accepted > before, "commands wait for Kafka"
            await off_loop(network.casa.kill)
            await off_loop(network.casa.start)
            await off_loop(network.broker.resume)
            await outcome.over(45)


@pytest.mark.needs_kafka_features
async def test_a_wiped_broker_is_filled_again_from_the_journal(network: Network, trial: Try) -> None:
    """Commands go on meanwhile, and the dashboard goes on from its gates."""
    async with trial("26 Kafka wiped, republished", within=60, order="in the end") as outcome:
        for _ in range(rounds(1, 10)):
            async with network.load.running():
                await asyncio.sleep(1)
                await _wiped(network)
            await outcome.recovered(60)
            await asyncio.sleep(LOOKS_BACK)
            outcome.rounds += 1
        outcome.notes.append(f"{len(await raw_records(network.broker.address))} records in the last log")


@pytest.mark.needs_kafka_features
async def test_a_wipe_under_a_lagging_dashboard_loses_nothing(network: Network, trial: Try) -> None:
    """When the dashboard wakes, the new log is already longer than what it had read of the old one."""
    async with trial("26 Kafka wiped under a lagging dashboard", within=60, order="in the end") as outcome:
        for _ in range(rounds(2, 10)):
            async with network.load.running():
                await asyncio.sleep(0.5)
                await off_loop(network.cruscotto.pause)
                await asyncio.sleep(1)
            await _wiped(network)
            await until_shipped(network)
            await off_loop(network.cruscotto.resume)
            await outcome.recovered(60)
            await asyncio.sleep(LOOKS_BACK)
            outcome.rounds += 1


async def _wiped(network: Network) -> None:
    """In the order of the runbook: with the topics made last, the new log begins with the journal's beginning."""
    await off_loop(network.broker.wipe)
    await off_loop(network.broker.start)
    await off_loop(network.casa.run, "republish")
    await network.make_topics()
