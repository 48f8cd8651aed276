"""Faults of PostgreSQL and of the way to it: answers that never come, servers that die or refuse to write."""

import asyncio

from stack.databases import Databases
from stack.postgres import Postgres

from .conftest import Try, rounds
from .network import Network, off_loop, until
from .proxy import At, Link, cut

COMMAND = At("^commit$", "before", after="insert into journal")
ACCEPTED = At("^commit$", "after", after="insert into journal")
READ_ONLY = "alter system set default_transaction_read_only = {}"


async def test_a_transaction_that_commits_late_is_shipped_though_others_overtook_it(
    network: Network, trial: Try
) -> None:
    """Its sequence numbers are lower than those shipped meanwhile. Every other one is rolled back instead."""

    async def hold(_: Link) -> None:
        await asyncio.sleep(rounds(2, 10))

    async def hold_and_cut(link: Link) -> None:
        await hold(link)
        link.cut()

    async with trial("1 low transaction held, or rolled back") as outcome, network.load.running():
        for _ in range(rounds(1, 5)):
            for act in (hold, hold_and_cut):
                with network.casa_proxy.rule(COMMAND, act) as rule:
                    await until(lambda r=rule: bool(r.hits), "a command", within=30)  # type: ignore[misc]
                    before = network.load.told.accepted
                    await asyncio.wait_for(rule.done.wait(), 30)
                    assert network.load.told.accepted > before, "nobody overtook it"
                outcome.rounds += 1


async def test_many_writers_on_few_entities_leave_every_history_whole(network: Network, trial: Try) -> None:
    async with trial("2 many writers on few entities") as outcome, network.load.running(workers=16, hot=3):
        await asyncio.sleep(rounds(4, 60))
        outcome.rounds += 1


async def test_a_command_whose_commit_was_not_answered_counts_once(network: Network, trial: Try) -> None:
    """The client asks again under its key, and is told what the first one did."""
    async with trial("7 cut after COMMIT: a command") as outcome:
        recognised = network.load.told.recognised
        with network.casa_proxy.rule(ACCEPTED, cut, times=rounds(10, 200), every=7) as rule:
            async with network.load.running():
                await asyncio.wait_for(rule.done.wait(), rounds(30, 300))
        outcome.rounds = rule.hits
        assert network.load.told.recognised - recognised == rule.hits


async def test_a_relay_whose_deletion_was_not_answered_loses_nothing(network: Network, trial: Try) -> None:
    async with trial("7 cut after COMMIT: relay") as outcome:
        at = At("delete from outbox", "after")
        with network.casa_proxy.rule(at, cut, times=rounds(3, 50), every=2) as rule:
            async with network.load.running():
                await asyncio.wait_for(rule.done.wait(), rounds(30, 300))
        outcome.rounds = rule.hits


async def test_a_batch_whose_commit_was_not_answered_is_applied_once(network: Network, trial: Try) -> None:
    async with trial("7 cut after COMMIT: consumer") as outcome:
        at = At("^commit$", "after", after="update consumer_offset")
        with network.cruscotto_proxy.rule(at, cut, times=rounds(5, 50), every=3) as rule:
            async with network.load.running():
                await asyncio.wait_for(rule.done.wait(), rounds(30, 300))
        outcome.rounds = rule.hits


async def test_a_database_killed_under_load_loses_nothing(network: Network, trial: Try) -> None:
    async with trial("17 PostgreSQL killed") as outcome, network.load.running():
        for _ in range(rounds(1, 10)):
            for server in (network.casa_postgres, network.cruscotto_postgres):
                await asyncio.sleep(0.7)
                await off_loop(server.kill)
                await asyncio.sleep(0.3)
                await off_loop(server.start)
                await outcome.over()


async def test_a_database_that_refuses_to_write_is_waited_for(network: Network, trial: Try) -> None:
    async with trial("17 PostgreSQL flipped read-only") as outcome, network.load.running():
        for _ in range(rounds(1, 10)):
            for server in (network.casa_postgres, network.cruscotto_postgres):
                await _flip(server, on=True)
                await asyncio.sleep(0.5)
                before = await _written(network, server)
                await asyncio.sleep(rounds(2, 20))
                assert await _written(network, server) == before, "it was written to"
                await _flip(server, on=False)
                await outcome.over()


async def _written(network: Network, server: Postgres) -> int:
    if server is network.casa_postgres:
        return network.load.told.accepted
    return int(await network.served("select count(*) from {}.fact"))


async def _flip(server: Postgres, *, on: bool) -> None:
    for statement in (READ_ONLY.format("on" if on else "off"), "select pg_reload_conf()"):
        await off_loop(Databases(server).execute, statement)
