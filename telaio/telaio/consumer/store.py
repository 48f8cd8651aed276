"""What the wrapper keeps in PostgreSQL: offsets, gates and the waiting table. Names are looked up by search path."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from telaio.columns import columns, unpacked
from telaio.consumer.gate import Gate, Subject, Waiting
from telaio.consumer.record import Received, receive
from telaio.database import Connection

Partition = tuple[str, int]


_LOAD_GATES = f"""
select source, subject, version, last_id::text, forked, exists (select from waiting where discarded_at is null)
from {unpacked("source text, subject text")} left join gate using (source, subject)
"""  # noqa: S608
_SAVE_GATES = f"""
insert into gate (source, subject, version, last_id, forked)
select * from {unpacked("source text, subject text, version int, last_id uuid, forked bool")}
on conflict (source, subject) do update
set version = excluded.version, last_id = excluded.last_id, forked = excluded.forked
"""  # noqa: S608


class Fenced(Exception):
    """Somebody else has moved these offsets: this consumer no longer owns the partition, and must write nothing."""


@dataclass(frozen=True)
class Step:
    """The advance of one partition: from the offset expected to the next one, with the digest of the last record."""

    topic: str
    partition: int
    expected: int
    next_offset: int
    digest: bytes


async def offsets(connection: Connection, partitions: Iterable[Partition]) -> dict[Partition, tuple[int, bytes | None]]:
    """The next offset and last digest of each partition; a partition never seen is begun at 0."""
    wanted = sorted(partitions)
    topics, numbers = [t for t, _ in wanted], [n for _, n in wanted]
    await connection.execute(
        "insert into consumer_offset (topic, partition, next_offset)"
        " select t, p, 0 from unnest($1::text[], $2::int[]) as n (t, p) on conflict do nothing",
        *(topics, numbers),
    )
    rows = await connection.fetch(
        "select topic, partition, next_offset, digest from consumer_offset"
        " join unnest($1::text[], $2::int[]) as n (topic, partition) using (topic, partition)",
        *(topics, numbers),
    )
    return {(t, p): (next_offset, digest) for t, p, next_offset, digest in rows}


async def restart(connection: Connection, topic: str, partition: int) -> None:
    """Begins a partition again: its log is a new one. What waits from the old one leaves its offset to a record of the
    new one, which could not be parked otherwise."""
    await connection.execute(
        "update consumer_offset set next_offset = 0, digest = null where (topic, partition) = ($1, $2)",
        *(topic, partition),
    )
    await connection.execute(
        "update waiting set record = -id where (topic, partition) = ($1, $2) and record >= 0", topic, partition
    )


async def advance(connection: Connection, steps: Sequence[Step]) -> None:
    """Moves the offsets by compare-and-set. Raises: Fenced, and then nothing of the transaction may be kept."""
    done = await connection.execute(
        "update consumer_offset o set next_offset = s.next_offset, digest = s.digest"
        " from unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[], $5::bytea[])"
        " as s (topic, partition, expected, next_offset, digest)"
        " where (o.topic, o.partition, o.next_offset) = (s.topic, s.partition, s.expected)",
        [s.topic for s in steps],
        [s.partition for s in steps],
        [s.expected for s in steps],
        [s.next_offset for s in steps],
        [s.digest for s in steps],
    )
    if int(done.rpartition(" ")[2]) != len(steps):
        raise Fenced


async def load_gates(
    connection: Connection, subjects: Sequence[Subject]
) -> tuple[dict[Subject, Gate], dict[Subject, Waiting]]:
    """The gates that exist, and what waits behind them, by subject."""
    rows = await connection.fetch(_LOAD_GATES, columns(*_split(subjects)))
    gates = {
        (source, subject): Gate(version, last_id, forked)
        for source, subject, version, last_id, forked, _ in rows
        if version is not None
    }
    some_wait = bool(rows) and rows[0][-1]
    return gates, await _load_waiting(connection, subjects) if some_wait else {}


async def save_gates(connection: Connection, gates: Mapping[Subject, Gate], moved: Iterable[Subject]) -> None:
    """Stores the gates that moved, in one order for everybody."""
    keys = sorted(moved)
    if keys:
        own = [gates[k] for k in keys]
        state = ([g.version for g in own], [g.last_id for g in own], [g.forked for g in own])
        await connection.execute(_SAVE_GATES, columns(*_split(keys), *state))


def _split(subjects: Sequence[Subject]) -> tuple[list[str], list[str]]:
    return [source for source, _ in subjects], [subject for _, subject in subjects]


async def _load_waiting(connection: Connection, subjects: Sequence[Subject]) -> dict[Subject, Waiting]:
    rows = await connection.fetch(
        "select id, topic, partition, record as offset, key, value, source, subject, version, reason from waiting"
        " join unnest($1::text[], $2::text[]) as s (source, subject) using (source, subject)"
        " where discarded_at is null order by id",
        *_split(subjects),
    )
    found: dict[Subject, Waiting] = {}
    for row in rows:
        (record,) = receive([SimpleNamespace(**row)])
        waiting = found.setdefault((row["source"], row["subject"]), {})
        waiting.setdefault(row["version"], []).append((row["id"], record.refused(row["reason"])))
    return found


async def park(connection: Connection, records: Sequence[Received]) -> None:
    """Puts records into the waiting table; one that is there already stays as it is."""
    rows = [_row(r) for r in records]
    await connection.executemany(
        "insert into waiting (topic, partition, record, key, value, source, subject, version, reason, detail)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing",
        rows,
    )


def _row(r: Received) -> tuple[object, ...]:
    source, subject = r.subject or (None, _subject_of(r.key))
    version = r.envelope.entityversion if r.envelope else None
    return (r.topic, r.partition, r.offset, r.key, r.value, source, subject, version, r.reason, r.detail)


def _subject_of(key: bytes | None) -> str | None:
    """An unreadable record still has its key, which is the subject."""
    return key.decode("utf-8", "replace").replace("\0", "") if key else None


async def unpark(connection: Connection, ids: Sequence[int]) -> None:
    """Takes records out of the waiting table."""
    if ids:
        await connection.execute("delete from waiting where id = any($1)", ids)
