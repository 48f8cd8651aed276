"""A partner upgrades when it suits it: the release before runs with the newest of the rest, and is then replaced in
place under load."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from stack.broker import Broker
from stack.postgres import Postgres

from .conftest import Try
from .earlier import Earlier, earlier_release
from .network import CASA, Network, Service, off_loop


class Mixed(Network):
    """A network whose casa is an earlier release."""

    release: Path

    def _service_casa(self) -> Service:
        return Earlier(self.files / "casa", CASA, self._settings(self.casa_proxy, "casa"), self.release)

    def newest(self) -> Service:
        """Casa as it is now, on the same database, not started."""
        return Service(self.files / "casa-nuova", CASA, self._settings(self.casa_proxy, "casa"))


@pytest.fixture
async def network(
    stack_files: Path, own_broker: Callable[..., Broker], own_postgres: Callable[..., Postgres], tmp_path: Path
) -> AsyncIterator[Network]:
    """A network of its own, with the release before this one at casa."""
    release = earlier_release(tmp_path / "prima")
    if release is None:
        pytest.skip("no earlier commit here: a shallow clone has no history")
    mixed = Mixed(stack_files, own_broker(), (own_postgres(), own_postgres()))
    mixed.release = release
    await mixed.start()
    assert str(release) in mixed.casa.runs_from()
    yield mixed
    await mixed.stop()


async def test_an_earlier_casa_beside_the_rest_is_upgraded_in_place_without_a_failed_request(
    network: Mixed, trial: Try
) -> None:
    async with trial("upgrade of casa under load") as outcome:
        before, after = network.casa, network.newest()
        async with network.load.running():
            await asyncio.sleep(1)
            old = network.load.told.accepted
            await off_loop(after.start)  # it migrates the database that the earlier release is working on
            network.load.turn_to(after.url)
            await asyncio.sleep(0.5)
            network.casa = after
            await off_loop(before.stop)
            await asyncio.sleep(1)
            await outcome.over()
        told = network.load.told
        assert told.repeated == 0, f"{told.repeated} requests failed and were sent again"
        assert 0 < old < told.accepted
        outcome.notes.append(f"{old} commands before, {told.accepted - old} after, 0 failed")
