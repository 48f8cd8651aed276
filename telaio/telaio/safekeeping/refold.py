"""All that is derived from the journal, made again from it: snapshots, ledgers, claims."""

from collections.abc import Mapping
from typing import Any

from telaio.columns import columns, unpacked
from telaio.database import Connection
from telaio.entity import Entity, State
from telaio.journal import add_sums, history, load, replay

_SUBJECTS = "select kind, entity, max(version) from journal group by kind, entity order by kind, entity"
_SAVE = """
insert into snapshot (kind, id, version, fold, state) values ($1, $2, $3, $4, $5)
on conflict (kind, id) do update set version = excluded.version, fold = excluded.fold, state = excluded.state
"""
_KINDS = "select id, version from snapshot where kind = $1"
_CLAIM = f"insert into claim (key, kind, entity) select * from {unpacked('key text, kind text, entity text')}"  # noqa: S608


async def refold_everything(connection: Connection, entities: Mapping[str, Entity[Any]]) -> None:
    """Makes snapshots and claims again. Those of ledgers last: they sum the others. Raises: UnknownEvent."""
    for kind, id, version in await connection.fetch(_SUBJECTS):
        state = replay(entities[kind], id, await history(connection, kind, id))
        await _save(connection, entities[kind], id, version, state)
    for entity in entities.values():
        if entity.summed:
            await _sum_again(connection, entities, entity)
    await connection.execute("delete from claim")
    for entity in entities.values():
        if entity.claims:
            await _claim_again(connection, entities, entity)


async def _sum_again(connection: Connection, entities: Mapping[str, Entity[Any]], ledger: Entity[Any]) -> None:
    known = dict(await connection.fetch(_KINDS, ledger.kind))
    if ledger.singleton:
        known.setdefault(ledger.singleton, 0)
    for id, version in known.items():
        own = replay(ledger, id, await history(connection, ledger.kind, id))
        await _save(connection, ledger, id, version, await add_sums(connection, entities, ledger, own))


async def _save(connection: Connection, entity: Entity[Any], id: str, version: int, state: State | None) -> None:
    stored = None if state is None else state.model_dump_json()
    await connection.execute(_SAVE, entity.kind, id, version, entity.fold, stored)


async def _claim_again(connection: Connection, entities: Mapping[str, Entity[Any]], entity: Entity[Any]) -> None:
    held: list[tuple[str, str, str]] = []
    for id, _ in await connection.fetch(_KINDS, entity.kind):
        snapshot = await load(connection, entity, id)
        held += [(key, entity.kind, id) for key in entity.keys(snapshot.state if snapshot else None)]
    if held:
        await connection.execute(_CLAIM, columns(*zip(*sorted(held), strict=True)))
