"""Backing up: all tables of a service as they are at one instant, while it goes on working.

COPY in one snapshot rather than pg_dump: its version would have to follow the server's in every partner's image, and a
backup of CSV files can be read, and taken away, without us.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from telaio.database import Connection, transaction
from telaio.runtime import Runtime
from telaio.safekeeping.archive import Manifest, Table, Writer
from telaio.service import OwnCommand

ONE_INSTANT = "begin isolation level repeatable read read only; set local statement_timeout = 0"
LEFT_OUT = frozenset({"migration", "session", "restoration"})
"""Of the chassis: what belongs to this database, not to the service."""
Progress = Callable[[str, int], None]

_TABLES = """
select relname, (select array_agg(attname::text order by attnum) from pg_attribute
                 where attrelid = c.oid and attnum > 0 and not attisdropped) as columns
from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r' order by oid
"""
_SEQUENCES = "select sequencename, last_value from pg_sequences where schemaname = 'public' and last_value is not null"


async def backup(runtime: Runtime, path: Path, progress: Progress = lambda *_: None) -> Manifest:
    """Writes the backup and returns what is in it. Raises: OSError, and what the database does."""
    writer = Writer(path)
    try:
        async with transaction(runtime.pool, ONE_INSTANT) as connection:
            manifest = await _copy_all(connection, runtime, writer, progress)
        writer.finish(manifest)
    except BaseException:
        writer.abandon()
        raise
    return manifest


async def _copy_all(connection: Connection, runtime: Runtime, writer: Writer, progress: Progress) -> Manifest:
    left_out = LEFT_OUT | runtime.service.remade
    tables = {}
    for name, columns in await connection.fetch(_TABLES):
        if name not in left_out:
            tables[name] = await _copy(connection, writer, name, columns)
            progress(name, tables[name].rows)
    return Manifest(
        service=runtime.service.name,
        partner=runtime.settings.partner,
        made_at=datetime.now(UTC),
        migrations=tuple(n for (n,) in await connection.fetch("select name from migration order by applied_at, name")),
        tables=tables,
        sequences=dict(await connection.fetch(_SEQUENCES)),
    )


async def _copy(connection: Any, writer: Writer, name: str, columns: list[str]) -> Table:
    file = writer.table(name)
    try:
        done = await connection.copy_from_table(name, columns=columns, output=file.write, format="csv", header=True)
    finally:
        digest = file.close()
    return Table(columns=tuple(columns), rows=int(done.rpartition(" ")[2]), sha256=digest)


async def _run(runtime: Runtime, arguments: Namespace) -> int:
    manifest = await backup(runtime, arguments.file, lambda name, rows: print(f"{name}: {rows} righe"))
    size = arguments.file.stat().st_size / 1e6
    print(f"salvato in {arguments.file} ({size:.1f} MB), com'era alle {manifest.made_at:%H:%M:%S} UTC")
    return 0


def _arguments(word: ArgumentParser) -> None:
    word.add_argument("file", type=Path, help="dove scrivere il salvataggio (.zip)")


BACKUP = OwnCommand("salva il database del servizio in un file, senza fermarlo", _run, _arguments)
