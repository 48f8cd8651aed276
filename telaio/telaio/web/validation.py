"""A body becomes a command, or a list of what is wrong with it, field by field."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from telaio.district import District
from telaio.web.fields import Location, place
from telaio.web.messages import message
from telaio.web.problems import Problem

PATTERN = "string_pattern_mismatch"
MAX_FINDINGS = 50


@dataclass(frozen=True)
class Finding:
    """One thing wrong. `kind` and `context` are pydantic's, kept for forms that speak of the field in other words."""

    location: Location
    label: str
    message: str
    kind: str = ""
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def pointer(self) -> str:
        """RFC 6901."""
        return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in self.location)

    def entry(self) -> dict[str, str]:
        return {"pointer": self.pointer, "campo": self.label, "messaggio": self.message}


class Invalid(Problem):
    """422, with the findings."""

    def __init__(self, findings: list[Finding]) -> None:
        count = "Un dato non è valido." if len(findings) == 1 else f"{len(findings)} dati non sono validi."
        super().__init__(422, "dati-non-validi", count, errors=[f.entry() for f in findings[:MAX_FINDINGS]])
        self.findings = findings


def validated(model: type[BaseModel], raw: bytes, today: date, district: District) -> BaseModel:
    """The command in `raw`. Raises: Problem 400 for what is not JSON, Invalid."""
    body = _parsed(raw)
    findings = list(_unstorable(model, body))
    try:
        command = model.model_validate_json(raw, strict=True, extra="forbid")
    except ValidationError as error:
        findings += _of_pydantic(model, body, error)
    else:
        findings += _of_rules(command, today, district)
    if findings:
        raise Invalid(findings)
    return command


def _parsed(raw: bytes) -> Any:
    try:
        return from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        raise Problem(400, "json-non-valido", "Il corpo della richiesta non è JSON valido.") from error


def _unstorable(model: type[BaseModel], node: Any, location: Location = ()) -> Iterator[Finding]:
    """What is JSON and PostgreSQL's jsonb cannot hold: NUL characters, and numbers beyond every limit."""
    if isinstance(node, str) and "\0" in node:
        yield Finding(location, place(model, location).label, "contiene un carattere non ammesso")
    elif isinstance(node, float) and not math.isfinite(node):
        yield Finding(location, place(model, location).label, "deve essere un numero finito")
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _unstorable(model, key, location)
            yield from _unstorable(model, value, (*location, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _unstorable(model, value, (*location, index))


def _of_pydantic(model: type[BaseModel], body: Any, error: ValidationError) -> Iterator[Finding]:
    lines = error.errors(include_url=False, include_input=False)
    for line in lines:
        if line["type"] == "too_short" and any(_inside(other["loc"], line["loc"]) for other in lines):
            continue  # pydantic counts only the items that are valid
        location, kind, context = _in_body(body, line["loc"]), line["type"], dict(line.get("ctx") or {})
        where, said = place(model, location), message(kind, context, line["msg"])
        if kind == PATTERN and where.example is not None:
            said += f", per esempio {where.example}"
        yield Finding(location, where.label, said, kind, context)


def _inside(location: Location, whole: Location) -> bool:
    return len(location) > len(whole) and location[: len(whole)] == whole


def _in_body(body: Any, location: Location) -> Location:
    """The location without the steps that pydantic adds for the branches of a union."""
    path: list[str | int] = []
    for index, step in enumerate(location):
        last = index == len(location) - 1
        if isinstance(body, dict) and (step in body or last):
            body = body.get(step)
        elif isinstance(body, list) and isinstance(step, int) and step < len(body):
            body = body[step]
        else:
            continue
        path.append(step)
    return tuple(path)


def _of_rules(command: BaseModel, today: date, district: District) -> Iterator[Finding]:
    """What the type cannot say: nothing has happened in the future, nor in another district."""
    happened = getattr(command, "avvenuto_il", None)
    if isinstance(happened, date) and happened > today:
        label = place(type(command), ("avvenuto_il",)).label
        yield Finding(("avvenuto_il",), label, "non può essere nel futuro", "future")
    for location, named in district.strangers(command):
        stranger = "uno sportello della rete" if "/" in named else "un comune del distretto"
        yield Finding(location, place(type(command), location).label, f"non è {stranger}", "distretto")
