"""What waits can be looked at, tried again and set aside, and the rest follows in order."""

from argparse import Namespace
from collections.abc import Sequence

import pytest
from telaio.cli import QUARANTINE
from telaio.consumer import store
from telaio.consumer.ingest import ingest, ingest_singly
from telaio.consumer.record import Received, receive
from telaio.database import transaction
from telaio.runtime import Runtime
from telaio.service import Consumption
from telaio.testing.wire import Raw, raw

from telaio import quarantine

from .conftest import Start


class Sheet:
    """An effect that notes what it is given, and can be broken."""

    def __init__(self) -> None:
        self.broken = False

    async def apply(self, connection, events: Sequence[Received]) -> None:
        if self.broken:
            raise ValueError("bug")
        rows = [(e.envelope.subject, e.envelope.entityversion) for e in events]
        await connection.executemany("insert into sheet (subject, version) values ($1, $2)", rows)

    async def known(self, connection, versions) -> dict:
        return {}


class Desk:
    """A consumer's tables and its effect."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime, self.sheet = runtime, Sheet()
        self.consumption = Consumption(["casa.eventi"], lambda: transaction(runtime.pool), self.sheet)

    async def arrive(self, *records: Raw) -> None:
        async with self.consumption.transaction() as connection:
            await ingest(connection, self.sheet, receive(records))

    async def lines(self) -> list[int]:
        return [v for (v,) in await self.runtime.pool.fetch("select version from sheet order by line")]

    async def waiting(self) -> list[tuple[str, int | None]]:
        return [(e.reason, e.version) for e in await quarantine.entries(self.consumption)]


@pytest.fixture
async def desk(start: Start) -> Desk:
    return await _desk(await start())


async def _desk(runtime: Runtime) -> Desk:
    await runtime.pool.execute(
        "create table sheet (line bigint generated always as identity, subject text, version int)"
    )
    return Desk(runtime)


def bad(version: int) -> Raw:
    """A record whose data are not what its type says."""
    return raw(version, data={"avvenuto_il": "ieri"})


async def test_a_retry_of_what_is_still_bad_goes_on_waiting(desk: Desk) -> None:
    await desk.arrive(raw(1), bad(2), raw(3))
    assert await quarantine.retry(desk.consumption) == (0, 2)
    assert sorted(await desk.waiting()) == [("dati-non-validi", 2), ("in-attesa", 3)]


async def test_what_a_bug_stopped_ends_as_if_it_had_been_good(desk: Desk) -> None:
    await desk.arrive(raw(1))
    desk.sheet.broken = True
    with pytest.raises(ValueError, match="bug"):
        await desk.arrive(raw(2))
    async with desk.consumption.transaction() as connection:
        await ingest_singly(connection, desk.sheet, receive([raw(2), raw(3)]))
    assert await desk.waiting() == [("errore-interno", 2), ("in-attesa", 3)]
    assert await quarantine.retry(desk.consumption) == (0, 2)
    desk.sheet.broken = False
    assert await quarantine.retry(desk.consumption) == (2, 0)
    assert (await desk.lines(), await desk.waiting()) == ([1, 2, 3], [])


async def test_a_discard_lets_the_successors_through_and_keeps_the_reason(desk: Desk) -> None:
    await desk.arrive(raw(1), bad(2), raw(3), raw(4))
    (entry,) = [e for e in await quarantine.entries(desk.consumption) if e.reason == "dati-non-validi"]
    await quarantine.discard(desk.consumption, entry.id, "evento di prova")
    assert (await desk.lines(), await desk.waiting()) == ([1, 3, 4], [])
    assert await desk.runtime.pool.fetchval("select discarded_why from waiting") == "evento di prova"


async def test_an_unreadable_record_is_discarded_with_the_version_it_held(desk: Desk) -> None:
    unreadable = raw(2)
    unreadable.value = b"{"
    await desk.arrive(raw(1), unreadable, raw(3))
    (entry,) = [e for e in await quarantine.entries(desk.consumption) if e.version is None]
    with pytest.raises(quarantine.SubjectUnknown):
        await quarantine.discard(desk.consumption, entry.id, "illeggibile")
    await quarantine.discard(desk.consumption, entry.id, "illeggibile", version=2)
    assert (await desk.lines(), await desk.waiting()) == ([1, 3], [])


async def test_an_entity_whose_first_record_is_unreadable_is_named_by_what_waits_behind(desk: Desk) -> None:
    unreadable = raw(1)
    unreadable.value = b"{"
    await desk.arrive(unreadable, raw(2))
    (entry,) = [e for e in await quarantine.entries(desk.consumption) if e.version is None]
    await quarantine.discard(desk.consumption, entry.id, "illeggibile", version=1)
    assert (await desk.lines(), await desk.waiting()) == ([2], [])


async def test_what_was_set_aside_is_set_aside_in_a_read_model_filled_anew(desk: Desk, start: Start) -> None:
    records = [raw(1), bad(2), raw(3), bad(4), raw(5)]
    await desk.arrive(*records)
    for entry in [e for e in await quarantine.entries(desk.consumption) if e.reason == "dati-non-validi"]:
        await quarantine.discard(desk.consumption, entry.id, "di prova")
    other = await _desk(await start())
    await other.arrive(*records)
    async with desk.consumption.transaction() as old, other.consumption.transaction() as new:
        await quarantine.discard_again(new, other.sheet, await quarantine.discarded(old))
    assert (await other.lines(), await other.waiting()) == ([1, 3, 5], [])
    assert await other.runtime.pool.fetch("select discarded_why from waiting") == [("di prova",), ("di prova",)]


async def test_what_waits_from_an_old_log_does_not_hide_records_of_the_new_one(desk: Desk) -> None:
    first, second = raw(1), raw(2)
    unreadable = Raw(first.topic, first.partition, second.offset, b"famiglia/1", b"{")
    await desk.arrive(unreadable)
    async with desk.consumption.transaction() as connection:
        await store.restart(connection, first.topic, first.partition)
    await desk.arrive(second)
    await desk.arrive(first)
    assert (await desk.lines(), await desk.waiting()) == ([1, 2], [("busta-non-valida", None)])


async def test_a_good_record_after_a_discarded_version_is_a_repeat(desk: Desk) -> None:
    await desk.arrive(raw(1), bad(2))
    (entry,) = await quarantine.entries(desk.consumption)
    await quarantine.discard(desk.consumption, entry.id, "doppione")
    await desk.arrive(raw(2), raw(3))
    assert (await desk.lines(), await desk.waiting()) == ([1, 3], [])


async def test_there_is_nothing_to_discard_where_nothing_waits(desk: Desk) -> None:
    with pytest.raises(quarantine.NotThere):
        await quarantine.discard(desk.consumption, 7, "boh")


async def test_a_discard_does_not_let_a_bad_record_through_that_follows(desk: Desk) -> None:
    await desk.arrive(raw(1), bad(2), bad(3), raw(4))
    first, *_ = [e for e in await quarantine.entries(desk.consumption) if e.reason == "dati-non-validi"]
    await quarantine.discard(desk.consumption, first.id, "di prova")
    assert await desk.lines() == [1]
    assert sorted(await desk.waiting()) == [("dati-non-validi", 3), ("in-attesa", 4)]


async def forked(desk: Desk) -> list[Raw]:
    """Two histories from version 2 on, the first of which was applied as far as it had come; the records so far."""
    records = [raw(1), raw(2), raw(2, fork=1), raw(3, fork=1), raw(3)]
    await desk.arrive(*records)
    return records


async def settle(desk: Desk) -> int:
    (entry,) = [e for e in await quarantine.entries(desk.consumption) if e.reason == "biforcazione"]
    return await quarantine.settle(desk.consumption, entry.id, "due copie accese")


async def test_a_settled_subject_goes_on_with_the_history_that_was_applied(desk: Desk) -> None:
    await forked(desk)
    with pytest.raises(quarantine.Forked):
        await quarantine.discard(desk.consumption, (await quarantine.entries(desk.consumption))[0].id, "boh")
    assert await settle(desk) == 3
    again = [raw(1), raw(2), raw(3), raw(4)]
    await desk.arrive(*again)
    assert (await desk.lines(), await desk.waiting()) == ([1, 2, 3, 4], [])
    assert not await desk.runtime.pool.fetchval("select bool_or(forked) from gate")


async def test_a_partner_that_ships_the_other_history_forks_again(desk: Desk) -> None:
    await forked(desk)
    await settle(desk)
    await desk.arrive(raw(1), raw(2, fork=1), raw(3, fork=1))
    assert await desk.lines() == [1, 2]
    assert sorted(await desk.waiting()) == [("biforcazione", 2), ("in-attesa", 3)]


async def test_a_fork_that_was_settled_is_settled_in_a_read_model_filled_anew(desk: Desk, start: Start) -> None:
    records = await forked(desk)
    await settle(desk)
    records += (again := [raw(1), raw(2), raw(3), raw(4)])
    await desk.arrive(*again)
    other = await _desk(await start())
    await other.arrive(*records)
    async with desk.consumption.transaction() as old, other.consumption.transaction() as new:
        await quarantine.discard_again(new, other.sheet, await quarantine.discarded(old))
    assert (await other.lines(), await other.waiting()) == ([1, 2, 3, 4], [])
    gates = "select source, subject, version, last_id, forked from gate"
    assert await other.runtime.pool.fetch(gates) == await desk.runtime.pool.fetch(gates)


async def test_only_a_fork_is_settled(desk: Desk) -> None:
    await desk.arrive(raw(1), bad(2))
    (entry,) = await quarantine.entries(desk.consumption)
    with pytest.raises(quarantine.NotForked):
        await quarantine.settle(desk.consumption, entry.id, "boh")


async def test_the_word_wants_a_reason_and_tells_what_the_partner_does_next(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    await forked(desk)
    first, *_ = await quarantine.entries(desk.consumption)
    assert await QUARANTINE["settle"](desk.consumption, Namespace(id=[first.id], motivo=None)) == 2
    assert await QUARANTINE["settle"](desk.consumption, Namespace(id=[first.id], motivo="due copie accese")) == 0
    assert "3 messi da parte" in (said := capsys.readouterr().out)
    assert "republish --entita" in said
