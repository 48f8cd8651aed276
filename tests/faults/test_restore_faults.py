"""Backups put back: an older one under a bus that knows more, and everything after everything was lost."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from stack.databases import Databases
from telaio.safekeeping.recovery import LOST_AUTHOR

from .conftest import Try, rounds
from .network import Network, Service, off_loop, until_shipped

OWN_NETWORK = True  # a log made again is not in order everywhere
LOST = f"select count(*) from journal where author = '{LOST_AUTHOR}'"


async def test_an_older_backup_takes_back_what_the_bus_knows_before_its_first_command(
    network: Network, trial: Try, tmp_path: Path
) -> None:
    """27. Commands are refused meanwhile, never answered wrongly; afterwards no entity has two histories."""
    async with trial("27 older backup under a bus that knows more") as outcome:
        for number in range(rounds(2, 20)):
            old = tmp_path / f"{number}.zip"
            async with network.load.running():
                await asyncio.sleep(0.5)
                await off_loop(network.casa.run, "backup", str(old))
                await asyncio.sleep(0.5)
            await until_shipped(network)
            known = network.ledger.count
            await off_loop(network.casa.stop)
            await _lost(network, "casa")
            await off_loop(network.casa.run, "restore", str(old))
            await off_loop(network.casa.start)
            taken_back = await _value(network.casa_dsn, LOST)
            assert 0 < taken_back < known
            outcome.notes.append(f"{taken_back} taken back")
            async with network.load.running():
                await asyncio.sleep(0.5)
                await outcome.over()


@pytest.mark.needs_kafka_features
async def test_everything_lost_comes_back_from_the_backups_alone(network: Network, trial: Try, tmp_path: Path) -> None:
    """Kafka empty, both databases gone: restore, topics, republish, rebuild."""
    async with trial("27 Kafka and databases lost, all restored", within=60, order="in the end") as outcome:
        async with network.load.running():
            await asyncio.sleep(1)
        await until_shipped(network)
        services = {"casa": network.casa, "cruscotto": network.cruscotto}
        for name, service in services.items():
            await off_loop(service.run, "backup", str(tmp_path / f"{name}.zip"))
            await off_loop(service.stop)
        await off_loop(network.broker.wipe)
        await off_loop(network.broker.start)
        await network.make_topics()
        for name, service in services.items():
            await _lost(network, name)
            await _back(service, tmp_path / f"{name}.zip")
        await off_loop(network.casa.run, "republish")
        await outcome.recovered(60)
        async with network.load.running():
            await asyncio.sleep(0.5)
            await outcome.over()


async def _lost(network: Network, name: str) -> None:
    """The database is dropped, and a new one stands empty in its place."""
    server = network.casa_postgres if name == "casa" else network.cruscotto_postgres
    databases = Databases(server)
    await off_loop(databases.drop, server.dsn(name))
    await off_loop(databases.create, name)


async def _back(service: Service, backup: Path) -> None:
    await off_loop(service.run, "restore", str(backup))
    await off_loop(service.run, "migrate")
    await off_loop(service.start)


async def _value(dsn: str, query: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        return int(await connection.fetchval(query))
    finally:
        await connection.close()
