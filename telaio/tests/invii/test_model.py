"""The protocol under random histories of two to four services: crashes, delays, repeats, restored backups.

`GENERA_COLLAUDO=lungo` runs ten thousand histories; otherwise a few hundred.
"""

import os
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import pytest
from contratti import invii as c
from telaio.calendar import after_working_days
from telaio.here import Here
from telaio.invii.halves import invii, ricevuti
from telaio.invii.receiving import Accettazione, Rifiuto
from telaio.invii.sending import Annullamento, Conferma, Reindirizzamento, Richiesta

from .world import Member, World, check_always, check_quiet

HISTORIES = 10_000 if os.environ.get("GENERA_COLLAUDO") == "lungo" else 400
BLOCKS = 20
STEPS = 300
OFFERED = frozenset({"ascolto"})
PLACES = {
    "punti": Here(("punti/ama", "punti/comune"), OFFERED),  # a guest: both halves of an invio may be here
    "casa": Here(("casa/tenda",), OFFERED),
    "lavoro": Here(("lavoro/sorgente",), OFFERED),
    "giovani": Here(("giovani/nuvola",), OFFERED),
}
STADI = {
    "richiesto", "scaduto", "confermato", "revocato", "annullato", "reindirizzato", "archiviato", "accettato",
    "rifiutato", "ritirato", "in_corso", "sospeso", "concluso", "non_riuscito", "interrotto",
}  # fmt: skip
INVII = [str(UUID(int=n)) for n in range(1, 4)]


class Chance:
    """One random history."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        names = list(PLACES)[: self.random.randint(2, 4)]
        self.world = World({n: PLACES[n] for n in names}, date(2016, 3, 21))
        self.steps: list[str] = []

    def run(self) -> None:
        actions: list[tuple[int, Callable[[], None]]] = [
            (12, self.deliver), (self.random.choice([2, 6]), self.ship), (3, self.clerk), (2, self.sender),
            (12, self.receiver), (1, self.ask), (1, self.tick), (self.random.choice([0, 1, 5]), self.crash),
        ]  # fmt: skip
        self.ask()
        for _ in range(STEPS):
            self.random.choices([a for _, a in actions], [w for w, _ in actions])[0]()
            check_always(self.world)
        self.world.quiet()
        check_always(self.world)
        check_quiet(self.world)

    def member(self) -> Member:
        return self.random.choice(list(self.world.members.values()))

    def ask(self) -> None:
        member, id = self.member(), self.random.choice(INVII)
        if any(m.state(invii.kind, id) for m in self.world.members.values() if m is not member):
            return  # ids are made by who asks: two services never make the same
        nodes = [n for m in self.world.members.values() for n in m.here.nodi]
        asked = Richiesta.model_validate(
            {
                "avvenuto_il": self.world.today, "a": self.random.choice([None, *nodes]), "prestazione": "ascolto",
                "persona": "p-aaaaaa", "comune": "017113", "da": self.random.choice([None, *member.here.nodi]),
                "segue": self.random.choice([None, *(s for s in member.subjects(invii.kind) if s != id)]),
            }
        )  # fmt: skip
        self.note("ask", id, self.world.command(member, invii.kind, id, "richiesta", asked))

    def sender(self) -> None:
        member, today = self.member(), self.world.today
        nodes = [None, *(n for m in self.world.members.values() for n in m.here.nodi)]
        commands: list[tuple[str, Any]] = [
            ("conferma", Conferma(avvenuto_il=today)),
            ("annullamento", Annullamento(avvenuto_il=today, motivo="altro")),
            ("reindirizzamento", Reindirizzamento(avvenuto_il=today, a=self.random.choice(nodes))),
            ("archiviazione", c.InvioArchiviato(avvenuto_il=today)),
        ]
        mine = member.subjects(invii.kind)
        if mine:
            id = self.random.choice(mine)
            name, command = self.random.choices(commands, [3, 1, 3, 1])[0]
            self.note(name, id, self.world.command(member, invii.kind, id, name, command))

    def receiver(self) -> None:
        member, today = self.member(), self.world.today
        da = self.random.choice([None, *member.here.nodi])
        commands: list[tuple[str, Any]] = [
            ("accettazione", Accettazione(avvenuto_il=today, da=da)),
            ("rifiuto", Rifiuto(avvenuto_il=today, da=da, motivo="altro")),
            ("presa-in-carico", c.InvioPresoInCarico(avvenuto_il=today)),
            ("sospensione", c.InvioSospeso(avvenuto_il=today, motivo="altro")),
            ("ripresa", c.InvioRipreso(avvenuto_il=today)),
            ("conclusione", c.InvioConcluso(avvenuto_il=today, esito="altro")),
            ("non-riuscita", c.InvioNonRiuscito(avvenuto_il=today, motivo="altro")),
            ("annullamento", Annullamento(avvenuto_il=today, motivo="altro")),
        ]
        known = sorted({id for m in self.world.members.values() for id in m.subjects(invii.kind)})
        id = self.random.choice(known or INVII)
        name, command = self.random.choices(commands, [8, 2, 6, 1, 2, 1, 2, 2])[0]
        self.note(name, id, self.world.command(member, ricevuti.kind, id, name, command))

    def clerk(self) -> None:
        self.note("clerk", "", self.world.clerk(self.member()))

    def ship(self) -> None:
        for _ in range(self.random.randint(1, 3)):
            self.world.ship(self.member())

    def deliver(self) -> None:
        waiting = list(self.world.deliveries())
        if waiting:
            self.world.deliver(*self.random.choice(waiting))

    def tick(self) -> None:
        self.world.today = after_working_days(self.world.today, self.random.randint(1, 3))

    def crash(self) -> None:
        """Mostly nothing is lost, for everything is in the database; sometimes the database is, and a backup is old."""
        if self.random.random() < 0.5:
            member = self.member()
            self.world.restore(member)
            self.note("restore", member.name, True)

    def note(self, what: str, id: str, done: bool) -> None:
        if done:
            self.steps.append(f"{what} {id[-2:]}")


@pytest.mark.parametrize("block", range(BLOCKS))
def test_whatever_happens_nobody_is_lost_and_nobody_has_two_receivers(block: int) -> None:
    for seed in range(block * HISTORIES // BLOCKS, (block + 1) * HISTORIES // BLOCKS):
        chance = Chance(seed)
        try:
            chance.run()
        except AssertionError as broken:
            broken.add_note(f"seed {seed}: {', '.join(chance.steps)}")
            raise


def test_the_histories_reach_every_state_of_the_protocol() -> None:
    """Told by as many of them as it takes: what each must keep is asked of all above."""
    to_reach = set(STADI)
    for seed in range(HISTORIES):
        chance = Chance(seed)
        chance.run()
        for _, spedito in chance.world.sent():
            to_reach -= {spedito.stadio, *(half.stadio for half in chance.world.received(spedito.id).values())}
        if not to_reach:
            return
    pytest.fail(f"never reached: {sorted(to_reach)}")
