"""What a field of a declared model holds, read from its type: for labels, forms, messages and display."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from contratti.invii import DelDistretto
from contratti.rete import UUID_PATTERN, Ente, Istat
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from telaio.web import formats

LISTS = (tuple, list, set, frozenset)
HOUR_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d$"
"""How contracts write an hour of the day, in Rome."""
Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Shape:
    """A type taken apart: `base` is bare, `notes` is what Annotated says of it, `item` the shape of a list's items."""

    base: Any
    notes: tuple[Any, ...] = ()
    optional: bool = False
    item: "Shape | None" = None

    @property
    def patterns(self) -> set[str | Any]:
        return {n.pattern for n in self.notes if isinstance(n, StringConstraints) and n.pattern}

    @property
    def example(self) -> Any:
        """The first example given anywhere around the type."""
        examples = (n.examples for n in self.notes if isinstance(n, FieldInfo) and n.examples)
        return next((e[0] for e in examples), None)

    def bound(self, name: str) -> int:
        """`min_length` or `max_length`; 0 where there is none."""
        return next((b for n in self.notes if isinstance(b := getattr(n, name, None), int)), 0)

    @property
    def model(self) -> type[BaseModel] | None:
        return self.base if isinstance(self.base, type) and issubclass(self.base, BaseModel) else None


def shape(annotation: Any, notes: Iterable[Any] = ()) -> Shape:
    """The shape of an annotation."""
    notes, origin, args = tuple(notes), get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return shape(args[0], (*notes, *args[1:]))
    if origin in (Union, UnionType) and type(None) in args:
        inner = shape(next(a for a in args if a is not type(None)), notes)
        return Shape(inner.base, inner.notes, True, inner.item)
    if origin in LISTS and args:
        return Shape(origin, notes, item=shape(args[0]))
    return Shape(annotation, notes)


def of_field(field: FieldInfo) -> Shape:
    """The shape of a model's field."""
    return shape(field.annotation, (field, *field.metadata))


_ENTE = shape(Ente).patterns


def kind_of(name: str, found: Shape) -> str:
    """How the field is asked for: data, ora, euro, numero, si_no, comune, comuni, ente, scelta, scelte, id, ids,
    elenco, righe (a list of objects), testo or dati (any other object, which only special forms can ask for)."""
    if found.item is not None:
        items = {"comune": "comuni", "scelta": "scelte", "id": "ids", "dati": "righe" if found.item.model else "dati"}
        return items.get(kind_of(name, found.item), "elenco")
    if Istat in found.notes:
        return "comune"
    if DelDistretto in found.notes:
        return "nodo"
    if get_origin(found.base) is Literal:
        return "scelta"
    if found.base is int and name.endswith("_centesimi"):
        return "euro"
    simple = {bool: "si_no", date: "data", int: "numero", float: "numero", str: _text_kind(found.patterns)}
    return simple.get(found.base, "dati")


_TEXT_KINDS = {**dict.fromkeys(_ENTE, "ente"), HOUR_PATTERN: "ora", UUID_PATTERN: "id"}


def _text_kind(patterns: set[str | Any]) -> str:
    return next((_TEXT_KINDS[p] for p in patterns if p in _TEXT_KINDS), "testo")


def label_of(name: str, field: FieldInfo | None = None) -> str:
    """The Italian title of a field; its name, made readable, where nobody gave one."""
    if field is not None and field.title:
        return field.title
    return formats.heading(name)


@dataclass(frozen=True)
class Place:
    """Where in a model an error is: what to call it, and an example of what should be there."""

    label: str
    example: Any = None
    kind: str = "testo"


def place(model: type[BaseModel], location: Location) -> Place:
    """The place at `location`; the nearest one known where it leads nowhere."""
    if not location:
        return Place("Richiesta")
    name, *rest = location
    field = model.model_fields.get(str(name))
    if field is None:
        return Place(str(name))
    label, found = label_of(str(name), field), of_field(field)
    for step in rest:
        if isinstance(step, int) and found.item is not None:
            label, found = f"{label}, voce {step + 1}", found.item
        elif found.model is not None and step in found.model.model_fields:
            inner = found.model.model_fields[str(step)]
            label, found = f"{label}: {label_of(str(step), inner)}", of_field(inner)
    return Place(label, found.example, kind_of(str(name), found))
