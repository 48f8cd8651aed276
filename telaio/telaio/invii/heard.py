"""The other half: what sender and receivers have told, heard on the bus and folded as they fold it themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from telaio.columns import columns, unpacked
from telaio.consumer.ingest import Version
from telaio.consumer.record import Received
from telaio.database import Connection
from telaio.entity import Entity, State
from telaio.here import View
from telaio.invii.capacity import capienze
from telaio.invii.halves import Ricevuto, Spedito, invii, ricevuti

HEARD: Mapping[str, Entity[Any]] = {e.kind: e for e in (invii, ricevuti, capienze)}
Halves = Mapping[str, Ricevuto]
"""Receivers' halves, by node."""
HalfKey = tuple[str, str, str]
"""Kind, id, source."""

_KEEP = f"""
insert into heard (source, subject, version, id, type, schema_version, data, happened_on, recorded_at)
select * from {
    unpacked(
        "source text, subject text, version int, id uuid, type text, schema_version smallint, data jsonb,"
        " happened_on date, recorded_at timestamptz"
    )
} on conflict do nothing
"""  # noqa: S608
_LOAD = f"""
select kind, id, source, state from half join {unpacked("kind text, id text, source text")} using (kind, id, source)
"""  # noqa: S608
_SAVE = f"""
insert into half (kind, id, source, state) select * from {unpacked("kind text, id text, source text, state jsonb")}
on conflict (kind, id, source) do update set state = excluded.state
"""  # noqa: S608
_KNOWN = f"""
select source, subject, version, id::text from heard
join {unpacked("source text, subject text, version int")} using (source, subject, version)
"""  # noqa: S608
_SENT_OPEN = """
select s.state as spedito, half.state as ricevuto
from snapshot s left join half on half.kind = 'invio_ricevuto' and half.id = s.id
where s.kind = 'invio' and s.state->>'stadio' in ('richiesto', 'scaduto', 'confermato', 'revocato')
"""
_CHAIN = """
with recursive chain as (
    select id, state from snapshot where kind = 'invio' and id = $1
    union
    select s.id, s.state from chain, lateral (
        select id, state from snapshot where kind = 'invio' and id = chain.state->>'segue'
        union all
        select id, state from snapshot where kind = 'invio' and state->>'segue' = chain.id) as s
)
select chain.state as spedito, half.state as ricevuto
from chain left join half on half.kind = 'invio_ricevuto' and half.id = chain.id
"""


@dataclass(frozen=True)
class Inviante(View):
    """The sender's half as heard; None while nothing has arrived."""

    spedito: Spedito | None = None

    @classmethod
    async def load(cls, connection: Connection, id: str, state: Any, command: Any) -> Self:
        found = await connection.fetchval("select state from half where kind = 'invio' and id = $1", id)
        return cls(Spedito.model_validate_json(found) if found else None)


@dataclass(frozen=True)
class Riceventi(View):
    """The receivers' halves as heard, by node: of this invio, and of the others of its chain, before and after it."""

    di_questo: Halves = field(default_factory=dict)
    altri: Sequence[tuple[Spedito, Halves]] = ()

    @property
    def catena_libera(self) -> bool:
        """Whether every receiver confirmed elsewhere in the chain is seen to have ended its half."""
        return not any(_may_live(spedito, riceventi) for spedito, riceventi in self.altri)

    @property
    def interpellati(self) -> frozenset[str]:
        """Who has been asked or has answered already, in the whole chain."""
        asked = {s.a for s, _ in self.altri if s.a} | {node for _, halves in self.altri for node in halves}
        return frozenset(asked | set(self.di_questo))

    @classmethod
    async def load(cls, connection: Connection, id: str, state: Any, command: Any) -> Self:
        found = _together(await connection.fetch(_CHAIN, id))
        own = next((halves for spedito, halves in found if spedito.id == id), {})
        return cls(own, [(spedito, halves) for spedito, halves in found if spedito.id != id])


async def sent_open(connection: Connection) -> list[tuple[Spedito, Halves]]:
    """The invii of this service that are not closed, with the receivers' halves as heard."""
    return _together(await connection.fetch(_SENT_OPEN))


def _together(rows: Iterable[tuple[str, str | None]]) -> list[tuple[Spedito, Halves]]:
    """Each sender's half with those of its receivers."""
    found: dict[str, tuple[Spedito, dict[str, Ricevuto]]] = {}
    for sent, received in rows:
        spedito = Spedito.model_validate_json(sent)
        _, halves = found.setdefault(spedito.id, (spedito, {}))
        if received:
            half = Ricevuto.model_validate_json(received)
            halves[half.nodo] = half
    return list(found.values())


def _may_live(spedito: Spedito, riceventi: Halves) -> bool:
    if spedito.confermato_a is None:
        return False
    half = riceventi.get(spedito.confermato_a)
    return half is None or half.vivo


class Hearing:
    """The effect of the network's events on a strand: it keeps those of the protocol, and folds their halves."""

    async def apply(self, connection: Connection, events: Sequence[Received]) -> None:
        """Keeps and folds what belongs to the protocol: the reader passes on nothing else (Consumption.kinds)."""
        await connection.execute(_KEEP, columns(*zip(*map(_row, events), strict=True)))
        await _fold(connection, events)

    async def known(self, connection: Connection, versions: Sequence[Version]) -> dict[Version, str]:
        """The ids of what was kept, by source, subject and version."""
        rows = await connection.fetch(_KNOWN, columns(*zip(*versions, strict=True)))
        return {(source, subject, version): id for source, subject, version, id in rows}


def _row(received: Received) -> tuple[Any, ...]:
    e = received.envelope
    assert e is not None
    return (e.source, e.subject, e.entityversion, e.id, e.type, e.schema_version, e.data, e.data["avvenuto_il"], e.time)


async def _fold(connection: Connection, events: Iterable[Received]) -> None:
    halves = await _load(connection, {_key(e) for e in events})
    for received in events:
        key = _key(received)
        entity, before, event = HEARD[key[0]], halves.get(key), received.event
        if event is None or type(event) not in entity.handlers:
            continue
        after = entity.evolve(key[1], before or entity.initial, event)
        if before is not None or speaks_for(key[2], after):
            halves[key] = after
    keys = sorted(halves)
    if keys:
        states = [halves[k].model_dump(mode="json") for k in keys]
        await connection.execute(_SAVE, columns(*zip(*keys, strict=True), states))


def _key(received: Received) -> HalfKey:
    assert received.envelope is not None
    kind, _, id = received.envelope.subject.partition("/")
    return kind, id, received.envelope.source


def speaks_for(source: str, half: State) -> bool:
    """Whether the writer may speak for the node it names: nobody sends or answers in another service's name."""
    node = getattr(half, "da", None) or getattr(half, "nodo", None)
    return node is None or node.partition("/")[0] == source.split("/")[1]


async def _load(connection: Connection, keys: Iterable[HalfKey]) -> dict[HalfKey, State]:
    rows = await connection.fetch(_LOAD, columns(*zip(*sorted(keys), strict=True)))
    return {(kind, id, source): HEARD[kind].state.model_validate_json(state) for kind, id, source, state in rows}
