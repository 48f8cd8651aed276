"""The waiting table seen by a person: look at what waits, try it again, or set it aside for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from telaio.consumer import store
from telaio.consumer.gate import FORKED, WAITS, Gate, Subject
from telaio.consumer.ingest import INFRASTRUCTURE, Effect, ingest
from telaio.consumer.record import Received, receive
from telaio.database import Connection, savepoint
from telaio.service import Consumption


@dataclass(frozen=True)
class Entry:
    """One record that waits. `value` is the record as it came."""

    id: int
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    source: str | None
    subject: str | None
    version: int | None
    reason: str
    detail: str
    arrived_at: datetime


class NotThere(Exception):
    """No such record waits."""


class SubjectUnknown(Exception):
    """The record does not say whose it is: the operator has to name subject and version."""


class Forked(Exception):
    """The record is of another history: the fork is settled, not one record of it."""


class NotForked(Exception):
    """The subject of that record has one history only."""


_ENTRIES = """
select id, topic, partition, record as "offset", key, value, source, subject, version, reason, detail, arrived_at
from waiting where discarded_at is null and ($1::bigint[] is null or id = any($1)) order by id
"""


_KEPT = (
    "topic, partition, record, key, value, source, subject, version, reason, detail, arrived_at, discarded_at,"
    " discarded_why"
)
_ORDER = "source, subject, version, id"
_DISCARD_AGAIN = f"""
insert into waiting ({_KEPT}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (topic, partition, record) do update set source = excluded.source, subject = excluded.subject,
    version = excluded.version, reason = excluded.reason, discarded_at = excluded.discarded_at,
    discarded_why = excluded.discarded_why
where waiting.value is not distinct from excluded.value
"""  # noqa: S608


_OTHER_HISTORY = """
update waiting set reason = $3, discarded_at = clock_timestamp(), discarded_why = $4
where source = $1 and subject = $2 and discarded_at is null
"""


async def entries(consumption: Consumption, ids: Sequence[int] | None = None) -> list[Entry]:
    """What waits, oldest first: all of it, or these ids."""
    async with consumption.transaction() as connection:
        return await _entries(connection, ids)


async def _entries(connection: Connection, ids: Sequence[int] | None) -> list[Entry]:
    return [Entry(**row) for row in await connection.fetch(_ENTRIES, ids)]


async def retry(consumption: Consumption, ids: Sequence[int] | None = None) -> tuple[int, int]:
    """Tries records again as if they had just arrived; returns how many are done with and how many still wait."""
    async with consumption.transaction() as connection:
        before = await _entries(connection, ids)
        for entry in before:
            await _retry(connection, consumption, entry)
        left = {(e.topic, e.partition, e.offset) for e in await _entries(connection, None)}
    still = sum((e.topic, e.partition, e.offset) in left for e in before)
    return len(before) - still, still


async def _retry(connection: Connection, consumption: Consumption, entry: Entry) -> None:
    try:
        async with savepoint(connection):
            await store.unpark(connection, [entry.id])
            await ingest(connection, consumption.effect, [_record(entry)])
    except INFRASTRUCTURE:
        raise
    except Exception as bug:  # noqa: BLE001 - the consumer's edge: what still fails goes on waiting
        await connection.execute(
            "update waiting set detail = $2 where id = $1", entry.id, f"{type(bug).__name__}: {bug}"
        )


async def discard(
    consumption: Consumption, id: int, why: str, *, subject: str | None = None, version: int | None = None
) -> None:
    """Sets a record aside, with the reason, and lets its successors through.

    Raises: NotThere, SubjectUnknown, Forked.
    """
    async with consumption.transaction() as connection:
        entry = await _entry(connection, id)
        if entry.reason == FORKED:
            raise Forked(str(id))
        owner = await _owner(connection, entry, subject)
        number = entry.version or version
        if owner is None or number is None:
            raise SubjectUnknown(str(id))
        await connection.execute(
            "update waiting set discarded_at = clock_timestamp(), discarded_why = $2,"
            " source = $3, subject = $4, version = $5 where id = $1",
            *(id, why, *owner, number),
        )
        await _pass_over(connection, consumption.effect, owner, number)


async def settle(consumption: Consumption, id: int, why: str) -> int:
    """Lets the forked subject of a record go on from the history that was applied; returns how many records that waited
    are set aside, with the reason.

    All of them: nothing tells to which history a successor belongs. Its partner ships the entity again, and what lacks
    comes with it; where the partner's history is not the one applied, the subject forks again. What was applied stays:
    others have gone on from it. Raises: NotThere, NotForked.
    """
    async with consumption.transaction() as connection:
        entry = await _entry(connection, id)
        gates, _ = await store.load_gates(connection, [subject := (entry.source or "", entry.subject or "")])
        if subject not in gates or not gates[subject].forked:
            raise NotForked(str(id))
        aside = await connection.execute(_OTHER_HISTORY, *subject, FORKED, why)
        await _go_on(connection, consumption.effect, subject)
        return int(aside.rpartition(" ")[2])


async def _entry(connection: Connection, id: int) -> Entry:
    found = await _entries(connection, [id])
    if not found:
        raise NotThere(str(id))
    return found[0]


async def discarded(connection: Connection) -> list[Any]:
    """What was set aside, each entity's in version order."""
    return await connection.fetch(f"select {_KEPT} from waiting where discarded_at is not null order by {_ORDER}")  # noqa: S608


async def discard_again(connection: Connection, effect: Effect, rows: Sequence[Any]) -> None:
    """Sets aside in these tables what was set aside in others: a read model filled anew stops at the same records."""
    await connection.executemany(_DISCARD_AGAIN, [tuple(row) for row in rows])
    for row in rows:
        subject = (row["source"], row["subject"])
        if row["reason"] == FORKED:
            await _go_on(connection, effect, subject)
        else:
            await _pass_over(connection, effect, subject, row["version"])


async def _owner(connection: Connection, entry: Entry, subject: str | None) -> Subject | None:
    """Source and subject of the record; where it does not say, the only source that has this subject on its topic, be
    it only in what waits behind the record."""
    if entry.source and entry.subject:
        return entry.source, entry.subject
    named = subject or entry.subject
    service = entry.topic.partition(".")[0]
    rows = await connection.fetch(
        "select source from gate where subject = $1 and split_part(source, '/', 2) = $2"
        " union select source from waiting where subject = $1 and split_part(source, '/', 2) = $2",
        *(named, service),
    )
    return (rows[0]["source"], named) if named and len(rows) == 1 else None


async def _pass_over(connection: Connection, effect: Effect, subject: Subject, version: int) -> None:
    """Advances the gate over a version that will never come, and drains what waited for it."""
    gates, _ = await store.load_gates(connection, [subject])
    gate = gates.get(subject, Gate())
    if gate.version + 1 != version:
        return  # something earlier is missing too, or the version came in another record
    await store.save_gates(connection, {subject: Gate(version, None, gate.forked)}, [subject])
    await _drain(connection, effect, subject, version)


async def _go_on(connection: Connection, effect: Effect, subject: Subject) -> None:
    """Takes the fork from the gate, and drains what waited behind it."""
    gates, _ = await store.load_gates(connection, [subject])
    gate = gates.get(subject, Gate())
    await store.save_gates(connection, {subject: Gate(gate.version, gate.last_id)}, [subject])
    await _drain(connection, effect, subject, gate.version)


async def _drain(connection: Connection, effect: Effect, subject: Subject, version: int) -> None:
    """Applies the good records that waited for this version."""
    _, waiting = await store.load_gates(connection, [subject])
    following = [r for _, r in waiting.get(subject, {}).get(version + 1, []) if r.reason == WAITS]
    if following:
        await ingest(connection, effect, [following[0].ready()])


def _record(entry: Entry) -> Received:
    fields = {name: getattr(entry, name) for name in ("topic", "partition", "offset", "key", "value")}
    return receive([SimpleNamespace(**fields)])[0]
