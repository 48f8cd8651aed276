"""Numbered SQL files, applied once each, in order, under a lock that is polled."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

CHASSIS = Path(__file__).parent / "migrations"
LOCK = (0x67656E, 1)
NO_TRANSACTION = "-- no transaction"


class MigrationChanged(Exception):
    """A migration already applied reads differently now: history is never edited, a new number is added."""


@dataclass(frozen=True)
class Migration:
    """A file of SQL; `name` is folder-independent and unique."""

    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations(service: str, folder: Path | None) -> list[Migration]:
    """The chassis' migrations, then those of the service."""
    found = [Migration(f"telaio/{p.name}", p.read_text("utf-8")) for p in sorted(CHASSIS.glob("*.sql"))]
    if folder is not None:
        found += [Migration(f"{service}/{p.name}", p.read_text("utf-8")) for p in sorted(folder.glob("*.sql"))]
    return found


async def pending(connection: Any, wanted: Sequence[Migration]) -> list[Migration]:
    """Those not applied yet. Raises: MigrationChanged."""
    if await connection.fetchval("select to_regclass('migration')") is None:
        return list(wanted)
    done = dict(await connection.fetch("select name, checksum from migration"))
    changed = [m.name for m in wanted if m.name in done and done[m.name] != m.checksum]
    if changed:
        raise MigrationChanged(", ".join(changed))
    return [m for m in wanted if m.name not in done]


async def migrate(dsn: str, wanted: Sequence[Migration]) -> list[str]:
    """Applies what is missing and returns the names. Any number of processes may call it at once."""
    connection = await asyncpg.connect(dsn, timeout=30)
    try:
        await _lock(connection)
        await connection.execute(
            "create table if not exists migration (name text primary key, checksum text not null,"
            " applied_at timestamptz not null default now())"
        )
        todo = await pending(connection, wanted)
        for migration in todo:
            await _apply(connection, migration)
        return [m.name for m in todo]
    finally:
        await connection.close()


async def _lock(connection: Any) -> None:
    """Polled, never blocking: a session that waits for a lock deadlocks with CREATE INDEX CONCURRENTLY."""
    while not await connection.fetchval("select pg_try_advisory_lock($1, $2)", *LOCK):
        await asyncio.sleep(0.1)


async def _apply(connection: Any, migration: Migration) -> None:
    record = "insert into migration (name, checksum) values ($1, $2)"
    if migration.sql.startswith(NO_TRANSACTION):
        await connection.execute(migration.sql)
        await connection.execute(record, migration.name, migration.checksum)
        return
    async with connection.transaction():
        await connection.execute(migration.sql)
        await connection.execute(record, migration.name, migration.checksum)
