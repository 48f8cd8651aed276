"""What entities are made of: a state, events addressed to it, and the two ways in which a history is refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from contratti.rete import Event
from pydantic import BaseModel, ConfigDict


class State(BaseModel):
    """An entity as its events made it. `id` is filled in by the fold."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = ""

    def with_(self, **changes: Any) -> Self:
        """A copy with some fields changed; the fields must exist."""
        unknown = changes.keys() - type(self).model_fields.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no {sorted(unknown)}")
        return self.model_copy(update=changes)


def counting(field: str, when: Callable[[Any], object]) -> Callable[[Any, Any, Any], Any]:
    """How a ledger follows another entity (see `Entity.sums`) where `field` is how many of them `when` is true of."""

    def follow(own: State, before: State | None, after: State | None) -> State:
        change = bool(after and when(after)) - bool(before and when(before))
        return own.with_(**{field: getattr(own, field) + change})

    return follow


class Rejected(Exception):
    """A rule says no. `code` is stable and public, `detail` is Italian and read by people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Addressed:
    """An event for a named entity, when it is not the one the command was sent to."""

    kind: str
    id: str
    event: Event


Events = Sequence[Event | Addressed]


class Incoherent(Exception):
    """A history that cannot have happened, such as a change of something that does not exist yet."""
