"""The role under which a service works: it reads and writes the tables, and can neither change nor drop one.

The owner migrates, and makes this role with the word `ruolo`. The dashboard has none: it makes and drops the schemas of
its generations, and so works as the owner.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import asyncpg

from telaio.runtime import Runtime
from telaio.service import OwnCommand

_MAKE = "create role %I login password %L"
_RENEW = "alter role %I login password %L"
# What later migrations make is granted in advance.
_GRANTS = (
    "grant usage on schema public to %I",
    "grant select, insert, update, delete on all tables in schema public to %I",
    "grant usage, select, update on all sequences in schema public to %I",
    "alter default privileges in schema public grant select, insert, update, delete on tables to %I",
    "alter default privileges in schema public grant usage, select, update on sequences to %I",
)


async def grant(owner: str, worker: str) -> str | None:
    """Makes the role of the second connection string, or gives it that password, and what it may do; returns its name.

    None, and nothing done, where both are the same role. Raises: what the database does.
    """
    parts = urlsplit(worker)
    role, password = unquote(parts.username or ""), unquote(parts.password or "")
    if role == unquote(urlsplit(owner).username or ""):
        return None
    connection = await asyncpg.connect(owner, timeout=30)
    try:
        async with connection.transaction():
            there = await connection.fetchval("select exists (select from pg_roles where rolname = $1)", role)
            await _run(connection, _RENEW if there else _MAKE, role, password)
            for statement in _GRANTS:
                await _run(connection, statement, role)
    finally:
        await connection.close()
    return role


async def _run(connection: Any, statement: str, *names: str) -> None:
    """The server itself puts names and password in: these statements take no parameters."""
    places = ", ".join(f"${n}::text" for n in range(2, len(names) + 2))
    await connection.execute(await connection.fetchval(f"select format($1, {places})", statement, *names))


async def _work(runtime: Runtime, arguments: Namespace) -> int:
    role = await grant(runtime.settings.database, arguments.file.read_text(encoding="utf-8").strip())
    print(f"{role} può leggere e scrivere" if role else "il servizio lavora come proprietario: niente da fare")
    return 0


def _arguments(word: ArgumentParser) -> None:
    word.add_argument("file", type=Path, help="il file con l'indirizzo del database per il servizio")


RUOLO = OwnCommand(
    "fa l'utente del database con cui il servizio lavora, che non può cambiare le tabelle", _work, _arguments
)
