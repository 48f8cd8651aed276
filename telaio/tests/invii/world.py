"""Services of the network in memory, with the real decisions: journals, a bus with delays and repeats, a clock.

What a service has committed may not be shipped yet, what is shipped may not be seen yet: in order for each subject, in
any order between subjects. A restored service has lost what it had not shipped, and reads everything again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from contratti.rete import Event
from telaio.command import Command
from telaio.decide import Context, addressed, decide
from telaio.entity import Entity, Rejected, State
from telaio.here import Here, View
from telaio.invii.automatic import next_step
from telaio.invii.halves import Ricevuto, Spedito, invii, ricevuti
from telaio.invii.heard import Halves, Inviante, Riceventi
from telaio.invii.situation import Situation, due, overall, situation

ENTITIES: Mapping[str, Entity[Any]] = {e.kind: e for e in (invii, ricevuti)}
Subject = tuple[str, str]
"""Kind and id."""


@lru_cache(maxsize=200_000)
def folded(subject: Subject, events: tuple[Event, ...]) -> Any:
    """The state after these events."""
    return ENTITIES[subject[0]].replay(subject[1], events)


@dataclass
class Member:
    """One service: its journal, how much of it is shipped, and how much it has seen of every other's subjects."""

    name: str
    here: Here
    journal: list[tuple[Subject, Event]] = field(default_factory=list)
    shipped: int = 0
    seen: dict[tuple[str, Subject], int] = field(default_factory=dict)

    def told(self, subject: Subject, upto: int | None = None) -> tuple[Event, ...]:
        return tuple(e for s, e in self.journal[:upto] if s == subject)

    def state(self, kind: str, id: str) -> Any:
        return folded((kind, id), self.told((kind, id)))

    def subjects(self, kind: str) -> list[str]:
        return list(dict.fromkeys(id for (k, id), _ in self.journal if k == kind))


class World:
    """All of them. Every method is one step; nothing happens by itself."""

    def __init__(self, places: Mapping[str, Here], today: date) -> None:
        self.members = {name: Member(name, here) for name, here in places.items()}
        self.today = today

    def copy(self) -> "World":
        """Another world, the same so far."""
        found = World({}, self.today)
        for name, m in self.members.items():
            found.members[name] = Member(name, m.here, list(m.journal), m.shipped, dict(m.seen))
        return found

    # What a service knows

    def halves(self, of: Member, kind: str, id: str) -> list[Any]:
        """The halves of an invio as this service has heard them, each from who wrote it."""
        found = []
        for source in self.members.values():
            count = of.seen.get((source.name, (kind, id)), 0)
            if count:
                found.append(folded((kind, id), source.told((kind, id))[:count]))
        return found

    def answers(self, of: Member, id: str) -> Halves:
        return {half.nodo: half for half in self.halves(of, ricevuti.kind, id)}

    def riceventi(self, of: Member, id: str) -> Riceventi:
        own = {other: of.state(invii.kind, other) for other in of.subjects(invii.kind)}
        first = root(of, own[id]) if id in own else id
        others = [s for other, s in own.items() if other != id and root(of, s) == first]
        return Riceventi(self.answers(of, id), [(s, self.answers(of, s.id)) for s in others])

    def inviante(self, of: Member, id: str) -> Inviante:
        return Inviante(next(iter(self.halves(of, invii.kind, id)), None))

    # What can happen

    def command(self, of: Member, kind: str, id: str, name: str, command: Command | Event) -> bool:
        """A command arrives; whether it was accepted."""
        entity, state = ENTITIES[kind], of.state(kind, id)
        spec = entity.commands[name]
        views: dict[str, View] = {
            p: self.riceventi(of, id) if v is Riceventi else self.inviante(of, id) for p, v in spec.views.items()
        }
        others: dict[str, State | None] = {
            p: of.state(invii.kind, state.successore) if state else None for p in spec.needs
        }
        context = Context(self.today, here=of.here, views=views)
        try:
            events = addressed(entity, id, decide(entity, spec, state, command, others, context))
        except Rejected:
            return False
        of.journal += [((e.kind, e.id), e.event) for e in events]
        return True

    def clerk(self, of: Member) -> bool:
        """Takes the first automatic step that is due; whether there was one."""
        free = {m.here.nodo: 1 for m in self.members.values() if m.here.offre}
        for id in of.subjects(invii.kind):
            spedito = of.state(invii.kind, id)
            if spedito.stadio not in ("richiesto", "scaduto", "confermato"):
                continue
            step = next_step(spedito, self.riceventi(of, id), free, of.here.termini, self.today)
            if step is not None and self.command(of, invii.kind, id, *step):
                return True
        return False

    def ship(self, of: Member) -> bool:
        """The relay ships one event."""
        if of.shipped < len(of.journal):
            of.shipped += 1
            return True
        return False

    def deliveries(self) -> Iterator[tuple[Member, tuple[str, Subject]]]:
        """What can be delivered next, and to whom."""
        for source in self.members.values():
            subjects = {s for s, _ in source.journal[: source.shipped]}
            for subject in sorted(subjects):
                shipped = len(source.told(subject, source.shipped))
                for member in self.members.values():
                    if member.seen.get((source.name, subject), 0) < shipped:
                        yield member, (source.name, subject)

    def deliver(self, to: Member, what: tuple[str, Subject]) -> None:
        to.seen[what] = to.seen.get(what, 0) + 1

    def restore(self, of: Member) -> None:
        """An old backup is put back, and the service reads its own topic to the end: what was not shipped is gone."""
        del of.journal[of.shipped :]
        of.seen = dict.fromkeys(of.seen, 0)
        for member in self.members.values():
            for (source, subject), count in member.seen.items():
                assert source != of.name or count <= len(of.told(subject))

    def quiet(self) -> None:
        """Everything is shipped and seen, and every clerk has done what is due."""
        moved = True
        while moved:
            moved = False
            for member in self.members.values():
                while self.ship(member):
                    moved = True
            for member, what in list(self.deliveries()):
                self.deliver(member, what)
                moved = True
            moved = sum(self.clerk(m) for m in self.members.values()) > 0 or moved

    # What is true, whoever has seen it

    def sent(self) -> list[tuple[Member, Spedito]]:
        return [(m, m.state(invii.kind, id)) for m in self.members.values() for id in m.subjects(invii.kind)]

    def received(self, id: str) -> Halves:
        found = [m.state(ricevuti.kind, id) for m in self.members.values()]
        return {half.nodo: half for half in found if isinstance(half, Ricevuto)}

    def as_seen(self, of: Member, id: str, nodo: str | None) -> Situation:
        """The state of an invio for one receiver, in the eyes of one service: sender, receiver or dashboard."""
        return situation(self.inviante(of, id).spedito, self.answers(of, id).get(nodo or ""), nodo)


def check_always(world: World) -> None:
    """What must hold at every moment: one live confirmed receiver in a chain at most, and nobody works unconfirmed."""
    live: dict[str, list[str]] = {}
    for member, spedito in world.sent():
        halves = world.received(spedito.id)
        for nodo, half in halves.items():
            at_work = half.stadio in ("in_corso", "sospeso")
            assert not at_work or spedito.confermato_a == nodo, f"{nodo} works on {spedito.id} unconfirmed"
        confirmed = spedito.confermato_a
        if confirmed is not None and confirmed in halves and halves[confirmed].vivo:
            live.setdefault(root(member, spedito), []).append(confirmed)
    assert all(len(nodes) <= 1 for nodes in live.values()), live


def root(member: Member, spedito: Spedito) -> str:
    """The first invio of a chain."""
    while spedito.segue is not None and (before := member.state(invii.kind, spedito.segue)) is not None:
        spedito = before
    return spedito.id


def check_quiet(world: World) -> None:
    """When the bus is quiet all see the same, and whoever is not done has somebody who must act, and by when."""
    for member, spedito in world.sent():
        halves = world.received(spedito.id)
        for nodo in {spedito.a, spedito.confermato_a, *halves}:
            seen = {world.as_seen(m, spedito.id, nodo) for m in world.members.values()}
            assert seen == {situation(spedito, halves.get(nodo or ""), nodo)}, (spedito.id, nodo, seen)
        now, half = overall(spedito, halves)
        final = spedito.stadio in ("archiviato", "annullato", "reindirizzato")
        assert (now.tocca_a is None) == final, (spedito.id, now)
        assert (due(now, spedito, half, member.here.termini) is None) == final
        if spedito.stadio == "reindirizzato":
            assert member.state(invii.kind, spedito.successore) is not None, f"{spedito.id} leads nowhere"
