"""The journal and its snapshots: reading an entity's history and state, appending what a command decided."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from contratti.rete import Event, EventoRettificato, leggi

from telaio.database import Connection
from telaio.decide import Key
from telaio.entity import Addressed, Entity, Incoherent, Rejected, State
from telaio.identity import new_event_id

MAX_EVENT_BYTES = 128 * 1024


@dataclass(frozen=True)
class Snapshot:
    """An entity as stored. `version` counts its own events; a ledger that only sums others stays at 0."""

    id: str
    version: int
    state: State | None


@dataclass(frozen=True)
class Recorded:
    """One row of the journal."""

    seq: int
    id: str
    kind: str
    entity: str
    version: int
    type: str
    schema_version: int
    data: dict[str, Any]
    recorded_at: datetime
    author: str
    correlation: str | None = None

    @property
    def event(self) -> Event:
        """The event. Raises: UnknownEvent where this release does not know its type."""
        return leggi(self.type, self.schema_version, self.data)

    @property
    def happened_on(self) -> date:
        return date.fromisoformat(self.data["avvenuto_il"])


async def load(connection: Connection, entity: Entity[Any], id: str) -> Snapshot | None:
    """The entity, or None where it does not exist. Raises: UnknownEvent."""
    found = await load_many(connection, {entity.kind: entity}, [(entity.kind, id)])
    return found.get((entity.kind, id))


async def load_many(
    connection: Connection, entities: Mapping[str, Entity[Any]], keys: Sequence[Key]
) -> dict[Key, Snapshot]:
    """The entities that exist, by key; a snapshot of another fold is computed again from the journal."""
    rows = await connection.fetch(_load_sql(len(keys)), *chain.from_iterable(keys))
    found: dict[Key, Snapshot] = {}
    for kind, id, version, fold, state in rows:
        entity = entities[kind]
        if fold == entity.fold:
            found[kind, id] = Snapshot(id, version, None if state is None else entity.state.model_validate_json(state))
        else:
            found[kind, id] = Snapshot(id, version, await refold(connection, entities, entity, id))
    return found


@lru_cache(maxsize=64)
def _load_sql(keys: int) -> str:
    places = _rows(1, keys, ("text", "text"))
    return f"select kind, id, version, fold, state from snapshot where (kind, id) in ({places})"  # noqa: S608


async def refold(
    connection: Connection, entities: Mapping[str, Entity[Any]], entity: Entity[Any], id: str
) -> State | None:
    """The state computed again from the journal, and for a ledger from the states it sums."""
    state = replay(entity, id, await history(connection, entity.kind, id))
    return await add_sums(connection, entities, entity, state)


_SUMMED = "select id from snapshot where kind = $1 and ($2::text is null or state->>$2::text = $3)"


async def add_sums(
    connection: Connection, entities: Mapping[str, Entity[Any]], entity: Entity[Any], state: State | None
) -> State | None:
    """The state of a ledger with the entities it sums added; any other state as it is."""
    if state is None:
        return None
    for kind, by in entity.summed_by.items():
        for (followed_id,) in await connection.fetch(_SUMMED, kind, by, state.id):
            snapshot = await load(connection, entities[kind], followed_id)
            state = entity.follow(kind, state, None, snapshot.state if snapshot else None)
    return state


async def history(connection: Connection, kind: str, id: str) -> list[Recorded]:
    """The rows of one entity, in version order."""
    rows = await connection.fetch(
        "select seq, id::text, kind, entity, version, type, schema_version, data, recorded_at, author, correlation"
        " from journal where kind = $1 and entity = $2 order by version",
        kind,
        id,
    )
    return [Recorded(**{**row, "data": json.loads(row["data"])}) for row in rows]


def corrections(rows: Iterable[Recorded]) -> dict[str, EventoRettificato]:
    """The correction in force for each corrected event, by its id: the last one wins."""
    found = (r.event for r in rows if r.type == EventoRettificato.type_name)
    return {c.rettifica: c for c in found if isinstance(c, EventoRettificato)}


def corrected(rows: Sequence[Recorded]) -> list[Event]:
    """The history as it should have been: corrected events replaced, annulled ones and the corrections left out."""
    wrong = corrections(rows)
    events: list[Event] = []
    for row in rows:
        if row.type == EventoRettificato.type_name:
            continue
        correction = wrong.get(row.id)
        if correction is None:
            events.append(row.event)
        elif correction.data is not None:
            events.append(leggi(row.type, row.schema_version, correction.data))
    return events


def replay(entity: Entity[Any], id: str, rows: Sequence[Recorded], *, checked: bool = False) -> State | None:
    """The state after the corrected history. Raises: Rejected "rettifica-incoerente" for one that cannot have been,
    and where `checked` the code of an invariant that did not hold after any of its events."""
    try:
        return entity.replay(id, corrected(rows), checked=checked)
    except Incoherent as impossible:
        raise Rejected("rettifica-incoerente", f"Così corretta, la storia non regge: {impossible}.") from impossible


@dataclass(frozen=True)
class Writing:
    """Who writes, when and why: the same for all events of one command."""

    author: str
    recorded_at: datetime
    correlation: str | None
    causation: str | None
    traceparent: str | None


@lru_cache(maxsize=64)
def _append_sql(events: int, states: int) -> str:
    """Appends events, pointers and snapshots in one statement. (Plain values: arrays cost the client twice as much.)"""
    one_event = ("uuid", "text", "text", "int", "text", "smallint", "jsonb", "date")
    one_state = ("text", "text", "int", "int", "jsonb")
    first_state = 6 + events * len(one_event)
    return f"""
with appended as (
    insert into journal (id, kind, entity, version, type, schema_version, data, happened_on,
                         recorded_at, author, correlation, causation, traceparent)
    select e.*, $1::timestamptz, $2::text, $3::text, $4::text, $5::text from (values {_rows(6, events, one_event)}) as e
    returning seq
), stored as (
    insert into snapshot (kind, id, version, fold, state) values {_rows(first_state, states, one_state)}
    on conflict (kind, id) do update set version = excluded.version, fold = excluded.fold, state = excluded.state
)
insert into outbox (seq) select seq from appended
"""  # noqa: S608 - numbers of parameters, no values


def _rows(first: int, count: int, types: Sequence[str]) -> str:
    """`($6::uuid, $7::text), ($8::uuid, …`: the places of `count` rows of parameters."""
    numbers = iter(range(first, first + count * len(types)))
    return ", ".join(f"({', '.join(f'${next(numbers)}::{t}' for t in types)})" for _ in range(count))


async def append(
    connection: Connection,
    entities: Mapping[str, Entity[Any]],
    events: Sequence[Addressed],
    versions: Mapping[Key, int],
    after: Mapping[Key, State | None],
    writing: Writing,
) -> tuple[list[str], dict[Key, int]]:
    """Writes events, pointers and snapshots in one statement; returns the new ids and versions.

    Sequence numbers are drawn here, under the entities' locks: for one entity their order is the version order.
    """
    reached = dict(versions)
    ids, rows = [], []
    for event in events:
        key = (event.kind, event.id)
        reached[key] = reached.get(key, 0) + 1
        ids.append(new_event_id())
        rows.append((ids[-1], *key, reached[key], *_columns(event.event)))
    states = [
        (kind, id, reached.get((kind, id), 0), entities[kind].fold, None if state is None else state.model_dump_json())
        for (kind, id), state in after.items()
    ]
    w = writing
    await connection.execute(
        _append_sql(len(rows), len(states)),
        *(w.recorded_at, w.author, w.correlation, w.causation, w.traceparent),
        *chain.from_iterable(rows),
        *chain.from_iterable(states),
    )
    return ids, reached


def _columns(event: Event) -> tuple[str, int, str, date]:
    data = event.model_dump_json()
    if len(data) > MAX_EVENT_BYTES:
        raise Rejected("evento-troppo-grande", "I dati inseriti sono troppi per una sola registrazione.")
    return event.type_name, event.schema_version, data, event.avvenuto_il
