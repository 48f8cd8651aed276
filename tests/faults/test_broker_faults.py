"""Faults of Kafka: restarted, frozen, wiped. Commands go on meanwhile; then everything arrives, in order."""

import asyncio

import pytest

from .conftest import Try, rounds
from .network import Network, off_loop
from .topic import raw_records


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
                outcome.rounds += 1


async def test_a_frozen_broker_is_outlived(network: Network, trial: Try) -> None:
    """Connections stay open and nobody answers; what was sent before may still be written when it wakes."""
    async with trial("5 broker black-holed", within=45) as outcome, network.load.running():
        for _ in range(rounds(1, 5)):
            await off_loop(network.broker.pause)
            before = network.load.told.accepted
            await asyncio.sleep(rounds(8, 60))
            assert network.load.told.accepted > before, "commands wait for Kafka"
            await off_loop(network.broker.resume)
            await asyncio.sleep(1)
            outcome.rounds += 1


@pytest.mark.needs_kafka_features
async def test_a_wiped_broker_is_filled_again_from_the_journal(network: Network, trial: Try) -> None:
    """The dashboard goes on from its gates; what it had not read yet when the log was lost reaches it all the same."""
    async with trial("26 Kafka wiped, republished", within=60) as outcome:
        for _ in range(rounds(2, 10)):
            async with network.load.running():
                await asyncio.sleep(1)
                await off_loop(network.broker.wipe)
                await asyncio.sleep(0.5)
                await off_loop(network.broker.start)
                await network.make_topics()
                await off_loop(network.casa.run, "republish")
            await outcome.recovered(60)
            outcome.rounds += 1
        outcome.notes.append(f"{len(await raw_records(network.broker.address))} records in the last log")


@pytest.mark.needs_kafka_features
async def test_a_wipe_while_the_dashboard_lags_behind_loses_nothing(network: Network, trial: Try) -> None:
    """The new log is longer than what the frozen dashboard had read of the old one before it looks again."""
    async with trial("26 Kafka wiped under a lagging dashboard", within=60) as outcome:
        for _ in range(rounds(2, 10)):
            async with network.load.running():
                await asyncio.sleep(0.5)
                await off_loop(network.cruscotto.pause)
                await asyncio.sleep(1)
            await off_loop(network.broker.wipe)
            await off_loop(network.broker.start)
            await network.make_topics()
            await off_loop(network.casa.run, "republish")
            await asyncio.sleep(3)
            await off_loop(network.cruscotto.resume)
            await outcome.recovered(60)
            outcome.rounds += 1
