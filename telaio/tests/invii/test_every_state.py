"""The protocol searched state by state: a sender and two receivers, every order in which news can arrive.

`GENERA_COLLAUDO=lungo` searches until nothing new is found; otherwise to a depth.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from contratti import invii as c
from contratti.rete import Event
from telaio.here import Here
from telaio.invii.halves import invii, ricevuti
from telaio.invii.receiving import Accettazione, Rifiuto
from telaio.invii.sending import Annullamento, Reindirizzamento, Richiesta

from .world import World, check_always, check_quiet

DEPTH = 99 if os.environ.get("GENERA_COLLAUDO") == "lungo" else 8
ASKED, LATER = date(2016, 3, 21), date(2016, 4, 1)
OFFERED = frozenset({"ascolto"})
PLACES = {
    "punti": Here(("punti/ama",)),
    "casa": Here(("casa/tenda",), OFFERED),
    "lavoro": Here(("lavoro/sorgente",), OFFERED),
}
INVIO = str(UUID(int=1))
Move = Callable[[World], object]


def begun(a: str | None) -> World:
    """An invio asked of one receiver, or of all."""
    world = World(PLACES, ASKED)
    asked = Richiesta.model_validate(
        {"avvenuto_il": ASKED, "a": a, "prestazione": "ascolto", "persona": "p-aaaaaa", "comune": "017113"}
    )
    assert world.command(world.members["punti"], invii.kind, INVIO, "richiesta", asked)
    return world


def ids(world: World) -> list[str]:
    return world.members["punti"].subjects(invii.kind)


def moves(world: World) -> Iterator[Move]:
    """Everything that can happen next: news arrives, the clerk works, somebody decides, the term passes."""
    for member, what in world.deliveries():
        yield lambda w, name=member.name, what=what: w.deliver(w.members[name], what)
    yield lambda w: w.clerk(w.members["punti"])
    for id in ids(world):
        stop = Annullamento(avvenuto_il=world.today, motivo="altro")
        again = Reindirizzamento(avvenuto_il=world.today, a="lavoro/sorgente")
        for name, command in (("annullamento", stop), ("reindirizzamento", again)):
            yield lambda w, i=id, n=name, k=command: w.command(w.members["punti"], invii.kind, i, n, k)
        for node in ("casa", "lavoro"):
            for name, command in _of_receiver(world.today, stop):
                yield lambda w, m=node, i=id, n=name, k=command: w.command(w.members[m], ricevuti.kind, i, n, k)
    if world.today == ASKED:
        yield _later


def _of_receiver(today: date, stop: Annullamento) -> list[tuple[str, Any]]:
    return [
        ("accettazione", Accettazione(avvenuto_il=today)),
        ("rifiuto", Rifiuto(avvenuto_il=today, motivo="altro")),
        ("presa-in-carico", c.InvioPresoInCarico(avvenuto_il=today)),
        ("conclusione", c.InvioConcluso(avvenuto_il=today, esito="altro")),
        ("annullamento", stop),
    ]


def _later(world: World) -> None:
    world.today = LATER


def after(world: World, move: Move) -> World:
    """The world after a move. What is committed is on the bus at once."""
    found = world.copy()
    move(found)
    for member in found.members.values():
        member.shipped = len(member.journal)
    return found


def _days(events: Iterable[Event]) -> tuple[tuple[str, date], ...]:
    return tuple((type(e).__name__, e.avvenuto_il) for e in events)


def key(world: World) -> object:
    """What tells two worlds apart: the day, what each has told, what each has seen."""
    told = tuple(
        tuple((s, _days(m.told(s))) for s in sorted({s for s, _ in m.journal})) for m in world.members.values()
    )
    seen = tuple(tuple(sorted(m.seen.items())) for m in world.members.values())
    return world.today, told, seen


@pytest.mark.parametrize("a", ["casa/tenda", None])
@pytest.mark.timeout(3600)
def test_no_order_of_events_breaks_the_protocol(a: str | None) -> None:
    frontier, found = [begun(a)], 1
    known = {key(frontier[0])}
    for _ in range(DEPTH):
        reached: list[World] = []
        for world in frontier:
            for move in moves(world):
                new = after(world, move)
                if (at := key(new)) in known:
                    continue
                known.add(at)
                check_always(new)
                reached.append(new)
        frontier = reached
        found += len(reached)
    for world in frontier[:: max(1, len(frontier) // 200)]:
        world.quiet()
        check_always(world)
        check_quiet(world)
    print(f"{found} states")
    assert found > 1000
