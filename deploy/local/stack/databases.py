"""Databases of a PostgreSQL server: fresh ones for tests, cloned from a template made once."""

import secrets
from collections.abc import Callable

import asyncpg

from stack import waiting
from stack.postgres import Postgres

Prepare = Callable[[str], object]


class Databases:
    """Makes and drops databases of one server."""

    def __init__(self, server: Postgres) -> None:
        self.server = server
        self._templates: dict[str, str] = {}

    def create(self, name: str, template: str = "template0") -> str:
        """Return the connection string of a new database, a copy of `template`.

        Its files are copied: written to the log page by page, as is usual, it takes three times as long.
        """
        self.execute(f'create database "{name}" template "{template}" strategy file_copy')
        return self.server.dsn(name)

    def ensure(self, name: str) -> str:
        """Return the connection string of a database, created if it was not there."""
        try:
            return self.create(name)
        except asyncpg.DuplicateDatabaseError:
            return self.server.dsn(name)

    def fresh(self, template: str | None = None, prepare: Prepare | None = None) -> str:
        """Return the connection string of a new database with a name of its own.

        With `template` (any name) and `prepare`, what `prepare(dsn)` does to a database is done once and copied.
        """
        name = f"prova_{secrets.token_hex(6)}"
        if template is None or prepare is None:
            return self.create(name)
        return self.create(name, self._template(template, prepare))

    def drop(self, dsn: str) -> None:
        """Drop a database, cutting the connections to it; no effect when it is gone."""
        self.execute(f'drop database if exists "{dsn.rpartition("/")[2]}" with (force)')

    def execute(self, statement: str) -> None:
        """Run one statement in the server's maintenance database."""
        self.execute_in(self.server.dsn(), statement)

    @staticmethod
    def execute_in(dsn: str, statement: str) -> None:
        """Run SQL statements in a database."""

        async def work() -> None:
            connection = await asyncpg.connect(dsn)
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        waiting.run(work())

    def _template(self, name: str, prepare: Prepare) -> str:
        if name not in self._templates:
            dsn = self.fresh()
            prepare(dsn)
            self._templates[name] = dsn.rpartition("/")[2]
        return self._templates[name]
