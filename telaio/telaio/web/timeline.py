"""A case as a page shows it: its state with labels, and its events with whoever entered them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contratti.rete import Event, EventoRettificato
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from telaio.clock import ROME
from telaio.district import District
from telaio.entity import Entity, State
from telaio.journal import Recorded
from telaio.service import Service
from telaio.web import formats
from telaio.web.fields import label_of, of_field
from telaio.web.reads import Told, tell

LATE_DAYS = 7
"""A fact entered more days than this after it happened is marked: normal, but worth seeing."""


@dataclass(frozen=True)
class Entry:
    """One line of a definition list; `href` where the value is another case of this service."""

    label: str
    text: str
    href: str | None = None


@dataclass(frozen=True)
class Moment:
    """One event of the timeline. `corrected`: the data as they should read; `annulled`: it should not be there."""

    id: str
    title: str
    happened_on: date
    recorded_at: datetime
    author: str
    data: tuple[Entry, ...]
    late_days: int
    annulled: bool = False
    corrected: tuple[Entry, ...] | None = None
    reason: str = ""
    corrects: str | None = None

    @property
    def struck(self) -> bool:
        return self.annulled or self.corrected is not None


def state_entries(state: State, service: Service, district: District) -> list[Entry]:
    """The state, without what is empty."""
    entity = service.by_state[type(state)]
    data = state.model_dump(mode="json", exclude={"id"})
    data |= {name: data[name] > 0 for name in getattr(entity, "switches", ())}
    return list(_entries(titles(entity), data, service, district))


def titles(entity: Entity[Any]) -> dict[str, str]:
    """The labels of a state's fields: their own titles, else those of the fields of its events with the same name."""
    events = [field for event in entity.handlers for field in event.model_fields.items()]
    own = [(name, field) for name, field in entity.state.model_fields.items() if field.title]
    return {name: label_of(name, field) for name, field in (*reversed(events), *own)}


def moments(rows: Sequence[Recorded], service: Service, district: District) -> list[Moment]:
    """The events, the latest entered first."""
    return [_moment(told, service, district) for told in reversed(tell(list(rows)))]


def _moment(told: Told, service: Service, district: District) -> Moment:
    row = told.row
    right = _data(row, told.right, service, district) if told.correction and told.right is not None else None
    is_correction = row.type == EventoRettificato.type_name
    recorded_on = row.recorded_at.astimezone(ROME).date()
    return Moment(
        id=row.id,
        title="Rettifica" if is_correction else formats.title_of(row.type),
        happened_on=row.happened_on,
        recorded_at=row.recorded_at,
        author=row.author,
        data=() if is_correction else _data(row, row.data, service, district),
        late_days=(recorded_on - row.happened_on).days,
        annulled=bool(told.correction) and told.right is None,
        corrected=right,
        reason=formats.words(str((told.correction or row).data.get("motivo", "")))
        if is_correction or told.correction
        else "",
        corrects=row.data["rettifica"] if is_correction else None,
    )


def _data(row: Recorded, data: dict[str, Any] | None, service: Service, district: District) -> tuple[Entry, ...]:
    """The data in the order the event declares them, without their date."""
    model = Event.registro.get((row.type, row.schema_version), Event)
    found = _in_order(model, {name: value for name, value in (data or {}).items() if name != "avvenuto_il"})
    labels = {name: label_of(name, field) for name, field in model.model_fields.items()}
    return tuple(_entries(labels, found, service, district))


def _in_order(model: type[BaseModel], data: Mapping[str, Any]) -> dict[str, Any]:
    """The data in the order the model declares them, in its lists of objects too; what it does not know comes last."""
    known = model.model_fields
    names = [*(name for name in known if name in data), *(name for name in data if name not in known)]
    return {name: _items_in_order(known.get(name), data[name]) for name in names}


def _items_in_order(field: FieldInfo | None, value: Any) -> Any:
    item = of_field(field).item if field else None
    if item is None or item.model is None or not isinstance(value, list):
        return value
    return [_in_order(item.model, one) if isinstance(one, dict) else one for one in value]


def _entries(labels: dict[str, str], data: dict[str, Any], service: Service, district: District) -> Iterable[Entry]:
    for name, value in data.items():
        if value is None or value in ("", []):
            continue
        label = labels.get(name) or label_of(name)
        entity = service.by_kind.get(name)
        if entity is not None and isinstance(value, str):
            yield Entry(label, formats.short(value), f"/sportello/{entity.plural}/{value}")
        else:
            yield Entry(label, formats.shown(name, value, district))
