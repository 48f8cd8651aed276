"""A strand on a real database, without HTTP or Kafka: for what takes locks, claims, ledgers, SQL or many commands."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from contratti.rete import Event

from telaio.correction import entity_commands
from telaio.entity import Rejected, State
from telaio.execute import Accepted, Call, execute
from telaio.journal import history, load
from telaio.migrate import migrate, migrations
from telaio.runtime import Runtime
from telaio.service import Service
from telaio.settings import Settings
from telaio.web.lists import arguments

NOWHERE = {"kafka": "127.0.0.1:1", "partner": "ente-di-prova", "chiavi_file": "/dev/null", "emittente": "prova"}


@dataclass(frozen=True)
class Connected:
    """The running strand, and what tests ask of it."""

    runtime: Runtime

    async def send(self, kind: str, id: str, name: str, **fields: Any) -> Accepted:
        """Executes one command. Raises: Rejected."""
        entity = self.runtime.service.by_kind[kind]
        command = entity_commands(entity)[name]
        model = command.model.model_validate(fields)
        return await execute(self.runtime, Call(entity, id, command, model, author="anna"))

    async def tries(self, kind: str, id: str, name: str, **fields: Any) -> str:
        """Executes one command; the code it was refused with, or ""."""
        try:
            await self.send(kind, id, name, **fields)
        except Rejected as refusal:
            return refusal.code
        return ""

    async def state(self, kind: str, id: str) -> Any:
        """The entity as stored; None where it does not exist."""
        async with self.runtime.pool.acquire() as connection:
            found = await load(connection, self.runtime.service.by_kind[kind], id)
        return found.state if found else None

    async def told(self, kind: str, id: str) -> list[Event]:
        """The entity's events as they were recorded."""
        async with self.runtime.pool.acquire() as connection:
            return [row.event for row in await history(connection, kind, id)]

    async def store(self, *states: State) -> None:
        """Puts these entities into the database as they are, without a history, and an annulled one of each kind."""
        kinds = {type(s): self.runtime.service.by_state[type(s)] for s in states}
        rows = [(kinds[type(s)].kind, s.id, kinds[type(s)].fold, s.model_dump_json()) for s in states]
        rows += [(entity.kind, "annullata", entity.fold, "null") for entity in kinds.values() if not entity.singleton]
        put = "insert into snapshot (kind, id, version, fold, state) values ($1, $2, 1, $3, nullif($4::jsonb, 'null'))"
        await self.runtime.pool.executemany(put, rows)

    async def rows(self, name: str, today: date) -> list[dict[str, Any]]:
        """The rows of the list `name` on that day."""
        vista = next(v for v in self.runtime.service.lists if v.name == name)
        given = arguments(vista, today, self.runtime.rules)
        found: Sequence[Any] = await self.runtime.pool.fetch(vista.sql, *given)
        return [dict(row) for row in found]


@asynccontextmanager
async def connected(service: Service, dsn: str, **settings: Any) -> AsyncIterator[Connected]:
    """The strand on the empty database `dsn`, its tables made; with these settings where they matter."""
    await migrate(dsn, migrations(service.name, service.migrations))
    runtime = await Runtime.start(service, Settings.model_validate(NOWHERE | {"database": dsn} | settings))
    try:
        yield Connected(runtime)
    finally:
        await runtime.stop()
