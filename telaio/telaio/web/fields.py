"""What a field of a declared model holds, read from its type: for labels, forms, messages and display."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from contratti.rete import UUID_PATTERN, Ente, Istat
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from telaio.web import formats

LISTS = (tuple, list, set, frozenset)
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
    """How the field is asked for: data, euro, numero, si_no, comune, comuni, ente, scelta, scelte, id, elenco, testo or
    dati (an object, which only special forms can ask for)."""
    if found.item is not None:
        items = {"comune": "comuni", "scelta": "scelte", "dati": "dati"}
        return items.get(kind_of(name, found.item), "elenco")
    if Istat in found.notes:
        return "comune"
    if get_origin(found.base) is Literal:
        return "scelta"
    if found.base is int and name.endswith("_centesimi"):
        return "euro"
    simple = {bool: "si_no", date: "data", int: "numero", float: "numero"}
    if found.base in simple:
        return simple[found.base]
    return _text_kind(found) if found.base is str else "dati"


def _text_kind(found: Shape) -> str:
    if found.patterns & _ENTE:
        return "ente"
    return "id" if UUID_PATTERN in found.patterns else "testo"


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
