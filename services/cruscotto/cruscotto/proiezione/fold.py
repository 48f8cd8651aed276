"""The fold of one subject: its events in version order, as corrected, into what they add to the measures. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contratti.rete import Event, EventoRettificato, UnknownEvent, leggi
from pydantic import ValidationError

from cruscotto.apporti.quota import GENERI, Genere, Stato, mese

Subject = tuple[str, str]
Cell = tuple[str, str, str, date, str]
"""Measure, source, comune, month, key."""
Cells = Counter[Cell]


@dataclass(frozen=True)
class Change:
    """What a batch changes. `before`: of the subjects whose kind asks for it, the state as JSON; None: it is new."""

    cells: Cells
    before: Mapping[Subject, str | None]


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the fact table, as far as a fold needs it."""

    id: str
    type: str
    schema_version: int
    data: dict[str, Any]

    @property
    def event(self) -> Event | None:
        """The event; None for a type this release does not know, or a correction whose data it cannot read."""
        try:
            return leggi(self.type, self.schema_version, self.data)
        except (UnknownEvent, ValidationError):
            return None


def genere_of(subject: Subject) -> Genere | None:
    """What is known of this kind of subject; None for one no figure asks about."""
    service = subject[0].split("/", 2)[1]
    kind = subject[1].partition("/")[0]
    return GENERI.get(f"{service}/{kind}") or GENERI.get(f"*/{kind}")


def fold(cells: Cells, genere: Genere, subject: Subject, state: Stato, events: Sequence[Event]) -> None:
    """Adds to `cells` what the events of one subject contribute, by the order of their days; `state` moves on."""
    if not events:
        return
    source, id = subject[0], subject[1].partition("/")[2]
    days = [event.avvenuto_il for event in events]
    state.primo = state.primo or days[0].isoformat()
    state.ultimo = max(state.ultimo, max(days).isoformat())
    for event, day in zip(events, days, strict=True):
        add = genere.apporti.get(type(event))
        if add is not None:
            month = mese(day)
            for measure, value, comune, key in add(state, event, id):
                cell = (measure, source, comune, month, key)
                cells[cell] = cells.get(cell, 0) + value


def goes_forward(state: Stato, events: Sequence[Event]) -> bool:
    """Whether the events only add to what is folded: none is a correction, or of an earlier day than another told
    before it. What happened earlier and is told late counts from its day, and the subject is folded again whole."""
    if not events:
        return True
    first = date.fromisoformat(state.primo) if state.primo else events[0].avvenuto_il
    last = date.fromisoformat(state.ultimo) if state.ultimo else first
    days = [day if (day := event.avvenuto_il) > first else first for event in events]
    return days[0] >= last and days == sorted(days) and EventoRettificato not in map(type, events)


def refold(genere: Genere, subject: Subject, facts: Sequence[Fact], al: date = date.max) -> tuple[Cells, Stato]:
    """The whole contribution of a subject, and its state, from its facts as corrected, in the order of their days, up
    to the day `al`."""
    cells: Cells = Counter()
    state = genere.stato()
    fold(cells, genere, subject, state, _until(al, in_order(corrected(facts))))
    return cells, state


def in_order(events: Sequence[Event]) -> list[Event]:
    """The events by day, as told within a day. The first one told opens the subject: nothing comes before it."""
    if not events:
        return []
    first = events[0].avvenuto_il
    return sorted(events, key=lambda e: max(e.avvenuto_il, first))


def _until(al: date, events: list[Event]) -> list[Event]:
    """The events that had happened by `al`: nothing before the first one told, which opens the subject."""
    return [e for e in events if max(e.avvenuto_il, events[0].avvenuto_il) <= al] if al < date.max else events


def corrected(facts: Iterable[Fact]) -> list[Event]:
    """The history as it should have been: corrected events replaced, annulled ones left out."""
    known = [(f, event) for f in facts if (event := f.event) is not None]
    wrong = {event.rettifica: event for _, event in known if isinstance(event, EventoRettificato)}
    history: list[Event] = []
    for fact, event in known:
        correction = wrong.get(fact.id)
        if isinstance(event, EventoRettificato):
            continue
        if correction is None:
            history.append(event)
        elif correction.data is not None:
            right = Fact(fact.id, fact.type, fact.schema_version, correction.data).event
            history += [right] if right is not None else []
    return history
