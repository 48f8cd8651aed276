"""Looking after oneself: every few seconds a service reads from its database what only the database knows, for metrics.

It runs beside the API, and beside a relay that has a process of its own. While the database is away it says so, and
nothing else changes.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

from telaio import metrics
from telaio.database import ANY, Connection, reachable
from telaio.migrate import migrations, pending
from telaio.runtime import Runtime
from telaio.web.reads import reading

LOOKS_A_BEAT = 4
_JOURNAL = "select n_live_tup from pg_stat_user_tables where relname = 'journal' and schemaname = 'public'"
_OUTBOX = """
select (select count(*) from outbox) as events,
       (select recorded_at from journal where seq = (select min(seq) from outbox)) as oldest
"""
_WAITING = """
select reason, count(*) as records, extract(epoch from clock_timestamp() - min(arrived_at)) as oldest
from waiting where discarded_at is null group by reason
"""
_FORKED = "select count(*) from gate where forked"
log = logging.getLogger("telaio.watch")


async def watch(runtime: Runtime) -> None:
    """Never returns; cancel it to stop."""
    metrics.tell_build(runtime)
    while True:
        await look(runtime)
        await asyncio.sleep(runtime.settings.battito / LOOKS_A_BEAT)


async def look(runtime: Runtime) -> None:
    """Measures once. Where the database does not answer only `genera_database_up` is set."""
    up = await reachable(runtime.pool)
    metrics.DATABASE_UP.set(up)
    if not up:
        return
    try:
        async with reading(runtime) as connection:
            await _own(connection, runtime)
        if runtime.service.consumer is not None:
            async with runtime.service.consumer(runtime).transaction() as connection:
                await _quarantine(connection)
    except ANY as trouble:
        log.warning("not measured", extra={"reason": type(trouble).__name__})


async def _own(connection: Connection, runtime: Runtime) -> None:
    """The journal and what is still to be shipped of it; the migrations that lack."""
    wanted = migrations(runtime.service.name, runtime.service.migrations)
    missing = await pending(connection, wanted)
    metrics.MIGRATIONS_PENDING.set(len(missing))
    if not missing:
        metrics.JOURNAL_EVENTS.set(await connection.fetchval(_JOURNAL) or 0)
        lag: Any = await connection.fetchrow(_OUTBOX)
        metrics.RELAY_LAG_EVENTS.set(lag["events"])
        behind = (runtime.clock.now() - lag["oldest"]).total_seconds() if lag["oldest"] else 0
        metrics.RELAY_LAG_SECONDS.set(max(behind, 0))


async def _quarantine(connection: Connection) -> None:
    """What waits, by reason; a reason that has gone is no longer told."""
    rows: Iterable[Any] = await connection.fetch(_WAITING)
    metrics.QUARANTINE_RECORDS.clear()
    metrics.QUARANTINE_OLDEST.clear()
    for reason, records, oldest in rows:
        metrics.QUARANTINE_RECORDS.labels(reason).set(records)
        metrics.QUARANTINE_OLDEST.labels(reason).set(max(float(oldest), 0))
    metrics.FORKED_SUBJECTS.set(await connection.fetchval(_FORKED))
