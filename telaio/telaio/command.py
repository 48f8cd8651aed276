"""A command, read once from the signature of its decision."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args, get_type_hints

from contratti.rete import AvvenutoIl
from pydantic import BaseModel, ConfigDict

from telaio.here import Here, View
from telaio.rules import Rules

Decision = Callable[..., Any]


class Command(BaseModel):
    """What somebody wants done, when its fields are not those of the event it leads to.

    (Where they are the same, the event's own model is the command: a decision may take it directly.)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    avvenuto_il: AvvenutoIl


@dataclass(frozen=True)
class Holder:
    """Annotates a parameter of a decision: the entity that holds the claim `code` on the command's own entity id."""

    code: str


@dataclass(frozen=True)
class CommandSpec:
    """A command as the chassis sees it.

    needs: parameter name → state class of another entity, loaded and locked with it. Its id is the field of the same
    name in the command or in the state, or the holder of a claim (`holders`: parameter name → claim code), or the
    singleton's. `once`: code and detail of its refusal where the entity exists.
    `views`: parameter name → what is read for it; `action`: the row of WHO_MAY. `today`, `rules` and `here`: the name
    of the parameter that wants them, or None.
    """

    name: str
    title: str
    description: str
    model: type[BaseModel]
    decide: Decision
    creates: bool
    needs: dict[str, type[Any]]
    holders: dict[str, str]
    optional: frozenset[str]
    today: str | None = None
    rules: str | None = None
    here: str | None = None
    once: tuple[str, str] | None = None
    action: str = "comando"
    views: dict[str, type[View]] = field(default_factory=dict)


def read_decision(
    name: str, decide: Decision, *, title: str | None, creates: bool, state_base: type[Any]
) -> CommandSpec:
    """The command declared by `decide(state, command, …)`. Raises: TypeError for a signature that cannot be read."""
    hints = get_type_hints(decide)
    notes = get_type_hints(decide, include_extras=True)
    parameters = list(inspect.signature(decide).parameters)
    if len(parameters) < 2:
        raise TypeError(f"{name}: a decision takes the state and the command")
    others = {p: hints[p] for p in parameters[2:]}
    doc = inspect.getdoc(decide) or ""
    first_line = doc.partition("\n")[0]
    return CommandSpec(
        name=name,
        title=title or name.replace("-", " ").capitalize(),
        description=first_line.partition(" Raises:")[0],
        model=hints[parameters[1]],
        decide=decide,
        creates=creates,
        needs={p: _bare(h) for p, h in others.items() if _is(h, state_base)},
        holders={p: m.code for p in others for m in getattr(notes[p], "__metadata__", ()) if isinstance(m, Holder)},
        optional=frozenset(p for p, h in others.items() if type(None) in get_args(h)),
        today=next((p for p, h in others.items() if h is date), None),
        rules=next((p for p, h in others.items() if _is(h, Rules)), None),
        here=next((p for p, h in others.items() if h is Here), None),
        views={p: _bare(h) for p, h in others.items() if _is(h, View)},
    )


def _bare(hint: Any) -> Any:
    """`Famiglia` for `Famiglia | None`."""
    inner = [a for a in get_args(hint) if a is not type(None)]
    return inner[0] if inner else hint


def _is(hint: Any, base: type[Any]) -> bool:
    bare = _bare(hint)
    return isinstance(bare, type) and issubclass(bare, base)
