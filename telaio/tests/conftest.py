"""A running service of the made-up strand, on a database of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from stack import waiting
from stack.databases import Databases
from telaio.correction import entity_commands
from telaio.entity import Entity
from telaio.execute import Accepted, Call, execute
from telaio.migrate import migrate, migrations
from telaio.runtime import Runtime
from telaio.service import Service
from telaio.settings import Settings
from telaio.testing.strand import strand

Start = Callable[..., Awaitable[Runtime]]
GIORNO = date(2016, 3, 1)


def settings(**changes: Any) -> Settings:
    values = {
        "database": "postgresql://",
        "kafka": "127.0.0.1:1",
        "partner": "ente-di-prova",
        "chiavi_file": "/dev/null",
    }
    return Settings.model_validate(values | {"emittente": "prova", "sviluppo": True} | changes)


@pytest.fixture
async def start(databases: Databases) -> AsyncIterator[Start]:
    """Starts a runtime: `await start(kafka=…)`; several share a database when `database=` is given."""
    runtimes: list[Runtime] = []
    made: list[str] = []

    async def make(service: Service | None = None, **changes: Any) -> Runtime:
        service = service or strand()
        if "database" not in changes:
            made.append(changes.setdefault("database", databases.fresh("telaio", _migrated)))
            await migrate(changes["database"], migrations(service.name, service.migrations))
        runtimes.append(await Runtime.start(service, settings(**changes)))
        return runtimes[-1]

    yield make
    for runtime in runtimes:
        await runtime.stop()
    for dsn in made:
        databases.drop(dsn)


def _migrated(dsn: str) -> None:
    """The tables that every service has: what a test's own service adds is little."""
    waiting.run(migrate(dsn, migrations("telaio", None)))


def vaso(number: int) -> str:
    """The id of a jar."""
    return f"00000000-0000-4000-8000-{number:012x}"


async def send(runtime: Runtime, entity: Entity[Any], id: str, name: str, **fields: Any) -> Accepted:
    """Executes one command; `call=` overrides fields of the call."""
    call = fields.pop("call", {})
    command = entity_commands(entity)[name]
    model = command.model.model_validate({"avvenuto_il": GIORNO, **fields})
    return await execute(runtime, Call(entity, id, command, model, author="anna", **call))
