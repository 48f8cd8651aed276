"""The Idempotency-Key: a repeated request gets the first answer. Only accepted answers are kept, for thirty days."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from telaio.database import Connection, Pool

if TYPE_CHECKING:
    from telaio.execute import Call

KEPT = timedelta(days=30)


class KeyReused(Exception):
    """The same key came before with another body."""


async def find(connection: Connection, call: "Call") -> tuple[int, list[str]] | None:
    """The version and event ids answered to this key; None where it is new. Raises: KeyReused.

    The entity's lock is held and the scope names the entity, so two requests with one key never look at once.
    """
    if call.key is None:
        return None
    row = await connection.fetchrow(
        "select digest, version, events::text[] from idempotency where (author, scope, key) = ($1, $2, $3)",
        *(call.author, call.scope, call.key),
    )
    if row is None:
        return None
    if row["digest"] != call.digest:
        raise KeyReused(call.key)
    return row["version"], row["events"]


async def keep(connection: Connection, call: "Call", version: int, events: list[str], now: datetime) -> None:
    """Remembers the answer."""
    if call.key is not None:
        await connection.execute(
            "insert into idempotency values ($1, $2, $3, $4, $5, $6, $7)",
            *(call.author, call.scope, call.key, call.digest, version, events, now),
        )


async def forget_old(pool: Pool, now: datetime) -> None:
    """Deletes the answers older than thirty days."""
    await pool.execute("delete from idempotency where accepted_at < $1", now - KEPT)
