"""The pure middle of a command: call the decision, fold its events, check what must hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel

from telaio.command import CommandSpec
from telaio.entity import Addressed, Entity, Events, Rejected, State
from telaio.here import Here, View
from telaio.rules import Rules, RuleUndefined


@dataclass(frozen=True)
class Context:
    """What a decision may ask for beside entities: the civil date (Europe/Rome), the strand's rules, where it is taken,
    and by parameter what others have told."""

    today: date
    rules: Rules | None = None
    here: Here | None = None
    views: Mapping[str, View] = field(default_factory=dict)


def decide(
    entity: Entity[Any],
    spec: CommandSpec,
    state: State | None,
    command: BaseModel,
    others: Mapping[str, State | None],
    context: Context,
) -> Events:
    """The events the decision returns. Raises: Rejected (its own codes; "non-trovato" where an entity is missing)."""
    if state is None and not spec.creates:
        raise Rejected("non-trovato", f"{entity.title}: non esiste.")
    if state is not None and spec.once:
        raise Rejected(*spec.once)
    for parameter, other in others.items():
        if other is None and parameter not in spec.optional:
            raise Rejected(f"{parameter}-non-trovato", f"{parameter.capitalize()}: non esiste in questo servizio.")
    asked = ((spec.today, context.today), (spec.rules, context.rules), (spec.here, context.here))
    extra: dict[str, Any] = {**others, **context.views, **{name: value for name, value in asked if name}}
    try:
        events: Events = spec.decide(state, command, **extra)
    except RuleUndefined as missing:
        raise Rejected("regola-non-definita", f"Manca una regola valida al {missing}: va configurata.") from missing
    return events


Key = tuple[str, str]
"""Kind and id of an entity."""


def addressed(entity: Entity[Any], id: str, events: Events) -> list[Addressed]:
    """The events, each with the entity it belongs to: where none is named, the command's own."""
    return [e if isinstance(e, Addressed) else Addressed(entity.kind, id, e) for e in events]


def fold(
    entities: Mapping[str, Entity[Any]], before: Mapping[Key, State | None], events: Iterable[Addressed]
) -> dict[Key, State | None]:
    """The states after the events, ledgers included. Raises: UnknownEvent, Incoherent."""
    after = dict(before)
    for event in events:
        entity, key = entities[event.kind], (event.kind, event.id)
        old = after.get(key, entity.initial)
        after[key] = entity.evolve(event.id, old, event.event)
        follow(entity, after, old, after[key])
    return after


def follow(entity: Entity[Any], states: dict[Key, State | None], old: State | None, new: State | None) -> None:
    """Changes in `states` the ledgers that sum this entity; one that is not there is only named, to be loaded."""
    for ledger in entity.followers:
        for id, before, after in ledger.shares(entity.kind, old, new):
            key = (ledger.kind, id)
            if ledger.singleton or states.get(key) is not None:
                states[key] = ledger.follow(entity.kind, states.get(key), before, after)
            else:
                states[key] = None


def check(entities: Mapping[str, Entity[Any]], states: Mapping[Key, State | None]) -> None:
    """Raises: Rejected where a state breaks an invariant of its entity."""
    for (kind, _), state in states.items():
        entities[kind].check(state)
