"""Forms generated from a command's model: what is asked, and how the answers become the command's body."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from telaio.district import District
from telaio.web import formats
from telaio.web.fields import Shape, kind_of, label_of, of_field
from telaio.web.validation import Finding
from telaio.web.written import converted, texts_of

Values = Mapping[str, Sequence[str]]
"""What was typed, by field; a list for each, as forms send it."""

LONG_TEXT = 120
BLANK_ROWS = 5
MORE_ROWS = "_righe"
"""The button that asks for more blank rows of the list it names."""
HINTS = {
    "data": "Giorno/mese/anno, per esempio {today}",
    "euro": "In euro, per esempio 450,00",
    "elenco": "Uno per riga",
    "righe": "Le righe vuote non contano",
}
DESCRIBED_OTHERWISE = frozenset({"euro", "comune"})  # their descriptions speak of cents and of codes
COMPARISONS = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}


@dataclass(frozen=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True)
class Input:
    """One question of a form. `kind`: see `fields.kind_of`; `options`: empty where any answer may be typed.

    A list of objects (`righe`) asks the questions `columns` in each of its `rows`, from `least` to `most` of them. In a
    row, `within` is what to call the row and `hinted` the question of the list whose hint holds for all rows.
    """

    name: str
    label: str
    hint: str
    kind: str
    required: bool
    options: tuple[Option, ...] = ()
    long: bool = False
    errors: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    columns: "tuple[Input, ...]" = ()
    rows: "tuple[Row, ...]" = ()
    least: int = 0
    most: int = 0
    within: str = ""
    hinted: str = ""
    focus: bool = False

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def parts(self) -> "list[Input | Row]":
        """The question and, of a list of objects, its rows and their questions: whatever can have errors."""
        found: list[Input | Row] = [self]
        for row in self.rows:
            found += [row, *row.inputs]
        return found


@dataclass(frozen=True)
class Row:
    """One object of a list, or room for one."""

    name: str
    label: str
    inputs: tuple[Input, ...]
    errors: tuple[str, ...] = ()
    within: str = ""


def inputs(
    model: type[BaseModel], district: District, today: date, cases: Mapping[str, Sequence[Option]]
) -> list[Input]:
    """The questions of a model's form. `cases`: the entities to choose from, for fields that name one of their kind."""
    return [_input(n, f, district, today, cases.get(n, ())) for n, f in model.model_fields.items()]


def _input(name: str, field: FieldInfo, district: District, today: date, cases: Sequence[Option]) -> Input:
    found = of_field(field)
    kind = kind_of(name, found)
    options = tuple(cases) if kind in ("id", "ids") else _options(kind, found, district)
    hint = _hint(kind, found, field.description or "", today, choose=bool(options))
    question = Input(name, label_of(name, field), hint, kind, field.is_required(), options)
    if kind != "righe":
        return replace(question, long=found.bound("max_length") > LONG_TEXT)
    columns = tuple(inputs(_item(found), district, today, {}))
    return replace(question, columns=columns, least=found.bound("min_length"), most=found.bound("max_length"))


def _item(found: Shape) -> type[BaseModel]:
    """The model of the objects in a list."""
    assert found.item is not None
    assert found.item.model is not None
    return found.item.model


def _hint(kind: str, found: Shape, description: str, today: date, choose: bool) -> str:
    """What helps to answer: the description, then how to write it, with an example where the format needs one."""
    how = HINTS.get("elenco" if kind == "ids" and not choose else kind, "").format(today=formats.day(today))
    example = (found.item or found).example
    if kind in ("id", "ids", "elenco", "ora", "testo") and example and not choose:
        how = f"{how}, per esempio {example}".removeprefix(", ")
    parts = ("" if kind in DESCRIBED_OTHERWISE else description, how)
    return ". ".join(part[:1].upper() + part[1:].rstrip(".") for part in parts if part)


def _options(kind: str, found: Shape, district: District) -> tuple[Option, ...]:
    match kind:
        case "comune" | "comuni":
            return tuple(Option(code, name) for code, name in sorted(district.comuni.items(), key=lambda c: c[1]))
        case "nodo":
            return tuple(Option(node, name) for node, name in sorted(district.nodi.items(), key=lambda n: n[1]))
        case "ente":
            return tuple(Option(slug, name) for slug, name in sorted(district.enti.items(), key=lambda e: e[1]))
        case "si_no":
            return (Option("si", "Sì"), Option("no", "No"))
        case "scelta" | "scelte":
            codes = get_args(found.item.base if found.item else found.base)
            return tuple(Option(str(code), formats.words(str(code))) for code in codes)
    return ()


def body(model: type[BaseModel], values: Values) -> dict[str, Any]:
    """The command's JSON body. What cannot be converted is left as typed, for validation to refuse by name."""
    found = {}
    for name, field in model.model_fields.items():
        value = _value(name, of_field(field), values)
        if value not in (None, []):
            found[name] = value
    return found


def _value(name: str, found: Shape, values: Values) -> Any:
    """The JSON value of one question; None or an empty list where nothing was typed."""
    kind = kind_of(name, found)
    if kind == "righe":
        return [body(_item(found), row) for row in _filled_rows(name, values)]
    texts = [text.strip() for text in values.get(name, ()) if text.strip()]
    return converted(kind, found, texts) if texts else None


def typed(model: type[BaseModel], data: Mapping[str, Any]) -> dict[str, list[str]]:
    """The reverse of `body`: what somebody would have typed to get `data`."""
    found: dict[str, list[str]] = {}
    for name, field in model.model_fields.items():
        shape, value = of_field(field), data.get(name)
        kind = kind_of(name, shape)
        if kind == "righe":
            for number, item in enumerate(value or ()):
                found |= {f"{name}-{number}-{n}": texts for n, texts in typed(_item(shape), item).items()}
        elif value is not None:
            found[name] = texts_of(kind, value)
    return found


def _filled_rows(name: str, values: Values) -> list[dict[str, Sequence[str]]]:
    """The rows of a list in which something was typed, in order: blank ones between them do not count."""
    rows: dict[int, dict[str, Sequence[str]]] = {}
    for key, texts in values.items():
        found = re.fullmatch(rf"{name}-([0-9]{{1,3}})-([a-z0-9_]+)", key)
        if found and any(text.strip() for text in texts):
            rows.setdefault(int(found[1]), {})[found[2]] = texts
    return [row for _, row in sorted(rows.items())]


def filled(questions: Sequence[Input], values: Values, findings: Sequence[Finding] = ()) -> list[Input]:
    """The questions with what was typed and what is wrong with it; lists of objects with some blank rows to go on."""
    return [_filled(q, values, [f for f in findings if f.location[:1] == (q.name,)]) for q in questions]


def _filled(question: Input, values: Values, findings: Sequence[Finding]) -> Input:
    if question.kind != "righe":
        said = tuple(_said(question, f) for f in findings)
        return replace(question, values=tuple(values.get(question.name, ())), errors=said)
    given = _filled_rows(question.name, values)
    shown = max(question.least, len(given), min(len(given) + BLANK_ROWS, question.most))
    inside = [f for f in findings if len(f.location) > 1 and f.location[1] in range(shown)]
    rows = [
        _row(question, n, given[n] if n < len(given) else {}, [f for f in inside if f.location[1] == n])
        for n in range(shown)
    ]
    if values.get(MORE_ROWS) == [question.name] and len(given) < shown:
        rows[len(given)] = _focused(rows[len(given)])
    outside = tuple(_said(question, f) for f in findings if f not in inside)
    return replace(question, rows=tuple(rows), errors=outside)


def _row(question: Input, number: int, values: Values, findings: Sequence[Finding]) -> Row:
    """A row of a list; its questions are required where the row is, or where something else was typed in it."""
    name, label = f"{question.name}-{number}", f"{question.label}, riga {number + 1}"
    own = [replace(f, location=f.location[2:]) for f in findings]
    asked = [
        replace(
            q,
            name=f"{name}-{q.name}",
            within=label,
            hinted=f"{question.name}-{q.name}",
            required=q.required and (number < question.least or bool(values)),
        )
        for q in filled(question.columns, values, own)
    ]
    return Row(name, label, tuple(asked), tuple(f.message for f in own if not f.location))


def _focused(row: Row) -> Row:
    first, *rest = row.inputs
    return replace(row, inputs=(replace(first, focus=True), *rest))


def _said(question: Input, finding: Finding) -> str:
    """The finding in the words of the form: dates as they are typed here, amounts in euro, the row of a list."""
    if question.kind == "data" and finding.kind.startswith("date_"):
        return "deve essere una data, per esempio 20/03/2016"
    if question.kind == "euro" and finding.kind in COMPARISONS:
        bound = COMPARISONS[finding.kind]
        return re.sub(r"[\d.]+$", formats.euro(finding.context[bound]), finding.message)
    if question.kind == "euro" and finding.kind == "int_type":
        return "deve essere un importo in euro, per esempio 450,00"
    if finding.kind == "literal_error" or (finding.kind == "missing" and question.options):
        return "va scelto fra le voci proposte"
    row = finding.location[1] if len(finding.location) > 1 else None
    return f"riga {row + 1}: {finding.message}" if isinstance(row, int) else finding.message
