"""Corrections: every entity takes the command `rettifica`, a new event that says how an old one should have read."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contratti.rete import Event, EventoRettificato
from pydantic import BaseModel, ValidationError

from telaio.command import CommandSpec
from telaio.database import Connection
from telaio.decide import Key, follow
from telaio.entity import Addressed, Entity, Rejected, State
from telaio.identity import new_event_id
from telaio.journal import Recorded, add_sums, history, replay


def _never(*_: Any) -> None:
    raise AssertionError("a correction is not a decision: it replays the corrected history")


CORRECTION = CommandSpec(
    name="rettifica",
    title="Rettifica",
    description="Corregge o annulla un evento registrato per errore.",
    model=EventoRettificato,
    decide=_never,
    creates=False,
    needs={},
    holders={},
    optional=frozenset(),
)


def entity_commands(entity: Entity[Any]) -> dict[str, CommandSpec]:
    """All commands an entity takes: those declared, and the correction."""
    return {**entity.commands, CORRECTION.name: CORRECTION} if entity.correctable else entity.commands


async def correct(
    connection: Connection,
    entities: Mapping[str, Entity[Any]],
    key: Key,
    correction: BaseModel,
    before: Mapping[Key, State | None],
    today: date,
) -> tuple[list[Addressed], dict[Key, State | None]]:
    """The correction as an event, and the states after the corrected history; ledgers follow the difference.

    Raises: Rejected "evento-non-trovato", "rettifica-non-valida", "rettifica-incoerente".
    """
    assert isinstance(correction, EventoRettificato)
    entity, rows = entities[key[0]], await history(connection, *key)
    _accept(rows, correction, today)
    state = replay(entity, key[1], [*rows, _as_row(rows[-1], correction)], checked=True)
    after = dict(before)
    after[key] = await add_sums(connection, entities, entity, state)
    follow(entity, after, before[key], after[key])
    return [Addressed(*key, correction)], after


def _accept(rows: list[Recorded], correction: EventoRettificato, today: date) -> None:
    """Raises: Rejected where there is no such event, or its new data are not valid."""
    wrong = next((r for r in rows if r.id == correction.rettifica and r.type != EventoRettificato.type_name), None)
    if wrong is None:
        raise Rejected("evento-non-trovato", "L'evento da rettificare non è fra quelli di questa scheda.")
    if correction.data is None:
        return
    try:
        right = Event.registro[wrong.type, wrong.schema_version].model_validate(correction.data, extra="forbid")
    except ValidationError as invalid:
        fields = ", ".join(".".join(map(str, e["loc"])) for e in invalid.errors())
        raise Rejected("rettifica-non-valida", f"I dati corretti non sono validi: {fields}.") from invalid
    if right.avvenuto_il > today:
        raise Rejected("rettifica-non-valida", "I dati corretti non sono validi: la data è nel futuro.")


def _as_row(last: Recorded, correction: EventoRettificato) -> Recorded:
    """The correction as the journal will hold it, to fold the history with it before it is written."""
    return Recorded(
        seq=last.seq + 1,
        id=new_event_id(),
        kind=last.kind,
        entity=last.entity,
        version=last.version + 1,
        type=correction.type_name,
        schema_version=correction.schema_version,
        data=correction.model_dump(mode="json"),
        recorded_at=last.recorded_at,
        author="",
    )
