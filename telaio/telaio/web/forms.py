"""Forms generated from a command's model: what is asked, how people write it, how it becomes the command's body."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from telaio.district import District
from telaio.web import formats
from telaio.web.fields import Shape, kind_of, label_of, of_field
from telaio.web.validation import Finding

Values = Mapping[str, Sequence[str]]
"""What was typed, by field; a list for each, as forms send it."""

LONG_TEXT = 120
SEVERAL = frozenset({"scelte", "comuni"})
HINTS = {
    "data": "Giorno/mese/anno, per esempio {today}",
    "euro": "In euro, per esempio 450,00",
    "elenco": "Uno per riga",
}
DESCRIBED_OTHERWISE = frozenset({"euro", "comune"})  # their descriptions speak of cents and of codes
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d{1,2})?", re.ASCII)
PLAIN = re.compile(r"-?\d{1,12}([.,]\d{1,2})?", re.ASCII)
COMPARISONS = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}


@dataclass(frozen=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True)
class Input:
    """One question of a form. `kind`: see `fields.kind_of`; `options`: empty where any answer may be typed."""

    name: str
    label: str
    hint: str
    kind: str
    required: bool
    options: tuple[Option, ...] = ()
    long: bool = False
    errors: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


def inputs(
    model: type[BaseModel], district: District, today: date, cases: Mapping[str, Sequence[Option]]
) -> list[Input]:
    """The questions of a model's form. `cases`: the entities to choose from, for fields that name one of their kind."""
    return [_input(n, f, district, today, cases.get(n, ())) for n, f in model.model_fields.items()]


def _input(name: str, field: FieldInfo, district: District, today: date, cases: Sequence[Option]) -> Input:
    found = of_field(field)
    kind = kind_of(name, found)
    options = tuple(cases) if kind == "id" else _options(kind, found, district)
    required = field.is_required()
    long = any((getattr(note, "max_length", None) or 0) > LONG_TEXT for note in found.notes)
    hint = _hint(kind, found, field.description or "", today, choose=bool(options))
    return Input(name, label_of(name, field), hint, kind, required, options, long)


def _hint(kind: str, found: Shape, description: str, today: date, choose: bool) -> str:
    """What helps to answer: the description, then how to write it, with an example where the format needs one."""
    how = HINTS.get(kind, "").format(today=formats.day(today))
    example = (found.item or found).example
    if kind in ("id", "elenco", "testo") and example and not choose:
        how = f"{how}, per esempio {example}".removeprefix(", ")
    parts = ("" if kind in DESCRIBED_OTHERWISE else description, how)
    return ". ".join(part[:1].upper() + part[1:].rstrip(".") for part in parts if part)


def _options(kind: str, found: Shape, district: District) -> tuple[Option, ...]:
    match kind:
        case "comune" | "comuni":
            return tuple(Option(code, name) for code, name in sorted(district.comuni.items(), key=lambda c: c[1]))
        case "ente":
            return tuple(Option(slug, name) for slug, name in sorted(district.enti.items(), key=lambda e: e[1]))
        case "si_no":
            return (Option("si", "Sì"), Option("no", "No"))
        case "scelta" | "scelte":
            codes = get_args(found.item.base if found.item else found.base)
            return tuple(Option(str(code), formats.words(str(code))) for code in codes)
    return ()


def body(model: type[BaseModel], typed: Values) -> dict[str, Any]:
    """The command's JSON body. What cannot be converted is left as typed, for validation to refuse by name."""
    found = {}
    for name, field in model.model_fields.items():
        texts = [text.strip() for text in typed.get(name, ()) if text.strip()]
        if texts:
            shape = of_field(field)
            found[name] = _converted(kind_of(name, shape), shape, texts)
    return found


def _converted(kind: str, found: Shape, texts: list[str]) -> Any:
    if kind == "scelta":
        return next((code for code in get_args(found.base) if str(code) == texts[0]), texts[0])
    return texts if kind in SEVERAL else CONVERT.get(kind, str)(texts[0])


def _whole(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else text


def _yes(text: str) -> bool | str:
    return {"si": True, "no": False}.get(text, text)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in re.split(r"[\n,;]", text) if line.strip()]


def _iso(text: str) -> str:
    found = DAY_FIRST.fullmatch(text)
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else text


def _cents(text: str) -> int | str:
    """Cents of an amount written in euro, as in Italy: 1.234,50; a dot before two last digits is read as a comma."""
    amount = re.sub(r"[\s€]", "", text)
    if THOUSANDS.fullmatch(amount):
        amount = amount.replace(".", "")
    elif not PLAIN.fullmatch(amount):
        return text
    whole, _, decimals = amount.replace(",", ".").partition(".")
    sign = -1 if whole.startswith("-") else 1
    return int(whole) * 100 + sign * int(f"{decimals:0<2}")


CONVERT: dict[str, Callable[[str], Any]] = {
    "data": _iso,
    "euro": _cents,
    "numero": _whole,
    "si_no": _yes,
    "elenco": _lines,
}


def typed(model: type[BaseModel], data: Mapping[str, Any]) -> dict[str, list[str]]:
    """The reverse of `body`: what somebody would have typed to get `data`."""
    return {
        n: _texts(kind_of(n, of_field(f)), data[n]) for n, f in model.model_fields.items() if data.get(n) is not None
    }


def _texts(kind: str, value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(v) for v in value] if kind in SEVERAL else ["\n".join(map(str, value))]
    if isinstance(value, bool):
        return ["si" if value else "no"]
    if kind == "euro":
        return [formats.euro(value).removesuffix(" €")]
    return [formats.day(value) if kind == "data" else str(value)]


def filled(questions: Sequence[Input], values: Values, findings: Sequence[Finding] = ()) -> list[Input]:
    """The questions with what was typed and what is wrong with it."""
    return [
        replace(
            question,
            values=tuple(values.get(question.name, ())),
            errors=tuple(_said(question, f) for f in findings if f.location[:1] == (question.name,)),
        )
        for question in questions
    ]


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
