"""Locks on entities, by id: there is no row yet to lock when an entity is new."""

import hashlib
from collections.abc import Iterable

from telaio.decide import Key


def lock_number(kind: str, id: str) -> int:
    """The advisory lock of an entity: 64 bits of its subject. Two entities that collide only wait for each other."""
    digest = hashlib.blake2b(f"{kind}/{id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def begin_locked(keys: Iterable[Key]) -> str:
    """SQL that opens a transaction and takes the locks, in one order for everybody, in one round trip.

    The snapshots are read by the next statement, so that they are seen as the last holder left them.
    """
    numbers = sorted({lock_number(k, i) for k, i in keys})
    return f"begin; select {', '.join(f'pg_advisory_xact_lock({n})' for n in numbers)}"
