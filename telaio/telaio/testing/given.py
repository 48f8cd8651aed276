"""Given events, when command, then events or rejected: the specification of a decision, without I/O."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

import pytest
from contratti.rete import Event
from pydantic import BaseModel

from telaio.decide import Context, Key, addressed, check, decide, fold
from telaio.entity import Entity, Rejected, State
from telaio.here import Here, View
from telaio.rules import Rules

ID = "00000000-0000-7000-8000-00000000a11a"


@dataclass(frozen=True)
class Case:
    """A history, then a command. `then` and `rejected` compare; both return nothing and raise AssertionError."""

    entity: Entity[Any]
    history: tuple[Event, ...]
    today: date = date(2016, 12, 31)
    rules: Rules | None = None
    others: tuple[State, ...] = ()
    here: Here | None = None
    views: tuple[View, ...] = ()
    name: str = ""
    command: BaseModel | None = None

    def on(self, today: date) -> Self:
        """On another day."""
        return replace(self, today=today)

    def with_(self, *others: State, rules: Rules | None = None) -> Self:
        """With these other entities of the service, and these rules."""
        return replace(self, others=others, rules=rules or self.rules)

    def seeing(self, *views: View, here: Here | None = None) -> Self:
        """With this told by others, decided here."""
        return replace(self, views=views, here=here or self.here)

    def when(self, name: str, command: BaseModel) -> Self:
        """The command `name` arrives."""
        return replace(self, name=name, command=command)

    def outcome(self) -> Sequence[Event]:
        """The events decided. Raises: Rejected."""
        spec = self.entity.commands[self.name]
        others = {p: self._other(kind) for p, kind in spec.needs.items()}
        before = self.entity.replay(ID, self.history)
        assert self.command is not None
        views = {p: next(v for v in self.views if isinstance(v, view)) for p, view in spec.views.items()}
        context = Context(self.today, self.rules, self.here, views)
        decided = decide(self.entity, spec, before, self.command, others, context)
        events = addressed(self.entity, ID, decided)
        states: dict[Key, State | None] = {(self.entity.kind, ID): before}
        for ledger in self.entity.followers:
            other = self._other(ledger.state)
            states[ledger.kind, ledger.singleton or (other.id if other else "")] = other
        own = [e for e in events if e.kind == self.entity.kind]
        entities = {e.kind: e for e in (self.entity, *self.entity.followers)}
        check(entities, fold(entities, states, own))
        return [e.event for e in events]

    def _other(self, kind: type[State]) -> State | None:
        return next((o for o in self.others if isinstance(o, kind)), None)

    def then(self, *events: Event) -> None:
        """Exactly these events, in this order."""
        assert list(self.outcome()) == list(events)

    def rejected(self, code: str) -> None:
        """Refused, with this stable code."""
        with pytest.raises(Rejected) as refusal:
            self.outcome()
        assert refusal.value.code == code


def given(entity: Entity[Any], *history: Event) -> Case:
    """The entity with this history."""
    return Case(entity, history)
