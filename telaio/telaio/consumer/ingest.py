"""One batch into one transaction: gates, effect and what has to wait. Live reading, rebuild and retry share it."""

from collections.abc import Sequence
from typing import Protocol

from telaio.consumer import store
from telaio.consumer.gate import Gates, KnownWanted, Passage
from telaio.consumer.record import Received
from telaio.database import DEAD, RETRY, Connection, savepoint

INFRASTRUCTURE: tuple[type[Exception], ...] = (*DEAD, *RETRY)
NOT_BUGS: tuple[type[Exception], ...] = (*INFRASTRUCTURE, store.Fenced)
Version = tuple[str, str, int]


class Effect(Protocol):
    """What a consumer does with the events that are due."""

    async def apply(self, connection: Connection, events: Sequence[Received]) -> None:
        """Applies events in order, inside the caller's transaction; `event` is None for an unknown type."""

    async def known(self, connection: Connection, versions: Sequence[Version]) -> dict[Version, str]:
        """The ids of events applied earlier, by source, subject and version; those it does not know are left out."""


async def ingest(connection: Connection, effect: Effect, records: Sequence[Received]) -> Passage:
    """Applies what is due, parks what is not, and returns what became of the records. Raises: what `effect` raises."""
    gates = await _load(connection, records)
    try:
        passage = gates.pass_(records)
    except KnownWanted:
        gates = await _load(connection, records, await effect.known(connection, _versions(records)))
        passage = gates.pass_(records)
    if passage.apply:
        await effect.apply(connection, passage.apply)
    await store.save_gates(connection, gates.gates, passage.moved)
    if passage.park:
        await store.park(connection, passage.park)
    await store.unpark(connection, passage.unparked)
    return passage


async def _load(connection: Connection, records: Sequence[Received], known: dict[Version, str] | None = None) -> Gates:
    subjects = sorted({r.subject for r in records if r.subject})
    return Gates(*await store.load_gates(connection, subjects), known)


def _versions(records: Sequence[Received]) -> list[Version]:
    return [(*r.subject, r.envelope.entityversion) for r in records if r.subject and r.envelope]


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
