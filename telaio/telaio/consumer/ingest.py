"""One batch into one transaction: gates, effect and what has to wait. Live reading, rebuild and retry share it."""

from collections.abc import Sequence
from typing import Protocol

from telaio.consumer import store
from telaio.consumer.gate import Gate, Gates, Passage, Subject
from telaio.consumer.record import Received
from telaio.database import DEAD, RETRY, Connection, savepoint

INFRASTRUCTURE: tuple[type[Exception], ...] = (*DEAD, *RETRY)
Version = tuple[str, str, int]


class Effect(Protocol):
    """What a consumer does with the events that are due."""

    async def apply(self, connection: Connection, events: Sequence[Received]) -> None:
        """Applies events in order, inside the caller's transaction; `event` is None for an unknown type."""

    async def known(self, connection: Connection, versions: Sequence[Version]) -> dict[Version, str]:
        """The ids of events applied earlier, by source, subject and version; those it does not know are left out."""


async def ingest(connection: Connection, effect: Effect, records: Sequence[Received]) -> Passage:
    """Applies what is due, parks what is not, and returns what became of the records. Raises: what `effect` raises."""
    subjects = sorted({r.subject for r in records if r.subject})
    gates = await store.load_gates(connection, subjects)
    waiting = await store.load_waiting(connection, subjects)
    known = await _known(connection, effect, gates, records)
    at_gates = Gates(gates, waiting, known)
    passage = at_gates.pass_(list(records))
    if passage.apply:
        await effect.apply(connection, passage.apply)
    await store.save_gates(connection, at_gates.gates, passage.moved)
    if passage.park:
        await store.park(connection, passage.park)
    await store.unpark(connection, passage.unparked)
    return passage


async def _known(
    connection: Connection, effect: Effect, gates: dict[Subject, Gate], records: Sequence[Received]
) -> dict[Version, str]:
    """The ids of older versions that turn up again. Only a replay asks: a live stream never goes back."""
    older = []
    for record in records:
        gate = gates.get(record.subject) if record.subject else None
        if gate is not None and record.envelope is not None and record.envelope.entityversion < gate.version:
            older.append((record.envelope.source, record.envelope.subject, record.envelope.entityversion))
    return await effect.known(connection, older) if older else {}


async def ingest_singly(connection: Connection, effect: Effect, records: Sequence[Received]) -> None:
    """As `ingest`, one record at a time: the one on which the effect fails is parked, and its successors wait.

    Raises: only what the infrastructure does; whatever else the effect raises is a bug, parked with its name.
    """
    for record in records:
        try:
            async with savepoint(connection):
                await ingest(connection, effect, [record])
        except INFRASTRUCTURE:
            raise
        except Exception as bug:  # noqa: BLE001 - the consumer's edge: one bad event must not stop all others
            await store.park(connection, [record.refused("errore-interno", f"{type(bug).__name__}: {bug}")])
