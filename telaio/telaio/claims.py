"""Claims: keys that one entity at a time may hold, moved with the states they derive from."""

from collections.abc import Mapping
from typing import Any

from telaio.database import Connection
from telaio.decide import Key
from telaio.entity import Claim, Entity, Rejected, State


async def move(
    connection: Connection,
    entities: Mapping[str, Entity[Any]],
    before: Mapping[Key, State | None],
    after: Mapping[Key, State | None],
) -> None:
    """Releases, then takes, what changed, in one order for everybody. Raises: Rejected with the claim's code."""
    released, taken = set[str](), dict[str, tuple[Claim, Key]]()
    for key, state in after.items():
        entity = entities[key[0]]
        held, wanted = entity.keys(before.get(key)), entity.keys(state)
        released |= held.keys() - wanted.keys()
        taken |= {k: (claim, key) for k, claim in wanted.items() if k not in held}
    if released:
        await connection.execute("delete from claim where key = any($1)", sorted(released))
    if taken:
        await _take(connection, taken)


async def _take(connection: Connection, wanted: Mapping[str, tuple[Claim, Key]]) -> None:
    """Waits for whoever is taking the same key, then takes it or is refused."""
    keys = sorted(wanted)
    rows = await connection.fetch(
        "insert into claim (key, kind, entity) select * from unnest($1::text[], $2::text[], $3::text[])"
        " on conflict do nothing returning key",
        keys,
        [wanted[k][1][0] for k in keys],
        [wanted[k][1][1] for k in keys],
    )
    refused = set(keys) - {key for (key,) in rows}
    if refused:
        claim = next(wanted[k][0] for k in wanted if k in refused)  # the first declared
        raise Rejected(claim.code, claim.detail)


async def holder(connection: Connection, code: str, key: str) -> Key | None:
    """Who holds the claim `code` on `key`."""
    row = await connection.fetchrow("select kind, entity from claim where key = $1", f"{code}:{key}")
    return (row["kind"], row["entity"]) if row else None
