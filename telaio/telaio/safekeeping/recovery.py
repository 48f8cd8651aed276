"""After a restore: the service takes back into its journal the events it had told and the backup did not know.

Until then it accepts no command: one more event would take a version that another already has, and the entity would
have two histories. Only a marked database waits for Kafka; any other service starts without it.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.errors import KafkaError

from telaio.columns import columns, unpacked
from telaio.consumer.own_log import HeadLost, own_log
from telaio.consumer.record import Received
from telaio.database import ANY, Connection, transaction
from telaio.runtime import Runtime
from telaio.safekeeping.refold import refold_everything

LOST_AUTHOR = "ripristinato"
"""The author of an event taken back: who it was stood only in the journal that was lost."""
AGAIN_SECONDS = 5.0
# Held by who recovers: of several processes of one service the others wait until the mark is gone.
ONE_AT_A_TIME = "begin; select pg_advisory_xact_lock(6841710, 3); set local statement_timeout = 0"

_MARKED = "select exists (select from restoration where recovered_at is null)"
_SHAPE = (
    "id uuid, kind text, entity text, version int, type text, schema_version smallint, data jsonb, happened_on date,"
    " recorded_at timestamptz, author text, correlation text, causation text, traceparent text"
)
_NAMES = ", ".join(column.split()[0] for column in _SHAPE.split(", "))
_TAKE_BACK = f"""
insert into journal ({_NAMES}) select * from {unpacked(_SHAPE)} on conflict (kind, entity, version) do nothing
returning type
"""  # noqa: S608
_FORKED = f"""
select kind || '/' || entity || ' v' || version from {unpacked("id uuid, kind text, entity text, version int")}
join journal using (kind, entity, version) where journal.id <> t.id
"""  # noqa: S608
_GAPS = "select kind || '/' || entity from journal group by kind, entity having max(version) <> count(*) limit 5"

log = logging.getLogger("telaio.recovery")


class Incomplete(Exception):
    """Journal and topic do not make one history: somebody has to look before the service goes on."""


TROUBLE: tuple[type[Exception], ...] = (*ANY, KafkaError, HeadLost, Incomplete)


@dataclass(frozen=True)
class Recovered:
    """What was taken back: how many events of each type. Their authors did not come back."""

    events: dict[str, int]

    @property
    def count(self) -> int:
        return sum(self.events.values())


async def recovered(runtime: Runtime) -> None:
    """Returns once commands may be accepted: at once where the database is not marked. Tries for ever."""
    status = runtime.status.setdefault("ripristino", {})
    while runtime.recovering:
        try:
            async with transaction(runtime.pool, ONE_AT_A_TIME) as connection:
                await _recover_where_marked(runtime, connection, status)
            runtime.recovering = False
        except TROUBLE as trouble:
            reason = str(trouble) if isinstance(trouble, Incomplete) else type(trouble).__name__
            status.update(motivo=reason)
            log.warning("recovery waits", extra={"reason": reason})
            await asyncio.sleep(AGAIN_SECONDS)


async def _recover_where_marked(runtime: Runtime, connection: Connection, status: dict[str, Any]) -> None:
    if await connection.fetchval(_MARKED):
        status.update(in_corso=True)
        found = await _recover(runtime, connection)
        status.update(in_corso=False, ripresi=found.events)


async def _recover(runtime: Runtime, connection: Connection) -> Recovered:
    """Takes the tail back, folds everything again and takes the mark away, all in the caller's transaction."""
    found: dict[str, int] = {}
    async for batch in own_log(runtime.settings.bus, runtime.service.topic):
        own = [r for r in batch if r.envelope and r.envelope.source == runtime.source]
        for type_name in await _take_back(connection, own):
            found[type_name] = found.get(type_name, 0) + 1
    gaps = [subject for (subject,) in await connection.fetch(_GAPS)]
    if gaps:
        raise Incomplete(f"mancano eventi di {', '.join(gaps)}: né il salvataggio né il topic li hanno")
    if found:
        await refold_everything(connection, runtime.service.by_kind)
    recovered = Recovered(found)
    await connection.execute("update restoration set recovered_at = clock_timestamp(), events = $1", recovered.count)
    log.warning("recovered", extra={"events": recovered.events, "authors_lost": recovered.count})
    return recovered


async def _take_back(connection: Connection, own: Sequence[Received]) -> list[str]:
    """The types of the events that were not in the journal and are now. Raises: Incomplete for another history."""
    if not own:
        return []
    rows = list(_rows(own))
    forked = await connection.fetch(_FORKED, columns(*[[row[i] for row in rows] for i in range(4)]))
    if forked:
        raise Incomplete(f"due storie diverse: {', '.join(f for (f,) in forked[:5])}")
    return [t for (t,) in await connection.fetch(_TAKE_BACK, columns(*zip(*rows, strict=True)))]


def _rows(own: Iterable[Received]) -> Iterable[tuple[Any, ...]]:
    for received in own:
        e = received.envelope
        assert e is not None
        kind, _, entity = e.subject.partition("/")
        yield (e.id, kind, entity, e.entityversion, e.type, e.schema_version, e.data, e.data["avvenuto_il"], e.time,
               LOST_AUTHOR, e.correlationid, e.causationid, e.traceparent)  # fmt: skip
