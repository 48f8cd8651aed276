"""PostgreSQL: the pool, transactions that give back healthy connections, and what counts as a dead one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
from asyncpg.pool import PoolConnectionProxy

if TYPE_CHECKING:
    Connection = asyncpg.Connection[Any] | PoolConnectionProxy[Any]
    Pool = asyncpg.Pool[Any]
else:
    Connection, Pool = asyncpg.Connection, asyncpg.Pool

DEAD: tuple[type[Exception], ...] = (
    asyncpg.PostgresConnectionError,  # ConnectionDoesNotExistError among them
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.ReadOnlySQLTransactionError,  # a demoted primary: the pool would keep it for ever
    asyncpg.OperatorInterventionError,  # shutdown, crash recovery, "cannot connect now"
    asyncpg.InsufficientResourcesError,  # disk full, too many connections
    OSError,
    TimeoutError,
)
"""The connection, or the server behind it, cannot be used: drop it and try another."""

ANY: tuple[type[Exception], ...] = (*DEAD, asyncpg.PostgresError)
"""Whatever the database may say."""

RETRY: tuple[type[Exception], ...] = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
"""The transaction lost a race: the same work may succeed at once."""


class Unavailable(Exception):
    """The service's own database cannot answer now; the caller may try again in a moment."""


async def open_pool(dsn: str, *, size: int = 10, **settings: str) -> Pool:
    """A pool of at most `size` connections. It opens also while the server is away; then the first use fails."""
    return await asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=size,
        timeout=10,
        reset=_keep,
        server_settings={"application_name": "genera", "timezone": "UTC", "statement_timeout": "60s", **settings},
    )


async def _keep(connection: Connection) -> None:
    """We leave no session state behind, so the round trip that would clear it is saved."""


@asynccontextmanager
async def transaction(pool: Pool, begin: str = "begin", end: str = "commit") -> AsyncIterator[Connection]:
    """A transaction opened by the statements `begin` (sent in one round trip) and committed, or ended by `end`.

    A connection that died or was left half-way is closed, never given back. Raises: what the body raises.
    """
    async with pool.acquire() as connection:
        try:
            await connection.execute(begin)
            yield connection
            await connection.execute(end)
        except BaseException as error:
            await _abandon(connection, error)
            raise


@asynccontextmanager
async def savepoint(connection: Connection) -> AsyncIterator[None]:
    """A part of a transaction that can fail alone. Raises: what the body raises, after rolling that part back."""
    await connection.execute("savepoint part")
    try:
        yield
    except DEAD:
        raise
    except BaseException:
        await connection.execute("rollback to savepoint part")
        raise
    await connection.execute("release savepoint part")


async def _abandon(connection: Connection, error: BaseException) -> None:
    """Rolls back, or closes the connection where a rollback cannot be trusted."""
    if isinstance(error, (*DEAD, asyncio.CancelledError)) or connection.is_closed():
        connection.terminate()
        return
    try:
        await connection.execute("rollback")
    except DEAD:
        connection.terminate()


async def reachable(pool: Pool, timeout: float = 2.0) -> bool:
    """Whether the database answers and takes writes."""
    try:
        async with asyncio.timeout(timeout), pool.acquire(timeout=timeout) as connection:
            return not await connection.fetchval(
                "select pg_is_in_recovery() or current_setting('transaction_read_only')::bool"
            )
    except ANY:
        return False
