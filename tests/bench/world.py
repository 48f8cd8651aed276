"""The servers a measurement runs on: a private broker and a private PostgreSQL with fsync on, and services on them."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from stack import broker as brokers
from stack import postgres as postgreses
from stack.broker import Broker
from stack.databases import Databases
from stack.postgres import Postgres
from telaio.migrate import migrate, migrations
from telaio.process import calm_collector
from telaio.runtime import Runtime
from telaio.service import Service
from telaio.settings import Settings


@dataclass
class World:
    """A broker, a PostgreSQL, and services on fresh databases."""

    broker: Broker
    postgres: Postgres
    databases: Databases

    @asynccontextmanager
    async def service(self, service: Service) -> AsyncIterator[Runtime]:
        """A service's runtime on a database of its own."""
        dsn = self.databases.fresh()
        await migrate(dsn, migrations(service.name, service.migrations))
        runtime = await Runtime.start(service, self._settings(dsn))
        if service.prepare:
            await service.prepare(runtime)
        try:
            yield runtime
        finally:
            await runtime.stop()
            self.databases.drop(dsn)

    def _settings(self, dsn: str) -> Settings:
        values = {"database": dsn, "kafka": self.broker.address, "partner": "prova", "chiavi_file": "/dev/null"}
        return Settings.model_validate(
            values | {"emittente": "prova", "idempotente": self.broker.features.idempotent, "sviluppo": True}
        )


@contextmanager
def world() -> Iterator[World]:
    """Starts the servers, with the collector tuned as in a service, and stops them."""
    calm_collector()
    with tempfile.TemporaryDirectory(prefix="genera-bench-") as name:
        directory = Path(name)
        directory.chmod(0o755)
        broker, postgres = brokers.broker(directory / "kafka"), postgreses.postgres(directory / "postgres")
        broker.start()
        try:
            postgres.start()
            try:
                yield World(broker, postgres, Databases(postgres))
            finally:
                postgres.stop()
        finally:
            broker.stop()
