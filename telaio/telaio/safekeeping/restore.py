"""Restoring: a backup into a new database, which is marked: the service then takes back what the backup did not know
from its own topic before it accepts a command (see `recovery`)."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg

from telaio.migrate import CHASSIS, Migration, migrate, migrations
from telaio.runtime import Runtime
from telaio.safekeeping.archive import Archive, Manifest, Unreadable
from telaio.service import OwnCommand

MARK = (CHASSIS / "0005_restoration.sql").read_text(encoding="utf-8")
_OTHERS = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


class Refused(Exception):
    """Nothing was restored. The text says why, and what to do, in Italian."""


async def restore(runtime: Runtime, path: Path) -> Manifest:
    """Restores the backup and marks the database. Raises: Unreadable, Refused; nothing is written then."""
    dsn, wanted = runtime.settings.database, migrations(runtime.service.name, runtime.service.migrations)
    with Archive(path) as archive:
        seen = _accept(runtime, archive.manifest, wanted)
        archive.verify()
        connection = await asyncpg.connect(dsn, timeout=30)
        try:
            await _require_new_and_quiet(connection)
            await migrate(dsn, seen)
            async with connection.transaction():
                await _fill(connection, archive)
        finally:
            await connection.close()
        await migrate(dsn, wanted)
        return archive.manifest


def _accept(runtime: Runtime, manifest: Manifest, wanted: list[Migration]) -> list[Migration]:
    """The migrations the backup had seen. Raises: Refused for a backup of somebody else, or of a later release."""
    whose, ours = (manifest.service, manifest.partner), (runtime.service.name, runtime.settings.partner)
    if whose != ours:
        raise Refused(f"È il salvataggio di {'/'.join(whose)}, e questo è {'/'.join(ours)}.")
    unknown = set(manifest.migrations) - {m.name for m in wanted}
    if unknown:
        raise Refused(f"È di una versione più recente del servizio: non si conosce {', '.join(sorted(unknown))}.")
    return [m for m in wanted if m.name in manifest.migrations]


async def _require_new_and_quiet(connection: Any) -> None:
    """Raises: Refused."""
    if await connection.fetchval(_OTHERS):
        raise Refused("Qualcuno è collegato a questo database: fermare il servizio, poi riprovare.")
    if await connection.fetchval("select to_regclass('public.migration')") is not None:
        raise Refused("Il database non è nuovo: crearne uno vuoto, e indicarlo in GENERA_DATABASE.")


async def _fill(connection: Any, archive: Archive) -> None:
    for name, table in archive.manifest.tables.items():
        await connection.copy_to_table(
            name, columns=list(table.columns), source=_chunks(archive, name), format="csv", header=True
        )
    for sequence, last in archive.manifest.sequences.items():
        await connection.execute("select setval($1::text::regclass, $2)", sequence, last)
    await connection.execute(MARK)
    await connection.execute("insert into restoration (backup_at) values ($1)", archive.manifest.made_at)


async def _chunks(archive: Archive, table: str) -> AsyncIterator[bytes]:
    for chunk in archive.chunks(table):
        yield chunk


async def _run(runtime: Runtime, arguments: Namespace) -> int:
    try:
        manifest = await restore(runtime, arguments.file)
    except (Refused, Unreadable) as why:
        print(f"Non ripristinato: {why}", file=sys.stderr)
        return 1
    print(f"ripristinato com'era il {manifest.made_at:%d/%m/%Y alle %H:%M} UTC")
    print("Avviare il servizio: prima di accettare comandi riprende dal suo topic ciò che qui manca.")
    return 0


def _arguments(word: ArgumentParser) -> None:
    word.add_argument("file", type=Path, help="il salvataggio da ripristinare")


RESTORE = OwnCommand("ripristina un salvataggio in un database nuovo, a servizio fermo", _run, _arguments)
